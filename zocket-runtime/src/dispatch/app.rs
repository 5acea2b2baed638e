//! A router that is ready to serve.

use std::sync::Arc;

use super::{
    build_error::{BuildError, Fault},
    describe::describe,
    entries::{ConnectFn, DisconnectFn, Source},
    headers::HeadersSchema,
    router::Router,
    table::{Route, Table},
};
use crate::{
    call::{Memo, NoState, Parts},
    config::Config,
    connection::{AnyValue, ConnLink, Core, RouteSlot, StateSlot},
    contract::{self, Contract, OtherContracts, Versions},
    error::{Error, Handling},
    wire::envelope::RpcId,
};

/// What a server serves: the core that its connections share, and everything that the router defines.
pub(crate) struct App {
    pub(crate) core: Arc<Core>,
    pub(crate) table: Table,
    pub(crate) contract: Contract,
    pub(crate) versions: Versions,
    pub(crate) headers: Option<HeadersSchema>,
    pub(crate) keep_handshake: bool,
    pub(crate) on_connect: Option<(StateSlot, ConnectFn)>,
    pub(crate) on_disconnect: Option<(StateSlot, DisconnectFn)>,
}

impl App {
    /// Starts a message while its frame is available. Without guards the payload is parsed from it at once. Guards
    /// run first, so a refused message is never parsed, and the client learns nothing but the refusal.
    pub(crate) fn start(
        self: &Arc<Self>,
        slot: RouteSlot,
        link: Arc<ConnLink>,
        rpc_id: Option<RpcId>,
        payload: Option<&str>,
    ) -> Result<Handling, Error> {
        let route = self.table.route(slot);
        let memo = (!route.keeps.nothing()).then(|| Arc::new(Memo::of(&route.keeps, payload)));
        let parts = Parts { link, state: route.state, route: Some(slot), rpc_id, memo };
        if !route.guards.is_empty() {
            return Ok(Arc::clone(self).guarded(slot, parts, payload.map(Into::into)));
        }
        (route.start)(parts, payload, route.schema.as_ref())
    }

    fn guarded(self: Arc<Self>, slot: RouteSlot, parts: Parts, payload: Option<Box<str>>) -> Handling {
        let app = self;
        Box::pin(async move {
            let route = app.table.route(slot);
            for guard in &route.guards {
                let (link, memo) = (Arc::clone(&parts.link), parts.memo.clone());
                let parts = Parts { link, state: guard.state, route: Some(slot), rpc_id: None, memo };
                (guard.run)(parts).await?;
            }
            let handler = (route.start)(parts, payload.as_deref(), route.schema.as_ref())?;
            handler.await
        })
    }
}

impl<C: 'static, St: Send + Sync + 'static> Router<C, St> {
    /// Checks the router, compiles its schemas, and registers the server so that its messages find it. `state` is the
    /// server's, if it has one; `known` are the contracts of clients in the field.
    pub(crate) fn compile(
        self,
        state: Option<St>,
        config: Config,
        known: &[Contract],
        policy: OtherContracts,
    ) -> Result<Arc<App>, BuildError> {
        let described = describe(&self)?;
        if self.on_connect.is_empty() && !contract::is_unit::<C>() {
            return Err(Fault::NoContext { context: std::any::type_name::<C>() }.into());
        }
        let state =
            state.or_else(no_state::<St>).ok_or(Fault::NoState { state: std::any::type_name::<St>() })?;
        let state = Arc::new(state);
        let states = self.sources.iter().map(|source| match source {
            Source::Own => Arc::clone(&state) as AnyValue,
            Source::Part(part) => part(&state),
        });
        let states = states.collect();
        let guards = self.guards;
        let made = described.schemas.into_iter().zip(described.keeps);
        let entries = self.incoming.into_iter().zip(made);
        let (routes, called): (Vec<_>, Vec<_>) =
            entries.map(|(entry, (schemas, keeps))| Route::new(entry, schemas, keeps, &guards)).unzip();
        let keep_handshake = config.keep_handshake || described.keeps_handshake;
        let routers = self.anchors.iter().map(|anchor| anchor.id()).collect();
        let core = Arc::new(Core::new(config, states, called.into(), routers));
        for anchor in &self.anchors {
            anchor.add(&core);
        }
        Ok(Arc::new(App {
            core,
            table: Table::new(routes.into()),
            versions: Versions::new(&described.contract, known, policy),
            contract: described.contract,
            headers: described.headers,
            keep_handshake,
            on_connect: self.on_connect.into_iter().next().map(|hook| (hook.state, hook.run)),
            on_disconnect: self.on_disconnect.into_iter().next().map(|hook| (hook.state, hook.run)),
        }))
    }
}

/// The state of a router that does not need one.
fn no_state<St: 'static>() -> Option<St> {
    let state: Box<dyn std::any::Any> = Box::new(NoState);
    state.downcast().ok().map(|state| *state)
}
