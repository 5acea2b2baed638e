//! The contract as an AsyncAPI 3.0 document.
//!
//! One `WebSocket` is one channel, as the WebSocket binding of AsyncAPI says: its address is the path of the endpoint, its
//! bindings are the handshake, and all messages are its messages. A route is an operation on it, seen from the server:
//! `receive` with a `reply` for what clients call, `send` for what the server sends. Channels by route would look tidier in
//! a list, but generators open one connection a channel.
//!
//! The payload of a message is the whole envelope as it goes over the wire, told apart by its `type`; what a type of the
//! router describes is its `payload`. Replies are told apart by the `rpcId`, which is the correlation id.

mod draft07;
mod envelope;
mod handshake;
mod keys;
mod options;
mod write;

pub use options::{AsyncApiOptions, InvalidAsyncApiOption};

use serde_json::Value;

use crate::Contract;

impl Contract {
    /// The contract as an AsyncAPI 3.0 document, deterministic to the byte: channel, operations, messages, errors,
    /// and the schemas under `components/schemas`, in draft-07 as AsyncAPI has them.
    ///
    /// What draft-07 cannot say stands under `x-json-schema-2020-12`. `x-zocket-hash` is the contract's
    /// [`hash`](Self::hash).
    ///
    /// ```
    /// # fn write(contract: &zocket_contract::Contract) {
    /// use zocket_contract::AsyncApiOptions;
    ///
    /// let document = contract.to_asyncapi(&AsyncApiOptions::default().version("2.1.0"));
    /// assert_eq!(document["asyncapi"], "3.0.0");
    /// let text = format!("{document:#}");
    /// # }
    /// ```
    #[must_use]
    pub fn to_asyncapi(&self, options: &AsyncApiOptions) -> Value {
        write::document(self, options)
    }
}
