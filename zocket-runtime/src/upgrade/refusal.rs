//! A handshake that is refused, and the two ways of saying so.

use std::time::Duration;

use axum::{body::Body, response::Response};
use http::{HeaderValue, StatusCode, header, request::Parts};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use super::websocket::Offer;
use crate::{contract::schema::Issue, handler::Reject, wire::encode};

/// The close code of a refusal is its HTTP status and this.
const CLOSE_CODES: u16 = 3000;

/// Why a client is not let in: an HTTP status and a JSON body.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    body: Value,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, message: &str) -> Self {
        Self { status, body: json!({"error": message}) }
    }

    pub(super) fn invalid_headers(issues: &[Issue]) -> Self {
        let body = json!({"error": "Invalid headers", "details": issues});
        Self { status: StatusCode::BAD_REQUEST, body }
    }

    /// The client was made from a contract that this server, which has the contract `hash`, does not serve.
    pub(super) fn upgrade_required(hash: &str) -> Self {
        let error = "this client is of another version than the server; update it (reload the page)";
        Self { status: StatusCode::UPGRADE_REQUIRED, body: json!({"error": error, "contract": hash}) }
    }

    #[cfg(feature = "testing")]
    pub(crate) fn into_parts(self) -> (StatusCode, Value) {
        (self.status, self.body)
    }

    /// The refusal as the answer to the handshake.
    pub(super) fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if self.status == StatusCode::UPGRADE_REQUIRED {
            // RFC 9110, 15.5.22: the answer must name a protocol.
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        }
        response
    }

    /// The refusal for a client that cannot see an HTTP answer, as in a browser: the upgrade is completed, and all that
    /// comes after it is a close frame.
    pub(super) fn close(self, offer: Offer, upgrade: OnUpgrade, within: Duration) -> Response {
        let code = CLOSE_CODES + self.status.as_u16();
        let reason = self.body["error"].as_str().unwrap_or_default().to_owned();
        tokio::spawn(async move {
            let said = timeout(within, async move {
                let mut stream = TokioIo::new(upgrade.await?);
                let mut frame = Vec::new();
                encode::close(&mut frame, Some((code, &reason)));
                stream.write_all(&frame).await?;
                stream.shutdown().await?;
                // The client's close frame is read, not looked at: to leave with unread bytes would cut off ours.
                let mut ignored = [0; 256];
                while stream.read(&mut ignored).await? > 0 {}
                Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
            });
            if let Ok(Err(error)) = said.await {
                tracing::debug!(%error, "the client was gone before it heard that it was refused");
            }
        });
        offer.accept()
    }
}

impl From<Reject> for Refusal {
    fn from(reject: Reject) -> Self {
        let (status, body) = reject.into_parts();
        Self { status, body }
    }
}

/// Whether the client asks to hear of a refusal by a close frame: `x-zocket-refusal=close` in its query.
pub(super) fn wants_close(parts: &Parts) -> bool {
    let query = parts.uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).any(|(key, value)| key == "x-zocket-refusal" && value == "close")
}
