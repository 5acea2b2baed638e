use super::*;
use crate::json::from_str;

fn fault(text: &str) -> Fault {
    parse(text).unwrap_err().fault
}

#[test]
fn keys_come_in_any_order_and_unknown_ones_are_skipped() {
    let text = r#" { "x": [1, {"type": 2}], "rpcId":"k\u0033" , "payload" : {"a":[1]} ,"type":"chat.post"} "#;
    let envelope = parse(text).unwrap();
    assert_eq!(envelope.route, "chat.post");
    assert_eq!(envelope.payload, Some(r#"{"a":[1]}"#));
    assert_eq!(envelope.rpc_id.unwrap().as_json(), r#""k\u0033""#);
}

#[test]
fn at_a_glance_there_is_what_a_full_look_sees_or_nothing() {
    let seen = |text: &str| {
        let envelope = glance(text)?;
        // As who reads it for its type finds out.
        let payload = envelope.payload.and_then(|payload| from_str::<serde_json::Value>(payload).ok());
        payload.map(|_| {
            assert_eq!(parse(text).as_ref(), Ok(&envelope), "{text}");
            envelope.rpc_id.map(|id| id.as_json().to_owned())
        })
    };
    let id = "x".repeat(254);
    let long = format!(r#"{{"type":"a","payload":1,"rpcId":"{id}"}}"#);
    for (text, id) in [
        (r#"{"type":"a","payload":{"b":[1,"}"]}}"#, None),
        (r#"{"type":"a","payload":"b"}"#, None),
        (r#"{"type":"a","payload":"b","rpcId":"k"}"#, Some(r#""k""#)),
        (r#"{"type":"a","payload":{"rpcId":"k"},"rpcId":""}"#, Some(r#""""#)),
        (r#"{"type":"a","payload":{"b":1,"rpcId":"k"}}"#, None),
        (r#"{"type":"a","payload":"\",\"rpcId\":\"k"}"#, None),
        (&long, Some(&format!("\"{id}\""))),
    ] {
        assert_eq!(seen(text), Some(id.map(str::to_owned)), "{text}");
    }
    for text in [
        r#"{"type":"a","payload":[1,"rpcId":"k"}"#,
        r#"{"type":"a","payload":1,"rpcId":"k"},"rpcId":"k"}"#,
        r#"{"type":"a","payload":1,"rpcId":"\u0033"}"#,
        r#"{"type":"\u0061","payload":1}"#,
        r#"{"type":"a","payload":1,"payload":2}"#,
        r#"{"type":"a","payload":1,"x":2}"#,
        r#"{"type":"a","payload":,"rpcId":"k"}"#,
        r#"{"type":"a","payload":"#,
        r#"{"type":"a"}"#,
        r#"{"type":""#,
        "é",
        &long.replace(&id, &format!("{id}x")),
    ] {
        assert_eq!(seen(text), None, "{text}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(20_000))]

    #[test]
    fn at_a_glance_nothing_is_taken_that_a_full_look_refuses(
        parts in proptest::collection::vec(proptest::sample::select(&PARTS[..]), 0..8)
    ) {
        let text = format!(r#"{{"type":"a","payload":{}}}"#, parts.concat());
        let seen = glance(&text).filter(|seen| from_str::<serde_json::Value>(seen.payload.unwrap()).is_ok());
        if let Some(mut seen) = seen {
            seen.payload = seen.payload.map(str::trim);
            proptest::prop_assert_eq!(parse(&text), Ok(seen));
        }
    }
}

const PARTS: [&str; 16] = [
    r#","rpcId":"k""#,
    r#","rpcId":""#,
    r#""rpcId":"#,
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "1",
    ",",
    ":",
    " ",
    "a",
    r#""b""#,
    r#","payload":"#,
];

#[test]
fn a_key_or_route_written_with_escapes_is_the_same() {
    let envelope = parse(r#"{"\u0074ype":"a\u002eb"}"#).unwrap();
    assert_eq!(envelope.route, "a.b");
    assert_eq!((envelope.payload, envelope.rpc_id), (None, None));
}

#[test]
fn null_is_a_payload_but_no_rpc_id() {
    let envelope = parse(r#"{"type":"a","payload":null,"rpcId":null}"#).unwrap();
    assert_eq!((envelope.payload, envelope.rpc_id), (Some("null"), None));
}

#[test]
fn what_is_no_json_is_told_from_what_is_no_object() {
    assert_eq!(fault(""), Fault::NotJson { offset: 0 });
    assert_eq!(fault("hello"), Fault::NotJson { offset: 0 });
    assert_eq!(fault(r#"{"type":"a"} x"#), Fault::NotJson { offset: 13 });
    assert_eq!(fault(r#"{"type":"a","payload":{"b":01}}"#), Fault::NotJson { offset: 27 });
    assert_eq!(fault(r#"[{"type":"a"}]"#), Fault::NotAnObject);
    assert_eq!(fault("[1"), Fault::NotJson { offset: 2 });
    assert_eq!(fault("null"), Fault::NotAnObject);
}

#[test]
fn syntax_errors_inside_the_payload_are_met_here() {
    for payload in
        [r#""\ud800""#, r#""\x""#, "[1,]", "{\"a\"}", "tru", "1.", "-", "+1", "NaN", "\"\u{1}\"", "[}"]
    {
        let text = format!(r#"{{"type":"a","payload":{payload}}}"#);
        assert!(matches!(fault(&text), Fault::NotJson { .. }), "{text}");
    }
}

#[test]
fn type_must_be_there_and_a_string() {
    assert_eq!(fault("{}"), Fault::NoType);
    assert_eq!(fault(r#"{"type":1}"#), Fault::TypeNotAString);
    assert_eq!(fault(r#"{"type":null}"#), Fault::TypeNotAString);
}

#[test]
fn a_key_given_twice_is_refused() {
    assert_eq!(fault(r#"{"type":"a","type":"b"}"#), Fault::DuplicateKey("type"));
    assert_eq!(fault(r#"{"type":"a","payload":1,"payload":2}"#), Fault::DuplicateKey("payload"));
    assert_eq!(fault(r#"{"type":"a","rpcId":null,"rpcId":"2"}"#), Fault::DuplicateKey("rpcId"));
}

#[test]
fn rpc_id_is_a_string_of_bounded_length() {
    assert_eq!(fault(r#"{"type":"a","rpcId":7}"#), Fault::RpcIdNotAString);
    let id = |len: usize| format!(r#"{{"type":"a","rpcId":"{}"}}"#, "x".repeat(len));
    assert!(parse(&id(254)).is_ok());
    assert_eq!(fault(&id(255)), Fault::RpcIdTooLong);
}

#[test]
fn the_rpc_id_is_known_to_the_error_wherever_it_stands() {
    for text in [r#"{"rpcId":"k"}"#, r#"{"type":1,"rpcId":"k"}"#, r#"{"rpcId":"k","payload":tru}"#] {
        assert_eq!(parse(text).unwrap_err().rpc_id.unwrap().as_json(), r#""k""#, "{text}");
    }
}

#[test]
fn nesting_is_bounded() {
    let nested =
        |depth: usize| format!(r#"{{"type":"a","payload":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&nested(128)).is_ok());
    assert_eq!(fault(&nested(129)), Fault::TooDeep { offset: 150 });
    assert!(fault(&nested(129)).to_string().contains("nested too deep (128 levels at most)"));
    assert!(matches!(fault(&"[".repeat(1_000_000)), Fault::TooDeep { .. }));
}

#[test]
fn no_fault_repeats_the_message() {
    for text in
        [r#"{"type":"a","payload":secret}"#, r#"{"secret":1}"#, r#""secret""#, r#"{"type":["secret"]}"#]
    {
        assert!(!parse(text).unwrap_err().to_string().contains("secret"));
    }
}
