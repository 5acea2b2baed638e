//! Why a server cannot be built, in the user's words.

use std::fmt;

use super::registry::At;
use crate::contract::{Direction, schema::SchemaError};

/// Why a server cannot be built.
///
/// Its text names what is wrong, where it is declared, and the way out.
#[derive(Debug)]
pub struct BuildError(Box<Fault>);

#[derive(Debug)]
pub(crate) enum Fault {
    RouteTwice { route: String, direction: Direction, first: At, second: At },
    HookTwice { hook: &'static str, first: At, second: At },
    HeadersTwice { first: &'static str, second: &'static str },
    NoContext { context: &'static str },
    NoState { state: &'static str },
    Schema { route: String, at: Option<At>, error: SchemaError },
}

impl From<Fault> for BuildError {
    fn from(fault: Fault) -> Self {
        Self(Box::new(fault))
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Fault::RouteTwice { route, direction, first, second } => {
                let kind = match direction {
                    Direction::Incoming => "incoming",
                    Direction::Outgoing => "outgoing",
                };
                write!(
                    f,
                    "the {kind} route `{route}` is declared twice: {first}, and {second}; \
                     help: rename one with `#[{kind}(rename = \"…\")]`, or give its router a namespace"
                )
            }
            Fault::HookTwice { hook, first, second } => write!(
                f,
                "the merged routers have more than one `#[{hook}]`: {first}, and {second}; help: keep one of them"
            ),
            Fault::HeadersTwice { first, second } => write!(
                f,
                "the merged routers `{first}` and `{second}` both have `#[headers]`; help: keep one of them"
            ),
            Fault::NoContext { context } => write!(
                f,
                "no router has an `#[on_connect]` that makes the context `{context}`; help: add one, or merge the router that has it"
            ),
            Fault::NoState { state } => write!(
                f,
                "the handlers ask for the state `{state}` and the server has none; help: `Server::builder(..).state(..)`"
            ),
            Fault::Schema { route, at, error } => {
                write!(f, "the schema of `{route}` ")?;
                if let Some(at) = at {
                    write!(f, "({at}) ")?;
                }
                write!(f, "cannot be enforced: {error}")
            }
        }
    }
}

impl std::error::Error for BuildError {}
