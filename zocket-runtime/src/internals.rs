//! The runtime's private parts, for its fuzz targets and micro-benchmarks: thin functions over private modules, which are
//! otherwise hidden. Behind the feature `internals`, which nothing but `fuzz/` and `benches/` turns on.
//!
//! Not for use by hand: it changes without notice.

mod hub;
mod schema;
mod session;

pub use hub::{Fanout, Queue};
pub use schema::Schema;
pub use session::{Calls, Session};
