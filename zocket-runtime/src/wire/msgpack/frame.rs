//! Frames of MessagePack.

use serde::ser::Error as _;

use super::from_json;
use crate::wire::{
    encode::{FrameStart, payload_of},
    frame::Opcode,
};

/// Appends a binary frame with what is `json`; nothing where that fails.
///
/// # Errors
/// As [`from_json()`], and where the bytes are not UTF-8.
pub(crate) fn frame(json: &[u8], out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    let json = simdutf8::basic::from_utf8(json).map_err(serde_json::Error::custom)?;
    let start = FrameStart::reserve(out);
    match from_json(json, out) {
        Ok(()) => {
            start.finish(out, Opcode::Binary);
            Ok(())
        }
        Err(error) => {
            start.abandon(out);
            Err(serde_json::Error::custom(error))
        }
    }
}

/// The same for a whole frame of JSON, as the server writes it.
///
/// # Errors
/// As [`frame()`].
pub(crate) fn reframe(json: &[u8], out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    match payload_of(json) {
        Some((Opcode::Text, json)) => frame(json, out),
        _ => Err(serde_json::Error::custom("not a frame of text")),
    }
}
