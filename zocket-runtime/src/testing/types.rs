//! The types of a handler's call, worked out by the compiler: the macro sees only how they are written.
//!
//! `V` and `W` are left to be inferred where a test makes the call, so that nothing is worked out for handlers that no test calls.

use std::marker::PhantomData;

use serde::{Serialize, de::DeserializeOwned};

use super::ask::NoError;
use crate::{
    error::Error,
    extract::{Argument, ViaExtractor, ViaPayload},
    handler::Reply,
};

/// The arguments that may be the payload, as a list `(A, (B, ()))`; `V` says of each which it is.
pub trait Asked<C, St, V> {
    /// The payload, or nothing.
    type Payload;
}

impl<C, St> Asked<C, St, ()> for () {
    type Payload = ();
}

impl<C, St, A: Argument<C, St, ViaPayload>, Rest> Asked<C, St, (ViaPayload, ())> for (A, Rest) {
    type Payload = A;
}

impl<C, St, V, A, Rest> Asked<C, St, (ViaExtractor, V)> for (A, Rest)
where
    A: Argument<C, St, ViaExtractor>,
    Rest: Asked<C, St, V>,
{
    type Payload = Rest::Payload;
}

/// A payload that a test can send.
#[diagnostic::on_unimplemented(
    message = "a test cannot send the payload `{Self}`",
    label = "`{Self}` is not `Serialize`",
    note = "derive `serde::Serialize` for `{Self}`, or for the types in it; inside the router, `#[payload]` on a type derives it",
    note = "or send it untyped: `client.call(route, &serde_json::json!(…))`"
)]
pub trait SendPayload: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize> SendPayload for T {}

/// Marks return types that are a `Result`.
pub enum ViaResult {}
/// Marks return types that are the reply.
pub enum ViaValue {}

/// What a handler returns, as its reply and its error.
pub trait Answers<W> {
    /// The reply.
    type Reply;
    /// The error.
    type Error;
}

impl<T, E> Answers<ViaResult> for Result<T, E> {
    type Reply = T;
    type Error = E;
}

impl<T: Reply> Answers<ViaValue> for T {
    type Reply = T;
    type Error = NoError;
}

/// The data of a variant of a typed error. Generated code calls `read` on it, and the compiler picks the method that can, if the
/// types of the fields are `Deserialize`.
pub struct ErrorData<T>(PhantomData<T>);

impl<T> ErrorData<T> {
    /// The only value.
    pub const NEW: Self = Self(PhantomData);
}

impl<T: DeserializeOwned> ErrorData<T> {
    /// The data of `error`, which is called `variant`.
    ///
    /// # Errors
    /// The error itself, with the reason, if its data is something else.
    pub fn read(self, error: Error, variant: &str) -> Result<T, Error> {
        let data = error.data().unwrap_or("null");
        let read = serde_json::from_str(data)
            .map_err(|why| format!("its data is not that of `{variant}`, {why}: {data}"));
        read.map_err(|why| error.caused_by(why))
    }
}

/// What [`ErrorData`] does with fields that cannot be read.
pub trait UnreadData<T>: Sized {
    /// The error itself, with the reason.
    ///
    /// # Errors
    /// Always.
    fn read(self, error: Error, variant: &str) -> Result<T, Error> {
        Err(error.caused_by(format!(
            "its data cannot be read: derive `serde::Deserialize` for the types in `{variant}`, which must own what they hold, or look at `code` and `data`"
        )))
    }
}

impl<T> UnreadData<T> for &ErrorData<T> {}
