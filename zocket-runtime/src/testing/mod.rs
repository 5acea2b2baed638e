//! Clients that are connected to a server in process, for tests: no ports, no sleeps.
//!
//! They run the whole session, frames and validation included; only HTTP and the socket are missing. Every wait has a
//! deadline (5 s, see [`Connect::deadline`]) and then panics with what had arrived instead.
//!
//! [`assert_contract`] checks a router against the committed contract.
//!
//! Enable the feature for tests only: `zocket = { version = "…", features = ["testing"] }` under
//! `[dev-dependencies]`.
//!
//! ```
//! #[zocket::router]
//! mod app {
//!     #[outgoing]
//!     #[payload]
//!     pub struct Said {
//!         pub text: String,
//!     }
//!
//!     #[incoming]
//!     async fn say(text: String) -> usize {
//!         send::said(Said { text: text.clone() }).broadcast();
//!         text.len()
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let server = zocket::Server::builder(app::router()).build();
//! let mut alice = zocket::testing::connect(&server).await.unwrap();
//! let mut bob = zocket::testing::connect(&server).header("user-name", "Bob").await.unwrap();
//!
//! let length: usize = alice.call("say", &"hi").await.unwrap();
//! assert_eq!(length, 2);
//! assert_eq!(bob.expect::<app::Said>().await.text, "hi");
//!
//! let refused = alice.call::<usize>("say", &12).await.unwrap_err();
//! assert_eq!(refused.code, "INVALID_PAYLOAD");
//! # }
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
