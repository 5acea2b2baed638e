//! Compressed messages: where RSV1 is allowed, which limits apply, and every way to split them into frames and
//! reads.

use flate2::{Compress, Compression, FlushCompress};
use proptest::{collection::vec, prelude::*, sample::Index};

use super::*;
use crate::deflate;

const RSV1: u8 = 0x40;
const LIMIT: usize = 100_000;

fn decoder(limit: usize) -> Decoder {
    Decoder::new(Role::Server, limit).permessage_deflate(true)
}

/// What a client's compressor makes of a message.
fn deflated(message: impl AsRef<[u8]>) -> Vec<u8> {
    let message = message.as_ref();
    let mut out = Vec::with_capacity(message.len() + message.len() / 8 + 100);
    Compress::new(Compression::new(6), false).compress_vec(message, &mut out, FlushCompress::Sync).unwrap();
    assert!(out.ends_with(&[0, 0, 0xff, 0xff]));
    out.truncate(out.len() - 4);
    out
}

fn failed(error: ProtocolError) -> Vec<Seen> {
    vec![Seen::Failed(error)]
}

/// Feeds `frames` in one read and in a read a byte: both must agree, and own nothing in the end.
fn seen(frames: &[Raw]) -> Vec<Seen> {
    let bytes = stream(frames);
    let (mut whole, mut bytewise) = (decoder(LIMIT), decoder(LIMIT));
    let at_once = read(&mut whole, &bytes);
    let stepwise: Vec<Seen> = bytes.chunks(1).flat_map(|byte| read(&mut bytewise, byte)).collect();
    assert_eq!(stepwise, at_once, "a read a byte");
    for decoder in [&mut whole, &mut bytewise] {
        // The next call releases what the last event, or a failure, has left.
        read(decoder, &[]);
        assert!(decoder.is_mid_message() || decoder.heap_bytes() == 0);
    }
    at_once
}

#[test]
fn compressed_and_plain_messages_follow_each_other() {
    let frames = [
        raw(RSV1 | TEXT, deflated("grüß ".repeat(50))),
        raw(TEXT, "plain"),
        raw(PING, "p"),
        raw(RSV1 | BINARY, deflated([0, 255, 7])),
        raw(RSV1 | TEXT, [0]),
    ];
    let expected = [
        text(&"grüß ".repeat(50)),
        text("plain"),
        Seen::Ping(b"p".into()),
        Seen::Binary(vec![0, 255, 7]),
        text(""),
    ];
    assert_eq!(seen(&frames), expected);
}

#[test]
fn a_fragmented_message_is_marked_in_its_first_frame_and_may_be_cut_anywhere() {
    let message = "a message in three frames, a message in three frames";
    let payload = deflated(message);
    for cut in 0..=payload.len() {
        let (head, tail) = payload.split_at(cut);
        let frames = [
            part(RSV1 | TEXT, head),
            raw(PING, "between"),
            part(CONTINUATION, ""),
            raw(CONTINUATION, tail),
            raw(TEXT, "next"),
        ];
        assert_eq!(seen(&frames), [Seen::Ping(b"between".into()), text(message), text("next")], "{cut}");
    }
}

#[test]
fn the_mark_stands_on_the_first_frame_of_a_message_only() {
    let payload = deflated("hello hello");
    for opcode in [CLOSE, PING, PONG, CONTINUATION] {
        assert_eq!(seen(&[raw(RSV1 | opcode, "")]), failed(ProtocolError::MisplacedCompression));
    }
    let continued = [part(RSV1 | TEXT, &payload[..3]), raw(RSV1 | CONTINUATION, &payload[3..])];
    assert_eq!(seen(&continued), failed(ProtocolError::MisplacedCompression));
    assert_eq!(ProtocolError::MisplacedCompression.close_code().get(), 1002);
    for bits in [0x20, 0x10, 0x60, 0x50, 0x70] {
        assert_eq!(seen(&[raw(bits | TEXT, &payload)]), failed(ProtocolError::ReservedBits));
    }
    assert_eq!(read(&mut server(), &raw(RSV1 | TEXT, &payload).bytes()), failed(ProtocolError::ReservedBits));
}

