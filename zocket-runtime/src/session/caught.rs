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
            tracing::error!(target: target::CONNECTION, error = %panicked(panic).cause_text(), "what a handler or hook had left could not be dropped");
        }
    }
}

impl<T> Future for Caught<T> {
    type Output = Result<T, Error>;

    /// # Panics
    /// If it is polled after it was ready.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let future = self.0.as_mut().expect("not polled after its end").as_mut();
        let result = match catch_unwind(AssertUnwindSafe(|| future.poll(cx))) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(output)) => Ok(output),
            Err(panic) => Err(panicked(panic)),
        };
        self.dispose();
        Poll::Ready(result)
    }
}

impl<T> Drop for Caught<T> {
    fn drop(&mut self) {
        self.dispose();
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
