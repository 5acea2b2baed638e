//! The WebSocket wire (RFC 6455) without any input or output: bytes in, events out, and back.
//!
//! [`decode::Decoder`] takes whatever a read brought and yields messages and control frames; [`encode`] writes
//! frames into buffers the caller owns. Nothing here knows of sockets, tasks or time.

pub(crate) mod backlog;
pub(crate) mod close;
pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod envelope;
pub(crate) mod error;
pub(crate) mod frame;
pub(crate) mod json;
pub(crate) mod message;

mod assembly;
mod mask;
mod utf8;

#[cfg(test)]
mod tests;
