//! The locks and atomics that connections and their hub share.
//!
//! They are those of the standard library. In a build with `--cfg zocket_races`, which is only for the tests in `hub/races`,
//! they are shuttle's: it runs the threads of a test one at a time, and decides at each lock and each atomic operation which
//! one continues. It tries thousands of schedules, and one that breaks something can be run again.

#[cfg(not(zocket_races))]
pub(crate) use futures_util::task::AtomicWaker;
#[cfg(zocket_races)]
pub(crate) use races::{AtomicWaker, Notify};
#[cfg(zocket_races)]
pub(crate) use shuttle::sync::{Mutex, MutexGuard, atomic};
#[cfg(not(zocket_races))]
pub(crate) use std::sync::{Mutex, MutexGuard, atomic};
#[cfg(not(zocket_races))]
pub(crate) use tokio::sync::Notify;

/// A deliberate mistake, to check that the race tests find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// A reply does not wait for what its connection's handlers have sent before.
    ReplyOvertakes,
    /// The session is not told that a write was blocked.
    NoWake,
    /// A request to close does not make sure that what was sent before goes out before the close frame.
    NoFence,
    /// The close frame does not prevent frames after it.
    NoSeal,
    /// A client that leaves a room loses what is still on its way.
    LeaveForgets,
}

/// Whether to make a mistake: only in a race test that asks for it.
#[cfg(not(zocket_races))]
pub(crate) const fn makes(_: Mistake) -> bool {
    false
}

#[cfg(zocket_races)]
pub(crate) use races::makes;
#[cfg(all(test, zocket_races))]
pub(crate) use races::making;

#[cfg(zocket_races)]
mod races {
    use std::{cell::Cell, task::Waker};

    use shuttle::sync::atomic::{AtomicBool, Ordering};
    use tokio::sync::futures::Notified;

    use super::Mistake;

    /// A point where shuttle may switch threads, as it can at each operation of its own atomics.
    #[derive(Default)]
    struct Point(AtomicBool);

    impl Point {
        fn pass(&self) {
            self.0.load(Ordering::SeqCst);
        }
    }

    /// tokio's. Each of its operations is one step, before which shuttle may switch threads: without that, code that checks
    /// first and listens then would never be interrupted between the two.
    #[derive(Default)]
    pub(crate) struct Notify(tokio::sync::Notify, Point);

    impl Notify {
        pub(crate) fn new() -> Self {
            Self::default()
        }

        pub(crate) fn notified(&self) -> Notified<'_> {
            self.1.pass();
            self.0.notified()
        }

        pub(crate) fn notify_one(&self) {
            self.1.pass();
            self.0.notify_one();
        }

        pub(crate) fn notify_waiters(&self) {
            self.1.pass();
            self.0.notify_waiters();
        }
    }

    /// The same for a session's waker.
    #[derive(Default)]
    pub(crate) struct AtomicWaker(futures_util::task::AtomicWaker, Point);

    impl AtomicWaker {
        pub(crate) fn new() -> Self {
            Self::default()
        }

        pub(crate) fn register(&self, waker: &Waker) {
            self.1.pass();
            self.0.register(waker);
        }

        pub(crate) fn wake(&self) {
            self.1.pass();
            self.0.wake();
        }
    }

    // All threads of a shuttle test are one thread of the operating system.
    std::thread_local! {
        static MADE: Cell<Option<Mistake>> = const { Cell::new(None) };
    }

    pub(crate) fn makes(mistake: Mistake) -> bool {
        MADE.get() == Some(mistake)
    }

    /// Runs a test with a mistake enabled; returns what it panics with.
    #[cfg(test)]
    pub(crate) fn making(mistake: Mistake, test: impl FnOnce() + std::panic::UnwindSafe) -> Option<String> {
        MADE.set(Some(mistake));
        let result = std::panic::catch_unwind(test);
        MADE.set(None);
        let panic = result.err()?;
        let text = panic.downcast_ref::<String>().cloned();
        Some(text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default())
    }
}
