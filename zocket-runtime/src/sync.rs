//! The locks and atomics that connections and their hub share.
//!
//! They are those of the standard library. In a build with `--cfg zocket_races`, which is for the tests in `hub/races` alone,
//! they are shuttle's: it runs all threads of a test one at a time, and decides at each lock and each atomic operation who goes
//! on. So a schedule that breaks something is found by the thousands tried, and can be run again.

#[cfg(zocket_races)]
pub(crate) use shuttle::sync::{Mutex, MutexGuard, atomic};
#[cfg(not(zocket_races))]
pub(crate) use std::sync::{Mutex, MutexGuard, atomic};

/// A mistake that is made on purpose, to see that the race tests find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// A reply does not wait for what its connection's handlers have sent before.
    ReplyOvertakes,
    /// Nobody tells the session that a write was blocked.
    NoWake,
}

/// Whether a mistake is to be made: never, but in a race test that asks for it.
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
    use std::cell::Cell;

    use super::Mistake;

    // All threads of a shuttle test are one thread of the operating system.
    std::thread_local! {
        static MADE: Cell<Option<Mistake>> = const { Cell::new(None) };
    }

    pub(crate) fn makes(mistake: Mistake) -> bool {
        MADE.get() == Some(mistake)
    }

    /// Runs a test while a mistake is made; gives what it panics with.
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
