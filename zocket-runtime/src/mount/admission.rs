//! The settings that say who may connect, and how that is determined behind a proxy.

use super::Builder;
use crate::config::{Origins, ProxyHeaders};

impl<C: 'static, St: Send + Sync + 'static> Builder<C, St> {
    /// Lets web pages of exactly these origins connect, such as `https://app.example`, instead of pages of the host that
    /// the request is addressed to. Clients that send no `Origin`, which are not browsers, can still connect.
    ///
    /// An origin is a scheme, a host, and a port if it is not the scheme's default: what `location.origin` shows in
    /// the browser's console. A trailing slash, a default port and capital letters make no difference.
    ///
    /// ```
    /// # #[zocket::router] mod app {}
    /// # fn main() {
    /// let server = zocket::Server::builder(app::router())
    ///     .allow_origins(["https://app.example", "http://localhost:5173"])
    ///     .build();
    /// # }
    /// ```
    ///
    /// An entry that matches no page's origin (no scheme, a path, a wildcard), or that any page's origin could be
    /// (`null`), is an [error](Self::try_build) that says what to write:
    ///
    /// ```
    /// # #[zocket::router] mod app {}
    /// # fn main() {
    /// let error = zocket::Server::builder(app::router()).allow_origins(["localhost:5173"]).try_build().unwrap_err();
    /// assert!(error.to_string().ends_with(r#"has no scheme; help: write "http://localhost:5173""#));
    /// # }
    /// ```
    pub fn allow_origins<O: Into<String>>(mut self, origins: impl IntoIterator<Item = O>) -> Self {
        self.lists.origins = Some(origins.into_iter().map(Into::into).collect());
        self
    }

    /// Lets every web page connect. Only for servers that do not rely on anything that a browser provides
    /// automatically (cookies, the network it is in): any site can make its visitors connect.
    pub fn allow_any_origin(mut self) -> Self {
        self.lists.origins = None;
        self.config.origins = Origins::Any;
        self
    }

    /// Says that this server is only reached over HTTPS, behind something that terminates TLS. A page loaded over plain
    /// `http://` then does not count as one of the same host, since anybody between the site and its visitor could have
    /// forged it. Default: off.
    ///
    /// Over HTTP/2, and when a [trusted proxy](Self::trusted_proxies) says so, this is known without the setting. It makes
    /// no difference to [listed](Self::allow_origins) origins.
    ///
    /// ```
    /// # #[zocket::router] mod app {}
    /// # fn main() {
    /// let server = zocket::Server::builder(app::router()).https_origins_only().build();
    /// # }
    /// ```
    pub fn https_origins_only(mut self) -> Self {
        self.config.https_origins_only = true;
        self
    }

    /// Names the hosts by which clients reach this server: a name or an address, with a port if only that port is allowed.
    /// Handshakes addressed to any other host are answered with 421 (Misdirected Request). Default: any host is accepted.
    ///
    /// This prevents DNS rebinding: if `evil.example` is made to resolve to this server's address, its page has the same host
    /// as its request, and is allowed unless there is a list. Servers on a developer's machine or in a private network need
    /// one of the two lists, since nothing else protects them.
    ///
    /// ```
    /// # #[zocket::router] mod app {}
    /// # fn main() {
    /// let server = zocket::Server::builder(app::router())
    ///     .allowed_hosts(["app.example", "localhost:3000", "127.0.0.1"])
    ///     .build();
    /// # }
    /// ```
    ///
    /// The host is that of the request's `Host` or `:authority`; from a [trusted proxy](Self::trusted_proxies), it is the
    /// host that the proxy reports, if it reports one. An entry that no request can match is an [error](Self::try_build).
    pub fn allowed_hosts<H: Into<String>>(mut self, hosts: impl IntoIterator<Item = H>) -> Self {
        self.lists.hosts = Some(hosts.into_iter().map(Into::into).collect());
        self
    }

    /// Names the proxies in front of this server: addresses, networks, or `unix` for those that connect over a Unix socket.
    /// They are trusted to report their client's address ([`ClientAddr`](crate::ClientAddr)), host and scheme. From anybody
    /// else these headers are not read. Default: none.
    ///
    /// ```
    /// # #[zocket::router] mod app {}
    /// # fn main() {
    /// let server = zocket::Server::builder(app::router())
    ///     .trusted_proxies(["127.0.0.1", "::1", "10.0.0.0/8", "unix"])
    ///     .build();
    /// # }
    /// ```
    ///
    /// Name every proxy on the way: if a trusted proxy got the request from another trusted proxy, the client of that one is
    /// used. Do not name a network that clients are in: they could pretend to be somebody else. A network that contains
    /// everybody is an [error](Self::try_build).
    ///
    /// To recognize them before the upgrade, the peer's address must be passed on: by [`serve`](crate::serve()),
    /// or by [`with_peer`](crate::with_peer) for `axum::serve`.
    pub fn trusted_proxies<P: Into<String>>(mut self, proxies: impl IntoIterator<Item = P>) -> Self {
        self.lists.proxies = proxies.into_iter().map(Into::into).collect();
        self
    }

    /// Which headers the [trusted proxies](Self::trusted_proxies) use to say who their client is. The others are not
    /// read. Default: [`ProxyHeaders::XForwarded`].
    ///
    /// ```
    /// # #[zocket::router] mod app {}
    /// # fn main() {
    /// use zocket::{ProxyHeaders, Server};
    ///
    /// let server = Server::builder(app::router())
    ///     .trusted_proxies(["fd00::/8"])
    ///     .proxy_headers(ProxyHeaders::Forwarded)
    ///     .build();
    /// # }
    /// ```
    pub fn proxy_headers(mut self, headers: ProxyHeaders) -> Self {
        self.lists.proxy_headers = headers;
        self
    }
}
