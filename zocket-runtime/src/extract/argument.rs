//! One trait for everything that an `#[incoming]` handler takes: extractors, and the payload.
//!
//! Both are blanket implementations, told apart by the marker `Via`, which the compiler infers: that is what
//! makes bare payload types possible. An argument is made in two steps: *early*, while the frame's bytes are at
//! hand (the payload is parsed there, without a copy), and *late*, inside the handler's future.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::{
    contract::Describe,
    dispatch::{Call, Start},
    extract::FromCall,
    handler::Error,
};

/// Marks arguments made by [`FromCall`].
pub enum ViaExtractor {}
/// Marks the payload.
pub enum ViaPayload {}

/// An argument of an `#[incoming]` handler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of an `#[incoming]` handler",
    label = "neither a payload nor an extractor",
    note = "a payload is any type that is `Deserialize + JsonSchema`: inside the router, `#[payload]` derives both",
    note = "an extractor is `Ctx<{C}>`, `State<T>`, `ClientId`, `PeerAddr`, `HandshakeParts`, or a type that implements `zocket::FromCall<{C}, {St}>`"
)]
pub trait Argument<C, St, Via>: Sized {
    /// Whether this is the payload.
    const PAYLOAD: bool;
    /// What the early step leaves for the late one.
    type Early: Send;

    /// Adds what the contract must know.
    fn describe(d: &mut Describe);
    /// The step while the frame is at hand.
    fn early(start: &mut Start<'_, C, St>) -> Result<Self::Early, Error>;
    /// The step inside the handler's future.
    fn late(early: Self::Early, call: &Call<C, St>) -> impl Future<Output = Result<Self, Error>> + Send;
}

impl<C, St, A> Argument<C, St, ViaExtractor> for A
where
    A: FromCall<C, St>,
    C: Send + Sync + 'static,
    St: Send + Sync + 'static,
{
    const PAYLOAD: bool = false;
    type Early = ();

    fn describe(d: &mut Describe) {
        if A::KEEPS_HANDSHAKE {
            d.keep_handshake();
        }
    }

    fn early(_: &mut Start<'_, C, St>) -> Result<(), Error> {
        Ok(())
    }

    fn late((): (), call: &Call<C, St>) -> impl Future<Output = Result<Self, Error>> + Send {
        A::from_call(call)
    }
}

impl<C, St, A> Argument<C, St, ViaPayload> for A
where
    A: DeserializeOwned + JsonSchema + Send,
    C: Send + Sync + 'static,
    St: Send + Sync + 'static,
{
    const PAYLOAD: bool = true;
    type Early = A;

    fn describe(d: &mut Describe) {
        d.payload::<A>();
    }

    fn early(start: &mut Start<'_, C, St>) -> Result<A, Error> {
        start.payload()
    }

    fn late(early: A, _: &Call<C, St>) -> impl Future<Output = Result<A, Error>> + Send {
        std::future::ready(Ok(early))
    }
}
