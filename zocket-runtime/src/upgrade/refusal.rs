//! Refusing a handshake, in one of two ways.

use std::time::Duration;

use axum::{body::Body, response::Response};
use http::{HeaderValue, StatusCode, header, request::Parts};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use super::websocket::Offer;
use crate::{
    error::Reject,
    target,
    wire::{close::CloseCode, encode},
};

/// The close code of a refusal is its HTTP status plus this.
const CLOSE_CODES: u16 = 3000;

/// A refusal as the answer to the handshake.
pub(super) fn answer(reject: Reject) -> Response {
    let (status, headers, body) = reject.into_parts();
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if status == StatusCode::UPGRADE_REQUIRED {
        // RFC 9110, 15.5.22: the answer must name a protocol.
        response.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    }
    response
}

/// A refusal for a client that cannot see HTTP responses, as in a browser: the upgrade is completed, and the only frame
/// after it is a close frame.
pub(super) fn close(reject: &Reject, offer: Offer, upgrade: OnUpgrade, within: Duration) -> Response {
    let code = CloseCode::new(CLOSE_CODES + reject.status().as_u16()).unwrap_or(CloseCode::POLICY);
    let reason = reject.body()["error"].as_str().unwrap_or_default().to_owned();
    tokio::spawn(async move {
        let said = timeout(within, async move {
            let mut stream = TokioIo::new(upgrade.await?);
            let mut frame = Vec::new();
            encode::close(&mut frame, Some((code, &reason)));
            stream.write_all(&frame).await?;
            stream.shutdown().await?;
            // The client's close frame is read but not looked at: closing with unread bytes would cut off
            // ours.
            let mut ignored = [0; 256];
            while stream.read(&mut ignored).await? > 0 {}
            Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
        });
        if let Ok(Err(error)) = said.await {
            tracing::debug!(target: target::HANDSHAKE, %error, "the client was gone before it heard that it was refused");
        }
    });
    offer.accept()
}

/// Whether the client asks for refusals as a close frame: `x-zocket-refusal=close` in its query.
pub(super) fn wants_close(parts: &Parts) -> bool {
    let query = parts.uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).any(|(key, value)| key == "x-zocket-refusal" && value == "close")
}
