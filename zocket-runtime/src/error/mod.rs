//! How a message or a handshake is refused, and the futures that may end in a refusal.

mod reject;
mod typed;

pub use reject::{IntoContext, Reject};
pub use typed::{TypedError, code};

use std::{borrow::Cow, error::Error as StdError, fmt, pin::Pin};

use serde::{Serialize, ser::Error as _};

use crate::{
    contract::schema::{Issue, Violations},
    wire,
};

/// A refusal with a code: the error of a handler or a middleware.
///
/// It reaches the client as an error reply (`__rpc_err`) with `code`, `message` and, if given, `data`.
///
/// `?` turns any [`std::error::Error`] into an `INTERNAL` error: its text goes to the log, **never to the client**. For
/// boxed errors, an `anyhow::Error` or a string, use `.map_err(Error::internal)?`; for what is boxed without `Send + Sync`,
/// `.map_err(Error::internal_text)?`. Because every error converts, this type cannot be a [`std::error::Error`] itself;
/// [`into_boxed`](Self::into_boxed) converts it into one. Declare your own codes as an `#[error]` enum, so that the contract
/// lists them.
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
    violations: Option<Violations>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error with your own code, by convention in `SCREAMING_SNAKE_CASE`, and a message for people.
    #[must_use]
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            code: code.into(),
            message: message.into(),
            data: None,
            violations: None,
            cause: None,
        }))
    }

    /// `UNAUTHORIZED`: the client is not authenticated.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new("UNAUTHORIZED", "sign in first")
    }

    /// `FORBIDDEN`: the client is known and may not do this.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new("FORBIDDEN", "not allowed")
    }

    /// `NOT_FOUND`: what the message refers to does not exist.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new("NOT_FOUND", "not found")
    }

    /// `INTERNAL`: the cause goes to the log; the client only learns that something went wrong.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let mut error = Self::new(code::INTERNAL, "internal error");
        error.0.cause = Some(cause.into());
        error
    }

    /// `INTERNAL` for what is no error that threads could hand to each other, such as a `Box<dyn Error>`: its text goes to
    /// the log, in the long form (`{:#}`), the client learns only that something went wrong.
    ///
    /// ```
    /// use zocket::Error;
    ///
    /// fn read() -> Result<String, Box<dyn std::error::Error>> {
    ///     Err("the disk is gone".into())
    /// }
    ///
    /// fn answer() -> Result<String, Error> {
    ///     Ok(read().map_err(Error::internal_text)?)
    /// }
    ///
    /// assert_eq!(answer().unwrap_err().code(), "INTERNAL");
    /// ```
    #[must_use]
    pub fn internal_text(cause: impl fmt::Display) -> Self {
        Self::internal(format!("{cause:#}"))
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
        let mut json = Vec::new();
        let written = wire::json::append(&mut json, data);
        match written.and_then(|()| String::from_utf8(json).map_err(serde_json::Error::custom)) {
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

    /// What is wrong with the payload, the first [`MOST_ISSUES`](Violations::MOST_ISSUES) violations; empty except
    /// for `INVALID_PAYLOAD`.
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        self.0.violations.as_ref().map_or(&[], Violations::issues)
    }

    /// How many violations there are, including those not listed in [`issues`](Self::issues).
    #[must_use]
    pub fn issue_count(&self) -> u64 {
        self.0.violations.as_ref().map_or(0, Violations::count)
    }

    /// The `data` as JSON text, if there is any.
    #[must_use]
    pub fn data(&self) -> Option<&str> {
        self.0.data.as_deref()
    }

    /// The error as a [`std::error::Error`], for code that needs one: its text is the code and the message, and its source
    /// is the cause.
    ///
    /// ```
    /// let error = zocket::Error::not_found().into_boxed();
    /// assert_eq!(error.to_string(), "NOT_FOUND: not found");
    /// ```
    #[must_use]
    pub fn into_boxed(self) -> Box<dyn StdError + Send + Sync> {
        Box::new(Boxed(self))
    }

    pub(crate) fn invalid_payload(violations: Violations) -> Self {
        let mut error = Self::new(code::INVALID_PAYLOAD, "the payload does not fit the route's schema");
        error.0.violations = Some(violations);
        error
    }

    /// The same error with this as what the log shows.
    #[cfg(feature = "testing")]
    pub(crate) fn caused_by(mut self, cause: String) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// Whether this is about a payload that is completely valid JSON.
    pub(crate) fn is_of_a_whole_payload(&self) -> bool {
        let issues = self.issues();
        !issues.is_empty() && issues.iter().all(|issue| issue.keyword != "syntax")
    }

    /// The cause, as the log shows it.
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

/// See [`Error::into_boxed`].
#[derive(Debug)]
struct Boxed(Error);

impl fmt::Display for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Boxed {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.cause().map(|cause| cause as _)
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

/// A future on the heap: what the tables of handlers and hooks hold.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A running handler, guard or hook: it ends with nothing, after replying if it should, or with a refusal.
pub type Handling = BoxFuture<Result<(), Error>>;

/// `Box::pin` for generated code, which names that a user has shadowed cannot affect.
pub fn boxed<F: Future + Send + 'static>(future: F) -> BoxFuture<F::Output> {
    Box::pin(future)
}
