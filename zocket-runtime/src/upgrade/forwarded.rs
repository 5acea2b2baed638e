//! What proxies say about their client: `X-Forwarded-For` and its companions, or `Forwarded` (RFC 7239).
//!
//! Each proxy appends what it saw to the list; everything before that is unverified, and a client may have made it up. So
//! the list is read from its end, and only as long as the address read is another trusted proxy. Anything that a client put
//! in front, even an open quote, is not looked at.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName, header::FORWARDED};

use crate::config::{Proxies, ProxyHeaders};

const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// What the proxies in front of this server said.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// The first address, from this server's side, that is not a trusted proxy's. Absent if the proxies name none.
    pub(super) client: Option<IpAddr>,
    /// What the client's request was addressed to.
    pub(super) host: Option<String>,
    /// The scheme of the client's request, in lower case.
    pub(super) proto: Option<String>,
}

/// Reads the headers of a trusted proxy.
pub(super) fn read(headers: &HeaderMap, proxies: &Proxies) -> Said {
    match proxies.headers {
        ProxyHeaders::XForwarded => x_forwarded(headers, proxies),
        ProxyHeaders::Forwarded => forwarded(headers, proxies),
    }
}

/// Follows a list from its end; `read` returns an element's address, and whatever else is needed from it.
///
/// Returns the last trusted address, and what was read from the last element that was looked at.
fn follow<'a, T>(
    elements: impl Iterator<Item = &'a [u8]>,
    proxies: &Proxies,
    read: impl Fn(&'a [u8]) -> (Option<IpAddr>, T),
) -> (Option<IpAddr>, Option<T>) {
    let (mut client, mut element) = (None, None);
    for text in elements {
        let (address, read) = read(text);
        element = Some(read);
        // If a proxy names no client, or not readably, it is itself the last known address.
        let Some(address) = address else { break };
        client = Some(address);
        if !proxies.trust(address) {
            break;
        }
    }
    (client, element)
}

fn x_forwarded(headers: &HeaderMap, proxies: &Proxies) -> Said {
    let lines = headers.get_all(FOR).iter().rev();
    let elements = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    let elements = elements.map(<[u8]>::trim_ascii).filter(|element| !element.is_empty());
    let (client, _) = follow(elements, proxies, |element| (node(element), ()));
    // If there are several, the first is what the client asked for.
    let first = |name: HeaderName| {
        let value = headers.get(name)?.to_str().ok()?.split(',').next()?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    Said { client, host: first(HOST), proto: first(PROTO).map(|proto| proto.to_ascii_lowercase()) }
}

fn forwarded(headers: &HeaderMap, proxies: &Proxies) -> Said {
    let elements = headers.get_all(FORWARDED).iter().rev().flat_map(|line| Elements(Some(line.as_bytes())));
    let elements = elements.filter(|element| !element.is_empty());
    let (client, element) = follow(elements, proxies, |element| {
        let pairs = pairs(element).unwrap_or_default();
        let value = |name: &str| {
            let found = pairs.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.clone())
        };
        let address = value("for").and_then(|node_| node(node_.as_bytes()));
        (address, (value("host"), value("proto").map(|proto| proto.to_ascii_lowercase())))
    });
    let (host, proto) = element.unwrap_or_default();
    Said { client, host, proto }
}

/// The address in a node (RFC 7239, 6), in its canonical form: with or without a port, IPv6 with or without brackets. `None`
/// for `unknown`, for obfuscated names, and for anything that is not an address.
fn node(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?;
    let address = if let Some(bracketed) = text.strip_prefix('[') {
        let (address, port) = bracketed.split_once(']')?;
        is_port(port).then(|| address.parse().ok().map(IpAddr::V6))?
    } else if let Ok(address) = text.parse() {
        Some(address)
    } else {
        let colon = text.find(':')?;
        let (address, port) = text.split_at(colon);
        is_port(port).then(|| address.parse().ok().map(IpAddr::V4))?
    };
    address.map(|address| address.to_canonical())
}

/// Nothing, or a colon and a port, which may be obfuscated (RFC 7239, 6.3).
fn is_port(text: &str) -> bool {
    let Some(port) = text.strip_prefix(':') else { return text.is_empty() };
    match port.strip_prefix('_') {
        Some(hidden) => {
            let may_be = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            !hidden.is_empty() && hidden.bytes().all(may_be)
        }
        None => matches!(port.len(), 1..=5) && port.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

/// The elements of a line, from its end: commas in quotes do not separate.
struct Elements<'a>(Option<&'a [u8]>);

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let line = self.0.take()?;
        let mut quoted = false;
        let mut end = line.len();
        while let Some(at) = line[..end].iter().rposition(|byte| matches!(byte, b'"' | b',')) {
            let escapes = line[..at].iter().rev().take_while(|byte| **byte == b'\\').count();
            match line[at] {
                // The opening quote follows a `=`, so only a quote inside can be escaped.
                b'"' if escapes % 2 == 0 => quoted = !quoted,
                b',' if !quoted => {
                    self.0 = Some(&line[..at]);
                    return Some(line[at + 1..].trim_ascii());
                }
                _ => {}
            }
            end = at - escapes.min(at);
        }
        Some(line.trim_ascii())
    }
}

