//! What a connection has besides its outbox, and what all connections of a server share.
//!
//! Both are in one file because they refer to each other: a connection belongs to a server's core, whose hub holds
//! connections.

use std::{
    any::Any,
    net::{IpAddr, SocketAddr},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use http::request;

use super::{
    Source,
    context::{self, AnyContext},
};
use crate::{
    config::Config,
    contract::schema::PayloadSchema,
    hub::{Hub, Link},
    target,
};

/// A state whose type the router knows.
pub(crate) type AnyValue = Arc<dyn Any + Send + Sync>;

/// The index of the server's state that a router's handlers see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StateSlot(pub(crate) u32);

/// The index of a route that clients call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RouteSlot(pub(crate) u32);

/// What a call must know of its route.
#[derive(Debug)]
pub(crate) struct CallRoute {
    pub(crate) name: &'static str,
    /// Whether its replies may be compressed.
    pub(crate) compress: bool,
    /// The schema that replies are checked against, unless they are known to match.
    pub(crate) reply: Option<PayloadSchema>,
}

/// Identifies a `#[zocket::router]` module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RouterId(pub(crate) usize);

/// A type-erased server: what all its connections share.
pub(crate) struct Core {
    pub(crate) hub: Hub<Conn>,
    pub(crate) config: Config,
    states: Box<[AnyValue]>,
    /// Here and not in each call, which would have to own what it needs of its route.
    routes: Box<[CallRoute]>,
    routers: Box<[RouterId]>,
    draining: AtomicBool,
    /// How many connections were cut off since the server began to drain.
    cut_off: AtomicUsize,
}

impl Core {
    pub(crate) fn new(
        config: Config,
        states: Box<[AnyValue]>,
        routes: Box<[CallRoute]>,
        routers: Box<[RouterId]>,
    ) -> Self {
        Self {
            hub: Hub::new(config.hub()).with_compression(config.compression).with_msgpack(config.msgpack),
            config,
            states,
            routes,
            routers,
            draining: AtomicBool::new(false),
            cut_off: AtomicUsize::new(0),
        }
    }

    /// Whether a router is one of those served here.
    pub(crate) fn serves(&self, router: RouterId) -> bool {
        self.routers.contains(&router)
    }

    /// A route that clients call.
    ///
    /// # Panics
    /// Never: slots come from the table of this server's routes.
    pub(crate) fn route(&self, slot: RouteSlot) -> &CallRoute {
        &self.routes[slot.0 as usize]
    }

    /// The state that a router's handlers see.
    ///
    /// # Panics
    /// Never: the code that asks for the slot here also made it, from a router with the state `St`.
    pub(crate) fn state<St: 'static>(&self, slot: StateSlot) -> &St {
        let state = self.states.get(slot.0 as usize).and_then(|state| state.downcast_ref());
        state.expect("a router's slot holds the router's state")
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// Records that a connection ended before everything sent to it was written.
    pub(crate) fn note_cut_off(&self) {
        if self.is_draining() {
            self.cut_off.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many connections were cut off since the server began to drain.
    pub(crate) fn cut_off(&self) -> usize {
        self.cut_off.load(Ordering::Relaxed)
    }

    /// Refuses new clients from now on.
    pub(crate) fn start_draining(&self) {
        self.draining.store(true, Ordering::Release);
    }
}

/// A connection of a server.
pub(crate) type ConnLink = Link<Conn>;

/// The server's part of a connection, which the hub does not need to know.
pub(crate) struct Conn {
    core: Arc<Core>,
    /// Set once `on_connect` has succeeded.
    context: Mutex<Option<AnyContext>>,
    /// From the handshake, or from the socket after it.
    source: OnceLock<Source>,
    /// Kept only for servers that ask for it: it is larger than the rest of a connection.
    handshake: Option<Arc<request::Parts>>,
}

impl Conn {
    pub(crate) fn new(
        core: Arc<Core>,
        source: Option<Source>,
        handshake: Option<Arc<request::Parts>>,
    ) -> Self {
        Self {
            core,
            context: Mutex::new(None),
            source: source.map_or_else(OnceLock::new, OnceLock::from),
            handshake,
        }
    }
}

impl Drop for Conn {
    /// The last reference to a connection may be held by the hub's task, which must not fail because a
    /// context's `Drop` panics.
    fn drop(&mut self) {
        let context = self.context.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(context))) {
            // The panic payload's `Drop` might panic as well.
            std::mem::forget(panic);
            tracing::error!(target: target::CONNECTION, "a connection's context panicked when it was dropped");
        }
    }
}

const NO_CONTEXT: &str =
    "handlers run after on_connect, and all of a server's routers share one context type";

impl Link<Conn> {
    /// The server that the connection belongs to.
    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.attachment().core
    }

    pub(crate) fn hub(&self) -> &Hub<Conn> {
        &self.core().hub
    }

    pub(crate) fn config(&self) -> &Config {
        &self.core().config
    }

    /// The context, once there is one.
    pub(crate) fn try_context<C: 'static>(&self) -> Option<Arc<C>> {
        context::of(self.attachment().context.lock().unwrap_or_else(PoisonError::into_inner).as_ref()?)
    }

    /// The context.
    ///
    /// # Panics
    /// Before `on_connect` has succeeded: no handler runs then.
    pub(crate) fn context<C: 'static>(&self) -> Arc<C> {
        self.try_context().expect(NO_CONTEXT)
    }

    /// Puts another context in the place of one of the same type.
    ///
    /// # Panics
    /// As [`context`](Self::context).
    pub(crate) fn replace_context<C: 'static>(&self, context: C) {
        let contexts = {
            let current = self.attachment().context.lock().unwrap_or_else(PoisonError::into_inner);
            current.as_ref().and_then(context::contexts_of::<C>)
        };
        self.set_context(contexts.expect(NO_CONTEXT).erase(context));
    }

    pub(crate) fn set_context(&self, context: AnyContext) {
        let former = {
            let mut current = self.attachment().context.lock().unwrap_or_else(PoisonError::into_inner);
            current.replace(context)
        };
        // Dropped outside the lock: its `Drop` is user code, and may look at the connection's context.
        drop(former);
    }

    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        self.attachment().source.get()?.peer()
    }

    /// The client's address, even behind trusted proxies.
    pub(crate) fn client_addr(&self) -> Option<IpAddr> {
        self.attachment().source.get().map(Source::client)
    }

    /// Records where the connection comes from, if the handshake did not say.
    pub(crate) fn set_source(&self, source: Source) {
        // What axum was told (such as an address from the PROXY protocol) takes precedence over the socket.
        let _ = self.attachment().source.set(source);
    }

    pub(crate) fn handshake(&self) -> Option<Arc<request::Parts>> {
        self.attachment().handshake.clone()
    }
}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use super::*;

    /// Each of these bytes is paid for by every connection.
    #[test]
    fn the_servers_side_of_a_connection_is_small() {
        assert_eq!(size_of::<Conn>(), 80);
    }
}
