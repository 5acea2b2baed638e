//! Who is connected, who is in which room, and the way of a frame to all of them.
//!
//! The hub knows outboxes, not sessions. Connections are spread over *shards*, one for every two cores. A send puts a job
//! into the queue of each shard that has receivers and returns; the shard's task takes what has piled up, and
//! writes to each receiver, in one write, all frames that wait for it.
//!
//! ```text
//! send ──► Hub::send ──► shard queue ──► fan-out (a task a shard) ──► Outbox ──► socket
//! ```
//!
//! **Order.** A shard's queue is first in, first out, and it is the only way of events to an outbox: what one sender
//! sends reaches each receiver in that order. A reply takes the short way, straight into the outbox, unless its
//! connection has a job of its own still in the queue (the *fence* of [`Link`]): then it queues behind it.
//!
//! **Membership** changes at once and every job carries a sequence number: a connection gets the room messages
//! sent after its join, and none after its leave.

mod fanout;
mod frame;
mod link;
mod outbox;
#[cfg(zocket_races)]
mod races;
mod rooms;
mod shard;
mod sweep;

use std::{
    collections::BTreeMap,
    num::NonZero,
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;

use crate::{
    backplane::{Backplane, Published},
    client_id::ClientId,
    sync::{
        Mistake, Notify,
        atomic::{AtomicUsize, Ordering},
        makes,
    },
    wire::deflate::{Compression, Deflater},
};

use frame::{Encoded, Form, Forms, Frame};
pub(crate) use link::{Ended, Link};
pub(crate) use outbox::{Drained, Outbox};
use shard::{Job, Shard, Target as ShardTarget};

/// The receivers of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    All,
    Clients(Vec<ClientId>),
    Rooms(Vec<String>),
}

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
}

impl HubConfig {
    /// One shard for every two cores: a send is the kernel's work nearly all of the time, and with a shard a core nobody is left
    /// to read and to handle while a broadcast goes out. On two cores, shared with the clients, one shard delivered 1.25 times
    /// as much as two did, at two thirds of their CPU a delivery.
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
    /// Compresses for those who can read it.
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
    pub(crate) fn compressing(mut self, settings: Option<Compression>) -> Self {
        self.deflater = settings.map(Deflater::new);
        self
    }

    /// Writes messages in MessagePack as well, for connections that speak it.
    pub(crate) fn packing(mut self, msgpack: bool) -> Self {
        self.msgpack = msgpack;
        self
    }

    fn shard(&self, id: ClientId) -> &Arc<Shard<A>> {
        &self.shards[id.shard(self.shards.len())]
    }

    /// Lets a connection be found by its id, before it gets broadcasts. Must run inside a tokio runtime: it starts
    /// the shard's task where that does not run.
    pub(crate) fn register(&self, link: &Arc<Link<A>>) {
        self.connections.fetch_add(1, Ordering::AcqRel);
        self.shard(link.id()).register(link);
    }

    /// The connection is open: broadcasts sent from now on reach it.
    pub(crate) fn open(&self, link: &Arc<Link<A>>) {
        self.shard(link.id()).open(link);
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

    /// Whether so much waits in some shard that those who can wait should, before they send more.
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
    /// here is counted as dropped. `origin` is the connection whose handler sends, for the order of its own replies.
    pub(crate) fn send(&self, message: &Published<'_>, origin: Option<&Arc<Link<A>>>) -> Sent {
        if let Some(backplane) = &self.backplane {
            backplane.publish(message);
        }
        self.deliver(message, origin)
    }

    /// Queues an encoded frame for its receivers among the connections here.
    ///
    /// Whoever sends a message makes all forms of it, before it is queued: a handler that sends much is slowed down by its own
    /// work, and the shard's task, on which everybody's messages wait, only picks the form that a connection takes.
    pub(crate) fn deliver(&self, message: &Published<'_>, origin: Option<&Arc<Link<A>>>) -> Sent {
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
                let frame =
                    self.in_forms(message, || by_shard.iter().map(forms).fold(Forms::default(), Forms::and));
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
        message: &Published<'_>,
        origin: Option<&Arc<Link<A>>>,
        sent: &mut Sent,
    ) {
        let mut except = message.except.to_vec();
        except.sort_unstable();
        except.dedup();
        let except: Arc<[ClientId]> = except.into();
        let forms = || self.shards.iter().map(|shard| shard.forms(target));
        let frame = self.in_forms(message, || forms().fold(Forms::default(), Forms::and));
        for shard in &self.shards {
            sent.add(shard.push(Job::new(target.clone(), Arc::clone(&except), frame.clone()), origin));
        }
    }

    /// The message in all forms that its receivers take.
    fn in_forms(&self, message: &Published<'_>, forms: impl FnOnce() -> Forms) -> Frame {
        let json = message.frame.clone();
        let deflater = self.deflater.as_ref();
        let deflater = deflater.filter(|deflater| message.compress && json.len() > deflater.threshold());
        if deflater.is_none() && !self.msgpack {
            return json.into();
        }
        let forms = forms();
        let encoded = |plain: Bytes, form| {
            let deflater = deflater.filter(|_| forms.has(form));
            let deflated = deflater.and_then(|deflater| deflater.frame(&plain)).map(Bytes::from);
            Encoded { plain, deflated }
        };
        let packed = self.msgpack.then(|| {
            let wanted = forms.has(Form::MsgPack) || forms.has(Form::DeflatedMsgPack);
            match wanted {
                true => OnceLock::from(encoded(frame::pack(&json), Form::DeflatedMsgPack)),
                false => OnceLock::new(),
            }
        });
        Frame::new(encoded(json, Form::Deflated), packed)
    }

    /// Puts a reply into its connection's outbox, behind what the connection's own handlers have sent to it.
    /// `encode` appends one whole frame, which is compressed only where `compress` allows it.
    pub(crate) fn reply(&self, link: &Arc<Link<A>>, compress: bool, encode: impl FnOnce(&mut Vec<u8>)) {
        let shard = self.shard(link.id());
        let is_next = shard.passed(link.fence()) || makes(Mistake::ReplyOvertakes);
        let deflater = self.deflater.as_ref().filter(|_| compress).zip(link.reads().window);
        let frame = if is_next {
            // Most replies are encoded where they wait. To compress one there would hold up whoever else writes.
            let most = deflater.map_or(usize::MAX, |(deflater, _)| deflater.threshold());
            let Some(frame) = link.outbox().stage_up_to(most, encode) else { return };
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
    /// Whether all that the connection's own handlers have sent has reached its outbox.
    pub(crate) fn is_settled(&self, link: &Arc<Link<A>>) -> bool {
        self.shard(link.id()).passed(link.fence())
    }

    /// Waits until all that has been sent so far has reached its outboxes. Cancellation safe.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) async fn idle(&self) {
        for shard in &self.shards {
            let seq = shard.table().seq;
            loop {
                let finished = shard.finished.notified();
                if shard.passed(seq) {
                    break;
                }
                finished.await;
            }
        }
    }

    /// Waits until the connection is forgotten. Cancellation safe.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) async fn removed(&self, link: &Arc<Link<A>>) {
        loop {
            let changed = self.changed.notified();
            if self.find(link.id()).is_none() {
                return;
            }
            changed.await;
        }
    }

    /// Waits until [`is_settled`](Self::is_settled). Cancellation safe.
    pub(crate) async fn settled(&self, link: &Arc<Link<A>>) {
        let shard = self.shard(link.id());
        loop {
            let finished = shard.finished.notified();
            if shard.passed(link.fence()) {
                return;
            }
            finished.await;
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
