//! Serving an axum application, from the first connection to a bounded shutdown.

mod connection;
mod run;

use std::{convert::Infallible, error::Error, fmt, io, pin::Pin, time::Duration};

use axum::{extract::Request, serve::Listener};
use bytes::Bytes;
use http::Response;
use tower_service::Service;

use super::Server;
use crate::{error::BoxFuture, upgrade::AsPeer};

/// Long enough for a request, and within the 30 s that Kubernetes gives a container to end.
const DEADLINE: Duration = Duration::from_secs(25);

const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves an application on a listener until the process is asked to stop, and then shuts down gracefully.
///
/// It speaks HTTP/1.1 and HTTP/2, with WebSockets over both (RFC 6455, RFC 8441), and takes what `axum::serve` takes: a TCP or
/// Unix listener, or any other [`Listener`], including TLS (`examples/tls.rs`). `app` is an [`axum::Router`], or any other
/// `tower` service for HTTP requests. The peer of each connection ([`AsPeer`]) is passed on, so [`PeerAddr`](crate::PeerAddr)
/// and [`ClientAddr`](crate::ClientAddr) are available in `#[on_connect]` too, and the proxies of
/// [`Builder::trusted_proxies`](crate::Builder::trusted_proxies) are recognized. axum handlers can take the listener's address
/// as `ConnectInfo`.
///
/// ```no_run
/// # #[zocket::router] mod app {}
/// use std::time::Duration;
///
/// #[tokio::main(flavor = "current_thread")]
/// async fn main() -> std::io::Result<()> {
///     let server = zocket::Server::builder(app::router()).build();
///     let http = axum::Router::new().route("/ws", server.route());
///     let listener = tokio::net::TcpListener::bind(("127.0.0.1", 3000)).await?;
///     zocket::serve(listener, http).drain(&server, Duration::from_secs(10)).await
/// }
/// ```
///
/// # Shutdown
///
/// On Ctrl-C, or SIGTERM on Unix (or when [`shutdown_on`](Serve::shutdown_on) says so), all of this starts at
/// once:
///
/// - the listener is closed: no new connections are accepted;
/// - HTTP connections without a request are closed, HTTP/2 ones by GOAWAY; a request whose headers are incomplete gets
///   another second;
/// - requests in progress are answered;
/// - the servers named by [`drain`](Serve::drain) are drained: their WebSocket clients are told to reconnect (1012).
///
/// It returns when all of that is done, and at the latest after the [`deadline`](Serve::deadline). **A second signal ends it
/// at once.** Remaining requests and WebSockets are then dropped, and the log says so.
///
/// # Errors
/// None for now: when accepting fails, the listener itself logs the error and tries again after a second.
///
/// # Cancellation safety
/// Dropping the future closes the listener and drops the HTTP connections. WebSockets over HTTP/1.1 belong to their
/// [`Server`], and go on.
///
/// # Panics
/// When polled outside of a tokio runtime with I/O and time.
pub fn serve<L, S, B>(listener: L, app: S) -> Serve<L, S>
where
    L: Listener,
    L::Addr: AsPeer + Clone + Sync + 'static,
    S: Service<Request, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: hyper::body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    Serve {
        listener,
        app,
        drains: Vec::new(),
        stop: None,
        header_read_timeout: HEADER_READ_TIMEOUT,
        deadline: DEADLINE,
    }
}

/// An application about to be served: what [`serve`] gives, to be awaited.
#[must_use = "nothing is served until this is awaited"]
pub struct Serve<L, S> {
    listener: L,
    app: S,
    drains: Vec<Drain>,
    /// The future to wait for instead of a signal.
    stop: Option<BoxFuture<()>>,
    header_read_timeout: Duration,
    deadline: Duration,
}

/// A server to drain, without its types.
struct Drain {
    run: Box<dyn Fn(Duration) -> BoxFuture<()> + Send + Sync>,
    within: Duration,
}

impl<L, S> Serve<L, S> {
    /// Drains a server on shutdown: see [`Server::drain`], whose deadline is `within`. May be called for several servers,
    /// which are then drained concurrently. Connections of a server that is not named here are cut off when the process
    /// ends.
    pub fn drain<C: 'static>(mut self, server: &Server<C>, within: Duration) -> Self {
        let server = server.clone();
        let run = Box::new(move |within| -> BoxFuture<()> {
            let server = server.clone();
            Box::pin(async move {
                let _ = server.drain(within).await;
            })
        });
        self.drains.push(Drain { run, within });
        self
    }

    /// Stops when this future is ready, instead of on the first signal. After that, a signal ends everything at once, as a
    /// second one does otherwise.
    ///
    /// ```no_run
    /// # async fn example(listener: tokio::net::TcpListener, http: axum::Router) -> std::io::Result<()> {
    /// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    /// let stopped = async move { drop(stopped.await) };
    /// zocket::serve(listener, http).shutdown_on(stopped).await
    /// # }
    /// ```
    pub fn shutdown_on(mut self, stop: impl Future<Output = ()> + Send + 'static) -> Self {
        self.stop = Some(Box::pin(stop));
        self
    }

    /// How long a client may take to send the headers of a request, from when it was accepted or from the previous answer.
    /// A connection that takes longer is closed, so this is also how long an HTTP/1.1 connection may stay idle. An HTTP/2
    /// connection has the same time for its first request; after that it is pinged every 20 s, and closed if it does not
    /// answer within another 20 s. This does not apply to WebSockets: see
    /// [`Builder::ping_interval`](crate::Builder::ping_interval). Default: 10 s.
    pub fn header_read_timeout(mut self, timeout: Duration) -> Self {
        self.header_read_timeout = timeout;
        self
    }

    /// How long the whole shutdown may take, whatever the deadlines of its parts. It should be less than what the
    /// service manager allows (by default, `docker stop` 10 s, Kubernetes 30 s, systemd 90 s). Default: 25 s.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }
}

impl<L: Listener, S> Serve<L, S> {
    /// The address that the listener is bound to.
    ///
    /// # Errors
    /// The listener does not know its address.
    pub fn local_addr(&self) -> io::Result<L::Addr> {
        self.listener.local_addr()
    }
}

impl<L, S, B> IntoFuture for Serve<L, S>
where
    L: Listener,
    L::Addr: AsPeer + Clone + Sync + 'static,
    S: Service<Request, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: hyper::body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Output = io::Result<()>;
    type IntoFuture = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            self.run().await;
            Ok(())
        })
    }
}

impl<L: fmt::Debug, S> fmt::Debug for Serve<L, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serve")
            .field("listener", &self.listener)
            .field("drains", &self.drains.len())
            .field("header_read_timeout", &self.header_read_timeout)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
