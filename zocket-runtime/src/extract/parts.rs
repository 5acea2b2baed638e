//! Facts of the handshake.

use std::{ops::Deref, sync::Arc};

use http::request::Parts;

use super::{FromCall, FromHandshake};
use crate::{
    call::{Call, Handshake},
    contract::Describe,
    error::{Error, Reject},
};

/// The HTTP request of the handshake: method, URI, headers and extensions.
///
/// A router with a handler or a middleware that takes it keeps the parts for as long as each connection lives, which costs
/// one to several KiB per connection. If only `#[on_disconnect]` or your own extractor takes it, call `.keep_handshake()`
/// on the server's builder. Better: take what you need in `#[on_connect]`, where it is always available, and put it into
/// the context.
#[derive(Clone, Debug)]
pub struct HandshakeParts(Arc<Parts>);

impl Deref for HandshakeParts {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl<C: 'static, St: Send + Sync + 'static> FromCall<C, St> for HandshakeParts {
    async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
        call.link().handshake().map(Self).ok_or_else(|| {
            Error::internal(
                "the handshake's parts were not kept: say `.keep_handshake()` on the server's builder",
            )
        })
    }

    fn needs(describe: &mut Describe) {
        describe.keep_handshake();
    }
}

impl<St: Send + Sync + 'static> FromHandshake<St> for HandshakeParts {
    async fn from_handshake(handshake: &Handshake<St>) -> Result<Self, Reject> {
        Ok(Self(handshake.parts()))
    }
}
