//! Compressed messages against a decoder that is simple and slow, and back again.

use zocket_wire::{
    deflate::{Deflater, inflate},
    error::ProtocolError,
};

use crate::deflate_model::{Fault, message};

thread_local! {
    static DEFLATERS: [Deflater; 2] = [Deflater::new(1, 0), Deflater::new(6, 0)];
}

/// Inflates `data`, its first byte apart, which chooses the limit; then compresses it and inflates that.
///
/// # Panics
/// If both decoders differ, a limit is broken, or a message does not come back as it was.
pub fn run(data: &[u8]) {
    let Some((choice, payload)) = data.split_first() else { return };
    let limit = [0, 1, 100, 1000, 4096, 20_000, 65_536, 1 << 20][usize::from(choice & 7)];
    let ours = inflate(payload, limit);
    match (&ours, message(payload, limit)) {
        (Ok(ours), Ok(theirs)) => assert_eq!(*ours, theirs),
        (Err(ProtocolError::MessageTooLarge { .. }), Err(Fault::TooLarge))
        | (Err(ProtocolError::CorruptCompression), Err(Fault::Corrupt)) => {}
        // Both are wrong with it, and zlib looks ahead.
        (Err(ProtocolError::CorruptCompression), Err(Fault::TooLarge)) => {
            assert_eq!(message(payload, usize::MAX), Err(Fault::Corrupt));
        }
        (ours, theirs) => panic!("ours: {ours:?}, theirs: {theirs:?}, limit {limit}"),
    }
    // A compressor is slow to set up: not every run needs one.
    if choice & 0x10 != 0 {
        round_trip(payload, usize::from(choice >> 3 & 1));
    }
}

/// A server's frame with this payload, compressed and inflated.
fn round_trip(payload: &[u8], deflater: usize) {
    let mut frame = vec![0x82];
    match u16::try_from(payload.len()) {
        Ok(length @ ..=125) => frame.push(length as u8),
        Ok(length) => {
            frame.push(126);
            frame.extend_from_slice(&length.to_be_bytes());
        }
        Err(_) => return,
    }
    frame.extend_from_slice(payload);
    let Some(deflated) = DEFLATERS.with(|deflaters| deflaters[deflater].frame(&frame)) else { return };
    assert!(deflated.len() < frame.len(), "it did not shrink");
    assert_eq!(deflated[0], 0xc2, "RSV1 marks it");
    let header = match deflated[1] {
        126 => 4,
        127 => 10,
        _ => 2,
    };
    assert_eq!(inflate(&deflated[header..], payload.len()).as_deref(), Ok(payload));
    assert_eq!(message(&deflated[header..], payload.len()).as_deref(), Ok(payload));
}
