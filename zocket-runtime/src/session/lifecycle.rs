//! The life of a connection: `on_connect`, the session, `on_disconnect`.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::Poll,
};

use http::request::Parts;
use tokio::{sync::oneshot, time::timeout};

use super::{
    End, Io, Session, Transport,
    caught::{Caught, panicked},
};
use crate::{
    call::Request,
    client_id::ClientId,
    config::RETRY_AFTER,
    connection::{Conn, ConnLink, Contexts, Current, Source, StateSlot},
    dispatch::App,
    error::{BoxFuture, Reject},
    hub::{CutOff, Link},
    target,
    wire::{close::CloseCode, codec::Reads},
};

/// A handshake that has been checked.
pub(crate) struct Admitted {
    pub(crate) parts: Parts,
    /// The merged and validated headers, as JSON.
    pub(crate) headers: Arc<str>,
    pub(crate) reads: Reads,
    /// Where the handshake came from, if that is known.
    pub(crate) source: Option<Source>,
}

/// Creates the connection, and runs it as one task, from before `on_connect` until after `on_disconnect`. Returns as soon
/// as `on_connect` has decided. `transport` yields the stream once the upgrade has been answered, or nothing if the client
/// was gone by then.
///
/// Cancellation safe: the task is spawned, so neither hook is cut short when the client disconnects.
pub(crate) async fn admit(
    app: &Arc<App>,
    admitted: Admitted,
    transport: BoxFuture<Option<Transport>>,
) -> Result<Arc<ConnLink>, Reject> {
    let Admitted { parts, headers, reads, source } = admitted;
    let id = ClientId::random().map_err(|error| {
        tracing::error!(target: target::HANDSHAKE, %error, "handshake refused: the operating system gives no randomness for a client id");
        unavailable("try again later")
    })?;
    let parts = Arc::new(parts);
    let kept = app.keep_handshake.then(|| Arc::clone(&parts));
    let conn = Conn::new(Arc::clone(&app.core), source, kept);
    let link = Arc::new(Link::new(id, app.core.config.outbox_bytes, conn).reading(reads));
    let state = app.on_connect.as_ref().map_or(StateSlot(0), |(state, _)| *state);
    let request = Request { link: Arc::clone(&link), parts, headers, state };
    // If nothing is received, the runtime is shutting down.
    let decided = spawn(app, Arc::clone(&link), request, transport);
    decided.await.unwrap_or_else(|_| Err(unavailable("the server is stopping")))?;
    Ok(link)
}

fn spawn(
    app: &Arc<App>,
    link: Arc<ConnLink>,
    request: Request,
    transport: BoxFuture<Option<Transport>>,
) -> oneshot::Receiver<Result<(), Reject>> {
    let (decide, decided) = oneshot::channel();
    let app = Arc::clone(app);
    link.hub().register(&link);
    // A drain that began after the handshake was accepted has not seen this connection.
    if app.core.is_draining() {
        link.hub().drain(&link);
    }
    let span = tracing::info_span!(target: target::CONNECTION, "connection", client = %link.id(), client_addr = tracing::field::Empty);
    record_client_addr(&span, &link);
    let current = Current { core: Arc::clone(&app.core), link: Some(Arc::clone(&link)) };
    let life = async move {
        let registered = Registered(link);
        let link = &registered.0;
        // Boxed, so that what the hooks need does not occupy memory as long as the connection lives.
        if let Err(reject) = Box::pin(connect(&app, link, request)).await {
            let _ = decide.send(Err(reject));
            return;
        }
        link.hub().open(link);
        let end = match decide.send(Ok(())) {
            Ok(()) => run(&app, link, transport).await,
            Err(_) => End::HungUp,
        };
        if matches!(end, End::Unread(_) | End::Cut(_)) {
            app.core.note_cut_off();
        }
        registered.depart();
        Box::pin(disconnect(&app, link)).await;
        log(link, end);
    };
    tokio::spawn(tracing::Instrument::instrument(current.scope(life), span));
    decided
}

/// Records in the log whose connection it is, if that is known.
fn record_client_addr(span: &tracing::Span, link: &ConnLink) {
    if let Some(address) = link.client_addr() {
        span.record("client_addr", tracing::field::display(address));
    }
}

/// Runs the session, from the upgrade on.
async fn run(app: &Arc<App>, link: &Arc<ConnLink>, transport: BoxFuture<Option<Transport>>) -> End {
    let transport = match unless_stopped(link, false, transport).await {
        None => return End::Cut(CutOff::Killed),
        Some(None) => return End::HungUp,
        Some(Some(transport)) => transport,
    };
    let was_known = link.client_addr().is_some();
    let io = Io::new(transport, link);
    if !was_known {
        record_client_addr(&tracing::Span::current(), link);
    }
    tracing::debug!(target: target::CONNECTION, "connected");
    let mut session = Session::new(Arc::clone(app), Arc::clone(link), io);
    poll_fn(|cx| {
        // Panics of user code are caught where it runs; if one comes from here, the hooks must still run.
        catch_unwind(AssertUnwindSafe(|| session.poll_run(cx))).unwrap_or_else(|panic| {
            tracing::error!(target: target::CONNECTION, error = %panicked(panic).cause_text(), "a session failed");
            Poll::Ready(End::HungUp)
        })
    })
    .await
}

