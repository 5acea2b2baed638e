//! A connection, from the server's side.

use std::{
    fmt,
    marker::PhantomData,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use crate::{
    client_id::ClientId,
    connection::{ConnLink, Rooms},
    wire::close::CloseCode,
};

/// A connection of a [`Server`](crate::Server). It does not keep the connection open.
///
/// ```
/// use zocket::Server;
///
/// /// Says who has been connected for longer than an hour.
/// fn regulars<C: Send + Sync + 'static>(server: &Server<C>) -> Vec<zocket::ClientId> {
///     let connections = server.connections().into_iter();
///     let old = connections.filter(|connection| connection.age().as_secs() > 3600);
///     old.map(|connection| connection.client_id()).collect()
/// }
/// ```
pub struct Connection<C> {
    link: Arc<ConnLink>,
    context: PhantomData<fn() -> C>,
}

impl<C: 'static> Connection<C> {
    pub(super) fn new(link: Arc<ConnLink>) -> Self {
        Self { link, context: PhantomData }
    }

    /// The connection's id.
    #[must_use]
    pub fn client_id(&self) -> ClientId {
        self.link.id()
    }

    /// The connection's context, as it is now.
    #[must_use]
    pub fn context(&self) -> Arc<C> {
        self.link.context()
    }

    /// Replaces the connection's context. The next message sees the new one.
    pub fn replace_context(&self, context: C) {
        self.link.replace_context(context);
    }

    /// The connection's rooms, to inspect and to change.
    #[must_use]
    pub fn rooms(&self) -> Rooms<'_> {
        Rooms::new(&self.link)
    }

    /// The address of the other end; `None` over transports that have none.
    #[must_use]
    pub fn peer_addr(&self) -> Option<SocketAddr> {
        self.link.peer()
    }

    /// The client's address, even behind [trusted proxies](crate::Builder::trusted_proxies); `None` if it is not known. See
    /// [`ClientAddr`](crate::ClientAddr).
    #[must_use]
    pub fn client_addr(&self) -> Option<IpAddr> {
        self.link.client_addr()
    }

    /// How long ago the handshake was.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.link.age()
    }

    /// Whether the connection is still open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.link.is_open()
    }

    /// Waits until the connection has ended. Cancellation safe.
    pub async fn closed(&self) {
        self.link.closed().await;
    }

    /// Closes the connection, with a code and a reason (truncated to 123 bytes). The code also says whether a client that
    /// reconnects by itself is to come back: see [`CloseCode::stays_away`].
    ///
    /// Everything that was sent to it before, from anywhere in the program, goes out before the close frame, and nothing
    /// after it. Messages from the client that are not yet being handled are discarded; running handlers may finish, but
    /// their replies come too late. The first request to close decides the code and the reason.
    ///
    /// ```
    /// use zocket::{CloseCode, Connection};
    ///
    /// const BANNED: CloseCode = CloseCode::new(4003).expect("a code of the application's");
    ///
    /// fn ban<C: Send + Sync + 'static>(connection: &Connection<C>) {
    ///     connection.disconnect(BANNED, "you have been banned");
    /// }
    /// ```
    pub fn disconnect(&self, code: CloseCode, reason: &str) {
        self.link.hub().close(&self.link, code, reason);
    }

    /// Closes the connection, and asks the client to stay away: [`disconnect`](Self::disconnect) with
    /// [`CloseCode::STAY_AWAY`], 4000. A generated client then stops, with the error `KICKED`, until its page calls
    /// `reconnect()`.
    ///
    /// This asks, and does not bar the door: who must not come in again, `#[on_connect]` refuses.
    ///
    /// ```
    /// use zocket::Connection;
    ///
    /// fn kick<C: Send + Sync + 'static>(connection: &Connection<C>) {
    ///     connection.disconnect_for_good("you have been removed by a moderator");
    /// }
    /// ```
    pub fn disconnect_for_good(&self, reason: &str) {
        self.disconnect(CloseCode::STAY_AWAY, reason);
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