#[test]
fn a_message_may_not_begin_inside_a_compressed_one() {
    let payload = deflated("hello hello");
    let inside = ProtocolError::MessageInsideMessage;
    assert_eq!(seen(&[part(RSV1 | TEXT, &payload), raw(RSV1 | TEXT, &payload)]), failed(inside));
    assert_eq!(seen(&[part(RSV1 | TEXT, &payload), raw(TEXT, "plain")]), failed(inside));
    let after = ProtocolError::NothingToContinue;
    let frames = [raw(RSV1 | TEXT, &payload), raw(CONTINUATION, "")];
    assert_eq!(seen(&frames), [text("hello hello"), Seen::Failed(after)]);
}

#[test]
fn damaged_cut_and_empty_payloads_are_invalid_data() {
    let payload = deflated("some words and some words again".repeat(9));
    let corrupt = failed(ProtocolError::CorruptCompression);
    assert_eq!(seen(&[raw(RSV1 | TEXT, "")]), corrupt);
    assert_eq!(seen(&[raw(RSV1 | TEXT, &payload[..payload.len() / 2])]), corrupt);
    assert_eq!(seen(&[part(RSV1 | TEXT, &payload[..5]), raw(CONTINUATION, "")]), corrupt);
    assert_eq!(seen(&[raw(RSV1 | TEXT, [0xff; 20])]), corrupt);
    assert_eq!(seen(&[raw(RSV1 | TEXT, [&payload[..], &[0xff; 20]].concat())]), corrupt);
    assert_eq!(ProtocolError::CorruptCompression.close_code().get(), 1007);
}

#[test]
fn text_is_checked_after_it_is_inflated() {
    let invalid = deflated(b"\xce\xba\xed\xa0\x80 and more");
    assert_eq!(seen(&[raw(RSV1 | TEXT, &invalid)]), failed(ProtocolError::InvalidText));
    let fragments = [part(RSV1 | TEXT, &invalid[..4]), raw(CONTINUATION, &invalid[4..])];
    assert_eq!(seen(&fragments), failed(ProtocolError::InvalidText));
    let as_binary = raw(RSV1 | BINARY, &invalid);
    assert_eq!(seen(&[as_binary]), [Seen::Binary(b"\xce\xba\xed\xa0\x80 and more".into())]);
}

#[test]
fn the_limit_holds_for_what_a_message_inflates_to() {
    for limit in [1, 1000, 65_536] {
        let too_large = failed(ProtocolError::MessageTooLarge { limit });
        let fits = raw(RSV1 | BINARY, deflated(vec![7; limit]));
        assert_eq!(read(&mut decoder(limit), &fits.bytes()), [Seen::Binary(vec![7; limit])]);
        let payload = deflated(vec![7; limit + 1]);
        assert_eq!(read(&mut decoder(limit), &raw(RSV1 | BINARY, &payload).bytes()), too_large);
        let fragments = [part(RSV1 | BINARY, &payload[..2]), raw(CONTINUATION, &payload[2..])];
        assert_eq!(read_frames(&mut decoder(limit), &fragments), too_large);
    }
}

