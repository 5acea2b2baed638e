//! Which names of this server a request may be addressed to.

use std::fmt;

use super::{
    authority::{Authority, Host},
    invalid::Mistake,
};

/// An entry of the list: a host, on any port if none is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AllowedHost(Authority);

impl AllowedHost {
    /// Reads an entry of a list.
    ///
    /// # Errors
    /// No request could match it.
    pub(crate) fn entry(text: &str) -> Result<Self, Mistake> {
        // Without brackets and a port there is only one way to read an IPv6 address.
        if let Ok(address) = text.parse() {
            return Ok(Self(Authority { host: Host::V6(address), port: None }));
        }
        let Some(authority) = Authority::parse(text) else { return Err(mistake(text)) };
        match &authority.host {
            Host::Name(name) if name.contains('*') => {
                Err(Mistake::new("has a wildcard, and hosts are compared as they are", WHAT))
            }
            Host::Name(name) if name.contains(',') => {
                Err(Mistake::new("is more than one host", "make each an entry of its own"))
            }
            _ => Ok(Self(authority)),
        }
    }

    /// Whether this entry matches a request that is addressed to `target`. Without a port, `target` means port 80 or
    /// 443.
    pub(crate) fn admits(&self, target: &Authority) -> bool {
        let port_fits = match (self.0.port, target.port) {
            (None, _) => true,
            (Some(allowed), None) => allowed == 80 || allowed == 443,
            (Some(allowed), Some(port)) => allowed == port,
        };
        port_fits && self.0.host == target.host
    }
}

impl fmt::Display for AllowedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

const WHAT: &str =
    "name each host by which clients reach this server, such as \"app.example\" or \"localhost:3000\"";

fn mistake(text: &str) -> Mistake {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Mistake::new("is empty", "leave it out");
    }
    if trimmed.contains(',') {
        return Mistake::new("is more than one host", "make each an entry of its own");
    }
    let rest = trimmed.split_once("://").map_or(trimmed, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let what = if rest.len() != trimmed.len() {
        "has a scheme, and a host has none"
    } else if authority.len() != rest.len() {
        "has a path, and a host has none"
    } else if trimmed.len() != text.len() {
        "has spaces around it"
    } else if !text.is_ascii() {
        return Mistake::new("has letters that browsers send in punycode (`xn--…`)", WHAT);
    } else {
        return Mistake::new("is not a host", WHAT);
    };
    match AllowedHost::entry(authority) {
        Ok(AllowedHost(authority)) => Mistake::new(what, format!("write \"{authority}\"")),
        Err(_) => Mistake::new(what, WHAT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_counts_where_it_is_written() {
        for (entry, targets) in [
            ("app.example", &["app.example", "APP.example:443", "app.example:3000"][..]),
            ("app.example:3000", &["app.example:3000"]),
            ("app.example:443", &["app.example:443", "app.example"]),
            ("127.0.0.1", &["127.0.0.1:3000"]),
            ("::1", &["[::1]", "[0::1]:3000"]),
            ("[::1]:3000", &["[::1]:3000"]),
        ] {
            for target in targets {
                let target = Authority::parse(target).unwrap();
                assert!(AllowedHost::entry(entry).unwrap().admits(&target), "{entry} {target}");
            }
        }
        for (entry, target) in [
            ("app.example", "www.app.example"),
            ("app.example", "app.example."),
            ("app.example:3000", "app.example"),
            ("app.example:443", "app.example:80"),
            ("localhost", "127.0.0.1"),
            ("::1", "127.0.0.1"),
        ] {
            let target = Authority::parse(target).unwrap();
            assert!(!AllowedHost::entry(entry).unwrap().admits(&target), "{entry} {target}");
        }
    }

    #[test]
    fn entries_that_are_wrong_say_what_to_write() {
        for (entry, what, write) in [
            ("", "empty", "leave it out"),
            ("*", "wildcard", "name each"),
            ("*.app.example", "wildcard", "name each"),
            ("a.example,b.example", "more than one", "of its own"),
            ("a.example, b.example", "more than one", "of its own"),
            ("https://app.example", "a scheme", "\"app.example\""),
            ("wss://app.example:8443/ws", "a scheme", "\"app.example:8443\""),
            ("https://*.app.example", "a scheme", "name each"),
            ("app.example/ws", "a path", "\"app.example\""),
            (" app.example", "spaces", "\"app.example\""),
            ("b\u{fc}cher.example", "punycode", "name each"),
            ("app.example:99999", "not a host", "name each"),
            ("app example", "not a host", "name each"),
            ("::1:3000:x", "not a host", "name each"),
            ("me@app.example", "not a host", "name each"),
        ] {
            let mistake = AllowedHost::entry(entry).unwrap_err();
            assert!(mistake.what.contains(what), "{entry}: {mistake:?}");
            assert!(mistake.help.contains(write), "{entry}: {mistake:?}");
        }
    }
}
