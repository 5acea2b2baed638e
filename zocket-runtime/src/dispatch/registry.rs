//! What generated code fills: the typed side of a router.

use std::{any::TypeId, marker::PhantomData, sync::Arc};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::{
    Router,
    entries::{
        At, ConnectFn, DisconnectFn, Guard, GuardEntry, GuardFn, HeadersEntry, Hook, Incoming, IncomingEntry,
        OutgoingEntry, Source, StartFn,
    },
};
use crate::{
    call::{Call, Handshake, Memo, Parts, Start},
    connection::{Contexts, StateSlot},
    contract::{self, Describe, Docs, schema::Integers},
    error::{BoxFuture, Error, Handling, Reject},
    handler::Middleware,
    send::{Anchor, Outgoing},
};

/// An `#[outgoing]` route that was just declared.
pub struct Declared<'r>(Option<&'r mut OutgoingEntry>);

impl Declared<'_> {
    /// Whether clients should move away from it.
    pub fn deprecated(self, deprecated: bool) {
        if let Some(entry) = self.0 {
            entry.deprecated = deprecated;
        }
    }
}

impl std::fmt::Debug for Declared<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Declared").field(&self.0.as_ref().map(|entry| entry.route)).finish()
    }
}

fn guard<M: Middleware<C, St>, C: 'static, St: Send + Sync + 'static>() -> Guard {
    let run: GuardFn = Box::new(|parts| {
        let call: Call<C, St> = Call::new(parts);
        Box::pin(async move { M::guard(&call).await })
    });
    Guard { middleware: TypeId::of::<M>(), describe: M::describe, state: StateSlot(0), run: Arc::new(run) }
}

/// The type marked `#[headers]`.
pub trait HeadersType: DeserializeOwned + JsonSchema {}

/// Collects what a router module declares. Used by generated code only.
pub struct Registry<C, St> {
    router: Router<C, St>,
    contexts: Contexts<C>,
}

impl<C: 'static, St: Send + Sync + 'static> Registry<C, St> {
    /// An empty registry, for the router of `anchor`.
    #[must_use]
    pub fn new(anchor: &'static Anchor, contexts: Contexts<C>) -> Self {
        Self {
            contexts,
            router: Router {
                anchors: vec![anchor],
                integers: vec![(anchor, Integers::All)],
                description: String::new(),
                headers: Vec::new(),
                on_connect: Vec::new(),
                on_disconnect: Vec::new(),
                guards: Vec::new(),
                incoming: Vec::new(),
                outgoing: Vec::new(),
                sources: vec![Source::Own],
                context: PhantomData,
            },
        }
    }

    /// The module's doc comment.
    pub fn description(&mut self, docs: Docs) {
        self.router.description = contract::joined(docs);
    }

    /// Integers of 64 bits and more are only those that a double has exactly.
    pub fn safe_integers(&mut self) {
        for (_, integers) in &mut self.router.integers {
            *integers = Integers::Safe;
        }
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
        let contexts = self.contexts;
        let run: ConnectFn = Box::new(move |request| {
            let connecting = f(Handshake::new(request));
            Box::pin(async move { connecting.await.map(|context| contexts.erase(context)) })
        });
        self.router.on_connect.push(Hook { at, state: StateSlot(0), run });
    }

    /// The `#[on_disconnect]` hook.
    pub fn on_disconnect(&mut self, f: fn(Call<C, St>) -> Handling, at: At) {
        let run: DisconnectFn = Box::new(move |link, state| {
            let memo = Some(Arc::new(Memo::of_all()));
            f(Call::new(Parts { link, state, route: None, rpc_id: None, memo }))
        });
        self.router.on_disconnect.push(Hook { at, state: StateSlot(0), run });
    }

    /// A guard before every route below `prefix`, including those of merged routers.
    pub fn guard_namespace<M: Middleware<C, St>>(&mut self, prefix: &'static str) {
        self.router.guards.push(GuardEntry { prefix, own: None, guard: guard::<M, C, St>() });
    }

    /// A guard before every route of this router, but not before those of routers merged into it, which share
    /// no namespace with it.
    pub fn guard_router<M: Middleware<C, St>>(&mut self) {
        let own = Some(self.router.anchors[0]);
        self.router.guards.push(GuardEntry { prefix: "", own, guard: guard::<M, C, St>() });
    }

    /// A message that the server sends.
    pub fn outgoing<T: Outgoing>(&mut self, docs: Docs, at: At) -> Declared<'_> {
        self.router.outgoing.push(OutgoingEntry {
            route: T::ROUTE,
            docs,
            at,
            deprecated: false,
            describe: |describe| describe.outgoing::<T>(),
            is_faithful: T::is_faithful(),
            schema: T::schema(),
        });
        Declared(self.router.outgoing.last_mut())
    }

    /// A route that clients call.
    pub fn incoming(
        &mut self,
        route: Incoming,
        describe: fn(&mut Describe),
        start: for<'a> fn(Start<'a, C, St>) -> Result<Handling, Error>,
    ) {
        let start: StartFn =
            Box::new(move |parts, payload, schema| start(Start::new(Call::new(parts), payload, schema)));
        self.router.incoming.push(IncomingEntry {
            route,
            router: self.router.anchors[0],
            state: StateSlot(0),
            guards: Vec::new(),
            describe,
            start,
        });
    }

    /// A guard before the route that was declared last, and before that alone.
    pub fn guard<M: Middleware<C, St>>(&mut self) {
        if let Some(entry) = self.router.incoming.last_mut() {
            entry.guards.push(guard::<M, C, St>());
        }
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
