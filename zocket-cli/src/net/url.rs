//! Where a server is, and where on it things usually are.

use form_urlencoded::Serializer;
use http::Uri;

use crate::report::{Failure, Result};

/// The URL of a server, or of something on it: `http`, `https`, `ws` or `wss`.
#[derive(Clone, Debug)]
pub(crate) struct ServerUrl {
    secure: bool,
    websocket: bool,
    /// Host and port.
    authority: String,
    path: String,
    query: Option<String>,
}

impl ServerUrl {
    /// Whether the text is meant to be a URL at all, not a file.
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
        Ok(Self {
            secure,
            websocket,
            authority: authority.to_string(),
            path: uri.path().to_owned(),
            query: uri.query().map(str::to_owned),
        })
    }

    /// Where the contract may be, the likeliest first.
    pub(crate) fn contract_urls(&self) -> Vec<String> {
        let base = format!("{}://{}", if self.secure { "https" } else { "http" }, self.authority);
        let folder = &self.path[..=self.path.rfind('/').unwrap_or(0)];
        let folder = if folder.is_empty() { "/" } else { folder };
        let mut urls = Vec::new();
        if !self.websocket && !self.path.ends_with('/') && !self.path.is_empty() {
            let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
            urls.push(format!("{base}{}{query}", self.path));
            // What names a file is that file or nothing.
            if self.path.ends_with(".json") {
                return urls;
            }
        }
        for folder in [folder, "/"] {
            let url = format!("{base}{folder}contract.json");
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
        urls
    }

    /// Where to connect to, with the handshake's headers in the query. A URL without a path means the usual `/ws`.
    pub(crate) fn websocket_url<'h>(&self, headers: impl IntoIterator<Item = (&'h str, &'h str)>) -> String {
        let path = if matches!(&*self.path, "" | "/") { "/ws" } else { &self.path };
        let mut query = Serializer::new(String::new());
        query.extend_pairs(headers);
        let query = match &self.query {
            Some(own) => format!("{own}&{}", query.finish()),
            None => query.finish(),
        };
        format!("{}://{}{path}?{query}", if self.secure { "wss" } else { "ws" }, self.authority)
    }

    /// The URL for people: without the query, which may hold a token.
    pub(crate) fn shown(&self) -> String {
        let path = if matches!(&*self.path, "" | "/") { "/ws" } else { &self.path };
        format!("{}://{}{path}", if self.secure { "wss" } else { "ws" }, self.authority)
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
            ("http://h/app", &["http://h/app", "http://h/contract.json"]),
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
        assert_eq!(url("http://h:1").websocket_url(headers), "ws://h:1/ws?authorization=Bearer+a%26b&x=");
        assert_eq!(url("wss://h/a?b=c#d").websocket_url([("x", "ä")]), "wss://h/a?b=c&x=%C3%A4");
        assert_eq!(url("wss://h/a?token=secret").shown(), "wss://h/a");
    }

    #[test]
    fn what_is_no_url_says_why() {
        for text in ["ftp://h", "http://", "http:///x", "ws://a b/", "ws://me:secret@h/ws", "nothing"] {
            let failure = ServerUrl::parse(text).expect_err("no URL");
            assert!(failure.message().contains("not a server's URL"), "{failure:?}");
        }
    }
}
