//! JSON as text: shown to people, and pointed at by line and column.

mod locate;
mod pretty;
mod tokens;

pub(crate) use locate::find;
pub(crate) use pretty::{compact, pretty};
