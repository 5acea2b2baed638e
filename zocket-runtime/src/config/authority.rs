//! A host and an optional port: the contents of `Host`, and of an origin after its scheme.

use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
};

/// The longest possible name, with a trailing dot (RFC 1035, 2.3.4, as text). Names are bounded because they are
/// shown to people.
const LONGEST_NAME: usize = 254;

/// A host, normalized so that two spellings of the same one are equal: names in lower case, addresses by
/// value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    Name(Box<str>),
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

/// A host and its port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authority {
    pub(crate) host: Host,
    /// Absent if none is written, or nothing follows the colon.
    pub(crate) port: Option<u16>,
}

impl Host {
    /// Reads a registered name, an IPv4 address, or an IPv6 address in brackets (RFC 3986, 3.2.2), in the form that
    /// browsers send: no percent-encoding, and other scripts only as punycode.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some(address) = text.strip_prefix('[') {
            return address.strip_suffix(']')?.parse().ok().map(Self::V6);
        }
        if let Ok(address) = text.parse() {
            return Some(Self::V4(address));
        }
        let may_be_in_a_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte);
        let is_name = (1..=LONGEST_NAME).contains(&text.len()) && text.bytes().all(may_be_in_a_name);
        is_name.then(|| Self::Name(text.to_ascii_lowercase().into()))
    }

    /// Whether it is this machine, by its name or its address.
    pub(crate) fn is_loopback(&self) -> bool {
        match self {
            Self::Name(name) => **name == *"localhost" || name.ends_with(".localhost"),
            Self::V4(address) => address.is_loopback(),
            Self::V6(address) => address.is_loopback(),
        }
    }
}

impl Authority {
    /// Reads `host` or `host:port`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (host, port) = match text.rsplit_once(':') {
            // The colon belongs to an IPv6 address.
            Some((_, rest)) if rest.ends_with(']') => (text, ""),
            Some((host, port)) => (host, port),
            None => (text, ""),
        };
        let port = match port {
            "" => None,
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok()?),
            _ => return None,
        };
        Some(Self { host: Host::parse(host)?, port })
    }

    /// The port, or `default` if there is none.
    pub(crate) fn port_or(&self, default: Option<u16>) -> Option<u16> {
        self.port.or(default)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::V4(address) => write!(f, "{address}"),
            Self::V6(address) => write!(f, "[{address}]"),
        }
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => write!(f, "{}", self.host),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_authority_are_equal() {
        for (one, other) in [
            ("App.Example", "app.example"),
            ("app.example:", "app.example"),
            ("app.example:0443", "app.example:443"),
            ("[0:0:0:0:0:0:0:1]:80", "[::1]:80"),
            ("[::FFFF:1.2.3.4]", "[::ffff:102:304]"),
            ("xn--BCHER-kva.example", "xn--bcher-kva.example"),
        ] {
            assert_eq!(Authority::parse(one).unwrap(), Authority::parse(other).unwrap(), "{one}");
        }
        for (one, other) in [
            ("app.example", "app.example."),
            ("app.example", "app.example:443"),
            ("127.0.0.1", "127.0.0.2"),
            ("[::ffff:127.0.0.1]", "127.0.0.1"),
        ] {
            assert_ne!(Authority::parse(one).unwrap(), Authority::parse(other).unwrap(), "{one}");
        }
    }

    #[test]
    fn what_is_no_authority_is_none() {
        for text in [
            "",
            ":80",
            "a b",
            "a/b",
            "user@app.example",
            "app.example:80:80",
            "app.example:x",
            "app.example:+80",
            "app.example:65536",
            "::1",
            "[::1",
            "::1]",
            "[]",
            "[::1]x",
            "[1.2.3.4]",
            "[fe80::1%25eth0]",
            "b\u{fc}cher.example",
            "a%2Eexample",
            "a\\b",
            "a\"b",
            "a<b",
            "a|b",
            "a^b",
            "a`b",
        ] {
            assert_eq!(Authority::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_is_no_longer_than_names_are() {
        assert!(Host::parse(&"x".repeat(LONGEST_NAME)).is_some());
        assert!(Host::parse(&"x".repeat(LONGEST_NAME + 1)).is_none());
    }

    #[test]
    fn it_is_written_as_it_is_read() {
        for text in ["app.example", "app.example:8080", "127.0.0.1:1", "[::1]", "[2001:db8::1]:443"] {
            assert_eq!(Authority::parse(text).unwrap().to_string(), text);
        }
    }
}
