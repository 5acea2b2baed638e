//! Messages made to be disproportionately expensive.

use proptest::prelude::*;

use super::super::{DecodeError, error::Fault, to_json};
use crate::envelope;

const LIMIT: usize = 64 * 1024;

#[test]
fn a_claimed_length_costs_nothing() {
    for head in [0xdd, 0xdf, 0xdb, 0xc6, 0xc9] {
        for claimed in [u32::MAX, u32::MAX / 2 + 1, 1 << 20] {
            let mut message = vec![0x91, head];
            message.extend_from_slice(&claimed.to_be_bytes());
            let mut json = String::new();
            let refused = to_json(&message, &mut json, LIMIT).unwrap_err();
            assert_eq!(refused, DecodeError::Invalid { fault: Fault::CutShort, offset: 1 }, "{head:#x}");
            assert!(json.capacity() <= 16, "{} bytes for a claim", json.capacity());
        }
    }
}

#[test]
fn nesting_is_bounded_as_in_json() {
    let nested = |depth: usize| {
        let mut message = b"\x82\xa4type\xa1a\xa7payload".to_vec();
        message.extend(std::iter::repeat_n(0x91, depth - 1));
        message.push(0x90);
        let mut json = String::new();
        to_json(&message, &mut json, LIMIT).map(|()| json)
    };
    // The deepest that passes here passes the envelope, and one level more passes neither.
    assert!(envelope::parse(&nested(128).unwrap()).is_ok());
    let too_deep = DecodeError::Invalid { fault: Fault::TooDeep, offset: 16 + 128 };
    assert_eq!(nested(129).unwrap_err(), too_deep);
    assert_eq!(nested(1_000_000).unwrap_err(), too_deep);
    // A million maps, each in a map.
    let maps = b"\x81\xa1a".repeat(1_000_000);
    assert!(matches!(
        to_json(&maps, &mut String::new(), usize::MAX),
        Err(DecodeError::Invalid { fault: Fault::TooDeep, .. })
    ));
}

#[test]
fn text_that_grows_stops_at_the_limit() {
    let mut array = vec![0xdd, 0, 0, 0xff, 0xff];
    array.resize(5 + 0xffff, 0xc2);
    let mut controls = vec![0xda, 0xff, 0xff];
    controls.resize(3 + 0xffff, 0x01);
    let mut floats = vec![0xdc, 0x10, 0x00];
    floats.extend(b"\xcb\xff\xef\xff\xff\xff\xff\xff\xff".repeat(0x1000));
    let mut bytes = vec![0xc5, 0xff, 0xff];
    bytes.resize(3 + 0xffff, 0xff);
    for message in [array, controls, floats, bytes] {
        let mut json = String::new();
        assert_eq!(to_json(&message, &mut json, LIMIT), Err(DecodeError::TooLarge));
        assert!(json.len() <= LIMIT && json.capacity() <= 2 * LIMIT);
    }
}

#[test]
fn the_limit_is_met_exactly() {
    for (message, length) in [
        (&b"\xa3abc"[..], 5),
        (b"\xa1\x01", 8),
        (b"\x93\x01\x02\x03", 7),
        (b"\xc4\x02\xff\xff", 9),
        (b"\xcb\xff\xef\xff\xff\xff\xff\xff\xff", 23),
        (b"\xc0", 4),
        (b"\xd7\x0112345678", 8),
        (b"\x81\xa1a\xc3", 10),
    ] {
        let mut json = String::from("x");
        to_json(message, &mut json, length).unwrap();
        assert_eq!(json.len(), 1 + length);
        for less in 0..length {
            let mut json = String::new();
            assert_eq!(
                to_json(message, &mut json, less),
                Err(DecodeError::TooLarge),
                "{message:02x?} in {less}"
            );
            assert!(json.len() <= less);
        }
    }
}

/// Bytes that look like MessagePack more often than chance would have it.
fn likely() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<u8>().prop_map(|byte| vec![byte]),
        prop::sample::select(vec![0x81_u8, 0x82, 0x91, 0x92, 0xa1, 0xc4, 0xca, 0xcb, 0xd9, 0xdc, 0xde])
            .prop_map(|byte| vec![byte]),
        prop::sample::select(vec![
            &b"\xa4type\xa1a"[..],
            b"\xa5rpcId\xa1k",
            b"\xa7payload",
            b"\x83",
            b"\xd4\x011"
        ])
        .prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 1..12),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn whatever_comes_is_json_or_refused(message in likely(), limit in 0_usize..400) {
        let mut json = String::new();
        let read = to_json(&message, &mut json, limit);
        prop_assert!(json.len() <= limit);
        match read {
            Ok(()) => {
                prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(&json).is_ok(), "{}", json);
                // An independent reader sees the same message, to its last byte.
                let mut rest = &message[..];
                prop_assert!(rmpv::decode::read_value(&mut rest).is_ok());
                prop_assert!(rest.is_empty());
            }
            // The text up to a fault is the beginning of one, in which the envelope's reader finds what came whole.
            Err(_) => drop(envelope::parse(&json)),
        }
    }

    #[test]
    fn the_limit_never_changes_what_is_read(message in likely()) {
        let mut whole = String::new();
        if to_json(&message, &mut whole, usize::MAX).is_ok() {
            let mut exact = String::new();
            prop_assert_eq!(to_json(&message, &mut exact, whole.len()), Ok(()));
            prop_assert_eq!(&exact, &whole);
            prop_assert_eq!(to_json(&message, &mut String::new(), whole.len() - 1), Err(DecodeError::TooLarge));
        }
    }
}
