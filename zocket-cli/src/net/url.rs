//! The URL of a server, and the usual paths on it.

use form_urlencoded::Serializer;
use http::{Uri, uri::Authority};

use crate::report::{Failure, Result};

/// The URL of a server, or of something on it: `http`, `https`, `ws` or `wss`.
#[derive(Clone, Debug)]
pub(crate) struct ServerUrl {
    secure: bool,
    websocket: bool,
    /// Host and port.
    authority: Authority,
    path: String,
    query: Option<String>,
}

impl ServerUrl {
    /// Whether the text is meant to be a URL, not a file.
    pub(crate) fn is_meant(text: &str) -> bool {
        let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        matches!(scheme.as_deref(), Some("http" | "https" | "ws" | "wss"))
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let wrong = |why: &str| {
            Failure::unusable(format_args!("{text}: not a server's URL: {why}"))
                .help("it looks like ws://127.0.0.1:3000/ws or https://example.com")
        };
        let (scheme, _) = text.split_once("://").ok_or_else(|| wrong("it has no scheme"))?;
        let (secure, websocket) = match &*scheme.to_ascii_lowercase() {
            "http" => (false, false),
            "https" => (true, false),
            "ws" => (false, true),
            "wss" => (true, true),
            _ => return Err(wrong("its scheme is none of http, https, ws and wss")),
        };
        let without_fragment = text.split('#').next().unwrap_or(text);
        let uri: Uri = without_fragment.parse().map_err(|error| wrong(&format!("{error}")))?;
        let authority = uri.authority().ok_or_else(|| wrong("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(
                wrong("a name or password in it would be ignored").help("use --header authorization=…")
            );
        }
        // The host is followed by a colon and the port, or by a colon only.
        if authority.port_u16().is_none() && authority.as_str().len() > authority.host().len() + 1 {
            return Err(wrong("its port is not a number below 65536"));
        }
        Ok(Self {
            secure,
            websocket,
            authority: authority.clone(),
            path: uri.path().to_owned(),
            query: uri.query().map(str::to_owned),
        })
    }

    /// Where the contract may be, most likely first.
    pub(crate) fn contract_urls(&self) -> Vec<String> {
        let base = format!("{}://{}", if self.secure { "https" } else { "http" }, self.authority);
        let folder = &self.path[..=self.path.rfind('/').unwrap_or(0)];
        let folder = if folder.is_empty() { "/" } else { folder };
        let mut urls = Vec::new();
        if !self.websocket && !self.path.ends_with('/') && !self.path.is_empty() {
            let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
            urls.push(format!("{base}{}{query}", self.path));
            // A URL that names a file means only that file.
            if self.path.ends_with(".json") {
                return urls;
            }
        }
        // What is behind the last slash may be the WebSocket, or the folder that all is in.
        let own = format!("{}/", self.path.trim_end_matches('/'));
        let is_prefix = !self.names_the_websocket() && own != folder;
        for folder in is_prefix.then_some(&*own).into_iter().chain([folder, "/"]) {
            let url = format!("{base}{folder}contract.json");
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
        urls
    }

    /// Paths and queries that the WebSocket may have, the likeliest first, with the handshake's headers in the query. It is the
    /// URL's own path, or the usual `ws` in the folder that the path names.
    pub(crate) fn websocket_targets<'h>(
        &self,
        headers: impl IntoIterator<Item = (&'h str, &'h str)>,
    ) -> Vec<String> {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(headers);
        let query = match &self.query {
            Some(own) => format!("{own}&{}", query.finish()),
            None => query.finish(),
        };
        self.websocket_paths().into_iter().map(|path| format!("{path}?{query}")).collect()
    }

    fn websocket_paths(&self) -> Vec<String> {
        let within = format!("{}/ws", self.path.trim_end_matches('/'));
        if self.path.is_empty() || self.path.ends_with('/') {
            vec![within]
        } else if self.names_the_websocket() {
            vec![self.path.clone()]
        } else {
            vec![self.path.clone(), within]
        }
    }

