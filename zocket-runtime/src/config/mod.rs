//! Limits, deadlines, and who may connect.

mod authority;
mod hosts;
mod invalid;
mod origin;
mod proxies;

use std::time::Duration;

use crate::{compression::Compression, hub::HubConfig};

pub use proxies::ProxyHeaders;

pub(crate) use authority::Authority;
pub(crate) use hosts::AllowedHost;
pub(crate) use invalid::Invalid;
#[cfg(feature = "compression")]
use invalid::{Given, Mistake};
use invalid::{at_least, read_each};
pub(crate) use origin::{Origin, Origins};
pub(crate) use proxies::{Proxies, Proxy};

/// How long a client is asked to wait before it tries again, when the server cannot let it in.
pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(5);

/// What [`Builder`](crate::Builder) sets, where each is described.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) max_message_bytes: usize,
    pub(crate) outbox_bytes: usize,
    pub(crate) queue_bytes: usize,
    pub(crate) shards: usize,
    pub(crate) concurrent_calls: usize,
    pub(crate) ping_every: Duration,
    pub(crate) pong_within: Duration,
    pub(crate) stalled_after: Duration,
    pub(crate) send_buffer_bytes: usize,
    pub(crate) connect_within: Duration,
    pub(crate) upgrade_within: Duration,
    pub(crate) close_within: Duration,
    pub(crate) disconnect_grace: Duration,
    /// How many connections a drain closes per second.
    pub(crate) drain_rate: u32,
    pub(crate) keep_handshake: bool,
    pub(crate) origins: Origins,
    /// Pages loaded over plain HTTP never count as pages of the same host.
    pub(crate) https_origins_only: bool,
    /// The names by which this server is known; any name if there is no list.
    pub(crate) hosts: Option<Vec<AllowedHost>>,
    pub(crate) proxies: Proxies,
    /// Off unless asked for; never without the feature, where the type has no value.
    pub(crate) compression: Option<Compression>,
    pub(crate) msgpack: bool,
    /// Answers every message with itself.
    #[cfg(feature = "testing")]
    pub(crate) echo: bool,
}

/// Lists as they were given to the builder, not yet read.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    pub(crate) origins: Option<Vec<String>>,
    pub(crate) hosts: Option<Vec<String>>,
    pub(crate) proxies: Vec<String>,
    pub(crate) proxy_headers: ProxyHeaders,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_message_bytes: 64 * 1024,
            outbox_bytes: 1024 * 1024,
            queue_bytes: 64 * 1024 * 1024,
            shards: HubConfig::default_shards(),
            concurrent_calls: 32,
            ping_every: Duration::from_secs(25),
            pong_within: Duration::from_secs(20),
            stalled_after: Duration::from_secs(30),
            send_buffer_bytes: 256 * 1024,
            connect_within: Duration::from_secs(10),
            upgrade_within: Duration::from_secs(10),
            close_within: Duration::from_secs(5),
            disconnect_grace: Duration::from_secs(30),
            drain_rate: 1_000,
            keep_handshake: false,
            origins: Origins::SameHost,
            https_origins_only: false,
            hosts: None,
            proxies: Proxies::default(),
            compression: None,
            msgpack: false,
            #[cfg(feature = "testing")]
            echo: false,
        }
    }
}

impl Config {
    /// Reads the lists.
    ///
    /// # Errors
    /// All entries that are wrong.
    pub(crate) fn read(&mut self, lists: Lists) -> Result<(), Vec<Invalid>> {
        let mut invalid = Vec::new();
        if let Some(origins) = lists.origins {
            self.origins = Origins::Listed(read_each("allow_origins", origins, &mut invalid, Origin::entry));
        }
        if let Some(hosts) = lists.hosts {
            self.hosts = Some(read_each("allowed_hosts", hosts, &mut invalid, AllowedHost::entry));
        }
        let millisecond = Duration::from_millis(1);
        at_least("fan_out_tasks", self.shards, 1, &mut invalid);
        at_least("concurrent_calls", self.concurrent_calls, 1, &mut invalid);
        at_least("drain_rate", self.drain_rate, 1, &mut invalid);
        at_least("ping_interval", self.ping_every, millisecond, &mut invalid);
        at_least("ping_timeout", self.pong_within, millisecond, &mut invalid);
        at_least("stalled_after", self.stalled_after, millisecond, &mut invalid);
        #[cfg(feature = "compression")]
        if let Some(level) = self.compression.and_then(Compression::invalid_level) {
            invalid.push(Invalid {
                setting: "compression",
                given: Given::Value(format!("{level}")),
                mistake: Mistake::new("is no level", "`Compression::level` takes 1 (fast) to 9 (small)"),
            });
        }
        let proxies = read_each("trusted_proxies", lists.proxies, &mut invalid, Proxy::entry);
        self.proxies = Proxies::new(proxies, lists.proxy_headers);
        if invalid.is_empty() { Ok(()) } else { Err(invalid) }
    }

    pub(crate) fn hub(&self) -> HubConfig {
        HubConfig {
            shards: self.shards,
            queue_bytes: self.queue_bytes,
            ping_every: self.ping_every,
            pong_within: self.pong_within,
            stalled_after: self.stalled_after,
        }
    }
}
