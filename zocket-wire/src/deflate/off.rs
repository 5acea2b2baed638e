//! Without the feature: a type that has no value, so code that would use it compiles to nothing.

use crate::error::ProtocolError;

/// Compresses messages. Without the feature `compression`, this type has no value.
#[derive(Debug)]
pub enum Deflater {}

impl Deflater {
    /// Payloads of fewer bytes are not compressed.
    #[must_use]
    pub fn threshold(&self) -> usize {
        match *self {}
    }

    /// The compressed form of a frame, if there is one.
    #[must_use]
    pub fn frame(&self, _: &[u8]) -> Option<Vec<u8>> {
        match *self {}
    }
}

/// Without the feature `compression`, nothing can be inflated: a connection must not agree on it.
///
/// # Errors
/// Always.
pub fn inflate(_: &[u8], _: usize) -> Result<Vec<u8>, ProtocolError> {
    Err(ProtocolError::CorruptCompression)
}
