//! One message on its way to its handler.

use std::{marker::PhantomData, sync::Arc};

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

use super::RpcId;
use crate::{
    client_id::ClientId,
    contract::{is_unit, schema::PayloadSchema},
    extract::Ctx,
    handler::Error,
    session::ConnLink,
    wire,
};

/// Which of a server's states a router's handlers see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StateSlot(pub(crate) u32);

/// A message without the types of its router.
pub(crate) struct Parts {
    pub(crate) link: Arc<ConnLink>,
    pub(crate) state: StateSlot,
    /// Index of the route; hooks have none.
    pub(crate) route: Option<u32>,
    pub(crate) rpc_id: Option<RpcId>,
}

/// One message in progress, or one run of `#[on_disconnect]`: what extractors draw from.
///
/// `C` is the router's context, `St` its state.
pub struct Call<C, St> {
    parts: Parts,
    types: PhantomData<fn() -> (C, St)>,
}

impl<C: Send + Sync + 'static, St: Send + Sync + 'static> Call<C, St> {
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
        self.parts.link.attachment().core().state(self.parts.state)
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
        let table = &self.parts.link.attachment().core().table;
        self.parts.route.map(|route| table.route(route).name())
    }

    /// Whether the client waits for a reply.
    #[must_use]
    pub fn wants_reply(&self) -> bool {
        self.parts.rpc_id.is_some()
    }

    pub(crate) fn link(&self) -> &Arc<ConnLink> {
        &self.parts.link
    }

    /// Sends the reply, if the client waits for one.
    pub(crate) fn reply<T: Serialize + 'static>(&self, value: &T) -> Result<(), Error> {
        let Some(rpc_id) = &self.parts.rpc_id else { return Ok(()) };
        let mut result = Ok(());
        let core = self.parts.link.attachment().core();
        let compress = self.parts.route.is_none_or(|route| core.table.route(route).compresses());
        core.hub.reply(&self.parts.link, compress, |buffer| {
            // A handler that returns nothing replies without a payload.
            let payload = (!is_unit::<T>()).then_some(value);
            result = wire::message::reply(buffer, self.parts.link.reads().codec, rpc_id, payload);
        });
        result.map_err(Error::internal)
    }
}

impl<C, St> std::fmt::Debug for Call<C, St> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").field("client_id", &self.parts.link.id()).finish_non_exhaustive()
    }
}

/// A message whose frame is still at hand: where the payload is parsed, without a copy.
pub struct Start<'a, C, St> {
    pub(super) call: Call<C, St>,
    pub(super) payload: Option<&'a str>,
    /// Of a route that takes a payload.
    pub(super) schema: Option<&'a PayloadSchema>,
}

impl<C, St> Start<'_, C, St> {
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