/// Forgets the connection, even when its task is dropped with its runtime.
struct Registered(Arc<ConnLink>);

impl Registered {
    /// The connection is over for everything except its hooks.
    fn depart(&self) {
        self.0.hub().depart(&self.0);
        self.0.outbox().shut();
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.depart();
        self.0.hub().remove(&self.0);
    }
}

/// `None` if a drain ends the connection before the future is done. A hook of a connection that is cut off still runs,
/// within what is left of the drain's time.
async fn unless_stopped<F: Future>(link: &Arc<ConnLink>, hook: bool, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => link.poll_stopped(hook, cx).map(|()| None),
    })
    .await
}

async fn connect(app: &App, link: &Arc<ConnLink>, request: Request) -> Result<(), Reject> {
    let Some((_, on_connect)) = &app.on_connect else {
        link.set_context(Contexts::new().erase(()));
        return Ok(());
    };
    let within = link.config().connect_within;
    let started = catch_unwind(AssertUnwindSafe(|| on_connect(request))).map_err(panicked);
    let connecting = async { Caught::new(started?).await };
    let Some(ended) = unless_stopped(link, false, timeout(within, connecting)).await else {
        tracing::warn!(target: target::HANDSHAKE, "on_connect dropped: the deadline of a drain has passed");
        return Err(unavailable("the server is restarting"));
    };
    let Ok(connected) = ended else {
        tracing::error!(target: target::HANDSHAKE, "on_connect dropped: it took longer than {within:?}");
        return Err(unavailable("the server took too long to let you in"));
    };
    match connected.unwrap_or_else(|error| Err(Reject::internal(error.cause_text()))) {
        Ok(context) => {
            link.set_context(context);
            Ok(())
        }
        Err(reject) => {
            match reject.cause() {
                Some(cause) => tracing::error!(target: target::HANDSHAKE, error = cause, "on_connect failed"),
                None => {
                    tracing::debug!(target: target::HANDSHAKE, status = reject.status().as_u16(), "on_connect refused")
                }
            }
            Err(reject)
        }
    }
}

/// A refusal that says when to try again, so that proxies and clients that respect it do not do so at once.
pub(crate) fn unavailable(message: &str) -> Reject {
    Reject::unavailable(RETRY_AFTER).with_message(message)
}

async fn disconnect(app: &App, link: &Arc<ConnLink>) {
    let Some((state, on_disconnect)) = &app.on_disconnect else { return };
    let started = catch_unwind(AssertUnwindSafe(|| on_disconnect(Arc::clone(link), *state)));
    let run = async { Caught::new(started.map_err(panicked)?).await.and_then(|handled| handled) };
    let within = link.config().disconnect_grace;
    let Some(ended) = unless_stopped(link, true, timeout(within, run)).await else {
        tracing::error!(target: target::CONNECTION, "on_disconnect dropped: the deadline of a drain has passed");
        return;
    };
    let Ok(result) = ended else {
        tracing::error!(target: target::CONNECTION, "on_disconnect dropped: it took longer than {within:?}");
        return;
    };
    if let Err(error) = result {
        match error.cause() {
            Some(cause) => tracing::error!(target: target::CONNECTION, error = cause, "on_disconnect failed"),
            None => tracing::error!(target: target::CONNECTION, %error, "on_disconnect failed"),
        }
    }
}

fn log(link: &Arc<ConnLink>, end: End) {
    let seconds = link.age().as_secs_f64();
    // 1005 stands for a close frame without a code (RFC 6455, 7.4.1).
    let number = |code: Option<CloseCode>| code.map_or(1005, CloseCode::get);
    match end {
        End::Closed(code) => {
            tracing::debug!(target: target::CONNECTION, code = number(code), seconds, "closed")
        }
        End::HungUp => tracing::debug!(target: target::CONNECTION, seconds, "hung up"),
        End::Refused(code) => {
            tracing::debug!(target: target::CONNECTION, code = code.get(), seconds, "closed for a protocol error")
        }
        End::Unanswered(code) => {
            tracing::debug!(target: target::CONNECTION, code = number(code), seconds, "closed: the client did not answer in time")
        }
        End::Unread(code) => {
            tracing::info!(target: target::CONNECTION, code = number(code),
                seconds,
                "cut off: the client did not read what was sent before its close in time"
            );
        }
        End::Cut(why) => tracing::info!(target: target::CONNECTION, seconds, "cut off: {why}"),
    }
}
