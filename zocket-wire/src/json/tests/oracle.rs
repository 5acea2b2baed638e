//! Random texts, with serde_json as the oracle wherever the two should agree.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use super::super::{Cursor, ErrorKind, from_str};

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        any::<u64>().prop_map(|n| n.to_string()),
        (-300..300_i32).prop_map(|n| n.to_string()),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(|n| format!("{n:e}")),
        "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,22})?([eE][+-]?[0-9]{1,2})?",
    ]
}

fn string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ !#-\\[\\]-~]{0,12}",
        1 => "[é€🦀\u{7f}-\u{9f}]{1,3}",
        1 => prop::sample::select(vec!["\\n", "\\\"", "\\\\", "\\/", "\\u0000", "\\u00e9", "\\uD83E\\uDD80", "\\b"])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn space() -> impl Strategy<Value = &'static str> + Clone {
    prop_oneof![4 => Just(""), 1 => Just(" "), 1 => Just("\n\t\r ")]
}

/// A JSON text, written in every way there is.
pub(super) fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        prop::sample::select(vec!["null", "true", "false", "[]", "{}"]).prop_map(str::to_owned),
        number(),
        string(),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let spaced =
            (space(), inner, space()).prop_map(|(before, value, after)| format!("{before}{value}{after}"));
        prop_oneof![
            prop::collection::vec(spaced.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((space(), string(), space(), spaced), 0..6).prop_map(|members| {
                let members: Vec<String> =
                    members.into_iter().map(|(a, key, b, value)| format!("{a}{key}{b}:{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

/// The text with some of its characters removed, doubled or replaced.
fn mutated(texts: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "9", "-", "+", ".", "e", "u", "t", " ", "\u{0}",
        "\u{1f}", "é", "\\ud800", "\\udc00", "null", "a",
    ]);
    (texts, prop::collection::vec((any::<prop::sample::Index>(), 0..3_u8, piece), 1..4)).prop_map(
        |(text, edits)| {
            let mut chars: Vec<String> = text.chars().map(String::from).collect();
            for (place, edit, piece) in edits {
                if chars.is_empty() {
                    break;
                }
                let place = place.index(chars.len());
                match edit {
                    0 => drop(chars.remove(place)),
                    1 => chars.insert(place, piece.to_owned()),
                    _ => chars[place] = piece.to_owned(),
                }
            }
            chars.concat()
        },
    )
}

/// The value with every float that is an integer written as one, but for `-0.0`: the one way in which our trees differ on
/// purpose.
fn normal(value: Value) -> Value {
    match value {
        Value::Number(number) => {
            let is_negative_zero = |f: f64| f == 0.0 && f.is_sign_negative();
            let float = number.as_f64().filter(|_| number.is_f64()).filter(|f| f.fract() == 0.0);
            let float = float.filter(|f| !is_negative_zero(*f));
            Value::Number(match float {
                Some(f) if f >= 0.0 && f < 2_f64.powi(64) => Number::from(f as u64),
                Some(f) if f < 0.0 && f >= -(2_f64.powi(63)) => Number::from(f as i64),
                Some(_) | None => number,
            })
        }
        Value::Array(items) => Value::Array(items.into_iter().map(normal).collect()),
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(key, value)| (key, normal(value))).collect::<Map<_, _>>())
        }
        other => other,
    }
}

/// Equal but for the last digit of floats, for which serde_json takes a shortcut by default.
fn close(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            a == b || (a - b).abs() <= a.abs() * 1e-15 || (a - b).abs() <= 1e-320
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && close(a, b))
        }
        (a, b) => a == b,
    }
}

