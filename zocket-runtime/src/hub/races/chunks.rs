//! What goes out in more than one turn: the table's lock is released between two chunks of a batch, and a write takes a
//! limited number of pieces. Both numbers are 2 in a race build.

use std::sync::Arc;

use bytes::Bytes;
use shuttle::{future::block_on, thread};

use super::{
    super::{CutOff, Target, outbox::Given},
    harness::{check, connection, frame, hub, send},
    membership::up_to,
    order::opened,
    outbox::give,
    socket::Peer,
};

/// Everything that arrived from one sender, whose numbers begin with the same digit.
fn of(received: &[u8], from: u8) -> Vec<u8> {
    received.iter().copied().filter(|n| n / 10 * 10 == from).collect()
}

#[test]
fn a_batch_reaches_each_connection_once_while_others_come_and_go_in_its_midst() {
    check(|| {
        let hub = hub(1, 10_000);
        let mut there: Vec<_> = (0..5).map(|n| opened(&hub, n)).collect();
        let last = there[4].0.id();
        let broadcaster = {
            let hub = Arc::clone(&hub);
            thread::spawn(move || {
                for n in [20, 21] {
                    assert!(send(&hub, &Target::All, n, None).queued >= 4);
                    // It is served out of its turn, and must not get its turn as well.
                    assert_eq!(send(&hub, &Target::Clients(vec![last]), n + 20, None).queued, 1);
                }
            })
        };
        // Somebody in the middle of the table leaves, and somebody else gets the place.
        let (gone, goodbye) = there.remove(1);
        assert_eq!(send(&hub, &Target::Clients(vec![gone.id()]), 10, None).queued, 1);
        hub.remove(&gone);
        let (new, welcome) = connection(5, 1_000, 100);
        hub.register(&new);
        assert_eq!(send(&hub, &Target::All, 11, None).queued, 4, "not open yet");
        hub.open(&new);
        broadcaster.join().unwrap();
        assert_eq!(send(&hub, &Target::All, 12, None).queued, 5);
        block_on(hub.idle());

        // All is in the outboxes; whose session has not begun yet, it is not in the socket.
        for (link, peer) in &there {
            let received = block_on(peer.exactly(if link.id() == last { 6 } else { 4 }));
            let to_all = (of(&received, 10), of(&received, 20));
            assert_eq!(to_all, (vec![11, 12], vec![20, 21]), "{received:?}");
            let own = if link.id() == last { vec![40, 41] } else { vec![] };
            assert_eq!(of(&received, 40), own, "{received:?}");
            assert!(peer.now().is_empty() && link.outbox().is_empty());
        }
        let received = goodbye.now();
        assert!([20, 21].starts_with(&of(&received, 20)), "{received:?}");
        assert!([10].starts_with(&of(&received, 10)), "{received:?}");
        let received = up_to(&welcome, 12);
        assert!([20, 21].ends_with(&of(&received, 20)), "{received:?}");
        assert_eq!(of(&received, 10), [12], "{received:?}");
        assert_eq!(of(&received, 40), [0; 0], "{received:?}");
    });
}

#[test]
fn a_client_that_does_not_read_is_cut_off_and_all_others_are_served() {
    check(|| {
        let hub = hub(1, 10_000);
        let quick: Vec<_> = (0..3).map(|n| opened(&hub, n)).collect();
        // Takes one byte, has room for two more, and nobody reads.
        let (slow, unread) = connection(3, 2, 1);
        hub.register(&slow);
        hub.open(&slow);
        let broadcasters = [10, 20].map(|from| {
            let hub = Arc::clone(&hub);
            thread::spawn(move || {
                for n in [from, from + 1] {
                    assert!((3..=4).contains(&send(&hub, &Target::All, n, None).queued));
                }
            })
        });
        broadcasters.into_iter().for_each(|broadcaster| broadcaster.join().unwrap());
        // A batch that finds an empty outbox goes into it, however long it is: another one does not.
        block_on(hub.idle());
        send(&hub, &Target::All, 30, None);
        block_on(hub.idle());
        send(&hub, &Target::All, 31, None);
        block_on(slow.closed());
        assert!(unread.now().len() <= 1 && slow.outbox().is_empty() && !slow.is_open());
        for (link, peer) in quick {
            let received = block_on(peer.exactly(6));
            assert_eq!((of(&received, 10), of(&received, 20)), (vec![10, 11], vec![20, 21]), "{received:?}");
            assert_eq!(of(&received, 30), [30, 31], "{received:?}");
            assert!(link.is_open());
        }
    });
}

/// Reads frames of two bytes each until there are so many.
fn frames(peer: &Peer, count: usize) -> Vec<u8> {
    let received = block_on(peer.exactly(2 * count));
    let (frames, []) = received.as_chunks::<2>() else { panic!("half a frame: {received:?}") };
    assert!(frames.iter().all(|[a, b]| a == b), "two frames in each other: {received:?}");
    frames.iter().map(|[n, _]| *n).collect()
}

#[test]
fn more_pieces_than_one_write_takes_arrive_whole_and_in_order() {
    for room in [1, 3, 4, 5, 100] {
        check(move || {
            let (link, peer) = connection(0, 1_000, room);
            let shard = {
                let link = Arc::clone(&link);
                thread::spawn(move || {
                    let pieces: Vec<Bytes> = (10..15).map(|n| frame(n, 2)).collect();
                    for pieces in [&pieces[..3], &pieces[3..]] {
                        assert!(matches!(give(&link, pieces), Given::Done | Given::Wake));
                    }
                })
            };
            link.outbox().stage(|staged| staged.extend_from_slice(&frame(20, 2)));
            link.wake();
            let received = frames(&peer, 6);
            assert_eq!((of(&received, 10), of(&received, 20)), (vec![10, 11, 12, 13, 14], vec![20]));
            shard.join().unwrap();
            assert!(link.outbox().is_empty() && peer.now().is_empty());
        });
    }
}

#[test]
fn a_connection_that_is_ended_in_the_midst_of_a_batch_gets_no_byte_after_it() {
    check(|| {
        let hub = hub(1, 10_000);
        let there: Vec<_> = (0..3).map(|n| opened(&hub, n)).collect();
        let ending = {
            let link = Arc::clone(&there[2].0);
            thread::spawn(move || link.cut_off(CutOff::Killed))
        };
        for n in [10, 11] {
            assert_eq!(send(&hub, &Target::All, n, None).queued, 3);
        }
        ending.join().unwrap();
        let before = there[2].1.now();
        assert!([10, 11].starts_with(&before), "{before:?}");
        block_on(there[2].0.closed());
        block_on(hub.idle());
        assert_eq!(there[2].1.now(), [0; 0], "written after the end");
        for (_, peer) in &there[..2] {
            assert_eq!(block_on(peer.exactly(2)), [10, 11]);
        }
    });
}
