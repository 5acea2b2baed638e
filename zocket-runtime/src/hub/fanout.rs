//! The task of a shard: takes the jobs that have piled up, and delivers them to the connections.
//!
//! One write to a socket costs some 4.5 µs, nearly all of it in the kernel, whether it carries one frame or sixteen.
//! So the broadcasts of a batch are concatenated once, and each connection gets them in one write.

use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt;

use super::{
    CutOff, Link,
    frame::Form,
    outbox::Given,
    rooms::Slot,
    shard::{Job, Running, Shard, Target},
    sweep::Sweep,
    table::{Entry, Table},
};
use crate::wire::{codec::Reads, deflate::Window};

/// How many connections are served before the task releases the table's lock and yields to other tasks. Few in
/// a race test, where each connection costs schedules.
const CHUNK: usize = if cfg!(zocket_races) { 2 } else { 64 };

/// Broadcast frames up to this size are concatenated for one write.
const JOINED_BYTES: usize = 256 * 1024;

/// Starts the task of a shard. Must run inside a tokio runtime.
#[cfg(not(zocket_races))]
pub(super) fn start<A: Send + Sync + 'static>(running: Running<A>) {
    tokio::spawn(run(running));
}

#[cfg(zocket_races)]
pub(super) use super::races::start;

async fn run<A: Send + Sync + 'static>(running: Running<A>) {
    let shard = &running.0;
    let mut sweep = Sweep::new(&shard.config);
    loop {
        while round(shard).await {
            // A queue that never runs empty must not delay the pings.
            if sweep.tick().now_or_never().is_some() {
                sweep.run(shard);
            }
        }
        tokio::select! {
            () = shard.work.notified() => {}
            () = sweep.tick() => sweep.run(shard),
        }
        // The hub is gone, and with it all connections.
        if Arc::strong_count(shard) == 1 {
            return;
        }
    }
}

/// Delivers what has piled up. `false` if there is nothing.
pub(super) async fn round<A: Send + Sync + 'static>(shard: &Shard<A>) -> bool {
    // Tasks that are about to send run first, so that more frames share a write.
    tokio::task::yield_now().await;
    let Some(jobs) = shard.take_jobs() else { return false };
    fan_out(shard, &jobs).await;
    shard.finish(jobs);
    true
}

/// The frames of one batch, and their receivers.
struct Batch<'a> {
    jobs: &'a [Job],
    /// Indices of broadcasts, in order.
    everyone: Vec<u32>,
    /// Their frames, concatenated, for each [`Form`] that a receiver takes.
    joined: [OnceLock<Vec<Bytes>>; Form::COUNT],
    /// Whether any of the frames also has a compressed form.
    deflated: bool,
    /// (slot, job) for each job that concerns a single connection, sorted; exceptions have the highest bit set.
    personal: Vec<(Slot, u32)>,
}

const EXCEPT: u32 = 1 << 31;

async fn fan_out<A: Send + Sync + 'static>(shard: &Shard<A>, jobs: &[Job]) {
    let batch = Batch::new(shard, jobs);
    let mut receivers = Vec::with_capacity(CHUNK);
    let mut pieces = Vec::new();
    let mut cursor = Cursor::new(&batch);
    loop {
        receivers.clear();
        let done = cursor.next_chunk(&shard.table(), &mut receivers);
        for receiver in receivers.drain(..) {
            if receiver.personal.is_empty()
                && receiver.since.is_some_and(|since| since < batch.first_seq())
                && batch.last_seq() <= receiver.until
                && let Some(form) = batch.form(receiver.link.reads())
            {
                give(&receiver.link, batch.joined(form));
            } else {
                batch.merge(&receiver, &mut pieces);
                give(&receiver.link, &pieces);
            }
        }
        if done {
            return;
        }
        // A broadcast to 100,000 must not delay the calls that share this thread.
        tokio::task::yield_now().await;
    }
}

/// A connection's turn.
struct Receiver<'a, A> {
    link: Arc<Link<A>>,
    born: u64,
    until: u64,
    since: Option<u64>,
    personal: &'a [(Slot, u32)],
}

/// Iterates over the connections that a batch concerns. Those with jobs of their own come first: callers get their
/// replies before the broadcast is done, and what they send next shares a batch with what is already waiting. (With the
/// caller last, 16 pipelined 1 KiB broadcasts to 1,000 settled into two batches of 8, at one and a half times the cost.)
struct Cursor<'a> {
    first: &'a [(Slot, u32)],
    /// Then, if there is a broadcast, all others.
    everyone: bool,
    next: usize,
    served: &'a [(Slot, u32)],
}

impl<'a> Cursor<'a> {
    fn new(batch: &'a Batch<'_>) -> Self {
        let everyone = !batch.everyone.is_empty();
        Self { first: &batch.personal, everyone, next: 0, served: &batch.personal }
    }

    /// Appends up to [`CHUNK`] receivers; returns whether they are the last.
    fn next_chunk<A>(&mut self, table: &Table<A>, receivers: &mut Vec<Receiver<'a, A>>) -> bool {
        for _ in 0..CHUNK {
            let (slot, personal) = if let Some((slot, _)) = self.first.first() {
                (*slot, take_slot(&mut self.first, *slot))
            } else if self.everyone && self.next < table.entries.len() {
                let slot = self.next as Slot;
                self.next += 1;
                if !take_slot(&mut self.served, slot).is_empty() {
                    continue;
                }
                (slot, &[][..])
            } else {
                return true;
            };
            if let Some(Some(Entry { link, born, until, since, .. })) = table.entries.get(slot as usize) {
                let (link, born, until, since) = (Arc::clone(link), *born, *until, *since);
                receivers.push(Receiver { link, born, until, since, personal });
            }
        }
        false
    }
}

