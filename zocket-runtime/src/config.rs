//! Limits and deadlines.

use std::time::Duration;

use crate::{hub::HubConfig, wire::deflate::Compression};

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
    pub(crate) connect_within: Duration,
    pub(crate) upgrade_within: Duration,
    pub(crate) close_within: Duration,
    pub(crate) disconnect_grace: Duration,
    pub(crate) keep_handshake: bool,
    pub(crate) origins: Origins,
    /// Off unless asked for; never without the feature, where the type has no value.
    pub(crate) compression: Option<Compression>,
    pub(crate) msgpack: bool,
    /// Answers every message with itself.
    #[cfg(feature = "testing")]
    pub(crate) echo: bool,
}

/// Which web pages may open a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origins {
    /// Pages of the host that the request is addressed to.
    SameHost,
    /// Pages of exactly these origins.
    Listed(Vec<String>),
    Any,
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
            connect_within: Duration::from_secs(10),
            upgrade_within: Duration::from_secs(10),
            close_within: Duration::from_secs(5),
            disconnect_grace: Duration::from_secs(30),
            keep_handshake: false,
            origins: Origins::SameHost,
            compression: None,
            msgpack: false,
            #[cfg(feature = "testing")]
            echo: false,
        }
    }
}

impl Config {
    pub(crate) fn hub(&self) -> HubConfig {
        HubConfig {
            shards: self.shards,
            queue_bytes: self.queue_bytes,
            ping_every: self.ping_every,
            pong_within: self.pong_within,
        }
    }
}
