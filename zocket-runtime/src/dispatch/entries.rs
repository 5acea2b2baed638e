//! The entries of a router, and the functions behind them.

use std::{any::TypeId, sync::Arc};

use crate::{
    call::{Parts, Request},
    connection::{AnyContext, AnyValue, ConnLink, StateSlot},
    contract::{
        Describe, Docs,
        schema::{MessageSchema, PayloadSchema, Violations},
    },
    error::{BoxFuture, Error, Handling, Reject},
    send::Anchor,
};

pub(crate) type ConnectFn = Box<dyn Fn(Request) -> BoxFuture<Result<AnyContext, Reject>> + Send + Sync>;
pub(crate) type DisconnectFn = Box<dyn Fn(Arc<ConnLink>, StateSlot) -> Handling + Send + Sync>;
pub(super) type GuardFn = Box<dyn Fn(Parts) -> Handling + Send + Sync>;
pub(super) type StartFn =
    Box<dyn Fn(Parts, Option<&str>, Option<&PayloadSchema>) -> Result<Handling, Error> + Send + Sync>;

/// Where something was declared, for messages about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    file: &'static str,
    line: u32,
    name: &'static str,
}

impl At {
    /// The item `name` at a line of a file.
    #[must_use]
    pub const fn new(file: &'static str, line: u32, name: &'static str) -> Self {
        Self { file, line, name }
    }
}

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` at {}:{}", self.name, self.file, self.line)
    }
}

/// An `#[incoming]` route, as the macro declares it.
#[derive(Clone, Copy, Debug)]
pub struct Incoming {
    pub(super) route: &'static str,
    pub(super) docs: Docs,
    pub(super) at: At,
    pub(super) concurrent: bool,
    pub(super) compress: bool,
    pub(super) deprecated: bool,
}

impl Incoming {
    /// A route handled in the order of arrival.
    #[must_use]
    pub const fn new(route: &'static str, docs: Docs, at: At) -> Self {
        Self { route, docs, at, concurrent: false, compress: true, deprecated: false }
    }

    /// Other messages of the connection may overtake this one.
    #[must_use]
    pub const fn concurrent(self) -> Self {
        Self { concurrent: true, ..self }
    }

    /// Its replies are not compressed.
    #[must_use]
    pub const fn uncompressed(self) -> Self {
        Self { compress: false, ..self }
    }

    /// Whether clients should move away from it.
    #[must_use]
    pub const fn deprecated(self, deprecated: bool) -> Self {
        Self { deprecated, ..self }
    }
}

/// Where a merged router's state comes from.
pub(super) enum Source<St> {
    /// It is the server's.
    Own,
    /// It is a part of it.
    Part(Box<dyn Fn(&St) -> AnyValue + Send + Sync>),
}

pub(super) struct HeadersEntry {
    pub(super) router: &'static Anchor,
    pub(super) describe: fn(&mut Describe),
    pub(super) check: fn(&PayloadSchema, &str) -> Result<(), Violations>,
}

pub(super) struct Hook<F> {
    pub(super) at: At,
    pub(super) state: StateSlot,
    pub(super) run: F,
}

/// A guard on a namespace or a whole router.
pub(super) struct GuardEntry {
    pub(super) prefix: &'static str,
    /// Set for a guard on a whole module without a namespace: it covers that module's routes, not all.
    pub(super) own: Option<&'static Anchor>,
    pub(super) guard: Guard,
}

/// A middleware that must let a message through.
#[derive(Clone)]
pub(super) struct Guard {
    pub(super) middleware: TypeId,
    pub(super) describe: fn(&mut Describe),
    pub(super) state: StateSlot,
    pub(super) run: Arc<GuardFn>,
}

pub(super) struct IncomingEntry {
    pub(super) route: Incoming,
    pub(super) router: &'static Anchor,
    pub(super) state: StateSlot,
    /// Those of the route itself, outermost first.
    pub(super) guards: Vec<Guard>,
    pub(super) describe: fn(&mut Describe),
    pub(super) start: StartFn,
}

pub(super) struct OutgoingEntry {
    pub(super) route: &'static str,
    pub(super) docs: Docs,
    pub(super) at: At,
    pub(super) deprecated: bool,
    pub(super) describe: fn(&mut Describe),
    /// The messages are known to match the schema of their type.
    pub(super) is_faithful: bool,
    /// Where to store the schema, if the messages have to be checked.
    pub(super) schema: &'static MessageSchema,
}
