//! What generated code fills: the typed side of a router.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::{
    Router,
    call::{Call, Parts, Start, StateSlot},
    router::{GuardEntry, HeadersEntry, Hook, IncomingEntry, OutgoingEntry, Source},
};
use crate::{
    contract::{Describe, schema::PayloadSchema},
    handler::{BoxFuture, Error, Handling, Middleware, Reject},
    send::{Anchor, Outgoing},
    session::ConnLink,
    upgrade::{Handshake, Request},
};
use std::any::Any;

/// A context without its type.
pub(crate) type AnyContext = Arc<dyn Any + Send + Sync>;
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
    pub(super) docs: &'static str,
    pub(super) at: At,
    pub(super) concurrent: bool,
    pub(super) compress: bool,
    pub(super) deprecated: bool,
}

impl Incoming {
    /// A route handled in the order of arrival.
    #[must_use]
    pub const fn new(route: &'static str, docs: &'static str, at: At) -> Self {
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

    /// Clients should move away from it.
    #[must_use]
    pub const fn deprecated(self) -> Self {
        Self { deprecated: true, ..self }
    }
}

/// An `#[outgoing]` route that was just declared.
pub struct Sent<'r>(Option<&'r mut OutgoingEntry>);

impl Sent<'_> {
    /// Clients should move away from it.
    pub fn deprecated(self) {
        if let Some(entry) = self.0 {
            entry.deprecated = true;
        }
    }
}

impl std::fmt::Debug for Sent<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Sent").field(&self.0.as_ref().map(|entry| entry.route)).finish()
    }
}

/// The type marked `#[headers]`.
pub trait HeadersType: DeserializeOwned + JsonSchema {}

/// Collects what a router module declares. Used by generated code only.
pub struct Registry<C, St> {
    router: Router<C, St>,
}

impl<C: Send + Sync + 'static, St: Send + Sync + 'static> Registry<C, St> {
    /// An empty one, for the router of `anchor`.
    #[must_use]
    pub fn new(anchor: &'static Anchor) -> Self {
        Self {
            router: Router {
                anchors: vec![anchor],
                description: String::new(),
                headers: Vec::new(),
                on_connect: Vec::new(),
                on_disconnect: Vec::new(),
                guards: Vec::new(),
                incoming: Vec::new(),
                outgoing: Vec::new(),
                sources: vec![Source::Own],
                context: std::marker::PhantomData,
            },
        }
    }

    /// The module's doc comment.
    pub fn description(&mut self, docs: &'static str) {
        docs.trim().clone_into(&mut self.router.description);
    }

    /// The headers type.
    pub fn headers<H: HeadersType>(&mut self) {
        self.router.headers.push(HeadersEntry {
            router: self.router.anchors[0],
            describe: |describe| describe.payload::<H>(),
            check: |schema, text| schema.parse::<H>(Some(text)).map(drop),
        });
    }

    /// The `#[on_connect]` hook.
    pub fn on_connect(&mut self, f: fn(Handshake<St>) -> BoxFuture<Result<C, Reject>>, at: At) {
        let run: ConnectFn = Box::new(move |request| {
            let connecting = f(Handshake::new(request));
            Box::pin(async move { connecting.await.map(|context| Arc::new(context) as AnyContext) })
        });
        self.router.on_connect.push(Hook { at, state: StateSlot(0), run });
    }

    /// The `#[on_disconnect]` hook.
    pub fn on_disconnect(&mut self, f: fn(Call<C, St>) -> Handling, at: At) {
        let run: DisconnectFn =
            Box::new(move |link, state| f(Call::new(Parts { link, state, route: None, rpc_id: None })));
        self.router.on_disconnect.push(Hook { at, state: StateSlot(0), run });
    }

    /// A guard before everything below `prefix`.
    pub fn guard<M: Middleware<C, St>>(&mut self, prefix: &'static str, own_routes_only: bool) {
        let run: GuardFn = Box::new(|parts| {
            let call: Call<C, St> = Call::new(parts);
            Box::pin(async move { M::run(&call).await.map(drop) })
        });
        let own = own_routes_only.then(|| self.router.anchors[0]);
        self.router.guards.push(GuardEntry { prefix, own, state: StateSlot(0), run: Arc::new(run) });
    }

    /// A message that the server sends.
    pub fn outgoing<T: Outgoing>(&mut self, docs: &'static str, at: At) -> Sent<'_> {
        self.router.outgoing.push(OutgoingEntry {
            route: T::ROUTE,
            docs,
            at,
            deprecated: false,
            describe: |describe| describe.outgoing::<T>(),
        });
        Sent(self.router.outgoing.last_mut())
    }

    /// A route that clients call.
    pub fn incoming(
        &mut self,
        route: Incoming,
        describe: fn(&mut Describe),
        start: for<'a> fn(Start<'a, C, St>) -> Result<Handling, Error>,
    ) {
        let start: StartFn =
            Box::new(move |parts, payload, schema| start(Start { call: Call::new(parts), payload, schema }));
        self.router.incoming.push(IncomingEntry {
            route,
            router: self.router.anchors[0],
            state: StateSlot(0),
            describe,
            start,
        });
    }

    /// The router.
    #[must_use]
    pub fn finish(self) -> Router<C, St> {
        self.router
    }
}

impl<C, St> std::fmt::Debug for Registry<C, St> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry").field("router", &self.router).finish()
    }
}
