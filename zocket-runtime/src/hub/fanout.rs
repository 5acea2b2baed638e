//! The task of a shard: takes the jobs that have piled up, and gives each connection what waits for it.
//!
//! One write to a socket costs some 4.5 µs, nearly all of it the kernel's, whether it carries one frame or sixteen: so
//! the whole batch's broadcasts are put together once, and each connection gets them in one write.

use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt;

use super::{
    Ended, Link,
    frame::Form,
    outbox::Given,
    shard::{Entry, Job, Running, Shard, Slot, Table, Target},
    sweep::Sweep,
};
use crate::wire::{
    codec::{Codec, Reads},
    deflate::Window,
};

/// Connections served between two looks at what else there is to do: the table's lock is taken that often, and
/// the worker thread is offered to other tasks. Few in a race test, where each connection costs schedules.
const CHUNK: usize = if cfg!(zocket_races) { 2 } else { 64 };

/// Broadcast frames up to this size are put together for one write.
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
            // A queue that never runs dry must not put off the pings.
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

/// Gives out what has piled up. `false` where there is nothing.
pub(super) async fn round<A: Send + Sync + 'static>(shard: &Shard<A>) -> bool {
    // Those who are about to send get their turn first: more frames share a write.
    tokio::task::yield_now().await;
    let Some(jobs) = shard.take_jobs() else { return false };
    fan_out(shard, &jobs).await;
    shard.finish(jobs);
    true
}

/// The frames of one batch, and who gets which.
struct Batch<'a> {
    jobs: &'a [Job],
    /// Indices of broadcasts, in order.
    everyone: Vec<u32>,
    /// Their frames, put together: for those who take them in each [`Form`], as soon as there is one.
    joined: [OnceLock<Vec<Bytes>>; Form::ALL.len()],
    /// Whether any of the frames are there in a compressed form as well.
    deflated: bool,
    /// (slot, job) for each job that concerns a connection alone, sorted; an exception has the highest bit set.
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
        // A broadcast to 100,000 must not hold up the calls that share this thread.
        tokio::task::yield_now().await;
    }
}

/// A connection's turn.
struct Receiver<'a, A> {
    link: Arc<Link<A>>,
    born: u64,
    since: Option<u64>,
    personal: &'a [(Slot, u32)],
}

/// Walks over the connections that a batch concerns. Those with jobs of their own come first: callers get their replies
/// before the broadcast has gone round, and what they send next shares a batch with what is waiting already. (With the
/// caller last, 16 pipelined 1 KiB broadcasts to 1,000 settled into two batches of 8, at one and a half times the cost.)
struct Cursor<'a> {
    first: &'a [(Slot, u32)],
    /// Then, where there is a broadcast, all others.
    everyone: bool,
    next: usize,
    served: &'a [(Slot, u32)],
}

impl<'a> Cursor<'a> {
    fn new(batch: &'a Batch<'_>) -> Self {
        let everyone = !batch.everyone.is_empty();
        Self { first: &batch.personal, everyone, next: 0, served: &batch.personal }
    }

    /// Appends up to [`CHUNK`] receivers; says whether they are the last.
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
            if let Some(Some(Entry { link, born, since, .. })) = table.entries.get(slot as usize) {
                receivers.push(Receiver { link: Arc::clone(link), born: *born, since: *since, personal });
            }
        }
        false
    }
}

/// Takes the jobs of one connection off the front, if it is its turn.
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
        Given::Full => link.end(Ended::TooSlow),
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
                    Target::Rooms(rooms) => {
                        let slots = rooms.iter().flat_map(|room| table.rooms.members(room, job.seq));
                        batch
                            .personal
                            .extend(slots.filter(|slot| !excepted.contains(slot)).map(|slot| (slot, index)));
                    }
                }
            }
        }
        // By connection, then in the order sent; one in two of a message's rooms gets it once.
        batch.personal.sort_unstable_by_key(|(slot, job)| (*slot, *job & !EXCEPT));
        batch.personal.dedup();
        batch
    }

    /// In which form a connection takes all of the broadcasts; `None` where that differs from one to the next.
    fn form(&self, reads: Reads) -> Option<Form> {
        let deflated = match reads.window {
            Some(Window::LARGEST) if self.deflated => true,
            Some(_) if self.deflated => return None,
            _ => false,
        };
        Some(match (reads.codec, deflated) {
            (Codec::Json, false) => Form::Plain,
            (Codec::Json, true) => Form::Deflated,
            (Codec::MsgPack, false) => Form::MsgPack,
            (Codec::MsgPack, true) => Form::DeflatedMsgPack,
        })
    }

    /// The broadcasts' frames, put together once for all who take them in this form.
    fn joined(&self, form: Form) -> &[Bytes] {
        self.joined[form as usize].get_or_init(|| self.join(form))
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
                // The message has no such form.
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

    fn first_seq(&self) -> u64 {
        self.everyone.first().map_or(0, |index| self.jobs[*index as usize].seq)
    }

    /// The frames of one connection: the broadcasts since it is open, without those it is excepted from, and its own.
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
            if (to_all && open && !excepted) || (to_it && receiver.born < seq(index)) {
                let frame = self.jobs[index as usize].frame.for_reader(receiver.link.reads());
                if !frame.is_empty() {
                    pieces.push(frame.clone());
                }
            }
        }
    }
}
