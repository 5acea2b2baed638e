//! Schema-first, typed WebSocket messages on [axum].
//!
//! One annotated module is the contract: [`router`] turns its structs and async functions into typed senders,
//! dispatch tables and JSON Schema validators. The server enforces the contract, and clients in other languages are made
//! from it.
//!
//! ```no_run
//! #[zocket::router]
//! pub mod app {
//!     pub mod system {
//!         use super::*;
//!
//!         /// Something that everybody should know.
//!         #[outgoing]
//!         pub struct Announcement {
//!             pub text: String,
//!         }
//!
//!         #[payload]
//!         pub struct Announce {
//!             #[schemars(length(min = 1, max = 280))]
//!             pub text: String,
//!         }
//!
//!         #[incoming]
//!         async fn announce(input: Announce) {
//!             send::system::announcement(Announcement { text: input.text }).broadcast();
//!         }
//!     }
//! }
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> std::io::Result<()> {
//!     let server = zocket::Server::builder(app::router()).build();
//!     let http = axum::Router::new()
//!         .route("/ws", server.route())
//!         .route("/contract.json", server.contract_route());
//!     let listener = tokio::net::TcpListener::bind(("127.0.0.1", 3000)).await?;
//!     axum::serve(listener, http).await
//! }
//! ```
//!
//! # Where to look
//!
//! | for | see |
//! |---|---|
//! | what a router module may hold | [`router`] |
//! | arguments of handlers, middleware and hooks | [`Ctx`], [`State`], [`ClientId`], [`PeerAddr`], [`HandshakeParts`], [`FromCall`] |
//! | sending, and which server sends | [`Message`], [`Delivery`], [`spawn`] |
//! | rooms | [`Rooms`], [`Room`] |
//! | errors and refusals | [`Error`], [`macro@error`], [`Reject`] |
//! | limits and deadlines | [`Builder`] |
//! | the contract, its schemas, AsyncAPI, what a change breaks | [`Contract`], [`Diff`], [`Server::schemas_route`] |
//! | clients of other versions | [`Builder::known_contract`], [`OtherContracts`] |
//! | listening, TLS, HTTP/2 | [`bind`], `examples/tls.rs` |
//! | compressed messages | `Compression` (feature `compression`) |
//! | looking at connections, shutting down | [`Server`], [`Connection`] |
//! | tests of your own | `zocket::testing` (feature `testing`) |
//!
//! [axum]: https://docs.rs/axum

#![forbid(unsafe_code)]

pub use zocket_macros::{
    context, error, guard, headers, incoming, middleware, on_connect, on_disconnect, outgoing, payload,
    router,
};
#[cfg(feature = "compression")]
pub use zocket_runtime::Compression;
#[cfg(feature = "testing")]
pub use zocket_runtime::testing;
pub use zocket_runtime::{
    AsyncApiOptions, BuildError, Builder, Call, Change, ChangedPart, ClientId, Connection, Contract, Ctx,
    Delivery, Diff, Direction, Drained, Error, FromCall, FromHandshake, FromRef, Handshake, HandshakeParts,
    Impact, InvalidAsyncApiOption, Issue, Message, NoState, OtherContracts, Outgoing, ParseClientIdError,
    ParseContractError, Part, PeerAddr, Reject, Room, Rooms, Router, SchemaName, Server, State, TypedError,
    Undelivered, bind, code, shutdown_signal, spawn,
};

#[doc(hidden)]
pub use zocket_runtime::__private;
