//! Typed reading of JSON compared with serde_json, except for the intended differences; what was read is written
//! again.

use std::{collections::BTreeMap, fmt::Debug};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use zocket_wire::json::{ErrorKind, append, from_str};

use crate::{
    oracle::{MAX_DEPTH, Syntax, depth, syntax, unlimited},
    shapes::{Adjacent, Closed, Flat, Internal, Kind, Numbers, Tree, Typed, Untagged},
};

/// Reads `data`, its first byte apart, as the type that the first byte chooses.
///
/// # Panics
/// If our reader and serde_json differ in an unintended way.
pub fn run(data: &[u8]) {
    let Some((which, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    match which % 16 {
        0 => compare::<Value>(text),
        1 => compare::<Typed>(text),
        2 => compare::<Kind>(text),
        3 => compare::<Numbers>(text),
        4 => compare::<Closed>(text),
        5 => compare::<Internal>(text),
        6 => compare::<Adjacent>(text),
        7 => compare::<Untagged>(text),
        8 => compare::<Flat>(text),
        9 => compare::<Tree>(text),
        10 => compare::<BTreeMap<i32, bool>>(text),
        11 => compare::<BTreeMap<String, Option<char>>>(text),
        12 => compare::<Vec<Option<u64>>>(text),
        13 => compare::<(String, f64, ())>(text),
        14 => compare::<Option<Box<[i64; 2]>>>(text),
        _ => compare::<Vec<f32>>(text),
    }
}

fn compare<T: DeserializeOwned + Serialize + Debug + PartialEq>(text: &str) {
    let ours = from_str::<T>(text);
    if let Err(refused) = &ours {
        assert!(refused.path.is_empty() || refused.path.starts_with('/'), "{refused:?}");
        assert!(!matches!(refused.kind, ErrorKind::Syntax { offset } if offset > text.len()), "{refused:?}");
        assert!(!refused.message.is_empty());
    }
    if let Ok(ours) = &ours {
        let mut written = Vec::new();
        let written = append(&mut written, &ours.value).map(|()| written).map_err(|error| error.to_string());
        assert_eq!(written, serde_json::to_vec(&ours.value).map_err(|error| error.to_string()), "{text:?}");
    }
    match (ours, unlimited::<T>(text)) {
        (Err(_), Err(_)) => {}
        (Ok(ours), Ok(theirs)) if ours.value == theirs => {}
        // An integer that is spelled with a fraction or an exponent is one for us.
        (Ok(ours), _) => match from_str::<Value>(text) {
            Ok(tree) => {
                let respelled = serde_json::from_value::<T>(tree.value.clone()).ok();
                // So is a zero with a sign, which a tree keeps as a float.
                let respelled = respelled.or_else(|| serde_json::from_value(without_signed_zeros(tree.value)).ok());
                assert_eq!(Some(ours.value), respelled, "{text:?}");
            }
            // In what was skipped, there is a number that no tree holds.
            Err(_) => assert!(holds_huge_number(text), "taken, though it is no JSON: {text:?}"),
        },
        (Err(refused), Ok(_)) => {
            let is_meant = match syntax(text) {
                // serde_json does not look at the escapes in what it skips.
                Syntax::Not => matches!(refused.kind, ErrorKind::Syntax { .. } | ErrorKind::TooDeep { .. }),
                Syntax::HugeNumber | Syntax::Json(_) => match refused.kind {
                    ErrorKind::Syntax { .. } | ErrorKind::TooDeep { .. } => depth(text) > MAX_DEPTH,
                    ErrorKind::Data { keyword } => match keyword {
                        // A struct as an array, a unit variant as an object.
                        "type" => true,
                        // A name that is a second spelling of a number.
                        "propertyNames" => text.contains("-0"),
                        // An infinity would become of it.
                        "minimum" | "maximum" => holds_huge_number(text),
                        _ => false,
                    },
                },
            };
            assert!(is_meant, "refused, though serde_json takes it: {refused:?} {text:?}");
        }
    }
}

/// The same with each `-0.0` as the integer 0.
fn without_signed_zeros(value: Value) -> Value {
    match value {
        Value::Number(number) if number.as_f64() == Some(0.0) => 0.into(),
        Value::Array(items) => items.into_iter().map(without_signed_zeros).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name, without_signed_zeros(value))).collect()
        }
        other => other,
    }
}

/// Whether a number lies beyond `f32`.
fn holds_huge_number(text: &str) -> bool {
    fn any(value: &Value) -> bool {
        match value {
            Value::Number(number) => number.as_f64().is_some_and(|n| n.abs() > f64::from(f32::MAX)),
            Value::Array(items) => items.iter().any(any),
            Value::Object(members) => members.values().any(any),
            _ => false,
        }
    }
    match syntax(text) {
        Syntax::Json(value) => any(&value),
        Syntax::HugeNumber => true,
        Syntax::Not => false,
    }
}
