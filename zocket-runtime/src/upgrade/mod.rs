//! The handshake: from an HTTP request to an open connection, or to an answer that says why not.
//!
//! Everything is checked before the upgrade, so that a refusal is an HTTP status with a JSON body; or, for clients that ask
//! for it since they cannot see one, a close frame.

#![expect(clippy::result_large_err, reason = "an HTTP response is large, and once a handshake is not often")]

mod answer;
mod extensions;
mod headers;
mod origin;
mod refusal;
mod request;
mod subprotocol;
mod version;
mod websocket;

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, Request as HttpRequest},
    response::Response,
};
use http::{StatusCode, request::Parts};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::{
    client_id::ClientId,
    dispatch::StateSlot,
    handler::BoxFuture,
    hub::Link,
    mount::Core,
    session::{Conn, ConnLink, Io, Refused, live},
    wire::codec::Reads,
};

pub(crate) use extensions::agree;
pub(crate) use refusal::Refusal;
pub use request::Handshake;
pub(crate) use request::Request;
pub use version::OtherContracts;
pub(crate) use version::Versions;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Answers one handshake.
pub(crate) async fn handle(core: Arc<Core>, mut request: HttpRequest) -> Response {
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let (parts, _) = request.into_parts();
    let offer = match websocket::check(&parts) {
        Ok(offer) => offer,
        Err(response) => return response,
    };
    let agreed = match agree(&core.config, &parts.headers) {
        Ok(agreed) => agreed,
        Err(refusal) => return refusal.into_response(),
    };
    let Some(upgrade) = upgrade else {
        tracing::error!(
            "the connection cannot be upgraded: serve the app with `axum::serve`, or with upgrades enabled"
        );
        return answer::error(StatusCode::UPGRADE_REQUIRED, "this connection cannot be upgraded");
    };
    let codec = subprotocol::choose(&parts.headers, core.config.msgpack);
    let wants_close = refusal::wants_close(&parts);
    let pending = upgrade.clone();
    let transport = |link: &Arc<ConnLink>| -> BoxFuture<Result<Io, BoxError>> {
        let link = Arc::clone(link);
        Box::pin(async move { Ok(into_io(upgrade.await?, &link)) })
    };
    let reads = Reads { codec: codec.unwrap_or_default(), window: agreed.map(|agreed| agreed.window) };
    let accepted = match admit(&core, parts, reads, transport).await {
        Ok(_) => match agreed {
            Some(agreed) => agreed.announce(offer.accept()),
            None => offer.accept(),
        },
        Err(refusal) if wants_close => refusal.close(offer, pending, core.config.close_within),
        Err(refusal) => return refusal.into_response(),
    };
    // Also where all that follows is a close frame: a browser whose offers are passed over would not read it.
    subprotocol::announce(accepted, codec)
}

/// Lets a client in, whatever its transport will be, or answers why not.
pub(crate) async fn admit(
    core: &Arc<Core>,
    parts: Parts,
    reads: Reads,
    transport: impl FnOnce(&Arc<ConnLink>) -> BoxFuture<Result<Io, BoxError>>,
) -> Result<Arc<ConnLink>, Refusal> {
    if core.is_draining() {
        return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the server is restarting"));
    }
    if !origin::is_allowed(&parts, &core.config.origins) {
        tracing::info!("handshake refused: a page of another origin; see `Builder::allow_origins`");
        return Err(Refusal::new(StatusCode::FORBIDDEN, "this origin may not connect"));
    }
    let headers = headers::merge(&parts, core.headers.as_ref());
    warn_of_version(&headers);
    core.versions.check(&headers)?;
    let headers: Arc<str> = serde_json::Value::Object(headers).to_string().into();
    if let Some(schema) = &core.headers
        && let Err(issues) = schema.check(&headers)
    {
        tracing::debug!(issues = issues.len(), "handshake refused: invalid headers");
        return Err(Refusal::invalid_headers(&issues));
    }
    let id = ClientId::random().map_err(|error| {
        tracing::error!(%error, "handshake refused: the operating system gives no randomness for a client id");
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "try again later")
    })?;
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let parts = Arc::new(parts);
    let kept = core.keep_handshake.then(|| Arc::clone(&parts));
    let link = Link::new(id, core.config.outbox_bytes, Conn::new(Arc::clone(core), peer, kept));
    let link = Arc::new(link.reading(reads));
    let state = core.on_connect.as_ref().map_or(StateSlot(0), |(state, _)| *state);
    let request = Request { link: Arc::clone(&link), parts, headers, state };
    let transport = transport(&link);
    match live(Arc::clone(&link), request, transport).await {
        Ok(Ok(())) => Ok(link),
        Ok(Err(Refused(reject))) => Err(reject.into()),
        // The runtime is being shut down.
        Err(_) => Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the server is stopping")),
    }
}

/// The stream under an upgraded connection: the bare socket where that is what hyper holds.
fn into_io(upgraded: Upgraded, link: &Arc<ConnLink>) -> Io {
    match hyper_util::server::conn::auto::upgrade::downcast::<TokioIo<TcpStream>>(upgraded) {
        Ok(parts) => {
            let (early, socket) = (parts.read_buf, parts.io.into_inner());
            if let Ok(peer) = socket.peer_addr() {
                link.attachment().set_peer(peer);
            }
            // Without this, one small message after another waits for the peer's delayed acknowledgement (40 ms).
            if let Err(error) = socket.set_nodelay(true) {
                tracing::debug!(%error, "TCP_NODELAY could not be set");
            }
            if early.is_empty() {
                return Io::tcp(socket, link.outbox());
            }
            // Bytes that hyper has read already would have to be decoded first; a client must not send any before it
            // has our answer, so they take the slower way.
            let (read, write) = socket.into_split();
            let early = std::io::Cursor::new(early);
            Io::stream(tokio::io::join(tokio::io::AsyncReadExt::chain(early, read), write))
        }
        Err(upgraded) => Io::stream(TokioIo::new(upgraded)),
    }
}

/// A client of another version is let in: the protocol has rules for what is unknown.
fn warn_of_version(headers: &serde_json::Map<String, serde_json::Value>) {
    let Some(version) = headers.get("x-zocket-version").and_then(|version| version.as_str()) else { return };
    if version != crate::CLIENT_VERSION {
        let version: String = version.chars().filter(|c| c.is_ascii_graphic()).take(32).collect();
        tracing::warn!(
            client = version,
            server = crate::CLIENT_VERSION,
            "a client of another version connects"
        );
    }
}
