//! Other forms of a message: compressed, and in MessagePack.

use std::fmt;

use crate::wire::{
    deflate::{self, Compression, Deflater},
    msgpack,
};

/// Inflates a message's payload to at most `limit` bytes.
///
/// # Errors
/// The code of the close frame that answers it.
pub fn inflate(payload: &[u8], limit: usize) -> Result<Vec<u8>, u16> {
    deflate::inflate(payload, limit).map_err(|error| error.close_code())
}

/// Compresses messages.
pub struct Packer(Deflater);

impl Packer {
    /// One with a level of effort, for messages of any length.
    #[must_use]
    pub fn new(level: u8) -> Self {
        Self(Deflater::new(Compression::new().level(level).threshold(0)))
    }

    /// The compressed form of a server's frame, where it is smaller.
    #[must_use]
    pub fn frame(&self, plain: &[u8]) -> Option<Vec<u8>> {
        self.0.frame(plain)
    }
}

impl fmt::Debug for Packer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packer").finish_non_exhaustive()
    }
}

/// Rewrites MessagePack as JSON of at most `limit` bytes.
///
/// # Errors
/// What the client is told.
pub fn msgpack_to_json(message: &[u8], json: &mut String, limit: usize) -> Result<(), String> {
    msgpack::to_json(message, json, limit).map_err(|refused| refused.to_string())
}

/// Rewrites JSON as MessagePack.
///
/// # Errors
/// What is wrong with the JSON.
pub fn json_to_msgpack(json: &str, out: &mut Vec<u8>) -> Result<(), String> {
    msgpack::from_json(json, out).map_err(|error| error.to_string())
}
