//! Frames of MessagePack.

use serde::ser::Error as _;

use super::from_json;
use crate::{
    encode::{FrameStart, payload_of},
    frame::Opcode,
};

/// Appends a binary frame with the equivalent of `json`, or nothing if that fails.
///
/// # Errors
/// Those of [`from_json()`], or the bytes are not UTF-8.
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

/// Appends a binary frame with the equivalent of the JSON in a complete text frame, as a server writes it, or nothing
/// if that fails.
///
/// # Errors
/// Those of [`from_json()`], or the frame is not UTF-8 text.
pub fn reframe(json: &[u8], out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    match payload_of(json) {
        Some((Opcode::Text, json)) => frame(json, out),
        _ => Err(serde_json::Error::custom("not a frame of text")),
    }
}
