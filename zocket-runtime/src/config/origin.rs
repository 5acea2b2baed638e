//! Web origins (RFC 6454), and which of them may connect.

use std::fmt;

use super::{
    authority::{Authority, Host},
    invalid::Mistake,
};

/// Which web pages may open a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origins {
    /// Pages of the host that the request is addressed to.
    SameHost,
    /// Pages of exactly these origins.
    Listed(Vec<Origin>),
    Any,
}

/// Longer than any scheme that pages have. Schemes are bounded because they are shown to people.
const LONGEST_SCHEME: usize = 40;

/// Scheme, host and port of a page. Two spellings of the same one are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// In lower case.
    scheme: Box<str>,
    host: Host,
    /// Absent if it is the scheme's default.
    port: Option<u16>,
}

impl Origin {
    /// Reads an origin as browsers serialize it, or with its default port or a trailing slash.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let (first, more) = scheme.as_bytes().split_first()?;
        let in_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
        if !first.is_ascii_alphabetic() || !more.iter().all(in_scheme) || scheme.len() > LONGEST_SCHEME {
            return None;
        }
        let Authority { host, port } = Authority::parse(rest.strip_suffix('/').unwrap_or(rest))?;
        let scheme: Box<str> = scheme.to_ascii_lowercase().into();
        let port = port.filter(|port| Some(*port) != default_port(&scheme));
        Some(Self { scheme, host, port })
    }

    /// Reads an entry of a list.
    ///
    /// # Errors
    /// It is not an origin, or no page could have it, or any page could.
    pub(crate) fn entry(text: &str) -> Result<Self, Mistake> {
        match text {
            "*" => return Err(Mistake::new("is not an origin", ALL)),
            "null" => {
                let help = "serve those pages from an origin of their own: any page can make itself `null`, in a frame \
                            with `sandbox`";
                return Err(Mistake::new("is no one's origin", help));
            }
            _ => {}
        }
        if text.contains(',') || text.matches("://").count() > 1 {
            return Err(Mistake::new("is more than one origin", "make each an entry of its own"));
        }
        let lower = text.trim().to_ascii_lowercase();
        if lower.starts_with("file:") {
            let help = "serve those pages over HTTP, or from a scheme of the app's own (`app://…`): browsers send \
                        `null` for files, and whoever sends `file://` does it for all files";
            return Err(Mistake::new("is no one's origin", help));
        }
        let Some(origin) = Self::parse(text) else { return Err(mistake(text, &lower)) };
        match origin.objection() {
            Some(objection) => Err(objection),
            None => Ok(origin),
        }
    }

    /// Why no page has this origin.
    fn objection(&self) -> Option<Mistake> {
        if matches!(&*self.scheme, "ws" | "wss") {
            let page = Self { scheme: self.scheme.replace("ws", "http").into(), ..self.clone() };
            return Some(instead("is where a socket goes, not the page that it is opened by", &page));
        }
        let Host::Name(name) = &self.host else { return None };
        if name.contains('*') {
            return Some(Mistake::new("has a wildcard, and origins are compared as they are", EACH));
        }
        // Browsers treat a host that ends in a number as an IPv4 address, and send it as four numbers.
        let last = name.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
        let is_number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
        let is_web = default_port(&self.scheme).is_some();
        (is_web && is_number).then(|| Mistake::new("has a host that browsers write in another way", WHAT))
    }

    /// An origin that the entry could have been meant for.
    fn guess(text: &str) -> Option<Self> {
        Self::parse(text).filter(|origin| origin.objection().is_none())
    }

    /// Whether a page of this origin came from the host that a request is addressed to. Ports must match; if the request
    /// has none, the default port of the page's scheme is assumed. Pages of schemes other than `http` and `https` (an
    /// extension's, an app's) do not come from a host.
    pub(crate) fn is_of(&self, target: &Authority) -> bool {
        let default = match &*self.scheme {
            "http" => Some(80),
            "https" => Some(443),
            _ => return false,
        };
        self.host == target.host && self.port.or(default) == target.port_or(default)
    }

    pub(crate) fn has_host(&self, host: &Host) -> bool {
        self.host == *host
    }

    pub(crate) fn is_http(&self) -> bool {
        &*self.scheme == "http"
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

const WHAT: &str = "write what `location.origin` says in the browser's console on that page, such as \"https://app.example\"";
const EACH: &str = "name each origin, such as \"https://app.example\"";
const ALL: &str = "name each origin, such as \"https://app.example\", or call `.allow_any_origin()` instead";

fn instead(what: &'static str, origin: &Origin) -> Mistake {
    Mistake::new(what, format!("write \"{origin}\""))
}

/// What is wrong with an entry that cannot be read.
fn mistake(text: &str, lower: &str) -> Mistake {
    if lower.is_empty() {
        return Mistake::new("is empty", "leave it out");
    }
    if lower.len() != text.len() {
        return match Origin::guess(text.trim()) {
            Some(origin) => instead("has spaces around it", &origin),
            None => Mistake::new("has spaces around it", WHAT),
        };
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        // A name or address of this machine is mostly a development server.
        let is_local = Authority::parse(text).is_some_and(|authority| authority.host.is_loopback());
        let guess = format!("{}://{text}", if is_local { "http" } else { "https" });
        return match Origin::guess(&guess) {
            Some(origin) if !text.starts_with("http") => instead("has no scheme", &origin),
            _ => Mistake::new("has no scheme", WHAT),
        };
    };
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let bare = Origin::guess(&format!("{scheme}://{host}"));
    let what = if host.len() != authority.len() {
        "has a user's name in it"
    } else if !path.is_empty() {
        "has a path, and an origin has none"
    } else if host.is_empty() || host.starts_with(':') {
        return Mistake::new("has no host", WHAT);
    } else if !host.is_ascii() {
        return Mistake::new("has letters in its host that browsers send in punycode (`xn--…`)", WHAT);
    } else {
        return Mistake::new("is not an origin", WHAT);
    };
    match bare {
        Some(origin) => instead(what, &origin),
        None => Mistake::new(what, WHAT),
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_origin_are_equal() {
        for (one, other) in [
            ("https://app.example", "https://app.example/"),
            ("https://app.example", "https://app.example:443"),
            ("https://app.example:443/", "HTTPS://App.Example"),
            ("http://app.example:80", "http://app.example"),
            ("http://app.example:", "http://app.example"),
            ("http://[0::1]:5173", "http://[::1]:5173"),
            ("app://Shell", "app://shell/"),
        ] {
            assert_eq!(Origin::parse(one).unwrap(), Origin::parse(other).unwrap(), "{one} {other}");
            assert_eq!(Origin::entry(one).unwrap(), Origin::parse(other).unwrap(), "{one} {other}");
        }
        for (one, other) in [
            ("https://app.example", "http://app.example"),
            ("https://app.example", "https://app.example:80"),
            ("http://app.example:443", "https://app.example"),
            ("https://app.example", "https://app.example."),
            ("https://app.example", "https://www.app.example"),
            ("app://shell:80", "app://shell"),
        ] {
            assert_ne!(Origin::parse(one).unwrap(), Origin::parse(other).unwrap(), "{one} {other}");
        }
    }

    #[test]
    fn what_no_browser_sends_is_no_origin() {
        for text in [
            "",
            "null",
            "*",
            "https://",
            "https:///",
            "://app.example",
            "1http://app.example",
            "ht tp://app.example",
            "https://app.example//",
            "https://app.example/x",
            "https://app.example?x",
            "https://u@app.example",
            "https://app.example https://b.example",
            "https://app.example, https://b.example/",
            "https:app.example",
            &format!("{}://app.example", "x".repeat(LONGEST_SCHEME + 1)),
            &format!("https://{}", "x".repeat(255)),
        ] {
            assert_eq!(Origin::parse(text), None, "{text}");
        }
    }

    #[test]
    fn entries_that_are_right_are_taken() {
        for (entry, written) in [
            ("https://app.example", "https://app.example"),
            ("https://APP.example:443/", "https://app.example"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("http://my_host", "http://my_host"),
            ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
            ("https://app.example.", "https://app.example."),
            ("https://0x.example", "https://0x.example"),
            (
                "chrome-extension://cjpalhdlnbpafiamejdnhcphjbkeiagm",
                "chrome-extension://cjpalhdlnbpafiamejdnhcphjbkeiagm",
            ),
            ("capacitor://localhost", "capacitor://localhost"),
            ("app://1", "app://1"),
        ] {
            assert_eq!(Origin::entry(entry).map(|origin| origin.to_string()), Ok(written.to_owned()));
        }
    }

    /// What is wrong, and what to write instead: a whole origin, or a part of the help text.
    #[test]
    fn entries_that_are_wrong_say_what_to_write() {
        for (entry, what, write) in [
            ("", "empty", "leave it out"),
            ("  ", "empty", "leave it out"),
            ("*", "not an origin", "allow_any_origin"),
            ("null", "no one's", "sandbox"),
            ("file://", "no one's", "over HTTP"),
            ("file:///srv/index.html", "no one's", "over HTTP"),
            ("app.example", "no scheme", "\"https://app.example\""),
            ("app.example:8443", "no scheme", "\"https://app.example:8443\""),
            ("localhost:5173", "no scheme", "\"http://localhost:5173\""),
            ("127.0.0.1", "no scheme", "\"http://127.0.0.1\""),
            ("[::1]:80", "no scheme", "\"http://[::1]\""),
            ("//app.example", "no scheme", "location.origin"),
            ("https:app.example", "no scheme", "location.origin"),
            ("https", "no scheme", "location.origin"),
            ("https://app.example/chat", "a path", "\"https://app.example\""),
            ("https://app.example/?q", "a path", "\"https://app.example\""),
            ("https://app.example#top", "a path", "\"https://app.example\""),
            ("https://app.example//", "a path", "\"https://app.example\""),
            ("http://app.example:80/chat", "a path", "\"http://app.example\""),
            ("https://*.app.example/x", "a path", "location.origin"),
            ("https://me:secret@app.example", "a user's name", "\"https://app.example\""),
            ("https://me@app.example/x", "a user's name", "\"https://app.example\""),
            ("https://*.app.example", "a wildcard", "name each"),
            ("https://*", "a wildcard", "name each"),
            ("http://localhost:*", "not an origin", "location.origin"),
            ("https://", "no host", "location.origin"),
            ("https://:443", "no host", "location.origin"),
            ("https:///chat", "a path", "location.origin"),
            ("https://app.example:99999", "not an origin", "location.origin"),
            ("https://b\u{fc}cher.example", "punycode", "location.origin"),
            ("https://app .example", "not an origin", "location.origin"),
            (" https://app.example/", "spaces", "\"https://app.example\""),
            ("https://app.example ", "spaces", "\"https://app.example\""),
            ("wss://app.example", "where a socket goes", "\"https://app.example\""),
            ("ws://localhost:3000/", "where a socket goes", "\"http://localhost:3000\""),
            ("http://127.1", "in another way", "location.origin"),
            ("http://0x7f000001", "in another way", "location.origin"),
            ("http://2130706433:3000", "in another way", "location.origin"),
            ("http://1.2.3.4.5", "in another way", "location.origin"),
            ("http://..", "in another way", "location.origin"),
            ("https://a.example,https://b.example", "more than one", "of its own"),
            ("https://a.example https://b.example", "more than one", "of its own"),
            ("a.example, b.example", "more than one", "of its own"),
        ] {
            let mistake = Origin::entry(entry).unwrap_err();
            assert!(mistake.what.contains(what), "{entry}: {mistake:?}");
            assert!(mistake.help.contains(write), "{entry}: {mistake:?}");
        }
    }

    #[test]
    fn the_same_host_is_that_of_the_request_by_the_scheme_of_the_page() {
        for (origin, target) in [
            ("https://a.example", "a.example"),
            ("https://A.example", "a.EXAMPLE:443"),
            ("http://a.example:80", "a.example"),
            ("http://a.example", "a.example:80"),
            ("http://a.example:3000", "a.example:3000"),
            ("http://[::1]:3000", "[::1]:3000"),
        ] {
            assert!(
                Origin::parse(origin).unwrap().is_of(&Authority::parse(target).unwrap()),
                "{origin} {target}"
            );
        }
        for (origin, target) in [
            ("https://b.example", "a.example"),
            ("http://a.example:3000", "a.example"),
            ("http://a.example", "a.example:3000"),
            ("http://a.example", "a.example:443"),
            ("https://a.example", "a.example:80"),
            ("https://a.example.b.example", "a.example"),
            ("chrome-extension://a.example", "a.example"),
        ] {
            assert!(
                !Origin::parse(origin).unwrap().is_of(&Authority::parse(target).unwrap()),
                "{origin} {target}"
            );
        }
    }
}
