//! Facts of the handshake.

use std::{net::SocketAddr, ops::Deref, sync::Arc};

use http::request::Parts;

use crate::{
    dispatch::Call,
    extract::{FromCall, FromHandshake},
    handler::{Error, Reject},
    upgrade::Handshake,
};

/// The address of the other end of the connection: of the client, or of the proxy in front of this server.
///
/// In handlers it is always there over TCP. In `#[on_connect]`, which runs before the upgrade, axum must be asked
/// to pass it on: `axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())`; without it,
/// and over transports that have no address, the message (or the handshake) fails with an internal error that
/// says so in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PeerAddr(pub SocketAddr);

impl Deref for PeerAddr {
    type Target = SocketAddr;

    fn deref(&self) -> &SocketAddr {
        &self.0
    }
}

const NO_PEER: &str = "the peer's address is not known: serve the app with \
     `into_make_service_with_connect_info::<SocketAddr>()`";

impl<C: Send + Sync + 'static, St: Send + Sync + 'static> FromCall<C, St> for PeerAddr {
    async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
        call.link().attachment().peer().map(Self).ok_or_else(|| Error::internal(NO_PEER))
    }
}

impl<St: Send + Sync + 'static> FromHandshake<St> for PeerAddr {
    async fn from_handshake(handshake: &Handshake<St>) -> Result<Self, Reject> {
        handshake.peer().map(Self).ok_or_else(|| Reject::internal(NO_PEER))
    }
}

/// The HTTP request of the handshake: method, URI, headers and extensions.
///
/// A router with a handler that takes it keeps the parts for as long as each connection lives, which costs one to
/// several KiB a connection; where only a middleware or an extractor takes it, say
/// `.keep_handshake(true)` on the server's builder. Better: take what is needed in `#[on_connect]`, where it is
/// always there, and put it into the context.
#[derive(Clone, Debug)]
pub struct HandshakeParts(Arc<Parts>);

impl Deref for HandshakeParts {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl<C: Send + Sync + 'static, St: Send + Sync + 'static> FromCall<C, St> for HandshakeParts {
    async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
        call.link().attachment().handshake().map(Self).ok_or_else(|| {
            Error::internal(
                "the handshake's parts were not kept: say `.keep_handshake(true)` on the server's builder",
            )
        })
    }

    const KEEPS_HANDSHAKE: bool = true;
}

impl<St: Send + Sync + 'static> FromHandshake<St> for HandshakeParts {
    async fn from_handshake(handshake: &Handshake<St>) -> Result<Self, Reject> {
        Ok(Self(handshake.parts()))
    }
}
