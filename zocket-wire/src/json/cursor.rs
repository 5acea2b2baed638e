//! A position in a JSON text, and reading the tokens there.

use super::error::{Error, Result};
use super::number::{self, Number};
use super::string::{self, RawStr};

/// How deeply arrays and objects may nest, in levels. Everything that walks a text recurses at most this
/// deep.
pub const MAX_DEPTH: u32 = 128;

/// A position in a JSON text. What is wrong with the text is an error; a caller that asks for a token that does not begin here,
/// such as [`string`](Self::string) before a number, gets an unspecified result or a panic.
#[derive(Debug, Clone)]
pub struct Cursor<'de> {
    text: &'de str,
    at: usize,
}

impl<'de> Cursor<'de> {
    /// At the beginning of `text`.
    pub fn new(text: &'de str) -> Self {
        Self { text, at: 0 }
    }

    /// The offset in bytes.
    #[inline]
    pub fn offset(&self) -> usize {
        self.at
    }

    /// Everything read since the cursor stood at `start`.
    pub fn since(&self, start: usize) -> &'de str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// The next byte.
    #[inline]
    pub(super) fn peek_raw(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not white space; the cursor stops before it.
    #[inline]
    pub fn peek(&mut self) -> Option<u8> {
        loop {
            match self.peek_raw() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other,
            }
        }
    }

    /// The next byte that is not white space, where a value must begin.
    #[inline]
    pub fn peek_value(&mut self) -> Result<u8> {
        self.peek().ok_or_else(|| self.syntax("the text ends where a value must follow"))
    }

    /// Steps over the one byte (ASCII) that `peek` returned.
    #[inline]
    pub fn advance(&mut self) {
        self.at += 1;
    }

    /// Steps over `token`, if it comes next.
    #[inline]
    pub fn eat(&mut self, token: &[u8]) -> bool {
        let is_next = self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(token));
        self.at += if is_next { token.len() } else { 0 };
        is_next
    }

    /// Reads a string literal; the cursor is at its opening quote.
    #[inline]
    pub fn string(&mut self) -> Result<RawStr<'de>> {
        string::scan(self.text, &mut self.at)
    }

    /// Reads a number; the cursor is at its first byte.
    #[inline]
    pub fn number(&mut self) -> Result<Number<'de>> {
        number::scan(self.text, &mut self.at)
    }

    /// Reads `true`, `false` or `null`; the cursor is at its first letter.
    #[inline]
    pub fn literal(&mut self, word: &'static str) -> Result<()> {
        let end = self.at + word.len();
        if self.text.as_bytes().get(self.at..end) != Some(word.as_bytes()) {
            return Err(self.not_a_value());
        }
        self.at = end;
        Ok(())
    }

    /// Steps to the key of the next member of an object (`true`) or over the brace that ends it (`false`). `first` is for
    /// the position right after the opening brace.
    #[inline]
    pub fn next_member(&mut self, first: bool) -> Result<bool> {
        let mut next = self.peek();
        match next {
            Some(b'}') => {
                self.advance();
                return Ok(false);
            }
            Some(b',') if !first => {
                self.advance();
                next = self.peek();
            }
            _ if !first => return Err(self.syntax("a comma or a closing brace must follow")),
            _ => {}
        }
        match next {
            Some(b'"') => Ok(true),
            _ => Err(self.syntax("a property name in quotes must follow")),
        }
    }

    /// Reads a member's key and the colon after it; the cursor is at the opening quote.
    #[inline]
    pub fn key(&mut self) -> Result<RawStr<'de>> {
        let key = self.string()?;
        if self.peek() != Some(b':') {
            return Err(self.syntax("a colon must follow the property name"));
        }
        self.advance();
        Ok(key)
    }

    /// Reads the key whose opening quote is at `offset`, if there is one.
    #[cold]
    pub(crate) fn key_at(&self, mut offset: usize) -> Option<RawStr<'de>> {
        string::scan(self.text, &mut offset).ok()
    }

    /// `next_member` and `key` in one: `None` after the brace that ends the object.
    #[inline]
    pub fn next_key(&mut self, first: bool) -> Result<Option<RawStr<'de>>> {
        if self.next_member(first)? { self.key().map(Some) } else { Ok(None) }
    }

    /// Steps to the next element of an array (`true`) or over the bracket that ends it (`false`). `first` is for the
    /// position right after the opening bracket.
    #[inline]
    pub fn next_element(&mut self, first: bool) -> Result<bool> {
        match self.peek() {
            Some(b']') => {
                self.advance();
                Ok(false)
            }
            Some(b',') if !first => {
                self.advance();
                Ok(true)
            }
            _ if !first => Err(self.syntax("a comma or a closing bracket must follow")),
            _ => Ok(true),
        }
    }

    /// Steps into the array or object that begins here, when `depth` levels are already open.
    #[inline]
    pub fn open(&mut self, depth: u32) -> Result<()> {
        if depth >= MAX_DEPTH {
            return Err(self.too_deep());
        }
        self.advance();
        Ok(())
    }

    /// Fails unless only white space is left.
    pub fn end(&mut self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.syntax("the text goes on after the JSON value")),
        }
    }

    #[cold]
    pub(crate) fn syntax(&self, message: &str) -> Error {
        Error::syntax(self.at, message)
    }

    /// The error if no value begins here.
    #[cold]
    pub fn not_a_value(&self) -> Error {
        let message = if self.at >= self.text.len() {
            "the text ends where a value must follow"
        } else {
            "this is not a JSON value"
        };
        self.syntax(message)
    }

    #[cold]
    pub(crate) fn too_deep(&self) -> Error {
        Error::too_deep(self.at)
    }
}
