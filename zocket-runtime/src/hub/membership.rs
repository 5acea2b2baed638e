//! Joining and leaving rooms, and their members, across all shards.

use std::{collections::HashSet, sync::Arc};

use super::{Hub, Link};
use crate::client_id::ClientId;

impl<A: Send + Sync + 'static> Hub<A> {
    pub(crate) fn join(&self, link: &Arc<Link<A>>, room: &str) -> bool {
        let mut table = self.shard(link.id()).table();
        let Some((slot, entry)) = table.entry(link.id()) else { return false };
        if entry.has_departed() {
            return false;
        }
        let seq = table.seq;
        let Some(name) = table.rooms.join(room, slot, seq) else { return false };
        if let Some(entry) = &mut table.entries[slot as usize] {
            entry.rooms.get_or_insert_default().insert(name);
        }
        true
    }

    pub(crate) fn leave(&self, link: &Arc<Link<A>>, room: &str) -> bool {
        let shard = self.shard(link.id());
        let mut table = shard.table();
        let Some((slot, entry)) = table.entry(link.id()) else { return false };
        let Some(rooms) = &mut entry.rooms else { return false };
        let left = rooms.remove(room);
        if rooms.is_empty() {
            entry.rooms = None;
        }
        let due = shard.due(table.seq);
        table.rooms.leave(room, slot, due);
        left
    }

    /// From the connection's own record, which it keeps after it has departed.
    pub(crate) fn is_member(&self, link: &Arc<Link<A>>, room: &str) -> bool {
        let mut table = self.shard(link.id()).table();
        let rooms = table.entry(link.id()).and_then(|(_, entry)| entry.rooms.as_deref());
        rooms.is_some_and(|rooms| rooms.contains(room))
    }

    pub(crate) fn rooms_of(&self, link: &Arc<Link<A>>) -> Vec<String> {
        let mut table = self.shard(link.id()).table();
        let rooms = table.entry(link.id()).and_then(|(_, entry)| entry.rooms.as_deref());
        let mut rooms: Vec<String> = rooms.into_iter().flatten().map(|room| room.to_string()).collect();
        rooms.sort_unstable();
        rooms
    }

    /// The members of a room, in no particular order.
    pub(crate) fn members(&self, room: &str) -> Vec<Arc<Link<A>>> {
        let mut members = Vec::new();
        for shard in &self.shards {
            let table = shard.table();
            let entries = table.rooms.current(room).filter_map(|slot| table.entries[slot as usize].as_ref());
            members.extend(entries.map(|entry| Arc::clone(&entry.link)));
        }
        members
    }

    pub(crate) fn member_ids(&self, room: &str) -> Vec<ClientId> {
        self.members(room).iter().map(|link| link.id()).collect()
    }

    pub(crate) fn member_count(&self, room: &str) -> usize {
        self.shards.iter().map(|shard| shard.table().rooms.len(room)).sum()
    }

    /// The names of all rooms that have a member, sorted.
    pub(crate) fn room_names(&self) -> Vec<String> {
        let mut names: HashSet<Arc<str>> = HashSet::new();
        for shard in &self.shards {
            names.extend(shard.table().rooms.names().cloned());
        }
        let mut names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        names.sort_unstable();
        names
    }
}
