//! A router: what one or several annotated modules declare.

use std::{any::Any, marker::PhantomData, sync::Arc};

use axum::extract::FromRef;

use super::{
    call::StateSlot,
    registry::{At, ConnectFn, DisconnectFn, GuardFn, Incoming, StartFn},
    table,
};
use crate::{
    contract::{
        Contract, Describe,
        schema::{Issue, PayloadSchema},
    },
    extract::NoState,
    send::Anchor,
};

/// The messages and hooks of one or several `#[zocket::router]` modules, to be served by a
/// [`Server`](crate::Server).
///
/// `C` is the context of the connections, `St` the application's state ([`NoState`] where no handler asks for any).
pub struct Router<C, St = NoState> {
    pub(super) anchors: Vec<&'static Anchor>,
    pub(super) description: String,
    pub(super) headers: Vec<HeadersEntry>,
    pub(super) on_connect: Vec<Hook<ConnectFn>>,
    pub(super) on_disconnect: Vec<Hook<DisconnectFn>>,
    pub(super) guards: Vec<GuardEntry>,
    pub(super) incoming: Vec<IncomingEntry>,
    pub(super) outgoing: Vec<OutgoingEntry>,
    /// Where the states come from that entries name by their slot.
    pub(super) sources: Vec<Source<St>>,
    pub(super) context: PhantomData<fn() -> C>,
}

pub(super) type AnyState = Arc<dyn Any + Send + Sync>;

/// Where a merged router's state comes from.
pub(super) enum Source<St> {
    /// It is the server's.
    Own,
    /// It is a part of it.
    Part(Box<dyn Fn(&St) -> AnyState + Send + Sync>),
}

pub(super) struct HeadersEntry {
    pub(super) router: &'static Anchor,
    pub(super) describe: fn(&mut Describe),
    pub(super) check: fn(&PayloadSchema, &str) -> Result<(), Vec<Issue>>,
}

pub(super) struct Hook<F> {
    pub(super) at: At,
    pub(super) state: StateSlot,
    pub(super) run: F,
}

pub(super) struct GuardEntry {
    pub(super) prefix: &'static str,
    /// Set for a guard on a whole module without a namespace: it covers that module's routes, not all.
    pub(super) own: Option<&'static Anchor>,
    pub(super) state: StateSlot,
    pub(super) run: Arc<GuardFn>,
}

pub(super) struct IncomingEntry {
    pub(super) route: Incoming,
    pub(super) router: &'static Anchor,
    pub(super) state: StateSlot,
    pub(super) describe: fn(&mut Describe),
    pub(super) start: StartFn,
}

pub(super) struct OutgoingEntry {
    pub(super) route: &'static str,
    pub(super) docs: &'static str,
    pub(super) at: At,
    pub(super) deprecated: bool,
    pub(super) describe: fn(&mut Describe),
}

impl<C: Send + Sync + 'static, St: Send + Sync + 'static> Router<C, St> {
    /// Adds another router's messages and hooks to this one.
    ///
    /// Both have the same context (`context = …`). The other's state is this one's, a part of it by axum's
    /// [`FromRef`], or none. The same route in both, and hooks of the same kind in both, are errors when the server is
    /// built. A `#[guard]` on a namespace covers what is merged into that namespace too.
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
        let offset = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        let shift = |slot: StateSlot| StateSlot(slot.0.saturating_add(offset));
        for source in other.sources {
            self.sources.push(Source::Part(match source {
                Source::Own => Box::new(|state| Arc::new(S2::sub_state(state))),
                Source::Part(part) => Box::new(move |state| part(&S2::sub_state(state))),
            }));
        }
        self.anchors.extend(other.anchors);
        self.headers.extend(other.headers);
        self.on_connect
            .extend(other.on_connect.into_iter().map(|hook| Hook { state: shift(hook.state), ..hook }));
        self.on_disconnect
            .extend(other.on_disconnect.into_iter().map(|hook| Hook { state: shift(hook.state), ..hook }));
        self.guards
            .extend(other.guards.into_iter().map(|guard| GuardEntry { state: shift(guard.state), ..guard }));
        self.incoming.extend(
            other.incoming.into_iter().map(|entry| IncomingEntry { state: shift(entry.state), ..entry }),
        );
        self.outgoing.extend(other.outgoing);
        self
    }

    /// What the router promises to its clients.
    ///
    /// # Panics
    /// If a route is declared twice, or a payload's schema cannot be enforced, with the text that
    /// [`Builder::try_build`](crate::Builder::try_build) gives as an error.
    #[must_use]
    pub fn contract(&self) -> Contract {
        match table::describe(self) {
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
/// Marks [`NoState`], which is a part of every state.
pub enum ViaNoState {}

/// A state that a server with the state `St` can give to a merged router.
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
