//! What generators of code call the types that they make of schemas.
//!
//! Users' programs are written against those names, so they follow from the names in the router alone: a definition has the
//! name of its type, and a schema in it the name of what it lies in with a step behind a dot: a property's name, the name of a
//! branch (`Payment.Card`), `item`, `value`. What a type or a field is called otherwise is never renamed, and a new one never
//! renames an old one. Titles that a user has written stay as they are.

mod keys;
mod titles;

pub(crate) use keys::{Keys, is_plain};
pub(crate) use titles::titled;

/// Whether a format is known to `ajv-formats`, or is one of text, which a user has chosen.
///
/// schemars calls numbers by their types in Rust. What those mean stands beside them, as bounds; but a validator in strict mode
/// refuses a schema with a format that it does not know.
pub(crate) fn is_known_format(format: &str) -> bool {
    let bits = format.strip_prefix('u').unwrap_or(format).strip_prefix("int");
    let of_rust = bits.is_some_and(|bits| ["", "8", "16", "32", "64", "128"].contains(&bits));
    !of_rust || matches!(format, "int32" | "int64")
}
