//! A part of the connections: its table, its rooms, and the queue of what is to be sent to them.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError},
};

use bytes::Bytes;

use super::{
    HubConfig, Link, Sent, fanout,
    frame::{Form, Forms, Frame},
    rooms::Rooms,
};
use crate::{
    client_id::ClientId,
    sync::{
        Mutex, MutexGuard, Notify,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
};

/// The receivers of a job within one shard. Cloned for every shard, so shared.
#[derive(Clone)]
pub(super) enum Target {
    All,
    Rooms(Arc<[Arc<str>]>),
    Clients(Arc<[ClientId]>),
}

/// One message on its way to the connections of a shard.
pub(super) struct Job {
    pub(super) seq: u64,
    pub(super) target: Target,
    pub(super) except: Arc<[ClientId]>,
    pub(super) frame: Frame,
}

impl Job {
    pub(super) fn new(target: Target, except: Arc<[ClientId]>, frame: Frame) -> Self {
        Self { seq: 0, target, except, frame }
    }
}

/// A connection's place in a shard's table.
pub(super) type Slot = u32;

pub(super) struct Entry<A> {
    pub(super) link: Arc<Link<A>>,
    /// The last job before the connection was registered: a slot is used again, a message to its former holder must
    /// not reach the new one.
    pub(super) born: u64,
    /// Broadcasts from this job on reach the connection; `None` before it is open.
    pub(super) since: Option<u64>,
    /// Names of the rooms it is in. Boxed: most connections are in few or none, and each pays for this field.
    #[expect(clippy::box_collection, reason = "one word instead of six for an idle connection")]
    pub(super) rooms: Option<Box<HashSet<Arc<str>>>>,
    /// Sweeps without a sign of life, and whether a ping is out.
    pub(super) silent: u32,
    pub(super) pinged: bool,
}

pub(super) struct Table<A> {
    pub(super) entries: Vec<Option<Entry<A>>>,
    free: Vec<Slot>,
    slots: HashMap<ClientId, Slot>,
    pub(super) rooms: Rooms,
    pub(super) queue: Vec<Job>,
    queued_bytes: usize,
    /// The sequence number of the last job put into the queue.
    pub(super) seq: u64,
}

pub(super) struct Shard<A> {
    table: Mutex<Table<A>>,
    pub(super) config: HubConfig,
    /// Wakes the fan-out task.
    pub(super) work: Notify,
    /// Whether the fan-out task runs; it starts with the first connection and ends with its runtime.
    pub(super) running: AtomicBool,
    /// The last job that has reached all of its receivers' outboxes.
    done: AtomicU64,
    open: AtomicUsize,
    /// Connections by the [`Form`] that they take.
    takers: [AtomicUsize; Form::ALL.len()],
    /// Bytes in the queue, as seen from outside the lock.
    pending: AtomicUsize,
    /// Told when a batch has reached its receivers' outboxes.
    pub(super) finished: Notify,
    /// The hub's: see [`super::Hub`].
    changed: Arc<Notify>,
}

/// How many members of a room are looked at for those that take more than plain JSON. To miss one costs it some bytes, where
/// it could have had them compressed, or the shard's task the making of its form; to look at 100,000 would cost everybody
/// time.
const ASKED: usize = 64;

/// What a job costs beside its frame, so that many small ones are bounded too.
const JOB_BYTES: usize = 64;

impl<A: Send + Sync + 'static> Shard<A> {
    pub(super) fn new(config: HubConfig, changed: Arc<Notify>) -> Self {
        Self {
            table: Mutex::new(Table {
                entries: Vec::new(),
                free: Vec::new(),
                slots: HashMap::new(),
                rooms: Rooms::default(),
                queue: Vec::new(),
                queued_bytes: 0,
                seq: 0,
            }),
            config,
            work: Notify::new(),
            running: AtomicBool::new(false),
            done: AtomicU64::new(0),
            open: AtomicUsize::new(0),
            takers: Default::default(),
            pending: AtomicUsize::new(0),
            finished: Notify::new(),
            changed,
        }
    }

    pub(super) fn table(&self) -> MutexGuard<'_, Table<A>> {
        // Tables are changed by steps that do not panic; were one to, going on serves the others best.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn register(self: &Arc<Self>, link: &Arc<Link<A>>) {
        {
            let mut table = self.table();
            let link_of = Arc::clone(link);
            let entry =
                Entry { link: link_of, born: table.seq, since: None, rooms: None, silent: 0, pinged: false };
            let slot = if let Some(slot) = table.free.pop() {
                table.entries[slot as usize] = Some(entry);
                slot
            } else {
                table.entries.push(Some(entry));
                Slot::try_from(table.entries.len() - 1).expect("fewer than 2^32 connections fit into memory")
            };
            table.slots.insert(link.id(), slot);
        }
        self.takers(link).fetch_add(1, Ordering::AcqRel);
        if !self.running.swap(true, Ordering::AcqRel) {
            fanout::start(Running(Arc::clone(self)));
        }
    }

    pub(super) fn open(&self, link: &Arc<Link<A>>) {
        let mut table = self.table();
        let seq = table.seq;
        if let Some((_, entry)) = table.entry(link.id())
            && entry.since.is_none()
        {
            entry.since = Some(seq);
            self.open.fetch_add(1, Ordering::AcqRel);
        }
    }

    pub(super) fn remove(&self, link: &Arc<Link<A>>) -> bool {
        let mut table = self.table();
        let Some(slot) = table.slots.remove(&link.id()) else { return false };
        let Some(entry) = table.entries[slot as usize].take() else { return false };
        if entry.since.is_some() {
            self.open.fetch_sub(1, Ordering::AcqRel);
        }
        self.takers(link).fetch_sub(1, Ordering::AcqRel);
        for room in entry.rooms.into_iter().flat_map(|rooms| *rooms) {
            table.rooms.leave(&room, slot);
        }
        table.free.push(slot);
        true
    }

    pub(super) fn find(&self, id: ClientId) -> Option<Arc<Link<A>>> {
        self.table().entry(id).map(|(_, entry)| Arc::clone(&entry.link))
    }

    pub(super) fn links(&self) -> Vec<Arc<Link<A>>> {
        let table = self.table();
        let open = table.entries.iter().flatten().filter(|entry| entry.since.is_some());
        open.map(|entry| Arc::clone(&entry.link)).collect()
    }

    pub(super) fn all(&self) -> Vec<Arc<Link<A>>> {
        self.table().entries.iter().flatten().map(|entry| Arc::clone(&entry.link)).collect()
    }

    pub(super) fn open_count(&self) -> usize {
        self.open.load(Ordering::Acquire)
    }

    fn takers(&self, link: &Link<A>) -> &AtomicUsize {
        &self.takers[Form::of(link.reads()) as usize]
    }

    /// The forms that the receivers here take. Of a large room only some members are asked.
    pub(super) fn forms(&self, target: &Target) -> Forms {
        let all = self.all_forms();
        match target {
            _ if all.is_plain() => all,
            Target::All => all,
            Target::Clients(ids) => self.forms_of(ids),
            Target::Rooms(rooms) => {
                let table = self.table();
                let members = rooms.iter().flat_map(|room| table.rooms.members(room, u64::MAX));
                table.forms(members.take(ASKED), all)
            }
        }
    }

    /// The same for connections by name.
    pub(super) fn forms_of(&self, ids: &[ClientId]) -> Forms {
        let all = self.all_forms();
        if all.is_plain() {
            return all;
        }
        let table = self.table();
        table.forms(ids.iter().filter_map(|id| table.slot(*id)), all)
    }

    /// Those of all connections here, without a look at any.
    fn all_forms(&self) -> Forms {
        let mut all = Forms::default();
        for form in Form::ALL {
            if self.takers[form as usize].load(Ordering::Acquire) > 0 {
                all.insert(form);
            }
        }
        all
    }

    /// Puts a job into the queue, if it has receivers and there is room.
    pub(super) fn push(&self, mut job: Job, origin: Option<&Arc<Link<A>>>) -> Sent {
        if matches!(job.target, Target::All) && self.open_count() == 0 {
            return Sent::default();
        }
        let mut table = self.table();
        let receivers = table.count(&job, self.open_count());
        if receivers == 0 {
            return Sent::default();
        }
        if table.queued_bytes + job.frame.len() > self.config.queue_bytes {
            return Sent { queued: 0, dropped: receivers };
        }
        let seq = table.enqueue(&mut job, &self.pending);
        // Only a connection of this shard can be overtaken by its own reply.
        if let Some(origin) = origin
            && table.slots.contains_key(&origin.id())
        {
            origin.raise_fence(seq);
        }
        table.queue.push(job);
        drop(table);
        self.work.notify_one();
        Sent { queued: receivers, dropped: 0 }
    }

    /// Puts a reply behind what is in the queue. Not bounded here: its session does not go on while the hub is
    /// congested, and has a bounded number of calls in progress.
    pub(super) fn push_reply(&self, link: &Arc<Link<A>>, frame: Bytes) {
        let mut job = Job::new(Target::Clients([link.id()].into()), [].into(), frame.into());
        let mut table = self.table();
        let seq = table.enqueue(&mut job, &self.pending);
        link.raise_fence(seq);
        table.queue.push(job);
        drop(table);
        self.work.notify_one();
    }

    /// Whether the job `seq` has reached its receivers' outboxes.
    pub(super) fn passed(&self, seq: u64) -> bool {
        self.done.load(Ordering::Acquire) >= seq
    }

    pub(super) fn congested(&self) -> bool {
        self.pending.load(Ordering::Acquire) > self.config.queue_bytes / 2
    }

    /// Takes all jobs; `None` when there are none.
    pub(super) fn take_jobs(&self) -> Option<Vec<Job>> {
        let mut table = self.table();
        if table.queue.is_empty() {
            return None;
        }
        Some(std::mem::take(&mut table.queue))
    }

    /// The jobs have reached their receivers' outboxes.
    pub(super) fn finish(&self, jobs: Vec<Job>) {
        let bytes: usize = jobs.iter().map(|job| job.frame.len() + JOB_BYTES).sum();
        if let Some(last) = jobs.last() {
            self.done.store(last.seq, Ordering::Release);
        }
        self.finished.notify_waiters();
        // Both looks under one lock: between them, a job more could make the queue congested, and whoever then waits would not
        // hear of its relief.
        let relieved = {
            let mut table = self.table();
            let was_congested = self.congested();
            table.queued_bytes -= bytes;
            self.pending.store(table.queued_bytes, Ordering::Release);
            was_congested && !self.congested()
        };
        if relieved {
            self.changed.notify_waiters();
        }
    }
}

