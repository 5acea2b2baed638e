//! What a client in process waits for, and failures that are shown at the line that waits.

use std::{
    fmt,
    panic::Location,
    pin::Pin,
    task::{Context, Poll, ready},
};

/// What was waited for, or why it did not come.
pub(super) type Outcome<T> = Result<T, String>;

/// What a method of a [`Client`](super::Client) waits for: `.await` it.
///
/// # Panics
/// If it does not come: with the deadline, with the end of the connection, with what does not fit its type. The panic is
/// shown at the `.await`; where that is not in the file of the call (in a `tokio::join!`, in a task), the text names the call.
#[must_use = "a client does nothing unless this is awaited"]
pub struct Waiting<'c, T> {
    work: Pin<Box<dyn Future<Output = Outcome<T>> + Send + 'c>>,
    called_at: &'static Location<'static>,
}

impl<'c, T> Waiting<'c, T> {
    #[track_caller]
    pub(super) fn new(work: impl Future<Output = Outcome<T>> + Send + 'c) -> Self {
        Self { work: Box::pin(work), called_at: Location::caller() }
    }
}

impl<T> Future for Waiting<'_, T> {
    type Output = T;

    // An `.await` calls this from its own place.
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        match ready!(self.work.as_mut().poll(cx)) {
            Ok(value) => Poll::Ready(value),
            Err(why) if Location::caller().file() == self.called_at.file() => panic!("{why}"),
            Err(why) => panic!("{}: {why}", self.called_at),
        }
    }
}

impl<T> fmt::Debug for Waiting<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").field("called_at", &self.called_at).finish_non_exhaustive()
    }
}
