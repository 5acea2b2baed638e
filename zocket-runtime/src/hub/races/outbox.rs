//! Several writers and one socket.

use std::sync::Arc;

use shuttle::{future::block_on, thread};

use super::{
    super::{CutOff, outbox::Given},
    harness::{Bare, PLANTED, check, connection, frame},
};
use crate::sync::{Mistake, making};

/// Gives a frame as the fan-out does.
pub(super) fn give(link: &Bare, pieces: &[bytes::Bytes]) -> Given {
    let given = link.outbox().give(pieces);
    match given {
        Given::Wake => link.wake(),
        Given::Full => link.cut_off(CutOff::TooSlow),
        Given::Done | Given::Shut => {}
    }
    given
}

/// Splits what was received into the frames it must consist of: `length` bytes of one number, each.
fn frames(received: &[u8], length: usize) -> Vec<u8> {
    let chunks = received.chunks(length);
    chunks
        .map(|frame| {
            assert!(frame.iter().all(|byte| *byte == frame[0]), "two frames in each other: {received:?}");
            frame[0]
        })
        .collect()
}

/// A shard gives two frames at a time, handlers' replies are staged and flushed by the session, and the socket holds less than
/// a frame.
fn writers_share_a_socket() {
    let (link, peer) = connection(0, 1_000, 2);
    let shard = {
        let link = Arc::clone(&link);
        thread::spawn(move || {
            for n in [10, 12] {
                assert_ne!(give(&link, &[frame(n, 3), frame(n + 1, 3)]), Given::Full);
            }
        })
    };
    let replies = {
        let link = Arc::clone(&link);
        thread::spawn(move || {
            for n in [20, 21] {
                link.outbox().stage(|staged| staged.extend_from_slice(&frame(n, 3)));
                link.wake();
            }
        })
    };
    let received = frames(&block_on(peer.exactly(18)), 3);
    let of = |from: u8| received.iter().copied().filter(|n| *n / 10 * 10 == from).collect::<Vec<u8>>();
    assert_eq!((of(10), of(20)), (vec![10, 11, 12, 13], vec![20, 21]), "{received:?}");
    shard.join().unwrap();
    replies.join().unwrap();
    assert!(link.outbox().is_empty() && peer.now().is_empty());
}

#[test]
fn frames_of_several_writers_arrive_whole_in_order_and_once() {
    check(writers_share_a_socket);
}

#[test]
fn a_session_that_is_not_told_of_a_blocked_write_is_found_out() {
    let found = making(Mistake::NoWake, || shuttle::check_random(writers_share_a_socket, PLANTED));
    assert!(found.expect("not found").contains("deadlock"));
}

#[test]
fn a_full_outbox_ends_its_connection_once_and_nothing_more_is_written() {
    check(|| {
        let (link, peer) = connection(0, 6, 4);
        let writers = [10, 20].map(|from| {
            let link = Arc::clone(&link);
            thread::spawn(move || (0..3).map(|n| give(&link, &[frame(from + n, 3)])).collect::<Vec<_>>())
        });
        let given = writers.map(|writer| writer.join().unwrap());
        assert!(
            given.iter().flatten().any(|given| *given == Given::Full),
            "18 bytes fit into 4 and 6: {given:?}"
        );
        for given in &given {
            let full = given.iter().position(|given| *given == Given::Full).unwrap_or(2);
            assert!(
                given[full + 1..].iter().all(|given| *given == Given::Shut),
                "taken after the end: {given:?}"
            );
        }
        block_on(link.closed());
        let written = peer.now();
        // Whole frames, and the beginning of one.
        frames(&written, 3);
        assert_eq!(give(&link, &[frame(9, 3)]), Given::Shut);
        link.outbox().stage(|_| panic!("a shut outbox takes nothing"));
        assert!(link.outbox().is_empty() && peer.now().is_empty());
    });
}

#[test]
fn replies_that_nobody_has_written_yet_do_not_make_a_client_slow() {
    check(|| {
        let (link, peer) = connection(0, 6, 100);
        // The session has had its first turn, and the socket is everybody's.
        give(&link, &[frame(1, 1)]);
        assert_eq!(block_on(peer.exactly(1)), [1]);
        link.outbox().stage(|staged| staged.extend_from_slice(&frame(2, 7)));
        assert_ne!(give(&link, &[frame(3, 1)]), Given::Full);
        assert_eq!(block_on(peer.exactly(8)), [2, 2, 2, 2, 2, 2, 2, 3]);
    });
}
