//! Which web pages may connect.
//!
//! A browser lets any page open a WebSocket to any host, with that host's cookies: without this check, another site's
//! page acts as the visitor who is signed in here. What sends no `Origin` is no browser, and is let in.

use http::{header, request::Parts};

use crate::config::Origins;

pub(super) fn is_allowed(parts: &Parts, origins: &Origins) -> bool {
    if *origins == Origins::Any {
        return true;
    }
    let mut sent = parts.headers.get_all(header::ORIGIN).iter();
    let origin = match (sent.next(), sent.next()) {
        (None, _) => return true,
        (Some(origin), None) => origin,
        // Two origins are none that a browser would send.
        (Some(_), Some(_)) => return false,
    };
    let Ok(origin) = origin.to_str() else { return false };
    match origins {
        Origins::Any => true,
        Origins::Listed(allowed) => allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin)),
        Origins::SameHost => is_same_host(origin, parts),
    }
}

fn is_same_host(origin: &str, parts: &Parts) -> bool {
    let host = match parts.headers.get(header::HOST) {
        Some(host) => host.to_str().ok(),
        None => parts.uri.authority().map(http::uri::Authority::as_str),
    };
    let (Some(host), Some((scheme, origin))) = (host, origin.split_once("://")) else { return false };
    let default_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        // `null`, an extension, an app's own scheme: such pages must be listed.
        _ => return false,
    };
    let bare =
        |authority: &str| authority.strip_suffix(default_port).unwrap_or(authority).to_ascii_lowercase();
    !origin.is_empty() && bare(origin) == bare(host)
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn allowed(origin: &[&str], host: &str, origins: &Origins) -> bool {
        let mut request = Request::get("/ws").header("host", host);
        for origin in origin {
            request = request.header("origin", *origin);
        }
        is_allowed(&request.body(()).unwrap().into_parts().0, origins)
    }

    #[test]
    fn by_default_the_pages_of_the_same_host() {
        let same = &Origins::SameHost;
        assert!(allowed(&[], "a.example", same));
        assert!(allowed(&["https://a.example"], "a.example", same));
        assert!(allowed(&["https://A.example"], "a.EXAMPLE:443", same));
        assert!(allowed(&["http://a.example:80"], "a.example", same));
        assert!(allowed(&["http://a.example:3000"], "a.example:3000", same));
        assert!(allowed(&["http://[::1]:3000"], "[::1]:3000", same));
        for other in [
            "https://b.example",
            "http://a.example:3000",
            "https://a.example.b.example",
            "null",
            "",
            "https://",
            "file://",
        ] {
            assert!(!allowed(&[other], "a.example", same), "{other}");
        }
        assert!(!allowed(&["https://a.example", "https://b.example"], "a.example", same));
    }

    #[test]
    fn a_list_is_exact() {
        let listed = &Origins::Listed(vec!["https://app.example".to_owned()]);
        assert!(allowed(&["https://app.example"], "api.example", listed));
        assert!(allowed(&[], "api.example", listed));
        assert!(!allowed(&["https://app.example:8443"], "api.example", listed));
        assert!(!allowed(&["https://api.example"], "api.example", listed));
    }

    #[test]
    fn the_check_can_be_turned_off() {
        assert!(allowed(&["null"], "a.example", &Origins::Any));
    }
}
