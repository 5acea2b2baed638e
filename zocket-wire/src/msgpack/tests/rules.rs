//! The encoding of each kind of value, byte by byte.

use super::super::{DecodeError, error::Fault, from_json, to_json};

fn packed(json: &str) -> Vec<u8> {
    let mut out = b"before".to_vec();
    from_json(json, &mut out).unwrap();
    out.split_off(6)
}

fn read(message: &[u8]) -> Result<String, DecodeError> {
    let mut json = String::from("before");
    to_json(message, &mut json, 1 << 20).map(|()| json.split_off(6))
}

fn fault(message: &[u8]) -> (Fault, usize) {
    match read(message) {
        Err(DecodeError::Invalid { fault, offset }) => (fault, offset),
        other => panic!("{message:02x?}: {other:?}"),
    }
}

#[test]
fn an_envelope() {
    let message = b"\x83\xa4type\xa9chat.post\xa7payload\x81\xa4text\xa2hi\xa5rpcId\xa1k";
    let json = r#"{"type":"chat.post","payload":{"text":"hi"},"rpcId":"k"}"#;
    assert_eq!(packed(json), message);
    assert_eq!(read(message).unwrap(), json);
}

/// JSON as it is written, and its MessagePack: the one form that goes out, which comes in as the same.
const BOTH_WAYS: &[(&str, &[u8])] = &[
    ("null", b"\xc0"),
    ("false", b"\xc2"),
    ("true", b"\xc3"),
    ("0", b"\x00"),
    ("127", b"\x7f"),
    ("128", b"\xcc\x80"),
    ("255", b"\xcc\xff"),
    ("256", b"\xcd\x01\x00"),
    ("65535", b"\xcd\xff\xff"),
    ("65536", b"\xce\x00\x01\x00\x00"),
    ("4294967295", b"\xce\xff\xff\xff\xff"),
    ("4294967296", b"\xcf\x00\x00\x00\x01\x00\x00\x00\x00"),
    ("9007199254740993", b"\xcf\x00\x20\x00\x00\x00\x00\x00\x01"),
    ("9223372036854775807", b"\xcf\x7f\xff\xff\xff\xff\xff\xff\xff"),
    ("18446744073709551615", b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff"),
    ("-1", b"\xff"),
    ("-32", b"\xe0"),
    ("-33", b"\xd0\xdf"),
    ("-128", b"\xd0\x80"),
    ("-129", b"\xd1\xff\x7f"),
    ("-32768", b"\xd1\x80\x00"),
    ("-32769", b"\xd2\xff\xff\x7f\xff"),
    ("-2147483648", b"\xd2\x80\x00\x00\x00"),
    ("-2147483649", b"\xd3\xff\xff\xff\xff\x7f\xff\xff\xff"),
    ("-9223372036854775808", b"\xd3\x80\x00\x00\x00\x00\x00\x00\x00"),
    ("1.0", b"\xca\x3f\x80\x00\x00"),
    ("-0.0", b"\xca\x80\x00\x00\x00"),
    ("0.5", b"\xca\x3f\x00\x00\x00"),
    ("0.1", b"\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a"),
    ("1e-7", b"\xcb\x3e\x7a\xd7\xf2\x9a\xbc\xaf\x48"),
    ("1.7976931348623157e308", b"\xcb\x7f\xef\xff\xff\xff\xff\xff\xff"),
    ("5e-324", b"\xcb\x00\x00\x00\x00\x00\x00\x00\x01"),
    // Beyond 64 bits, or beyond all floats: the literal.
    ("18446744073709551616", b"\xc7\x14\x0118446744073709551616"),
    ("-9223372036854775809", b"\xc7\x14\x01-9223372036854775809"),
    ("1e400", b"\xc7\x05\x011e400"),
    ("-1e40000", b"\xd7\x01-1e40000"),
    (r#""""#, b"\xa0"),
    (r#""h\u00001\n\"\\\u001f/""#, b"\xa8h\x001\n\"\\\x1f/"),
    ("\"é🦀\"", b"\xa6\xc3\xa9\xf0\x9f\xa6\x80"),
    ("[]", b"\x90"),
    ("{}", b"\x80"),
    (r#"[1,[],{"a":[{}]}]"#, b"\x93\x01\x90\x81\xa1a\x91\x80"),
    (r#"{"a":1,"a":2}"#, b"\x82\xa1a\x01\xa1a\x02"),
];

#[test]
fn every_value_has_one_form_and_comes_back_the_same() {
    for (json, message) in BOTH_WAYS {
        assert_eq!(packed(json), *message, "{json}");
        assert_eq!(read(message).unwrap(), *json);
    }
}

#[test]
fn lengths_take_the_shortest_form() {
    let string = |length: usize| {
        let json = format!("\"{}\"", "x".repeat(length));
        let message = packed(&json);
        assert_eq!(read(&message).unwrap(), json);
        message[..message.len() - length].to_vec()
    };
    assert_eq!(string(31), [0xbf]);
    assert_eq!(string(32), [0xd9, 32]);
    assert_eq!(string(255), [0xd9, 255]);
    assert_eq!(string(256), [0xda, 1, 0]);
    assert_eq!(string(65_535), [0xda, 255, 255]);
    assert_eq!(string(65_536), [0xdb, 0, 1, 0, 0]);

    let array = |length: usize| {
        let json = format!("[{}]", vec!["7"; length].join(","));
        let message = packed(&json);
        assert_eq!(read(&message).unwrap(), json);
        message[..message.len() - length].to_vec()
    };
    assert_eq!(array(15), [0x9f]);
    assert_eq!(array(16), [0xdc, 0, 16]);
    assert_eq!(array(65_535), [0xdc, 255, 255]);
    assert_eq!(array(65_536), [0xdd, 0, 1, 0, 0]);

    let map = |length: usize| {
        let members: Vec<String> = (0..length).map(|n| format!("\"{n:05}\":7")).collect();
        let json = format!("{{{}}}", members.join(","));
        let message = packed(&json);
        assert_eq!(read(&message).unwrap(), json);
        message[..message.len() - length * 7].to_vec()
    };
    assert_eq!(map(15), [0x8f]);
    assert_eq!(map(16), [0xde, 0, 16]);
    assert_eq!(map(65_536), [0xdf, 0, 1, 0, 0]);
}

#[test]
fn json_is_taken_however_it_is_written() {
    assert_eq!(packed(" { \"\\u0061\" : [ 1 , 2 ] }\n"), b"\x81\xa1a\x92\x01\x02");
    assert_eq!(packed("-0"), b"\xca\x80\x00\x00\x00");
    assert_eq!(packed("1e2"), b"\xca\x42\xc8\x00\x00");
    assert_eq!(packed("0.1000000000000000055511151231257827"), b"\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a");
}

#[test]
fn what_is_no_json_leaves_nothing_behind() {
    for json in ["", "[1", "[1,]", "{\"a\"}", "\"\\ud800\"", "[1]]", "nul", "01", "NaN"] {
        let mut out = b"kept".to_vec();
        assert!(from_json(json, &mut out).is_err(), "{json}");
        assert_eq!(out, b"kept");
    }
}

#[test]
fn what_goes_out_may_nest_as_deep_as_the_application_likes() {
    let depth = 200_000;
    let message = packed(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
    assert_eq!(message.len(), depth);
    assert_eq!((message[0], message[depth - 1]), (0x91, 0x90));
}

#[test]
fn every_form_of_a_value_is_read() {
    for (message, json) in [
        (&b"\xcc\x01"[..], "1"),
        (b"\xcf\x00\x00\x00\x00\x00\x00\x00\x01", "1"),
        (b"\xd0\x01", "1"),
        (b"\xd3\xff\xff\xff\xff\xff\xff\xff\xff", "-1"),
        // An f32 is the f64 that it is.
        (b"\xca\x3d\xcc\xcc\xcd", "0.10000000149011612"),
        (b"\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00", "1.0"),
        (b"\xcb\x80\x00\x00\x00\x00\x00\x00\x00", "-0.0"),
        (b"\xd9\x01a", r#""a""#),
        (b"\xda\x00\x01a", r#""a""#),
        (b"\xdb\x00\x00\x00\x01a", r#""a""#),
        (b"\xdc\x00\x01\x07", "[7]"),
        (b"\xdd\x00\x00\x00\x01\x07", "[7]"),
        (b"\xde\x00\x01\xd9\x01a\x07", r#"{"a":7}"#),
        (b"\xdf\x00\x00\x00\x01\xa1a\x07", r#"{"a":7}"#),
        (b"\xc4\x00", "[]"),
        (b"\xc4\x03\x00\x7f\xff", "[0,127,255]"),
        (b"\xc5\x00\x01\x05", "[5]"),
        (b"\xc6\x00\x00\x00\x01\x05", "[5]"),
        (b"\xd4\x017", "7"),
        (b"\xc8\x00\x03\x01-10", "-10"),
        (b"\xc9\x00\x00\x00\x05\x011.5e3", "1.5e3"),
        // U+2028 and DEL need no escape.
        (b"\xa4\x7f\xe2\x80\xa8", "\"\u{7f}\u{2028}\""),
    ] {
        assert_eq!(read(message).as_deref(), Ok(json), "{message:02x?}");
    }
}

#[test]
fn large_floats_are_integers_to_the_last_digit() {
    for (value, json) in [
        (9_007_199_254_740_994.0, "9007199254740994.0"),
        (2_f64.powi(60), "1152921504606846976"),
        (-(2_f64.powi(63)), "-9223372036854775808"),
        (2_f64.powi(64), "18446744073709551616"),
        (2_f64.powi(126), "85070591730234615865843651857942052864"),
        (1e39, "1e39"),
    ] {
        let mut message = vec![0xcb];
        message.extend_from_slice(&value.to_be_bytes());
        assert_eq!(read(&message).as_deref(), Ok(json));
        assert_eq!(json.parse::<f64>().unwrap().to_bits(), value.to_bits());
    }
}

#[test]
fn what_has_no_json_is_refused_where_it_is() {
    for (message, expected) in [
        (&b""[..], (Fault::CutShort, 0)),
        (b"\x81\xa1a", (Fault::CutShort, 3)),
        (b"\x91\xa5abc", (Fault::CutShort, 1)),
        (b"\x92\x01\xcd\x01", (Fault::CutShort, 2)),
        (b"\x92\x01", (Fault::CutShort, 0)),
        (b"\x91\xc7\x01", (Fault::CutShort, 1)),
        (b"\x01\x02", (Fault::GoesOn, 1)),
        (b"\x80\xc1", (Fault::GoesOn, 1)),
        (b"\x91\xc1", (Fault::Unused, 1)),
        (b"\x91\xd6\xff\x00\x00\x00\x00", (Fault::Extension, 1)),
        (b"\xd4\x02\x37", (Fault::Extension, 0)),
        (b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", (Fault::NotFinite, 0)),
        (b"\xca\x7f\x80\x00\x00", (Fault::NotFinite, 0)),
        (b"\x92\x00\xca\xff\x80\x00\x00", (Fault::NotFinite, 2)),
        (b"\x81\x01\x02", (Fault::KeyNotAString, 1)),
        (b"\x81\xc4\x01a\x02", (Fault::KeyNotAString, 1)),
        (b"\x81\xc0\x02", (Fault::KeyNotAString, 1)),
        (b"\x91\xa2\xc3\x28", (Fault::NotUtf8, 1)),
        (b"\xa3\xed\xa0\x80", (Fault::NotUtf8, 0)),
    ] {
        assert_eq!(fault(message), expected, "{message:02x?}");
    }
    for literal in ["", "-", "01", "1.", "+1", "1 ", " 1", "NaN", "0x1", "1,2", "\"1\"", "true", "٣"] {
        let mut message = vec![0xc7, literal.len() as u8, 1];
        message.extend_from_slice(literal.as_bytes());
        assert_eq!(fault(&message), (Fault::NumberExtension, 0), "{literal}");
    }
}

#[test]
fn no_refusal_repeats_the_message_and_each_names_the_place() {
    use Fault::*;
    for fault in
        [CutShort, GoesOn, Unused, Extension, NumberExtension, NotFinite, KeyNotAString, NotUtf8, TooDeep]
    {
        let text = DecodeError::Invalid { fault, offset: 4711 }.to_string();
        assert!(text.contains("byte 4711"), "{text}");
    }
}
