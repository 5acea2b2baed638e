//! Joins, leaves, arrivals and departures while messages are on their way.

use std::sync::Arc;

use shuttle::{future::block_on, thread};

use super::{
    super::Target,
    harness::{PLANTED, check, connection, hub, send},
    socket::Peer,
};
use crate::sync::{Mistake, making};

fn room() -> Target {
    Target::Rooms(vec!["a".to_owned()])
}

/// Reads until a number comes, which is the last that was sent.
pub(super) fn up_to(peer: &Peer, last: u8) -> Vec<u8> {
    block_on(async {
        let mut received = Vec::new();
        while received.last() != Some(&last) {
            received.extend(peer.read().await);
        }
        received
    })
}

/// Somebody joins, leaves and joins again, and others as well, while all are talked to.
fn members_come_and_go() {
    let hub = hub(2, 10_000);
    let ((link, peer), (other, _heard)) = (connection(0, 1_000, 100), connection(1, 1_000, 100));
    for link in [&link, &other] {
        hub.register(link);
        hub.open(link);
    }
    hub.join(&other, "a");
    let broadcaster = {
        let hub = Arc::clone(&hub);
        thread::spawn(move || {
            for n in [20, 21] {
                send(&hub, &Target::All, n, None);
            }
        })
    };
    // Somebody else comes and goes in the same room.
    let neighbour = {
        let (hub, other) = (Arc::clone(&hub), Arc::clone(&other));
        thread::spawn(move || {
            hub.leave(&other, "a");
            hub.join(&other, "a");
        })
    };
    send(&hub, &room(), 10, None);
    assert!(hub.join(&link, "a"));
    send(&hub, &room(), 11, None);
    assert!(hub.leave(&link, "a"));
    send(&hub, &room(), 12, None);
    assert!(hub.join(&link, "a"));
    send(&hub, &room(), 13, None);
    broadcaster.join().unwrap();
    neighbour.join().unwrap();
    send(&hub, &Target::Clients(vec![link.id()]), 30, None);
    let received = up_to(&peer, 30);
    let of = |from: u8| received.iter().copied().filter(|n| *n / 10 * 10 == from).collect::<Vec<u8>>();
    assert_eq!(of(10), [11, 13], "{received:?}");
    assert_eq!(of(20), [20, 21], "{received:?}");
}

#[test]
fn a_member_gets_what_is_sent_after_its_join_and_nothing_that_is_sent_after_its_leave() {
    check(members_come_and_go);
}

#[test]
fn who_leaves_and_loses_what_is_on_its_way_is_found_out() {
    let found = making(Mistake::LeaveForgets, || shuttle::check_random(members_come_and_go, PLANTED));
    assert!(found.expect("not found").contains("left == right"));
}

#[test]
fn a_newcomer_in_a_place_that_was_left_gets_nothing_that_was_sent_before_it_came() {
    check(|| {
        let hub = hub(1, 10_000);
        let (old, _unread) = connection(0, 1_000, 100);
        hub.register(&old);
        hub.open(&old);
        hub.join(&old, "a");
        let broadcaster = {
            let hub = Arc::clone(&hub);
            thread::spawn(move || {
                for n in [20, 21, 22] {
                    send(&hub, &Target::All, n, None);
                }
            })
        };
        send(&hub, &room(), 10, None);
        send(&hub, &Target::Clients(vec![old.id()]), 11, None);
        hub.remove(&old);
        let (new, peer) = connection(1, 1_000, 100);
        hub.register(&new);
        send(&hub, &Target::All, 12, None);
        hub.open(&new);
        send(&hub, &Target::Clients(vec![new.id(), old.id()]), 13, None);
        send(&hub, &room(), 14, None);
        broadcaster.join().unwrap();
        send(&hub, &Target::All, 15, None);
        let received = up_to(&peer, 15);
        let (own, all): (Vec<u8>, Vec<u8>) = received.iter().partition(|n| **n < 20);
        assert_eq!(own, [13, 15], "{received:?}");
        // The last of the broadcasts, whichever these are.
        assert!([20, 21, 22].ends_with(&all), "{received:?}");
    });
}
