//! The contract between a zocket router and its clients, as data.
//!
//! A [`Contract`] is one JSON document: routes, directions, payload, reply and error schemas, handshake headers. A router
//! module's `contract()` makes it, `Server::contract_route` serves it, and everything for clients is generated from it:
//! schemas of single messages, AsyncAPI, the TypeScript client, and the answer to "what would this change break?".

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod asyncapi;
mod diff;
mod document;
mod keywords;
#[doc(hidden)]
pub mod localize;
mod naming;
mod number;
#[doc(hidden)]
pub mod pattern;
#[doc(hidden)]
pub mod pointer;
mod position;
pub mod reference;
mod schema;
#[doc(hidden)]
pub mod validation;

pub use asyncapi::{AsyncApiOptions, InvalidAsyncApiOption};
pub use diff::{Change, ChangedPart, Diff, Impact};
pub use document::{
    Contract, Direction, ErrorCode, FORMAT, ParseContractError, ParseContractErrorKind, Route,
};
pub use keywords::{HTTP_ONLY, is_http_only};
pub use position::Position;
pub use schema::{Part, SchemaName};
pub use validation::{InvalidSchema, Issue, Validator, Violations};
