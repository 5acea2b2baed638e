//! A running server.

use std::{marker::PhantomData, sync::Arc, time::Duration};

use axum::{
    extract::Request,
    routing::{MethodRouter, any, get},
};
use http::HeaderMap;

use super::{
    Builder, Connection, Drained, Room,
    document::{Document, JSON},
    drain, schemas,
};
use crate::{
    client_id::ClientId,
    connection::{Core, Current},
    contract::{AsyncApiOptions, Contract},
    dispatch::{App, Router},
    send::{Message, Outgoing},
    upgrade,
};

/// A server of a router: its connections, its rooms, and the routes to put on axum.
///
/// It is a handle: clones refer to the same server. The server lives as long as a handle, a mounted route or a
/// connection does.
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
/// zocket::serve(listener, http).drain(&server, std::time::Duration::from_secs(10)).await
/// # }
/// ```
pub struct Server<C> {
    app: Arc<App>,
    context: PhantomData<fn() -> C>,
}

impl<C: 'static> Server<C> {
    /// Starts to build a server of this router.
    pub fn builder<St: Send + Sync + 'static>(router: Router<C, St>) -> Builder<C, St> {
        Builder::new(router)
    }

    pub(super) fn new(app: Arc<App>) -> Self {
        Self { app, context: PhantomData }
    }

    /// The WebSocket endpoint, for [`axum::Router::route`].
    pub fn route<S: Clone + Send + Sync + 'static>(&self) -> MethodRouter<S> {
        let app = Arc::clone(&self.app);
        any(move |request: Request| upgrade::handle(Arc::clone(&app), request))
    }

    /// The contract as JSON, for [`axum::Router::route`].
    ///
    /// Like the server's other documents, it has an `ETag`, and clients that already have it (`If-None-Match`)
    /// are answered with 304. Pages of other origins can read it only if you add a CORS layer.
    pub fn contract_route<S: Clone + Send + Sync + 'static>(&self) -> MethodRouter<S> {
        document_route(Document::new(self.app.contract.to_json(), JSON))
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
    /// | `/schemas/stock.changed/event` | what an event carries |
    /// | `/schemas/headers` | the handshake's headers |
    /// | `/schemas/contract` | the schema of the contract document itself |
    ///
    /// Any other path is answered with 404 and a list of the valid ones. The schemas are those of
    /// [`Contract::schema`].
    pub fn schemas_route(&self) -> MethodRouter {
        schemas::route(Arc::clone(&self.app))
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
        document_route(Document::json(&self.app.contract.to_asyncapi(options), JSON))
    }

    /// The contract between the server and its clients.
    #[must_use]
    pub fn contract(&self) -> &Contract {
        &self.app.contract
    }

    /// All open connections, in no particular order.
    #[must_use]
    pub fn connections(&self) -> Vec<Connection<C>> {
        self.core().hub.links().into_iter().map(Connection::new).collect()
    }

    /// How many connections are open.
    #[must_use]
    pub fn connection_count(&self) -> usize {
        self.core().hub.open_count()
    }

    /// Looks up a connection. `None` if it is gone, or still in its handshake.
    #[must_use]
    pub fn connection(&self, id: ClientId) -> Option<Connection<C>> {
        let link = self.core().hub.find(id)?;
        link.try_context::<C>()?;
        Some(Connection::new(link))
    }

    /// A room, which may be empty.
    #[must_use]
    pub fn room(&self, name: impl Into<String>) -> Room<C> {
        Room::new(Arc::clone(self.core()), name.into())
    }

    /// The names of all rooms that have a member, sorted.
    #[must_use]
    pub fn room_names(&self) -> Vec<String> {
        self.core().hub.room_names()
    }

    /// Runs a future that belongs to this server: `send::…` inside it goes through this server, whatever other servers
    /// the process has. Cancellation safe if the future is.
    pub async fn scope<F: Future>(&self, future: F) -> F::Output {
        Current { core: Arc::clone(self.core()), link: None }.scope(future).await
    }

    /// Shuts the server down gracefully: refuses new clients (503), and closes every connection with code 1012
    /// (service restart) as soon as its calls are answered and everything that was sent to it before is written.
    ///
    /// Each call that has arrived is either run and answered, or not run and answered with `RESTARTING`, and so is each call that still
    /// arrives: the client may send it again on its next connection, which generated clients do automatically. Connections are not all
    /// closed at once, so their clients do not all come back at once: see [`Builder::drain_rate`]. Until its turn, a connection works as
    /// before.
    ///
    /// `deadline` bounds everything, including hooks: connections that are left after it are cut off, and
    /// counted in [`cut_off`](Drained::cut_off). Returns when the last `#[on_disconnect]` has finished or was
    /// dropped.
    ///
    /// If it is cancelled, connections that have been asked to close do so; the others are not asked, and the deadline no
    /// longer applies. A drain cannot be undone.
    pub async fn drain(&self, deadline: Duration) -> Drained {
        drain::drain(self.core(), deadline).await
    }
}

fn document_route<S: Clone + Send + Sync + 'static>(document: Document) -> MethodRouter<S> {
    get(move |headers: HeaderMap| std::future::ready(document.answer(&headers)))
}

impl<C> Server<C> {
    #[cfg(feature = "testing")]
    pub(crate) fn app(&self) -> &Arc<App> {
        &self.app
    }

    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.app.core
    }
}

impl<C> Clone for Server<C> {
    fn clone(&self) -> Self {
        Self { app: Arc::clone(&self.app), context: PhantomData }
    }
}

impl<C> std::fmt::Debug for Server<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("connections", &self.core().hub.open_count()).finish_non_exhaustive()
    }
}

impl<T: Outgoing> Message<T> {
    /// Sends through this server, wherever the calling code runs.
    pub fn via<C>(self, server: &Server<C>) -> Self {
        self.via_core(server.core())
    }
}
