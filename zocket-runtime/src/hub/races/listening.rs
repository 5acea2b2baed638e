//! Signs of life, and the sweep that asks for them. Small enough to try every schedule there is.

use std::sync::Arc;

use shuttle::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use super::{
    super::{Link, link::Activity},
    harness::{Bare, check_all, id},
};

fn link() -> Bare {
    Arc::new(Link::new(id(0), 1_000, ()))
}

#[test]
fn a_sign_of_life_is_seen_by_a_sweep_during_it_or_by_the_next() {
    check_all(|| {
        let link = link();
        // The sign that every connection begins with.
        assert_eq!(link.take_activity(), Activity::Seen);
        let session = Arc::clone(&link);
        let session = thread::spawn(move || session.note_activity());
        let during = link.take_activity();
        session.join().unwrap();
        let seen = [during, link.take_activity()].iter().filter(|heard| **heard == Activity::Seen).count();
        assert_eq!(seen, 1);
        assert_eq!(link.take_activity(), Activity::None);
    });
}

#[test]
fn a_client_that_is_not_read_from_is_not_blamed() {
    check_all(|| {
        let (link, excused) = (link(), Arc::new(AtomicBool::new(false)));
        let session = {
            let (link, excused) = (Arc::clone(&link), Arc::clone(&excused));
            thread::spawn(move || {
                link.stop_listening();
                excused.store(true, Ordering::SeqCst);
                // A blocked write goes on: still nobody reads.
                link.note_activity();
                excused.store(false, Ordering::SeqCst);
                link.start_listening();
            })
        };
        for _ in 0..2 {
            let before = excused.load(Ordering::SeqCst);
            let heard = link.take_activity();
            if before && excused.load(Ordering::SeqCst) {
                assert_eq!(heard, Activity::NotListening);
            }
        }
        session.join().unwrap();
        assert_ne!(link.take_activity(), Activity::NotListening);
    });
}
