//! What is taken and what is refused, rule by rule.

#![allow(dead_code, reason = "types that are read, never used")]

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU8;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{Cursor, ErrorKind, ParseError, from_str};

fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Option<T> {
    from_str(text).ok().map(|parsed| parsed.value)
}

fn keyword<'de, T: Deserialize<'de>>(text: &'de str) -> &'static str {
    match from_str::<T>(text) {
        Err(ParseError { kind: ErrorKind::Data { keyword }, .. }) => keyword,
        Err(ParseError { kind: ErrorKind::Syntax { .. }, .. }) => "syntax",
        Ok(_) => "accepted",
    }
}

#[derive(Deserialize, Debug, PartialEq)]
struct Point {
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
fn an_integer_is_a_number_without_a_fraction_however_written() {
    for text in ["10", "10.0", "1e1", "1.0e+1", "100E-1", "10.000000000000000000000000000000"] {
        assert_eq!(read::<u8>(text), Some(10), "{text}");
        assert_eq!(read::<i64>(text), Some(10), "{text}");
    }
    for text in ["1.5", "15e-1", "1e-400", "0.99999999999999999999999999"] {
        assert_eq!(keyword::<i64>(text), "type", "{text}");
    }
    for text in ["-0", "-0.0", "0e999999999999999999999", "0.00"] {
        assert_eq!(read::<u8>(text), Some(0), "{text}");
    }
    assert_eq!(read::<u64>("9007199254740993.0"), Some(9_007_199_254_740_993));
}

#[test]
fn integers_are_exact_up_to_their_bounds_and_refused_beyond() {
    assert_eq!(read("255"), Some(255_u8));
    assert_eq!(keyword::<u8>("256"), "maximum");
    assert_eq!(keyword::<u8>("-1"), "minimum");
    assert_eq!(read("-128"), Some(-128_i8));
    assert_eq!(keyword::<i8>("-129"), "minimum");
    assert_eq!(read("18446744073709551615"), Some(u64::MAX));
    assert_eq!(keyword::<u64>("18446744073709551616"), "maximum");
    assert_eq!(read("-9223372036854775808"), Some(i64::MIN));
    assert_eq!(keyword::<i64>("-9223372036854775809"), "minimum");
    assert_eq!(read("9223372036854775807"), Some(i64::MAX));
    assert_eq!(keyword::<i64>("9223372036854775808"), "maximum");
    assert_eq!(read(&i128::MIN.to_string()), Some(i128::MIN));
    assert_eq!(read(&u128::MAX.to_string()), Some(u128::MAX));
    assert_eq!(keyword::<u128>("340282366920938463463374607431768211456"), "maximum");
    assert_eq!(keyword::<i128>("-170141183460469231731687303715884105729"), "minimum");
    assert_eq!(keyword::<i64>("1e999999999999999999999"), "maximum");
    assert_eq!(keyword::<i64>("-1e400"), "minimum");
    assert_eq!(keyword::<NonZeroU8>("0"), "not");
}

#[test]
fn floats_are_the_nearest_and_never_infinite() {
    for text in
        ["0.1", "1e23", "123456789012345678901234567890", "2.2250738585072011e-308", "5e-324", "-1.5E-7", "4"]
    {
        assert_eq!(read::<f64>(text), Some(text.parse().unwrap()), "{text}");
    }
    assert!(read::<f64>("-0").unwrap().is_sign_negative());
    assert_eq!(keyword::<f64>("1e400"), "maximum");
    assert_eq!(keyword::<f64>("-1e400"), "minimum");
    assert_eq!(read("3.4028234663852886e38"), Some(f32::MAX));
    assert_eq!(keyword::<f32>("3.5e38"), "maximum");
    assert_eq!(keyword::<f32>("-3.5e38"), "minimum");
}

#[test]
fn numbers_that_json_does_not_know_are_refused() {
    for text in [
        "01",
        "-01",
        "+1",
        ".5",
        "1.",
        "1.e1",
        "1e",
        "1e+",
        "-",
        "NaN",
        "Infinity",
        "-Infinity",
        "0x1",
        "1_0",
        "00.5",
    ] {
        assert_eq!(keyword::<Value>(text), "syntax", "{text}");
        assert!(
            Cursor::new(text).skip_value(0).is_err() || text.starts_with("0x") || text.starts_with("1_"),
            "{text}"
        );
    }
}

#[test]
fn strings_are_borrowed_where_they_hold_no_escape() {
    assert_eq!(read::<&str>(r#""grüße 🦀, a longer text""#), Some("grüße 🦀, a longer text"));
    assert_eq!(read::<&str>(r#""a\n""#), None);
    assert_eq!(read::<Cow<'_, str>>(r#""a\n""#).as_deref(), Some("a\n"));
    assert_eq!(read::<HashMap<&str, &str>>(r#"{"a":"b"}"#).unwrap()["a"], "b");
}

#[test]
fn escapes_are_the_eight_of_json_and_whole_code_points() {
    let text = r#""\"\\\/\b\f\n\r\t\u0000\u00e9\ud83e\udd80 end""#;
    assert_eq!(read::<String>(text).as_deref(), Some("\"\\/\u{8}\u{c}\n\r\t\0é🦀 end"));
    for inside in [
        r"\x",
        r"\u12",
        r"\u+123",
        r"\uzzzz",
        r"\ud83e",
        r"\udd80",
        r"\ud83e\ud83e",
        r"\ud83e\n",
        r"\ud83ex",
        r"\u00é",
        r"\",
        r"\ud83e\udd8",
        r"\U0041",
        r"\é",
    ] {
        let text = format!("\"{inside}\"");
        assert_eq!(keyword::<String>(&text), "syntax", "{text}");
        assert!(Cursor::new(&text).skip_value(0).is_err(), "{text}");
    }
}

#[test]
fn control_characters_must_be_escaped_wherever_they_stand() {
    for control in (0..0x20).map(char::from) {
        for before in 0..18 {
            let text = format!(
                "\"{}{control}and then some more\"",
                "é".repeat(before / 2) + &"x".repeat(before % 2)
            );
            assert_eq!(keyword::<String>(&text), "syntax", "{text:?}");
        }
    }
    assert_eq!(read::<String>("\"\u{7f}\u{80}\"").as_deref(), Some("\u{7f}\u{80}"));
}

#[test]
fn a_string_ends_at_its_first_bare_quote_whatever_its_length() {
    for length in 0..40 {
        let inside = "~".repeat(length);
        let text = format!("[\"{inside}\",\"\\\"{inside}\"]");
        let read: Vec<String> = read(&text).unwrap();
        assert_eq!(read, [inside.clone(), format!("\"{inside}")]);
        assert_eq!(keyword::<String>(&format!("\"{inside}")), "syntax");
        assert_eq!(keyword::<String>(&format!("\"{inside}\\\"")), "syntax");
    }
}

#[test]
fn the_text_is_one_value_with_white_space_around() {
    assert_eq!(read(" \t\r\n[ 1 , 2 ] \n"), Some(vec![1, 2]));
    assert_eq!(read(" { } "), Some(BTreeMap::<String, i32>::new()));
    for text in [
        "",
        " ",
        "1 2",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\":1,}",
        "{,}",
        "{\"a\" 1}",
        "{a:1}",
        "[1}",
        "\u{feff}1",
        "[1]]",
        "\u{a0}1",
        "tru",
        "nulll",
        "{\"a\":}",
    ] {
        assert_eq!(keyword::<Value>(text), "syntax", "{text:?}");
    }
}

#[test]
fn nesting_is_bounded_for_values_that_are_kept_and_for_those_that_are_skipped() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        assert!(from_str::<Value>(&nested(128)).is_ok());
        assert_eq!(keyword::<Value>(&nested(129)), "syntax");
        assert!(from_str::<serde::de::IgnoredAny>(&nested(128)).is_ok());
        assert_eq!(keyword::<serde::de::IgnoredAny>(&nested(129)), "syntax");
        assert_eq!(keyword::<Value>(&open.repeat(100_000)), "syntax");
        let skipped = |depth: usize| format!(r#"{{"x":1,"y":2,"z":{}}}"#, nested(depth));
        assert!(from_str::<Point>(&skipped(127)).is_ok());
        assert_eq!(keyword::<Point>(&skipped(128)), "syntax");
    }
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
    /// Takes what it cannot read for nothing.
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
