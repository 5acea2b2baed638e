//! Hubs, connections and their sessions, as small as a race test needs them, and the schedules to try.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;

use super::{
    super::{Hub, HubConfig, Link, Sent},
    socket::{Peer, Socket},
};
use crate::{
    backplane::{Addressed, Target},
    client_id::ClientId,
};

pub(super) type Bare = Arc<Link<()>>;

/// Tries a test's schedules; `ZOCKET_RACES` says how many of each kind (2,000).
pub(super) fn check(test: impl Fn() + Send + Sync + Copy + 'static) {
    let number = std::env::var("ZOCKET_RACES").map(|number| number.parse().expect("a number"));
    let number = number.unwrap_or(2_000);
    shuttle::check_random(test, number);
    shuttle::check_pct(test, number, 3);
}

/// Tries every schedule of a small test.
pub(super) fn check_all(test: impl Fn() + Send + Sync + 'static) {
    let every = shuttle::scheduler::DfsScheduler::new(None, false);
    let schedules = shuttle::Runner::new(every, shuttle::Config::default()).run(test);
    assert!(schedules > 1, "nothing to choose between");
}

/// The maximum number of schedules in which a deliberate mistake is searched for; the first that shows it ends the
/// search. A blocked write that is not reported shows in about one of 600: the wake-up of another writer usually hides
/// it.
pub(super) const PLANTED: usize = 50_000;

/// Fixed, not random, so that a schedule can be run again.
pub(super) fn id(n: u8) -> ClientId {
    serde_json::from_value(format!("{}AAAAAAAAAAAAAAAAAAAAA", char::from(b'A' + n)).into()).expect("an id")
}

pub(super) fn hub(shards: usize, queue_bytes: usize) -> Arc<Hub<()>> {
    let hour = Duration::from_secs(3600);
    Arc::new(Hub::new(HubConfig {
        shards,
        queue_bytes,
        ping_every: hour,
        pong_within: hour,
        stalled_after: hour,
    }))
}

/// A connection whose socket takes this many bytes before it blocks, and its session.
pub(super) fn connection(n: u8, outbox: usize, room: usize) -> (Bare, Peer) {
    let link = Arc::new(Link::new(id(n), outbox, ()));
    let (socket, peer) = Socket::new(room);
    link.outbox().attach(socket.clone());
    drop(shuttle::future::spawn(session(Arc::clone(&link), socket)));
    (link, peer)
}

/// The parts of a session that concern its outbox, as in `Session::poll_connected` and `Io::poll_flush`.
pub(super) async fn session(link: Bare, socket: Socket) {
    let mut blocked = false;
    std::future::poll_fn(|cx| {
        link.register_waker(cx.waker());
        if link.signalled() && link.signal().is_err() {
            link.set_closed();
            return std::task::Poll::Ready(());
        }
        loop {
            if blocked && socket.poll_writable(cx).is_pending() {
                return std::task::Poll::Pending;
            }
            match link.outbox().flush() {
                Ok(super::super::Flushed::Blocked) => blocked = true,
                _ => return std::task::Poll::Pending,
            }
        }
    })
    .await;
}

/// A message of this many bytes of the same number.
pub(super) fn frame(n: u8, length: usize) -> Bytes {
    vec![n; length].into()
}

pub(super) fn send(hub: &Hub<()>, target: &Target, n: u8, origin: Option<&Bare>) -> Sent {
    hub.send(&Addressed { target, except: &[], frame: &frame(n, 1), compress: true }, origin)
}
