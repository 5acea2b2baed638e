//! A part of the connections: their table, their rooms, and the queue of what is to be sent to them.

use std::sync::{Arc, PoisonError};

use bytes::Bytes;

use super::{
    HubConfig, Link, Sent,
    frame::{Form, Forms, Frame},
    table::Table,
};
use crate::{
    client_id::ClientId,
    sync::{
        Mistake, Mutex, MutexGuard, Notify,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
        makes,
    },
};

/// The receivers of a job within one shard. Cloned for every shard, so shared.
#[derive(Clone)]
pub(super) enum Target {
    All,
    Rooms(Arc<[Arc<str>]>),
    Clients(Arc<[ClientId]>),
    /// The answer to a call, which its connection gets as long as anything can be written to it.
    Reply(ClientId),
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
    takers: [AtomicUsize; Form::COUNT],
    /// Bytes in the queue, readable without the lock.
    pending: AtomicUsize,
    /// Notified when a batch has reached its receivers' outboxes.
    pub(super) finished: Notify,
    /// The hub's: see [`super::Hub`].
    changed: Arc<Notify>,
}

/// How many members of a room are checked for forms other than plain JSON. If one is missed, it gets some bytes
/// uncompressed, or the shard's task has to make its form; checking 100,000 members would cost everybody time.
const ASKED: usize = 64;

/// What a job costs in addition to its frame, so that many small ones are bounded too.
pub(super) const JOB_BYTES: usize = 64;

impl<A: Send + Sync + 'static> Shard<A> {
    pub(super) fn new(config: HubConfig, changed: Arc<Notify>) -> Self {
        Self {
            table: Mutex::new(Table::new()),
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
        // Tables are changed in steps that do not panic; if one did, continuing would serve the other
        // connections best.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a connection. Returns what is needed to start the fan-out task if it is not running.
    #[must_use = "the fan-out task is to be started"]
    pub(super) fn register(self: &Arc<Self>, link: &Arc<Link<A>>) -> Option<Running<A>> {
        self.table().insert(link);
        self.takers(link).fetch_add(1, Ordering::AcqRel);
        (!self.running.swap(true, Ordering::AcqRel)).then(|| Running(Arc::clone(self)))
    }

    pub(super) fn open(&self, link: &Arc<Link<A>>) {
        let mut table = self.table();
        let seq = table.seq;
        if let Some((_, entry)) = table.entry(link.id())
            && entry.since.is_none()
            && !entry.has_departed()
        {
            entry.since = Some(seq);
            self.open.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// See [`Hub::depart`](super::Hub::depart).
    pub(super) fn depart(&self, link: &Arc<Link<A>>) {
        let mut table = self.table();
        let seq = table.seq;
        let Some((slot, entry)) = table.entry(link.id()) else { return };
        if entry.has_departed() {
            return;
        }
        entry.until = seq;
        if entry.since.is_some() {
            self.open.fetch_sub(1, Ordering::AcqRel);
        }
        // The room names are kept for `on_disconnect`.
        let rooms: Vec<Arc<str>> = entry.rooms.iter().flat_map(|rooms| rooms.iter().cloned()).collect();
        for room in rooms {
            table.rooms.leave(&room, slot, self.due(seq));
        }
        // As always, replies queue behind what was sent before.
        link.raise_fence(seq);
    }

    /// The last job whose room messages a member that leaves now still gets; none if all have been delivered.
    pub(super) fn due(&self, last: u64) -> Option<u64> {
        Some(last).filter(|last| !self.passed(*last) && !makes(Mistake::LeaveForgets))
    }

    /// The sequence number of the last job so far.
    pub(super) fn last_seq(&self) -> u64 {
        self.table().seq
    }

    pub(super) fn remove(&self, link: &Arc<Link<A>>) -> bool {
        let mut table = self.table();
        let Some((slot, entry)) = table.take(link.id()) else { return false };
        if entry.is_open() {
            self.open.fetch_sub(1, Ordering::AcqRel);
        }
        self.takers(link).fetch_sub(1, Ordering::AcqRel);
        for room in entry.rooms.into_iter().flat_map(|rooms| *rooms) {
            table.rooms.leave(&room, slot, None);
        }
        table.release(slot);
        true
    }

    pub(super) fn find(&self, id: ClientId) -> Option<Arc<Link<A>>> {
        let mut table = self.table();
        let (_, entry) = table.entry(id).filter(|(_, entry)| !entry.has_departed())?;
        Some(Arc::clone(&entry.link))
    }

    #[cfg(any(test, feature = "testing"))]
    pub(super) fn is_forgotten(&self, id: ClientId) -> bool {
        self.table().slot(id).is_none()
    }

    pub(super) fn links(&self) -> Vec<Arc<Link<A>>> {
        let table = self.table();
        let open = table.entries.iter().flatten().filter(|entry| entry.is_open());
        open.map(|entry| Arc::clone(&entry.link)).collect()
    }

    pub(super) fn all(&self) -> Vec<Arc<Link<A>>> {
        self.table().entries.iter().flatten().map(|entry| Arc::clone(&entry.link)).collect()
    }

    pub(super) fn open_count(&self) -> usize {
        self.open.load(Ordering::Acquire)
    }

    fn takers(&self, link: &Link<A>) -> &AtomicUsize {
        &self.takers[Form::of(link.reads()).index()]
    }

    /// The forms that the receivers here take. In a large room only some members are checked.
    pub(super) fn forms(&self, target: &Target) -> Forms {
        let all = self.all_forms();
        match target {
            _ if all.is_plain() => all,
            Target::All => all,
            Target::Clients(ids) => self.forms_of(ids),
            Target::Reply(id) => self.forms_of(&[*id]),
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

    /// Those of all connections here, without checking each.
    fn all_forms(&self) -> Forms {
        let mut all = Forms::default();
        for form in Form::ALL {
            if self.takers[form.index()].load(Ordering::Acquire) > 0 {
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
            && table.slot(origin.id()).is_some()
        {
            origin.raise_fence(seq);
        }
        table.queue.push(job);
        drop(table);
        self.work.notify_one();
        Sent { queued: receivers, dropped: 0 }
    }

    /// Queues a reply behind what is in the queue. Not bounded here: its session pauses while the hub is
    /// congested, and has a bounded number of calls in progress.
    pub(super) fn push_reply(&self, link: &Arc<Link<A>>, frame: Bytes) {
        let mut job = Job::new(Target::Reply(link.id()), [].into(), frame.into());
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

    /// Waits until [`passed`](Self::passed). Cancellation safe.
    pub(super) async fn past(&self, seq: u64) {
        loop {
            let finished = self.finished.notified();
            if self.passed(seq) {
                return;
            }
            finished.await;
        }
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
        // Both checks are under one lock: between them, another job could make the queue congested, and a task that then waits
        // would not be notified when it is relieved.
        let relieved = {
            let mut table = self.table();
            let was_congested = self.congested();
            if let Some(last) = jobs.last() {
                table.rooms.finish(last.seq);
            }
            table.queued_bytes -= bytes;
            self.pending.store(table.queued_bytes, Ordering::Release);
            was_congested && !self.congested()
        };
        if relieved {
            self.changed.notify_waiters();
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
