//! Races between writers to a connection, and between changes to the hub and senders.
//!
//! `tests/races` runs these tests. Under shuttle the threads of a test run one at a time, and at each lock and each atomic
//! operation of [`crate::sync`] it may switch to another one. Half of the schedules are random; half follow PCT, which finds
//! bugs that need few but particular thread switches. A failing test prints how to reproduce it: a seed for
//! `shuttle::check_random_with_seed`, or a schedule for `shuttle::replay`.
//!
//! What shuttle cannot show: reorderings within an atomic operation's `Ordering` (all of them are sequentially consistent
//! here), and races inside `AtomicWaker` and tokio's `Notify`, which are single steps to it, and are tested in their own
//! crates. A lost wake-up shows as a deadlock, which shuttle reports.

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
mod closing;
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
