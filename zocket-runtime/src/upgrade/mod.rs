//! The handshake: from an HTTP request to an open connection, or to a refusal.
//!
//! Everything is checked before the upgrade, so a refusal is an HTTP status with a JSON body, or a close frame for clients
//! that ask for one because they cannot see HTTP responses.

mod caller;
mod extensions;
mod forwarded;
mod headers;
mod origin;
mod peer;
mod refusal;
mod subprotocol;
mod websocket;

use std::{sync::Arc, time::Duration};

use axum::{extract::Request as HttpRequest, response::Response};
use http::{StatusCode, request::Parts};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::{rt::TokioIo, server::conn::auto::upgrade::downcast};
use serde_json::json;
use tokio::{net::TcpStream, time::timeout};

use crate::{
    connection::ConnLink,
    contract::schema::Issue,
    dispatch::App,
    error::{BoxFuture, Reject},
    session::{self, Admitted, Transport, unavailable},
    target,
    wire::codec::Reads,
};

pub(crate) use extensions::agree;

use caller::{Caller, Later};
pub use peer::{AsPeer, Peer};

/// In the extensions of a request: who sent it, in this process, and wants to know the connection.
#[cfg(feature = "testing")]
#[derive(Clone)]
pub(crate) struct Witness(pub(crate) Arc<std::sync::OnceLock<Arc<ConnLink>>>);

/// Answers one handshake.
pub(crate) async fn handle(app: Arc<App>, mut request: HttpRequest) -> Response {
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    #[cfg(feature = "testing")]
    let witness = request.extensions_mut().remove::<Witness>();
    let (parts, _) = request.into_parts();
    let accepted_as = |link| {
        #[cfg(feature = "testing")]
        if let Some(Witness(told)) = witness {
            let _ = told.set(link);
        }
        #[cfg(not(feature = "testing"))]
        drop::<Arc<ConnLink>>(link);
    };
    respond(&app, parts, upgrade, accepted_as).await.unwrap_or_else(refusal::answer)
}

async fn respond(
    app: &Arc<App>,
    parts: Parts,
    upgrade: Option<OnUpgrade>,
    accepted_as: impl FnOnce(Arc<ConnLink>),
) -> Result<Response, Reject> {
    let config = &app.core.config;
    let caller = Caller::of(&parts, config);
    let (offer, agreed, upgrade) = caller.span().in_scope(|| {
        let offer = websocket::check(&parts)?;
        let agreed = agree(config, &parts.headers)?;
        let upgrade = upgrade.ok_or_else(|| {
            tracing::error!(target: target::HANDSHAKE, "the connection cannot be upgraded: serve the app with `zocket::serve`, or with upgrades enabled"
            );
            Reject::new(StatusCode::UPGRADE_REQUIRED).with_message("this connection cannot be upgraded")
        })?;
        Ok::<_, Reject>((offer, agreed, upgrade))
    })?;
    let codec = subprotocol::choose(&parts.headers, config.msgpack);
    let wants_close = refusal::wants_close(&parts);
    let later = Later::of(&parts, config);
    let transport = Box::pin(upgraded(upgrade.clone(), config.upgrade_within, later));
    let reads = Reads { codec: codec.unwrap_or_default(), window: agreed.map(|agreed| agreed.window) };
    let accepted = match let_in(app, parts, caller, reads, transport).await {
        Ok(link) => {
            accepted_as(link);
            match agreed {
                Some(agreed) => agreed.announce(offer.accept()),
                None => offer.accept(),
            }
        }
        Err(reject) if wants_close => refusal::close(&reject, offer, upgrade, config.close_within),
        Err(reject) => return Err(reject),
    };
    // Even if only a close frame follows: a browser would not read it if none of its offers was selected.
    Ok(subprotocol::announce(accepted, codec))
}

/// Accepts an in-process client, or says why not.
#[cfg(feature = "testing")]
pub(crate) async fn admit(
    app: &Arc<App>,
    parts: Parts,
    reads: Reads,
    transport: BoxFuture<Option<Transport>>,
) -> Result<Arc<ConnLink>, Reject> {
    let caller = Caller::of(&parts, &app.core.config);
    let_in(app, parts, caller, reads, transport).await
}

