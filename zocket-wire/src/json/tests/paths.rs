//! Where an error is and what it says.

#![allow(dead_code, reason = "types that are read, never used")]

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::{ErrorKind, from_str};

#[derive(Deserialize, Debug)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Order {
    _order_lines: Vec<Line>,
    #[serde(default, rename = "a/b~c")]
    _odd: Option<bool>,
    #[serde(default)]
    _prices: BTreeMap<String, u8>,
}

#[derive(Deserialize, Debug)]
struct Line {
    #[serde(rename = "unitPrice")]
    _unit_price: u16,
    #[serde(default, rename = "size")]
    _size: Option<Size>,
}

#[derive(Deserialize, Debug)]
enum Size {
    Fixed { _cm: u8 },
    Pair(u8, u8),
    Small,
}

fn error(text: &str) -> (String, String) {
    let error = from_str::<Order>(text).unwrap_err();
    (error.path, error.message)
}

fn path(text: &str) -> String {
    error(text).0
}

#[test]
fn the_path_leads_to_the_value_at_fault() {
    assert_eq!(path("[]"), "");
    assert_eq!(path("{}"), "", "the object that lacks the property");
    assert_eq!(path(r#"{"orderLines":[{"unitPrice":1},{"unitPrice":"2"}]}"#), "/orderLines/1/unitPrice");
    assert_eq!(path(r#"{"orderLines":[{"unitPrice":1},{}]}"#), "/orderLines/1");
    assert_eq!(path(r#"{"orderLines":[],"prices":{"x y":256}}"#), "/prices/x y");
    assert_eq!(
        path(r#"{"orderLines":[{"unitPrice":1,"size":{"Fixed":{"_cm":256}}}]}"#),
        "/orderLines/0/size/Fixed/_cm"
    );
    assert_eq!(
        path(r#"{"orderLines":[{"unitPrice":1,"size":{"Pair":[1,false]}}]}"#),
        "/orderLines/0/size/Pair/1"
    );
    assert_eq!(path(r#"{"orderLines":[{"unitPrice":1,"size":"Large"}]}"#), "/orderLines/0/size");
}

#[test]
fn an_unknown_property_is_the_value_at_fault_itself() {
    let (path, message) = error(r#"{"orderLines":[],"orderlines":[]}"#);
    assert_eq!(path, "/orderlines");
    assert_eq!(message, "is not a known property: use one of `orderLines`, `a/b~c`, `prices`");
}

#[test]
fn names_are_unescaped_from_json_and_escaped_for_the_pointer() {
    assert_eq!(path(r#"{"a\/b\u007ec":1}"#), "/a~1b~0c");
    assert_eq!(path(r#"{"a/b~c":1}"#), "/a~1b~0c");
}

#[test]
fn a_long_name_is_cut_on_a_character() {
    let path = path(&format!(r#"{{"prices":{{"{}":-1}}}}"#, "é".repeat(10_000)));
    assert_eq!(path, format!("/prices/{}…", "é".repeat(64)));
}

#[test]
fn messages_say_the_rule_in_plain_words() {
    let message = |text: &str| error(text).1;
    assert_eq!(message("{}"), "the property `orderLines` is required");
    assert_eq!(message(r#"{"orderLines":7}"#), "must be an array, not a number");
    assert_eq!(message(r#"{"orderLines":[{"unitPrice":70000}]}"#), "must be at most 65535");
    assert_eq!(message(r#"{"orderLines":[{"unitPrice":1.5}]}"#), "must be an integer, without a fraction");
    assert_eq!(
        message(r#"{"orderLines":[{"unitPrice":1,"size":"L"}]}"#),
        "must be one of `Fixed`, `Pair`, `Small`"
    );
    assert_eq!(message(r#"{"orderLines":[],"orderLines":[]}"#), "the property `orderLines` is given twice");
}

#[test]
fn no_message_repeats_a_value() {
    #[derive(Deserialize, Debug)]
    #[serde(untagged)]
    enum Either {
        _Number(u8),
    }
    #[derive(Deserialize, Debug)]
    #[serde(tag = "kind")]
    enum Tagged {
        _A { _n: u8 },
    }
    let secrets = [
        r#""secret""#,
        r#"["secret"]"#,
        r#"{"Fixed":"secret"}"#,
        r#"{"kind":"secret"}"#,
        r#"{"kind":"_A","_n":"secret"}"#,
        "\"secret",
    ];
    for text in secrets {
        let messages = [
            from_str::<u8>(text).unwrap_err().to_string(),
            from_str::<Size>(text).unwrap_err().to_string(),
            from_str::<char>(text).unwrap_err().to_string(),
            from_str::<Either>(text).unwrap_err().to_string(),
            from_str::<Tagged>(text).unwrap_err().to_string(),
            from_str::<std::net::IpAddr>(text).unwrap_err().to_string(),
        ];
        assert!(messages.iter().all(|message| !message.contains("secret")), "{messages:?}");
    }
}

#[test]
fn syntax_errors_tell_the_byte_and_the_place() {
    let error = from_str::<Order>(r#"{"orderLines":[{"unitPrice":01}]}"#).unwrap_err();
    assert_eq!(error.path, "/orderLines/0/unitPrice");
    assert_eq!(error.kind, ErrorKind::Syntax { offset: 28 });
    assert_eq!(error.to_string(), "a number must not begin with a zero at byte 28");
}
