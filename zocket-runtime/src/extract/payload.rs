//! The payload, for middleware.

use std::ops::Deref;

use serde::de::DeserializeOwned;

use super::FromCall;
use crate::{
    call::Call,
    contract::{Describe, schema::Issue},
    error::Error,
    wire::json,
};

/// What the client has sent, as an argument of a middleware or a guard. (A handler takes it as it is, `input: T`.) An extractor of
/// your own cannot take it, since nothing says beforehand that a payload is to be kept for it: let a middleware read it.
///
/// `T` need not be the handler's own type: it is read from the same JSON, so that a guard before a whole namespace can ask for
/// what all of its messages have in common:
///
/// ```
/// #[zocket::router]
/// mod app {
///     use zocket::{Ctx, Error, Payload};
///
///     /// What every message to a room says.
///     #[payload]
///     pub struct InRoom {
///         pub room: String,
///     }
///
///     #[middleware]
///     async fn member(ctx: Ctx<()>, Payload(message): Payload<InRoom>) -> Result<(), Error> {
///         if ctx.rooms().has(&message.room) { Ok(()) } else { Err(Error::forbidden()) }
///     }
///
///     #[guard(member)]
///     mod room {
///         use super::*;
///
///         #[payload]
///         pub struct Say {
///             pub room: String,
///             pub text: String,
///         }
///
///         #[incoming]
///         async fn say(input: Say) -> usize {
///             input.text.len()
///         }
///     }
/// }
/// # fn main() { app::router(); }
/// ```
///
/// A payload that does not read as `T` is refused with `INVALID_PAYLOAD`. Guards run before the payload is held to the schema of
/// the handler: what a guard sees is a `T`, and no more than that. Routes whose middleware take it keep a copy of the payload's
/// text while they handle a message, and read it once for each that does; others pay nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Payload<T>(pub T);

impl<T> Deref for Payload<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<C: 'static, St: Send + Sync + 'static, T: DeserializeOwned + Send> FromCall<C, St> for Payload<T> {
    async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
        let kept = call.memo().and_then(|memo| memo.payload()).ok_or_else(|| {
            Error::internal(
                "no payload was kept: `Payload<T>` is for middleware and guards, which take it as an argument",
            )
        })?;
        // Absent, it is read as `null`, as it is for handlers.
        let read = json::from_str::<T>(kept.unwrap_or("null"));
        read.map(|parsed| Self(parsed.value))
            .map_err(|error| Error::invalid_payload(Issue::from(error).into()))
    }

    fn needs(describe: &mut Describe) {
        describe.keep_payload();
    }
}
