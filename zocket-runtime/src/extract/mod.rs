//! Arguments of handlers, middleware and hooks: extractors, as an axum user expects them.

mod argument;
mod ctx;
mod parts;
mod rooms;
mod state;

pub use argument::{Argument, ViaExtractor};
pub use ctx::Ctx;
pub use parts::{HandshakeParts, PeerAddr};
pub use rooms::Rooms;
pub use state::{NoState, State};

use crate::{
    client_id::ClientId,
    dispatch::Call,
    handler::{Error, Reject},
    upgrade::Handshake,
};

/// Something that a handler, a middleware or `#[on_disconnect]` can take as an argument, beside the payload.
///
/// `C` is the router's context, `St` its state. zocket's own: [`Ctx<C>`](Ctx), [`State<T>`](State),
/// [`ClientId`], [`PeerAddr`], [`HandshakeParts`]. Write one for what your handlers always need:
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
/// An error refuses the message, as one from a middleware does.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument here",
    label = "not an extractor for the context `{C}` and the state `{St}`",
    note = "an extractor is `Ctx<{C}>`, `State<T>`, `ClientId`, `PeerAddr`, `HandshakeParts`, or a type that implements `zocket::FromCall<{C}, {St}>`",
    note = "only `#[incoming]` handlers take a payload"
)]
pub trait FromCall<C, St>: Sized {
    /// Makes the argument. Runs after the payload has been validated, in the order of the handler's arguments.
    fn from_call(call: &Call<C, St>) -> impl Future<Output = Result<Self, Error>> + Send;

    /// Whether the handshake's HTTP parts must be kept for as long as the connection lives.
    #[doc(hidden)]
    const KEEPS_HANDSHAKE: bool = false;
}

/// Something that `#[on_connect]` can take as an argument: the router's `#[headers]`, [`ClientId`],
/// [`State<T>`](State), [`PeerAddr`], [`HandshakeParts`], or a type of your own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of `#[on_connect]`",
    label = "not available before the upgrade, for the state `{St}`",
    note = "`#[on_connect]` takes the router's `#[headers]` type, `ClientId`, `State<T>`, `PeerAddr`, `HandshakeParts` or a type that implements `zocket::FromHandshake`"
)]
pub trait FromHandshake<St>: Sized {
    /// Makes the argument, or refuses the handshake.
    fn from_handshake(handshake: &Handshake<St>) -> impl Future<Output = Result<Self, Reject>> + Send;
}

impl<C: Send + Sync + 'static, St: Send + Sync + 'static> FromCall<C, St> for ClientId {
    async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
        Ok(call.client_id())
    }
}

impl<St: Send + Sync + 'static> FromHandshake<St> for ClientId {
    async fn from_handshake(handshake: &Handshake<St>) -> Result<Self, Reject> {
        Ok(handshake.client_id())
    }
}
