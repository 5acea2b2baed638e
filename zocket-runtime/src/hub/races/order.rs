//! Events, replies and broadcasts, and the order they arrive in.

use std::sync::Arc;

use shuttle::{future::block_on, thread};

use super::{
    super::{Hub, Target},
    harness::{Bare, PLANTED, check, connection, hub, send},
};
use crate::sync::{Mistake, making};

pub(super) fn opened(hub: &Hub<()>, n: u8) -> (Bare, super::socket::Peer) {
    let (link, peer) = connection(n, 1_000, 100);
    hub.register(&link);
    hub.open(&link);
    (link, peer)
}

/// A handler tells everybody, and answers twice; then again. Another connection's handler broadcasts meanwhile.
fn a_handler_sends_and_answers() {
    let hub = hub(2, 10_000);
    let ((caller, peer), (other, heard)) = (opened(&hub, 0), opened(&hub, 1));
    let broadcaster = {
        let (hub, other) = (Arc::clone(&hub), Arc::clone(&other));
        thread::spawn(move || {
            for n in [20, 21] {
                assert_eq!(send(&hub, &Target::All, n, Some(&other)).queued, 2);
            }
        })
    };
    for n in [10, 13] {
        send(&hub, &Target::All, n, Some(&caller));
        hub.reply(&caller, true, |buffer| buffer.push(n + 1));
        hub.reply(&caller, true, |buffer| buffer.push(n + 2));
        // As a session does when it is through with what it has read.
        caller.wake();
    }
    let received = block_on(peer.exactly(8));
    let of = |received: &[u8], from: u8| {
        received.iter().copied().filter(|n| *n / 10 * 10 == from).collect::<Vec<u8>>()
    };
    assert_eq!(
        (of(&received, 10), of(&received, 20)),
        (vec![10, 11, 12, 13, 14, 15], vec![20, 21]),
        "{received:?}"
    );
    let received = block_on(heard.exactly(4));
    assert_eq!((of(&received, 10), of(&received, 20)), (vec![10, 13], vec![20, 21]), "{received:?}");
    broadcaster.join().unwrap();
}

#[test]
fn a_reply_follows_what_its_handler_sent_and_each_senders_messages_keep_their_order() {
    check(a_handler_sends_and_answers);
}

#[test]
fn a_reply_that_overtakes_is_found_out() {
    let found =
        making(Mistake::ReplyOvertakes, || shuttle::check_random(a_handler_sends_and_answers, PLANTED));
    assert!(found.expect("not found").contains("left == right"));
}

#[test]
fn whoever_waits_for_room_or_for_what_was_sent_goes_on() {
    check(|| {
        // Two messages are more than half of it.
        let hub = hub(1, 140);
        let ((first, peer), (second, _unread)) = (opened(&hub, 0), opened(&hub, 1));
        let senders = [(&first, 10), (&second, 20)].map(|(link, from)| {
            let (hub, link) = (Arc::clone(&hub), Arc::clone(link));
            shuttle::future::spawn(async move {
                for n in 0..3 {
                    // As sessions do before they take in more.
                    hub.relieved().await;
                    assert_eq!(send(&hub, &Target::All, from + n, Some(&link)).queued, 2);
                }
                hub.settling(&link).await;
            })
        });
        for sender in senders {
            block_on(sender).unwrap();
        }
        assert_eq!(block_on(peer.exactly(6)).len(), 6);
        block_on(async {
            hub.idle().await;
            hub.relieved().await;
        });
        let leaving = [first, second].map(|link| {
            let hub = Arc::clone(&hub);
            thread::spawn(move || hub.remove(&link))
        });
        block_on(hub.emptied());
        for leaving in leaving {
            leaving.join().unwrap();
        }
    });
}
