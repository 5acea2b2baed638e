//! One connection, as seen by the hub and by holders of a reference.

use std::{
    sync::OnceLock,
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use crate::{
    client_id::ClientId,
    hub::Outbox,
    sync::{
        AtomicWaker, Notify,
        atomic::{AtomicU8, AtomicU64, Ordering, fence},
    },
    wire::{close::CloseCode, codec::Reads},
};

/// Why a connection is cut off, without a close handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CutOff {
    /// The outbox was full: the client does not read fast enough.
    TooSlow,
    /// No answer to a ping.
    Unresponsive,
    /// The client has read nothing of what waits for it for too long.
    Stalled,
    /// The deadline of a drain has passed.
    Killed,
}

impl std::fmt::Display for CutOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TooSlow => "the client reads too slowly and its outbox is full",
            Self::Unresponsive => "the client did not answer a ping",
            Self::Stalled => "the client has stopped reading",
            Self::Killed => "the deadline of a drain has passed",
        })
    }
}

/// Requests to a connection's session.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Signal {
    pub(crate) close: Option<(CloseCode, Box<str>)>,
    pub(crate) drain: bool,
}

/// Requests to a session, and the fact that it is over: bits of one state, which are never cleared.
const OPEN: u8 = 0;
const DRAIN: u8 = 1;
const CLOSE: u8 = 1 << 1;
const TOO_SLOW: u8 = 1 << 2;
const UNRESPONSIVE: u8 = 1 << 3;
const STALLED: u8 = 1 << 4;
const KILLED: u8 = 1 << 5;
const CLOSED: u8 = 1 << 6;
const ABANDONED: u8 = 1 << 7;

const SILENT: u8 = 0;
const HEARD: u8 = 1;
const NOT_LISTENING: u8 = 2;

/// A connection: its id, its outbox, and a way to reach its session.
///
/// Held by the hub, the session, and every `Ctx`; when the connection ends, its socket is closed even if this is
/// still held.
pub(crate) struct Link<A> {
    id: ClientId,
    outbox: Outbox,
    /// Wakes the session.
    waker: AtomicWaker,
    /// The fence: the sequence number of the last job in its shard's queue that must reach the outbox before a reply or a
    /// close frame does. It covers what this connection's handlers have sent, and everything that was sent before a close
    /// was requested.
    fence: AtomicU64,
    state: AtomicU8,
    close: OnceLock<(CloseCode, Box<str>)>,
    ended: OnceLock<Box<Notify>>,
    opened: Instant,
    /// What came from the peer since the last sweep: setting a flag costs the session less than
    /// reading the clock.
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

    /// A connection whose peer reads something other than plain JSON, or more than that.
    pub(crate) fn reading(mut self, reads: Reads) -> Self {
        self.reads = reads;
        self
    }

    /// The codec that the peer reads and writes.
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

    /// Whether the session continues: not closed, and not told to end.
    pub(crate) fn is_open(&self) -> bool {
        self.state.load(Ordering::Acquire) & !DRAIN == OPEN
    }

    /// Whether the connection is over for everybody.
    pub(crate) fn is_closed(&self) -> bool {
        self.state.load(Ordering::Acquire) & CLOSED != 0
    }

    /// Asks the session for a close handshake. The first request decides code and reason. Called through the hub, which
    /// makes sure that what was sent before goes out first.
    pub(super) fn close(&self, code: CloseCode, reason: &str) {
        let _ = self.close.set((code, reason.into()));
        self.raise(CLOSE);
    }

    /// Asks the session to finish what it has begun and then close. Called through the hub, like
    /// [`close`](Self::close).
    pub(super) fn drain(&self) {
        self.raise(DRAIN);
    }

    /// Ends the connection at once: nothing more is written.
    pub(crate) fn cut_off(&self, why: CutOff) {
        self.outbox.shut();
        self.raise(match why {
            CutOff::TooSlow => TOO_SLOW,
            CutOff::Unresponsive => UNRESPONSIVE,
            CutOff::Stalled => STALLED,
            CutOff::Killed => KILLED,
        });
    }

