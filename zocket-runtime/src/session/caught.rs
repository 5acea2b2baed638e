//! User futures, whose panics become errors.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
};

use crate::error::{BoxFuture, Error};
use crate::target;

/// A future that cannot take its task down, neither when it is polled nor when it is dropped, before its end or after.
pub(super) struct Caught<T>(Option<BoxFuture<T>>);

impl<T> Caught<T> {
    pub(super) fn new(future: BoxFuture<T>) -> Self {
        Self(Some(future))
    }

    fn dispose(&mut self) {
        if let Some(future) = self.0.take()
            && let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(future)))
        {
            log_left(panic);
        }
    }
}

#[cold]
fn log_left(panic: Box<dyn Any + Send>) {
    tracing::error!(target: target::CONNECTION, error = %panicked(panic).cause_text(), "what a handler or hook had left could not be dropped");
}

impl<T> Future for Caught<T> {
    type Output = Result<T, Error>;

    /// # Panics
    /// If it is polled after it was ready.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let future = &mut self.0;
        assert!(future.is_some(), "not polled after its end");
        // Outside of what may panic: an output counts even if what is left of its future cannot be dropped.
        let mut ended = None;
        let polled = catch_unwind(AssertUnwindSafe(|| {
            if let Some(running) = future
                && let Poll::Ready(output) = running.as_mut().poll(cx)
            {
                ended = Some(output);
                *future = None;
            }
        }));
        match (polled, ended) {
            (Ok(()), None) => Poll::Pending,
            (Ok(()), Some(output)) => Poll::Ready(Ok(output)),
            (Err(panic), Some(output)) => {
                log_left(panic);
                Poll::Ready(Ok(output))
            }
            (Err(panic), None) => {
                let error = panicked(panic);
                self.dispose();
                Poll::Ready(Err(error))
            }
        }
    }
}

impl<T> Drop for Caught<T> {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_some() {
            self.dispose();
        }
    }
}

/// The error for a panic. Its message goes to the log only.
pub(super) fn panicked(panic: Box<dyn Any + Send>) -> Error {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a value that is not text");
    let error = Error::internal(format!("panicked: {text}"));
    // The panic payload and its `Drop` are user code as well: one that keeps panicking must not be dropped.
    if let Err(another) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        std::mem::forget(another);
    }
    error
}