/// Removes the jobs of one connection from the front, if they are next.
fn take_slot<'a>(jobs: &mut &'a [(Slot, u32)], slot: Slot) -> &'a [(Slot, u32)] {
    let length = jobs.iter().take_while(|(own, _)| *own == slot).count();
    let (taken, rest) = jobs.split_at(length);
    *jobs = rest;
    taken
}

fn give<A>(link: &Arc<Link<A>>, pieces: &[Bytes]) {
    if pieces.is_empty() {
        return;
    }
    match link.outbox().give(pieces) {
        Given::Done | Given::Shut => {}
        Given::Wake => link.wake(),
        Given::Full => link.cut_off(CutOff::TooSlow),
    }
}

impl<'a> Batch<'a> {
    fn new<A: Send + Sync + 'static>(shard: &Shard<A>, jobs: &'a [Job]) -> Self {
        let deflated = jobs.iter().any(|job| job.frame.is_deflated());
        let mut batch =
            Self { jobs, everyone: Vec::new(), joined: Default::default(), deflated, personal: Vec::new() };
        {
            let table = shard.table();
            for (index, job) in (0..).zip(jobs) {
                let excepted: Vec<Slot> = job.except.iter().filter_map(|id| table.slot(*id)).collect();
                match &job.target {
                    Target::All => {
                        batch.everyone.push(index);
                        batch.personal.extend(excepted.into_iter().map(|slot| (slot, index | EXCEPT)));
                    }
                    Target::Clients(ids) => {
                        batch
                            .personal
                            .extend(ids.iter().filter_map(|id| table.slot(*id)).map(|slot| (slot, index)));
                    }
                    Target::Reply(id) => {
                        batch.personal.extend(table.slot(*id).map(|slot| (slot, index)));
                    }
                    Target::Rooms(rooms) => {
                        let slots = rooms.iter().flat_map(|room| table.rooms.members(room, job.seq));
                        batch
                            .personal
                            .extend(slots.filter(|slot| !excepted.contains(slot)).map(|slot| (slot, index)));
                    }
                }
            }
        }
        // By connection, then in the order sent; a connection in two of a message's rooms gets it once.
        batch.personal.sort_unstable_by_key(|(slot, job)| (*slot, *job & !EXCEPT));
        batch.personal.dedup();
        batch
    }

    /// The form in which a connection takes all the broadcasts; `None` if they differ.
    fn form(&self, reads: Reads) -> Option<Form> {
        let deflated = match reads.window {
            Some(Window::LARGEST) if self.deflated => true,
            Some(_) if self.deflated => return None,
            _ => false,
        };
        Some(Form::new(reads.codec, deflated))
    }

    /// The broadcasts' frames, concatenated once for all connections that take this form.
    fn joined(&self, form: Form) -> &[Bytes] {
        self.joined[form.index()].get_or_init(|| self.join(form))
    }

    fn join(&self, form: Form) -> Vec<Bytes> {
        let (mut done, mut joined) = (Vec::new(), BytesMut::new());
        let frame_of = |index: &u32| self.jobs[*index as usize].frame.form(form);
        for (position, index) in self.everyone.iter().enumerate() {
            let frame = frame_of(index);
            let alone = self.everyone.len() == 1 || frame.len() > JOINED_BYTES;
            if !joined.is_empty() && (alone || joined.len() + frame.len() > JOINED_BYTES) {
                done.push(joined.split().freeze());
            }
            if frame.is_empty() {
                // The message does not have this form.
            } else if alone {
                done.push(frame.clone());
            } else {
                if joined.is_empty() {
                    let rest = self.everyone[position..].iter().map(|index| frame_of(index).len());
                    joined.reserve(rest.sum::<usize>().min(JOINED_BYTES));
                }
                joined.extend_from_slice(frame);
            }
        }
        if !joined.is_empty() {
            done.push(joined.freeze());
        }
        done
    }

    fn is_reply(&self, index: u32) -> bool {
        matches!(self.jobs[index as usize].target, Target::Reply(_))
    }

    fn first_seq(&self) -> u64 {
        self.everyone.first().map_or(0, |index| self.jobs[*index as usize].seq)
    }

    fn last_seq(&self) -> u64 {
        self.everyone.last().map_or(0, |index| self.jobs[*index as usize].seq)
    }

    /// The frames of one connection: the broadcasts since it opened, except those that exclude it, and its own.
    fn merge<A>(&self, receiver: &Receiver<'_, A>, pieces: &mut Vec<Bytes>) {
        pieces.clear();
        let seq = |index: u32| self.jobs[index as usize].seq;
        let mut own = receiver.personal.iter().map(|(_, job)| *job).peekable();
        let mut everyone = self.everyone.iter().copied().peekable();
        while let Some(index) = match (everyone.peek(), own.peek()) {
            (Some(all), Some(mine)) => Some(*all.min(&(mine & !EXCEPT))),
            (Some(all), None) => Some(*all),
            (None, Some(mine)) => Some(mine & !EXCEPT),
            (None, None) => None,
        } {
            let to_all = everyone.next_if_eq(&index).is_some();
            let to_it = own.next_if_eq(&index).is_some();
            let excepted = own.next_if_eq(&(index | EXCEPT)).is_some();
            let open = receiver.since.is_some_and(|since| since < seq(index));
            let in_time = seq(index) <= receiver.until || self.is_reply(index);
            if in_time && (to_all && open && !excepted || to_it && receiver.born < seq(index)) {
                let frame = self.jobs[index as usize].frame.for_reader(receiver.link.reads());
                if !frame.is_empty() {
                    pieces.push(frame.clone());
                }
            }
        }
    }
}
