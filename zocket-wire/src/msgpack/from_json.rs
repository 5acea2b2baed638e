//! Rewrites a server's JSON message as MessagePack.

use super::{NUMBER_EXT, format::*};
use crate::json::{Cursor, Error, Number, RawStr};

type Result<T> = std::result::Result<T, Error>;

/// Appends the value in `json` to `out`, with each part in its shortest form.
///
/// # Errors
/// The text is not JSON (raw text that an application embeds may not be), or one of its parts is longer than 4 GiB. `out` is
/// then unchanged.
pub fn from_json(json: &str, out: &mut Vec<u8>) -> Result<()> {
    let length = out.len();
    let writer = Writer { cursor: Cursor::new(json), out, open: Vec::new(), unescaped: String::new() };
    let written = writer.run();
    if written.is_err() {
        out.truncate(length);
    }
    written
}

/// It does not recurse: an application's messages may nest to any depth.
struct Writer<'a> {
    cursor: Cursor<'a>,
    out: &'a mut Vec<u8>,
    /// The arrays and objects around the next value.
    open: Vec<Open>,
    /// The text of the last string that contained an escape.
    unescaped: String,
}

/// An array or object whose length is not known yet.
struct Open {
    /// The position of its head, which is one byte so far.
    at: usize,
    length: usize,
    is_object: bool,
}

impl Writer<'_> {
    fn run(mut self) -> Result<()> {
        loop {
            let mut first = false;
            match self.cursor.peek_value()? {
                b'"' => {
                    let text = self.cursor.string()?;
                    self.string(&text)?;
                }
                b'-' | b'0'..=b'9' => self.number()?,
                b't' => self.literal("true", TRUE)?,
                b'f' => self.literal("false", FALSE)?,
                b'n' => self.literal("null", NIL)?,
                opening @ (b'{' | b'[') => {
                    self.cursor.advance();
                    self.open.push(Open { at: self.out.len(), length: 0, is_object: opening == b'{' });
                    self.out.push(0);
                    first = true;
                }
                _ => return Err(self.cursor.not_a_value()),
            }
            // Closes what ends here, and stops before the next value.
            while !self.next_value(first)? {
                match self.open.pop() {
                    Some(open) => self.close(&open)?,
                    None => return self.cursor.end(),
                }
                first = false;
            }
        }
    }

    /// Moves to the next value of the innermost array or object, past its key; `false` if there is none.
    fn next_value(&mut self, first: bool) -> Result<bool> {
        let Some(open) = self.open.last_mut() else { return Ok(false) };
        let more =
            if open.is_object { self.cursor.next_member(first)? } else { self.cursor.next_element(first)? };
        open.length += usize::from(more);
        if more && open.is_object {
            let key = self.cursor.key()?;
            self.string(&key)?;
        }
        Ok(more)
    }

    /// Writes the head of a complete array or object. If that takes more than the one byte reserved for it, its contents
    /// are moved; reserving more would move the contents of every small one.
    fn close(&mut self, open: &Open) -> Result<()> {
        let head = match open.is_object {
            true => Head::of_many(FIX_MAP, MAP_16, open.length),
            false => Head::of_many(FIX_ARRAY, ARRAY_16, open.length),
        };
        let head = head.ok_or_else(|| self.too_long())?;
        if let [head] = head.bytes() {
            self.out[open.at] = *head;
        } else {
            drop(self.out.splice(open.at..=open.at, head.bytes().iter().copied()));
        }
        Ok(())
    }

    fn string(&mut self, text: &RawStr<'_>) -> Result<()> {
        let text = match text.plain() {
            Some(text) => text,
            None => {
                self.unescaped.clear();
                text.unescape_into(&mut self.unescaped);
                &self.unescaped
            }
        };
        let head = Head::of_string(text.len()).ok_or_else(|| self.too_long())?;
        self.out.extend_from_slice(head.bytes());
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn number(&mut self) -> Result<()> {
        let start = self.cursor.offset();
        match self.cursor.number()? {
            Number::Unsigned(n) => self.unsigned(n),
            Number::Negative(n) => self.negative(n),
            number @ Number::Decimal(_) => {
                let literal = self.cursor.since(start);
                let is_integer = !literal.contains(['.', 'e', 'E']) && literal != "-0";
                match number.to_f64() {
                    Ok(value) if !is_integer => self.float(value),
                    _ => return self.literal_number(literal),
                }
            }
        }
        Ok(())
    }

    fn unsigned(&mut self, n: u64) {
        match n {
            ..=0x7f => self.out.push(n as u8),
            0x80..=0xff => self.out.extend_from_slice(&[UINT_8, n as u8]),
            0x100..=0xffff => self.sized(UINT_16, (n as u16).to_be_bytes()),
            0x1_0000..=0xffff_ffff => self.sized(UINT_32, (n as u32).to_be_bytes()),
            _ => self.sized(UINT_64, n.to_be_bytes()),
        }
    }

    fn negative(&mut self, n: i64) {
        if n >= -32 {
            self.out.push(n as u8);
        } else if let Ok(n) = i8::try_from(n) {
            self.sized(INT_8, n.to_be_bytes());
        } else if let Ok(n) = i16::try_from(n) {
            self.sized(INT_16, n.to_be_bytes());
        } else if let Ok(n) = i32::try_from(n) {
            self.sized(INT_32, n.to_be_bytes());
        } else {
            self.sized(INT_64, n.to_be_bytes());
        }
    }

    fn float(&mut self, value: f64) {
        let narrow = value as f32;
        if f64::from(narrow).to_bits() == value.to_bits() {
            self.sized(FLOAT_32, narrow.to_be_bytes());
        } else {
            self.sized(FLOAT_64, value.to_be_bytes());
        }
    }

    fn literal_number(&mut self, literal: &str) -> Result<()> {
        let head = Head::of_extension(literal.len()).ok_or_else(|| self.too_long())?;
        self.out.extend_from_slice(head.bytes());
        self.out.push(NUMBER_EXT);
        self.out.extend_from_slice(literal.as_bytes());
        Ok(())
    }

    fn literal(&mut self, word: &'static str, byte: u8) -> Result<()> {
        self.cursor.literal(word)?;
        self.out.push(byte);
        Ok(())
    }

    fn sized<const N: usize>(&mut self, head: u8, bytes: [u8; N]) {
        self.out.push(head);
        self.out.extend_from_slice(&bytes);
    }

    #[cold]
    fn too_long(&self) -> Error {
        self.cursor.syntax("MessagePack has no form for more than 4 GiB")
    }
}

