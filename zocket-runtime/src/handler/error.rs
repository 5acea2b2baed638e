//! What a handler or middleware answers when it refuses.

use std::{borrow::Cow, error::Error as StdError, fmt};

use serde::Serialize;

use crate::contract::{Errors, schema::Issue};

/// A refusal with a code: the error of a handler or a middleware.
///
/// It reaches the client as an error reply (`__rpc_err`) with `code`, `message` and, where given, `data`.
///
/// Any [`std::error::Error`] becomes an `INTERNAL` error by `?`: its text goes to the log, **never to the
/// client**. Codes of your own are best declared as an `#[error]` enum, so that the contract lists them.
///
/// ```
/// use zocket::Error;
///
/// fn age(text: &str) -> Result<u32, Error> {
///     let age: u32 = text.parse()?; // INTERNAL, the cause logged
///     if age < 18 {
///         return Err(Error::forbidden().with_message("adults only"));
///     }
///     Ok(age)
/// }
///
/// assert_eq!(age("17").unwrap_err().code(), "FORBIDDEN");
/// assert_eq!(age("x").unwrap_err().code(), "INTERNAL");
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    code: Cow<'static, str>,
    message: Cow<'static, str>,
    data: Option<Box<str>>,
    issues: Vec<Issue>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error with a code of your own, `SCREAMING_SNAKE_CASE` by custom, and a message for people.
    #[must_use]
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            code: code.into(),
            message: message.into(),
            data: None,
            issues: Vec::new(),
            cause: None,
        }))
    }

    /// `UNAUTHORIZED`: who the client is, is not known.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new("UNAUTHORIZED", "sign in first")
    }

    /// `FORBIDDEN`: the client is known and may not do this.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new("FORBIDDEN", "not allowed")
    }

    /// `NOT_FOUND`: what the message speaks of does not exist.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new("NOT_FOUND", "not found")
    }

    /// `INTERNAL`: the cause goes to the log, the client learns only that something went wrong.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let mut error = Self::new(code::INTERNAL, "internal error");
        error.0.cause = Some(cause.into());
        error
    }

    /// The same error with another message.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.0.message = message.into();
        self
    }

    /// The same error with `data` for the client's program. Data that cannot be written as JSON turns the error
    /// into `INTERNAL`, with the reason in the log.
    #[must_use]
    pub fn with_data<T: Serialize + ?Sized>(mut self, data: &T) -> Self {
        match serde_json::to_string(data) {
            Ok(data) => {
                self.0.data = Some(data.into());
                self
            }
            Err(cause) => Self::internal(cause),
        }
    }

    /// The code, as the client sees it.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The message, as the client sees it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What is wrong with the payload; empty but for `INVALID_PAYLOAD`.
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        &self.0.issues
    }

    /// The `data` as JSON text, where there is some.
    #[must_use]
    pub fn data(&self) -> Option<&str> {
        self.0.data.as_deref()
    }

    pub(crate) fn invalid_payload(issues: Vec<Issue>) -> Self {
        let mut error = Self::new(code::INVALID_PAYLOAD, "the payload does not fit the route's schema");
        error.0.issues = issues;
        error
    }

    /// What the log would say of the cause.
    pub(crate) fn cause_text(&self) -> String {
        self.cause().map_or_else(|| self.to_string(), ToString::to_string)
    }

    pub(crate) fn cause(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.0.cause.as_deref()
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("code", &self.0.code)
            .field("message", &self.0.message)
            .field("cause", &self.0.cause)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code, self.0.message)
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(cause: E) -> Self {
        Self::internal(cause)
    }
}

/// The codes that zocket itself answers with. A router's own errors bring their own.
pub mod code {
    /// The frame holds no JSON object, or one without a string `type`.
    pub const BAD_MESSAGE: &str = "BAD_MESSAGE";
    /// No handler has this route.
    pub const UNKNOWN_ROUTE: &str = "UNKNOWN_ROUTE";
    /// The payload does not fit the route's schema; `issues` says where.
    pub const INVALID_PAYLOAD: &str = "INVALID_PAYLOAD";
    /// Too many calls of this connection are in progress.
    pub const OVERLOADED: &str = "OVERLOADED";
    /// A panic or an unexpected error; the cause is in the server's log.
    pub const INTERNAL: &str = "INTERNAL";
}

/// The error type of a handler's `Result`: [`Error`], or an enum marked `#[error]`.
///
/// The macro writes the implementation; by hand it is only worth it for a type that is no enum.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a handler",
    label = "not an error that zocket can send",
    note = "use `zocket::Error` (any `std::error::Error` becomes one by `?`)",
    note = "or mark the enum with `#[error]` inside the router, so that its variants become codes"
)]
pub trait TypedError: Sized {
    /// The error as it goes to the client.
    fn into_error(self) -> Error;
    /// Names the codes, for the contract.
    fn describe(errors: &mut Errors);
}

impl TypedError for Error {
    fn into_error(self) -> Error {
        self
    }

    fn describe(_: &mut Errors) {}
}
