//! The frame header: its fields, and the rules that it must follow whatever came before it.

use super::{error::ProtocolError, mask};

/// Which end of the connection decodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads from a client: every frame must be masked.
    Server,
    /// Reads from a server: no frame may be masked.
    Client,
}

impl Role {
    fn reads_masked(self) -> bool {
        self == Self::Server
    }
}

/// What both ends agreed on about frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rules {
    pub(super) role: Role,
    /// Messages may be compressed.
    pub(super) deflate: bool,
}

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Opcode {
    /// The next fragment of the open message.
    Continuation = 0x0,
    /// A text message, or its first fragment.
    Text = 0x1,
    /// A binary message, or its first fragment.
    Binary = 0x2,
    /// The close handshake.
    Close = 0x8,
    /// Asks for a pong with the same payload.
    Ping = 0x9,
    /// Answers a ping, or is an unsolicited sign of life.
    Pong = 0xa,
}

impl Opcode {
    /// Whether this is a control frame, which may come between the fragments of a message.
    #[inline]
    #[must_use]
    pub fn is_control(self) -> bool {
        self as u8 & 0x8 != 0
    }

    #[inline]
    fn parse(nibble: u8) -> Result<Self, ProtocolError> {
        Ok(match nibble {
            0x0 => Self::Continuation,
            0x1 => Self::Text,
            0x2 => Self::Binary,
            0x8 => Self::Close,
            0x9 => Self::Ping,
            0xa => Self::Pong,
            other => return Err(ProtocolError::UnknownOpcode(other)),
        })
    }
}

/// FIN, in the first byte of a header.
pub(super) const FIN: u8 = 0x80;
/// RSV1 to RSV3, in the first byte.
const RESERVED: u8 = 0x70;
/// RSV1: the first frame of a compressed message (RFC 7692, section 6).
pub(super) const RSV1: u8 = 0x40;
/// MASK, in the second byte.
pub(super) const MASK: u8 = 0x80;
/// The longest payload of a control frame, in bytes.
pub(super) const MAX_CONTROL: usize = 125;
/// A 7-bit length of 126 announces 16 bits of length, 127 announces 64.
pub(super) const LENGTH_16: u8 = 126;
pub(super) const LENGTH_64: u8 = 127;

/// The longest header: two bytes, a 64-bit length and a key.
pub(super) const MAX_HEADER: usize = 14;

/// A frame's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) fin: bool,
    pub(super) opcode: Opcode,
    /// This and the frames that continue it are a compressed message.
    pub(super) compressed: bool,
    pub(super) key: Option<[u8; 4]>,
    /// The announced length of the payload in bytes; below 2^63.
    pub(super) payload: u64,
}

impl Header {
    /// Reads the header at the front of `input`. Returns it and its own length, or `None` if more bytes are
    /// needed.
    ///
    /// # Errors
    /// The header is invalid by itself; reported as soon as a byte shows it, even if the header is incomplete.
    /// Lengths do not have to be in their shortest form.
    #[inline]
    pub(super) fn parse(input: &[u8], rules: Rules) -> Result<Option<(Self, usize)>, ProtocolError> {
        let Some(&first) = input.first() else { return Ok(None) };
        let compressed = first & RESERVED == RSV1 && rules.deflate;
        if first & RESERVED != 0 && !compressed {
            return Err(ProtocolError::ReservedBits);
        }
        let (fin, opcode) = (first & FIN != 0, Opcode::parse(first & 0x0f)?);
        if compressed && !matches!(opcode, Opcode::Text | Opcode::Binary) {
            return Err(ProtocolError::MisplacedCompression);
        }
        if opcode.is_control() && !fin {
            return Err(ProtocolError::FragmentedControl);
        }

        let Some(&second) = input.get(1) else { return Ok(None) };
        let masked = second & MASK != 0;
        if masked != rules.role.reads_masked() {
            return Err(if masked { ProtocolError::MaskForbidden } else { ProtocolError::MaskMissing });
        }
        let short = second & !MASK;
        if opcode.is_control() && usize::from(short) > MAX_CONTROL {
            return Err(ProtocolError::ControlTooLong);
        }

        let rest = &input[2..];
        let (payload, rest) = match short {
            LENGTH_16 => match rest.split_first_chunk() {
                Some((length, rest)) => (u64::from(u16::from_be_bytes(*length)), rest),
                None => return Ok(None),
            },
            LENGTH_64 => match rest.split_first_chunk() {
                Some((length, rest)) => (u64::from_be_bytes(*length), rest),
                None => return Ok(None),
            },
            short => (u64::from(short), rest),
        };
        if payload >> 63 != 0 {
            return Err(ProtocolError::LengthOverflow);
        }

        let (key, rest) = if masked {
            match rest.split_first_chunk() {
                Some((key, rest)) => (Some(*key), rest),
                None => return Ok(None),
            }
        } else {
            (None, rest)
        };
        Ok(Some((Self { fin, opcode, compressed, key, payload }, input.len() - rest.len())))
    }

    /// Unmasks the next `piece` of this frame's payload in place, and rotates the key for the piece after it.
    #[inline]
    pub(super) fn unmask(&mut self, piece: &mut [u8]) {
        if let Some(key) = &mut self.key {
            mask::apply(*key, piece);
            *key = mask::advance(*key, piece.len());
        }
    }
}