    fn raise(&self, bit: u8) {
        if self.state.fetch_or(bit, Ordering::AcqRel) & bit == 0 {
            self.waker.wake();
        }
    }

    /// What has been asked of the session so far.
    pub(crate) fn signal(&self) -> Result<Signal, CutOff> {
        let state = self.state.load(Ordering::Acquire);
        let is = |bit| state & bit != 0;
        match state {
            _ if is(KILLED) => Err(CutOff::Killed),
            _ if is(STALLED) => Err(CutOff::Stalled),
            _ if is(UNRESPONSIVE) => Err(CutOff::Unresponsive),
            _ if is(TOO_SLOW) => Err(CutOff::TooSlow),
            _ => Ok(Signal { close: self.close.get().filter(|_| is(CLOSE)).cloned(), drain: is(DRAIN) }),
        }
    }

    /// A cheap check whether [`signal`](Self::signal) would return anything.
    pub(crate) fn signalled(&self) -> bool {
        self.state.load(Ordering::Acquire) != OPEN
    }

    /// Everything of the connection must stop, including its hooks.
    pub(crate) fn abandon(&self) {
        self.raise(ABANDONED);
    }

    /// Ready once everything of the connection must stop; or, if `hooks` may run a little longer, everything else.
    pub(crate) fn poll_stopped(&self, hooks: bool, cx: &mut Context<'_>) -> Poll<()> {
        self.waker.register(cx.waker());
        let stops = if hooks { ABANDONED } else { ABANDONED | KILLED };
        if self.state.load(Ordering::Acquire) & stops == 0 { Poll::Pending } else { Poll::Ready(()) }
    }

    /// The connection is over: the client is gone, or treated as gone.
    pub(crate) fn set_closed(&self) {
        self.state.fetch_or(CLOSED, Ordering::AcqRel);
        // Either this sees the `Notify`, or the one that just made it sees the state.
        fence(Ordering::SeqCst);
        if let Some(ended) = self.ended.get() {
            ended.notify_waiters();
        }
    }

    /// Waits until the connection is over. Cancellation safe.
    pub(crate) async fn closed(&self) {
        // Made on demand: an idle connection must not pay for it.
        let ended = self.ended.get_or_init(Box::default);
        fence(Ordering::SeqCst);
        loop {
            let notified = ended.notified();
            if self.state.load(Ordering::Acquire) & CLOSED != 0 {
                return;
            }
            notified.await;
        }
    }

    /// Sets the waker that the session sleeps on.
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

    /// The peer has sent bytes, or read some.
    pub(crate) fn note_activity(&self) {
        if self.heard.load(Ordering::Relaxed) == SILENT {
            // Unless the session is not listening: it stays excused.
            self.heard.store(HEARD, Ordering::Relaxed);
        }
    }

    /// The session reads again.
    pub(crate) fn start_listening(&self) {
        self.heard.store(HEARD, Ordering::Relaxed);
    }

    /// The session does not read until [`start_listening`](Self::start_listening), so silence means nothing
    /// until then.
    pub(crate) fn stop_listening(&self) {
        self.heard.store(NOT_LISTENING, Ordering::Relaxed);
    }

    /// What has come from the peer since the last call.
    pub(super) fn take_activity(&self) -> Activity {
        match self.heard.compare_exchange(HEARD, SILENT, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => Activity::Seen,
            Err(SILENT) => Activity::None,
            Err(_) => Activity::NotListening,
        }
    }
}

/// What a sweep finds out about a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Activity {
    Seen,
    None,
    /// The session does not read: silence means nothing.
    NotListening,
}

impl<A> std::fmt::Debug for Link<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("id", &self.id).finish_non_exhaustive()
    }
}
