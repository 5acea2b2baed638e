//! One trait for all arguments of an `#[incoming]` handler: extractors, and the payload.
//!
//! Both are blanket implementations, distinguished by the marker `Via`, which the compiler infers: this makes
//! bare payload types possible. An argument is made in two steps: *early*, while the frame's bytes are
//! available (the payload is parsed then, without a copy), and *late*, inside the handler's future.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::FromCall;
use crate::{
    call::{Call, Start},
    contract::Describe,
    error::Error,
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
    note = "an extractor is `zocket::Ctx<{C}>`, `zocket::State<T>`, `ClientId`, `ClientAddr`, `PeerAddr`, `HandshakeParts`, or a type that implements `zocket::FromCall<{C}, {St}>`",
    note = "`State<T>` under a name of its own: say what the state is, `#[zocket::router(state = T)]`"
)]
pub trait Argument<C, St, Via>: Sized {
    /// Whether this is the payload.
    const PAYLOAD: bool;
    /// What the early step leaves for the late one.
    type Early: Send;

    /// Adds what the contract must know.
    fn describe(d: &mut Describe);
    /// The step while the frame is available.
    fn early(start: &mut Start<'_, C, St>) -> Result<Self::Early, Error>;
    /// The step inside the handler's future.
    fn late(early: Self::Early, call: &Call<C, St>) -> impl Future<Output = Result<Self, Error>> + Send;
}

impl<C, St, A> Argument<C, St, ViaExtractor> for A
where
    A: FromCall<C, St>,
    C: 'static,
    St: Send + Sync + 'static,
{
    const PAYLOAD: bool = false;
    type Early = ();

    fn describe(d: &mut Describe) {
        A::needs(d);
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
    C: 'static,
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
