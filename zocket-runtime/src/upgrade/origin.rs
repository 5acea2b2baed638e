//! Which web pages may connect, and by which names they may address this server.
//!
//! A browser lets any page open a WebSocket to any host, with that host's cookies: without this check, another site's
//! page could act as a visitor who is signed in here. A client that sends no `Origin` is not a browser, and is let
//! in.

use http::{HeaderValue, StatusCode, header, request::Parts};

use super::caller::Caller;
use crate::{
    config::{AllowedHost, Authority, Origin, Origins},
    error::Reject,
    target,
};

/// How much of a header is shown.
const SHOWN: usize = 200;

/// Accepts a request that is addressed to one of these names.
pub(super) fn check_host(caller: &Caller, allowed: Option<&[AllowedHost]>) -> Result<(), Reject> {
    let Some(allowed) = allowed else { return Ok(()) };
    let target = caller.target();
    if target.as_ref().is_some_and(|target| allowed.iter().any(|host| host.admits(target))) {
        return Ok(());
    }
    let listed = allowed.iter().map(ToString::to_string);
    tracing::info!(target: target::HANDSHAKE, host = %shown(caller.host.as_deref()),
        help = %target.map_or_else(String::new, |target| call("allowed_hosts", listed, target)),
        "handshake refused: it is addressed to a host that is not in the list"
    );
    Err(Reject::new(StatusCode::MISDIRECTED_REQUEST)
        .with_message("this host is not served here: `Builder::allowed_hosts` does not list it"))
}

/// Accepts a page whose origin is one of these.
pub(super) fn check(parts: &Parts, caller: &Caller, origins: &Origins) -> Result<(), Reject> {
    if *origins == Origins::Any {
        return Ok(());
    }
    let mut sent = parts.headers.get_all(header::ORIGIN).iter();
    let Some(first) = sent.next() else { return Ok(()) };
    let refused = match (sent.next(), origin(first)) {
        (Some(_), _) => Refused::several(),
        (None, None) => Refused::unreadable(first),
        (None, Some(origin)) => match origins {
            Origins::Any => return Ok(()),
            Origins::Listed(allowed) if allowed.contains(&origin) => return Ok(()),
            Origins::Listed(allowed) => Refused::not_listed(allowed, &origin),
            Origins::SameHost => match caller.target() {
                Some(target) if !origin.is_of(&target) => Refused::elsewhere(&origin, &target),
                None => Refused::elsewhere_unknown(&origin),
                Some(_) if caller.https && origin.is_http() => Refused::not_secure(),
                Some(_) => return Ok(()),
            },
        },
    };
    tracing::info!(target: target::HANDSHAKE, origin = %shown_bytes(first.as_bytes()),
        host = %shown(caller.host.as_deref()),
        help = %refused.help,
        "handshake refused: a page of another origin"
    );
    Err(Reject::forbidden().with_message(format!("this origin may not connect: {}", refused.answer)))
}

fn origin(sent: &HeaderValue) -> Option<Origin> {
    Origin::parse(sent.to_str().ok()?)
}

/// Why an origin was refused.
struct Refused {
    /// For the log.
    help: String,
    /// For the client, which is told nothing that it did not send itself.
    answer: String,
}

impl Refused {
    fn several() -> Self {
        let answer = "there is more than one `Origin`".to_owned();
        Self { help: answer.clone(), answer }
    }

    /// `null`, or not an origin at all.
    fn unreadable(sent: &HeaderValue) -> Self {
        let text = sent.to_str().unwrap_or_default();
        let help = Origin::entry(text).err().map_or_else(String::new, |mistake| mistake.help);
        Self { help, answer: "it is none that a server could list".to_owned() }
    }

    fn not_listed(allowed: &[Origin], origin: &Origin) -> Self {
        let listed = allowed.iter().map(ToString::to_string);
        let help = match Origin::entry(&origin.to_string()) {
            Ok(origin) => call("allow_origins", listed, origin),
            Err(mistake) => mistake.help,
        };
        Self { help, answer: "`Builder::allow_origins` does not list it".to_owned() }
    }

    fn elsewhere(origin: &Origin, target: &Authority) -> Self {
        let mut refused = Self::elsewhere_unknown(origin);
        if origin.has_host(&target.host) && target.port.is_none() {
            // The port was lost on the way: nginx's `$host` has none.
            refused.help.push_str(
                "; or let the proxy pass on `Host` with its port (nginx: `proxy_set_header Host $http_host`)",
            );
        } else {
            refused
                .help
                .push_str("; a list replaces the rule that pages of the request's own host may connect");
        }
        refused
    }

    fn elsewhere_unknown(origin: &Origin) -> Self {
        match Origin::entry(&origin.to_string()) {
            Ok(origin) => {
                let call = call("allow_origins", std::iter::empty(), origin);
                Self { answer: format!("`{call}` would let it in"), help: call }
            }
            Err(mistake) => Self { answer: mistake.help.clone(), help: mistake.help },
        }
    }

    fn not_secure() -> Self {
        let answer = "this server is reached over https, and its pages are too".to_owned();
        let help = format!("{answer}: open the page with `https://`, and redirect those who do not");
        Self { help, answer }
    }
}

/// The line to write.
fn call(name: &str, listed: impl Iterator<Item = String>, new: impl ToString) -> String {
    let entries: Vec<String> = listed.chain([new.to_string()]).map(|entry| format!("{entry:?}")).collect();
    format!("Builder::{name}([{}])", entries.join(", "))
}

