//! Who is in which room, within one shard.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use indexmap::IndexMap;

use super::{Hub, Link, shard::Slot};
use crate::client_id::ClientId;

/// Members in a dense list with constant-time removal, so that a room of 100,000 costs a leave no more than one of 10.
/// The value is the job after which the member joined.
type Members = IndexMap<Slot, u64>;

#[derive(Default)]
pub(super) struct Rooms {
    rooms: HashMap<Arc<str>, Members>,
}

impl Rooms {
    /// The name as the table holds it, made on the first join.
    fn join(&mut self, room: &str, slot: Slot, seq: u64) -> Option<Arc<str>> {
        if let Some((name, members)) = self.rooms.get_key_value(room) {
            if members.contains_key(&slot) {
                return None;
            }
            let name = Arc::clone(name);
            self.rooms.get_mut(room)?.insert(slot, seq);
            return Some(name);
        }
        let name: Arc<str> = room.into();
        self.rooms.insert(Arc::clone(&name), Members::from_iter([(slot, seq)]));
        Some(name)
    }

    pub(super) fn leave(&mut self, room: &str, slot: Slot) -> bool {
        let Some(members) = self.rooms.get_mut(room) else { return false };
        let left = members.swap_remove(&slot).is_some();
        if members.is_empty() {
            self.rooms.remove(room);
        }
        left
    }

    /// Those who were in the room when the job was sent.
    pub(super) fn members(&self, room: &str, seq: u64) -> impl Iterator<Item = Slot> {
        let members = self.rooms.get(room).into_iter().flatten();
        members.filter(move |(_, since)| **since < seq).map(|(slot, _)| *slot)
    }

    /// How many are in any of the rooms, each counted once.
    pub(super) fn count(&self, rooms: &[Arc<str>], except: &[Slot]) -> usize {
        let mut members = rooms.iter().filter_map(|room| self.rooms.get(room));
        let excepted: HashSet<Slot> = except.iter().copied().collect();
        if rooms.len() == 1 {
            return members.next().map_or(0, |room| {
                room.len() - excepted.iter().filter(|slot| room.contains_key(*slot)).count()
            });
        }
        let all: HashSet<Slot> = members.flat_map(|members| members.keys().copied()).collect();
        all.difference(&excepted).count()
    }
}

impl<A: Send + Sync + 'static> Hub<A> {
    pub(crate) fn join(&self, link: &Arc<Link<A>>, room: &str) -> bool {
        let mut table = self.shard(link.id()).table();
        let Some(slot) = table.slot(link.id()) else { return false };
        let seq = table.seq;
        let Some(name) = table.rooms.join(room, slot, seq) else { return false };
        if let Some(entry) = &mut table.entries[slot as usize] {
            entry.rooms.get_or_insert_default().insert(name);
        }
        true
    }

    pub(crate) fn leave(&self, link: &Arc<Link<A>>, room: &str) -> bool {
        let mut table = self.shard(link.id()).table();
        let Some(slot) = table.slot(link.id()) else { return false };
        if let Some(entry) = &mut table.entries[slot as usize]
            && let Some(rooms) = &mut entry.rooms
        {
            rooms.remove(room);
            if rooms.is_empty() {
                entry.rooms = None;
            }
        }
        table.rooms.leave(room, slot)
    }

    pub(crate) fn is_member(&self, link: &Arc<Link<A>>, room: &str) -> bool {
        let table = self.shard(link.id()).table();
        let Some(slot) = table.slot(link.id()) else { return false };
        table.rooms.rooms.get(room).is_some_and(|members| members.contains_key(&slot))
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
            let slots = table.rooms.rooms.get(room).into_iter().flat_map(|members| members.keys());
            let entries = slots.filter_map(|slot| table.entries[*slot as usize].as_ref());
            members.extend(entries.map(|entry| Arc::clone(&entry.link)));
        }
        members
    }

    pub(crate) fn member_ids(&self, room: &str) -> Vec<ClientId> {
        self.members(room).iter().map(|link| link.id()).collect()
    }

    pub(crate) fn member_count(&self, room: &str) -> usize {
        self.shards.iter().map(|shard| shard.table().rooms.rooms.get(room).map_or(0, Members::len)).sum()
    }

    /// The names of all rooms that have a member, sorted.
    pub(crate) fn room_names(&self) -> Vec<String> {
        let mut names: HashSet<Arc<str>> = HashSet::new();
        for shard in &self.shards {
            names.extend(shard.table().rooms.rooms.keys().cloned());
        }
        let mut names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        names.sort_unstable();
        names
    }
}
