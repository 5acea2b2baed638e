//! Races between those who write to a connection, and between those who change the hub and those who send through it.
//!
//! `tests/races` runs these tests. Under shuttle the threads of a test go on one at a time, and at each lock and each atomic
//! operation of [`crate::sync`] another one may be chosen. Half of the schedules are random, half follow PCT, which finds
//! what needs few but particular changes of thread. A test that fails prints how to meet the same again: a seed for
//! `shuttle::check_random_with_seed`, or a schedule for `shuttle::replay`.
//!
//! What shuttle cannot show: reorderings within an atomic operation's `Ordering` (all of them are sequentially consistent
//! here), and races inside `AtomicWaker` and tokio's `Notify`, which are single steps to it, and tested where they come from.
//! A sleeper whose wake-up got lost shows as a deadlock, which shuttle reports.

mod socket;

pub(super) use socket::Socket;

use super::{
    fanout,
    shard::{Running, Shard},
};

/// Starts the task of a shard, without the pings, which need a clock.
pub(super) fn start<A: Send + Sync + 'static>(running: Running<A>) {
    drop(shuttle::future::spawn(async move {
        let shard: &Shard<A> = &running.0;
        loop {
            while fanout::round(shard).await {}
            shard.work.notified().await;
        }
    }));
}

#[cfg(test)]
mod alone;
#[cfg(test)]
mod chunks;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod listening;
#[cfg(test)]
mod membership;
#[cfg(test)]
mod order;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod queue;
#[cfg(test)]
mod signals;
