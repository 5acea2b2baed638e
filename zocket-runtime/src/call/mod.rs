//! One message, or one handshake, on its way to the functions of a router.

mod handshake;
mod memo;

pub use handshake::Handshake;
pub(crate) use handshake::Request;
pub(crate) use memo::{Keeps, Memo};

use std::{marker::PhantomData, sync::Arc};

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    client_id::ClientId,
    connection::{CallRoute, ConnLink, Ctx, RouteSlot, StateSlot},
    contract::{is_unit, schema::PayloadSchema},
    error::Error,
    wire::{self, envelope::RpcId},
};

/// The state of a router whose handlers do not ask for one.
///
/// It is not `Clone`, so `State<NoState>` is not an argument.
#[derive(Debug)]
#[non_exhaustive]
pub struct NoState;

/// A message, without its router's types.
pub(crate) struct Parts {
    pub(crate) link: Arc<ConnLink>,
    pub(crate) state: StateSlot,
    /// Hooks have none.
    pub(crate) route: Option<RouteSlot>,
    pub(crate) rpc_id: Option<RpcId>,
    /// Present if a middleware could run twice.
    pub(crate) memo: Option<Arc<Memo>>,
}

/// One message in progress, or one run of `#[on_disconnect]`: what extractors read from.
///
/// `C` is the router's context, `St` its state.
pub struct Call<C, St> {
    parts: Parts,
    types: PhantomData<fn() -> (C, St)>,
}

impl<C: 'static, St: Send + Sync + 'static> Call<C, St> {
    pub(crate) fn new(parts: Parts) -> Self {
        Self { parts, types: PhantomData }
    }

    /// The connection that the message came from, with its context.
    #[must_use]
    pub fn ctx(&self) -> Ctx<C> {
        Ctx::new(Arc::clone(&self.parts.link))
    }

    /// The router's state.
    #[must_use]
    pub fn state(&self) -> &St {
        self.parts.link.core().state(self.parts.state)
    }
}

impl<C, St> Call<C, St> {
    /// The id of the connection.
    #[must_use]
    pub fn client_id(&self) -> ClientId {
        self.parts.link.id()
    }

    /// The route of the message, such as `chat.post`; `None` in `#[on_disconnect]`.
    #[must_use]
    pub fn route(&self) -> Option<&str> {
        self.called().map(|route| route.name)
    }

    /// Whether the client waits for a reply.
    #[must_use]
    pub fn wants_reply(&self) -> bool {
        self.parts.rpc_id.is_some()
    }

    fn called(&self) -> Option<&CallRoute> {
        self.parts.route.map(|slot| self.parts.link.core().route(slot))
    }

    pub(crate) fn memo(&self) -> Option<&Memo> {
        self.parts.memo.as_deref()
    }

    pub(crate) fn state_slot(&self) -> StateSlot {
        self.parts.state
    }

    pub(crate) fn link(&self) -> &Arc<ConnLink> {
        &self.parts.link
    }

    /// Sends the reply, if the client waits for one.
    pub(crate) fn reply<T: Serialize + 'static>(&self, value: &T) -> Result<(), Error> {
        let Some(rpc_id) = &self.parts.rpc_id else { return Ok(()) };
        let mut result = Ok(());
        let route = self.called();
        let compress = route.is_none_or(|route| route.compress);
        let schema = route.and_then(|route| route.reply.as_ref());
        self.parts.link.hub().reply(&self.parts.link, compress, |buffer| {
            // A handler that returns nothing replies without a payload.
            let payload = (!is_unit::<T>()).then_some(value);
            let codec = self.parts.link.reads().codec;
            let check = schema.map(|schema| |json: &str| schema.check_written(json));
            let check = check.as_ref().map(|check| check as wire::message::Check<'_>);
            result = wire::message::checked_reply(buffer, codec, rpc_id, payload, check);
        });
        result.map_err(Error::internal)
    }
}

impl<C, St> std::fmt::Debug for Call<C, St> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").field("client_id", &self.parts.link.id()).finish_non_exhaustive()
    }
}

/// A message whose frame is still available, so the payload is parsed without a copy.
pub struct Start<'a, C, St> {
    call: Call<C, St>,
    payload: Option<&'a str>,
    /// Present if the route takes a payload.
    schema: Option<&'a PayloadSchema>,
}

impl<'a, C, St> Start<'a, C, St> {
    pub(crate) fn new(
        call: Call<C, St>,
        payload: Option<&'a str>,
        schema: Option<&'a PayloadSchema>,
    ) -> Self {
        Self { call, payload, schema }
    }

    /// The payload, parsed and checked against the published schema.
    pub(crate) fn payload<T: DeserializeOwned + JsonSchema>(&self) -> Result<T, Error> {
        let schema =
            self.schema.ok_or_else(|| Error::internal("the route has no payload in its contract"))?;
        schema.parse(self.payload).map_err(Error::invalid_payload)
    }

    /// Ends the early step.
    #[must_use]
    pub fn into_call(self) -> Call<C, St> {
        self.call
    }
}

impl<C, St> std::fmt::Debug for Start<'_, C, St> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Start").field("call", &self.call).finish_non_exhaustive()
    }
}
