//! All that is measured, in the order of a message's path.

mod coding;
mod connection;
mod fanout;
mod parse;
mod wire;

use crate::Case;

/// All cases. Make and run them inside [`RUNTIME`](crate::RUNTIME).
pub fn all() -> impl Iterator<Item = &'static Case> {
    [wire::CASES, parse::CASES, coding::CASES, connection::CASES, fanout::CASES].into_iter().flatten()
}
