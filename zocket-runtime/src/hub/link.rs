//! One connection, as the hub and those who hold on to it see it.

use std::{
    sync::OnceLock,
    task::Waker,
    time::{Duration, Instant},
};

use crate::{
    client_id::ClientId,
    hub::Outbox,
    sync::{
        AtomicWaker, Notify,
        atomic::{AtomicU8, AtomicU64, Ordering, fence},
    },
    wire::codec::Reads,
};

/// Why a connection is to end without a close handshake of its own session's making.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The outbox was full: the client does not read fast enough.
    TooSlow,
    /// No answer to a ping.
    Unresponsive,
    /// The deadline of a drain has passed.
    Killed,
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TooSlow => "the client reads too slowly and its outbox is full",
            Self::Unresponsive => "the client did not answer a ping",
            Self::Killed => "the deadline of a drain has passed",
        })
    }
}

/// What others ask of a connection's session.
#[derive(Debug, Default)]
pub(crate) struct Signal {
    pub(crate) close: Option<(u16, Box<str>)>,
    pub(crate) drain: bool,
}

const OPEN: u8 = 0;
const DRAIN: u8 = 1;
const CLOSE: u8 = 2;
const TOO_SLOW: u8 = 3;
const UNRESPONSIVE: u8 = 4;
const KILLED: u8 = 5;
const CLOSED: u8 = 6;

const SILENT: u8 = 0;
const HEARD: u8 = 1;
const NOT_LISTENING: u8 = 2;

/// A connection: its id, its outbox, and the means to reach its session.
///
/// Held by the hub, the session, and every `Ctx`; an ended connection's socket is closed whoever still holds this.
pub(crate) struct Link<A> {
    id: ClientId,
    outbox: Outbox,
    /// Wakes the session.
    waker: AtomicWaker,
    /// The sequence number of the last job that this connection's handlers put into its own shard's queue.
    fence: AtomicU64,
    /// What is asked of the session; grows only.
    state: AtomicU8,
    close: OnceLock<(u16, Box<str>)>,
    ended: OnceLock<Box<Notify>>,
    opened: Instant,
    /// What came from the peer since the last sweep: a mark costs the session less than a look at the clock.
    heard: AtomicU8,
    reads: Reads,
    attachment: A,
}

impl<A> Link<A> {
    pub(crate) fn new(id: ClientId, outbox_bytes: usize, attachment: A) -> Self {
        Self {
            id,
            outbox: Outbox::new(outbox_bytes),
            waker: AtomicWaker::new(),
            fence: AtomicU64::new(0),
            state: AtomicU8::new(OPEN),
            close: OnceLock::new(),
            ended: OnceLock::new(),
            opened: Instant::now(),
            heard: AtomicU8::new(HEARD),
            reads: Reads::default(),
            attachment,
        }
    }

    /// A connection whose peer reads more than plain JSON, or something else.
    pub(crate) fn reading(mut self, reads: Reads) -> Self {
        self.reads = reads;
        self
    }

    /// What the peer reads, and writes.
    pub(crate) fn reads(&self) -> Reads {
        self.reads
    }

    pub(crate) fn id(&self) -> ClientId {
        self.id
    }

    pub(crate) fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    pub(crate) fn attachment(&self) -> &A {
        &self.attachment
    }

    pub(crate) fn fence(&self) -> u64 {
        self.fence.load(Ordering::Acquire)
    }

    pub(super) fn raise_fence(&self, seq: u64) {
        self.fence.fetch_max(seq, Ordering::AcqRel);
    }

    /// Whether the session goes on: not closed, and not told to end.
    pub(crate) fn is_open(&self) -> bool {
        self.state.load(Ordering::Acquire) <= DRAIN
    }