/// The pairs of an element: `name=value;name="value"`. `None` if it is malformed.
fn pairs(element: &[u8]) -> Option<Vec<(&str, String)>> {
    let mut pairs = Vec::new();
    let mut rest = std::str::from_utf8(element).ok()?;
    loop {
        let (name, after) = rest.split_once('=')?;
        let value;
        (value, rest) = match after.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let end = after.find([';', '"']).unwrap_or(after.len());
                (after[..end].trim_end().to_owned(), &after[end..])
            }
        };
        pairs.push((name.trim(), value));
        rest = rest.trim_start();
        if rest.is_empty() {
            return Some(pairs);
        }
        rest = rest.strip_prefix(';')?;
        // A trailing `;` is not in the RFC, but harmless.
        if rest.trim_start().is_empty() {
            return Some(pairs);
        }
    }
}

/// The text before the closing quote, and the text after it.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(chars.next()?.1),
            char => value.push(char),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;
    use crate::config::Proxy;

    fn proxies(headers: ProxyHeaders) -> Proxies {
        let entries = ["10.0.0.0/8", "fd00::/8"].map(|entry| Proxy::entry(entry).ok().unwrap());
        Proxies::new(entries.into(), headers)
    }

    fn said(headers: ProxyHeaders, lines: &[(&'static str, &[u8])]) -> Said {
        let mut map = HeaderMap::new();
        for (name, line) in lines {
            map.append(*name, HeaderValue::from_bytes(line).unwrap());
        }
        read(&map, &proxies(headers))
    }

    fn x_forwarded_for(lines: &[&str]) -> Option<String> {
        let lines: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", line.as_bytes())).collect();
        said(ProxyHeaders::XForwarded, &lines).client.map(|client| client.to_string())
    }

    fn forwarded(lines: &[&str]) -> Said {
        let lines: Vec<_> = lines.iter().map(|line| ("forwarded", line.as_bytes())).collect();
        said(ProxyHeaders::Forwarded, &lines)
    }

    #[test]
    fn the_last_that_is_no_proxy_is_the_client() {
        for (lines, client) in [
            (&["203.0.113.9"][..], Some("203.0.113.9")),
            (&["1.1.1.1, 203.0.113.9"], Some("203.0.113.9")),
            (&["1.1.1.1, 203.0.113.9, 10.0.0.7"], Some("203.0.113.9")),
            (&["1.1.1.1,203.0.113.9,10.0.0.7,fd00::1"], Some("203.0.113.9")),
            (&["1.1.1.1, 10.0.0.9, 203.0.113.9"], Some("203.0.113.9")),
            // Several lines form one list.
            (&["1.1.1.1", "203.0.113.9", "10.0.0.7"], Some("203.0.113.9")),
            (&["1.1.1.1, 203.0.113.9", "10.0.0.7, 10.0.0.8"], Some("203.0.113.9")),
            // All are proxies: the farthest.
            (&["10.0.0.7, 10.0.0.8"], Some("10.0.0.7")),
            // Empty elements are ignored.
            (&[", 203.0.113.9, ,", ""], Some("203.0.113.9")),
            (&["", " , "], None),
            (&[], None),
        ] {
            assert_eq!(x_forwarded_for(lines).as_deref(), client, "{lines:?}");
        }
    }

    #[test]
    fn addresses_are_read_in_every_form_that_proxies_write() {
        for (node, client) in [
            ("203.0.113.9:4711", Some("203.0.113.9")),
            ("203.0.113.9:_port", Some("203.0.113.9")),
            ("2001:db8::9", Some("2001:db8::9")),
            ("[2001:DB8::9]", Some("2001:db8::9")),
            ("[2001:db8::9]:4711", Some("2001:db8::9")),
            ("::ffff:203.0.113.9", Some("203.0.113.9")),
            ("[::ffff:cb00:7109]:80", Some("203.0.113.9")),
            ("unknown", None),
            ("_hidden", None),
            ("localhost", None),
            ("203.0.113", None),
            ("203.0.113.9:", None),
            ("203.0.113.9:123456", None),
            ("203.0.113.9:80:80", None),
            ("203.0.113.9:_", None),
            ("203.0.113.9:_a b", None),
            ("[203.0.113.9]", None),
            ("[2001:db8::9", None),
            ("[2001:db8::9]4711", None),
            ("fe80::1%eth0", None),
            ("\"203.0.113.9\"", None),
            ("203.0.113.9 1.1.1.1", None),
            ("'; drop table", None),
            ("\u{fc}", None),
        ] {
            assert_eq!(x_forwarded_for(&[node]).as_deref(), client, "{node}");
            // Whatever is in front of the client does not matter.
            let behind = format!("1.1.1.1, {node}, 10.0.0.7");
            assert_eq!(x_forwarded_for(&[&behind]).as_deref(), client.or(Some("10.0.0.7")), "{behind}");
        }
    }

    #[test]
    fn host_and_scheme_are_what_the_client_asked_for() {
        let lines: &[(&str, &[u8])] = &[
            ("x-forwarded-for", b"203.0.113.9"),
            ("x-forwarded-host", b"app.example:8443, inner"),
            ("x-forwarded-proto", b"HTTPS, http"),
            ("forwarded", b"for=1.1.1.1;host=evil.example;proto=http"),
        ];
        let expected = Said {
            client: "203.0.113.9".parse().ok(),
            host: Some("app.example:8443".to_owned()),
            proto: Some("https".to_owned()),
        };
        assert_eq!(said(ProxyHeaders::XForwarded, lines), expected);
        // The other family is not looked at.
        let other = said(ProxyHeaders::Forwarded, lines);
        assert_eq!(
            (other.client.unwrap().to_string().as_str(), other.proto.as_deref()),
            ("1.1.1.1", Some("http"))
        );
        let empty: &[(&str, &[u8])] = &[("x-forwarded-host", b""), ("x-forwarded-proto", b", https")];
        assert_eq!(said(ProxyHeaders::XForwarded, empty), Said::default());
    }

    #[test]
    fn forwarded_is_read_as_its_rfc_has_it() {
        for (lines, client) in [
            (&["for=203.0.113.9"][..], Some("203.0.113.9")),
            (&["For=\"203.0.113.9:4711\""], Some("203.0.113.9")),
            (&["for=\"[2001:db8:cafe::17]:4711\""], Some("2001:db8:cafe::17")),
            (&["for=192.0.2.60;proto=http;by=203.0.113.43"], Some("192.0.2.60")),
            (&["proto=http ; for=192.0.2.60"], Some("192.0.2.60")),
            (&["for=1.1.1.1, for=192.0.2.43;by=x, for=10.0.0.1"], Some("192.0.2.43")),
            (&["for=1.1.1.1,for=192.0.2.43", "for=\"[fd00::1]\""], Some("192.0.2.43")),
            (&["for=\"192\\.0.2.43\""], Some("192.0.2.43")),
            (&["for=192.0.2.43;"], Some("192.0.2.43")),
            (&["for=192.0.2.43, ,"], Some("192.0.2.43")),
            (&["for=unknown"], None),
            (&["for=\"_gazonk\""], None),
            (&["for=1.1.1.1, for=unknown, for=10.0.0.1"], Some("10.0.0.1")),
            (&["for=1.1.1.1, proto=https, for=10.0.0.1"], Some("10.0.0.1")),
            (&["for=1.1.1.1, 203.0.113.9, for=10.0.0.1"], Some("10.0.0.1")),
            (&["for=1.1.1.1, for=\"203.0.113.9\"x, for=10.0.0.1"], Some("10.0.0.1")),
            (&["for"], None),
            (&[""], None),
        ] {
            let said = forwarded(lines);
            assert_eq!(said.client.map(|client| client.to_string()).as_deref(), client, "{lines:?}");
        }
        let said = forwarded(&[
            "for=1.1.1.1;host=evil, for=192.0.2.43;host=\"app.example:8443\";Proto=HTTPS, for=10.0.0.1;host=inner;proto=http",
        ]);
        assert_eq!((said.host.as_deref(), said.proto.as_deref()), (Some("app.example:8443"), Some("https")));
    }

    /// A client may open a quote to swallow what the proxy appends.
    #[test]
    fn nothing_that_a_client_writes_reaches_what_the_proxy_adds() {
        for evil in ["for=\"", "for=\"1.1.1.1", "for=\"\\", "\"", ",\",", "for=1.1.1.1;x=\"a, b", "\\\\\\\""]
        {
            for added in ["for=192.0.2.43", "for=\"192.0.2.43:80\"", "proto=\"a,\\\"b\\\\\";for=192.0.2.43"] {
                let one = forwarded(&[&format!("{evil}, {added}")]);
                let two = forwarded(&[evil, added]);
                for said in [one, two] {
                    assert_eq!(said.client, "192.0.2.43".parse().ok(), "{evil} {added}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_a_client_writes_the_proxy_has_the_last_word(
            evil in proptest::collection::vec(prop_oneof![
                Just(b'"'), Just(b','), Just(b';'), Just(b'='), Just(b'\\'), Just(b' '), 0x20_u8..0x7f, 0x80_u8..=0xff,
            ], 0..60),
            quoted in any::<bool>(),
        ) {
            let added: &[u8] = if quoted { b", for=\"192.0.2.43\"" } else { b", for=192.0.2.43" };
            let line = [&evil[..], added].concat();
            let said = said(ProxyHeaders::Forwarded, &[("forwarded", &line)]);
            prop_assert_eq!(said.client, "192.0.2.43".parse().ok());
            let line = [&evil[..], b", 192.0.2.43"].concat();
            let said = super::tests::said(ProxyHeaders::XForwarded, &[("x-forwarded-for", &line)]);
            prop_assert_eq!(said.client, "192.0.2.43".parse().ok());
        }
    }
}