impl<A> Table<A> {
    /// The forms that these connections take; there are no others than `all`.
    fn forms(&self, slots: impl Iterator<Item = Slot>, all: Forms) -> Forms {
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

    fn enqueue(&mut self, job: &mut Job, pending: &AtomicUsize) -> u64 {
        self.seq += 1;
        job.seq = self.seq;
        self.queued_bytes += job.frame.len() + JOB_BYTES;
        pending.store(self.queued_bytes, Ordering::Release);
        self.seq
    }

    /// How many connections the job would reach now.
    fn count(&self, job: &Job, open: usize) -> usize {
        let excepted: Vec<Slot> = job.except.iter().filter_map(|id| self.slot(*id)).collect();
        match &job.target {
            Target::All => {
                let is_open = |slot: &&Slot| {
                    self.entries[**slot as usize].as_ref().is_some_and(|entry| entry.since.is_some())
                };
                open.saturating_sub(excepted.iter().filter(is_open).count())
            }
            Target::Clients(ids) => ids.iter().filter(|id| self.slots.contains_key(id)).count(),
            Target::Rooms(rooms) => self.rooms.count(rooms, &excepted),
        }
    }
}

/// The shard of a fan-out task. However the task ends, the next connection can start another.
pub(super) struct Running<A>(pub(super) Arc<Shard<A>>);

impl<A> Drop for Running<A> {
    fn drop(&mut self) {
        self.0.running.store(false, Ordering::Release);
    }
}
