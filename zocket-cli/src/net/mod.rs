//! Reaching a server: its contract by HTTP, its routes by WebSocket.

pub(crate) mod http;
mod message;
mod socket;
mod tls;
mod url;

pub(crate) use message::Received;
pub(crate) use socket::{Connect, Socket, Told};
pub(crate) use url::ServerUrl;
