//! Reaching a server: its contract over HTTP, its routes over WebSocket.

mod connect;
mod handshake;
pub(crate) mod http;
mod message;
mod socket;
mod tls;
mod url;

pub(crate) use connect::Connect;
pub(crate) use message::Received;
pub(crate) use socket::{Socket, Told};
pub(crate) use tls::trust_anybody;
pub(crate) use url::ServerUrl;

#[cfg(test)]
mod tests;
