//! What `on_connect` answers when it refuses.

use std::{error::Error as StdError, fmt, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};

/// A refused handshake: an HTTP status and a JSON body, sent **before** the upgrade.
///
/// The error type of `#[on_connect]`. `?` turns any [`std::error::Error`] into a 500: its text goes to the log,
/// never to the client.
///
/// ```
/// use zocket::Reject;
///
/// let reject = Reject::forbidden().with_message("this room is for members");
/// assert_eq!(reject.status().as_u16(), 403);
/// assert_eq!(reject.body()["error"], "this room is for members");
/// ```
#[derive(Debug)]
pub struct Reject(Box<Inner>);

#[derive(Debug)]
struct Inner {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Reject {
    /// Refuses with `status` and `{"error": "<the status in words>"}`.
    #[must_use]
    pub fn new(status: StatusCode) -> Self {
        let body = json!({"error": status.canonical_reason().unwrap_or("refused")});
        Self(Box::new(Inner { status, headers: HeaderMap::new(), body, cause: None }))
    }

    /// 401: the client is not authenticated.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED)
    }

    /// 403: the client is known and may not connect.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN)
    }

    /// 503 with `Retry-After`: the client may try again after `retry_after` has passed (RFC 9110, 10.2.3; in whole
    /// seconds, rounded up).
    ///
    /// ```
    /// use std::time::Duration;
    /// use zocket::Reject;
    ///
    /// let reject = Reject::unavailable(Duration::from_millis(4_200)).with_message("too many at once");
    /// assert_eq!((reject.status().as_u16(), &reject.headers()["retry-after"]), (503, &"5".parse().unwrap()));
    /// ```
    #[must_use]
    pub fn unavailable(retry_after: Duration) -> Self {
        let seconds = retry_after.as_secs().saturating_add(u64::from(retry_after.subsec_nanos() > 0));
        Self::new(StatusCode::SERVICE_UNAVAILABLE).with_header(header::RETRY_AFTER, seconds.into())
    }

    /// 500: the cause goes to the log.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let mut reject = Self::new(StatusCode::INTERNAL_SERVER_ERROR);
        reject.0.cause = Some(cause.into());
        reject
    }

    /// 500 for what is no error that threads could hand to each other: its text goes to the log, as that of
    /// [`Error::internal_text`](crate::Error::internal_text) does.
    #[must_use]
    pub fn internal_text(cause: impl fmt::Display) -> Self {
        Self::internal(format!("{cause:#}"))
    }

    /// The same refusal with `{"error": message}` as its body.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.body = json!({"error": message.into()});
        self
    }

    /// The same refusal with any JSON body. A body that cannot be written as JSON makes it a 500.
    #[must_use]
    pub fn with_body<T: Serialize>(mut self, body: T) -> Self {
        match serde_json::to_value(body) {
            Ok(body) => {
                self.0.body = body;
                self
            }
            Err(cause) => Self::internal(cause),
        }
    }

    /// The same refusal with an additional HTTP header, such as `WWW-Authenticate` or `Retry-After`.
    ///
    /// ```
    /// use axum::http::{HeaderValue, header};
    /// use zocket::Reject;
    ///
    /// let reject = Reject::unauthorized()
    ///     .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    /// assert_eq!(reject.headers()["www-authenticate"], "Bearer");
    /// ```
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.append(name, value);
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Its HTTP headers, besides `Content-Type`.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The JSON body.
    #[must_use]
    pub fn body(&self) -> &Value {
        &self.0.body
    }

    pub(crate) fn into_parts(self) -> (StatusCode, HeaderMap, Value) {
        (self.0.status, self.0.headers, self.0.body)
    }

    pub(crate) fn cause(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.0.cause.as_deref()
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Reject {
    fn from(cause: E) -> Self {
        Self::internal(cause)
    }
}

/// What `#[on_connect]` may return: the context itself, or a `Result` of it.
#[diagnostic::on_unimplemented(
    message = "`#[on_connect]` must return the router's context, `{C}`, or a `Result` of it",
    label = "returns `{Self}`",
    note = "write `-> {C}` or `-> Result<{C}, zocket::Reject>`; any `std::error::Error` becomes a `Reject` by `?`, an `anyhow::Error`, a `Box<dyn Error + Send + Sync>` or a text by `.map_err(zocket::Reject::internal)?`, a `Box<dyn Error>` by `.map_err(zocket::Reject::internal_text)?`"
)]
pub trait IntoContext<C> {
    #[doc(hidden)]
    fn into_context(self) -> Result<C, Reject>;
}

impl<C> IntoContext<C> for C {
    fn into_context(self) -> Result<C, Reject> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<C, E: Into<Reject>> IntoContext<C> for Result<C, E> {
    fn into_context(self) -> Result<C, Reject> {
        self.map_err(Into::into)
    }
}