    /// Asks the session for a close handshake. The first to ask chooses code and reason.
    pub(crate) fn close(&self, code: u16, reason: &str) {
        // What a server may say: the others are the protocol's own, or none.
        let code = if matches!(code, 1000 | 1008 | 1011..=1014 | 3000..=4999) { code } else { 1011 };
        let _ = self.close.set((code, reason.into()));
        self.raise(CLOSE);
    }

    /// Asks the session to finish what it has begun and then close.
    pub(crate) fn drain(&self) {
        self.raise(DRAIN);
    }

    /// Ends the connection at once: nothing more is written.
    pub(crate) fn end(&self, why: Ended) {
        self.outbox.shut();
        self.raise(match why {
            Ended::TooSlow => TOO_SLOW,
            Ended::Unresponsive => UNRESPONSIVE,
            Ended::Killed => KILLED,
        });
    }

    fn raise(&self, state: u8) {
        if self.state.fetch_max(state, Ordering::AcqRel) < state {
            self.waker.wake();
        }
    }

    /// What has been asked of the session so far.
    pub(crate) fn signal(&self) -> Result<Signal, Ended> {
        let state = self.state.load(Ordering::Acquire);
        match state {
            TOO_SLOW => Err(Ended::TooSlow),
            UNRESPONSIVE => Err(Ended::Unresponsive),
            KILLED => Err(Ended::Killed),
            // The state may be ahead by a drain: what was asked for stays asked for.
            _ => Ok(Signal { close: self.close.get().cloned(), drain: state >= DRAIN }),
        }
    }

    /// A cheap look whether [`signal`](Self::signal) has anything to say.
    pub(crate) fn signalled(&self) -> bool {
        self.state.load(Ordering::Acquire) != OPEN
    }

    /// The session is over.
    pub(crate) fn set_closed(&self) {
        self.outbox.shut();
        self.state.fetch_max(CLOSED, Ordering::AcqRel);
        // Either this sees the `Notify`, or who has just made it sees the state.
        fence(Ordering::SeqCst);
        if let Some(ended) = self.ended.get() {
            ended.notify_waiters();
        }
    }

    /// Waits until the session is over. Cancellation safe.
    pub(crate) async fn closed(&self) {
        // Made on demand: an idle connection must not pay for it.
        let ended = self.ended.get_or_init(Box::default);
        fence(Ordering::SeqCst);
        loop {
            let notified = ended.notified();
            if self.state.load(Ordering::Acquire) == CLOSED {
                return;
            }
            notified.await;
        }
    }

    /// The session sleeps until this waker is woken.
    pub(crate) fn register_waker(&self, waker: &Waker) {
        self.waker.register(waker);
    }

    pub(crate) fn wake(&self) {
        self.waker.wake();
    }

    /// How long ago the connection was made.
    pub(crate) fn age(&self) -> Duration {
        self.opened.elapsed()
    }

    /// The peer has sent bytes, or taken some.
    pub(crate) fn hear(&self) {
        if self.heard.load(Ordering::Relaxed) == SILENT {
            // Not where the session does not listen: it stays excused.
            self.heard.store(HEARD, Ordering::Relaxed);
        }
    }

    /// The session reads again.
    pub(crate) fn start_listening(&self) {
        self.heard.store(HEARD, Ordering::Relaxed);
    }

    /// The session does not read until [`start_listening`](Self::start_listening): silence means nothing now.
    pub(crate) fn stop_listening(&self) {
        self.heard.store(NOT_LISTENING, Ordering::Relaxed);
    }

    /// What has come from the peer since the last time this was asked.
    pub(super) fn take_heard(&self) -> Heard {
        match self.heard.compare_exchange(HEARD, SILENT, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => Heard::Something,
            Err(SILENT) => Heard::Nothing,
            Err(_) => Heard::NotListening,
        }
    }
}

/// What a sweep finds out about a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    Something,
    Nothing,
    /// The session does not read: silence means nothing.
    NotListening,
}

impl<A> std::fmt::Debug for Link<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("id", &self.id).finish_non_exhaustive()
    }
}
