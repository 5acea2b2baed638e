//! The `Deserializer`.

mod access;
mod deserialize;
mod key;

use serde::de::Visitor;

use super::asked::{Ask, Asked};
use super::cursor::Cursor;
use super::error::{Error, Result};
use super::number::Number;
use super::string::RawStr;
use access::{MapAccess, SeqAccess};

pub(super) struct Deserializer<'de> {
    pub(super) cursor: Cursor<'de>,
    /// Where strings with escapes are unescaped.
    scratch: String,
    depth: u32,
    buffered: bool,
    /// See [`from_str_with_integer_zeros`](super::from_str_with_integer_zeros).
    integer_zeros: bool,
}

impl<'de> Deserializer<'de> {
    pub(super) fn new(text: &'de str) -> Self {
        let cursor = Cursor::new(text);
        Self { cursor, scratch: String::new(), depth: 0, buffered: false, integer_zeros: false }
    }

    pub(super) fn with_integer_zeros(text: &'de str) -> Self {
        Self { integer_zeros: true, ..Self::new(text) }
    }

    /// Checks that the text ends here; returns whether something was buffered.
    pub(super) fn finish(mut self) -> Result<bool> {
        self.cursor.end()?;
        // A type that ignores an error may stop at the end of a truncated text.
        if self.depth > 0 {
            return Err(self.cursor.syntax("the text ends inside an array or an object"));
        }
        Ok(self.buffered)
    }

    /// The text of the string that was read last, until the next one is read.
    pub(super) fn visit_str<V: Visitor<'de>>(
        &mut self,
        string: &RawStr<'de>,
        visitor: V,
    ) -> Result<V::Value> {
        match string.plain() {
            Some(text) => visitor.visit_borrowed_str(text),
            None => {
                self.scratch.clear();
                string.unescape_into(&mut self.scratch);
                visitor.visit_str(&self.scratch)
            }
        }
    }

    #[inline]
    fn string(&mut self, asked: impl FnOnce() -> Asked) -> Result<RawStr<'de>> {
        match self.cursor.peek() {
            Some(b'"') => self.cursor.string(),
            _ => Err(self.unexpected(asked())),
        }
    }

    #[inline]
    fn number(&mut self, asked: impl FnOnce() -> Asked) -> Result<Number<'de>> {
        match self.cursor.peek() {
            Some(b'-' | b'0'..=b'9') => self.cursor.number(),
            _ => Err(self.unexpected(asked())),
        }
    }

    /// There is a value of another JSON type, or no value, where `asked` is expected.
    #[cold]
    fn unexpected(&mut self, asked: Asked) -> Error {
        let found = match self.cursor.peek() {
            Some(b'"') => "a string",
            Some(b'-' | b'0'..=b'9') => "a number",
            Some(b't' | b'f') => "a boolean",
            Some(b'n') => "null",
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            _ => return self.cursor.not_a_value(),
        };
        Error::wrong_type(asked.what.words(), found).asked(asked)
    }

    #[inline]
    pub(super) fn open(&mut self) -> Result<()> {
        self.cursor.open(self.depth)?;
        self.depth += 1;
        Ok(())
    }

    #[inline]
    pub(super) fn close(&mut self) {
        self.depth -= 1;
    }

    /// Passes the array at the cursor to the visitor, which must consume all of it.
    #[inline]
    fn array<V: Visitor<'de>>(&mut self, ask: Ask, visitor: V) -> Result<V::Value> {
        if self.cursor.peek() != Some(b'[') {
            return Err(self.unexpected(Asked::by::<V>(ask)));
        }
        self.open()?;
        let mut items = SeqAccess::new(self);
        let value = visitor.visit_seq(&mut items)?;
        items.finish()?;
        self.close();
        Ok(value)
    }

    /// Passes the object at the cursor to the visitor, which must consume all of it.
    #[inline]
    fn object<V: Visitor<'de>>(&mut self, ask: Ask, visitor: V) -> Result<V::Value> {
        if self.cursor.peek() != Some(b'{') {
            return Err(self.unexpected(Asked::by::<V>(ask)));
        }
        self.open()?;
        let mut members = MapAccess::new(self);
        let value = visitor.visit_map(&mut members)?;
        members.finish()?;
        self.close();
        Ok(value)
    }
}
