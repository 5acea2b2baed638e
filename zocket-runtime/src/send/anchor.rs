//! The live servers of a router in this process.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::connection::{Core, RouterId};

/// The identity of a router: one static per `#[zocket::router]` module, which knows its live servers.
pub struct Anchor {
    name: &'static str,
    servers: Mutex<Vec<Weak<Core>>>,
}

/// The live servers of a router, as far as sending needs to know.
pub(super) enum Live {
    None,
    One(Arc<Core>),
    Several,
}

impl Anchor {
    /// The router called `name`.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, servers: Mutex::new(Vec::new()) }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Identifies this router: every static has its own address.
    pub(crate) fn id(&'static self) -> RouterId {
        RouterId(std::ptr::from_ref(self).addr())
    }

    /// Records that a server of this router was built.
    pub(crate) fn add(&self, server: &Arc<Core>) {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        servers.retain(|server| server.strong_count() > 0);
        servers.push(Arc::downgrade(server));
    }

    pub(super) fn live(&self) -> Live {
        let servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut live = servers.iter().filter_map(Weak::upgrade);
        match (live.next(), live.next()) {
            (None, _) => Live::None,
            (Some(server), None) => Live::One(server),
            (Some(_), Some(_)) => Live::Several,
        }
    }
}

impl std::fmt::Debug for Anchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Anchor").field("name", &self.name).finish_non_exhaustive()
    }
}
