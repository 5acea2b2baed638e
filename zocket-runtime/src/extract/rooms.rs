//! A connection's rooms.

use std::sync::Arc;

use crate::session::ConnLink;

/// The rooms of one connection.
///
/// Rooms are plain strings: the first join makes one, the last leave ends it, a disconnect leaves all.
#[derive(Debug)]
pub struct Rooms<'a> {
    link: &'a Arc<ConnLink>,
}

impl<'a> Rooms<'a> {
    pub(crate) fn new(link: &'a Arc<ConnLink>) -> Self {
        Self { link }
    }

    /// Joins a room: messages sent to it from now on arrive. Says whether the connection was not in it before;
    /// after the disconnect nothing is joined, and the answer is `false`.
    pub fn join(&self, room: impl AsRef<str>) -> bool {
        self.link.attachment().core().hub.join(self.link, room.as_ref())
    }

    /// Leaves a room. Says whether the connection was in it.
    pub fn leave(&self, room: impl AsRef<str>) -> bool {
        self.link.attachment().core().hub.leave(self.link, room.as_ref())
    }

    /// Whether the connection is in the room.
    #[must_use]
    pub fn has(&self, room: impl AsRef<str>) -> bool {
        self.link.attachment().core().hub.is_member(self.link, room.as_ref())
    }

    /// The names of the rooms that the connection is in, sorted.
    #[must_use]
    pub fn current(&self) -> Vec<String> {
        self.link.attachment().core().hub.rooms_of(self.link)
    }
}
