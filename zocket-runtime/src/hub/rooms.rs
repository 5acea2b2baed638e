//! The members of rooms, within one shard.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use indexmap::IndexMap;

/// A connection's place in a shard's table.
pub(super) type Slot = u32;

/// Members in a dense list with constant-time removal, so that leaving a room of 100,000 costs no more than leaving
/// one of 10. The value is the job after which the member joined.
type Members = IndexMap<Slot, u64>;

#[derive(Default)]
pub(super) struct Rooms {
    rooms: HashMap<Arc<str>, Members>,
    /// Members that have left while messages to them are still in the queue.
    departed: HashMap<Arc<str>, Vec<Departed>>,
}

/// A former member, for the jobs after `since` up to `until`.
struct Departed {
    slot: Slot,
    since: u64,
    until: u64,
}

impl Rooms {
    /// The name as stored in the table, created on the first join.
    pub(super) fn join(&mut self, room: &str, slot: Slot, seq: u64) -> Option<Arc<str>> {
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

    /// Removes a member. With `still_due`, the sequence number of the last job, it still gets what was sent
    /// before.
    pub(super) fn leave(&mut self, room: &str, slot: Slot, still_due: Option<u64>) -> bool {
        let Some((name, members)) = self.rooms.get_key_value(room) else { return false };
        let Some(since) = members.get(&slot).copied() else { return false };
        if let Some(until) = still_due.filter(|until| since < *until) {
            let departed = self.departed.entry(Arc::clone(name)).or_default();
            departed.push(Departed { slot, since, until });
        }
        if let Some(members) = self.rooms.get_mut(room) {
            members.swap_remove(&slot);
            if members.is_empty() {
                self.rooms.remove(room);
            }
        }
        true
    }

    /// The jobs up to this one have been delivered.
    pub(super) fn finish(&mut self, done: u64) {
        if !self.departed.is_empty() {
            self.departed.retain(|_, departed| {
                departed.retain(|member| member.until > done);
                !departed.is_empty()
            });
        }
    }

    /// The current members, in no particular order.
    pub(super) fn current(&self, room: &str) -> impl Iterator<Item = Slot> {
        self.rooms.get(room).into_iter().flat_map(|members| members.keys().copied())
    }

    pub(super) fn len(&self, room: &str) -> usize {
        self.rooms.get(room).map_or(0, Members::len)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.rooms.keys()
    }

    /// The members at the time when the job was sent.
    pub(super) fn members(&self, room: &str, seq: u64) -> impl Iterator<Item = Slot> {
        let members = self.rooms.get(room).into_iter().flatten();
        let members = members.filter(move |(_, since)| **since < seq).map(|(slot, _)| *slot);
        // Nearly always empty, so it is not searched needlessly.
        let departed = if self.departed.is_empty() { None } else { self.departed.get(room) };
        let departed = departed.into_iter().flatten();
        members.chain(departed.filter(move |was| was.since < seq && seq <= was.until).map(|was| was.slot))
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
