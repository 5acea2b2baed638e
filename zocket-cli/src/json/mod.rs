//! JSON as text, for people.

mod pretty;
mod tokens;

pub(crate) use pretty::{compact, pretty};
