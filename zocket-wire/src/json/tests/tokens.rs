//! Numbers, strings, and the text around them: what is accepted and what is rejected, rule by rule.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU8;

use serde_json::Value;

use super::super::{Cursor, from_str, from_str_with_integer_zeros};
use super::types::{Point, keyword, read};

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
fn an_f32_is_rounded_once() {
    // By way of an f64 the first becomes the neighbour of the nearest.
    for text in
        ["0.012114629615098238", "1.00000017881393432617187499", "7.0385307e-26", "16777217.0000000001"]
    {
        assert_eq!(read::<f32>(text), Some(text.parse().unwrap()), "{text}");
    }
    let twice = "0.012114629615098238".parse::<f64>().unwrap() as f32;
    assert_ne!(read("0.012114629615098238"), Some(twice));
    assert_eq!(read("16777217"), Some(16_777_216_f32));
    assert_eq!(read("18446744073709551615"), Some(u64::MAX as f32));
    assert_eq!(read("-9223372036854775808"), Some(i64::MIN as f32));
    assert_eq!(read("1e-400"), Some(0_f32));
    assert!(read::<f32>("-0.0").unwrap().is_sign_negative());
}

#[test]
fn zero_keeps_its_sign_also_where_serde_buffers() {
    #[derive(Debug, serde::Deserialize)]
    #[serde(untagged)]
    enum Number {
        Integer(i64),
        Float(f64),
    }
    for text in ["-0", "-0.0", "-0e7"] {
        assert!(matches!(read(text), Some(Number::Float(zero)) if zero.is_sign_negative()), "{text}");
        assert_eq!(read::<Value>(text).unwrap().to_string(), "-0.0");
        let parsed = from_str_with_integer_zeros::<Number>(text).unwrap();
        assert!(matches!(parsed.value, Number::Integer(0)), "{text}");
    }
    assert!(matches!(read("0.0"), Some(Number::Integer(0))));
    assert!(matches!(read("-1.0"), Some(Number::Integer(-1))));
    assert!(matches!(read("-0.5"), Some(Number::Float(half)) if half == -0.5));
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
