//! Compresses outgoing frames.

use std::{
    fmt,
    num::NonZero,
    sync::{Mutex, PoisonError},
};

use flate2::{Compress, FlushCompress};

use crate::{
    encode::{FrameStart, payload_of},
    frame::{Opcode, RSV1},
};

/// The tail of every compressed message, which is not sent (RFC 7692, 7.2.1).
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];

/// Compresses the messages of a server.
///
/// The compressors (some 270 KB each) belong to the server: one is kept per core, whichever thread sends. Holding a lock for
/// some ten nanoseconds is negligible compared with ten microseconds of compressing; one compressor per thread would not be,
/// for a server that sends from hundreds of blocking threads.
///
/// ```
/// use zocket_wire::{deflate::{Deflater, inflate}, encode, frame::Opcode};
///
/// let text = "to be, or not to be: ".repeat(10);
/// let mut frame = Vec::new();
/// encode::frame(&mut frame, Opcode::Text, text.as_bytes());
/// let deflated = Deflater::new(3, 100).frame(&frame).expect("long enough, and it shrinks");
/// assert!(deflated.len() < 40);
/// // Behind a header of two bytes.
/// assert_eq!(inflate(&deflated[2..], 1024)?, text.as_bytes());
/// # Ok::<(), zocket_wire::error::ProtocolError>(())
/// ```
pub struct Deflater {
    level: flate2::Compression,
    threshold: usize,
    idle: Mutex<Vec<Compress>>,
    /// How many compressors are kept.
    max_idle: usize,
}

impl Deflater {
    /// A deflater for messages of at least `threshold` bytes, with a `level` from 1 (fast) to 9 (small); other values are
    /// clamped.
    #[must_use]
    pub fn new(level: u8, threshold: usize) -> Self {
        let level = flate2::Compression::new(level.clamp(1, 9).into());
        let max_idle = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self { level, threshold, idle: Mutex::default(), max_idle }
    }

    /// Payloads of fewer bytes are not compressed.
    #[must_use]
    pub fn threshold(&self) -> usize {
        self.threshold
    }

    /// The compressed form of a frame that is a whole text or binary message; `None` if it is below the threshold or would
    /// not shrink.
    #[must_use]
    pub fn frame(&self, plain: &[u8]) -> Option<Vec<u8>> {
        let (opcode, payload) = payload_of(plain)?;
        if payload.len() < self.threshold {
            return None;
        }
        let mut compress = self.take();
        let deflated = deflate(&mut compress, opcode, payload);
        self.give_back(compress);
        deflated
    }

    fn take(&self) -> Compress {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(mut compress) => {
                compress.reset();
                compress
            }
            None => Compress::new(self.level, false),
        }
    }

    fn give_back(&self, compress: Compress) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.max_idle {
            idle.push(compress);
        }
    }
}

impl fmt::Debug for Deflater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { level, threshold, .. } = self;
        f.debug_struct("Deflater")
            .field("level", &level.level())
            .field("threshold", threshold)
            .finish_non_exhaustive()
    }
}

fn deflate(compress: &mut Compress, opcode: Opcode, payload: &[u8]) -> Option<Vec<u8>> {
    // Room for the size of the plain frame and no more: output that fills it has not shrunk.
    let mut frame = Vec::with_capacity(FrameStart::ROOM + payload.len());
    let start = FrameStart::reserve(&mut frame);
    compress.compress_vec(payload, &mut frame, FlushCompress::Sync).ok()?;
    let is_whole = compress.total_in() == payload.len() as u64 && frame.len() < frame.capacity();
    if !is_whole || !frame.ends_with(&TAIL) {
        return None;
    }
    frame.truncate(frame.len() - TAIL.len());
    if frame.len() - FrameStart::ROOM >= payload.len() {
        return None;
    }
    start.finish(&mut frame, opcode);
    frame[0] |= RSV1;
    // Queues count frames by their length, so the capacity must not be larger.
    frame.shrink_to_fit();
    Some(frame)
}

#[cfg(test)]
mod tests {
    use super::{super::inflate, *};
    use crate::encode;

    fn text(payload: &str) -> Vec<u8> {
        let mut frame = Vec::new();
        encode::frame(&mut frame, Opcode::Text, payload.as_bytes());
        frame
    }

    fn deflater() -> Deflater {
        Deflater::new(3, 0)
    }

    #[test]
    fn the_hello_of_the_rfc() {
        // RFC 7692, 7.2.3.1 has seven bytes for five: not sent, since it does not shrink; what is sent inflates
        // again.
        assert_eq!(deflater().frame(&text("Hello")), None);
        let deflated = deflater().frame(&text(&"Hello".repeat(20))).unwrap();
        assert_eq!(deflated[0], 0xc1, "FIN, RSV1 and text");
        assert_eq!(usize::from(deflated[1]), deflated.len() - 2);
        assert_eq!(inflate(&deflated[2..], 100).unwrap(), "Hello".repeat(20).as_bytes());
    }

    #[test]
    fn what_does_not_shrink_and_what_is_small_stays_plain() {
        let mut state = 1_u32;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        let noise: Vec<u8> = noise.take(5000).collect();
        for length in [0, 1, 10, 126, 5000] {
            let mut frame = Vec::new();
            encode::frame(&mut frame, Opcode::Binary, &noise[..length]);
            assert!(deflater().frame(&frame).is_none(), "{length}");
        }
        let deflater = Deflater::new(3, 200);
        assert_eq!(deflater.frame(&text(&"a".repeat(199))), None);
        assert!(deflater.frame(&text(&"a".repeat(200))).is_some());
    }

    #[test]
    fn the_header_has_the_length_that_is_left_and_nothing_is_reserved_beyond_it() {
        let deflater = deflater();
        for length in [100, 1000, 70_000, 1_000_000] {
            let plain = text(&"some words, and ".repeat(length / 16));
            let deflated = deflater.frame(&plain).unwrap();
            let (opcode, payload) = payload_of(&deflated).unwrap();
            assert_eq!(opcode, Opcode::Text);
            assert_eq!(inflate(payload, length).unwrap(), payload_of(&plain).unwrap().1);
            assert!(
                deflated.capacity() <= deflated.len() + 16,
                "{} for {}",
                deflated.capacity(),
                deflated.len()
            );
        }
    }

    #[test]
    fn messages_leave_no_trace_in_each_other() {
        let deflater = deflater();
        let alone = deflater.frame(&text(&"abc".repeat(100)));
        assert!(deflater.frame(&text(&"abcabd".repeat(3000))).is_some());
        assert_eq!(deflater.frame(&text(&"abc".repeat(100))), alone);
    }

    #[test]
    fn any_level_means_the_nearest_there_is() {
        let plain = text(&"a text with some repetition, a text with some, and more of it ".repeat(9));
        let at = |level| Deflater::new(level, 0).frame(&plain);
        assert!(at(0).is_some());
        assert_eq!((at(0), at(u8::MAX)), (at(1), at(9)));
    }

    #[test]
    fn as_many_compressors_are_kept_as_there_are_cores() {
        let deflater = deflater();
        let taken: Vec<Compress> = (0..deflater.max_idle + 5).map(|_| deflater.take()).collect();
        taken.into_iter().for_each(|compress| deflater.give_back(compress));
        assert_eq!(deflater.idle.lock().unwrap().len(), deflater.max_idle);
    }
}
