//! The connection's context, as a handler sees it.

use std::{fmt, ops::Deref, sync::Arc};

use crate::{
    client_id::ClientId,
    dispatch::Call,
    extract::{FromCall, Rooms},
    handler::Error,
    session::ConnLink,
};

/// The connection that a message came from, and its context.
///
/// Derefs to the router's `#[context]`, which handlers share and cannot change (bring a lock for parts that
/// must). The value is the one that was current when the message began; [`replace`](Self::replace) puts
/// another in its place, which the next message sees.
///
/// It may be kept beyond the message and moved into tasks: it does not keep the connection open.
pub struct Ctx<C> {
    link: Arc<ConnLink>,
    context: Arc<C>,
}

impl<C: Send + Sync + 'static> Ctx<C> {
    pub(crate) fn new(link: Arc<ConnLink>) -> Self {
        let context = link.attachment().context::<C>();
        Self { link, context }
    }

    /// The id of the connection.
    #[must_use]
    pub fn client_id(&self) -> ClientId {
        self.link.id()
    }

    /// The rooms of the connection.
    #[must_use]
    pub fn rooms(&self) -> Rooms<'_> {
        Rooms::new(&self.link)
    }

    /// Puts another context in the place of the connection's. The next message sees it; this `Ctx`, and
    /// handlers already running, keep the one they have.
    pub fn replace(&self, context: C) {
        self.link.attachment().replace_context(Arc::new(context));
    }

    /// Whether the connection is still there. A handler that is already running when its client disconnects is
    /// not cancelled (see [`Builder`](crate::Builder)): long ones may ask.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.link.is_open()
    }

    /// Waits until the connection has ended, for `select!` in long handlers. Cancellation safe.
    pub async fn closed(&self) {
        self.link.closed().await;
    }

    /// Closes the connection after what is queued for it has been written, with a close code (1000, 1008, 1011 to
    /// 1014, 3000 to 4999; any other becomes 1011) and a reason (cut to 123 bytes).
    pub fn disconnect(&self, code: u16, reason: &str) {
        self.link.close(code, reason);
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
        // The context may hold tokens: it is not ours to print.
        f.debug_struct("Ctx").field("client_id", &self.link.id()).finish_non_exhaustive()
    }
}

impl<C: Send + Sync + 'static, St: Send + Sync + 'static> FromCall<C, St> for Ctx<C> {
    async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
        Ok(call.ctx())
    }
}
