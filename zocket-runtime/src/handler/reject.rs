//! What `on_connect` answers when it refuses.

use std::error::Error as StdError;

use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

/// A refused handshake: an HTTP status and a JSON body, sent **before** the upgrade.
///
/// The error type of `#[on_connect]`. Any [`std::error::Error`] becomes a 500 by `?`: its text goes to the log,
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
pub struct Reject {
    status: StatusCode,
    body: Value,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Reject {
    /// Refuses with `status` and `{"error": "<the status in words>"}`.
    #[must_use]
    pub fn new(status: StatusCode) -> Self {
        Self { status, body: json!({"error": status.canonical_reason().unwrap_or("refused")}), cause: None }
    }

    /// 401: who the client is, is not known.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED)
    }

    /// 403: the client is known and may not connect.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN)
    }

    /// 500: the cause goes to the log.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let mut reject = Self::new(StatusCode::INTERNAL_SERVER_ERROR);
        reject.cause = Some(cause.into());
        reject
    }

    /// The same refusal with `{"error": message}` as its body.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.body = json!({"error": message.into()});
        self
    }

    /// The same refusal with any JSON body. A body that cannot be written as JSON makes it a 500.
    #[must_use]
    pub fn with_body<T: Serialize>(mut self, body: T) -> Self {
        match serde_json::to_value(body) {
            Ok(body) => {
                self.body = body;
                self
            }
            Err(cause) => Self::internal(cause),
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The JSON body.
    #[must_use]
    pub fn body(&self) -> &Value {
        &self.body
    }

    pub(crate) fn into_parts(self) -> (StatusCode, Value) {
        (self.status, self.body)
    }

    pub(crate) fn cause(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.cause.as_deref()
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
    note = "write `-> {C}` or `-> Result<{C}, zocket::Reject>`; any `std::error::Error` becomes a `Reject` by `?`"
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
