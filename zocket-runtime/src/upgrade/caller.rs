//! Who asks for a connection, and what for, from the client's point of view if the proxies in between are trusted.

use std::net::SocketAddr;

use http::{HeaderMap, header, request::Parts, uri::Scheme};

use super::{
    forwarded::{self, Said},
    peer::Peer,
};
use crate::{
    config::{Authority, Config, Proxies},
    connection::{Proxied, Source},
    target,
};

/// What is known about a handshake besides its headers.
#[derive(Debug)]
pub(super) struct Caller {
    /// Where it comes from, as far as that is known before the upgrade.
    pub(super) source: Option<Source>,
    /// The host that it is addressed to, as written.
    pub(super) host: Option<String>,
    /// Whether it is known to have come over HTTPS. (The opposite is never known: a proxy further out may have terminated
    /// TLS.)
    pub(super) https: bool,
}

impl Caller {
    pub(super) fn of(parts: &Parts, config: &Config) -> Self {
        let peer = Peer::of(parts);
        let proxies = &config.proxies;
        let said = match peer {
            Some(peer) if is_trusted(peer, proxies) => forwarded::read(&parts.headers, proxies),
            Some(_) => Said::default(),
            None => {
                if !proxies.is_empty() && proxies.said.no_peer.is_first() {
                    tracing::warn!(target: target::HANDSHAKE, help = "serve the app with `zocket::serve`, or say `axum::serve(listener, zocket::with_peer(app))`",
                        "`Builder::trusted_proxies` has no effect before the upgrade: the peer's address is not known"
                    );
                }
                Said::default()
            }
        };
        let source = peer.and_then(|peer| source(peer, &said, proxies));
        let https = config.https_origins_only
            || parts.uri.scheme() == Some(&Scheme::HTTPS)
            || said.proto.as_deref().is_some_and(|proto| proto == "https" || proto == "wss");
        Self { source, host: said.host.or_else(|| host(parts)), https }
    }

    /// The span for its log events, which says who it was.
    pub(super) fn span(&self) -> tracing::Span {
        let span =
            tracing::info_span!(target: target::HANDSHAKE, "handshake", client_addr = tracing::field::Empty);
        if let Some(source) = &self.source {
            span.record("client_addr", tracing::field::display(source.client()));
        }
        span
    }

    /// The host that it is addressed to; `None` if it cannot be parsed.
    pub(super) fn target(&self) -> Option<Authority> {
        Authority::parse(self.host.as_deref()?)
    }
}

/// The host in the request of this server's immediate client, which may be a proxy. A whole URI takes precedence over the
/// header (RFC 9112, 3.2.2; RFC 9113, 8.3.1).
fn host(parts: &Parts) -> Option<String> {
    if let Some(authority) = parts.uri.authority() {
        return Some(authority.as_str().to_owned());
    }
    let host = parts.headers.get(header::HOST)?;
    Some(String::from_utf8_lossy(host.as_bytes()).into_owned())
}

fn is_trusted(peer: Peer, proxies: &Proxies) -> bool {
    match peer {
        Peer::Ip(address) => proxies.trust(address.ip().to_canonical()),
        Peer::Unix => proxies.trust_unix(),
    }
}

fn source(peer: Peer, said: &Said, proxies: &Proxies) -> Option<Source> {
    let trusted = is_trusted(peer, proxies);
    if trusted && said.client.is_none() && proxies.said.no_header.is_first() {
        tracing::warn!(target: target::HANDSHAKE, headers = ?proxies.headers,
            help = "see that the proxy sets it, or choose the other one by `Builder::proxy_headers`",
            "a trusted proxy does not say who its client is: the proxy counts as the client"
        );
    }
    let address = match peer {
        Peer::Ip(address) => Some(address),
        Peer::Unix => None,
    };
    match said.client {
        Some(client) if trusted => Some(Source::Proxied(Box::new(Proxied { peer: address, client }))),
        _ => address.map(Source::Direct),
    }
}

/// What is kept of a handshake whose peer becomes known only after the upgrade, when it is read from the socket.
#[derive(Debug)]
pub(super) struct Later {
    proxies: Proxies,
    headers: HeaderMap,
}

impl Later {
    /// `None` if there is nothing to keep.
    pub(super) fn of(parts: &Parts, config: &Config) -> Option<Self> {
        if config.proxies.is_empty() || Peer::of(parts).is_some() {
            return None;
        }
        Some(Self { proxies: config.proxies.clone(), headers: parts.headers.clone() })
    }

    fn source(self, peer: Peer) -> Option<Source> {
        let said = match is_trusted(peer, &self.proxies) {
            true => forwarded::read(&self.headers, &self.proxies),
            false => Said::default(),
        };
        source(peer, &said, &self.proxies)
    }

