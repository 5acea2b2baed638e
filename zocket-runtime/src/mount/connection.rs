//! A connection, from the server's side.

use std::{fmt, marker::PhantomData, net::SocketAddr, sync::Arc, time::Duration};

use crate::{client_id::ClientId, extract::Rooms, session::ConnLink};

/// A connection of a [`Server`](crate::Server). It does not keep the connection open.
pub struct Connection<C> {
    link: Arc<ConnLink>,
    context: PhantomData<fn() -> C>,
}

impl<C: Send + Sync + 'static> Connection<C> {
    pub(super) fn new(link: Arc<ConnLink>) -> Self {
        Self { link, context: PhantomData }
    }

    /// The connection's id.
    #[must_use]
    pub fn id(&self) -> ClientId {
        self.link.id()
    }

    /// The connection's context, as it is now.
    #[must_use]
    pub fn context(&self) -> Arc<C> {
        self.link.attachment().context()
    }

    /// Puts another context in the place of the connection's. The next message sees it.
    pub fn replace_context(&self, context: C) {
        self.link.attachment().replace_context(Arc::new(context));
    }

    /// The connection's rooms, to look at and to change.
    #[must_use]
    pub fn rooms(&self) -> Rooms<'_> {
        Rooms::new(&self.link)
    }

    /// The address of the other end; `None` over transports that have none.
    #[must_use]
    pub fn peer_addr(&self) -> Option<SocketAddr> {
        self.link.attachment().peer()
    }

    /// How long ago the handshake was.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.link.age()
    }

    /// Whether the connection is still there.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.link.is_open()
    }

    /// Waits until the connection has ended. Cancellation safe.
    pub async fn closed(&self) {
        self.link.closed().await;
    }

    /// Closes the connection after what is queued for it has been written, with a close code (1000, 1008, 1011 to
    /// 1014, 3000 to 4999; any other becomes 1011) and a reason (cut to 123 bytes).
    pub fn disconnect(&self, code: u16, reason: &str) {
        self.link.close(code, reason);
    }
}

impl<C> Clone for Connection<C> {
    fn clone(&self) -> Self {
        Self { link: Arc::clone(&self.link), context: PhantomData }
    }
}

impl<C> fmt::Debug for Connection<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("id", &self.link.id()).finish_non_exhaustive()
    }
}
