//! Where a connection comes from.

use std::{
    net::{IpAddr, SocketAddr},
    ops::Deref,
};

use super::{FromCall, FromHandshake};
use crate::{
    call::{Call, Handshake},
    error::{Error, Reject},
};

/// The address of the peer: the client, or the proxy in front of this server. For the client behind the proxy, use
/// [`ClientAddr`].
///
/// With [`zocket::serve`](crate::serve()) it works without setup, even in `#[on_connect]`. `axum::serve` does not pass the
/// address on by default: write `axum::serve(listener, zocket::with_peer(app))`, see [`with_peer`](crate::with_peer). Without
/// that, `#[on_connect]`, which runs before the upgrade, does not know it. Handlers, middleware and `#[on_disconnect]` do know it
/// over TCP, where it is read from the socket, but not over TLS or HTTP/2.
///
/// If it is not known (over a Unix socket it never is), the message fails with `INTERNAL`, or the handshake with 500, and the log
/// says what to write. Take `Option<PeerAddr>` to get `None` instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PeerAddr(pub SocketAddr);

/// The client's IP address, even behind proxies: use it for logs and limits.
///
/// It is the peer's address, like [`PeerAddr`], unless the peer is one of the [trusted
/// proxies](crate::Builder::trusted_proxies). Then it comes from [the proxy's header](crate::Builder::proxy_headers): the
/// first address in the list, read from its end, that is not a trusted proxy's. If the proxy says nothing, or nothing
/// readable (`unknown`, an obfuscated name), it is the last trusted address, which is a proxy's. IPv4 addresses are always
/// written as IPv4, even if they arrived as IPv6 (`::ffff:192.0.2.1`).
///
/// It is known whenever [`PeerAddr`] is, and over Unix sockets whose proxy is trusted. Otherwise the same happens as
/// there: `Option<ClientAddr>` is `None`. (Over TCP, handlers know it even if `#[on_connect]` does not.)
///
/// ```
/// use zocket::{ClientAddr, Reject};
///
/// #[zocket::router]
/// mod app {
///     use super::{ClientAddr, Reject};
///
///     #[on_connect]
///     async fn connect(client: ClientAddr) -> Result<(), Reject> {
///         if client.is_multicast() { Err(Reject::forbidden()) } else { Ok(()) }
///     }
///
///     #[incoming]
///     async fn whoami(ClientAddr(client): ClientAddr) -> String {
///         client.to_string()
///     }
/// }
///
/// # fn main() {
/// let server = zocket::Server::builder(app::router()).trusted_proxies(["10.0.0.0/8"]).build();
/// # }
/// ```
///
/// An address does not prove identity: whole networks share one, and one client has as many IPv6 addresses as it likes (limit
/// those by their /64).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddr(pub IpAddr);

const NO_PEER: &str = "the peer's address is not known; help: serve the app with `zocket::serve`, or say \
     `axum::serve(listener, zocket::with_peer(app))`; or take `Option<PeerAddr>`";
const NO_CLIENT: &str = "the client's address is not known; help: serve the app with `zocket::serve`, or say \
     `axum::serve(listener, zocket::with_peer(app))`; behind a Unix socket name it, \
     `Builder::trusted_proxies([\"unix\"])`; or take `Option<ClientAddr>`";

/// An address as an argument, required or optional.
macro_rules! extractor {
    ($address:ident($inner:ty), $of_link:ident, $of_handshake:ident, $missing:expr) => {
        impl Deref for $address {
            type Target = $inner;

            fn deref(&self) -> &$inner {
                &self.0
            }
        }

        impl<C: 'static, St: Send + Sync + 'static> FromCall<C, St> for $address {
            async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
                call.link().$of_link().map(Self).ok_or_else(|| Error::internal($missing))
            }
        }

        impl<St: Send + Sync + 'static> FromHandshake<St> for $address {
            async fn from_handshake(handshake: &Handshake<St>) -> Result<Self, Reject> {
                handshake.$of_handshake().map(Self).ok_or_else(|| Reject::internal($missing))
            }
        }

        impl<C: 'static, St: Send + Sync + 'static> FromCall<C, St> for Option<$address> {
            async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
                Ok(call.link().$of_link().map($address))
            }
        }

        impl<St: Send + Sync + 'static> FromHandshake<St> for Option<$address> {
            async fn from_handshake(handshake: &Handshake<St>) -> Result<Self, Reject> {
                Ok(handshake.$of_handshake().map($address))
            }
        }
    };
}

extractor!(PeerAddr(SocketAddr), peer, peer, NO_PEER);
extractor!(ClientAddr(IpAddr), client_addr, client_addr, NO_CLIENT);
