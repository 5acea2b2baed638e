//! Middleware: a function with extractors of its own that yields a value or refuses the message.

use crate::{
    dispatch::Call,
    handler::{Error, TypedError},
};

/// What the macro writes for each `#[middleware]` fn.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a middleware of this router",
    label = "not a `#[middleware]` for handlers with the context `{C}` and the state `{St}`",
    note = "mark the function with `#[middleware]`, in a router with the same context and state"
)]
pub trait Middleware<C, St> {
    /// What it hands to the handler.
    type Value;

    /// Extracts the function's arguments and runs it.
    fn run(call: &Call<C, St>) -> impl Future<Output = Result<Self::Value, Error>> + Send;
}

/// The return type of a middleware.
#[diagnostic::on_unimplemented(
    message = "a middleware must return a `Result`",
    label = "returns `{Self}`",
    note = "write `-> Result<T, zocket::Error>`: `Ok` hands the value to the handler, `Err` refuses the message"
)]
pub trait MiddlewareOutput {
    /// What the handler gets.
    type Value;

    #[doc(hidden)]
    fn into_result(self) -> Result<Self::Value, Error>;
}

impl<T, E: TypedError> MiddlewareOutput for Result<T, E> {
    type Value = T;

    fn into_result(self) -> Result<T, Error> {
        self.map_err(TypedError::into_error)
    }
}
