//! The programs of this repository as their users meet them: built, started, and spoken to over real sockets by clients
//! that share no code with zocket (tokio-tungstenite, a browser, Node's `ws`, the Autobahn cases).
//!
//! What they need besides Rust, `tests/run` installs. A missing program fails the test: nothing is skipped.

mod announce;
mod asyncapi;
mod browser;
mod catalog;
mod chat;
mod client;
mod conformance;
mod program;
mod quickstart;
mod schemas;
mod typescript_client;
mod typescript_msgpack;
mod wire_twin;
