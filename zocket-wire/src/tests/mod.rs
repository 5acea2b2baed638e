//! The decoder against each of the RFC's rules, and against every way to split a stream into reads.

mod ahead;
#[cfg(feature = "compression")]
mod compressed;
mod memory;
mod properties;
mod rules;

use super::{
    decode::{Decoder, Event, Step},
    error::ProtocolError,
    frame::Role,
};

/// An event that outlives the input.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<(u16, String)>),
    Failed(ProtocolError),
}

impl From<Event<'_>> for Seen {
    fn from(event: Event<'_>) -> Self {
        match event {
            Event::Text(text) => Self::Text(text.into()),
            Event::Binary(bytes) => Self::Binary(bytes.into()),
            Event::Ping(bytes) => Self::Ping(bytes.into()),
            Event::Pong(bytes) => Self::Pong(bytes.into()),
            Event::Close(status) => Self::Close(status.map(|(code, reason)| (code.get(), reason.into()))),
        }
    }
}

fn text(text: &str) -> Seen {
    Seen::Text(text.into())
}

/// How a frame writes its length; the shortest form is what everyone sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LengthForm {
    Shortest,
    Bits16,
    Bits64,
}

/// A frame built directly from the RFC, independent of the encoder, and able to break every rule.
#[derive(Clone, Debug)]
struct Raw {
    first: u8,
    key: Option<[u8; 4]>,
    form: LengthForm,
    payload: Vec<u8>,
}

const CONTINUATION: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;

/// A final frame of a client.
fn raw(opcode: u8, payload: impl AsRef<[u8]>) -> Raw {
    Raw {
        first: 0x80 | opcode,
        key: Some([0xa1, 0x02, 0xf3, 0x74]),
        form: LengthForm::Shortest,
        payload: payload.as_ref().to_vec(),
    }
}

/// A frame of a client that is not the last of its message.
fn part(opcode: u8, payload: impl AsRef<[u8]>) -> Raw {
    Raw { first: opcode, ..raw(opcode, payload) }
}

impl Raw {
    fn header(&self, announced: u64) -> Vec<u8> {
        let mask = if self.key.is_some() { 0x80 } else { 0 };
        let mut out = vec![self.first];
        match (self.form, announced) {
            (LengthForm::Shortest, 0..=125) => out.push(mask | announced as u8),
            (LengthForm::Bits16, _) | (LengthForm::Shortest, 126..=0xffff) => {
                out.push(mask | 126);
                out.extend((announced as u16).to_be_bytes());
            }
            _ => {
                out.push(mask | 127);
                out.extend(announced.to_be_bytes());
            }
        }
        out.extend(self.key.into_iter().flatten());
        out
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = self.header(self.payload.len() as u64);
        let key = self.key.unwrap_or_default();
        out.extend(self.payload.iter().zip(key.into_iter().cycle()).map(|(byte, key)| byte ^ key));
        out
    }
}

fn stream<'a>(frames: impl IntoIterator<Item = &'a Raw>) -> Vec<u8> {
    frames.into_iter().flat_map(Raw::bytes).collect()
}

/// A server's decoder with a limit that most tests never meet.
fn server() -> Decoder {
    Decoder::new(Role::Server, 1 << 20)
}

/// Passes one read to the decoder, following its contract; returns what it saw, followed by the error if
/// there was one.
fn read(decoder: &mut Decoder, input: &[u8]) -> Vec<Seen> {
    let mut scratch = input.to_vec();
    let mut rest = &mut scratch[..];
    let mut seen = Vec::new();
    loop {
        let Step { consumed, event } = match decoder.next(rest) {
            Ok(step) => step,
            Err(error) => {
                seen.push(Seen::Failed(error));
                return seen;
            }
        };
        match event {
            Some(event) => seen.push(event.into()),
            None => {
                assert_eq!(consumed, rest.len(), "no event, and input left over");
                return seen;
            }
        }
        rest = &mut rest[consumed..];
    }
}

/// Gives one read a frame.
fn read_frames<'a>(decoder: &mut Decoder, frames: impl IntoIterator<Item = &'a Raw>) -> Vec<Seen> {
    frames.into_iter().flat_map(|frame| read(decoder, &frame.bytes())).collect()
}
