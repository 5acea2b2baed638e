//! A server without its types: what all of its connections share.

use std::{
    any::Any,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    config::Config,
    contract::Contract,
    dispatch::{Compiled, ConnectFn, DisconnectFn, HeadersSchema, StateSlot, Table},
    hub::Hub,
    send::Anchor,
    session::Conn,
    upgrade::{OtherContracts, Versions},
};

pub(crate) struct Core {
    pub(crate) hub: Hub<Conn>,
    pub(crate) table: Table,
    pub(crate) config: Config,
    pub(crate) contract: Contract,
    pub(crate) versions: Versions,
    pub(crate) headers: Option<HeadersSchema>,
    pub(crate) on_connect: Option<(StateSlot, ConnectFn)>,
    pub(crate) on_disconnect: Option<(StateSlot, DisconnectFn)>,
    pub(crate) keep_handshake: bool,
    states: Box<[Arc<dyn Any + Send + Sync>]>,
    anchors: Vec<&'static Anchor>,
    draining: AtomicBool,
}

impl Core {
    pub(super) fn new(
        compiled: Compiled,
        config: Config,
        known: &[Contract],
        policy: OtherContracts,
    ) -> Arc<Self> {
        let core = Arc::new(Self {
            hub: Hub::new(config.hub()).compressing(config.compression).packing(config.msgpack),
            table: compiled.table,
            versions: Versions::new(&compiled.contract, known, policy),
            contract: compiled.contract,
            headers: compiled.headers,
            on_connect: compiled.on_connect,
            on_disconnect: compiled.on_disconnect,
            keep_handshake: config.keep_handshake || compiled.keeps_handshake,
            states: compiled.states,
            anchors: compiled.anchors,
            draining: AtomicBool::new(false),
            config,
        });
        for anchor in &core.anchors {
            anchor.add(&core);
        }
        core
    }

    /// Whether the router of `anchor` is one of those served here.
    pub(crate) fn serves(&self, anchor: &'static Anchor) -> bool {
        self.anchors.iter().any(|own| std::ptr::eq(*own, anchor))
    }

    /// The state that a router's handlers see.
    ///
    /// # Panics
    /// Never: each slot is made from a router with the state `St`, by the code that asks for it here.
    pub(crate) fn state<St: 'static>(&self, slot: StateSlot) -> &St {
        let state = self.states.get(slot.0 as usize).and_then(|state| state.downcast_ref());
        state.expect("a router's slot holds the router's state")
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// Lets nobody in from now on.
    pub(super) fn start_draining(&self) {
        self.draining.store(true, Ordering::Release);
    }
}
