//! The signals that ask a process to stop.

use crate::target;

use std::{future::poll_fn, io, task::Poll};

/// Waits for Ctrl-C, or SIGTERM on Unix, whichever comes first. [`serve`](crate::serve()) does this itself. If you serve in
/// another way, pass it to axum's `with_graceful_shutdown`, followed by a [`drain`](crate::Server::drain).
///
/// From the first call on, these signals no longer end the process by themselves, not even a second one. Cancellation
/// safe.
///
/// If the signals cannot be watched, it never returns, and an error is logged.
pub async fn shutdown_signal() {
    Signals::watch().next().await;
}

#[cfg(unix)]
type Source = tokio::signal::unix::Signal;
#[cfg(windows)]
type Source = tokio::signal::windows::CtrlC;

/// The signals that ask for a stop, from now on: one that comes between two calls of [`next`](Self::next) is not lost.
pub(crate) struct Signals {
    sources: Vec<Source>,
}

impl Signals {
    /// # Panics
    /// Outside of a tokio runtime with I/O.
    pub(crate) fn watch() -> Self {
        Self { sources: sources().into_iter().flat_map(watched).collect() }
    }

    /// Waits for the next signal. Cancellation safe.
    pub(crate) async fn next(&mut self) {
        poll_fn(|cx| match self.sources.iter_mut().any(|source| source.poll_recv(cx).is_ready()) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        })
        .await;
    }
}

#[cfg(unix)]
fn sources() -> [(&'static str, io::Result<Source>); 2] {
    use tokio::signal::unix::{SignalKind, signal};
    [("Ctrl-C", signal(SignalKind::interrupt())), ("SIGTERM", signal(SignalKind::terminate()))]
}

#[cfg(windows)]
fn sources() -> [(&'static str, io::Result<Source>); 1] {
    [("Ctrl-C", tokio::signal::windows::ctrl_c())]
}

fn watched((name, source): (&'static str, io::Result<Source>)) -> Option<Source> {
    source
        .inspect_err(|error| tracing::error!(target: target::SERVER, %error, "{name} cannot be watched"))
        .ok()
}
