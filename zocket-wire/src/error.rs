//! Protocol violations by a peer, and the close codes for them.

use std::fmt;

use super::close::{CloseCode, InvalidCloseCode};

/// How many frames a message may have that are empty and do not finish it.
///
/// The RFC allows any number; with this bound a message of n bytes ends after at most n + 33 frames, so a
/// peer cannot keep one open forever without reaching the size limit. No known client sends more than a few.
pub(crate) const MAX_EMPTY_FRAGMENTS: u8 = 32;

/// A violation by the peer. It ends the connection: the peer gets a close frame with [`Self::close_code`].
///
/// The `Display` text contains nothing that the peer sent except numbers, and fits into a close frame's
/// reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProtocolError {
    /// RSV1, RSV2 or RSV3 is set and no extension gives it a meaning.
    ReservedBits,
    /// RSV1, which marks a compressed message, on a frame that does not start a message.
    MisplacedCompression,
    /// A compressed message is not DEFLATE data, or is truncated.
    CorruptCompression,
    /// An opcode that RFC 6455 leaves undefined.
    UnknownOpcode(u8),
    /// A close, ping or pong without FIN.
    FragmentedControl,
    /// A close, ping or pong of more than 125 bytes.
    ControlTooLong,
    /// A client must mask its frames.
    MaskMissing,
    /// A server must not mask its frames.
    MaskForbidden,
    /// A 64-bit length with its top bit set.
    LengthOverflow,
    /// A continuation frame while no message is open.
    NothingToContinue,
    /// A text or binary frame while a fragmented message is open.
    MessageInsideMessage,
    /// A close payload of one byte: too short for a code.
    TruncatedCloseCode,
    /// A close code that must not appear on the wire.
    InvalidCloseCode(u16),
    /// The reason in a close frame is not UTF-8.
    InvalidCloseReason,
    /// A text message is not UTF-8.
    InvalidText,
    /// The frames of a message announce more than `limit` bytes.
    MessageTooLarge {
        /// The limit in bytes of payload.
        limit: usize,
    },
    /// A MessagePack message is longer than `limit` bytes as JSON.
    TooLargeAsJson {
        /// The limit in bytes of JSON.
        limit: usize,
    },
    /// A message is kept open with empty frames.
    TooManyEmptyFragments,
}

impl ProtocolError {
    /// The code of the close frame that answers this violation.
    #[must_use]
    pub fn close_code(self) -> CloseCode {
        match self {
            Self::InvalidText | Self::InvalidCloseReason | Self::CorruptCompression => {
                CloseCode::INVALID_DATA
            }
            Self::MessageTooLarge { .. } | Self::TooLargeAsJson { .. } => CloseCode::TOO_LARGE,
            // Legal by the RFC, so not 1002: it is this server's policy.
            Self::TooManyEmptyFragments => CloseCode::POLICY,
            _ => CloseCode::PROTOCOL,
        }
    }
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReservedBits => f.write_str(
                "a frame sets a reserved bit that no negotiated extension uses: clear RSV1 to RSV3",
            ),
            Self::MisplacedCompression => f.write_str(
                "RSV1 is set on a control or continuation frame: set it on a message's first frame only",
            ),
            Self::CorruptCompression => f.write_str(
                "a compressed message is not whole DEFLATE data: begin each without the context of the last",
            ),
            Self::UnknownOpcode(opcode) => {
                write!(
                    f,
                    "frame opcode {opcode:#x} is undefined: use text, binary, continuation, close, ping or pong"
                )
            }
            Self::FragmentedControl => {
                f.write_str("a control frame is fragmented: send each close, ping and pong as one frame")
            }
            Self::ControlTooLong => {
                f.write_str("a control frame carries more than 125 bytes: shorten its payload")
            }
            Self::MaskMissing => {
                f.write_str("a frame is not masked: a client must mask every frame it sends")
            }
            Self::MaskForbidden => f.write_str("a frame is masked: a server must send its frames unmasked"),
            Self::LengthOverflow => f.write_str(
                "a frame length has its top bit set: send a length below 2^63 in network byte order",
            ),
            Self::NothingToContinue => f.write_str(
                "a continuation frame continues nothing: begin messages with a text or binary frame",
            ),
            Self::MessageInsideMessage => f.write_str(
                "a message began inside a fragmented one: finish that with a continuation frame first",
            ),
            Self::TruncatedCloseCode => {
                f.write_str("a close frame carries one byte: send no payload or a code of two bytes")
            }
            Self::InvalidCloseCode(code) => InvalidCloseCode(*code).fmt(f),
            Self::InvalidCloseReason => {
                f.write_str("a close reason is not UTF-8: encode it as UTF-8 or omit it")
            }
            Self::InvalidText => f.write_str("a text message is not UTF-8: encode the text as UTF-8"),
            Self::MessageTooLarge { limit } => {
                write!(f, "a message exceeds the limit of {limit} bytes: send several smaller messages")
            }
            Self::TooLargeAsJson { limit } => {
                write!(
                    f,
                    "a message exceeds the limit of {limit} bytes as JSON: send several smaller messages"
                )
            }
            Self::TooManyEmptyFragments => {
                write!(
                    f,
                    "a message has more than {MAX_EMPTY_FRAGMENTS} empty fragments: put data in them or finish it"
                )
            }
        }
    }
}

impl std::error::Error for ProtocolError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_fits_into_a_close_reason() {
        let all = [
            ProtocolError::ReservedBits,
            ProtocolError::MisplacedCompression,
            ProtocolError::CorruptCompression,
            ProtocolError::UnknownOpcode(0xf),
            ProtocolError::FragmentedControl,
            ProtocolError::ControlTooLong,
            ProtocolError::MaskMissing,
            ProtocolError::MaskForbidden,
            ProtocolError::LengthOverflow,
            ProtocolError::NothingToContinue,
            ProtocolError::MessageInsideMessage,
            ProtocolError::TruncatedCloseCode,
            ProtocolError::InvalidCloseCode(u16::MAX),
            ProtocolError::InvalidCloseReason,
            ProtocolError::InvalidText,
            ProtocolError::MessageTooLarge { limit: usize::MAX },
            ProtocolError::TooLargeAsJson { limit: usize::MAX },
            ProtocolError::TooManyEmptyFragments,
        ];
        for error in all {
            let text = error.to_string();
            assert!(text.len() <= crate::close::MAX_REASON, "{} bytes: {text}", text.len());
            assert!(text.contains(": "), "no way out in: {text}");
        }
    }
}
