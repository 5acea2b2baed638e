//! Why a message is not an envelope.

use std::fmt;

use super::{MAX_RPC_ID, RpcIdRef};
use crate::json::TooDeep;

/// A message that is not an envelope. It contains nothing of the message except the `rpcId`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadMessage<'a> {
    /// What is wrong.
    pub fault: Fault,
    /// The `rpcId`, if it was read before the fault: the error reply carries it.
    pub rpc_id: Option<RpcIdRef<'a>>,
}

/// What is wrong with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Not JSON from this byte on.
    NotJson {
        /// Offset into the message, in bytes.
        offset: usize,
    },
    /// Nested too deeply from this byte on.
    TooDeep {
        /// Offset into the message, in bytes.
        offset: usize,
    },
    /// JSON, but not an object.
    NotAnObject,
    /// No `type`.
    NoType,
    /// `type` is not a string.
    TypeNotAString,
    /// One of the envelope's keys is repeated, so it is ambiguous.
    DuplicateKey(&'static str),
    /// `rpcId` is neither a string nor null.
    RpcIdNotAString,
    /// `rpcId` is longer than 256 bytes.
    RpcIdTooLong,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotJson { offset } => {
                write!(f, "the message is not JSON from byte {offset} on; send one JSON object a frame")
            }
            Fault::TooDeep { offset } => {
                write!(f, "the message is {TooDeep} at byte {offset}; send it flatter")
            }
            Fault::NotAnObject => {
                f.write_str("the message is not a JSON object; send {\"type\": …, \"payload\": …}")
            }
            Fault::NoType => f.write_str("the message has no \"type\"; set it to the name of a route"),
            Fault::TypeNotAString => f.write_str("\"type\" is not a string; set it to the name of a route"),
            Fault::DuplicateKey(key) => write!(f, "the message has more than one \"{key}\"; send it once"),
            Fault::RpcIdNotAString => {
                f.write_str("\"rpcId\" is not a string; send a string, or leave it out")
            }
            Fault::RpcIdTooLong => {
                write!(f, "\"rpcId\" is too long; send {MAX_RPC_ID} bytes at most, its quotes included")
            }
        }
    }
}

impl fmt::Display for BadMessage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.fmt(f)
    }
}

impl std::error::Error for BadMessage<'_> {}
