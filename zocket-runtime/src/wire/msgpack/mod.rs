//! MessagePack, for connections that speak `zocket.msgpack`: the same messages, each in a binary frame.
//!
//! It is a coat over the JSON and nothing more. What comes in is rewritten as JSON text, and goes through the same envelope,
//! parser and validation; what goes out is written as JSON, and rewritten from that. So both codecs accept the same
//! messages, refuse the same ones with the same words, and there is one place where that is decided.
//!
//! | JSON | MessagePack |
//! |---|---|
//! | an integer of 64 bits | the shortest int |
//! | a number with a fraction or an exponent, and `-0` | float 32 where that is exact, else the nearest float 64 |
//! | a number that has no exact or finite form there: a longer integer, `1e400` | ext [`NUMBER_EXT`]: its literal |
//! | a string, an array, an object, `true`, `false`, `null` | str, array, map, bool, nil |
//!
//! In the other direction also: any int or float form; bin is an array of numbers, which is what a `Vec<u8>` reads. NaN,
//! infinities, other extension types, keys that are no strings, strings that are no UTF-8 and bytes behind the message have
//! no JSON and are refused.
//!
//! Nothing is allocated by what a header claims, nesting is bounded, and the JSON text is bounded by the caller: 64 KiB of
//! floats or of control characters are several times that in JSON.

mod fault;
mod frame;
mod from_json;
#[cfg(test)]
mod tests;
mod to_json;

pub(crate) use fault::Refused;
pub(crate) use frame::{frame, reframe};
pub(crate) use from_json::from_json;
pub(crate) use to_json::to_json;

/// The extension type of a number for which MessagePack has no form of its own: its JSON literal, in ASCII.
const NUMBER_EXT: u8 = 1;

/// The first byte of a value, by the names of the specification.
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
