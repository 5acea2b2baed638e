//! Reading and writing JSON as the published schema defines it.
//!
//! serde's derive plus `serde_json` accept texts that JSON Schema rejects, and reject some that it accepts. What zocket
//! publishes must be what it enforces, so this module has its own `Deserializer` over the (valid UTF-8) text frame:
//!
//! - a struct is an object, never an array; a unit variant is a string, never `{"A":null}`;
//! - an integer is a number without a fraction, however it is written: `1`, `1.0`, `1e0`; its bounds are the type's own;
//! - an error says where ([`ParseError::path`]) and which rule was broken, without repeating values;
//! - a number is rounded once, to the type that asks for it, and `-0.0` keeps its sign;
//! - writing NaN or an infinity is an error, because JSON does not have them;
//! - where serde accepts a value without revealing its shape (untagged and internally tagged enums, `flatten`), the
//!   result is marked [`Parsed::buffered`]: only its syntax was checked, and the caller must consult the schema.
//!
//! Strings without escapes are borrowed from the text. Lone surrogates are rejected. Arrays and objects nest at most
//! [`MAX_DEPTH`] deep. `serde_json::value::RawValue` relies on private details of serde_json and does not work here;
//! `serde_json::Value` does.
//!
//! ```
//! use serde::Deserialize;
//! use zocket_wire::json;
//!
//! #[derive(Debug, Deserialize, PartialEq)]
//! struct Order {
//!     count: u8,
//! }
//!
//! assert_eq!(json::from_str::<Order>(r#"{"count": 2.0}"#)?.value, Order { count: 2 });
//! let error = json::from_str::<Order>(r#"{"count": 256}"#).unwrap_err();
//! assert_eq!(error.to_string(), "/count: must be at most 255");
//! # Ok::<(), json::ParseError>(())
//! ```

mod asked;
mod cursor;
mod de;
mod error;
mod number;
mod ser;
mod skip;
mod string;
#[cfg(test)]
mod tests;

use std::marker::PhantomData;

use serde::{Deserialize, de::DeserializeSeed};

pub use asked::{Ask, Asked};
pub use cursor::{Cursor, MAX_DEPTH};
pub(crate) use error::TooDeep;
pub use error::{Error, ErrorKind, ParseError};
pub use number::{Integer, Number};
pub use ser::append;
pub(crate) use ser::append_str;
pub use string::RawStr;
pub(crate) use string::find_special;

/// The largest `f32` in its shortest digits, which as an `f64` are slightly beyond it.
pub const LARGEST_F32: f64 = 3.402_823_5e38;

/// A value read from a JSON text.
#[derive(Debug)]
pub struct Parsed<T> {
    /// The value.
    pub value: T,
    /// A part of the value was read without serde revealing its shape: only the schema can say whether it is
    /// valid.
    pub buffered: bool,
}

/// Deserializes `text`, which must be a single JSON value.
///
/// # Errors
/// The text is not JSON, or not what the type takes.
pub fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> Result<Parsed<T>, ParseError> {
    from_str_seed(PhantomData::<T>, text)
}

/// Like [`from_str`], with a seed.
///
/// # Errors
/// The text is not JSON, or does not match the seed's type.
pub fn from_str_seed<'de, S: DeserializeSeed<'de>>(
    seed: S,
    text: &'de str,
) -> Result<Parsed<S::Value>, ParseError> {
    read(seed, de::Deserializer::new(text))
}

/// Like [`from_str`], but where serde does not reveal what it makes of a number, `-0` and `-0.0` are passed to it as the
/// integer 0, not as a float. To JSON Schema they are integers, but serde's buffer does not accept a float as one, so a text
/// that [`from_str`] rejects may be accepted here.
///
/// # Errors
/// The text is not JSON, or not what the type takes.
pub fn from_str_with_integer_zeros<'de, T: Deserialize<'de>>(
    text: &'de str,
) -> Result<Parsed<T>, ParseError> {
    read(PhantomData::<T>, de::Deserializer::with_integer_zeros(text))
}

fn read<'de, S: DeserializeSeed<'de>>(
    seed: S,
    mut deserializer: de::Deserializer<'de>,
) -> Result<Parsed<S::Value>, ParseError> {
    seed.deserialize(&mut deserializer)
        .and_then(|value| deserializer.finish().map(|buffered| Parsed { value, buffered }))
        .map_err(Error::into_public)
}