/// Accepts a client, whatever its transport, or says why not.
async fn let_in(
    app: &Arc<App>,
    parts: Parts,
    caller: Caller,
    reads: Reads,
    transport: BoxFuture<Option<Transport>>,
) -> Result<Arc<ConnLink>, Reject> {
    let headers = caller.span().in_scope(|| check(app, &parts, &caller))?;
    session::admit(app, Admitted { parts, headers, reads, source: caller.source }, transport).await
}

/// Checks everything about the handshake that does not need `on_connect`. Returns its headers as JSON.
fn check(app: &App, parts: &Parts, caller: &Caller) -> Result<Arc<str>, Reject> {
    let config = &app.core.config;
    if app.core.is_draining() {
        return Err(unavailable("the server is restarting"));
    }
    origin::check_host(caller, config.hosts.as_deref())?;
    origin::check(parts, caller, &config.origins)?;
    let invalid = |issues: &[Issue]| {
        tracing::debug!(target: target::HANDSHAKE, issues = issues.len(), "handshake refused: invalid headers");
        Reject::new(StatusCode::BAD_REQUEST).with_body(json!({"error": "Invalid headers", "details": issues}))
    };
    let mut headers = headers::merge(parts, app.headers.as_ref()).map_err(|issues| invalid(&issues))?;
    if !app.versions.admits(&headers) {
        return Err(Reject::new(StatusCode::UPGRADE_REQUIRED).with_body(json!({
            "error": "this client is of another version than the server; update it (reload the page)",
            "contract": app.versions.own(),
        })));
    }
    if let Some(schema) = &app.headers {
        headers::only_named(&mut headers, schema);
    }
    let headers: Arc<str> = serde_json::Value::Object(headers).to_string().into();
    if let Some(schema) = &app.headers {
        schema.check(&headers).map_err(|violations| invalid(violations.issues()))?;
    }
    Ok(headers)
}

/// The stream under the connection, as soon as the answer was sent; nothing if the client is gone by then.
async fn upgraded(upgrade: OnUpgrade, within: Duration, later: Option<Later>) -> Option<Transport> {
    match timeout(within, upgrade).await {
        Ok(Ok(upgraded)) => Some(transport(upgraded, later)),
        Ok(Err(error)) => {
            tracing::debug!(target: target::HANDSHAKE, %error, "the client was gone before the upgrade");
            None
        }
        Err(_) => {
            tracing::debug!(target: target::HANDSHAKE, "the client did not complete the upgrade within {within:?}");
            None
        }
    }
}

/// The bare socket, if that is what hyper holds. It knows its peer's address even if axum was not asked to pass it on.
fn transport(upgraded: Upgraded, later: Option<Later>) -> Transport {
    match downcast::<TokioIo<TcpStream>>(upgraded) {
        Ok(parts) => {
            let socket = parts.io.into_inner();
            let source = socket.peer_addr().ok().and_then(|address| Later::over_tcp(later, address));
            Transport::Tcp { socket, early: parts.read_buf, source }
        }
        Err(upgraded) => match later {
            Some(later) => over_unix(upgraded, later),
            None => Transport::stream(TokioIo::new(upgraded)),
        },
    }
}

/// A Unix socket, if it is one, whose proxy may be trusted.
#[cfg(unix)]
fn over_unix(upgraded: Upgraded, later: Later) -> Transport {
    use tokio::{io::AsyncReadExt, net::UnixStream};

    match downcast::<TokioIo<UnixStream>>(upgraded) {
        Ok(parts) => {
            let (read, write) = parts.io.into_inner().into_split();
            let read = std::io::Cursor::new(parts.read_buf).chain(read);
            let stream = Box::new(tokio::io::join(read, write));
            Transport::Stream { stream, source: later.over_unix() }
        }
        Err(upgraded) => Transport::stream(TokioIo::new(upgraded)),
    }
}

#[cfg(not(unix))]
fn over_unix(upgraded: Upgraded, _: Later) -> Transport {
    Transport::stream(TokioIo::new(upgraded))
}
