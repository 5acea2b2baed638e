//! Which connections exist, which rooms they are in, and the delivery of frames to them.
//!
//! The hub knows outboxes, not sessions. Connections are spread over *shards*, one for every two cores. A send puts a job
//! into the queue of each shard that has receivers, and returns. The shard's task takes what has piled up, and writes all
//! frames for a receiver in one write.
//!
//! ```text
//! send ──► Hub::send ──► shard queue ──► fan-out (a task a shard) ──► Outbox ──► socket
//! ```
//!
//! **Order.** A shard's queue is first in, first out, and events reach an outbox only through it: what one sender
//! sends reaches each receiver in that order. A reply goes straight into the outbox, unless a job of its connection
//! is still in the queue (the *fence* of [`Link`]): then it queues behind it.
//!
//! **Membership** is as it was when a message was sent: every job has a sequence number, a join and a leave record the
//! current one, and a connection gets the room messages sent after its join and before its leave.
//!
//! **Closing.** What was sent to a connection before a close was requested reaches it before the close frame: the
//! request raises the fence, and the close frame seals the outbox.

mod fanout;
mod frame;
mod link;
mod membership;
mod outbox;
#[cfg(zocket_races)]
mod races;
mod rooms;
mod settling;
mod shard;
mod socket;
mod sweep;
mod table;

use std::{
    collections::BTreeMap,
    num::NonZero,
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;

use crate::{
    backplane::{Addressed, Backplane, Target},
    client_id::ClientId,
    compression::Compression,
    sync::{
        Mistake, Notify,
        atomic::{AtomicUsize, Ordering},
        makes,
    },
    wire::{close::CloseCode, codec::Codec, deflate::Deflater},
};

use frame::{Encoded, Form, Forms, Frame};
pub(crate) use link::{CutOff, Link};
pub(crate) use outbox::{Flushed, Outbox};
pub(crate) use settling::Settling;
use shard::{Job, Shard, Target as ShardTarget};

/// What happened to a message in this hub.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) queued: usize,
    pub(crate) dropped: usize,
}

/// The limits that concern the hub.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HubConfig {
    pub(crate) shards: usize,
    /// Bytes of jobs that may wait for one shard.
    pub(crate) queue_bytes: usize,
    pub(crate) ping_every: Duration,
    pub(crate) pong_within: Duration,
    /// How long a client may read nothing of what waits for it.
    pub(crate) stalled_after: Duration,
}

impl HubConfig {
    /// One shard for every two cores: sending is nearly all kernel work, and with one shard per core no core is left to read and
    /// handle messages during a broadcast. On two cores shared with the clients, one shard delivered 1.25 times as much as two
    /// did, at two thirds of their CPU per delivery.
    pub(crate) fn default_shards() -> usize {
        std::thread::available_parallelism().map_or(1, NonZero::get).div_ceil(2)
    }
}

/// See the [module](self).
pub(crate) struct Hub<A> {
    shards: Box<[Arc<Shard<A>>]>,
    connections: AtomicUsize,
    /// Carries what is sent here to other nodes.
    backplane: Option<Box<dyn Backplane>>,
    /// Compresses for connections that can read it.
    deflater: Option<Deflater>,
    /// Whether there may be connections that speak MessagePack.
    msgpack: bool,
    /// Told when a connection is removed, and when a shard's queue has fallen below its low-water mark.
    changed: Arc<Notify>,
}

