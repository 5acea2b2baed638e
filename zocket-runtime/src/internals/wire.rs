//! Frames, envelopes, JSON and messages, without a connection.

use std::borrow::Cow;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{
    dispatch::RpcId,
    wire::{
        self,
        codec::Codec,
        decode::{Decoder, Event, Step},
        encode, envelope,
        frame::{Opcode, Role},
        json::{self, ErrorKind},
        message,
    },
};

/// What a decoder has found; borrowed until it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// A text message.
    Text(&'a str),
    /// A binary message.
    Binary(&'a [u8]),
    /// A ping.
    Ping(&'a [u8]),
    /// A pong.
    Pong(&'a [u8]),
    /// A close frame.
    Close(Option<(u16, &'a str)>),
    /// The peer broke the protocol; the code that it is told.
    Failed(u16),
}

/// The decoder of a server's connection.
#[derive(Debug)]
pub struct Frames(Decoder);

impl Frames {
    /// One that refuses messages of more than `max_message` bytes.
    #[must_use]
    pub fn new(max_message: usize) -> Self {
        Self(Decoder::new(Role::Server, max_message))
    }

    /// One that reads what a server sends.
    #[must_use]
    pub fn of_client(max_message: usize) -> Self {
        Self(Decoder::new(Role::Client, max_message))
    }

    /// Decodes one read, in place.
    pub fn read(&mut self, mut input: &mut [u8], mut found: impl FnMut(Found<'_>)) {
        loop {
            let consumed = match self.0.next(input) {
                Ok(Step { event: None, .. }) => return,
                Ok(Step { consumed, event: Some(event) }) => {
                    found(match event {
                        Event::Text(text) => Found::Text(text),
                        Event::Binary(bytes) => Found::Binary(bytes),
                        Event::Ping(bytes) => Found::Ping(bytes),
                        Event::Pong(bytes) => Found::Pong(bytes),
                        Event::Close(status) => Found::Close(status),
                    });
                    consumed
                }
                Err(error) => {
                    found(Found::Failed(error.close_code()));
                    return;
                }
            };
            input = &mut input[consumed..];
        }
    }

    /// Whether a frame or message has begun and not ended.
    #[must_use]
    pub fn is_mid_message(&self) -> bool {
        self.0.is_mid_message()
    }

    /// The bytes of heap that it owns.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.0.heap_bytes()
    }
}

/// Masks or unmasks `bytes` in place.
pub fn apply_mask(key: [u8; 4], bytes: &mut [u8]) {
    wire::apply_mask(key, bytes);
}

/// Appends a text frame as a client sends it.
pub fn masked_frame(out: &mut Vec<u8>, text: &str, key: [u8; 4]) {
    encode::masked_frame(out, true, Opcode::Text, text.as_bytes(), key);
}

/// The envelope of a client's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// `type`.
    pub route: Cow<'a, str>,
    /// The text of `payload`.
    pub payload: Option<&'a str>,
    /// `rpcId`, as the literal that was sent.
    pub rpc_id: Option<&'a str>,
}

/// A message that is no envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadEnvelope<'a> {
    /// From where on it is not JSON; `None` where it is JSON, but no envelope.
    pub not_json: Option<usize>,
    /// What the client is told.
    pub message: String,
    /// `rpcId`, where it was read.
    pub rpc_id: Option<&'a str>,
}

/// Reads an envelope.
///
/// # Errors
/// The text is none.
#[inline]
pub fn parse_envelope(text: &str) -> Result<Envelope<'_>, BadEnvelope<'_>> {
    match envelope::parse(text) {
        Ok(envelope::Envelope { route, payload, rpc_id }) => {
            Ok(Envelope { route, payload, rpc_id: rpc_id.map(|id| id.as_json()) })
        }
        Err(bad) => Err(BadEnvelope {
            not_json: match bad.fault {
                envelope::Fault::NotJson { offset } => Some(offset),
                _ => None,
            },
            message: bad.to_string(),
            rpc_id: bad.rpc_id.map(|id| id.as_json()),
        }),
    }
}

/// Reads an envelope that is written as clients write it, without a look at its payload. Where that is one JSON value, it is what
/// [`parse_envelope`] gives, but for white space around the payload.
#[inline]
#[must_use]
pub fn glance_at_envelope(text: &str) -> Option<Envelope<'_>> {
    let envelope::Envelope { route, payload, rpc_id } = envelope::glance(text)?;
    Some(Envelope { route, payload, rpc_id: rpc_id.map(|id| id.as_json()) })
}

/// Appends a value as JSON.
///
/// # Errors
/// As serde_json's.
pub fn append_json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), serde_json::Error> {
    json::append(out, value)
}

/// A value read from JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Json<T> {
    /// The value.
    pub value: T,
    /// Only the schema can say whether it fits.
    pub buffered: bool,
}

/// A refused JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// From where on it is not JSON; `None` where it is JSON that the type does not take.
    pub not_json: Option<usize>,
    /// The rule that was broken, as JSON Schema calls it; empty for a text that is not JSON.
    pub keyword: &'static str,
    /// Where, as a JSON pointer, and what the client is told.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

/// Reads a JSON text for its type.
///
/// # Errors
/// The text is not JSON, or not what the type takes.
#[inline]
pub fn from_json<'de, T: Deserialize<'de>>(text: &'de str) -> Result<Json<T>, Refused> {
    match json::from_str(text) {
        Ok(parsed) => Ok(Json { value: parsed.value, buffered: parsed.buffered }),
        Err(error) => {
            let (not_json, keyword) = match error.kind {
                ErrorKind::Syntax { offset } => (Some(offset), ""),
                ErrorKind::Data { keyword } => (None, keyword),
            };
            Err(Refused { not_json, keyword, path: error.path, message: error.message })
        }
    }
}

/// An event's frame.
///
/// # Errors
/// The payload cannot be written as JSON.
#[inline]
pub fn encode_event<T: Serialize>(route: &'static str, payload: &T) -> Result<Bytes, serde_json::Error> {
    message::event(route, payload)
}

/// Appends a reply's frame.
///
/// # Errors
/// The payload cannot be written as JSON.
#[inline]
pub fn encode_reply<T: Serialize>(
    buffer: &mut Vec<u8>,
    rpc_id: &str,
    payload: &T,
) -> Result<(), serde_json::Error> {
    message::reply(buffer, Codec::Json, &RpcId::new(rpc_id), Some(payload))
}
