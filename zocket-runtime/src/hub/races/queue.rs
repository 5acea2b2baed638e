//! Senders and the last room in a shard's queue.

use std::sync::Arc;

use shuttle::{future::block_on, thread};

use super::{
    super::{Sent, Target},
    harness::{check, frame, hub, send},
    order::opened,
};
use crate::backplane::Addressed;

#[test]
fn what_is_counted_as_queued_arrives_and_what_is_counted_as_dropped_does_not() {
    check(|| {
        // Each message counts with more than its one byte: two or three of them are all there is room for.
        let hub = hub(1, 150);
        let (link, peer) = opened(&hub, 0);
        let senders = [10, 20, 30].map(|from| {
            let hub = Arc::clone(&hub);
            thread::spawn(move || {
                let numbers = [from, from + 1];
                let queued = |n: &u8| match send(&hub, &Target::All, *n, None) {
                    Sent { queued: 1, dropped: 0 } => true,
                    Sent { queued: 0, dropped: 1 } => false,
                    other => panic!("neither queued nor dropped, or both: {other:?}"),
                };
                numbers.into_iter().filter(queued).collect::<Vec<u8>>()
            })
        });
        let mut queued: Vec<u8> = senders.into_iter().flat_map(|sender| sender.join().unwrap()).collect();
        let mut received = block_on(peer.exactly(queued.len()));
        block_on(hub.idle());
        received.extend(peer.now());
        received.sort_unstable();
        queued.sort_unstable();
        assert_eq!(received, queued);
        // What is as long as the whole queue finds room only where not a byte is left of the others.
        // `idle` may end before the last of them are given back.
        let whole = frame(40, 150);
        let whole = Addressed { target: &Target::All, except: &[], frame: &whole, compress: true };
        while hub.send(&whole, None).queued == 0 {
            thread::yield_now();
        }
        assert!(link.is_open());
    });
}

#[test]
fn a_hub_is_empty_when_the_last_of_many_has_left() {
    check(|| {
        let hub = hub(2, 10_000);
        let leaving = [0, 1, 2].map(|n| {
            let hub = Arc::clone(&hub);
            thread::spawn(move || {
                let (link, _peer) = opened(&hub, n);
                hub.join(&link, "a");
                send(&hub, &Target::Rooms(vec!["a".to_owned()]), n, Some(&link));
                hub.remove(&link);
                // By two at once: the one that finds it gone does nothing.
                hub.remove(&link);
                assert!(!hub.join(&link, "a") && hub.find(link.id()).is_none());
            })
        });
        leaving.into_iter().for_each(|thread| thread.join().unwrap());
        block_on(hub.emptied());
        assert_eq!((hub.registered(), hub.open_count(), hub.member_count("a")), (0, 0, 0));
    });
}
