//! Rewrites a client's message as JSON.

use std::fmt::Write as _;

use super::{
    NUMBER_EXT,
    error::{DecodeError, Fault},
    format::*,
};
use crate::json::{Cursor, MAX_DEPTH, find_special};

type Result<T> = std::result::Result<T, DecodeError>;

/// Appends the value in `message` to `json`, which grows by at most `limit` bytes.
///
/// On an error, `json` has the text up to the invalid value, so an `rpcId` before it can be read from there.
///
/// # Errors
/// The message is not MessagePack, has no JSON equivalent, or is longer than `limit` as JSON.
pub fn to_json(message: &[u8], json: &mut String, limit: usize) -> Result<()> {
    let limit = json.len().saturating_add(limit);
    let mut reader = Reader { message, at: 0, json, limit };
    // A payload may nest as deeply as a text of its own; the envelope around it adds one level.
    reader.value(MAX_DEPTH + 1)?;
    if reader.at < message.len() { Err(reader.invalid(Fault::GoesOn, reader.at)) } else { Ok(()) }
}

struct Reader<'a> {
    message: &'a [u8],
    at: usize,
    json: &'a mut String,
    /// The length that `json` must not exceed, in bytes.
    limit: usize,
}

impl<'a> Reader<'a> {
    /// Rewrites the next value, in which arrays and maps nest at most `levels` deep: the recursion is bounded by it.
    fn value(&mut self, levels: u32) -> Result<()> {
        let start = self.at;
        match self.byte(start)? {
            n @ ..FIX_MAP => self.number(n),
            head @ FIX_MAP..FIX_ARRAY => self.map(start, usize::from(head & 0x0f), levels),
            head @ FIX_ARRAY..FIX_STR => self.array(start, usize::from(head & 0x0f), levels),
            head @ FIX_STR..NIL => self.string(start, usize::from(head & 0x1f)),
            NIL => self.text("null"),
            0xc1 => Err(self.invalid(Fault::Unused, start)),
            FALSE => self.text("false"),
            TRUE => self.text("true"),
            head @ BIN_8..=BIN_32 => {
                let length = self.length(start, head - BIN_8)?;
                self.bytes(start, length)
            }
            head @ EXT_8..=EXT_32 => {
                let length = self.length(start, head - EXT_8)?;
                self.extension(start, length)
            }
            FLOAT_32 => {
                let value = f32::from_be_bytes(self.array_of(start)?);
                self.float(start, value.into())
            }
            FLOAT_64 => {
                let value = f64::from_be_bytes(self.array_of(start)?);
                self.float(start, value)
            }
            UINT_8 => self.unsigned(start, 1),
            UINT_16 => self.unsigned(start, 2),
            UINT_32 => self.unsigned(start, 4),
            UINT_64 => self.unsigned(start, 8),
            INT_8 => {
                let n = i8::from_be_bytes(self.array_of(start)?);
                self.number(n)
            }
            INT_16 => {
                let n = i16::from_be_bytes(self.array_of(start)?);
                self.number(n)
            }
            INT_32 => {
                let n = i32::from_be_bytes(self.array_of(start)?);
                self.number(n)
            }
            INT_64 => {
                let n = i64::from_be_bytes(self.array_of(start)?);
                self.number(n)
            }
            head @ FIX_EXT_1..=FIX_EXT_16 => self.extension(start, 1 << (head - FIX_EXT_1)),
            head @ STR_8..=STR_32 => {
                let length = self.length(start, head - STR_8)?;
                self.string(start, length)
            }
            head @ (ARRAY_16 | ARRAY_32) => {
                let length = self.length(start, head - ARRAY_16 + 1)?;
                self.array(start, length, levels)
            }
            head @ (MAP_16 | MAP_32) => {
                let length = self.length(start, head - MAP_16 + 1)?;
                self.map(start, length, levels)
            }
            n @ NEGATIVE_FIX_INT.. => self.number(n as i8),
        }
    }

    fn array(&mut self, start: usize, length: usize, levels: u32) -> Result<()> {
        let levels = self.open(start, length, levels)?;
        self.text("[")?;
        for index in 0..length {
            if index > 0 {
                self.text(",")?;
            }
            self.value(levels)?;
        }
        self.text("]")
    }

    fn map(&mut self, start: usize, length: usize, levels: u32) -> Result<()> {
        let levels = self.open(start, length.saturating_mul(2), levels)?;
        self.text("{")?;
        for index in 0..length {
            if index > 0 {
                self.text(",")?;
            }
            match self.message.get(self.at) {
                Some(FIX_STR..NIL | STR_8..=STR_32) => self.value(0)?,
                Some(_) => return Err(self.invalid(Fault::KeyNotAString, self.at)),
                None => return Err(self.invalid(Fault::CutShort, start)),
            }
            self.text(":")?;
            self.value(levels)?;
        }
        self.text("}")
    }

