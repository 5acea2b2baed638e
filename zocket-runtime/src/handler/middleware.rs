//! Middleware: a function with its own extractors that yields a value or refuses the message.

use crate::{
    call::Call,
    contract::Describe,
    error::{Error, TypedError},
};

/// Implemented by the macro for each `#[middleware]` fn.
#[diagnostic::on_unimplemented(
    message = "this is no middleware of this router",
    label = "not a `#[middleware]` for handlers with the context `{C}` and the state `{St}`",
    note = "write `#[middleware]` above the fn, in a router with the same context and state"
)]
pub trait Middleware<C, St>: Sized + 'static {
    /// The value that it yields.
    type Value: Send + 'static;

    /// Adds its errors, and those of the middleware whose values it takes, to the route that is being described.
    fn describe(d: &mut Describe);

    /// Extracts the function's arguments and runs it.
    fn run(call: &Call<C, St>) -> impl Future<Output = Result<Self::Value, Error>> + Send;

    /// A copy of the value, if the type is `Clone`.
    fn copy(value: &Self::Value) -> Option<Self::Value>;

    /// The value for an argument with `#[from(…)]`: the one that this call has already made, or a new one.
    fn value(call: &Call<C, St>) -> impl Future<Output = Result<Self::Value, Error>> + Send {
        async move {
            let Some(memo) = call.memo().filter(|memo| memo.keeps::<Self>()) else {
                return Self::run(call).await;
            };
            let value = match memo.take::<Self, Self::Value>(call.state_slot()) {
                Some(value) => value,
                None => Self::run(call).await?,
            };
            memo.put::<Self, _>(call.state_slot(), Self::copy(&value));
            Ok(value)
        }
    }

    /// Runs it as a guard, unless it has run in this call.
    fn guard(call: &Call<C, St>) -> impl Future<Output = Result<(), Error>> + Send {
        async move {
            let Some(memo) = call.memo().filter(|memo| memo.keeps::<Self>()) else {
                return Self::run(call).await.map(drop);
            };
            if !memo.has_run::<Self>(call.state_slot()) {
                memo.put::<Self, _>(call.state_slot(), Some(Self::run(call).await?));
            }
            Ok(())
        }
    }
}

/// A value that may be `Clone`: generated code calls `copy` on it, and the compiler picks the inherent method if there is
/// one.
#[derive(Debug)]
pub struct Shared<'v, T>(pub &'v T);

impl<T: Clone> Shared<'_, T> {
    /// A clone.
    #[must_use]
    pub fn copy(&self) -> Option<T> {
        Some(self.0.clone())
    }
}

/// What [`Shared`] does with a value that is not `Clone`.
pub trait NotShared<T> {
    /// None.
    fn copy(&self) -> Option<T>;
}

impl<T> NotShared<T> for Shared<'_, T> {
    fn copy(&self) -> Option<T> {
        None
    }
}

/// A middleware's value, for the type of the argument that takes it.
#[diagnostic::on_unimplemented(
    message = "the middleware makes a `{Self}`, and this argument takes a `{T}`",
    label = "gets a `{Self}`",
    note = "write the type that the middleware returns in its `Ok`"
)]
pub trait Yields<T>: Sized {
    #[doc(hidden)]
    fn yielded(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<T> Yields<T> for T {
    fn yielded(self) -> T {
        self
    }
}

/// What the name of a middleware that is none leads to: generated code imports it below the name of what the user has named,
/// and a fn leaves the name of a type free.
pub mod no_middleware {
    /// A fn without `#[middleware]`.
    #[derive(Debug)]
    pub struct PlainFn;
    pub use PlainFn as __ZocketMiddleware;
}

/// The return type of a middleware.
#[diagnostic::on_unimplemented(
    message = "a middleware must return a `Result`",
    label = "returns `{Self}`",
    note = "write `-> Result<T, zocket::Error>`: `Ok` hands the value to the handler, `Err` refuses the message"
)]
pub trait MiddlewareOutput {
    /// The value that the handler gets.
    type Value;
    /// What the client gets. That it is a [`TypedError`](crate::TypedError) is asked for by generated code: where it were
    /// asked for here, one that is not would be reported wherever the middleware is named.
    type Error;

    #[doc(hidden)]
    fn into_result(self) -> Result<Self::Value, Self::Error>;
}

impl<T, E> MiddlewareOutput for Result<T, E> {
    type Value = T;
    type Error = E;

    fn into_result(self) -> Self {
        self
    }
}

/// What `#[on_disconnect]` may return, beside nothing.
#[diagnostic::on_unimplemented(
    message = "`#[on_disconnect]` must return nothing, or a `Result` of nothing",
    label = "returns `{Self}`",
    note = "write `-> Result<(), zocket::Error>` to have an error logged"
)]
pub trait Ends {
    #[doc(hidden)]
    fn into_result(self) -> Result<(), Error>;
}

impl<E: TypedError> Ends for Result<(), E> {
    fn into_result(self) -> Result<(), Error> {
        self.map_err(TypedError::into_error)
    }
}
