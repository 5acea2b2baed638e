//! Serialization, with serde_json as the oracle: the same bytes, or an error from both.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{
    super::{append, from_str},
    oracle::{json, typed},
};

#[track_caller]
fn same<T: Serialize + ?Sized>(value: &T) {
    let (mut ours, theirs) = (b"before".to_vec(), serde_json::to_string(value));
    match (append(&mut ours, value), theirs) {
        (Ok(()), Ok(theirs)) => {
            assert_eq!(String::from_utf8_lossy(&ours), format!("before{theirs}"));
        }
        (ours, theirs) => {
            assert_eq!(ours.map_err(|e| e.to_string()), theirs.map(drop).map_err(|e| e.to_string()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_value(text in json()) {
        same(&from_str::<Value>(&text).unwrap().value);
    }

    #[test]
    fn a_typed_value(value in typed()) {
        same(&value);
    }

    #[test]
    fn any_string(text: String, ascii in "[ -~\t\n\"\\\\]{0,200}") {
        same(&text);
        same(&ascii);
        same(&format_args!("{text}{ascii}{text}"));
    }

    #[test]
    fn any_number(a: i128, b: u128, c: i64, d: f64, e: f32, f: u8) {
        same(&(a, b, c, d, e, f));
        same(&BTreeMap::from([(a, ())]));
    }
}

#[test]
fn every_character_is_escaped_alike_wherever_it_stands() {
    for c in (0..0x250).chain([0x2028, 0xffff, 0x1f600]).filter_map(char::from_u32) {
        for before in [0, 1, 7, 8, 31, 32, 40, 100] {
            same(&format!("{}{c}{c}after", "x".repeat(before)));
        }
        same(&c);
    }
}

#[derive(Serialize)]
struct Unit;

#[derive(Serialize)]
struct New(u8);

#[derive(Serialize)]
struct Two(u8, Unit);

#[derive(Serialize)]
enum Kind {
    #[serde(rename = "a \"unit\"")]
    Unit,
    New(u8),
    #[serde(rename = "\n")]
    Two(u8, u8),
    Fields {
        #[serde(rename = "\\")]
        a: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        b: Option<u8>,
    },
    NoField {},
}

struct Bytes(&'static [u8]);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

#[test]
fn every_shape() {
    let kinds = [
        Kind::Unit,
        Kind::New(1),
        Kind::Two(2, 3),
        Kind::Fields { a: 4, b: Some(5) },
        Kind::Fields { a: 4, b: None },
        Kind::NoField {},
    ];
    same(&kinds);
    same(&(Unit, New(1), Two(2, Unit), (), Bytes(&[]), Bytes(&[0, 255])));
    same(&(Some(Some(1)), None::<u8>, Some(()), [(); 0], [[1], [2]]));
    same(&[-0.0, 1.0, 1e300, 5e-324]);
    same(&[0.1, f32::MAX]);
    same(&(true, false, 'x', '"'));
}

#[track_caller]
fn keyed<T: Serialize>(keys: impl IntoIterator<Item = T>) {
    struct Map<T>(Vec<T>);
    impl<T: Serialize> Serialize for Map<T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.0.iter().map(|key| (key, 1)))
        }
    }
    same(&Map(keys.into_iter().collect()));
}

#[test]
fn keys_are_strings_numbers_or_booleans() {
    keyed(["", "a\"b", "c"]);
    keyed(['x', '\\']);
    keyed([-1, 0, i128::MAX]);
    keyed([true, false]);
    keyed([1.5, -0.25]);
    keyed([0.1_f32]);
    keyed([Some(1)]);
    keyed([Kind::Unit]);
    keyed([None::<u8>]);
    keyed([()]);
    keyed([(1, 2)]);
    keyed([vec![1]]);
    for kind in [Kind::New(1), Kind::Two(1, 2), Kind::NoField {}] {
        keyed([kind]);
    }
    keyed([[Some(1)]]);
    keyed([BTreeMap::from([(1, 1)])]);
}

/// As serde_json writes its `RawValue`.
#[derive(Serialize)]
#[serde(rename = "$serde_json::private::RawValue")]
struct Raw {
    #[serde(rename = "$serde_json::private::RawValue")]
    text: &'static str,
}

#[test]
fn a_raw_value_is_written_as_it_is() {
    let mut out = Vec::new();
    append(&mut out, &[Raw { text: "{ \"a\" : 1e2 }" }]).unwrap();
    assert_eq!(out, b"[{ \"a\" : 1e2 }]");
}

#[test]
fn a_display_that_fails_is_an_error() {
    struct Fails;
    impl std::fmt::Display for Fails {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            Err(std::fmt::Error)
        }
    }
    impl Serialize for Fails {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(self)
        }
    }
    let error = append(&mut Vec::new(), &Fails).unwrap_err();
    assert_eq!(error.to_string(), "a value's Display has failed");
}

#[test]
fn a_float_that_is_no_number_is_an_error_wherever_it_stands() {
    fn refused<T: Serialize>(value: &T) {
        let error = append(&mut Vec::new(), value).unwrap_err().to_string();
        assert!(error.contains("a float is NaN or infinite"), "{error}");
        assert!(error.contains("help: "), "{error}");
    }
    refused(&f64::NAN);
    refused(&f64::INFINITY);
    refused(&f32::NEG_INFINITY);
    refused(&[Some(1.0), Some(f32::NAN), None]);
    refused(&(1, Kind::New(1), [("a", f64::NEG_INFINITY)]));
    refused(&std::collections::BTreeMap::from([(1, f64::NAN)]));
}
