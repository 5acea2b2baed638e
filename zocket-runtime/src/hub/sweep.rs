//! Pings, and disconnecting connections that do not answer: one timer per shard, not per connection.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::{CutOff, HubConfig, link::Activity, outbox::Given, shard::Shard};
use crate::wire::message::PING;

pub(super) struct Sweep {
    interval: Interval,
    /// How many sweeps of silence before a ping is sent, and how many after it before the connection is given
    /// up.
    ping_after: u32,
    gone_after: u32,
    /// How many sweeps without progress before a client that does not read what waits for it is given up.
    stalled_after: u32,
}

/// Sweeps are at most this far apart; with short limits they are closer, to keep the limits accurate to about
/// an eighth.
const COARSEST: Duration = Duration::from_secs(1);
const FINEST: Duration = Duration::from_millis(5);

impl Sweep {
    pub(super) fn new(config: &HubConfig) -> Self {
        let shortest = config.ping_every.min(config.pong_within).min(config.stalled_after);
        let period = (shortest / 8).clamp(FINEST, COARSEST);
        let mut interval = interval_at(Instant::now() + period, period);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let sweeps = |span: Duration| span.div_duration_f64(period).ceil().max(1.0) as u32;
        Self {
            interval,
            ping_after: sweeps(config.ping_every),
            gone_after: sweeps(config.pong_within),
            stalled_after: sweeps(config.stalled_after),
        }
    }

    pub(super) async fn tick(&mut self) {
        self.interval.tick().await;
    }

    pub(super) fn run<A: Send + Sync + 'static>(&self, shard: &Shard<A>) {
        let mut due = Vec::new();
        let mut gone = Vec::new();
        let mut not_read = Vec::new();
        {
            let mut table = shard.table();
            for entry in table.entries.iter_mut().flatten().filter(|entry| entry.is_open()) {
                let activity = entry.link.take_activity();
                if activity == Activity::NotListening {
                    not_read.push(Arc::clone(&entry.link));
                }
                match entry.link.outbox().progress() {
                    // What waits is ahead of every ping: its progress says more than an answer that cannot come yet.
                    Some(progress) => {
                        let goes_on = std::mem::replace(&mut entry.progress, progress) != progress;
                        entry.stalled = if goes_on { 0 } else { entry.stalled + 1 };
                        (entry.silent, entry.pinged) = (0, false);
                        (entry.waited, entry.behind) = (true, true);
                        if entry.stalled >= self.stalled_after {
                            gone.push((Arc::clone(&entry.link), CutOff::Stalled));
                        }
                        continue;
                    }
                    None => entry.stalled = 0,
                }
                let waited = std::mem::take(&mut entry.waited);
                if activity == Activity::Seen {
                    (entry.silent, entry.pinged) = (0, false);
                    // The last write is a sign of life, too, but no sign that its bytes have been read.
                    entry.behind &= waited;
                    continue;
                }
                // Connections that are not being read are pinged as well, although no answer can be seen: the write
                // fails if the client has disconnected, which is how a session behind a handler that never ends finds
                // out.
                entry.pinged &= activity == Activity::None;
                entry.silent += 1;
                // Data in the kernels' buffers is ahead of the ping, and nothing tells how much of it the client has
                // read.
                let gone_after =
                    if entry.behind { self.gone_after.max(self.stalled_after) } else { self.gone_after };
                if entry.pinged && entry.silent >= gone_after {
                    gone.push((Arc::clone(&entry.link), CutOff::Unresponsive));
                } else if !entry.pinged && entry.silent >= self.ping_after {
                    entry.silent = 0;
                    entry.pinged = true;
                    due.push(Arc::clone(&entry.link));
                }
            }
        }
        // A session that does not read is not notified of the end of its input, so it checks for it now and
        // then.
        for link in not_read {
            link.wake();
        }
        for link in due {
            // If there is no room for a ping, enough is already waiting that the client can show life by
            // reading.
            if link.outbox().give(&[PING]) == Given::Wake {
                link.wake();
            }
        }
        for (link, why) in gone {
            link.cut_off(why);
        }
    }
}
