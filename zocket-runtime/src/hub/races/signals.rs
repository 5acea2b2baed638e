//! What is asked of a session while it goes to sleep.

use std::{future::poll_fn, sync::Arc, task::Poll};

use shuttle::{future::block_on, thread};

use super::{
    super::{CutOff, Link},
    harness::{check, id},
};
use crate::wire::close::CloseCode;

#[test]
fn every_request_is_heard_and_the_strongest_stays() {
    check(|| {
        let link: Arc<Link<()>> = Arc::new(Link::new(id(0), 1_000, ()));
        let ask = |ask: fn(&Link<()>)| {
            let link = Arc::clone(&link);
            thread::spawn(move || ask(&link))
        };
        let asking = [
            ask(Link::drain),
            ask(|link| link.close(CloseCode::POLICY, "first or not")),
            ask(|link| link.close(CloseCode::RESTART, "first or not")),
            ask(|link| link.cut_off(CutOff::Killed)),
        ];
        // Sleeps until it is told to end, as a session does.
        let (mut drained, mut closed) = (false, None);
        block_on(poll_fn(|cx| {
            link.register_waker(cx.waker());
            match link.signal() {
                Ok(signal) => {
                    assert!(!drained || signal.drain, "a request was taken back");
                    assert!(closed.is_none() || signal.close == closed, "another close than at first");
                    (drained, closed) = (signal.drain, signal.close);
                    Poll::Pending
                }
                Err(why) => {
                    assert_eq!(why, CutOff::Killed);
                    Poll::Ready(())
                }
            }
        }));
        asking.into_iter().for_each(|asking| asking.join().unwrap());
        assert!(!link.is_open());
    });
}

#[test]
fn whoever_waits_for_the_end_learns_of_it() {
    check(|| {
        let link: Arc<Link<()>> = Arc::new(Link::new(id(0), 1_000, ()));
        let waiting = [(); 2].map(|()| {
            let link = Arc::clone(&link);
            shuttle::future::spawn(async move { link.closed().await })
        });
        let ending = Arc::clone(&link);
        let ending = thread::spawn(move || ending.set_closed());
        for waiting in waiting {
            block_on(waiting).unwrap();
        }
        ending.join().unwrap();
    });
}
