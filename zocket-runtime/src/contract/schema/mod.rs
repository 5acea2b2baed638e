//! JSON Schema: how it is written, and how it is enforced.
//!
//! schemars generates the schemas ([`generate`]), to which everything that serde and our deserializer enforce is added
//! explicitly. A [`PayloadSchema`] enforces the rest: it deserializes a payload, then runs a compiled checker over the text
//! ([`fast`]), unless deserializing has been proven to reject everything that the schema rejects ([`proof`]). If the checker
//! does not approve, [`zocket_contract::Validator`] decides and says what is wrong, as it does for the command line.

mod annotations;
mod fast;
mod generate;
mod outbound;
mod proof;
mod rounded;
#[cfg(test)]
mod tests;
mod validate;
mod walk;

pub(crate) use generate::{Integers, Schemas, has_wide_integers};
pub use outbound::MessageSchema;
pub(crate) use proof::{Reads, reads};
pub(crate) use validate::{PayloadSchema, SchemaError};
pub use zocket_contract::{Issue, Violations};
