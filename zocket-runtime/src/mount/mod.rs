//! Mounting a router on axum, and inspecting what it serves.

mod admission;
mod builder;
mod connection;
mod document;
mod drain;
mod listener;
mod room;
mod schemas;
mod serve;
mod server;
mod with_peer;

pub use builder::Builder;
pub use connection::Connection;
pub use drain::Drained;
pub use listener::bind;
pub use room::Room;
pub use serve::{Serve, serve};
pub use server::Server;
pub use with_peer::{WithPeer, with_peer};