    /// Where a connection over TCP comes from.
    pub(super) fn over_tcp(later: Option<Self>, address: SocketAddr) -> Option<Source> {
        match later {
            Some(later) => later.source(Peer::Ip(address)),
            None => Some(Source::Direct(address)),
        }
    }

    /// Where a connection over a Unix socket comes from.
    #[cfg(unix)]
    pub(super) fn over_unix(self) -> Option<Source> {
        self.source(Peer::Unix)
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;
    use crate::config::{Proxy, ProxyHeaders};

    fn config(proxies: &[&str]) -> Config {
        let entries = proxies.iter().map(|entry| Proxy::entry(entry).ok().unwrap()).collect();
        Config { proxies: Proxies::new(entries, ProxyHeaders::default()), ..Config::default() }
    }

    fn parts(uri: &str, headers: &[(&str, &str)], peer: Option<Peer>) -> Parts {
        let mut request = Request::get(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(peer) = peer {
            request = request.extension(peer);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn ip(address: &str) -> Peer {
        Peer::Ip(address.parse().unwrap())
    }

    const FORWARDED: [(&str, &str); 4] = [
        ("host", "backend:3000"),
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-host", "app.example"),
        ("x-forwarded-proto", "https"),
    ];

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        for (peer, trusted) in [
            (Some(ip("10.0.0.7:1000")), true),
            (Some(ip("[::ffff:10.0.0.7]:1000")), true),
            (Some(ip("11.0.0.7:1000")), false),
            (Some(Peer::Unix), false),
            (None, false),
        ] {
            let caller = Caller::of(&parts("/ws", &FORWARDED, peer), &config(&["10.0.0.0/8"]));
            let client = caller.source.map(|source| source.client().to_string());
            let (host, https) = (caller.host.unwrap(), caller.https);
            if trusted {
                assert_eq!((client.as_deref(), &*host, https), (Some("203.0.113.9"), "app.example", true));
            } else {
                assert_ne!(client.as_deref(), Some("203.0.113.9"));
                assert_eq!((&*host, https), ("backend:3000", false), "{peer:?}");
            }
        }
        let unix = Caller::of(&parts("/ws", &FORWARDED, Some(Peer::Unix)), &config(&["unix"]));
        let source = unix.source.unwrap();
        assert_eq!((source.peer(), source.client().to_string().as_str()), (None, "203.0.113.9"));
    }

    #[test]
    fn a_proxy_that_says_nothing_is_the_client() {
        let alone = [("host", "app.example")];
        let caller = Caller::of(&parts("/ws", &alone, Some(ip("10.0.0.7:1000"))), &config(&["10.0.0.0/8"]));
        assert_eq!(caller.source, Some(Source::Direct("10.0.0.7:1000".parse().unwrap())));
        assert_eq!((caller.host.as_deref(), caller.https), (Some("app.example"), false));
        let caller = Caller::of(&parts("/ws", &alone, Some(Peer::Unix)), &config(&["unix"]));
        assert_eq!(caller.source, None);
    }

    #[test]
    fn a_whole_uri_goes_before_the_host() {
        let headers = [("host", "other.example")];
        let caller = Caller::of(&parts("https://app.example:8443/ws", &headers, None), &config(&[]));
        assert_eq!((caller.host.as_deref(), caller.https), (Some("app.example:8443"), true));
        let caller = Caller::of(&parts("/ws", &[("host", "a b")], None), &config(&[]));
        assert_eq!(caller.target(), None);
        let https = Config { https_origins_only: true, ..Config::default() };
        assert!(Caller::of(&parts("/ws", &[], None), &https).https);
    }

    #[test]
    fn what_the_socket_tells_later_is_judged_in_the_same_way() {
        let config = config(&["10.0.0.0/8", "unix"]);
        let later = || Later::of(&parts("/ws", &FORWARDED, None), &config);
        let client = |source: Option<Source>| source.map(|source| source.client().to_string());
        assert_eq!(
            client(Later::over_tcp(later(), "10.0.0.7:1".parse().unwrap())).as_deref(),
            Some("203.0.113.9")
        );
        assert_eq!(
            client(Later::over_tcp(later(), "11.0.0.7:1".parse().unwrap())).as_deref(),
            Some("11.0.0.7")
        );
        assert_eq!(client(Later::over_tcp(None, "10.0.0.7:1".parse().unwrap())).as_deref(), Some("10.0.0.7"));
        #[cfg(unix)]
        assert_eq!(client(later().unwrap().over_unix()).as_deref(), Some("203.0.113.9"));
        assert!(Later::of(&parts("/ws", &FORWARDED, Some(Peer::Unix)), &config).is_none());
    }
}
