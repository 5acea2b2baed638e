//! The TypeScript client that `zocket ts` makes, for a router that uses everything a payload can be made of.
//!
//! `tests/run` installs what the tests need besides Rust. A missing program fails the test: nothing is skipped.

#[path = "../everything/mod.rs"]
mod everything;
mod literals;
mod names;
mod round_trip;
mod tools;
mod types;
mod versions;