    /// Goes one level down, into a container of `values` values: each is at least one byte, so a header cannot claim more
    /// than is there.
    fn open(&self, start: usize, values: usize, levels: u32) -> Result<u32> {
        if values > self.message.len() - self.at {
            return Err(self.invalid(Fault::CutShort, start));
        }
        levels.checked_sub(1).ok_or(self.invalid(Fault::TooDeep, start))
    }

    fn string(&mut self, start: usize, length: usize) -> Result<()> {
        let bytes = self.take(start, length)?;
        let Ok(text) = simdutf8::basic::from_utf8(bytes) else {
            return Err(self.invalid(Fault::NotUtf8, start));
        };
        self.text("\"")?;
        let mut from = 0;
        loop {
            let end = find_special(bytes, from);
            self.text(&text[from..end])?;
            let Some(&byte) = bytes.get(end) else { break };
            match byte {
                b'"' => self.text("\\\"")?,
                b'\\' => self.text("\\\\")?,
                0x08 => self.text("\\b")?,
                b'\t' => self.text("\\t")?,
                b'\n' => self.text("\\n")?,
                0x0c => self.text("\\f")?,
                b'\r' => self.text("\\r")?,
                control => self.number(format_args!("\\u{control:04x}"))?,
            }
            from = end + 1;
        }
        self.text("\"")
    }

    /// Bytes, as an array of numbers, which is what reads them.
    fn bytes(&mut self, start: usize, length: usize) -> Result<()> {
        let bytes = self.take(start, length)?;
        self.text("[")?;
        for (index, byte) in bytes.iter().enumerate() {
            if index > 0 {
                self.text(",")?;
            }
            self.number(byte)?;
        }
        self.text("]")
    }

    fn extension(&mut self, start: usize, length: usize) -> Result<()> {
        let [kind] = self.array_of(start)?;
        let bytes = self.take(start, length)?;
        if kind != NUMBER_EXT {
            return Err(self.invalid(Fault::Extension, start));
        }
        match std::str::from_utf8(bytes) {
            Ok(literal) if is_number(literal) => self.text(literal),
            _ => Err(self.invalid(Fault::NumberExtension, start)),
        }
    }

    fn unsigned(&mut self, start: usize, width: usize) -> Result<()> {
        let bytes = self.take(start, width)?;
        let n = bytes.iter().fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
        self.number(n)
    }

    /// The shortest text that reads back as the same number.
    fn float(&mut self, start: usize, value: f64) -> Result<()> {
        /// From here on the shortest text has an exponent, and the digits that it omits read as zeros. A reader of
        /// integers uses every digit, so what fits 128 bits is written in full.
        const ROUNDED: f64 = 1e16;
        const TOO_WIDE: f64 = 1e38;

        if !value.is_finite() {
            return Err(self.invalid(Fault::NotFinite, start));
        }
        if (ROUNDED..TOO_WIDE).contains(&value.abs()) {
            return self.number(value as i128);
        }
        self.number(Shortest(value))
    }

    /// The length after the head of a value: 1, 2 or 4 bytes for a `size` of 0, 1 or 2.
    fn length(&mut self, start: usize, size: u8) -> Result<usize> {
        let bytes = self.take(start, 1 << size)?;
        Ok(bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
    }

    /// The next byte of the value at `start`.
    fn byte(&mut self, start: usize) -> Result<u8> {
        let byte = *self.message.get(self.at).ok_or(self.invalid(Fault::CutShort, start))?;
        self.at += 1;
        Ok(byte)
    }

    fn array_of<const N: usize>(&mut self, start: usize) -> Result<[u8; N]> {
        let rest = &self.message[self.at..];
        let bytes = *rest.first_chunk().ok_or(self.invalid(Fault::CutShort, start))?;
        self.at += N;
        Ok(bytes)
    }

    fn take(&mut self, start: usize, length: usize) -> Result<&'a [u8]> {
        let rest = &self.message[self.at..];
        let bytes = rest.get(..length).ok_or(self.invalid(Fault::CutShort, start))?;
        self.at += length;
        Ok(bytes)
    }

    fn text(&mut self, text: &str) -> Result<()> {
        if text.len() > self.limit.saturating_sub(self.json.len()) {
            return Err(DecodeError::TooLarge);
        }
        self.json.push_str(text);
        Ok(())
    }

    /// A number, or something else short, whose length may be checked afterwards.
    fn number(&mut self, number: impl std::fmt::Display) -> Result<()> {
        let before = self.json.len();
        let written = write!(self.json, "{number}");
        if written.is_err() || self.json.len() > self.limit {
            self.json.truncate(before);
            return Err(DecodeError::TooLarge);
        }
        Ok(())
    }

    #[cold]
    fn invalid(&self, fault: Fault, offset: usize) -> DecodeError {
        DecodeError::Invalid { fault, offset }
    }
}

/// Writes a number as `1.5`, `-0.0` or `1e-7`: `Debug` is the form that is short at both ends.
struct Shortest(f64);

impl std::fmt::Display for Shortest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&self.0, f)
    }
}

fn is_number(literal: &str) -> bool {
    let mut cursor = Cursor::new(literal);
    let begins = literal.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    begins && cursor.number().is_ok() && cursor.offset() == literal.len()
}
