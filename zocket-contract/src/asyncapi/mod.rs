//! The contract as an AsyncAPI 3.0 document.
//!
//! A route is an operation, seen from the server: `receive` with a `reply` for what clients call, `send` for what the server
//! sends. All go over one `WebSocket`, but each operation has a channel of its own, with the address of the endpoint, the
//! handshake as its bindings and no messages but its own. With one channel for all, each operation and each reply would repeat
//! all messages once its references are followed, as tools do: 20 routes were 3.4 MB then, and a page of them took a minute.
//! Whoever generates clients from it opens one connection for all channels of the same address.
//!
//! The payload of a message is the whole envelope on the wire, identified by its `type`; the router's types describe its
//! `payload`. Replies are matched by the `rpcId`, which is the correlation id.

mod draft07;
mod envelope;
mod handshake;
mod options;
mod write;

pub use options::{AsyncApiOptions, InvalidAsyncApiOption};

use serde_json::Value;

use crate::document::Contract;

impl Contract {
    /// The contract as an AsyncAPI 3.0 document, deterministic to the byte: channel, operations, messages, errors,
    /// and the schemas under `components/schemas`, in draft-07 as AsyncAPI has them.
    ///
    /// What draft-07 cannot express is kept under `x-json-schema-2020-12`. `x-zocket-hash` is the contract's
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
