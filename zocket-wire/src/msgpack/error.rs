//! Why a MessagePack message was rejected.

use std::fmt;

use crate::json::MAX_DEPTH;

/// The message has no JSON equivalent, or is too long. The error contains nothing of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecodeError {
    /// It is invalid from this byte on: the client is told, and may continue.
    Invalid {
        /// What is wrong.
        fault: Fault,
        /// Where: the offset of the value into the message, in bytes.
        offset: usize,
    },
    /// As JSON it is longer than a message may be.
    TooLarge,
}

/// What is wrong with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It ends before its last value does, or announces more than it can contain.
    CutShort,
    /// There are bytes after it.
    GoesOn,
    /// The byte 0xc1, which is never used.
    Unused,
    /// An extension type other than that for numbers.
    Extension,
    /// The extension type for numbers, without a number.
    NumberExtension,
    /// NaN or an infinity.
    NotFinite,
    /// A map's key.
    KeyNotAString,
    /// A string.
    NotUtf8,
    /// Arrays and maps nest too deeply.
    TooDeep,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (fault, offset) = match self {
            Self::Invalid { fault, offset } => (fault, offset),
            Self::TooLarge => {
                return f.write_str("the message is too large as JSON; send several smaller ones");
            }
        };
        match fault {
            Fault::CutShort => {
                write!(f, "the message ends inside the value at byte {offset}; send it whole in one frame")
            }
            Fault::GoesOn => {
                write!(f, "the message goes on after its end at byte {offset}; send one map a frame")
            }
            Fault::Unused => {
                write!(f, "the message is not MessagePack from byte {offset} on: 0xc1 begins no value")
            }
            Fault::Extension => {
                write!(
                    f,
                    "the value at byte {offset} is of an extension type; send it as a number, string, array or map"
                )
            }
            Fault::NumberExtension => {
                write!(
                    f,
                    "the extension at byte {offset} holds no JSON number; write one as in \"340282366920938463463\""
                )
            }
            Fault::NotFinite => {
                write!(f, "the number at byte {offset} is NaN or infinite; send a finite one, or nil")
            }
            Fault::KeyNotAString => {
                write!(f, "the map key at byte {offset} is not a string; send keys as strings")
            }
            Fault::NotUtf8 => {
                write!(f, "the string at byte {offset} is not UTF-8; send bytes that are not text as bin")
            }
            Fault::TooDeep => {
                write!(f, "arrays and maps are nested too deep at byte {offset} ({MAX_DEPTH} levels at most)")
            }
        }
    }
}

impl std::error::Error for DecodeError {}
