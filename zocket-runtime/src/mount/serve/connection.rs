//! One connection's HTTP.

use std::{
    convert::Infallible,
    error::Error,
    future::poll_fn,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request},
};
use bytes::Bytes;
use http::Response;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
    time::{Instant, sleep},
};
use tower_service::Service;

use crate::target;
use crate::upgrade::{AsPeer, Peer};

/// How long to wait for request headers that are still arriving when the stop begins.
const LAST_HEAD: Duration = Duration::from_secs(1);

/// How often an HTTP/2 connection is pinged, and how long it has to answer.
const PING: Duration = Duration::from_secs(20);

/// Which protocols are spoken, and the deadlines.
pub(super) fn protocols(header_read_timeout: Duration) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(header_read_timeout);
    let mut http2 = builder.http2();
    http2.timer(TokioTimer::new()).keep_alive_interval(PING).keep_alive_timeout(PING);
    // WebSockets over HTTP/2: RFC 8441.
    http2.enable_connect_protocol();
    builder
}

/// The application, for one connection.
pub(super) struct Http<S, A> {
    app: S,
    peer: Peer,
    address: ConnectInfo<A>,
    /// Whether a request has come with complete headers.
    has_begun: Arc<AtomicBool>,
}

impl<S, A: AsPeer> Http<S, A> {
    pub(super) fn new(app: S, address: A) -> Self {
        Self { app, peer: address.as_peer(), address: ConnectInfo(address), has_begun: Arc::default() }
    }
}

impl<S, A, B> hyper::service::Service<http::Request<Incoming>> for Http<S, A>
where
    A: Clone + Send + Sync + 'static,
    S: Service<Request, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: 'static,
{
    type Response = Response<B>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<B>, Infallible>> + Send>>;

    fn call(&self, request: http::Request<Incoming>) -> Self::Future {
        self.has_begun.store(true, Ordering::Relaxed);
        let mut request = request.map(Body::new);
        self.peer.tell(request.extensions_mut());
        request.extensions_mut().insert(self.address.clone());
        let mut app = self.app.clone();
        Box::pin(async move {
            poll_fn(|cx| app.poll_ready(cx)).await?;
            app.call(request).await
        })
    }
}

/// Serves a connection until it ends by itself, sends no request in time, or `phase` says so: a value asks it to end, and
/// the end of the channel ends it.
pub(super) async fn run<I, S, A, B>(
    io: I,
    http: Http<S, A>,
    protocols: Arc<Builder<TokioExecutor>>,
    header_read_timeout: Duration,
    mut phase: watch::Receiver<()>,
) where
    I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    A: Clone + Send + Sync + 'static,
    S: Service<Request, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: hyper::body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let has_begun = Arc::clone(&http.has_begun);
    // hyper has a deadline for HTTP/1.1 headers. This one covers everything before the first headers are complete:
    // until the protocol is known, and in HTTP/2.
    let mut patience = pin!(sleep(header_read_timeout));
    let mut is_patient = true;
    let mut connection = pin!(protocols.serve_connection_with_upgrades(TokioIo::new(io), http));
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(target: target::SERVER, %error, "HTTP connection failed");
                }
                return;
            }
            changed = phase.changed() => {
                if changed.is_err() {
                    return;
                }
                connection.as_mut().graceful_shutdown();
                let last = (Instant::now() + LAST_HEAD).min(patience.deadline());
                patience.as_mut().reset(last);
            }
            () = patience.as_mut(), if is_patient => {
                if !has_begun.load(Ordering::Relaxed) {
                    tracing::debug!(target: target::SERVER, "HTTP connection closed: no request in time");
                    return;
                }
                is_patient = false;
            }
        }
    }
}
