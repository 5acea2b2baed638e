//! Putting a router on axum, and looking at what it serves.

mod builder;
mod connection;
mod core;
mod document;
mod listener;
mod room;
mod schemas;
mod server;

pub use builder::Builder;
pub use connection::Connection;
pub use listener::bind;
pub use room::Room;
pub use server::{Drained, Server};

pub(crate) use core::Core;
