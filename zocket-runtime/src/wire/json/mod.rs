//! JSON as the published schema means it, read and written.
//!
//! serde's derive plus `serde_json` accept texts that JSON Schema refuses and refuse some that it accepts. What zocket
//! publishes must be what it enforces, so this module has a `Deserializer` of its own over the (valid UTF-8) text frame:
//!
//! - a struct is an object, never an array; a unit variant is a string, never `{"A":null}`;
//! - an integer is a number without a fraction, however it is written: `1`, `1.0`, `1e0`; its bounds are the type's own;
//! - a refused text says where ([`ParseError::path`]) and which rule was broken, without repeating values;
//! - where serde takes a value without telling its shape (untagged and internally tagged enums, `flatten`), the result is
//!   marked [`Parsed::buffered`]: our strictness reached only the syntax, and the caller consults the schema.
//!
//! Strings without escapes are borrowed from the text. Lone surrogates are refused. Arrays and objects nest at most
//! [`MAX_DEPTH`] deep. `serde_json::value::RawValue` is a private agreement between serde_json's two halves and does not
//! work here; `serde_json::Value` does.

mod access;
mod cursor;
mod de;
mod error;
mod key;
mod number;
mod ser;
mod skip;
mod string;
#[cfg(test)]
mod tests;

use serde::Deserialize;

pub(crate) use cursor::{Cursor, MAX_DEPTH};
pub(crate) use error::{Error, ErrorKind, ParseError};
pub(crate) use number::{Integer, Number};
pub(crate) use ser::{append, append_str};
pub(crate) use string::{RawStr, special};

/// The largest `f32` in the digits in which it is written, which as an `f64` lies a little beyond it.
pub(crate) const LARGEST_F32: f64 = 3.402_823_5e38;

/// A value read from a JSON text.
#[derive(Debug)]
pub(crate) struct Parsed<T> {
    /// The value.
    pub(crate) value: T,
    /// A part of the value was read without serde telling its shape: only the schema can say whether it fits.
    pub(crate) buffered: bool,
}

/// Reads the one JSON value that `text` consists of.
pub(crate) fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> Result<Parsed<T>, ParseError> {
    let mut deserializer = de::Deserializer::new(text);
    T::deserialize(&mut deserializer)
        .and_then(|value| deserializer.finish().map(|buffered| Parsed { value, buffered }))
        .map_err(Error::into_public)
}
