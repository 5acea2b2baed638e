//! axum's extractors before the upgrade.

use axum::{
    body::to_bytes,
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::FromHandshake;
use crate::{call::Handshake, error::Reject};

/// One of axum's extractors, applied to the handshake's HTTP request: cookies, sessions, path parameters, typed headers.
///
/// For `#[on_connect]`. `T` is any [`FromRequestParts`] for the router's state. If it rejects, the handshake is refused with
/// the same status and the same text. It works on a copy of the request: other arguments still see what it takes out.
///
/// ```
/// #[zocket::router]
/// mod app {
///     use axum::extract::Path;
///     use zocket::Http;
///
///     #[context]
///     pub struct Session {
///         pub board: String,
///     }
///
///     /// For a server that is mounted at `/boards/{board}`.
///     #[on_connect]
///     async fn connect(Http(Path(board)): Http<Path<String>>) -> Session {
///         Session { board }
///     }
/// }
///
/// # fn main() {
/// let server = zocket::Server::builder(app::router()).build();
/// let http: axum::Router = axum::Router::new().route("/boards/{board}", server.route());
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Http<T>(pub T);

/// How much of a rejection's text is read, in bytes.
const MAX_TEXT: usize = 16 * 1024;

impl<St, T> FromHandshake<St> for Http<T>
where
    St: Send + Sync + 'static,
    T: FromRequestParts<St>,
{
    async fn from_handshake(handshake: &Handshake<St>) -> Result<Self, Reject> {
        let mut parts = (*handshake.parts()).clone();
        let extracted = T::from_request_parts(&mut parts, handshake.state()).await;
        let response = match extracted.map_err(IntoResponse::into_response) {
            Ok(value) => return Ok(Self(value)),
            Err(response) => response,
        };
        Err(refusal(response).await)
    }
}

/// An extractor's rejection, as a refusal of the handshake.
async fn refusal(response: Response) -> Reject {
    let (parts, body) = response.into_parts();
    let mut reject = Reject::new(parts.status);
    // If the body cannot be read, because it is too long or fails, the status is still worth keeping.
    let text = to_bytes(body, MAX_TEXT).await.unwrap_or_default();
    if !text.is_empty() {
        let body = serde_json::from_slice::<Value>(&text).ok().filter(Value::is_object);
        reject = reject.with_body(body.unwrap_or_else(|| json!({"error": String::from_utf8_lossy(&text)})));
    }
    for (name, value) in &parts.headers {
        // These describe the body, which is rewritten.
        if name != http::header::CONTENT_TYPE && name != http::header::CONTENT_LENGTH {
            reject = reject.with_header(name.clone(), value.clone());
        }
    }
    reject
}
