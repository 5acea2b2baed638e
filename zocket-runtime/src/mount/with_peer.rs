//! Tells an application the peer of each connection.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};

use axum::{
    extract::Request,
    serve::{IncomingStream, Listener},
};
use tower_service::Service;

use crate::upgrade::{AsPeer, Peer};

/// Makes `axum::serve` pass on where each connection comes from, which it does not do by default. [`PeerAddr`](crate::PeerAddr)
/// and [`ClientAddr`](crate::ClientAddr) need this in `#[on_connect]`, and
/// [`Builder::trusted_proxies`](crate::Builder::trusted_proxies) needs it to recognize proxies. [`serve`](crate::serve()) does it
/// without this function.
///
/// ```no_run
/// # #[zocket::router] mod app {}
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let server = zocket::Server::builder(app::router()).trusted_proxies(["127.0.0.1"]).build();
/// let http = axum::Router::new().route("/ws", server.route());
/// axum::serve(zocket::bind("0.0.0.0:3000")?, zocket::with_peer(http)).await
/// # }
/// ```
///
/// It works with every listener whose addresses are [`AsPeer`]: TCP, TLS over it, Unix sockets. Over IP the application's own
/// handlers can then take axum's `ConnectInfo<SocketAddr>` as well.
pub fn with_peer<S>(app: S) -> WithPeer<S> {
    WithPeer { app }
}

/// An application that is told its peers: see [`with_peer`].
#[derive(Clone, Debug)]
pub struct WithPeer<S> {
    app: S,
}

impl<S, L> Service<IncomingStream<'_, L>> for WithPeer<S>
where
    S: Clone,
    L: Listener,
    L::Addr: AsPeer,
{
    type Response = OfPeer<S>;
    type Error = Infallible;
    type Future = Ready<Result<OfPeer<S>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, stream: IncomingStream<'_, L>) -> Self::Future {
        ready(Ok(OfPeer { app: self.app.clone(), peer: stream.remote_addr().as_peer() }))
    }
}

/// An application, as it serves one connection.
#[derive(Clone, Debug)]
pub struct OfPeer<S> {
    app: S,
    peer: Peer,
}

impl<S: Service<Request>> Service<Request> for OfPeer<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.app.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> S::Future {
        self.peer.tell(request.extensions_mut());
        self.app.call(request)
    }
}