#[test]
fn a_message_that_cannot_be_shrunk_may_be_as_large_as_any() {
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    let noise: Vec<u8> = noise.take(LIMIT).collect();
    let payload = deflated(&noise);
    assert!(payload.len() > LIMIT);
    assert_eq!(seen(&[raw(RSV1 | BINARY, &payload)]), [Seen::Binary(noise.clone())]);
    // One that is surely too large is refused before it has come.
    let announced = raw(RSV1 | BINARY, "").header(deflate::compressed_limit(LIMIT) as u64 + 1);
    let too_large = failed(ProtocolError::MessageTooLarge { limit: LIMIT });
    assert_eq!(read(&mut decoder(LIMIT), &announced), too_large);
    let begun = part(RSV1 | BINARY, &payload).bytes();
    let mut decoder = decoder(LIMIT);
    assert_eq!(read(&mut decoder, &begun), []);
    assert!(decoder.heap_bytes() <= deflate::compressed_limit(LIMIT) + 512);
    assert_eq!(read(&mut decoder, &raw(CONTINUATION, "").header(10_000)), too_large);
}

#[test]
fn whatever_a_message_inflates_to_is_released_with_the_next_call() {
    let mut decoder = decoder(1 << 20);
    let large = raw(RSV1 | TEXT, deflated("x".repeat(1 << 20)));
    assert_eq!(read(&mut decoder, &large.bytes()), [text(&"x".repeat(1 << 20))]);
    assert_eq!(decoder.heap_bytes(), 0);
    assert_eq!(read(&mut decoder, &large.bytes()[..20]), []);
    assert!(decoder.heap_bytes() < 2048, "a peer holds what it has sent, not what it announces");
}

#[test]
fn empty_fragments_are_counted_in_compressed_messages_too() {
    let mut decoder = decoder(LIMIT);
    assert_eq!(read(&mut decoder, &part(RSV1 | TEXT, "x").bytes()), []);
    let empties: Vec<Seen> =
        (0..40).flat_map(|_| read(&mut decoder, &part(CONTINUATION, "").bytes())).collect();
    assert_eq!(empties, failed(ProtocolError::TooManyEmptyFragments));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn any_fragmentation_in_any_reads_yields_the_message(
        words in vec(prop_oneof![Just("again and again ".to_owned()), "\\PC{0,30}"], 0..60),
        cuts in vec(any::<Index>(), 0..5),
        step in 1usize..300,
    ) {
        let message = words.concat();
        let payload = deflated(&message);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(payload.len() + 1)).collect();
        cuts.sort_unstable();
        let (mut frames, mut from, mut opcode) = (Vec::new(), 0, RSV1 | TEXT);
        for cut in cuts {
            frames.push(part(opcode, &payload[from..cut]));
            (from, opcode) = (cut, CONTINUATION);
        }
        frames.push(raw(opcode, &payload[from..]));
        let bytes = stream(&frames);
        let mut decoder = decoder(LIMIT);
        prop_assert_eq!(read(&mut decoder, &bytes), [text(&message)]);
        let stepwise: Vec<Seen> = bytes.chunks(step).flat_map(|piece| read(&mut decoder, piece)).collect();
        prop_assert_eq!(stepwise, [text(&message)]);
        prop_assert_eq!(decoder.heap_bytes(), 0);
    }

    #[test]
    fn a_damaged_stream_fails_alike_however_it_is_cut_and_holds_no_more_than_the_limit(
        message in vec(any::<u8>(), 0..500),
        (at, with) in (any::<Index>(), any::<u8>()),
        step in 1usize..100,
    ) {
        let payload = deflated(message.repeat(3));
        let half = payload.len() / 2;
        let frames = [
            raw(RSV1 | BINARY, &payload),
            part(RSV1 | BINARY, &payload[..half]),
            raw(CONTINUATION, &payload[half..]),
        ];
        let mut bytes = stream(&frames);
        let at = at.index(bytes.len());
        bytes[at] = with;
        let expected = read(&mut decoder(1000), &bytes);
        let mut decoder = decoder(1000);
        let mut stepwise = Vec::new();
        for piece in bytes.chunks(step) {
            stepwise.extend(read(&mut decoder, piece));
            prop_assert!(decoder.heap_bytes() <= 1000 + deflate::compressed_limit(1000) + 512);
        }
        prop_assert_eq!(stepwise, expected);
    }
}
