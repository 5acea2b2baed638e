//! A room, from the server's side.

use std::{fmt, marker::PhantomData, sync::Arc};

use super::Connection;
use crate::{client_id::ClientId, connection::Core, wire::close::CloseCode};

/// A room of a [`Server`](crate::Server), by its name. A room without members is empty, not missing.
pub struct Room<C> {
    core: Arc<Core>,
    name: String,
    context: PhantomData<fn() -> C>,
}

impl<C: 'static> Room<C> {
    pub(super) fn new(core: Arc<Core>, name: String) -> Self {
        Self { core, name, context: PhantomData }
    }

    /// The room's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many connections are in the room.
    #[must_use]
    pub fn len(&self) -> usize {
        self.core.hub.member_count(&self.name)
    }

    /// Whether the room has no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The ids of the members, in no particular order.
    #[must_use]
    pub fn members(&self) -> Vec<ClientId> {
        self.core.hub.member_ids(&self.name)
    }

    /// The members, in no particular order.
    #[must_use]
    pub fn connections(&self) -> Vec<Connection<C>> {
        let members = self.core.hub.members(&self.name).into_iter();
        members.filter(|link| link.try_context::<C>().is_some()).map(Connection::new).collect()
    }

    /// Closes the connection of every member; see [`Connection::disconnect`].
    pub fn disconnect(&self, code: CloseCode, reason: &str) {
        for link in self.core.hub.members(&self.name) {
            self.core.hub.close(&link, code, reason);
        }
    }

    /// Closes the connection of every member, and asks the clients to stay away; see [`Connection::disconnect_for_good`].
    pub fn disconnect_for_good(&self, reason: &str) {
        self.disconnect(CloseCode::STAY_AWAY, reason);
    }
}

impl<C> fmt::Debug for Room<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room").field("name", &self.name).finish_non_exhaustive()
    }
}
