#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod close;
pub mod codec;
pub mod decode;
pub mod deflate;
pub mod encode;
pub mod envelope;
pub mod error;
pub mod frame;
pub mod handshake;
pub mod json;
pub mod mask;
pub mod message;
pub mod msgpack;

/// The version of the protocol that this crate speaks, as contracts name it.
pub const PROTOCOL_VERSION: &str = "0.1";
/// The version that a client of this protocol sends at the handshake, as `x-zocket-version`.
pub const CLIENT_VERSION: &str = "0.1.0";

mod utf8;

#[cfg(test)]
mod tests;