impl<A: Send + Sync + 'static> Hub<A> {
    pub(crate) fn new(config: HubConfig) -> Self {
        let changed = Arc::new(Notify::new());
        let shards = (0..config.shards.max(1)).map(|_| Arc::new(Shard::new(config, Arc::clone(&changed))));
        Self {
            shards: shards.collect(),
            connections: AtomicUsize::new(0),
            backplane: None,
            deflater: None,
            msgpack: false,
            changed,
        }
    }

    /// Compresses messages for connections that have agreed on it.
    pub(crate) fn with_compression(mut self, settings: Option<Compression>) -> Self {
        self.deflater = settings.map(Compression::deflater);
        self
    }

    /// Writes messages in MessagePack as well, for connections that speak it.
    pub(crate) fn with_msgpack(mut self, msgpack: bool) -> Self {
        self.msgpack = msgpack;
        self
    }

    fn shard(&self, id: ClientId) -> &Arc<Shard<A>> {
        &self.shards[id.shard(self.shards.len())]
    }

    /// Makes a connection reachable by its id, before it gets broadcasts. Must run inside a tokio runtime: it
    /// starts the shard's task if that is not running.
    pub(crate) fn register(&self, link: &Arc<Link<A>>) {
        self.connections.fetch_add(1, Ordering::AcqRel);
        if let Some(starting) = self.shard(link.id()).register(link) {
            fanout::start(starting);
        }
    }

    /// The connection is open: broadcasts sent from now on reach it.
    pub(crate) fn open(&self, link: &Arc<Link<A>>) {
        self.shard(link.id()).open(link);
    }

    /// Asks a connection for a close handshake, after everything that has been sent to it so far, by anyone. The first
    /// request decides code and reason.
    pub(crate) fn close(&self, link: &Link<A>, code: CloseCode, reason: &str) {
        self.raise_fence(link);
        link.close(code, reason);
    }

    /// Asks a connection to finish what it has begun and then to close, after everything that has been sent to it
    /// so far.
    pub(crate) fn drain(&self, link: &Link<A>) {
        self.raise_fence(link);
        link.drain();
    }

    /// What has been sent to the connection so far goes before whatever bypasses the queue.
    fn raise_fence(&self, link: &Link<A>) {
        if !makes(Mistake::NoFence) {
            link.raise_fence(self.shard(link.id()).last_seq());
        }
    }

    /// A connection is over for everybody: only replies are still sent to it, it is not in rooms and counts any more, and
    /// it cannot be found. What was sent before still reaches its outbox, and until it is [removed](Self::remove) it knows
    /// its rooms.
    pub(crate) fn depart(&self, link: &Arc<Link<A>>) {
        self.shard(link.id()).depart(link);
        // Last, so that tasks waiting for the end find rooms and counts without the connection.
        link.set_closed();
    }

    /// Forgets a connection and leaves all of its rooms.
    pub(crate) fn remove(&self, link: &Arc<Link<A>>) {
        if self.shard(link.id()).remove(link) {
            self.connections.fetch_sub(1, Ordering::AcqRel);
            self.changed.notify_waiters();
        }
    }

    /// Connections that are registered, open or still in their handshake.
    pub(crate) fn registered(&self) -> usize {
        self.connections.load(Ordering::Acquire)
    }

    /// Waits until no connection is left. Cancellation safe.
    pub(crate) async fn emptied(&self) {
        loop {
            let changed = self.changed.notified();
            if self.registered() == 0 {
                return;
            }
            changed.await;
        }
    }

    /// Whether a shard's queue is so full that senders that can wait should wait.
    pub(crate) fn congested(&self) -> bool {
        self.shards.iter().any(|shard| shard.congested())
    }

    /// Waits until [`congested`](Self::congested) may have ended. Cancellation safe.
    pub(crate) async fn relieved(&self) {
        loop {
            let changed = self.changed.notified();
            if !self.congested() {
                return;
            }
            changed.await;
        }
    }

    pub(crate) fn find(&self, id: ClientId) -> Option<Arc<Link<A>>> {
        self.shard(id).find(id)
    }

    /// All open connections, in no particular order.
    pub(crate) fn links(&self) -> Vec<Arc<Link<A>>> {
        self.shards.iter().flat_map(|shard| shard.links()).collect()
    }

    /// Runs `f` for every registered connection, open or not.
    pub(crate) fn for_each(&self, mut f: impl FnMut(&Arc<Link<A>>)) {
        for shard in &self.shards {
            shard.all().iter().for_each(&mut f);
        }
    }

    pub(crate) fn open_count(&self) -> usize {
        self.shards.iter().map(|shard| shard.open_count()).sum()
    }

    /// Sends an encoded frame to its receivers, here and on other nodes. Never blocks and never waits; what does not fit
    /// into the queues is counted as dropped. `origin` is the connection whose handler sends, for the order of its own
    /// replies.
    pub(crate) fn send(&self, message: &Addressed<'_>, origin: Option<&Arc<Link<A>>>) -> Sent {
        if let Some(backplane) = &self.backplane {
            backplane.publish(message);
        }
        self.deliver(message, origin)
    }

    /// Queues an encoded frame for its receivers among the connections here.
    ///
    /// The sender makes all forms of a message before it is queued: a handler that sends a lot is slowed down by its own work,
    /// and the shard's task, which everybody's messages wait for, only picks the form for each connection.
    pub(crate) fn deliver(&self, message: &Addressed<'_>, origin: Option<&Arc<Link<A>>>) -> Sent {
        let mut sent = Sent::default();
        match message.target {
            Target::All => self.send_everywhere(&ShardTarget::All, message, origin, &mut sent),
            Target::Rooms(rooms) => {
                let rooms = rooms.iter().map(|room| Arc::from(room.as_str())).collect();
                self.send_everywhere(&ShardTarget::Rooms(rooms), message, origin, &mut sent);
            }
            Target::Clients(ids) => {
                let mut by_shard: BTreeMap<usize, Vec<ClientId>> = BTreeMap::new();
                for id in ids.iter().filter(|id| !message.except.contains(id)) {
                    by_shard.entry(id.shard(self.shards.len())).or_default().push(*id);
                }
                let forms = |(index, ids): (&usize, &Vec<_>)| self.shards[*index].forms_of(ids);
                let frame = self
                    .in_forms(message, || by_shard.iter().map(forms).fold(Forms::default(), Forms::union));
                for (index, mut ids) in by_shard {
                    ids.sort_unstable();
                    ids.dedup();
                    let job = Job::new(ShardTarget::Clients(ids.into()), [].into(), frame.clone());
                    sent.add(self.shards[index].push(job, origin));
                }
            }
        }
        sent
    }

    fn send_everywhere(
        &self,
        target: &ShardTarget,
        message: &Addressed<'_>,
        origin: Option<&Arc<Link<A>>>,
        sent: &mut Sent,
    ) {
        let except: Arc<[ClientId]> = if message.except.is_empty() {
            // No allocation, as it would be for an empty vector.
            Arc::default()
        } else {
            let mut except = message.except.to_vec();
            except.sort_unstable();
            except.dedup();
            except.into()
        };
        let forms = || self.shards.iter().map(|shard| shard.forms(target));
        let frame = self.in_forms(message, || forms().fold(Forms::default(), Forms::union));
        for shard in &self.shards {
            sent.add(shard.push(Job::new(target.clone(), Arc::clone(&except), frame.clone()), origin));
        }
    }

    /// The message in all forms that its receivers take.
    fn in_forms(&self, message: &Addressed<'_>, forms: impl FnOnce() -> Forms) -> Frame {
        let json = message.frame.clone();
        let deflater = self.deflater.as_ref();
        let deflater = deflater.filter(|deflater| message.compress && json.len() > deflater.threshold());
        if deflater.is_none() && !self.msgpack {
            return json.into();
        }
        const DEFLATED_MSGPACK: Form = Form::new(Codec::MsgPack, true);
        let forms = forms();
        let encoded = |plain: Bytes, form| {
            let deflater = deflater.filter(|_| forms.has(form));
            let deflated = deflater.and_then(|deflater| deflater.frame(&plain)).map(Bytes::from);
            Encoded { plain, deflated }
        };
        let msgpack = self.msgpack.then(|| {
            let wanted = forms.has(Form::new(Codec::MsgPack, false)) || forms.has(DEFLATED_MSGPACK);
            match wanted {
                true => OnceLock::from(encoded(frame::to_msgpack(&json), DEFLATED_MSGPACK)),
                false => OnceLock::new(),
            }
        });
        Frame::new(encoded(json, Form::new(Codec::Json, true)), msgpack)
    }

    /// Puts a reply into its connection's outbox, after what the connection's own handlers have sent to it.
    /// `encode` appends one whole frame, which is compressed only if `compress` allows it.
    pub(crate) fn reply(&self, link: &Arc<Link<A>>, compress: bool, encode: impl FnOnce(&mut Vec<u8>)) {
        let shard = self.shard(link.id());
        let is_next = shard.passed(link.fence()) || makes(Mistake::ReplyOvertakes);
        let deflater = self.deflater.as_ref().filter(|_| compress).zip(link.reads().window);
        let frame = if is_next {
            // Most replies are encoded directly in the outbox. Compressing one there would block other writers.
            let max = deflater.map_or(usize::MAX, |(deflater, _)| deflater.threshold());
            let Some(frame) = link.outbox().stage_up_to(max, encode) else { return };
            frame
        } else {
            let mut frame = Vec::new();
            encode(&mut frame);
            frame
        };
        let deflater = deflater.filter(|(_, window)| window.holds(frame.len()));
        let frame = deflater.and_then(|(deflater, _)| deflater.frame(&frame)).unwrap_or(frame);
        if is_next {
            link.outbox().stage(|staged| staged.extend_from_slice(&frame));
        } else {
            shard.push_reply(link, frame.into());
        }
    }
}

impl<A: Send + Sync + 'static> Hub<A> {
    /// Waits until everything sent so far has reached its outboxes. Cancellation safe.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) async fn idle(&self) {
        for shard in &self.shards {
            shard.past(shard.last_seq()).await;
        }
    }

    /// Waits until the connection is forgotten. Cancellation safe.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) async fn removed(&self, link: &Arc<Link<A>>) {
        loop {
            let changed = self.changed.notified();
            if self.shard(link.id()).is_forgotten(link.id()) {
                return;
            }
            changed.await;
        }
    }
}

impl Sent {
    fn add(&mut self, other: Sent) {
        self.queued += other.queued;
        self.dropped += other.dropped;
    }
}

#[cfg(test)]
mod tests;
