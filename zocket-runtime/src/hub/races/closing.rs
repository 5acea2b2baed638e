//! The end of a connection while others send: what was sent before, the close frame, and nothing after it.

use std::{pin::Pin, sync::Arc, task::Poll};

use shuttle::{future::block_on, thread};

use super::{
    super::{Flushed, Hub, Link, Target},
    harness::{Bare, PLANTED, check, hub, id, send},
    membership::up_to,
    socket::{Peer, Socket},
};
use crate::{
    sync::{Mistake, making},
    wire::close::CloseCode,
};

/// The close frame.
const CLOSE: u8 = 99;

/// A connection whose session follows requests to close.
fn opened(hub: &Arc<Hub<()>>, n: u8, room: usize) -> (Bare, Peer) {
    let link: Bare = Arc::new(Link::new(id(n), 1_000, ()));
    let (socket, peer) = Socket::new(room);
    link.outbox().attach(socket.clone());
    hub.register(&link);
    hub.open(&link);
    drop(shuttle::future::spawn(session(Arc::clone(hub), Arc::clone(&link), socket)));
    (link, peer)
}

/// The parts of a session that concern its end, as in `Session::follow_signal` and `Session::wind_up`; then it waits for an
/// answer that does not come.
async fn session(hub: Arc<Hub<()>>, link: Bare, socket: Socket) {
    let (mut settling, mut sealed, mut blocked) = (None, false, false);
    std::future::poll_fn(|cx| {
        link.register_waker(cx.waker());
        let signal = link.signal().expect("nobody cuts it off");
        if (signal.close.is_some() || signal.drain) && !sealed {
            let settling = settling.get_or_insert_with(|| hub.settling(&link));
            if Pin::new(settling).poll(cx).is_ready() {
                link.outbox().seal(|staged| staged.push(CLOSE));
                hub.depart(&link);
                sealed = true;
            }
        }
        loop {
            if blocked && socket.poll_writable(cx).is_pending() {
                return Poll::Pending;
            }
            match link.outbox().flush() {
                Ok(Flushed::Blocked) => blocked = true,
                _ => return Poll::<()>::Pending,
            }
        }
    })
    .await;
}

/// What came before the close frame, and what came with it.
fn until_close(peer: &Peer) -> (Vec<u8>, Vec<u8>) {
    let mut received = Vec::new();
    loop {
        received.extend(block_on(peer.read()));
        if let Some(at) = received.iter().position(|n| *n == CLOSE) {
            let behind = received.split_off(at + 1);
            return (received, behind);
        }
    }
}

/// What one sender has sent; its numbers begin with the same digit.
fn of(received: &[u8], from: u8) -> Vec<u8> {
    received.iter().copied().filter(|n| n / 10 * 10 == from).collect()
}

/// One task sends to a connection and requests its end, while another broadcasts.
fn ends(ask: fn(&Hub<()>, &Bare), room: usize) {
    let hub = hub(1, 10_000);
    let (link, peer) = opened(&hub, 0, room);
    let broadcaster = {
        let hub = Arc::clone(&hub);
        thread::spawn(move || {
            for n in [20, 21, 22] {
                send(&hub, &Target::All, n, None);
            }
        })
    };
    let asking = {
        let (hub, link) = (Arc::clone(&hub), Arc::clone(&link));
        thread::spawn(move || {
            send(&hub, &Target::Clients(vec![link.id()]), 10, None);
            send(&hub, &Target::All, 11, None);
            ask(&hub, &link);
        })
    };
    let (received, mut behind) = until_close(&peer);
    asking.join().unwrap();
    broadcaster.join().unwrap();
    block_on(hub.idle());
    assert_eq!(of(&received, 10), [10, 11], "{received:?}");
    assert!([20, 21, 22].starts_with(&of(&received, 20)), "{received:?}");
    behind.extend(peer.now());
    assert_eq!(behind, [0; 0], "behind the close frame");
    block_on(link.closed());
    assert_eq!(hub.open_count(), 0);
}

fn closes() {
    ends(|hub, link| hub.close(link, CloseCode::POLICY, "enough"), 100);
}

fn drains() {
    ends(|hub, link| hub.drain(link), 100);
}

#[test]
fn what_was_sent_before_a_close_goes_before_it_and_nothing_behind() {
    check(closes);
    check(|| ends(|hub, link| hub.close(link, CloseCode::POLICY, "enough"), 2));
}

#[test]
fn what_was_sent_before_a_drain_goes_before_its_close_and_nothing_behind() {
    check(drains);
    check(|| ends(|hub, link| hub.drain(link), 2));
}

#[test]
fn a_close_that_overtakes_is_found_out() {
    for test in [closes, drains] {
        let found = making(Mistake::NoFence, || shuttle::check_random(test, PLANTED));
        assert!(found.expect("not found").contains("left == right"));
    }
}

#[test]
fn an_outbox_that_stays_open_behind_the_close_frame_is_found_out() {
    for test in [closes, drains] {
        let found = making(Mistake::NoSeal, || shuttle::check_random(test, PLANTED));
        assert!(found.expect("not found").contains("behind the close frame"));
    }
}

/// The peer has closed, or is gone: it is in no room and receives nothing new, but gets what was sent before, and its
/// replies.
#[test]
fn who_departs_in_the_midst_of_a_batch_gets_what_was_sent_before_and_its_replies() {
    check(|| {
        let hub = hub(1, 10_000);
        let there: Vec<_> = (0..3).map(|n| opened(&hub, n, 100)).collect();
        let (link, peer) = &there[1];
        hub.join(link, "a");
        let waiting = {
            let (hub, link) = (Arc::clone(&hub), Arc::clone(link));
            shuttle::future::spawn(async move {
                link.closed().await;
                // Anything that is told of the end finds it complete.
                assert_eq!((hub.member_count("a"), hub.open_count()), (0, 2));
                assert!(hub.find(link.id()).is_none());
            })
        };
        let broadcaster = {
            let hub = Arc::clone(&hub);
            thread::spawn(move || {
                for n in [20, 21, 22] {
                    assert!(send(&hub, &Target::All, n, None).queued >= 2);
                }
            })
        };
        send(&hub, &Target::Rooms(vec!["a".to_owned()]), 10, None);
        send(&hub, &Target::All, 11, None);
        hub.depart(link);
        assert_eq!((hub.member_count("a"), hub.open_count()), (0, 2));
        assert_eq!(send(&hub, &Target::Clients(vec![link.id()]), 50, None).queued, 0);
        assert_eq!(send(&hub, &Target::All, 51, None).queued, 2);
        for n in [12, 13] {
            hub.reply(link, true, |buffer| buffer.push(n));
            link.wake();
        }
        let received = up_to(peer, 13);
        block_on(waiting).unwrap();
        broadcaster.join().unwrap();
        block_on(hub.idle());
        assert_eq!(of(&received, 10), [10, 11, 12, 13], "{received:?}");
        assert!([20, 21, 22].starts_with(&of(&received, 20)), "{received:?}");
        assert_eq!(of(&received, 50), [0; 0], "{received:?}");
        assert_eq!(peer.now(), [0; 0]);
        for (_, other) in [&there[0], &there[2]] {
            let received = block_on(other.exactly(5));
            assert_eq!((of(&received, 20), of(&received, 50)), (vec![20, 21, 22], vec![51]));
        }
    });
}