/// The first byte of a value, and the length that follows it.
struct Head {
    bytes: [u8; 5],
    length: usize,
}

impl Head {
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn of_string(length: usize) -> Option<Self> {
        match length {
            ..=0x1f => Some(Self::short(FIX_STR | length as u8)),
            0x20..=0xff => Some(Self::with_8(STR_8, length as u8)),
            0x100..=0xffff => Some(Self::with_16(STR_16, length as u16)),
            _ => Some(Self::with_32(STR_32, u32::try_from(length).ok()?)),
        }
    }

    /// The head of an array or a map, whose formats are `fix`, `wide` and the one after that.
    fn of_many(fix: u8, wide: u8, length: usize) -> Option<Self> {
        match length {
            ..=0xf => Some(Self::short(fix | length as u8)),
            0x10..=0xffff => Some(Self::with_16(wide, length as u16)),
            _ => Some(Self::with_32(wide + 1, u32::try_from(length).ok()?)),
        }
    }

    fn of_extension(length: usize) -> Option<Self> {
        match length {
            1 | 2 | 4 | 8 | 16 => Some(Self::short(FIX_EXT_1 + length.trailing_zeros() as u8)),
            ..=0xff => Some(Self::with_8(EXT_8, length as u8)),
            0x100..=0xffff => Some(Self::with_16(EXT_16, length as u16)),
            _ => Some(Self::with_32(EXT_32, u32::try_from(length).ok()?)),
        }
    }

    fn short(byte: u8) -> Self {
        Self { bytes: [byte, 0, 0, 0, 0], length: 1 }
    }

    fn with_8(byte: u8, length: u8) -> Self {
        Self { bytes: [byte, length, 0, 0, 0], length: 2 }
    }

    fn with_16(byte: u8, length: u16) -> Self {
        let [a, b] = length.to_be_bytes();
        Self { bytes: [byte, a, b, 0, 0], length: 3 }
    }

    fn with_32(byte: u8, length: u32) -> Self {
        let [a, b, c, d] = length.to_be_bytes();
        Self { bytes: [byte, a, b, c, d], length: 5 }
    }
}
