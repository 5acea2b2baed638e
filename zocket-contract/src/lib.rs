//! What a zocket router promises to its clients, as data.
//!
//! A [`Contract`] is one JSON document: routes, directions, payload, reply and error schemas, handshake headers. A router
//! module's `contract()` makes it, `Server::contract_route` serves it, and everything for clients is made from it:
//! schemas of single messages, AsyncAPI, the TypeScript client, and the answer to "what would this change break?".

mod asyncapi;
mod diff;
mod document;
mod keywords;
pub mod reference;
mod schema;

pub use asyncapi::{AsyncApiOptions, InvalidAsyncApiOption};
pub use diff::{Change, ChangedPart, Diff, Impact};
pub use document::{
    Contract, Direction, ErrorCode, FORMAT, ParseContractError, ParseContractErrorKind, Route,
};
pub use schema::{Part, SchemaName};
