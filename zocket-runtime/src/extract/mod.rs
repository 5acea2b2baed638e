//! Arguments of handlers, middleware and hooks: extractors, as an axum user expects them.

mod addresses;
mod argument;
mod http;
mod parts;
mod payload;
mod state;

pub use addresses::{ClientAddr, PeerAddr};
#[cfg(feature = "testing")]
pub(crate) use argument::ViaPayload;
pub use argument::{Argument, ViaExtractor};
pub use http::Http;
pub use parts::HandshakeParts;
pub use payload::Payload;
pub use state::{IsState, State};

use crate::{
    call::{Call, Handshake},
    client_id::ClientId,
    connection::Ctx,
    contract::Describe,
    error::{Error, Reject},
};

/// Something that a handler, a middleware or `#[on_disconnect]` can take as an argument, besides the payload.
///
/// `C` is the router's context, `St` its state. zocket's own: [`Ctx<C>`](Ctx), [`State<T>`](State),
/// [`ClientId`], [`ClientAddr`], [`PeerAddr`], [`HandshakeParts`], and for middleware [`Payload`]. Implement it for something
/// that your handlers often need:
///
/// ```
/// use zocket::{Call, Error, FromCall};
///
/// /// How many rooms the caller is in.
/// struct RoomCount(usize);
///
/// impl<C: Send + Sync + 'static, St: Send + Sync + 'static> FromCall<C, St> for RoomCount {
///     async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
///         Ok(Self(call.ctx().rooms().current().len()))
///     }
/// }
///
/// #[zocket::router]
/// mod app {
///     use super::RoomCount;
///
///     #[incoming]
///     async fn rooms(RoomCount(count): RoomCount) -> usize {
///         count
///     }
/// }
/// # fn main() { app::router(); }
/// ```
///
/// An error refuses the message, like an error from a middleware.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument here",
    label = "not an extractor for the context `{C}` and the state `{St}`",
    note = "an extractor is `zocket::Ctx<{C}>`, `zocket::State<T>`, `ClientId`, `ClientAddr`, `PeerAddr`, `HandshakeParts`, or a type that implements `zocket::FromCall<{C}, {St}>`",
    note = "only `#[incoming]` handlers take a payload as it is; a middleware reads it with `zocket::Payload<T>`"
)]
pub trait FromCall<C, St>: Sized {
    /// Makes the argument. Runs after the payload has been validated, in the order of the handler's arguments.
    fn from_call(call: &Call<C, St>) -> impl Future<Output = Result<Self, Error>> + Send;

    /// Says what must be kept for it: the handshake's HTTP parts, the payload.
    #[doc(hidden)]
    fn needs(_: &mut Describe) {}
}

/// Something that `#[on_connect]` can take as an argument: the router's `#[headers]`, [`ClientId`],
/// [`State<T>`](State), [`ClientAddr`], [`PeerAddr`], [`HandshakeParts`], [`Http<T>`](Http), or a type of your own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of `#[on_connect]`",
    label = "not available before the upgrade, for the state `{St}`",
    note = "`#[on_connect]` takes the router's `#[headers]` type, `ClientId`, `zocket::State<T>`, `ClientAddr`, `PeerAddr`, `HandshakeParts`, `Http<T>` or a type that implements `zocket::FromHandshake`"
)]
pub trait FromHandshake<St>: Sized {
    /// Makes the argument, or refuses the handshake.
    fn from_handshake(handshake: &Handshake<St>) -> impl Future<Output = Result<Self, Reject>> + Send;
}

impl<C: 'static, St: Send + Sync + 'static> FromCall<C, St> for Ctx<C> {
    async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
        Ok(call.ctx())
    }
}

impl<C: 'static, St: Send + Sync + 'static> FromCall<C, St> for ClientId {
    async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
        Ok(call.client_id())
    }
}

impl<St: Send + Sync + 'static> FromHandshake<St> for ClientId {
    async fn from_handshake(handshake: &Handshake<St>) -> Result<Self, Reject> {
        Ok(handshake.client_id())
    }
}
