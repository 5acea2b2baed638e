//! Clients that are connected to a server in process, for tests: no ports, no sleeps.
//!
//! [`connect`] runs the whole session, frames and validation included; only HTTP and the socket are missing. [`connect_to`]
//! runs HTTP as well, with an application's routes, layers and extractors. [`assert_contract`] checks a router against the
//! committed contract.
//!
//! Enable the feature for tests only: `zocket = { version = "…", features = ["testing"] }` under
//! `[dev-dependencies]`.
//!
//! # Typed calls and events
//!
//! With the feature, a router has `calls` beside `send`: a fn for each handler, by its Rust name, which takes the handler's
//! payload. [`Client::ask`] gives the handler's reply, or its error; [`Client::expect`] an event.
//!
//! ```
//! use zocket::testing::{AskError, connect};
//!
//! #[zocket::router]
//! mod app {
//!     #[error]
//!     #[derive(Debug, PartialEq)]
//!     pub enum SayError {
//!         /// Too many words.
//!         TooLong { limit: usize },
//!     }
//!
//!     // `#[payload]` derives `Deserialize`, with which tests read it.
//!     #[outgoing]
//!     #[payload]
//!     pub struct Said {
//!         pub text: String,
//!     }
//!
//!     #[incoming]
//!     async fn say(text: String) -> Result<usize, SayError> {
//!         if text.len() > 10 {
//!             return Err(SayError::TooLong { limit: 10 });
//!         }
//!         send::said(Said { text: text.clone() }).broadcast();
//!         Ok(text.len())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! # use app::{Said, SayError};
//! let server = zocket::Server::builder(app::router()).build();
//! let mut alice = connect(&server).await.unwrap();
//! let mut bob = connect(&server).header("user-name", "Bob").await.unwrap();
//!
//! assert_eq!(alice.ask(app::calls::say("hi".into())).await.unwrap(), 2);
//! assert_eq!(bob.expect::<Said>().await.text, "hi");
//!
//! let refused = alice.ask(app::calls::say("far too long".into())).await.unwrap_err();
//! assert_eq!(refused, AskError::Handler(SayError::TooLong { limit: 10 }));
//!
//! // What a typed client could not send.
//! let refused = alice.call::<usize>("say", &12).await.unwrap_err();
//! assert_eq!(refused.code, "INVALID_PAYLOAD");
//! # }
//! ```
//!
//! A handler without a payload is called by `app::calls::name()`; one whose arguments are extractors of your own, by
//! `app::calls::name(())`. A reply is read with serde, and so are the fields of an error: they are `Deserialize`, which the server
//! does not ask of them. What is not is said by the compiler, or by the text of the [`AskError`]. [`Client::call`] needs no types. A
//! router that has something else called `calls` keeps that, and has no typed calls.
//!
//! # Failures
//!
//! Every wait has a deadline (5 s, see [`Connect::deadline`]) and then panics with what had arrived instead. The panic is shown at
//! the `.await` in the test, also where the test awaits it in a helper of its own.
//!
//! # Paused time
//!
//! With `#[tokio::test(start_paused = true)]` (tokio's feature `test-util`), a test that waits for hours ends at once. Clients
//! answer pings while the test does something else, so they stay connected; [`Client::stop_reading`] makes one that does not.
//! Deadlines are in tokio's time: where a handler sleeps for longer than 5 s, its client needs a longer one.
//!
//! ```
//! use std::time::Duration;
//!
//! # #[zocket::router] mod app { #[incoming] async fn tick() -> u8 { 1 } }
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
//! # runtime.unwrap().block_on(async {
//! let server = zocket::Server::builder(app::router()).build();
//! let mut idle = zocket::testing::connect(&server).await.unwrap();
//! tokio::time::sleep(Duration::from_secs(3600)).await;
//! assert_eq!(idle.ask(app::calls::tick()).await.unwrap(), 1);
//! # });
//! ```

mod ask;
mod client;
mod connect;
mod contract;
mod http1;
mod pipe;
mod types;
mod waiting;

pub use ask::{Ask, AskError, CallError, NoError, ReadError, ReadEvent, ReadReply};
pub use client::Client;
pub use connect::{Connect, Rejected, connect, connect_to};
pub use contract::assert_contract;
pub use waiting::Waiting;

/// For generated code.
pub(crate) mod private {
    pub use super::{
        ask::{Ask, NoError},
        types::{Answers, Asked, ErrorData, SendPayload, UnreadData, ViaResult},
    };
}
