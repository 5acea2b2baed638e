//! Where a connection comes from.

use std::net::{IpAddr, SocketAddr};

/// The addresses of a connection. One address takes 32 bytes and is nearly always the only one; only connections behind a
/// proxy pay for a second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The peer is the client.
    Direct(SocketAddr),
    /// The peer is a proxy, which said who the client is.
    Proxied(Box<Proxied>),
}

/// A client behind a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proxied {
    /// The proxy's address; `None` if it connected over a Unix socket.
    pub(crate) peer: Option<SocketAddr>,
    pub(crate) client: IpAddr,
}

impl Source {
    /// The other end of the connection.
    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        match self {
            Self::Direct(peer) => Some(*peer),
            Self::Proxied(proxied) => proxied.peer,
        }
    }

    /// The client, always as IPv4 if it has an IPv4 address.
    pub(crate) fn client(&self) -> IpAddr {
        match self {
            Self::Direct(peer) => peer.ip().to_canonical(),
            Self::Proxied(proxied) => proxied.client,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_without_a_proxy_costs_no_more_than_its_address() {
        assert_eq!(size_of::<Source>(), size_of::<SocketAddr>());
    }
}
