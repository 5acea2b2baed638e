//! Why a server cannot be built, in the user's terms.

use std::fmt;

use super::{entries::At, headers::Unfillable};
use crate::{
    config::Invalid,
    contract::{Direction, schema::SchemaError},
};

/// Why a server cannot be built.
///
/// Its text says what is wrong, where it is declared, and how to fix it.
#[derive(Debug)]
pub struct BuildError(Box<Fault>);

/// The kind of fault that prevents a server from being built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BuildErrorKind {
    /// Something is declared twice: a route, a hook, the headers.
    DeclaredTwice,
    /// No `#[on_connect]` creates the context.
    MissingContext,
    /// The handlers ask for a state that the server was not given.
    MissingState,
    /// A schema says something that cannot be enforced.
    Schema,
    /// A setting of the builder is invalid, or has entries that match nothing or everything.
    InvalidSetting,
}

impl BuildError {
    /// The kind of fault.
    #[must_use]
    pub fn kind(&self) -> BuildErrorKind {
        match &*self.0 {
            Fault::RouteTwice { .. } | Fault::HookTwice { .. } | Fault::HeadersTwice { .. } => {
                BuildErrorKind::DeclaredTwice
            }
            Fault::NoContext { .. } => BuildErrorKind::MissingContext,
            Fault::NoState { .. } => BuildErrorKind::MissingState,
            Fault::IntegersDiffer { .. }
            | Fault::Headers { .. }
            | Fault::Contract { .. }
            | Fault::Schemas(_) => BuildErrorKind::Schema,
            Fault::Settings(_) => BuildErrorKind::InvalidSetting,
        }
    }
}

#[derive(Debug)]
pub(crate) enum Fault {
    RouteTwice {
        route: String,
        direction: Direction,
        first: At,
        second: At,
    },
    HookTwice {
        hook: &'static str,
        first: At,
        second: At,
    },
    HeadersTwice {
        first: &'static str,
        second: &'static str,
    },
    IntegersDiffer {
        safe: &'static str,
        other: &'static str,
    },
    NoContext {
        context: &'static str,
    },
    NoState {
        state: &'static str,
    },
    Headers {
        router: &'static str,
        why: Unfillable,
    },
    Contract {
        message: String,
        help: String,
    },
    /// All of the router.
    Schemas(Vec<SchemaFault>),
    /// All of the builder's lists.
    Settings(Vec<Invalid>),
}

/// A schema that cannot be enforced.
#[derive(Debug)]
pub(crate) struct SchemaFault {
    /// Such as "the payload of `chat.post`".
    pub(super) what: String,
    pub(super) at: Option<At>,
    pub(super) error: SchemaError,
}

impl fmt::Display for SchemaFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, at, error } = self;
        write!(f, "the schema of {what} ")?;
        if let Some(at) = at {
            write!(f, "({at}) ")?;
        }
        write!(f, "cannot be enforced: {error}")
    }
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
            Fault::IntegersDiffer { safe, other } => write!(
                f,
                "the router `{safe}` has `safe_integers` and `{other}`, merged with it, has not, though they share their types; \
                 help: write `#[zocket::router(safe_integers)]` on both, or on neither"
            ),
            Fault::NoContext { context } => write!(
                f,
                "no router has an `#[on_connect]` that makes the context `{context}`; help: add one, or merge the router that has it"
            ),
            Fault::NoState { state } => write!(
                f,
                "the handlers ask for the state `{state}` and the server has none; help: `Server::builder(..).state(..)`"
            ),
            Fault::Headers { router, why } => write!(f, "the `#[headers]` of `{router}`: {why}"),
            Fault::Contract { message, help } => {
                write!(f, "the contract could not be read by its clients: {message}; help: {help}")
            }
            Fault::Schemas(faults) => each_on_a_line(f, faults),
            Fault::Settings(invalid) => each_on_a_line(f, invalid),
        }
    }
}

fn each_on_a_line(f: &mut fmt::Formatter<'_>, faults: &[impl fmt::Display]) -> fmt::Result {
    for (index, fault) in faults.iter().enumerate() {
        let line = if index == 0 { "" } else { "\n" };
        write!(f, "{line}{fault}")?;
    }
    Ok(())
}

impl std::error::Error for BuildError {}
