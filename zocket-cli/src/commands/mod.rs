//! One file per command: from its arguments to its exit code.

pub(crate) mod asyncapi;
pub(crate) mod call;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod completions;
mod contact;
mod first;
pub(crate) mod listen;
pub(crate) mod schema;
pub(crate) mod ts;
