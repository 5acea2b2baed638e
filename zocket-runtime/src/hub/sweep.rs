//! Pings, and the end of connections that do not answer: one timer a shard, not one a connection.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::{Ended, HubConfig, link::Heard, outbox::Given, shard::Shard};
use crate::wire::message::PING;

pub(super) struct Sweep {
    interval: Interval,
    /// Sweeps of silence before a ping goes out, and after it before the connection is given up.
    ping_after: u32,
    gone_after: u32,
}

/// Sweeps are at most this far apart; with short limits, closer, to keep them within about an eighth.
const COARSEST: Duration = Duration::from_secs(1);
const FINEST: Duration = Duration::from_millis(5);

impl Sweep {
    pub(super) fn new(config: &HubConfig) -> Self {
        let period = (config.ping_every.min(config.pong_within) / 8).clamp(FINEST, COARSEST);
        let mut interval = interval_at(Instant::now() + period, period);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let sweeps = |span: Duration| span.div_duration_f64(period).ceil().max(1.0) as u32;
        Self { interval, ping_after: sweeps(config.ping_every), gone_after: sweeps(config.pong_within) }
    }

    pub(super) async fn tick(&mut self) {
        self.interval.tick().await;
    }

    pub(super) fn run<A: Send + Sync + 'static>(&self, shard: &Shard<A>) {
        let mut due = Vec::new();
        let mut gone = Vec::new();
        {
            let mut table = shard.table();
            for entry in table.entries.iter_mut().flatten().filter(|entry| entry.since.is_some()) {
                let heard = entry.link.take_heard();
                if heard == Heard::Something {
                    entry.silent = 0;
                    entry.pinged = false;
                    continue;
                }
                // Who is not read from is pinged as well, though no answer can be seen: to a client that has hung up the
                // write fails, and that is how a session behind a handler that never ends learns of it.
                entry.pinged &= heard == Heard::Nothing;
                entry.silent += 1;
                if entry.pinged && entry.silent >= self.gone_after {
                    gone.push(Arc::clone(&entry.link));
                } else if !entry.pinged && entry.silent >= self.ping_after {
                    entry.silent = 0;
                    entry.pinged = true;
                    due.push(Arc::clone(&entry.link));
                }
            }
        }
        for link in due {
            // Where there is no room for it, enough waits already for the client to answer by reading.
            if link.outbox().give(&[PING]) == Given::Wake {
                link.wake();
            }
        }
        for link in gone {
            link.end(Ended::Unresponsive);
        }
    }
}
