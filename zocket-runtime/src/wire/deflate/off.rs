//! Without the feature: types that have no value, so that whatever would use them compiles to nothing.

use crate::wire::error::ProtocolError;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Compression {}

pub(crate) enum Deflater {}

impl Deflater {
    pub(crate) fn new(settings: Compression) -> Self {
        match settings {}
    }

    pub(crate) fn threshold(&self) -> usize {
        match *self {}
    }

    pub(crate) fn frame(&self, _: &[u8]) -> Option<Vec<u8>> {
        match *self {}
    }
}

/// Never called: no connection has agreed on compressed messages.
pub(crate) fn inflate(_: &[u8], _: usize) -> Result<Vec<u8>, ProtocolError> {
    Err(ProtocolError::CorruptCompression)
}
