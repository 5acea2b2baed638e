//! The WebSocket wire (RFC 6455) without any input or output: bytes in, events out, and back.
//!
//! [`decode::Decoder`] takes whatever a read brought and yields messages and control frames; [`encode`] writes
//! frames into buffers the caller owns. Nothing here knows of sockets, tasks or time.

pub(crate) mod backlog;
pub(crate) mod close;
pub(crate) mod codec;
pub(crate) mod decode;
pub(crate) mod deflate;
pub(crate) mod encode;
pub(crate) mod envelope;
pub(crate) mod error;
pub(crate) mod frame;
pub(crate) mod json;
pub(crate) mod message;
pub(crate) mod msgpack;

mod assembly;
mod mask;
mod utf8;

#[cfg(feature = "internals")]
pub(crate) use mask::apply as apply_mask;

#[cfg(test)]
mod tests;
