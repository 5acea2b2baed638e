//! The programs of this repository as users see them: built, started, and used over real sockets by clients that share
//! no code with zocket (tokio-tungstenite, a browser, Node's `ws`, the Autobahn cases).
//!
//! `tests/run` installs what they need besides Rust. A missing program fails the test: nothing is skipped.

mod announce;
mod asyncapi;
mod browser;
mod catalog;
mod chat;
mod client;
mod conformance;
mod ending;
#[path = "../integration/http2.rs"]
#[allow(dead_code)] // the other tests' part of it
mod http2;
mod program;
mod proxies;
mod quickstart;
mod schemas;
mod stop;
mod typescript_client;
mod typescript_msgpack;
mod typescript_platforms;
mod wire_twin;
