//! The connection's context, as a handler sees it.

use std::{fmt, ops::Deref, sync::Arc};

use super::{ConnLink, Rooms};
use crate::{client_id::ClientId, wire::close::CloseCode};

/// The connection that a message came from, and its context.
///
/// Derefs to the router's `#[context]`, which handlers share and cannot change (use a lock for parts that must change).
/// The value is the one that was current when the message began; [`replace_context`](Self::replace_context) replaces
/// it, and the next message sees the new one. If the context has a method with the same name as one of those below, use
/// [`context`](Self::context) to reach it.
///
/// It may be kept beyond the message and moved into tasks: it does not keep the connection open.
///
/// ```
/// #[zocket::router]
/// mod app {
///     use zocket::Ctx;
///
///     #[context]
///     pub struct Session {
///         pub name: String,
///     }
///
///     #[on_connect]
///     async fn connect() -> Session {
///         Session { name: "somebody".to_owned() }
///     }
///
///     #[incoming]
///     async fn rename(ctx: Ctx<Session>, name: String) -> String {
///         ctx.rooms().join("named");
///         ctx.replace_context(Session { name });
///         ctx.name.clone() // The former name: this message began with it.
///     }
/// }
/// # fn main() { app::router(); }
/// ```
pub struct Ctx<C> {
    link: Arc<ConnLink>,
    context: Arc<C>,
}

impl<C: 'static> Ctx<C> {
    pub(crate) fn new(link: Arc<ConnLink>) -> Self {
        let context = link.context::<C>();
        Self { link, context }
    }

    /// The id of the connection.
    #[must_use]
    pub fn client_id(&self) -> ClientId {
        self.link.id()
    }

    /// The context that was current when the message began.
    #[must_use]
    pub fn context(&self) -> &Arc<C> {
        &self.context
    }

    /// The rooms of the connection.
    #[must_use]
    pub fn rooms(&self) -> Rooms<'_> {
        Rooms::new(&self.link)
    }

    /// Replaces the connection's context. The next message sees the new one; this `Ctx`, and handlers already
    /// running, keep the one they have.
    pub fn replace_context(&self, context: C) {
        self.link.replace_context(context);
    }

    /// Whether the connection is still open. A handler that is already running when its client disconnects is
    /// not cancelled (see [`Builder`](crate::Builder)), so long ones may want to check.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.link.is_open()
    }

    /// Waits until the connection has ended, for `select!` in long handlers. Cancellation safe.
    pub async fn closed(&self) {
        self.link.closed().await;
    }

    /// Closes the connection, as [`Connection::disconnect`](crate::Connection::disconnect) does.
    pub fn disconnect(&self, code: CloseCode, reason: &str) {
        self.link.hub().close(&self.link, code, reason);
    }

    /// Closes the connection, and asks the client to stay away: see
    /// [`Connection::disconnect_for_good`](crate::Connection::disconnect_for_good).
    pub fn disconnect_for_good(&self, reason: &str) {
        self.disconnect(CloseCode::STAY_AWAY, reason);
    }
}

impl<C> Deref for Ctx<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.context
    }
}

impl<C> Clone for Ctx<C> {
    fn clone(&self) -> Self {
        Self { link: Arc::clone(&self.link), context: Arc::clone(&self.context) }
    }
}

impl<C> fmt::Debug for Ctx<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The context may hold tokens, so it is not printed.
        f.debug_struct("Ctx").field("client_id", &self.link.id()).finish_non_exhaustive()
    }
}
