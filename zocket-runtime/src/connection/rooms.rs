//! A connection's rooms.

use std::sync::Arc;

use super::ConnLink;

/// The rooms of one connection.
///
/// Rooms are plain strings: the first join creates one, the last leave removes it, and a disconnect leaves
/// all of them.
#[derive(Debug)]
pub struct Rooms<'a> {
    link: &'a Arc<ConnLink>,
}

impl<'a> Rooms<'a> {
    pub(crate) fn new(link: &'a Arc<ConnLink>) -> Self {
        Self { link }
    }

    /// Joins a room: messages sent to it from now on arrive. Returns whether the connection was not in it
    /// before. After the disconnect nothing is joined, and the result is `false`.
    pub fn join(&self, room: impl AsRef<str>) -> bool {
        self.link.hub().join(self.link, room.as_ref())
    }

    /// Leaves a room. Returns whether the connection was in it.
    pub fn leave(&self, room: impl AsRef<str>) -> bool {
        self.link.hub().leave(self.link, room.as_ref())
    }

    /// Whether the connection is in the room.
    #[must_use]
    pub fn has(&self, room: impl AsRef<str>) -> bool {
        self.link.hub().is_member(self.link, room.as_ref())
    }

    /// The names of the rooms that the connection is in, sorted.
    #[must_use]
    pub fn current(&self) -> Vec<String> {
        self.link.hub().rooms_of(self.link)
    }
}
