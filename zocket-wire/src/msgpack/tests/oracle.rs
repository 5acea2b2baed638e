//! Random values, with an independent implementation of MessagePack as the oracle.

use proptest::prelude::*;
use rmpv::{Integer, Value as Packed};
use serde_json::{Map, Number, Value};

use super::super::{DecodeError, error::Fault, from_json, to_json};

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0..64_u32, any::<bool>())
            .prop_map(|(bit, less)| Value::from((1_u64 << bit).wrapping_sub(less.into()))),
        (0..64_u32, any::<bool>())
            .prop_map(|(bit, less)| Value::from((-1_i64 << bit).wrapping_sub(less.into()))),
        any::<f64>().prop_filter_map("finite", |n| Number::from_f64(n).map(Value::from)),
        any::<f32>().prop_filter_map("finite", |n| Number::from_f64(n.into()).map(Value::from)),
        any::<String>().prop_map(Value::from),
        "[\\x00-\\x1f\"\\\\a-z]{0,40}".prop_map(Value::from),
        prop::sample::select(vec![31, 32, 255, 256]).prop_map(|n| Value::from("é".repeat(n))),
    ];
    leaf.prop_recursive(5, 60, 20, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..20).prop_map(Value::from),
            prop::collection::vec(("[a-z\"\\n]{0,6}", inner), 0..20)
                .prop_map(|members| Value::from(members.into_iter().collect::<Map<String, Value>>())),
        ]
    })
}

/// The value as the oracle holds it, in the forms that this module promises.
fn expected(value: &Value) -> Packed {
    match value {
        Value::Null => Packed::Nil,
        Value::Bool(value) => Packed::Boolean(*value),
        Value::Number(n) => match (n.as_u64(), n.as_i64(), n.as_f64()) {
            (Some(n), _, _) => Packed::Integer(n.into()),
            (_, Some(n), _) => Packed::Integer(n.into()),
            (_, _, Some(n)) if f64::from(n as f32).to_bits() == n.to_bits() => Packed::F32(n as f32),
            (_, _, n) => Packed::F64(n.unwrap()),
        },
        Value::String(text) => Packed::from(text.as_str()),
        Value::Array(items) => Packed::Array(items.iter().map(expected).collect()),
        Value::Object(members) => Packed::Map(
            members.iter().map(|(key, value)| (Packed::from(key.as_str()), expected(value))).collect(),
        ),
    }
}

/// Anything that the oracle can write.
fn packed() -> impl Strategy<Value = Packed> {
    let leaf = prop_oneof![
        Just(Packed::Nil),
        any::<bool>().prop_map(Packed::from),
        any::<u64>().prop_map(Packed::from),
        any::<i64>().prop_map(Packed::from),
        any::<f32>().prop_map(Packed::F32),
        any::<f64>().prop_map(Packed::F64),
        any::<String>().prop_map(Packed::from),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Packed::Binary),
        (0..4_i8, "[0-9]{1,20}").prop_map(|(kind, text)| Packed::Ext(kind, text.into_bytes())),
    ];
    leaf.prop_recursive(4, 40, 8, |inner| {
        let key = prop_oneof![30 => "[a-z]{0,4}".prop_map(Packed::from), 1 => inner.clone()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Packed::Array),
            prop::collection::vec((key, inner), 0..8).prop_map(Packed::Map),
        ]
    })
}

/// What the value is in JSON, as `serde_json` would write it; or why it is nothing.
fn in_json(value: &Packed) -> Result<String, Fault> {
    Ok(match value {
        Packed::Nil => "null".to_owned(),
        Packed::Boolean(value) => value.to_string(),
        Packed::Integer(n) => integer(*n),
        Packed::F32(n) => return in_json(&Packed::F64((*n).into())),
        Packed::F64(n) if !n.is_finite() => return Err(Fault::NotFinite),
        Packed::F64(n) => Value::from(*n).to_string(),
        Packed::String(text) => Value::from(text.as_str().unwrap()).to_string(),
        Packed::Binary(bytes) => Value::from(bytes.clone()).to_string(),
        Packed::Ext(1, text) if text[0] != b'0' || text.len() == 1 => {
            String::from_utf8(text.clone()).unwrap()
        }
        Packed::Ext(1, _) => return Err(Fault::NumberExtension),
        Packed::Ext(..) => return Err(Fault::Extension),
        Packed::Array(items) => {
            let items: Result<Vec<String>, _> = items.iter().map(in_json).collect();
            format!("[{}]", items?.join(","))
        }
        Packed::Map(members) => {
            let mut texts = Vec::new();
            for (key, value) in members {
                if !key.is_str() {
                    return Err(Fault::KeyNotAString);
                }
                texts.push(format!("{}:{}", in_json(key)?, in_json(value)?));
            }
            format!("{{{}}}", texts.join(","))
        }
    })
}

fn integer(n: Integer) -> String {
    n.as_u64().map_or_else(|| n.as_i64().unwrap().to_string(), |n| n.to_string())
}

/// Equal as texts, but for how a number is written: all of these read back as the same `f64`.
fn same(mut a: &str, mut b: &str) -> bool {
    let is_number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    loop {
        let common = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
        if common == a.len() && common == b.len() {
            return true;
        }
        // Back to the beginning of the number in which they part.
        let begin =
            a.as_bytes()[..common].iter().rposition(|c| !is_number((*c).into())).map_or(0, |at| at + 1);
        let end =
            |text: &str| text.bytes().skip(begin).take_while(|c| is_number((*c).into())).count() + begin;
        let number = |text: &str| text.get(begin..end(text))?.parse::<f64>().ok().map(f64::to_bits);
        if number(a).is_none() || number(a) != number(b) {
            return false;
        }
        (a, b) = (&a[end(a)..], &b[end(b)..]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_oracle_reads_what_is_written_and_would_write_the_same(value in json()) {
        let mut message = Vec::new();
        from_json(&value.to_string(), &mut message).unwrap();
        let expected = expected(&value);
        let mut rest = &message[..];
        prop_assert_eq!(&rmpv::decode::read_value(&mut rest).unwrap(), &expected);
        prop_assert!(rest.is_empty());
        let mut theirs = Vec::new();
        rmpv::encode::write_value(&mut theirs, &expected).unwrap();
        prop_assert_eq!(&message, &theirs);

        let mut json = String::new();
        to_json(&message, &mut json, usize::MAX).unwrap();
        prop_assert!(same(&json, &value.to_string()), "{} {}", json, value);
    }

    #[test]
    fn what_the_oracle_writes_is_read(value in packed()) {
        let mut message = Vec::new();
        rmpv::encode::write_value(&mut message, &value).unwrap();
        let mut json = String::new();
        let read = to_json(&message, &mut json, usize::MAX);
        match (read, in_json(&value)) {
            (Ok(()), Ok(expected)) => prop_assert!(same(&json, &expected), "{} {}", json, expected),
            (Err(DecodeError::Invalid { fault, .. }), Err(expected)) => prop_assert_eq!(fault, expected),
            (read, expected) => prop_assert!(false, "{:?} {:?}", read, expected),
        }
        // All but the whole of it is cut short, or refused for what comes before the cut.
        for end in 0..message.len() {
            prop_assert!(to_json(&message[..end], &mut String::new(), usize::MAX).is_err());
        }
    }
}