    /// Whether it says itself that it is no folder.
    fn names_the_websocket(&self) -> bool {
        self.path.ends_with("/ws") || self.path.ends_with(".json")
    }

    /// Whether it uses TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.secure
    }

    /// Host and port, as given.
    pub(crate) fn authority(&self) -> &str {
        self.authority.as_str()
    }

    /// The host, as the system resolves it: an IPv6 address without its brackets.
    pub(crate) fn host(&self) -> &str {
        self.authority.host().trim_matches(['[', ']'])
    }

    /// The port, or the default port of its scheme.
    pub(crate) fn port(&self) -> u16 {
        self.authority.port_u16().unwrap_or(if self.secure { 443 } else { 80 })
    }

    /// The URL for people: without the query, which may hold a token.
    pub(crate) fn shown(&self) -> String {
        let scheme = if self.secure { "wss" } else { "ws" };
        let path = self.websocket_paths().swap_remove(0);
        format!("{scheme}://{}{path}", self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contract_is_looked_for_where_it_usually_is() {
        for (url, expected) in [
            ("http://h:1", &["http://h:1/contract.json"][..]),
            ("https://h/", &["https://h/contract.json"]),
            ("http://h/a/c.json?v=1", &["http://h/a/c.json?v=1"]),
            ("ws://h:1/ws?token=x", &["http://h:1/contract.json"]),
            ("wss://h/app/ws", &["https://h/app/contract.json", "https://h/contract.json"]),
            ("http://h/app", &["http://h/app", "http://h/app/contract.json", "http://h/contract.json"]),
            (
                "ws://h/a/b",
                &["http://h/a/b/contract.json", "http://h/a/contract.json", "http://h/contract.json"],
            ),
            ("http://h/app/", &["http://h/app/contract.json", "http://h/contract.json"]),
            ("WS://h", &["http://h/contract.json"]),
        ] {
            assert_eq!(ServerUrl::parse(url).expect("a URL").contract_urls(), expected, "{url}");
        }
    }

    #[test]
    fn headers_go_into_the_query() {
        let url = |text: &str| ServerUrl::parse(text).expect("a URL");
        let headers = [("authorization", "Bearer a&b"), ("x", "")];
        assert_eq!(url("http://h:1").websocket_targets(headers), ["/ws?authorization=Bearer+a%26b&x="]);
        assert_eq!(
            url("wss://h/a?b=c#d").websocket_targets([("x", "ä")]),
            ["/a?b=c&x=%C3%A4", "/a/ws?b=c&x=%C3%A4"]
        );
        assert_eq!(url("https://h/a/").websocket_targets([]), ["/a/ws?"]);
        assert_eq!(url("wss://h/a/ws").websocket_targets([]), ["/a/ws?"]);
        assert_eq!(url("wss://h/a?token=secret").shown(), "wss://h/a");
    }

    #[test]
    fn host_and_port_are_those_of_the_url_or_of_its_scheme() {
        for (text, host, port) in [
            ("ws://h", "h", 80),
            ("https://h/", "h", 443),
            ("wss://h:/ws", "h", 443),
            ("http://127.0.0.1:3000", "127.0.0.1", 3000),
            ("ws://[::1]:3000/ws", "::1", 3000),
            ("wss://[::1]/ws", "::1", 443),
        ] {
            let url = ServerUrl::parse(text).expect("a URL");
            assert_eq!((url.host(), url.port()), (host, port), "{text}");
        }
    }

    #[test]
    fn what_is_no_url_says_why() {
        for text in
            ["ws://h:65536", "ftp://h", "http://", "http:///x", "ws://a b/", "ws://me:secret@h/ws", "nothing"]
        {
            let failure = ServerUrl::parse(text).expect_err("no URL");
            assert!(failure.message().contains("not a server's URL"), "{failure:?}");
        }
    }
}
