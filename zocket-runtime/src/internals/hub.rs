//! The hub without sockets: what is sent waits in outboxes until it is taken out.

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;

use crate::{
    backplane::{Addressed, Target},
    client_id::ClientId,
    hub::{Hub, HubConfig, Link},
};

/// More than any benchmark leaves in an outbox or a queue.
const PLENTY: usize = 1 << 30;

fn link() -> Arc<Link<()>> {
    let id = ClientId::random().expect("the operating system gives randomness");
    Arc::new(Link::new(id, PLENTY, ()))
}

/// A hub of one shard with a number of receivers.
pub struct Fanout {
    hub: Hub<()>,
    links: Vec<Arc<Link<()>>>,
}

impl Fanout {
    /// A hub in which every connection is open.
    ///
    /// # Panics
    /// Outside of a tokio runtime, and where the operating system gives no randomness.
    #[must_use]
    pub fn new(receivers: usize) -> Self {
        let hour = Duration::from_secs(3600);
        let config = HubConfig {
            shards: 1,
            queue_bytes: PLENTY,
            ping_every: hour,
            pong_within: hour,
            stalled_after: hour,
        };
        let fanout = Self { hub: Hub::new(config), links: (0..receivers).map(|_| link()).collect() };
        for link in &fanout.links {
            fanout.hub.register(link);
            fanout.hub.open(link);
        }
        fanout
    }

    /// Sends a frame to all connections, and returns how many there are.
    pub fn broadcast(&self, frame: &Bytes) -> usize {
        let message = Addressed { target: &Target::All, except: &[], frame, compress: true };
        self.hub.send(&message, None).queued
    }

    /// Waits until everything that was sent is in the outboxes.
    pub async fn settle(&self) {
        self.hub.idle().await;
    }

    /// Takes what waits in every outbox; returns its length in bytes.
    pub fn take(&self) -> usize {
        let mut taken = 0;
        for link in &self.links {
            while let Some(frames) = link.outbox().take() {
                taken += frames.len();
            }
        }
        taken
    }
}

impl fmt::Debug for Fanout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fanout").field("receivers", &self.links.len()).finish_non_exhaustive()
    }
}

/// The outbox of one connection.
pub struct Queue(Arc<Link<()>>);

impl Queue {
    /// An empty one.
    ///
    /// # Panics
    /// If the operating system cannot provide randomness.
    #[must_use]
    pub fn new() -> Self {
        Self(link())
    }

    /// Encodes a frame of the session's own at the end.
    pub fn stage(&self, encode: impl FnOnce(&mut Vec<u8>)) {
        self.0.outbox().stage(encode);
    }

    /// Takes what waits.
    #[must_use]
    pub fn take(&self) -> Option<Bytes> {
        self.0.outbox().take()
    }
}

impl Default for Queue {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").finish_non_exhaustive()
    }
}
