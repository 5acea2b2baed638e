//! Types of every kind: what is accepted and what is rejected, rule by rule.

#![allow(dead_code, reason = "types that are read, never used")]

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{ErrorKind, ParseError, from_str};

pub(super) fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Option<T> {
    from_str(text).ok().map(|parsed| parsed.value)
}

pub(super) fn keyword<'de, T: Deserialize<'de>>(text: &'de str) -> &'static str {
    match from_str::<T>(text) {
        Err(ParseError { kind: ErrorKind::Data { keyword }, .. }) => keyword,
        Err(ParseError { kind: ErrorKind::Syntax { .. } | ErrorKind::TooDeep { .. }, .. }) => "syntax",
        Ok(_) => "accepted",
    }
}

#[derive(Deserialize, Debug, PartialEq)]
pub(super) struct Point {
    x: i32,
    y: i32,
}

#[derive(Deserialize, Debug, PartialEq)]
enum Shape {
    Empty,
    Circle(f64),
    Line(i32, i32),
    Dot { x: i32 },
}

#[test]
fn a_struct_is_an_object_and_never_an_array() {
    assert_eq!(read(r#"{"y":2,"x":1}"#), Some(Point { x: 1, y: 2 }));
    assert_eq!(keyword::<Point>("[1,2]"), "type");
    assert_eq!(keyword::<Shape>(r#"{"Dot":[1]}"#), "type");
}

#[test]
fn variants_have_one_spelling_each() {
    assert_eq!(read(r#""Empty""#), Some(Shape::Empty));
    assert_eq!(read(r#""\u0045mpty""#), Some(Shape::Empty));
    assert_eq!(read(r#"{"Circle":2}"#), Some(Shape::Circle(2.0)));
    assert_eq!(read(r#"{"Line":[1,2]}"#), Some(Shape::Line(1, 2)));
    assert_eq!(read(r#"{"Dot":{"x":1}}"#), Some(Shape::Dot { x: 1 }));
    assert_eq!(keyword::<Shape>(r#"{"Empty":null}"#), "type");
    assert_eq!(keyword::<Shape>(r#""Circle""#), "type");
    assert_eq!(keyword::<Shape>(r#""Square""#), "enum");
    assert_eq!(keyword::<Shape>("{}"), "minProperties");
    assert_eq!(keyword::<Shape>(r#"{"Circle":2,"Dot":{"x":1}}"#), "maxProperties");
    assert_eq!(keyword::<Shape>(r#"{"Circle":2"#), "syntax");
    assert_eq!(keyword::<Shape>("1"), "type");
}

#[test]
fn required_unknown_and_duplicate_properties_have_their_keywords() {
    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Closed {
        #[serde(rename = "the name")]
        _name: Option<u8>,
    }
    assert_eq!(keyword::<Point>(r#"{"x":1}"#), "required");
    assert_eq!(keyword::<Point>(r#"{"x":1,"y":1,"x":1}"#), "duplicate");
    assert_eq!(keyword::<Point>(r#"{"x":1,"y":1,"z":1}"#), "accepted");
    assert_eq!(keyword::<Closed>(r#"{"the name":1,"other":1}"#), "additionalProperties");
    assert_eq!(keyword::<Closed>("{}"), "accepted");
}

#[test]
fn tuples_have_their_length() {
    assert_eq!(read("[1,\"a\"]"), Some((1, "a")));
    assert_eq!(keyword::<(i32, i32)>("[1]"), "minItems");
    assert_eq!(keyword::<(i32, i32)>("[1,2,3]"), "maxItems");
    assert_eq!(keyword::<(i32, i32)>("[1,2"), "syntax");
    assert_eq!(read("[]"), Some([0_u8; 0]));
    assert_eq!(keyword::<[u8; 2]>("[1,2,3]"), "maxItems");
}

#[test]
fn null_is_none_and_unit() {
    #[derive(Deserialize, Debug, PartialEq)]
    struct Unit;
    #[derive(Deserialize, Debug, PartialEq)]
    struct Wrapped(Option<i32>);
    assert_eq!(read("null"), Some(None::<i32>));
    assert_eq!(read("1"), Some(Some(1)));
    assert_eq!(read("null"), Some(()));
    assert_eq!(read("null"), Some(Unit));
    assert_eq!(read("null"), Some(Wrapped(None)));
    assert_eq!(keyword::<()>("0"), "type");
    assert_eq!(keyword::<Unit>("[]"), "type");
}

#[test]
fn chars_are_one_code_point() {
    assert_eq!(read("\"🦀\""), Some('🦀'));
    assert_eq!(read(r#""\n""#), Some('\n'));
    assert_eq!(keyword::<char>("\"\""), "minLength");
    assert_eq!(keyword::<char>("\"ab\""), "maxLength");
}

#[test]
fn keys_of_maps_may_be_numbers_booleans_and_variants() {
    #[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord, Debug)]
    enum Side {
        Left,
        #[serde(rename = "r\"")]
        Right,
    }
    assert_eq!(read(r#"{"-1":"a","2":"b"}"#), Some(BTreeMap::from([(-1, "a"), (2, "b")])));
    assert_eq!(read(r#"{"true":1}"#), Some(BTreeMap::from([(true, 1)])));
    assert_eq!(read(r#"{"Left":1,"r\"":2}"#), Some(BTreeMap::from([(Side::Left, 1), (Side::Right, 2)])));
    assert_eq!(read(r#"{"é":1}"#), Some(BTreeMap::from([('é', 1)])));
    for key in ["01", "-0", "+1", " 1", "1 ", "", "1.0", "1e0", "300", "true"] {
        let text = format!("{{\"{key}\":1}}");
        assert_eq!(keyword::<BTreeMap<u8, i32>>(&text), "propertyNames", "{text}");
    }
    assert_eq!(keyword::<BTreeMap<bool, i32>>(r#"{"True":1}"#), "propertyNames");
}

#[test]
fn bytes_are_a_string_or_an_array_of_numbers() {
    struct Bytes(Vec<u8>);
    impl<'de> Deserialize<'de> for Bytes {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Visitor;
            impl<'de> serde::de::Visitor<'de> for Visitor {
                type Value = Bytes;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("bytes")
                }
                fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                    Ok(Bytes(bytes.to_vec()))
                }
                fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Bytes, A::Error> {
                    let mut bytes = Vec::new();
                    while let Some(byte) = seq.next_element()? {
                        bytes.push(byte);
                    }
                    Ok(Bytes(bytes))
                }
            }
            deserializer.deserialize_bytes(Visitor)
        }
    }
    for text in ["\"ab\"", "\"\\u0061b\"", "[97,98]"] {
        let parsed = from_str::<Bytes>(text).unwrap();
        assert_eq!(parsed.value.0, b"ab", "{text}");
        assert!(parsed.buffered, "which of the two the schema admits is not known here");
    }
}

#[test]
fn any_value_reads_as_itself_with_integral_floats_as_integers() {
    let text = r#"{"a":[1,-2,1.5,2.0,1e3,null,true,"x\n"],"b":{}}"#;
    let parsed = from_str::<Value>(text).unwrap();
    assert_eq!(parsed.value, json!({"a": [1, -2, 1.5, 2, 1000, null, true, "x\n"], "b": {}}));
    assert!(parsed.buffered);
}

#[test]
fn whatever_serde_buffers_is_reported() {
    #[derive(Deserialize)]
    #[serde(tag = "kind")]
    enum Internal {
        A { _n: u8 },
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        _Number(i32),
        _Point(Point),
    }
    #[derive(Deserialize)]
    struct Flat {
        _own: i32,
        #[serde(flatten)]
        _rest: HashMap<String, i32>,
    }
    #[derive(Deserialize)]
    #[serde(tag = "t", content = "c")]
    enum Adjacent {
        _A(u8),
    }
    let buffered = |result: Result<bool, ParseError>| result.unwrap();
    assert!(buffered(from_str::<Internal>(r#"{"kind":"A","_n":1}"#).map(|p| p.buffered)));
    assert!(buffered(from_str::<Untagged>("1.0").map(|p| p.buffered)));
    assert!(
        buffered(from_str::<Untagged>("[1,2]").map(|p| p.buffered)),
        "an array for a struct: the schema refuses it"
    );
    assert!(buffered(from_str::<Flat>(r#"{"_own":1,"b":2}"#).map(|p| p.buffered)));
    assert!(!buffered(from_str::<Flat>(r#"{"_own":1}"#).map(|p| p.buffered)));
    assert!(!buffered(from_str::<Adjacent>(r#"{"t":"_A","c":1}"#).map(|p| p.buffered)));
    assert!(buffered(from_str::<Adjacent>(r#"{"c":1,"t":"_A"}"#).map(|p| p.buffered)));
    assert!(!buffered(from_str::<Point>(r#"{"x":1,"y":2,"skipped":[{}]}"#).map(|p| p.buffered)));
}

#[test]
fn a_type_that_swallows_errors_does_not_make_a_cut_text_whole() {
    /// Treats what it cannot read as absent.
    struct Lenient(Option<Vec<u8>>);
    impl<'de> Deserialize<'de> for Lenient {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Ok(Self(Vec::deserialize(deserializer).ok()))
        }
    }
    assert_eq!(read::<Lenient>("[1,2]").and_then(|read| read.0), Some(vec![1, 2]));
    for text in ["[", "[1", "[1,", "[1,2", "[1,x]", "[[1]]", "\"a", "{", "-"] {
        assert!(read::<Lenient>(text).is_none(), "{text}");
    }
}
