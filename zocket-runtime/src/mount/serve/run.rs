//! Accepting connections, and shutting down.

use std::{convert::Infallible, error::Error, sync::Arc, time::Duration};

use axum::{extract::Request, serve::Listener};
use bytes::Bytes;
use futures_util::future::{join, join_all};
use http::Response;
use tokio::{sync::watch, time::sleep};
use tower_service::Service;

use super::{Drain, Serve, connection};
use crate::target;
use crate::{shutdown::Signals, upgrade::AsPeer};

impl<L, S, B> Serve<L, S>
where
    L: Listener,
    L::Addr: AsPeer + Clone + Sync + 'static,
    S: Service<Request, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: hyper::body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    pub(super) async fn run(self) {
        let Self { mut listener, app, drains, mut stop, header_read_timeout, deadline } = self;
        // One watch for both signals: the second may come while the first is being handled.
        let mut signals = stop.is_none().then(Signals::watch);
        // A value asks all listeners to stop; the end of the channel ends them.
        let (phase, _) = watch::channel(());
        let protocols = Arc::new(connection::protocols(header_read_timeout));
        loop {
            let stopped = async {
                match (&mut stop, &mut signals) {
                    (Some(stop), _) => stop.await,
                    (None, Some(signals)) => signals.next().await,
                    (None, None) => std::future::pending().await,
                }
            };
            let (io, address) = tokio::select! {
                accepted = listener.accept() => accepted,
                () = stopped => break,
            };
            let http = connection::Http::new(app.clone(), address);
            let (protocols, phase) = (Arc::clone(&protocols), phase.subscribe());
            tokio::spawn(connection::run(io, http, protocols, header_read_timeout, phase));
        }
        drop(listener);
        let signals = signals.unwrap_or_else(Signals::watch);
        end(phase, &drains, signals, deadline).await;
    }
}

/// Ends everything that is running, gracefully if there is enough time.
async fn end(phase: watch::Sender<()>, drains: &[Drain], mut signals: Signals, deadline: Duration) {
    tracing::info!(target: target::SERVER, connections = phase.receiver_count(), "stopping");
    // Without a connection there is no listener.
    let _ = phase.send(());
    let drained = join_all(drains.iter().map(|drain| (drain.run)(drain.within.min(deadline))));
    tokio::select! {
        biased;
        _ = join(drained, phase.closed()) => {
            tracing::info!(target: target::SERVER, "stopped in good order");
            return;
        }
        () = signals.next() => {
            tracing::warn!(target: target::SERVER, connections = phase.receiver_count(), "a second signal: stopped at once");
        }
        () = sleep(deadline) => {
            tracing::warn!(target: target::SERVER, connections = phase.receiver_count(), "not stopped within {deadline:?}: what is left is dropped");
        }
    }
    // The process may go on, but its WebSockets must not.
    for drain in drains {
        tokio::spawn((drain.run)(Duration::ZERO));
    }
}
