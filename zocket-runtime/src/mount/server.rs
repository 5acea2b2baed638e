//! A running server.

use std::{marker::PhantomData, sync::Arc, time::Duration};

use axum::{
    extract::Request,
    routing::{MethodRouter, any, get},
};
use http::HeaderMap;
use tokio::time::timeout;

use super::{
    Builder, Connection, Core, Room,
    document::{Document, JSON},
    schemas,
};
use crate::{
    client_id::ClientId,
    contract::{AsyncApiOptions, Contract},
    dispatch::Router,
    hub::Ended,
    send::Current,
    upgrade,
};

/// A server of a router: its connections, its rooms, and the routes to put on axum.
///
/// It is a handle: clones are the same server. It lives as long as a handle, a mounted route or a connection does.
///
/// ```no_run
/// # #[zocket::router] mod app {}
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let server = zocket::Server::builder(app::router()).build();
/// let http = axum::Router::new()
///     .route("/ws", server.route())
///     .route("/contract.json", server.contract_route());
/// let listener = tokio::net::TcpListener::bind(("127.0.0.1", 3000)).await?;
/// axum::serve(listener, http)
///     .with_graceful_shutdown(async move {
///         zocket::shutdown_signal().await;
///         server.drain(std::time::Duration::from_secs(10)).await;
///     })
///     .await
/// # }
/// ```
pub struct Server<C> {
    core: Arc<Core>,
    context: PhantomData<fn() -> C>,
}

/// How a [drain](Server::drain) ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drained {
    /// Connections that were cut off because the deadline had passed.
    pub cut_off: usize,
}

