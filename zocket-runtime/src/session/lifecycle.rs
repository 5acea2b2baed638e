//! The life of a connection: `on_connect`, the upgrade, the session, `on_disconnect`.

use std::{future::poll_fn, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use tokio::{sync::oneshot, time::timeout};

use super::{ConnLink, End, Io, Session, calls::panicked};
use crate::{
    dispatch::ConnectFn,
    handler::{BoxFuture, Reject},
    send::Current,
    upgrade::Request,
};

/// `on_connect` has refused, or failed.
pub(crate) struct Refused(pub(crate) Reject);

/// Runs a connection, as one task, from before `on_connect` until after `on_disconnect`.
///
/// The task is spawned, so that neither hook is cut short when the client hangs up: whoever waits for `admitted` may go.
/// `transport` gives the stream once the upgrade has been answered.
pub(crate) fn live(
    link: Arc<ConnLink>,
    request: Request,
    transport: BoxFuture<Result<Io, Box<dyn std::error::Error + Send + Sync>>>,
) -> oneshot::Receiver<Result<(), Refused>> {
    let (admit, admitted) = oneshot::channel();
    let core = Arc::clone(link.attachment().core());
    core.hub.register(&link);
    // A drain that began since the handshake was let in has not seen this connection.
    if core.is_draining() {
        link.drain();
    }
    let span = tracing::info_span!("connection", client = %link.id());
    let current = Current { core, link: Some(Arc::clone(&link)) };
    let life = async move {
        let registered = Registered(link);
        let link = &registered.0;
        // Boxed: what the hooks need must not stay with the connection for as long as it lives.
        if let Err(reject) = Box::pin(connect(link, request)).await {
            let _ = admit.send(Err(Refused(reject)));
            return;
        }
        link.attachment().core().hub.open(link);
        let end = match admit.send(Ok(())) {
            Ok(()) => match Box::pin(upgrade(link, transport)).await {
                Some(io) => {
                    tracing::debug!("connected");
                    let mut session = Session::new(Arc::clone(link), io);
                    poll_fn(|cx| session.poll_run(cx)).await
                }
                None => End::HungUp,
            },
            Err(_) => End::HungUp,
        };
        link.set_closed();
        Box::pin(disconnect(link)).await;
        log(link, end);
    };
    tokio::spawn(tracing::Instrument::instrument(current.scope(life), span));
    admitted
}

/// Forgets the connection, also when its task is dropped with its runtime.
struct Registered(Arc<ConnLink>);

impl Drop for Registered {
    fn drop(&mut self) {
        self.0.set_closed();
        self.0.attachment().core().hub.remove(&self.0);
    }
}

async fn connect(link: &Arc<ConnLink>, request: Request) -> Result<(), Reject> {
    let core = link.attachment().core();
    let Some((_, on_connect)) = &core.on_connect else {
        link.attachment().replace_context(Arc::new(()));
        return Ok(());
    };
    let within = core.config.connect_within;
    match timeout(within, caught(on_connect, request)).await {
        Ok(Ok(context)) => {
            link.attachment().replace_context(context);
            Ok(())
        }
        Ok(Err(reject)) => {
            match reject.cause() {
                Some(cause) => tracing::error!(error = cause, "on_connect failed"),
                None => tracing::debug!(status = reject.status().as_u16(), "on_connect refused"),
            }
            Err(reject)
        }
        Err(_) => {
            tracing::error!("on_connect dropped: it took longer than {within:?}");
            Err(Reject::new(http::StatusCode::SERVICE_UNAVAILABLE)
                .with_message("the server took too long to let you in"))
        }
    }
}

async fn caught(
    on_connect: &ConnectFn,
    request: Request,
) -> Result<Arc<dyn std::any::Any + Send + Sync>, Reject> {
    let connecting = AssertUnwindSafe(async move { on_connect(request).await }).catch_unwind();
    connecting.await.unwrap_or_else(|panic| Err(Reject::internal(panicked(&*panic).cause_text())))
}

async fn upgrade(
    link: &Arc<ConnLink>,
    transport: BoxFuture<Result<Io, Box<dyn std::error::Error + Send + Sync>>>,
) -> Option<Io> {
    let within: Duration = link.attachment().core().config.upgrade_within;
    match timeout(within, transport).await {
        Ok(Ok(io)) => Some(io),
        Ok(Err(error)) => {
            tracing::debug!(%error, "the client was gone before the upgrade");
            None
        }
        Err(_) => {
            tracing::debug!("the client did not complete the upgrade within {within:?}");
            None
        }
    }
}

async fn disconnect(link: &Arc<ConnLink>) {
    let core = link.attachment().core();
    let Some((state, on_disconnect)) = &core.on_disconnect else { return };
    let run = AssertUnwindSafe(async move { on_disconnect(Arc::clone(link), *state).await }).catch_unwind();
    let within = core.config.disconnect_grace;
    let Ok(result) = timeout(within, run).await else {
        tracing::error!("on_disconnect dropped: it took longer than {within:?}");
        return;
    };
    if let Err(error) = result.unwrap_or_else(|panic| Err(panicked(&*panic))) {
        match error.cause() {
            Some(cause) => tracing::error!(error = cause, "on_disconnect failed"),
            None => tracing::error!(%error, "on_disconnect failed"),
        }
    }
}

fn log(link: &Arc<ConnLink>, end: End) {
    let seconds = link.age().as_secs_f64();
    match end {
        End::Closed(code) => tracing::debug!(code, seconds, "closed"),
        End::HungUp => tracing::debug!(seconds, "hung up"),
        End::Refused(code) => tracing::debug!(code, seconds, "closed for a protocol error"),
        End::Cut(why) => tracing::info!(seconds, "cut off: {why}"),
    }
}
