//! MessagePack, for connections that speak `zocket.msgpack`: the same messages, each in a binary frame.
//!
//! It is only a translation of the JSON. Incoming messages are rewritten as JSON text, and go through the same envelope, parser
//! and validation; outgoing messages are written as JSON and then rewritten. So both codecs accept and refuse the same messages
//! with the same error texts, and this is decided in one place.
//!
//! | JSON | MessagePack |
//! |---|---|
//! | an integer of 64 bits | the shortest int |
//! | a number with a fraction or an exponent, and `-0` | float 32 if that is exact, else the nearest float 64 |
//! | a number that has no exact or finite form there: a longer integer, `1e400` | ext 1: its literal, in ASCII |
//! | a string, an array, an object, `true`, `false`, `null` | str, array, map, bool, nil |
//!
//! In the other direction any int or float form is also accepted, and bin is read as an array of numbers, for a
//! `Vec<u8>`. NaN, infinities, other extension types, keys that are not strings, strings that are not UTF-8 and bytes
//! after the message have no JSON equivalent and are refused.
//!
//! Nothing is allocated on the strength of a header, nesting is bounded, and the caller limits the JSON text: 64 KiB of
//! floats or control characters become several times that in JSON.
//!
//! ```
//! use zocket_wire::msgpack;
//!
//! let mut packed = Vec::new();
//! msgpack::from_json(r#"{"type":"a.b","payload":[1,300]}"#, &mut packed)?;
//! assert_eq!(packed, b"\x82\xa4type\xa3a.b\xa7payload\x92\x01\xcd\x01\x2c");
//!
//! let mut json = String::new();
//! msgpack::to_json(&packed, &mut json, 64 * 1024)?;
//! assert_eq!(json, r#"{"type":"a.b","payload":[1,300]}"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod frame;
mod from_json;
#[cfg(test)]
mod tests;
mod to_json;

pub use error::{DecodeError, Fault};
pub(crate) use frame::frame;
pub use frame::reframe;
pub use from_json::from_json;
pub use to_json::to_json;

/// The extension type of a number that MessagePack cannot represent otherwise: its JSON literal, in ASCII.
const NUMBER_EXT: u8 = 1;

/// The first byte of a value, with the specification's names.
mod format {
    pub(super) const FIX_MAP: u8 = 0x80;
    pub(super) const FIX_ARRAY: u8 = 0x90;
    pub(super) const FIX_STR: u8 = 0xa0;
    pub(super) const NIL: u8 = 0xc0;
    pub(super) const FALSE: u8 = 0xc2;
    pub(super) const TRUE: u8 = 0xc3;
    pub(super) const BIN_8: u8 = 0xc4;
    pub(super) const BIN_32: u8 = 0xc6;
    pub(super) const EXT_8: u8 = 0xc7;
    pub(super) const EXT_16: u8 = 0xc8;
    pub(super) const EXT_32: u8 = 0xc9;
    pub(super) const FLOAT_32: u8 = 0xca;
    pub(super) const FLOAT_64: u8 = 0xcb;
    pub(super) const UINT_8: u8 = 0xcc;
    pub(super) const UINT_16: u8 = 0xcd;
    pub(super) const UINT_32: u8 = 0xce;
    pub(super) const UINT_64: u8 = 0xcf;
    pub(super) const INT_8: u8 = 0xd0;
    pub(super) const INT_16: u8 = 0xd1;
    pub(super) const INT_32: u8 = 0xd2;
    pub(super) const INT_64: u8 = 0xd3;
    pub(super) const FIX_EXT_1: u8 = 0xd4;
    pub(super) const FIX_EXT_16: u8 = 0xd8;
    pub(super) const STR_8: u8 = 0xd9;
    pub(super) const STR_16: u8 = 0xda;
    pub(super) const STR_32: u8 = 0xdb;
    pub(super) const ARRAY_16: u8 = 0xdc;
    pub(super) const ARRAY_32: u8 = 0xdd;
    pub(super) const MAP_16: u8 = 0xde;
    pub(super) const MAP_32: u8 = 0xdf;
    pub(super) const NEGATIVE_FIX_INT: u8 = 0xe0;
}
