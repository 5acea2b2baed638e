//! Frames out, compressed.

use std::{
    num::NonZero,
    sync::{Mutex, PoisonError},
};

use flate2::{Compress, FlushCompress};

use super::Compression;
use crate::wire::{
    encode::{FrameStart, payload_of},
    frame::{Opcode, RSV1},
};

/// What every compressed message ends with, and the wire leaves out (RFC 7692, 7.2.1).
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];

/// Compresses the messages of a server.
///
/// The compressors (some 270 KB each) are the server's: as many are kept as there are cores, whoever sends. A lock held for
/// some ten nanoseconds beside the ten microseconds of compressing is not felt; a compressor for each thread would
/// be, by a server that sends from hundreds of blocking threads.
pub(crate) struct Deflater {
    settings: Compression,
    idle: Mutex<Vec<Compress>>,
    /// How many compressors are kept.
    most: usize,
}

impl Deflater {
    pub(crate) fn new(settings: Compression) -> Self {
        let most = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self { settings, idle: Mutex::default(), most }
    }

    /// Payloads of fewer bytes are not compressed.
    pub(crate) fn threshold(&self) -> usize {
        self.settings.threshold
    }

    /// The compressed form of a frame, which is a whole text or binary message; `None` where it is below the threshold, or
    /// would not shrink.
    pub(crate) fn frame(&self, plain: &[u8]) -> Option<Vec<u8>> {
        let (opcode, payload) = payload_of(plain)?;
        if payload.len() < self.settings.threshold {
            return None;
        }
        let mut compress = self.take();
        let packed = pack(&mut compress, opcode, payload);
        self.give_back(compress);
        packed
    }

    fn take(&self) -> Compress {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(mut compress) => {
                compress.reset();
                compress
            }
            None => Compress::new(flate2::Compression::new(self.settings.level.into()), false),
        }
    }

    fn give_back(&self, compress: Compress) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.most {
            idle.push(compress);
        }
    }
}

fn pack(compress: &mut Compress, opcode: Opcode, payload: &[u8]) -> Option<Vec<u8>> {
    // Room for as much as the plain frame has, and no more: what fills it has not shrunk.
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
    // What waits in a queue is counted by its length: it must not hold more than that.
    frame.shrink_to_fit();
    Some(frame)
}

#[cfg(test)]
mod tests {
    use super::{super::inflate, *};
    use crate::wire::encode;

    fn text(payload: &str) -> Vec<u8> {
        let mut frame = Vec::new();
        encode::frame(&mut frame, Opcode::Text, payload.as_bytes());
        frame
    }

    fn deflater() -> Deflater {
        Deflater::new(Compression::new().threshold(0))
    }

    #[test]
    fn the_hello_of_the_rfc() {
        // Seven bytes for five, in RFC 7692, 7.2.3.1: not sent, since it does not shrink; what is, inflates again.
        assert_eq!(deflater().frame(&text("Hello")), None);
        let packed = deflater().frame(&text(&"Hello".repeat(20))).unwrap();
        assert_eq!(packed[0], 0xc1, "FIN, RSV1 and text");
        assert_eq!(usize::from(packed[1]), packed.len() - 2);
        assert_eq!(inflate(&packed[2..], 100).unwrap(), "Hello".repeat(20).as_bytes());
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
        let deflater = Deflater::new(Compression::new().threshold(200));
        assert_eq!(deflater.frame(&text(&"a".repeat(199))), None);
        assert!(deflater.frame(&text(&"a".repeat(200))).is_some());
    }

    #[test]
    fn the_header_has_the_length_that_is_left_and_nothing_is_reserved_beyond_it() {
        let deflater = deflater();
        for length in [100, 1000, 70_000, 1_000_000] {
            let plain = text(&"some words, and ".repeat(length / 16));
            let packed = deflater.frame(&plain).unwrap();
            let (opcode, payload) = payload_of(&packed).unwrap();
            assert_eq!(opcode, Opcode::Text);
            assert_eq!(inflate(payload, length).unwrap(), payload_of(&plain).unwrap().1);
            assert!(packed.capacity() <= packed.len() + 16, "{} for {}", packed.capacity(), packed.len());
        }
    }

    #[test]
    fn messages_leave_no_trace_in_each_other() {
        let deflater = deflater();
        let alone = deflater.frame(&text(&"abc".repeat(100)));
        deflater.frame(&text(&"abcabd".repeat(3000)));
        assert_eq!(deflater.frame(&text(&"abc".repeat(100))), alone);
    }

    #[test]
    fn as_many_compressors_are_kept_as_there_are_cores() {
        let deflater = deflater();
        let taken: Vec<Compress> = (0..deflater.most + 5).map(|_| deflater.take()).collect();
        taken.into_iter().for_each(|compress| deflater.give_back(compress));
        assert_eq!(deflater.idle.lock().unwrap().len(), deflater.most);
    }
}
