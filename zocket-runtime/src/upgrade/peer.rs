//! The peer of a connection, as reported by whatever accepted it.

use std::net::SocketAddr;

use axum::extract::connect_info::{ConnectInfo, MockConnectInfo};
use http::{Extensions, request::Parts};

/// The peer of a connection, for [`PeerAddr`](crate::PeerAddr), [`ClientAddr`](crate::ClientAddr) and
/// [`Builder::trusted_proxies`](crate::Builder::trusted_proxies).
///
/// [`serve`](crate::serve()) and [`with_peer`](crate::with_peer) put it into the extensions of each HTTP request; if you accept connections
/// in another way, you can do so too. If there is none, the address from axum's `into_make_service_with_connect_info::<SocketAddr>()` is
/// used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Peer {
    /// Over IP, from this address.
    Ip(SocketAddr),
    /// Over a Unix socket, whose address does not identify the peer.
    Unix,
}

impl Peer {
    /// Passes it on with a request; over IP, also in the form that axum's own extractor takes.
    pub(crate) fn tell(self, extensions: &mut Extensions) {
        if let Self::Ip(address) = self {
            extensions.insert(ConnectInfo(address));
        }
        extensions.insert(self);
    }

    /// Looks it up, where it was passed on.
    pub(super) fn of(parts: &Parts) -> Option<Self> {
        let told = &parts.extensions;
        let own = told.get::<Self>().copied();
        let own = own.or_else(|| told.get::<ConnectInfo<SocketAddr>>().map(|info| Self::Ip(info.0)));
        // What axum's extractor falls back on, for tests.
        own.or_else(|| told.get::<MockConnectInfo<SocketAddr>>().map(|info| Self::Ip(info.0)))
    }
}

/// A listener's address type, which says who the peer is. Implement it for the address type of your own listener:
///
/// ```
/// use std::net::SocketAddr;
/// use zocket::{AsPeer, Peer};
///
/// /// Where a TLS connection comes from, and the name that it has asked for.
/// #[derive(Clone, Debug)]
/// struct TlsAddr {
///     address: SocketAddr,
///     server_name: Option<String>,
/// }
///
/// impl AsPeer for TlsAddr {
///     fn as_peer(&self) -> Peer {
///         Peer::Ip(self.address)
///     }
/// }
/// ```
pub trait AsPeer {
    /// Who the peer is.
    fn as_peer(&self) -> Peer;
}

impl AsPeer for SocketAddr {
    fn as_peer(&self) -> Peer {
        Peer::Ip(*self)
    }
}

#[cfg(unix)]
impl AsPeer for tokio::net::unix::SocketAddr {
    fn as_peer(&self) -> Peer {
        Peer::Unix
    }
}
