//! Schema-first, typed WebSocket messages on [axum].
//!
//! One annotated module is the contract: [`router`] turns its structs and async functions into typed senders, dispatch
//! tables and JSON Schema validators. The server enforces the contract, and clients in other languages are generated
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
//!     zocket::serve(listener, http).drain(&server, std::time::Duration::from_secs(10)).await
//! }
//! ```
//!
//! # Where to look
//!
//! | for | see |
//! |---|---|
//! | what a router module may contain | [`router`] |
//! | arguments of handlers, middleware and hooks | [`Ctx`], [`State`], [`ClientId`], [`ClientAddr`], [`PeerAddr`], [`HandshakeParts`], [`Payload`], [`FromCall`] |
//! | sending, and which server sends | [`Message`], [`Delivery`], [`spawn`] |
//! | rooms | [`Rooms`], [`Room`] |
//! | errors and refusals | [`Error`], [`macro@error`], [`Reject`] |
//! | limits and deadlines | [`Builder`] |
//! | who may connect: origins, hosts, proxies | [`Builder::allow_origins`], [`Builder::allowed_hosts`], [`Builder::trusted_proxies`] |
//! | the contract, its schemas, AsyncAPI, what a change breaks | [`Contract`], [`Diff`], [`Server::schemas_route`] |
//! | clients of other versions | [`Builder::known_contract`], [`OtherContracts`] |
//! | listening, TLS, HTTP/2, stopping | [`serve`](serve()), [`bind`], [`with_peer`] for `axum::serve`, `examples/tls.rs` |
//! | compressed messages | [`Compression`][compression] (feature `compression`) |
//! | inspecting connections, shutting down | [`Server`], [`Connection`] |
//! | writing tests | [`zocket::testing`][testing] (feature `testing`) |
//!
//! [axum]: https://docs.rs/axum
#![cfg_attr(feature = "compression", doc = "[compression]: Compression")]
#![cfg_attr(
    not(feature = "compression"),
    doc = "[compression]: https://docs.rs/zocket/latest/zocket/struct.Compression.html"
)]
#![cfg_attr(feature = "testing", doc = "[testing]: mod@testing")]
#![cfg_attr(
    not(feature = "testing"),
    doc = "[testing]: https://docs.rs/zocket/latest/zocket/testing/index.html"
)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

pub use zocket_macros::{
    context, error, guard, header, headers, incoming, middleware, on_connect, on_disconnect, outgoing,
    payload, router,
};
#[cfg(feature = "compression")]
pub use zocket_runtime::Compression;
#[cfg(feature = "testing")]
pub use zocket_runtime::testing;
pub use zocket_runtime::{
    AsPeer, AsyncApiOptions, BuildError, BuildErrorKind, Builder, Call, Change, ChangedPart, ClientAddr,
    ClientId, Clients, CloseCode, Connection, Contract, Ctx, Delivery, Diff, Direction, Drained, Error,
    ErrorCode, Errors, FromCall, FromHandshake, FromRef, Handshake, HandshakeParts, Http, Impact,
    InvalidAsyncApiOption, InvalidCloseCode, InvalidSchema, Issue, Message, NoState, OtherContracts,
    Outgoing, ParseClientIdError, ParseContractError, ParseContractErrorKind, Part, Payload, Peer, PeerAddr,
    Position, ProxyHeaders, Reject, Room, RoomName, RoomNames, Rooms, Route, Router, SchemaName, Serve,
    Server, State, TypedError, Undelivered, Validator, Violations, WithPeer, bind, code, serve,
    shutdown_signal, spawn, with_peer,
};

/// The crate that makes JSON Schemas: for `#[derive(JsonSchema)]` on types of your own, `#[derive(zocket::schemars::JsonSchema)]`
/// with `#[schemars(crate = "zocket::schemars")]`, and for implementations by hand.
pub use zocket_runtime::schemars;

#[doc(hidden)]
pub use zocket_runtime::__private;

/// For modules of a router in which macros are called: what such a macro makes of these is then said in our words.
#[doc(hidden)]
pub mod __attributes {
    pub use zocket_macros::{
        context, guard, headers, incoming, middleware, on_connect, on_disconnect, outgoing, payload,
    };
}
