//! JSON Schema: how it is written, and how it is enforced.
//!
//! schemars writes the schemas ([`generate`]), with what serde and our deserializer enforce by themselves made explicit. A
//! [`PayloadSchema`] enforces the rest: it reads a payload for its type, then, where the schema says more than the type
//! ([`constrained`]), runs a compiled checker over the text ([`fast`]). Whatever that cannot approve of goes to the full
//! validator, which decides and finds all violations ([`issues`]).

mod branch;
mod constrained;
mod fast;
mod generate;
mod issues;
mod rounded;
#[cfg(test)]
mod tests;
mod validate;
mod walk;

pub(crate) use generate::Schemas;
pub use issues::Issue;
pub(crate) use validate::{PayloadSchema, SchemaError};
