//! Inflates incoming messages.

use std::cell::Cell;

use flate2::{Decompress, FlushDecompress, Status};

use crate::error::ProtocolError;

/// The tail that is not sent (RFC 7692, 7.2.2), followed by an empty final block. DEFLATE ends at the last of these bytes
/// if, and only if, the message is complete.
const TAIL: [u8; 6] = [0x00, 0x00, 0xff, 0xff, 0x03, 0x00];

/// The smallest first allocation in bytes, since messages that compress well are short on the wire.
const FIRST_ALLOCATION: usize = 512;

thread_local! {
    /// A window and tables, some 50 KB: one per worker thread, not per connection.
    static INFLATER: Cell<Option<Decompress>> = const { Cell::new(None) };
}

/// Inflates the payload of a message to at most `limit` bytes, and allocates no more than that.
///
/// A message may have any number of blocks, including final ones (7.2.3.4 and 7.2.3.5): reading continues after a final
/// block. Time grows with the size of the input and with `limit`: the worst that 64 KiB can cause (with empty final
/// blocks, or headers with tables) is a few milliseconds.
///
/// # Errors
/// The payload is not DEFLATE data, is truncated, or inflates to more than `limit` bytes.
pub fn inflate(payload: &[u8], limit: usize) -> Result<Vec<u8>, ProtocolError> {
    let mut inflater = INFLATER.take().unwrap_or_else(|| Decompress::new(false));
    let inflated = run(&mut inflater, payload, limit);
    INFLATER.set(Some(inflater));
    inflated
}

fn run(inflater: &mut Decompress, payload: &[u8], limit: usize) -> Result<Vec<u8>, ProtocolError> {
    inflater.reset(false);
    let (mut payload, mut tail) = (payload, &TAIL[..]);
    let mut out = Vec::new();
    let first = payload.len().saturating_mul(4).max(FIRST_ALLOCATION);
    loop {
        if out.len() == out.capacity() {
            // One extra byte shows whether the limit is exceeded.
            let capacity = out.capacity().saturating_mul(2).max(first).min(limit.saturating_add(1));
            out.reserve_exact(capacity - out.len());
        }
        let rest = if payload.is_empty() { &mut tail } else { &mut payload };
        let (taken, made) = (inflater.total_in(), out.len());
        let status = inflater
            .decompress_vec(rest, &mut out, FlushDecompress::None)
            .map_err(|_| ProtocolError::CorruptCompression)?;
        if out.len() > limit {
            return Err(ProtocolError::MessageTooLarge { limit });
        }
        // It never consumes more than it is given.
        let taken = (inflater.total_in() - taken) as usize;
        *rest = &rest[taken..];
        if status == Status::StreamEnd {
            // At the end of the tail; or before it, if the last of the peer's blocks was already final.
            if payload.is_empty() && (tail.is_empty() || tail.len() == TAIL.len()) {
                return Ok(out);
            }
            inflater.reset(false);
        } else if taken == 0 && out.len() == made {
            // There is room, but it needs more bytes than there are.
            return Err(ProtocolError::CorruptCompression);
        }
    }
}

#[cfg(test)]
mod tests {
    use flate2::{Compress, Compression, FlushCompress};
    use proptest::prelude::*;

    use super::*;

    const LIMIT: usize = 1 << 20;

    fn deflate(bytes: &[u8], level: u32, flush: FlushCompress) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() * 2 + 1000);
        Compress::new(Compression::new(level), false).compress_vec(bytes, &mut out, flush).unwrap();
        out
    }

    /// As a client sends it.
    fn message(bytes: &[u8], level: u32) -> Vec<u8> {
        let mut out = deflate(bytes, level, FlushCompress::Sync);
        assert!(out.ends_with(&TAIL[..4]));
        out.truncate(out.len() - 4);
        out
    }

    /// The examples of RFC 7692, 7.2.3.
    #[test]
    fn the_examples_of_the_rfc() {
        let cases: [(&[u8], &[u8]); 6] = [
            (b"\xf2\x48\xcd\xc9\xc9\x07\x00", b"Hello"),
            (b"\xf2\x00\x11\x00\x00", b"Hello"),
            (b"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", b"Hello"),
            (b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", b"Hello"),
            (b"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", b"Hello"),
            (b"\x00", b""),
        ];
        for (payload, expected) in cases {
            // The second example refers to the message before it, which this side has ruled out.
            let expected = if payload == cases[1].0 {
                Err(ProtocolError::CorruptCompression)
            } else {
                Ok(expected.to_vec())
            };
            assert_eq!(inflate(payload, LIMIT), expected, "{payload:02x?}");
        }
    }

    #[test]
    fn final_blocks_end_nothing_but_themselves() {
        let finished = deflate(b"one ", 6, FlushCompress::Finish);
        assert_eq!(inflate(&finished, LIMIT).unwrap(), b"one ", "without the byte that the RFC asks for");
        let with_more = [finished.clone(), finished.clone(), vec![0]].concat();
        assert_eq!(inflate(&with_more, LIMIT).unwrap(), b"one one ");
        let then_garbage = [finished, b"\xff\xff garbage".to_vec()].concat();
        assert_eq!(inflate(&then_garbage, LIMIT), Err(ProtocolError::CorruptCompression));
    }

    #[test]
    fn what_is_cut_anywhere_is_corrupt() {
        let text = b"a text with some repetition, a text with some, and then 0123456789 more".repeat(5);
        let whole = message(&text, 6);
        assert_eq!(inflate(&whole, LIMIT).unwrap(), text);
        // Without its last byte it may still be whole: that one only holds the padding.
        for cut in 0..whole.len() - 1 {
            assert_eq!(inflate(&whole[..cut], LIMIT), Err(ProtocolError::CorruptCompression), "{cut}");
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = message(&vec![b'a'; 8 << 20], 9);
        assert!(bomb.len() < 9_000);
        for limit in [0, 1, 1000, 65_536] {
            assert_eq!(inflate(&bomb, limit), Err(ProtocolError::MessageTooLarge { limit }));
        }
    }

    #[test]
    fn a_message_of_exactly_the_limit_passes_and_holds_no_more() {
        for length in [1, 511, 512, 513, 65_536, 200_000] {
            let payload = message(&vec![b'x'; length], 6);
            let out = inflate(&payload, length).unwrap();
            assert_eq!(out.len(), length);
            assert!(out.capacity() <= length + 1, "{} for {length}", out.capacity());
            let limit = length - 1;
            assert_eq!(inflate(&payload, limit), Err(ProtocolError::MessageTooLarge { limit }));
        }
        assert_eq!(inflate(b"\x00", 0).unwrap(), b"");
    }

    proptest! {
        #[test]
        fn what_is_deflated_is_inflated_again(
            (word, times) in (proptest::collection::vec(any::<u8>(), 0..2000), 0..40_usize),
            level in 0..10_u32,
        ) {
            let bytes = word.repeat(times);
            prop_assert_eq!(inflate(&message(&bytes, level), LIMIT).unwrap(), bytes);
        }

        #[test]
        fn random_and_damaged_bytes_neither_panic_nor_exceed_the_limit(
            bytes in proptest::collection::vec(any::<u8>(), 0..400),
            (at, with) in (any::<proptest::sample::Index>(), any::<u8>()),
            limit in 0..3000_usize,
        ) {
            let mut damaged = message(&bytes.repeat(3), 6);
            let at = at.index(damaged.len());
            damaged[at] = with;
            for payload in [bytes, damaged] {
                if let Ok(out) = inflate(&payload, limit) {
                    prop_assert!(out.len() <= limit);
                }
            }
        }
    }
}
