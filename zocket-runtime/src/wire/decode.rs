//! Bytes from a peer in, messages and control frames out.

use std::ops::Range;

use super::{
    assembly::Assembly,
    close, deflate,
    error::ProtocolError,
    frame::{Header, Opcode, Role, Rules},
};

/// What a peer sent, whole. Payloads lie in the input or in the decoder until the next call.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event<'a> {
    /// A text message.
    Text(&'a str),
    /// A binary message.
    Binary(&'a [u8]),
    /// To be answered by a pong with the same payload, 125 bytes at most.
    Ping(&'a [u8]),
    /// The answer to a ping, or an unasked one.
    Pong(&'a [u8]),
    /// The code and reason, or nothing. It is the last event of a decoder.
    Close(Option<(u16, &'a str)>),
}

/// What one call of [`Decoder::next`] did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step<'a> {
    /// How many bytes from the front of the input are used up; all of them where `event` is `None`.
    pub(crate) consumed: usize,
    /// The next event; `None` where it needs more input.
    pub(crate) event: Option<Event<'a>>,
}

/// Turns one connection's input into events, whatever way frames and fragments are cut into reads.
///
/// A message that lies whole in the input, in one frame, is unmasked there and borrowed: no copy, no allocation.
/// Anything else is collected on the heap as it comes, each byte unmasked, validated and copied once, and is
/// released by the first call after its event. So is a compressed message, and what it inflates to. An idle decoder is three words and owns nothing.
///
/// ```text
/// let mut rest = &mut scratch[..read];
/// loop {
///     let Step { consumed, event } = decoder.next(rest)?;
///     let Some(event) = event else { break };  // not sooner: this call releases what the last event held
///     …
///     rest = &mut rest[consumed..];
/// }
/// ```
#[derive(Debug)]
pub(crate) struct Decoder {
    max_message: usize,
    /// A frame cut by the end of a read, or a fragmented message; most of the time neither.
    assembly: Option<Box<Assembly>>,
    rules: Rules,
    finished: bool,
}

/// Where an event lies; it lets go of the decoder, so that an error can still change it.
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
    /// The whole frame whose payload begins at `at`, unmasked; `None` where the end of `input` cuts it.
    #[inline]
    pub(super) fn whole(mut header: Header, at: usize, input: &mut [u8]) -> Option<Self> {
        let end = at.checked_add(usize::try_from(header.payload).ok()?)?;
        header.unmask(input.get_mut(at..end)?);
        Some(Self::Whole { opcode: header.opcode, compressed: header.compressed, payload: at..end })
    }
}

impl Decoder {
    /// A decoder for the end that plays `role`, which refuses messages of more than `max_message` bytes.
    pub(crate) fn new(role: Role, max_message: usize) -> Self {
        let rules = Rules { role, deflate: false };
        Self { max_message, assembly: None, rules, finished: false }
    }

    /// Takes compressed messages as well, where both ends have agreed on them.
    pub(crate) fn inflating(mut self, deflate: bool) -> Self {
        self.rules.deflate = deflate;
        self
    }

    /// Throws away whatever comes from here on: its user has found fault with a message.
    pub(crate) fn stop(&mut self) {
        self.finished = true;
    }

    /// Takes the next event from the front of `input`, unmasking in place.
    ///
    /// Call it until it yields no event; then all of the input is used up and the buffer is free for the next
    /// read. After a close frame or an error it yields nothing more and discards what it is given, as the RFC
    /// asks: an error is reported once.
    ///
    /// # Errors
    /// The peer broke the protocol or a limit: answer with [`ProtocolError::close_code`] and hang up.
    #[inline]
    pub(crate) fn next<'a>(&'a mut self, input: &'a mut [u8]) -> Result<Step<'a>, ProtocolError> {
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

    /// Whether a frame or a message has begun and waits for its end: a state on which a deadline belongs.
    pub(crate) fn is_mid_message(&self) -> bool {
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
                    admit(&header, 0, header.compressed, self.max_message)?;
                }
                if let Some(found) = Found::whole(header, at, input) {
                    return Ok(found);
                }
            }
        }
        self.collect(input)
    }

    /// The slow path: frames cut by reads, and fragmented messages.
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

    /// The bytes of heap this decoder owns.
    #[cfg(any(test, feature = "internals"))]
    pub(crate) fn heap_bytes(&self) -> usize {
        self.assembly.as_ref().map_or(0, |assembly| size_of::<Assembly>() + assembly.heap_bytes())
    }
}

/// The length of a message that has `already` bytes and gets those of one more frame.
///
/// # Errors
/// It is over `limit` bytes, or would surely be when it is inflated.
#[inline]
pub(super) fn admit(
    frame: &Header,
    already: usize,
    compressed: bool,
    limit: usize,
) -> Result<usize, ProtocolError> {
    let most = if compressed { deflate::compressed_limit(limit) } else { limit };
    usize::try_from(frame.payload)
        .ok()
        .and_then(|payload| payload.checked_add(already))
        .filter(|total| *total <= most)
        .ok_or(ProtocolError::MessageTooLarge { limit })
}

/// The event in a whole frame; `finished` becomes true where it is the last.
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
        // A continuation is never whole by itself; it ends in the assembly's message.
        Opcode::Binary | Opcode::Continuation => Event::Binary(payload),
        Opcode::Ping => Event::Ping(payload),
        Opcode::Pong => Event::Pong(payload),
        Opcode::Close => {
            *finished = true;
            Event::Close(close::parse(payload)?)
        }
    })
}
