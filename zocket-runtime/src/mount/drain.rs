//! Graceful shutdown of a server.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::{
    client_id::ClientId,
    connection::{ConnLink, Core},
    hub::CutOff,
    target,
};

/// How a [drain](crate::Server::drain) ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drained {
    /// Connections that were cut off: the deadline had passed, or the client did not read what had been sent to it before the
    /// close. All others received everything.
    pub cut_off: usize,
}

/// Connections are closed in batches about this far apart.
const BATCH: Duration = Duration::from_millis(100);

/// The last tenth of a drain's time, but no more than this, is reserved for the hooks of connections that are
/// cut off.
const HOOKS: Duration = Duration::from_secs(1);

/// How long tasks may take to notice that the deadline has passed: they can be dropped only at an await
/// point.
const NOTICE: Duration = Duration::from_millis(100);

/// No clock can represent [`Duration::MAX`] from now.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// See [`Server::drain`](crate::Server::drain).
pub(super) async fn drain(core: &Arc<Core>, deadline: Duration) -> Drained {
    let deadline = deadline.min(LONGEST);
    let until = Instant::now() + deadline;
    core.start_draining();
    let in_order = async {
        close_all(core, deadline).await;
        core.hub.emptied().await;
    };
    // The rest of the time is for the hooks of the connections that are then cut off.
    let handlers_until = until - (deadline / 10).min(HOOKS);
    if timeout_at(handlers_until, in_order).await.is_ok() {
        return Drained { cut_off: core.cut_off() };
    }
    core.hub.for_each(|link| link.cut_off(CutOff::Killed));
    if timeout_at(until, core.hub.emptied()).await.is_err() {
        core.hub.for_each(|link| link.abandon());
        // A task that has not noticed by then blocks its thread, and ends with the process.
        let _ = timeout(NOTICE, core.hub.emptied()).await;
    }
    let mut cut_off = core.cut_off();
    // Those have ended and are counted; only their hooks are still running.
    core.hub.for_each(|link| cut_off += usize::from(!link.is_closed()));
    tracing::warn!(target: target::SERVER, cut_off, "drain: connections cut off after {deadline:?}");
    Drained { cut_off }
}

/// Asks every connection to close, in an order unrelated to their age, and not all at once: otherwise their clients would
/// all come back together.
async fn close_all(core: &Core, deadline: Duration) {
    let mut links = Vec::with_capacity(core.hub.registered());
    core.hub.for_each(|link| links.push(Arc::clone(link)));
    // Ids are random.
    links.sort_unstable_by_key(|link: &Arc<ConnLink>| link.id());
    let rate = f64::from(core.config.drain_rate);
    // Half of the time is left for those that are told last.
    let span = Duration::from_secs_f64(links.len() as f64 / rate).min(deadline / 2);
    let began = Instant::now();
    let (total, mut told) = (links.len(), 0);
    while told < total {
        // How many are due by the end of this batch.
        let due = (began.elapsed() + BATCH).div_duration_f64(span.max(Duration::from_nanos(1)));
        let due = ((total as f64 * due).ceil() as usize).clamp(told + 1, total);
        for link in &links[told..due] {
            core.hub.drain(link);
        }
        told = due;
        if told < total {
            sleep(jittered(links[told].id())).await;
        }
    }
}

/// Between half a batch's time and one and a half times that, taken from an id, which is random.
fn jittered(id: ClientId) -> Duration {
    BATCH.mul_f64(0.5 + id.fraction())
}
