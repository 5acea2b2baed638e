//! A router: the declarations of one or more annotated modules.

use std::{any::TypeId, marker::PhantomData, sync::Arc};

use axum::extract::FromRef;

use super::{
    describe,
    entries::{
        ConnectFn, DisconnectFn, Guard, GuardEntry, HeadersEntry, Hook, IncomingEntry, OutgoingEntry, Source,
    },
};
use crate::{
    call::NoState,
    connection::{AnyValue, StateSlot},
    contract::{Contract, schema::Integers},
    send::Anchor,
};

/// The messages and hooks of one or more `#[zocket::router]` modules, to be served by a
/// [`Server`](crate::Server).
///
/// `C` is the context of the connections, `St` the application's state ([`NoState`] if no handler asks for one).
pub struct Router<C, St = NoState> {
    pub(super) anchors: Vec<&'static Anchor>,
    pub(super) description: String,
    /// What each module says of its integers.
    pub(super) integers: Vec<(&'static Anchor, Integers)>,
    pub(super) headers: Vec<HeadersEntry>,
    pub(super) on_connect: Vec<Hook<ConnectFn>>,
    pub(super) on_disconnect: Vec<Hook<DisconnectFn>>,
    pub(super) guards: Vec<GuardEntry>,
    pub(super) incoming: Vec<IncomingEntry>,
    pub(super) outgoing: Vec<OutgoingEntry>,
    /// Where the states that entries refer to by slot come from.
    pub(super) sources: Vec<Source<St>>,
    pub(super) context: PhantomData<fn() -> C>,
}

impl<C: 'static, St: Send + Sync + 'static> Router<C, St> {
    /// Adds another router's messages and hooks to this one.
    ///
    /// Both must have the same context (`context = …`). The other's state is the same as this one's, a part of it
    /// (through axum's [`FromRef`]), or none. If both have the same route, or a hook of the same kind, building the
    /// server is an error, and so it is if only one of them has `safe_integers`. A `#[guard]` on a namespace (of the module, or the router's own `namespace = …`) also covers
    /// what is merged into that namespace; one on a router without a namespace covers only that router's own routes.
    ///
    /// ```
    /// pub struct Session;
    ///
    /// #[zocket::router(context = crate::Session)]
    /// mod app {
    ///     use super::Session;
    ///
    ///     #[on_connect]
    ///     async fn connect() -> Session {
    ///         Session
    ///     }
    /// }
    ///
    /// #[zocket::router(context = crate::Session, namespace = "chat")]
    /// mod chat {
    ///     #[incoming]
    ///     async fn post(text: String) {}
    /// }
    ///
    /// # fn main() {
    /// let server = zocket::Server::builder(app::router().merge(chat::router())).build();
    /// # }
    /// ```
    #[must_use]
    pub fn merge<S2, Via>(mut self, other: Router<C, S2>) -> Self
    where
        S2: SubState<St, Via> + Send + Sync + 'static,
    {
        let mut slots = Vec::with_capacity(other.sources.len());
        for source in other.sources {
            let part: Box<dyn Fn(&St) -> AnyValue + Send + Sync> = match source {
                // Both have the same state, so they share a slot: values that this router's guards made from it are
                // valid for the other.
                Source::Own if TypeId::of::<S2>() == TypeId::of::<St>() => {
                    slots.push(StateSlot(0));
                    continue;
                }
                Source::Own => Box::new(|state| Arc::new(S2::sub_state(state))),
                Source::Part(part) => Box::new(move |state| part(&S2::sub_state(state))),
            };
            slots.push(StateSlot(u32::try_from(self.sources.len()).unwrap_or(u32::MAX)));
            self.sources.push(Source::Part(part));
        }
        let shift = |slot: StateSlot| slots.get(slot.0 as usize).copied().unwrap_or(slot);
        let shifted = |guard: Guard| Guard { state: shift(guard.state), ..guard };
        self.anchors.extend(other.anchors);
        self.integers.extend(other.integers);
        self.headers.extend(other.headers);
        self.on_connect
            .extend(other.on_connect.into_iter().map(|hook| Hook { state: shift(hook.state), ..hook }));
        self.on_disconnect
            .extend(other.on_disconnect.into_iter().map(|hook| Hook { state: shift(hook.state), ..hook }));
        self.guards.extend(
            other.guards.into_iter().map(|entry| GuardEntry { guard: shifted(entry.guard), ..entry }),
        );
        self.incoming.extend(other.incoming.into_iter().map(|entry| IncomingEntry {
            state: shift(entry.state),
            guards: entry.guards.into_iter().map(shifted).collect(),
            ..entry
        }));
        self.outgoing.extend(other.outgoing);
        self
    }

    /// The contract between the router and its clients.
    ///
    /// # Panics
    /// If a route is declared twice, or a payload's schema cannot be enforced, with the error text of
    /// [`Builder::try_build`](crate::Builder::try_build).
    #[must_use]
    pub fn contract(&self) -> Contract {
        match describe::describe(self) {
            Ok(described) => described.contract,
            Err(error) => panic!("{error}"),
        }
    }
}

impl<C, St> std::fmt::Debug for Router<C, St> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let routes: Vec<&str> = self.incoming.iter().map(|entry| entry.route.route).collect();
        f.debug_struct("Router")
            .field("modules", &self.anchors)
            .field("incoming", &routes)
            .finish_non_exhaustive()
    }
}

/// Marks states that are a part of another by [`FromRef`].
pub enum ViaFromRef {}
/// Marks [`NoState`], which counts as a part of every state.
pub enum ViaNoState {}

/// A state that a server with the state `St` can provide to a merged router.
#[diagnostic::on_unimplemented(
    message = "a router with the state `{Self}` cannot be merged into one with the state `{St}`",
    label = "`{Self}` is no part of `{St}`",
    note = "implement `axum::extract::FromRef<{St}>` for `{Self}`, or merge the other way round"
)]
pub trait SubState<St, Via> {
    #[doc(hidden)]
    fn sub_state(state: &St) -> Self;
}

impl<St, T: FromRef<St>> SubState<St, ViaFromRef> for T {
    fn sub_state(state: &St) -> Self {
        T::from_ref(state)
    }
}

impl<St> SubState<St, ViaNoState> for NoState {
    fn sub_state(_: &St) -> Self {
        Self
    }
}
