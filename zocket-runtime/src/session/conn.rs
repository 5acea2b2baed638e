//! What a connection carries beside its outbox.

use std::{
    any::Any,
    net::SocketAddr,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use http::request;

use crate::{hub::Link, mount::Core};

/// A connection of a server.
pub(crate) type ConnLink = Link<Conn>;

type AnyContext = Arc<dyn Any + Send + Sync>;

/// The server's side of a connection: what the hub need not know.
pub(crate) struct Conn {
    core: Arc<Core>,
    /// Set once `on_connect` has succeeded.
    context: Mutex<Option<AnyContext>>,
    /// From the handshake, or from the socket after it.
    peer: OnceLock<SocketAddr>,
    /// Kept only for servers that ask for it: it is larger than all the rest of a connection.
    handshake: Option<Arc<request::Parts>>,
}

impl Conn {
    pub(crate) fn new(
        core: Arc<Core>,
        peer: Option<SocketAddr>,
        handshake: Option<Arc<request::Parts>>,
    ) -> Self {
        Self {
            core,
            context: Mutex::new(None),
            peer: peer.map_or_else(OnceLock::new, OnceLock::from),
            handshake,
        }
    }

    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// The context, once there is one.
    pub(crate) fn try_context<C: Send + Sync + 'static>(&self) -> Option<Arc<C>> {
        let context = self.context.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        context.downcast().ok()
    }

    /// The context.
    ///
    /// # Panics
    /// Before `on_connect` has succeeded: no handler runs then.
    pub(crate) fn context<C: Send + Sync + 'static>(&self) -> Arc<C> {
        self.try_context()
            .expect("handlers run after on_connect, and all of a server's routers share one context type")
    }

    pub(crate) fn replace_context(&self, context: AnyContext) {
        *self.context.lock().unwrap_or_else(PoisonError::into_inner) = Some(context);
    }

    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        self.peer.get().copied()
    }

    pub(crate) fn set_peer(&self, peer: SocketAddr) {
        // What axum was told (a proxy protocol's address, say) goes before what the socket says.
        let _ = self.peer.set(peer);
    }

    pub(crate) fn handshake(&self) -> Option<Arc<request::Parts>> {
        self.handshake.clone()
    }
}
