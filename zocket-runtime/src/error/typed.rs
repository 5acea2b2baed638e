//! The codes that errors carry, and the errors that a router declares.

use super::Error;
use crate::contract::Errors;

/// The codes that zocket itself answers with. A router's own errors have their own codes.
pub mod code {
    /// The frame is not a JSON object with a string `type`.
    pub const BAD_MESSAGE: &str = "BAD_MESSAGE";
    /// No handler has this route.
    pub const UNKNOWN_ROUTE: &str = "UNKNOWN_ROUTE";
    /// The payload does not match the route's schema; `issues` says where.
    pub const INVALID_PAYLOAD: &str = "INVALID_PAYLOAD";
    /// The server is restarting, and has not started to handle the message: it may be sent again on the next
    /// connection.
    pub const RESTARTING: &str = "RESTARTING";
    /// A panic or an unexpected error; the cause is in the server's log.
    pub const INTERNAL: &str = "INTERNAL";
}

/// The error type of a handler's `Result`: [`Error`], or an enum marked `#[error]`.
///
/// The macro writes the implementation; write it by hand only for a type that is not an enum.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a handler",
    label = "not an error that zocket can send",
    note = "use `zocket::Error`: any `std::error::Error` becomes one by `?`, an `anyhow::Error`, a `Box<dyn Error + Send + Sync>` or a text by `.map_err(zocket::Error::internal)?`, a `Box<dyn Error>` by `.map_err(zocket::Error::internal_text)?`",
    note = "or mark the enum with `#[error]` inside the router, so that its variants become codes"
)]
pub trait TypedError: Sized {
    /// The error as it is sent to the client.
    fn into_error(self) -> Error;
    /// Names the codes, for the contract.
    fn describe(errors: &mut Errors);

    /// The reverse of [`into_error`](Self::into_error), for tests: `zocket::testing` reads error replies with it. The macro
    /// writes it where the feature `testing` is on.
    ///
    /// # Errors
    /// The error itself, if it is none of these.
    fn from_error(error: Error) -> Result<Self, Error> {
        Err(error)
    }
}

impl TypedError for Error {
    fn into_error(self) -> Error {
        self
    }

    fn describe(_: &mut Errors) {}

    fn from_error(error: Error) -> Result<Self, Error> {
        Ok(error)
    }
}
