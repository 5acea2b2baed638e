//! Which proxies are in front of this server, and what they say about their clients.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use ipnet::IpNet;

use super::invalid::Mistake;

/// Which headers the proxies in [`Builder::trusted_proxies`](crate::Builder::trusted_proxies) use to say who their
/// client is.
///
/// Only one kind is read, never whichever is present: a proxy sets the kind that it knows, and passes on whatever its
/// client put into the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProxyHeaders {
    /// `X-Forwarded-For`, `X-Forwarded-Host` and `X-Forwarded-Proto`, as most proxies do.
    #[default]
    XForwarded,
    /// `Forwarded` (RFC 7239), with its `for`, `host` and `proto`.
    Forwarded,
}

/// The proxies whose headers are trusted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    networks: Vec<IpNet>,
    unix: bool,
    pub(crate) headers: ProxyHeaders,
    /// What has already been logged, and is not logged again for each client.
    pub(crate) said: Arc<Said>,
}

/// An event that is worth logging once, but not once per client.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) no_peer: Once,
    pub(crate) no_header: Once,
}

/// Something that happens once.
#[derive(Debug, Default)]
pub(crate) struct Once(AtomicBool);

impl Once {
    /// Whether this is the first time.
    pub(crate) fn is_first(&self) -> bool {
        !self.0.swap(true, Ordering::Relaxed)
    }
}

/// An entry of the list.
pub(crate) enum Proxy {
    Network(IpNet),
    Unix,
}

impl Proxies {
    pub(crate) fn new(entries: Vec<Proxy>, headers: ProxyHeaders) -> Self {
        let mut proxies = Self { headers, ..Self::default() };
        for entry in entries {
            match entry {
                Proxy::Network(network) => proxies.networks.push(network),
                Proxy::Unix => proxies.unix = true,
            }
        }
        proxies
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.networks.is_empty() && !self.unix
    }

    /// Whether this address, in its canonical form, is a proxy's.
    pub(crate) fn trust(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// Whether connections over a Unix socket come from a proxy.
    pub(crate) fn trust_unix(&self) -> bool {
        self.unix
    }
}

const WHAT: &str = "write an address or a network, such as \"127.0.0.1\", \"10.0.0.0/8\" or \"fd00::/8\", or \"unix\" for those \
                    that come over a Unix socket";

impl Proxy {
    /// Reads an entry of a list.
    ///
    /// # Errors
    /// It is not an address or a network, or it is a network that contains nobody or everybody.
    pub(crate) fn entry(text: &str) -> Result<Self, Mistake> {
        if text == "unix" {
            return Ok(Self::Unix);
        }
        let network = match (text.parse::<IpAddr>(), text.parse::<IpNet>()) {
            (Ok(address), _) => IpNet::from(address),
            (_, Ok(network)) => network,
            _ => return Err(Mistake::new("is not an address or a network", WHAT)),
        };
        if network.prefix_len() == 0 {
            let help = "name the networks that your proxies are in: if everybody is trusted, each client writes its own address";
            return Err(Mistake::new("is everybody", help));
        }
        // Addresses are compared in canonical form: IPv4 addresses as IPv4.
        if let IpNet::V6(network) = network
            && let Some(address) = network.network().to_ipv4_mapped()
            && let Some(prefix) = network.prefix_len().checked_sub(96)
        {
            return Err(Mistake::new("is IPv4 as IPv6 writes it", format!("write \"{address}/{prefix}\"")));
        }
        Ok(Self::Network(network))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(entries: &[&str]) -> Proxies {
        let entries =
            entries.iter().map(|entry| Proxy::entry(entry).map_err(|mistake| panic!("{mistake:?}")));
        Proxies::new(entries.map(Result::unwrap).collect(), ProxyHeaders::default())
    }

    #[test]
    fn addresses_and_networks_are_trusted() {
        let proxies = proxies(&["10.0.0.0/8", "192.168.1.7/24", "127.0.0.1", "::1", "fd00::/8"]);
        for address in ["10.1.2.3", "192.168.1.255", "127.0.0.1", "::1", "fd12::1"] {
            assert!(proxies.trust(address.parse().unwrap()), "{address}");
        }
        for address in ["11.0.0.1", "192.168.2.1", "127.0.0.2", "::2", "fe80::1", "::"] {
            assert!(!proxies.trust(address.parse().unwrap()), "{address}");
        }
        assert!(!proxies.trust_unix());
        assert!(!proxies.is_empty());
    }

    #[test]
    fn unix_sockets_have_a_word_of_their_own() {
        let proxies = proxies(&["unix"]);
        assert!(proxies.trust_unix() && !proxies.is_empty());
        assert!(!proxies.trust("127.0.0.1".parse().unwrap()));
        assert!(Proxies::default().is_empty());
    }

    #[test]
    fn entries_that_are_wrong_say_what_to_write() {
        for (entry, what, write) in [
            ("", "not an address", "10.0.0.0/8"),
            ("*", "not an address", "10.0.0.0/8"),
            ("proxy.internal", "not an address", "10.0.0.0/8"),
            ("10.0.0", "not an address", "10.0.0.0/8"),
            ("10.0.0.0/33", "not an address", "10.0.0.0/8"),
            ("10.0.0.0/-1", "not an address", "10.0.0.0/8"),
            ("010.0.0.1", "not an address", "10.0.0.0/8"),
            (" 10.0.0.1", "not an address", "10.0.0.0/8"),
            ("127.0.0.1:8080", "not an address", "10.0.0.0/8"),
            ("[::1]", "not an address", "10.0.0.0/8"),
            ("fe80::1%eth0", "not an address", "10.0.0.0/8"),
            ("0.0.0.0/0", "everybody", "your proxies"),
            ("::/0", "everybody", "your proxies"),
            ("::ffff:10.0.0.0/104", "IPv4", "\"10.0.0.0/8\""),
            ("::ffff:127.0.0.1", "IPv4", "\"127.0.0.1/32\""),
        ] {
            let Err(mistake) = Proxy::entry(entry) else { panic!("{entry} was taken") };
            assert!(mistake.what.contains(what), "{entry}: {mistake:?}");
            assert!(mistake.help.contains(write), "{entry}: {mistake:?}");
        }
    }
}
