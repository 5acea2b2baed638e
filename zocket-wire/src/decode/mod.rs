//! Decodes a peer's bytes into messages and control frames.

mod assembly;

use std::ops::Range;

use crate::{
    close::CloseCode,
    deflate,
    error::ProtocolError,
    frame::{Header, Opcode, Role, Rules},
};
use assembly::Assembly;

/// A complete message or control frame. Payloads stay in the input or in the decoder until the next call.
#[derive(Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A text message.
    Text(&'a str),
    /// A binary message.
    Binary(&'a [u8]),
    /// To be answered with a pong that has the same payload, at most 125 bytes.
    Ping(&'a [u8]),
    /// The answer to a ping, or an unsolicited pong.
    Pong(&'a [u8]),
    /// The code and reason, if any. It is the last event of a decoder.
    Close(Option<(CloseCode, &'a str)>),
}

/// What one call of [`Decoder::next`] did.
#[derive(Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// How many bytes from the front of the input are used up; all of them if `event` is `None`.
    pub consumed: usize,
    /// The next event; `None` if more input is needed.
    pub event: Option<Event<'a>>,
}

/// Turns one connection's input into events, however frames and fragments are split across reads.
///
/// A message that is in the input completely, in one frame, is unmasked in place and borrowed: no copy, no allocation.
/// Anything else is collected on the heap as it arrives, each byte unmasked, validated and copied once, and is released by
/// the first call after its event. The same goes for a compressed message and its inflated form. An idle decoder is three
/// words and owns nothing.
///
/// ```
/// use zocket_wire::decode::{Decoder, Event, Step};
/// use zocket_wire::frame::Role;
///
/// let mut decoder = Decoder::new(Role::Client, 1024);
/// let mut messages = Vec::new();
/// // A text message and a ping, as the reads happened to cut them.
/// for mut read in [b"\x81\x05he".to_vec(), b"llo\x89".to_vec(), b"\x00".to_vec()] {
///     let mut rest = &mut read[..];
///     loop {
///         let Step { consumed, event } = decoder.next(rest)?;
///         match event {
///             Some(Event::Text(text)) => messages.push(text.to_owned()),
///             Some(Event::Ping(_)) => messages.push("ping".to_owned()),
///             Some(_) => {}
///             // Not sooner: this call releases what the last event held.
///             None => break,
///         }
///         rest = &mut rest[consumed..];
///     }
/// }
/// assert_eq!(messages, ["hello", "ping"]);
/// # Ok::<(), zocket_wire::error::ProtocolError>(())
/// ```
#[derive(Debug)]
pub struct Decoder {
    max_message: usize,
    /// A frame split across reads, or a fragmented message; most of the time neither.
    assembly: Option<Box<Assembly>>,
    rules: Rules,
    finished: bool,
}

/// Where an event is. It does not borrow the decoder, so an error can still change the decoder.
#[derive(Debug)]
pub(super) enum Found {
    /// Nowhere yet: all of the input is used up.
    Nothing,
    /// In the input, unmasked.
    Whole { opcode: Opcode, compressed: bool, payload: Range<usize> },
    /// In the assembly's message.
    Message { consumed: usize },
    /// In the assembly's payload.
    Payload { opcode: Opcode, consumed: usize },
}

impl Found {
    /// The complete frame whose payload begins at `at`, unmasked; `None` if it is cut off by the end of
    /// `input`.
    #[inline]
    pub(super) fn whole(mut header: Header, at: usize, input: &mut [u8]) -> Option<Self> {
        let end = at.checked_add(usize::try_from(header.payload).ok()?)?;
        header.unmask(input.get_mut(at..end)?);
        Some(Self::Whole { opcode: header.opcode, compressed: header.compressed, payload: at..end })
    }
}

impl Decoder {
    /// A decoder for the end with this `role`, which rejects messages of more than `max_message` bytes.
    #[must_use]
    pub fn new(role: Role, max_message: usize) -> Self {
        let rules = Rules { role, deflate: false };
        Self { max_message, assembly: None, rules, finished: false }
    }

    /// Accepts compressed messages as well, if both ends have agreed on them.
    #[must_use]
    pub fn permessage_deflate(mut self, deflate: bool) -> Self {
        self.rules.deflate = deflate;
        self
    }

    /// Discards everything from here on: the caller rejected a message.
    pub fn stop(&mut self) {
        self.finished = true;
    }

    /// Takes the next event from the front of `input`, unmasking in place.
    ///
    /// Call it until it yields no event; then all of the input is used up and the buffer is free for the next
    /// read. After a close frame or an error it yields nothing more and discards further input, as the RFC
    /// requires: an error is reported once.
    ///
    /// # Errors
    /// The peer violated the protocol or a limit: answer with [`ProtocolError::close_code`] and close the
    /// connection.
    #[inline]
    pub fn next<'a>(&'a mut self, input: &'a mut [u8]) -> Result<Step<'a>, ProtocolError> {
        if self.finished || self.assembly.is_some() && !self.is_mid_message() {
            self.assembly = None;
        }
        if self.finished {
            return Ok(Step { consumed: input.len(), event: None });
        }
        let found = match self.locate(input) {
            Ok(Found::Whole { opcode, compressed: false, payload }) => {
                let consumed = payload.end;
                let event = event(opcode, &input[payload], &mut self.finished)?;
                return Ok(Step { consumed, event: Some(event) });
            }
            Ok(Found::Whole { opcode, compressed: true, payload }) => {
                let consumed = payload.end;
                let assembly = self.assembly.get_or_insert_default();
                let inflated = assembly.inflate(&input[payload], self.max_message);
                inflated.map(|()| Found::Payload { opcode, consumed })
            }
            other => other,
        };
        match found {
            Ok(found) => self.collected(found, input.len()),
            Err(error) => {
                self.finished = true;
                self.assembly = None;
                Err(error)
            }
        }
    }

    /// Looks ahead for a close frame in bytes that are passed to [`next`](Self::next) later, without consuming them. Returns its
    /// code, if it has one, as soon as the whole frame is there.
    ///
    /// `looked` is `None` at first. It is kept for the next look at the same bytes with more appended, and says where the first
    /// frame begins that has not been looked at. If you remove bytes from the front, subtract their number from it.
    #[must_use]
    pub fn find_close(&self, pending: &[u8], looked: &mut Option<usize>) -> Option<Option<CloseCode>> {
        let begun = || self.assembly.as_ref().map_or(Some(0), |assembly| assembly.left(pending, self.rules));
        let mut at = looked.or_else(begun)?;
        loop {
            *looked = Some(at);
            // Errors are left for `next` to report: until then the look ahead stops there.
            let (mut header, length) = Header::parse(pending.get(at..)?, self.rules).ok()??;
            let payload = at.checked_add(length)?;
            let end = payload.checked_add(usize::try_from(header.payload).ok()?)?;
            if header.opcode == Opcode::Close {
                let mut status = pending.get(payload..end)?.to_vec();
                header.unmask(&mut status);
                return Some(close_status(&status).ok()?.map(|(code, _)| code));
            }
            at = end;
        }
    }

    /// Whether a frame or a message is incomplete. This state should have a deadline.
    #[must_use]
    pub fn is_mid_message(&self) -> bool {
        self.assembly.as_ref().is_some_and(|assembly| assembly.is_waiting())
    }

    #[inline]
    fn locate(&mut self, input: &mut [u8]) -> Result<Found, ProtocolError> {
        if self.assembly.is_none() {
            let Some((header, at)) = Header::parse(input, self.rules)? else {
                return self.collect(input);
            };
            if header.opcode.is_control() || header.fin && header.opcode != Opcode::Continuation {
                if !header.opcode.is_control() {
                    checked_length(&header, 0, header.compressed, self.max_message)?;
                }
                if let Some(found) = Found::whole(header, at, input) {
                    return Ok(found);
                }
            }
        }
        self.collect(input)
    }

    /// The slow path: frames split across reads, and fragmented messages.
    #[cold]
    fn collect(&mut self, input: &mut [u8]) -> Result<Found, ProtocolError> {
        if input.is_empty() {
            return Ok(Found::Nothing);
        }
        self.assembly.get_or_insert_default().collect(input, self.rules, self.max_message)
    }

    #[cold]
    fn collected(&mut self, found: Found, input_len: usize) -> Result<Step<'_>, ProtocolError> {
        let nothing = Step { consumed: input_len, event: None };
        let Some(assembly) = &self.assembly else { return Ok(nothing) };
        Ok(match found {
            Found::Message { consumed } => Step { consumed, event: assembly.message() },
            Found::Payload { opcode, consumed } => {
                Step { consumed, event: Some(event(opcode, assembly.payload(), &mut self.finished)?) }
            }
            Found::Nothing | Found::Whole { .. } => nothing,
        })
    }

    /// The bytes of heap this decoder owns: none while it is idle.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.assembly.as_ref().map_or(0, |assembly| size_of::<Assembly>() + assembly.heap_bytes())
    }
}

/// The length of a message of `already` bytes plus one more frame.
///
/// # Errors
/// It exceeds `limit` bytes, or certainly will when inflated.
#[inline]
pub(super) fn checked_length(
    frame: &Header,
    already: usize,
    compressed: bool,
    limit: usize,
) -> Result<usize, ProtocolError> {
    let max = if compressed { deflate::compressed_limit(limit) } else { limit };
    usize::try_from(frame.payload)
        .ok()
        .and_then(|payload| payload.checked_add(already))
        .filter(|total| *total <= max)
        .ok_or(ProtocolError::MessageTooLarge { limit })
}

/// The event in a complete frame; `finished` becomes true if it is the last.
#[inline]
fn event<'a>(opcode: Opcode, payload: &'a [u8], finished: &mut bool) -> Result<Event<'a>, ProtocolError> {
    Ok(match opcode {
        Opcode::Text => match simdutf8::basic::from_utf8(payload) {
            Ok(text) => Event::Text(text),
            Err(_) => {
                *finished = true;
                return Err(ProtocolError::InvalidText);
            }
        },
        // A continuation is never complete by itself; it becomes part of the assembly's message.
        Opcode::Binary | Opcode::Continuation => Event::Binary(payload),
        Opcode::Ping => Event::Ping(payload),
        Opcode::Pong => Event::Pong(payload),
        Opcode::Close => {
            *finished = true;
            Event::Close(close_status(payload)?)
        }
    })
}

/// Reads a close frame's payload; `None` if it is empty.
///
/// # Errors
/// One byte of payload, a code that may not be sent, or a reason that is not UTF-8.
fn close_status(payload: &[u8]) -> Result<Option<(CloseCode, &str)>, ProtocolError> {
    let Some((code, reason)) = payload.split_first_chunk() else {
        return if payload.is_empty() { Ok(None) } else { Err(ProtocolError::TruncatedCloseCode) };
    };
    let code = u16::from_be_bytes(*code);
    let code = CloseCode::new(code).ok_or(ProtocolError::InvalidCloseCode(code))?;
    let reason = std::str::from_utf8(reason).map_err(|_| ProtocolError::InvalidCloseReason)?;
    Ok(Some((code, reason)))
}
