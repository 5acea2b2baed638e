//! The connections of a shard, each in a slot, and the queue of what is to be sent to them.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{
    Link,
    frame::{Form, Forms},
    rooms::{Rooms, Slot},
    shard::{JOB_BYTES, Job, Target},
};
use crate::{
    client_id::ClientId,
    sync::atomic::{AtomicUsize, Ordering},
};

pub(super) struct Entry<A> {
    pub(super) link: Arc<Link<A>>,
    /// The last job before the connection was registered: slots are reused, and a message to the previous holder
    /// must not reach the new one.
    pub(super) born: u64,
    /// The last job before the connection was over; [`PRESENT`] until then.
    pub(super) until: u64,
    /// Broadcasts after this job reach the connection; `None` before it is open.
    pub(super) since: Option<u64>,
    /// Names of the rooms it is in. Boxed, because most connections are in few or none, and each pays for
    /// this field.
    #[expect(clippy::box_collection, reason = "one word instead of six for an idle connection")]
    pub(super) rooms: Option<Box<HashSet<Arc<str>>>>,
    /// Sweeps without a sign of life, and whether a ping is out.
    pub(super) silent: u32,
    pub(super) pinged: bool,
    /// The last known progress of the outbox, and the number of sweeps without progress since.
    pub(super) progress: u32,
    pub(super) stalled: u32,
    /// Whether anything waited in the outbox at the last sweep, and whether the client has sent nothing since something did.
    pub(super) waited: bool,
    pub(super) behind: bool,
}

/// [`Entry::until`] of a connection that is not over.
const PRESENT: u64 = u64::MAX;

impl<A> Entry<A> {
    /// Whether the connection is over, and only its calls and hooks continue.
    pub(super) fn has_departed(&self) -> bool {
        self.until != PRESENT
    }

    /// Whether it gets what is broadcast now.
    pub(super) fn is_open(&self) -> bool {
        self.since.is_some() && !self.has_departed()
    }
}

pub(super) struct Table<A> {
    pub(super) entries: Vec<Option<Entry<A>>>,
    free: Vec<Slot>,
    slots: HashMap<ClientId, Slot>,
    pub(super) rooms: Rooms,
    pub(super) queue: Vec<Job>,
    pub(super) queued_bytes: usize,
    /// The sequence number of the last job put into the queue.
    pub(super) seq: u64,
}

impl<A> Table<A> {
    pub(super) fn new() -> Self {
        Self {
            entries: Vec::new(),
            free: Vec::new(),
            slots: HashMap::new(),
            rooms: Rooms::default(),
            queue: Vec::new(),
            queued_bytes: 0,
            seq: 0,
        }
    }

    /// Gives a connection a slot.
    pub(super) fn insert(&mut self, link: &Arc<Link<A>>) {
        let entry = Entry {
            link: Arc::clone(link),
            born: self.seq,
            until: PRESENT,
            since: None,
            rooms: None,
            silent: 0,
            pinged: false,
            progress: 0,
            stalled: 0,
            waited: false,
            behind: false,
        };
        let slot = if let Some(slot) = self.free.pop() {
            self.entries[slot as usize] = Some(entry);
            slot
        } else {
            self.entries.push(Some(entry));
            Slot::try_from(self.entries.len() - 1).expect("fewer than 2^32 connections fit into memory")
        };
        self.slots.insert(link.id(), slot);
    }

    /// Removes a connection from its slot, which must then be [released](Self::release).
    pub(super) fn take(&mut self, id: ClientId) -> Option<(Slot, Entry<A>)> {
        let slot = self.slots.remove(&id)?;
        Some((slot, self.entries[slot as usize].take()?))
    }

    /// Makes the slot available to another connection.
    pub(super) fn release(&mut self, slot: Slot) {
        self.free.push(slot);
    }

    /// The forms that these connections take; `all` has every form that occurs.
    pub(super) fn forms(&self, slots: impl Iterator<Item = Slot>, all: Forms) -> Forms {
        let mut forms = Forms::default();
        for slot in slots {
            if let Some(Some(entry)) = self.entries.get(slot as usize) {
                forms.insert(Form::of(entry.link.reads()));
            }
            if forms == all {
                break;
            }
        }
        forms
    }

    pub(super) fn slot(&self, id: ClientId) -> Option<Slot> {
        self.slots.get(&id).copied()
    }

    pub(super) fn entry(&mut self, id: ClientId) -> Option<(Slot, &mut Entry<A>)> {
        let slot = self.slot(id)?;
        let entry = self.entries[slot as usize].as_mut()?;
        Some((slot, entry))
    }

    pub(super) fn enqueue(&mut self, job: &mut Job, pending: &AtomicUsize) -> u64 {
        self.seq += 1;
        job.seq = self.seq;
        self.queued_bytes += job.frame.len() + JOB_BYTES;
        pending.store(self.queued_bytes, Ordering::Release);
        self.seq
    }

    /// How many connections the job would reach now.
    pub(super) fn count(&self, job: &Job, open: usize) -> usize {
        let excepted: Vec<Slot> = job.except.iter().filter_map(|id| self.slot(*id)).collect();
        match &job.target {
            Target::All => {
                let is_open = |slot: &&Slot| {
                    self.entries[**slot as usize].as_ref().is_some_and(|entry| entry.is_open())
                };
                open.saturating_sub(excepted.iter().filter(is_open).count())
            }
            Target::Clients(ids) => {
                let is_there = |slot: Slot| {
                    self.entries[slot as usize].as_ref().is_some_and(|entry| !entry.has_departed())
                };
                ids.iter().filter_map(|id| self.slot(*id)).filter(|slot| is_there(*slot)).count()
            }
            Target::Rooms(rooms) => self.rooms.count(rooms, &excepted),
            Target::Reply(_) => 1,
        }
    }
}