fn skips(text: &str) -> bool {
    let mut cursor = Cursor::new(text);
    cursor.skip_value(0).and_then(|()| cursor.end()).is_ok()
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Typed {
    id: u32,
    small: Option<i8>,
    ratio: f64,
    name: String,
    tags: Vec<String>,
    pair: (u8, bool),
    kind: Kind,
    by_number: BTreeMap<i16, char>,
    nested: Option<Box<Typed>>,
    #[serde(default)]
    later: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Unit,
    New(String),
    Two(i32, i32),
    Fields { a: u8, b: Option<String> },
}

pub(super) fn typed() -> impl Strategy<Value = Typed> {
    let kind = prop_oneof![
        Just(Kind::Unit),
        any::<String>().prop_map(Kind::New),
        any::<(i32, i32)>().prop_map(|(a, b)| Kind::Two(a, b)),
        any::<(u8, Option<String>)>().prop_map(|(a, b)| Kind::Fields { a, b }),
    ];
    let flat = (
        any::<(u32, Option<i8>, i32, String, (u8, bool), u64)>(),
        prop::collection::vec(any::<String>(), 0..3),
        kind,
        prop::collection::btree_map(any::<i16>(), any::<char>(), 0..3),
    )
        .prop_map(|((id, small, ratio, name, pair, later), tags, kind, by_number)| {
            let ratio = f64::from(ratio) / 8.0;
            Typed { id, small, ratio, name, tags, pair, kind, by_number, nested: None, later }
        });
    flat.prop_recursive(3, 3, 1, |inner| {
        (inner.clone(), inner).prop_map(|(outer, inner)| Typed { nested: Some(Box::new(inner)), ..outer })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_json_reads_as_serde_json_reads_it(text in json()) {
        let theirs: Result<Value, _> = serde_json::from_str(&text);
        let ours = from_str::<Value>(&text);
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?}", ours);
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            prop_assert!(close(&normal(ours.value.clone()), &normal(theirs.clone())), "{} {}", ours.value, theirs);
        }
        prop_assert!(skips(&text));
    }

    #[test]
    fn damaged_json_is_refused_where_serde_json_refuses_it(text in mutated(json())) {
        let theirs: Result<Value, _> = serde_json::from_str(&text);
        let ours = from_str::<Value>(&text);
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?} {:?}", ours, theirs);
        // What is skipped is checked as strictly, but for numbers: they are not evaluated, so none is too large.
        let too_large = matches!(&ours, Err(error) if matches!(error.kind, ErrorKind::Data { .. }));
        prop_assert!(too_large || skips(&text) == ours.is_ok());
    }

    #[test]
    fn a_typed_value_survives(value in typed()) {
        let text = serde_json::to_string_pretty(&value).unwrap();
        let ours = from_str::<Typed>(&text);
        prop_assert_eq!(ours.map(|parsed| (parsed.value, parsed.buffered)), Ok((value, false)));
    }

    #[test]
    fn a_damaged_typed_value_is_refused_where_serde_json_refuses_it(
        text in mutated(typed().prop_map(|value| serde_json::to_string(&value).unwrap()))
    ) {
        let ours = from_str::<Typed>(&text);
        match (ours, serde_json::from_str::<Typed>(&text)) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours.value, theirs),
            (Err(_), Err(_)) => {}
            // A number that is an integer in all but its spelling.
            (Ok(ours), Err(_)) => {
                let respelled = from_str::<Value>(&text).unwrap().value;
                prop_assert_eq!(ours.value, serde_json::from_value(respelled).unwrap());
            }
            // serde_json does not look at the escapes in what it skips.
            (Err(_), Ok(_)) if serde_json::from_str::<Value>(&text).is_err() => {}
            // A struct as an array, a unit variant as an object.
            (Err(ours), Ok(_)) => prop_assert_eq!(ours.kind, ErrorKind::Data { keyword: "type" }),
        }
    }

    #[test]
    fn every_number_is_exact(integer in any::<u128>(), zeros in 0..10_usize, negative: bool) {
        let sign = if negative { "-" } else { "" };
        let digits = integer.to_string();
        let (all, point) = (digits.len(), digits.len() - 1);
        let spellings = [
            format!("{sign}{digits}"),
            format!("{sign}{digits}.{}", "0".repeat(zeros + 1)),
            format!("{sign}{}.{}e{point}", &digits[..1], if all > 1 { &digits[1..] } else { "0" }),
            format!("{sign}{digits}{}e-{zeros}", "0".repeat(zeros)),
        ];
        for text in spellings {
            if !negative {
                prop_assert_eq!(from_str::<u128>(&text).map(|p| p.value), Ok(integer), "{}", text);
                prop_assert_eq!(from_str::<u64>(&text).ok().map(|p| p.value), u64::try_from(integer).ok(), "{}", text);
            }
            let signed = i128::try_from(integer).ok().map(|n| if negative { -n } else { n });
            prop_assert_eq!(from_str::<i128>(&text).ok().map(|p| p.value), signed, "{}", text);
            prop_assert_eq!(from_str::<f64>(&text).unwrap().value, text.parse::<f64>().unwrap(), "{}", text);
        }
    }

    #[test]
    fn an_f32_is_the_nearest(
        integer in any::<u64>(), digits in 0..1_000_000_000_000_000_000_u64, scale in -50..40_i32, bits in any::<u32>(),
    ) {
        // As Rust's own reader has it, which goes by the digits.
        let exact = format!("{:e}", f32::from_bits(bits));
        for text in [integer.to_string(), format!("-{integer}.{digits}"), format!("0.{digits}e{scale}"), exact] {
            let nearest: f32 = text.parse().unwrap();
            if nearest.is_finite() {
                prop_assert_eq!(from_str::<f32>(&text).unwrap().value, nearest, "{}", text);
            }
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,64}", json in "[\\[\\]{}\",:0-9eE.+\\-\\\\ud8ctrfalsn ]{0,40}") {
        for text in [&text, &json] {
            let _ = from_str::<Value>(text);
            let _ = from_str::<Typed>(text);
            let _ = from_str::<BTreeMap<u8, Kind>>(text);
        }
    }
}