/// A header as it may appear in a log: truncated, and without terminal control characters.
fn shown_bytes(value: &[u8]) -> String {
    let cut = &value[..value.len().min(SHOWN)];
    let more = if cut.len() < value.len() { "…" } else { "" };
    format!("{}{more}", cut.escape_ascii())
}

fn shown(value: Option<&str>) -> String {
    value.map_or_else(|| "(none)".to_owned(), |value| shown_bytes(value.as_bytes()))
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn refusal(origin: &[&str], host: &str, https: bool, origins: &Origins) -> Option<String> {
        let mut request = Request::get("/ws");
        for origin in origin {
            request = request.header("origin", *origin);
        }
        let caller = Caller { source: None, host: Some(host.to_owned()), https };
        let parts = request.body(()).unwrap().into_parts().0;
        let refused = check(&parts, &caller, origins).err()?;
        assert_eq!(refused.status(), 403);
        Some(refused.body()["error"].as_str().unwrap().to_owned())
    }

    fn listed(entries: &[&str]) -> Origins {
        Origins::Listed(entries.iter().map(|entry| Origin::entry(entry).unwrap()).collect())
    }

    #[test]
    fn by_default_the_pages_of_the_same_host() {
        let allowed = |origin: &[&str], host| refusal(origin, host, false, &Origins::SameHost).is_none();
        assert!(allowed(&[], "a.example"));
        assert!(allowed(&["https://a.example"], "a.example"));
        assert!(allowed(&["https://a.example/"], "a.example:443"));
        assert!(allowed(&["http://a.example:3000"], "a.example:3000"));
        for other in [
            "https://b.example",
            "http://a.example:3000",
            "https://a.example.b.example",
            "null",
            "",
            "https://",
            "file://",
        ] {
            assert!(!allowed(&[other], "a.example"), "{other}");
        }
        assert!(!allowed(&["https://a.example", "https://a.example"], "a.example"));
        assert!(!allowed(&["https://a.example"], "a example"));
    }

    #[test]
    fn where_the_request_came_over_https_its_pages_did_as_well() {
        let same = &Origins::SameHost;
        assert_eq!(refusal(&["https://a.example"], "a.example", true, same), None);
        assert_eq!(refusal(&[], "a.example", true, same), None);
        assert!(refusal(&["http://a.example"], "a.example", true, same).unwrap().contains("https"));
        // Listed origins are always allowed.
        assert_eq!(refusal(&["http://a.example"], "a.example", true, &listed(&["http://a.example"])), None);
    }

    #[test]
    fn a_list_is_exact() {
        let listed = &listed(&["https://app.example/", "http://localhost:5173"]);
        let allowed = |origin: &[&str]| refusal(origin, "api.example", false, listed).is_none();
        assert!(allowed(&["https://app.example"]) && allowed(&["HTTPS://app.example:443/"]));
        assert!(allowed(&["http://localhost:5173"]));
        assert!(allowed(&[]));
        for other in [
            "https://app.example:8443",
            "http://app.example",
            "https://api.example",
            "http://localhost",
            "null",
        ] {
            assert!(!allowed(&[other]), "{other}");
        }
        assert!(!allowed(&["https://app.example", "https://app.example"]));
    }

    #[test]
    fn the_check_can_be_turned_off() {
        assert_eq!(refusal(&["null"], "a.example", true, &Origins::Any), None);
        assert_eq!(refusal(&["null", "https://x"], "a.example", true, &Origins::Any), None);
    }

    #[test]
    fn the_answer_says_what_to_write_and_nothing_of_the_server() {
        let answer =
            refusal(&["http://localhost:5173"], "localhost:3000", false, &Origins::SameHost).unwrap();
        assert_eq!(
            answer,
            "this origin may not connect: `Builder::allow_origins([\"http://localhost:5173\"])` would let it in"
        );
        assert!(answer.len() <= 123, "it must fit into a close frame");
        let answer =
            refusal(&["http://localhost:5173"], "a.example", false, &listed(&["https://secret.example"]));
        assert_eq!(answer.unwrap(), "this origin may not connect: `Builder::allow_origins` does not list it");
        for origin in ["null", "file://", "javascript:alert(1)", "https://a.example/x"] {
            let answer = refusal(&[origin], "secret.example", false, &Origins::SameHost).unwrap();
            assert!(!answer.contains("secret") && !answer.contains("allow_origins"), "{answer}");
        }
    }

    #[test]
    fn what_is_shown_is_short_and_harmless() {
        assert_eq!(shown_bytes(b"https://a.example"), "https://a.example");
        assert_eq!(shown_bytes(b"\x1b[31m\xff\n"), r"\x1b[31m\xff\n");
        let long = shown_bytes(&[0xff; 10_000]);
        assert!(long.len() <= 4 * SHOWN + "…".len() && long.ends_with('…'));
        assert_eq!(shown(None), "(none)");
    }

    #[test]
    fn a_host_that_is_not_listed_is_another_servers() {
        let allowed =
            [AllowedHost::entry("app.example").unwrap(), AllowedHost::entry("localhost:3000").unwrap()];
        let status = |host: Option<&str>| {
            let caller = Caller { source: None, host: host.map(str::to_owned), https: false };
            check_host(&caller, Some(&allowed)).map_err(|refused| refused.status().as_u16())
        };
        for host in ["app.example", "APP.example:8443", "localhost:3000"] {
            assert_eq!(status(Some(host)), Ok(()), "{host}");
        }
        for host in [None, Some(""), Some("evil.example"), Some("localhost:3001"), Some("app.example, evil")]
        {
            assert_eq!(status(host), Err(421), "{host:?}");
        }
        let anybody = Caller { source: None, host: None, https: false };
        assert!(check_host(&anybody, None).is_ok());
    }
}
