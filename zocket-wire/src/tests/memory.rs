use super::*;
use crate::error::MAX_EMPTY_FRAGMENTS;

/// What a decoder may own beside the message: its state and one control payload.
const STATE: usize = 512;

fn too_large(limit: usize) -> Vec<Seen> {
    vec![Seen::Failed(ProtocolError::MessageTooLarge { limit })]
}

#[test]
fn an_idle_decoder_is_three_words() {
    assert!(size_of::<Decoder>() <= 3 * size_of::<usize>());
}

#[test]
fn whole_frames_allocate_nothing() {
    let mut decoder = server();
    let mut input = stream(&[raw(TEXT, "a"), raw(PING, "b"), raw(BINARY, [1; 300])]);
    let mut rest = &mut input[..];
    for _ in 0..3 {
        let step = decoder.next(rest).expect("valid");
        assert!(step.event.is_some());
        let consumed = step.consumed;
        rest = &mut rest[consumed..];
        assert_eq!(decoder.heap_bytes(), 0);
    }
    assert!(rest.is_empty());
}

#[test]
fn a_message_of_exactly_the_limit_passes_and_one_byte_more_fails_at_the_header() {
    for limit in [0, 1, 125, 1000, 70_000] {
        let fits = raw(BINARY, vec![1; limit]);
        let mut decoder = Decoder::new(Role::Server, limit);
        assert_eq!(read(&mut decoder, &fits.bytes()), [Seen::Binary(vec![1; limit])]);
        assert_eq!(read(&mut decoder, &fits.header(limit as u64 + 1)), too_large(limit));
    }
    let huge = Raw { form: LengthForm::Bits64, ..raw(TEXT, "") };
    assert_eq!(read(&mut Decoder::new(Role::Server, 100), &huge.header(u64::MAX >> 1)), too_large(100));
    assert_eq!(ProtocolError::MessageTooLarge { limit: 100 }.close_code().get(), 1009);
}

#[test]
fn the_limit_holds_for_the_sum_of_the_fragments() {
    let mut decoder = Decoder::new(Role::Server, 10);
    let fits = [part(TEXT, "12345"), raw(PING, [1; 100]), raw(CONTINUATION, "67890")];
    assert_eq!(read_frames(&mut decoder, &fits), [Seen::Ping(vec![1; 100]), text("1234567890")]);
    assert_eq!(read(&mut decoder, &part(TEXT, "12345").bytes()), []);
    assert_eq!(read(&mut decoder, &raw(CONTINUATION, "").header(6)), too_large(10));
}

#[test]
fn fragments_that_never_end_meet_the_limit() {
    let mut decoder = Decoder::new(Role::Server, 5000);
    assert_eq!(read(&mut decoder, &part(BINARY, "x").bytes()), []);
    let more = part(CONTINUATION, "x").bytes();
    for _ in 1..5000 {
        assert_eq!(read(&mut decoder, &more), []);
        assert!(decoder.heap_bytes() <= 5000 + STATE);
    }
    assert_eq!(read(&mut decoder, &more), too_large(5000));
    assert_eq!(decoder.heap_bytes(), 0, "an error frees what was collected");
}

#[test]
fn empty_fragments_that_never_end_are_refused_after_a_fixed_number() {
    let empty = part(CONTINUATION, "");
    for first in ["", "x"] {
        let counted = usize::from(MAX_EMPTY_FRAGMENTS) - usize::from(first.is_empty());
        let mut decoder = server();
        assert_eq!(read(&mut decoder, &part(TEXT, first).bytes()), []);
        for _ in 0..counted {
            assert_eq!(read(&mut decoder, &empty.bytes()), []);
        }
        let expected = [Seen::Failed(ProtocolError::TooManyEmptyFragments)];
        assert_eq!(read(&mut decoder, &empty.bytes()), expected);
    }
}

#[test]
fn the_count_of_empty_fragments_begins_anew_with_each_message() {
    let mut decoder = server();
    for _ in 0..3 {
        assert_eq!(read(&mut decoder, &part(TEXT, "a").bytes()), []);
        for _ in 0..MAX_EMPTY_FRAGMENTS {
            assert_eq!(read(&mut decoder, &part(CONTINUATION, "").bytes()), []);
        }
        assert_eq!(read(&mut decoder, &raw(CONTINUATION, "").bytes()), [text("a")]);
    }
}

#[test]
fn a_header_alone_buys_no_memory() {
    let mut decoder = Decoder::new(Role::Server, 1 << 30);
    let frame = Raw { form: LengthForm::Bits64, ..raw(BINARY, "") };
    assert_eq!(read(&mut decoder, &frame.header(1 << 30)), []);
    assert!(decoder.heap_bytes() <= STATE, "{}", decoder.heap_bytes());
    assert_eq!(read(&mut decoder, &[0; 100]), []);
    assert!(decoder.heap_bytes() <= STATE + 1024, "{}", decoder.heap_bytes());
}

#[test]
fn a_large_message_in_small_reads_stays_within_its_length_and_is_released_after_its_event() {
    let payload = "ä€😀x".repeat(6_000);
    let bytes = raw(TEXT, &payload).bytes();
    for chunk in [1, 7, 1000, 40_000] {
        let mut decoder = server();
        let mut seen = Vec::new();
        for piece in bytes.chunks(chunk) {
            assert!(!decoder.is_mid_message() || decoder.heap_bytes() > 0);
            seen.extend(read(&mut decoder, piece));
            assert!(decoder.heap_bytes() <= payload.len() + STATE, "reads of {chunk}");
        }
        assert!(seen == [text(&payload)], "reads of {chunk}");
        assert_eq!(decoder.heap_bytes(), 0, "reads of {chunk}");
        assert!(!decoder.is_mid_message());
    }
}

#[test]
fn a_begun_frame_or_message_is_told_and_an_ended_one_is_not() {
    let mut decoder = server();
    assert!(!decoder.is_mid_message());
    read(&mut decoder, &raw(TEXT, "abc").bytes()[..1]);
    assert!(decoder.is_mid_message(), "half a header");
    read(&mut decoder, &raw(TEXT, "abc").bytes()[1..]);
    assert!(!decoder.is_mid_message());
    read(&mut decoder, &part(TEXT, "abc").bytes());
    assert!(decoder.is_mid_message(), "between fragments");
    read(&mut decoder, &raw(PING, "").bytes());
    assert!(decoder.is_mid_message(), "a ping does not end the message");
    read(&mut decoder, &raw(CONTINUATION, "").bytes());
    assert!(!decoder.is_mid_message());
}