impl<C: Send + Sync + 'static> Server<C> {
    /// Begins to build a server of this router.
    pub fn builder<St: Send + Sync + 'static>(router: Router<C, St>) -> Builder<C, St> {
        Builder::new(router)
    }

    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core, context: PhantomData }
    }

    /// The WebSocket endpoint, for [`axum::Router::route`].
    pub fn route<S: Clone + Send + Sync + 'static>(&self) -> MethodRouter<S> {
        let core = Arc::clone(&self.core);
        any(move |request: Request| upgrade::handle(Arc::clone(&core), request))
    }

    /// The contract as JSON, for [`axum::Router::route`].
    ///
    /// As the other documents that a server gives, it comes with an `ETag`, and those who have it already
    /// (`If-None-Match`) are answered 304. Pages of other origins read it where a CORS layer of yours lets them.
    pub fn contract_route<S: Clone + Send + Sync + 'static>(&self) -> MethodRouter<S> {
        document_route(Document::new(self.core.contract.to_json(), JSON))
    }

    /// The schemas of single messages, each self-contained, for [`axum::Router::nest_service`]:
    ///
    /// ```
    /// # #[zocket::router] mod app {}
    /// # fn main() {
    /// # let server = zocket::Server::builder(app::router()).build();
    /// let http: axum::Router = axum::Router::new()
    ///     .route("/ws", server.route())
    ///     .nest_service("/schemas", server.schemas_route());
    /// # }
    /// ```
    ///
    /// | path | what |
    /// |---|---|
    /// | `/schemas` | an index by route, with the paths of all others |
    /// | `/schemas/stock.orderNow/payload` | what a call carries |
    /// | `/schemas/stock.orderNow/reply` | what its reply carries |
    /// | `/schemas/stock.orderNow/errors/TOO_MANY` | the data that comes with a code |
    /// | `/schemas/stock.changed/event` | what a message of the server carries |
    /// | `/schemas/headers` | the handshake's headers |
    /// | `/schemas/contract` | the schema of the contract document itself |
    ///
    /// Any other path is answered 404, with a list of those that there are. The schemas are those of
    /// [`Contract::schema`].
    pub fn schemas_route(&self) -> MethodRouter {
        schemas::route(Arc::clone(&self.core))
    }

    /// The contract as an AsyncAPI 3.0 document, for [`axum::Router::route`]; see [`Contract::to_asyncapi`].
    ///
    /// ```
    /// use zocket::AsyncApiOptions;
    /// # #[zocket::router] mod app {}
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = zocket::Server::builder(app::router()).build();
    /// let options = AsyncApiOptions::default()
    ///     .version(env!("CARGO_PKG_VERSION"))
    ///     .server("production", "wss://shop.example.com/ws")?;
    /// let http: axum::Router = axum::Router::new()
    ///     .route("/ws", server.route())
    ///     .route("/asyncapi.json", server.asyncapi_route(&options));
    /// # Ok(())
    /// # }
    /// ```
    pub fn asyncapi_route<S: Clone + Send + Sync + 'static>(
        &self,
        options: &AsyncApiOptions,
    ) -> MethodRouter<S> {
        document_route(Document::json(&self.core.contract.to_asyncapi(options), JSON))
    }

    /// What the server promises to its clients.
    #[must_use]
    pub fn contract(&self) -> &Contract {
        &self.core.contract
    }

    /// All open connections, in no particular order.
    #[must_use]
    pub fn connections(&self) -> Vec<Connection<C>> {
        self.core.hub.links().into_iter().map(Connection::new).collect()
    }

    /// How many connections are open.
    #[must_use]
    pub fn connection_count(&self) -> usize {
        self.core.hub.open_count()
    }

    /// Looks a connection up. `None` when it is gone, or still in its handshake.
    #[must_use]
    pub fn connection(&self, id: ClientId) -> Option<Connection<C>> {
        let link = self.core.hub.find(id)?;
        link.attachment().try_context::<C>()?;
        Some(Connection::new(link))
    }

    /// A room, which may be empty.
    #[must_use]
    pub fn room(&self, name: impl Into<String>) -> Room<C> {
        Room::new(Arc::clone(&self.core), name.into())
    }

    /// The names of all rooms that have a member, sorted.
    #[must_use]
    pub fn room_names(&self) -> Vec<String> {
        self.core.hub.room_names()
    }

    /// Runs a future that belongs to this server: `send::…` inside it goes through this server, whatever others live in
    /// the process. Cancellation safe where the future is.
    pub async fn scope<F: Future>(&self, future: F) -> F::Output {
        Current { core: Arc::clone(&self.core), link: None }.scope(future).await
    }

    /// Shuts the server down in good order: lets nobody in (503), takes no more messages, waits for handlers that have
    /// begun, writes what is queued, and closes every connection with code 1012 (service restart). What is left after
    /// `deadline` is cut off, handlers included. Returns when the last `#[on_disconnect]` is done, or was dropped.
    ///
    /// Cancellation safe in that the drain itself goes on; only the deadline is lost. There is no way back.
    pub async fn drain(&self, deadline: Duration) -> Drained {
        let hub = &self.core.hub;
        self.core.start_draining();
        hub.for_each(|link| link.drain());
        if timeout(deadline, hub.emptied()).await.is_ok() {
            return Drained { cut_off: 0 };
        }
        let mut cut_off = 0;
        hub.for_each(|link| {
            cut_off += 1;
            link.end(Ended::Killed);
        });
        tracing::warn!(cut_off, "drain: connections cut off after {deadline:?}");
        // What is left now are their `on_disconnect` hooks, which have a deadline of their own.
        hub.emptied().await;
        Drained { cut_off }
    }
}

fn document_route<S: Clone + Send + Sync + 'static>(document: Document) -> MethodRouter<S> {
    get(move |headers: HeaderMap| std::future::ready(document.answer(&headers)))
}

impl<C> Server<C> {
    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.core
    }
}

impl<C> Clone for Server<C> {
    fn clone(&self) -> Self {
        Self { core: Arc::clone(&self.core), context: PhantomData }
    }
}

impl<C> std::fmt::Debug for Server<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("connections", &self.core.hub.open_count()).finish_non_exhaustive()
    }
}
