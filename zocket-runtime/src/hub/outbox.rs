//! Data that waits to be written to one connection.
//!
//! A sender writes straight to the socket if nothing is queued before it; only what the kernel does not take is
//! queued, and the session is woken to continue when the socket is writable again. The queue is bounded: a client
//! that does not read is cut off instead of growing the server's memory.

use std::{
    cell::Cell,
    collections::VecDeque,
    io, mem,
    ops::{Deref, DerefMut},
    sync::PoisonError,
};

use bytes::{Buf, Bytes};

use super::socket::{PIECES, Socket, nonzero, try_write};
use crate::sync::{
    Mistake, Mutex, MutexGuard,
    atomic::{AtomicUsize, Ordering},
    makes,
};

pub(crate) struct Outbox {
    inner: Mutex<Inner>,
    /// Bytes in the queue and staged, readable without the lock: a session checks it before each message it takes in.
    waiting: AtomicUsize,
    limit: usize,
}

/// The contents, behind the lock.
struct Locked<'a> {
    inner: MutexGuard<'a, Inner>,
    waiting: &'a AtomicUsize,
}

impl Deref for Locked<'_> {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.inner
    }
}

impl DerefMut for Locked<'_> {
    fn deref_mut(&mut self) -> &mut Inner {
        &mut self.inner
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        self.waiting.store(self.inner.queued + self.inner.staged.len(), Ordering::Release);
    }
}

std::thread_local! {
    /// The buffer for staged replies: it belongs to the worker thread, and is lent to one connection after another. Growing one
    /// per connection took a tenth of the instructions of a pipelined call.
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A buffer that has grown larger is not kept.
const LARGEST_SPARE: usize = 64 * 1024;

fn spare(mut buffer: Vec<u8>) {
    if buffer.capacity() <= LARGEST_SPARE {
        buffer.clear();
        SPARE.set(buffer);
    }
}

/// What was staged, with its exact length, not with the buffer's capacity.
fn exact(staged: Vec<u8>) -> Bytes {
    if staged.len() > LARGEST_SPARE {
        return staged.into();
    }
    let copy = Bytes::copy_from_slice(&staged);
    spare(staged);
    copy
}

#[derive(Default)]
struct Inner {
    /// Set while the connection is open and its socket can be written to by anyone.
    direct: Option<Socket>,
    queue: VecDeque<Bytes>,
    /// Bytes in `queue`.
    queued: usize,
    /// The part of them that are replies not yet offered to the kernel or to the session's stream.
    untried: usize,
    /// Replies of the session's current round, after `queue`: they go out together.
    staged: Vec<u8>,
    /// The kernel takes no more, or only the session can write: nobody else should try.
    held: bool,
    shut: bool,
    /// The close frame is in: nothing may follow it.
    sealed: bool,
    /// Counts the writes that have taken something off the queue; may wrap.
    taken: u32,
}

/// The result of passing frames to an outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// Written, or waiting for others that are.
    Done,
    /// Queued: the session must be woken to write it.
    Wake,
    /// The connection is over.
    Shut,
    /// There is no room: the client is too slow.
    Full,
}

/// How a flush ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flushed {
    All,
    Blocked,
}

impl Outbox {
    pub(super) fn new(limit: usize) -> Self {
        // Until the socket is available, everything waits.
        let inner = Mutex::new(Inner { held: true, ..Inner::default() });
        Self { inner, waiting: AtomicUsize::new(0), limit }
    }

    fn lock(&self) -> Locked<'_> {
        // Nothing in here leaves a partial change behind when it panics.
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        Locked { inner, waiting: &self.waiting }
    }

    /// From here on anyone may write to the socket; [`flush`](Self::flush) sends what has been waiting.
    pub(crate) fn attach(&self, socket: Socket) {
        let mut inner = self.lock();
        if !inner.shut {
            inner.direct = Some(socket);
        }
    }

    /// Drops what waits and refuses everything that follows.
    pub(crate) fn shut(&self) {
        let mut inner = self.lock();
        *inner.inner = Inner { shut: true, ..Inner::default() };
    }

    /// Appends one of the session's own frames (a reply, a pong, a close), to be sent with the next flush.
    /// Never refused: the session waits when too much is pending.
    pub(crate) fn stage(&self, encode: impl FnOnce(&mut Vec<u8>)) {
        self.stage_up_to(usize::MAX, encode);
    }

    /// The same for a frame of at most `max` bytes; a longer one is returned.
    pub(crate) fn stage_up_to(&self, max: usize, encode: impl FnOnce(&mut Vec<u8>)) -> Option<Vec<u8>> {
        let mut inner = self.lock();
        if inner.is_closed() {
            return None;
        }
        if inner.staged.capacity() == 0 {
            inner.staged = SPARE.take();
        }
        let before = inner.staged.len();
        encode(&mut inner.staged);
        if inner.staged.len() - before <= max {
            return None;
        }
        Some(if before == 0 { mem::take(&mut inner.staged) } else { inner.staged.split_off(before) })
    }

    /// Appends the close frame: everything after it is refused, whoever sends it.
    pub(crate) fn seal(&self, encode: impl FnOnce(&mut Vec<u8>)) {
        let mut inner = self.lock();
        if !inner.is_closed() {
            encode(&mut inner.staged);
            inner.sealed = !makes(Mistake::NoSeal);
        }
    }

    /// A value that changes whenever the client, or the kernel on its behalf, takes some of what waits; `None` if
    /// nothing that waits has been offered.
    pub(super) fn progress(&self) -> Option<u32> {
        if self.waiting.load(Ordering::Acquire) == 0 {
            return None;
        }
        let inner = self.lock();
        (inner.queued > inner.untried).then_some(inner.taken)
    }

    /// Counts the writes that have taken something off the queue; may wrap.
    pub(crate) fn taken(&self) -> u32 {
        self.lock().taken
    }

    /// Whether more waits than a connection may have, so its session should not take on more work.
    pub(crate) fn is_full(&self) -> bool {
        self.waiting.load(Ordering::Acquire) > self.limit
    }

    /// Whether anything waits.
    pub(crate) fn is_empty(&self) -> bool {
        let inner = self.lock();
        inner.queue.is_empty() && inner.staged.is_empty()
    }

    /// Writes as much of what waits as the kernel takes.
    ///
    /// # Errors
    /// The socket is broken.
    pub(crate) fn flush(&self) -> io::Result<Flushed> {
        let mut inner = self.lock();
        inner.held = false;
        inner.write_waiting()
    }

    /// Takes what waits, for a session that is the only writer of its stream; return what was not written.
    pub(crate) fn take(&self) -> Option<Bytes> {
        let mut inner = self.lock();
        inner.untried = 0;
        // The usual case: only this round's replies, or nothing.
        if inner.queue.is_empty() {
            return inner.take_staged();
        }
        inner.unstage();
        let next = inner.queue.pop_front()?;
        inner.queued -= next.len();
        inner.release();
        Some(next)
    }

    /// Puts back the rest of what [`take`](Self::take) returned. `progressed` says whether the stream has taken anything
    /// since.
    pub(crate) fn put_back(&self, rest: Bytes, progressed: bool) {
        let mut inner = self.lock();
        inner.taken = inner.taken.wrapping_add(progressed.into());
        if !inner.shut && !rest.is_empty() {
            inner.queued += rest.len();
            inner.queue.push_front(rest);
        }
    }

    /// Passes frames (one or more whole ones in each piece) to the connection, in order.
    pub(super) fn give(&self, pieces: &[Bytes]) -> Given {
        let mut inner = self.lock();
        if inner.is_closed() {
            return Given::Shut;
        }
        let length: usize = pieces.iter().map(Bytes::len).sum();
        // Replies that have not been offered yet say nothing about the client; their session limits how many there are.
        let left_by_client = inner.queued - inner.untried;
        // A single message beyond the limit still goes to a client that has read everything before it.
        if left_by_client > 0 && left_by_client + length > self.limit {
            return Given::Full;
        }
        let free = !inner.held && inner.queue.is_empty();
        if free && inner.staged.is_empty() {
            return inner.write_new(pieces);
        }
        inner.unstage();
        inner.queued += length;
        inner.queue.extend(pieces.iter().cloned());
        if !free {
            // The current holder of the outbox flushes it: the session, when the kernel or the session itself
            // is ready.
            return if inner.direct.is_some() { Given::Done } else { Given::Wake };
        }
        match inner.write_waiting() {
            Ok(Flushed::All) => Given::Done,
            // An error occurs again when the session reads or writes, and is handled there.
            Ok(Flushed::Blocked) | Err(_) => Given::Wake,
        }
    }
}

impl Inner {
    fn is_closed(&self) -> bool {
        self.shut || self.sealed
    }

    /// Moves the staged replies to the end of the queue.
    fn unstage(&mut self) {
        if let Some(staged) = self.take_staged() {
            self.queued += staged.len();
            self.untried += staged.len();
            self.queue.push_back(staged);
        }
    }

    #[inline]
    fn take_staged(&mut self) -> Option<Bytes> {
        (!self.staged.is_empty()).then(|| exact(mem::take(&mut self.staged)))
    }

    /// Frees the memory of an emptied queue: an idle connection owns no buffer.
    fn release(&mut self) {
        if self.queue.is_empty() {
            self.queue = VecDeque::new();
        }
    }

    /// Writes pieces when nothing waits before them, and queues the rest.
    fn write_new(&mut self, pieces: &[Bytes]) -> Given {
        let Some(socket) = &self.direct else {
            self.held = true;
            self.queued += pieces.iter().map(Bytes::len).sum::<usize>();
            self.queue.extend(pieces.iter().cloned());
            return Given::Wake;
        };
        // A broken socket shows again when the session reads or writes, and is handled there.
        let written = try_write(socket, pieces.iter()).unwrap_or(0);
        let mut skip = written;
        for piece in pieces {
            let rest = piece.len().saturating_sub(skip);
            if rest > 0 {
                self.queue.push_back(piece.slice(piece.len() - rest..));
                self.queued += rest;
            }
            skip = skip.saturating_sub(piece.len());
        }
        if self.queue.is_empty() {
            return Given::Done;
        }
        // The call took as much as one call can: the kernel may take more.
        if written > 0 && pieces.len() > PIECES && matches!(self.write_waiting(), Ok(Flushed::All)) {
            return Given::Done;
        }
        self.held = true;
        if makes(Mistake::NoWake) { Given::Done } else { Given::Wake }
    }

    fn write_waiting(&mut self) -> io::Result<Flushed> {
        // The usual case: only this round's replies, written directly from where they were encoded.
        if self.queue.is_empty()
            && !self.staged.is_empty()
            && let Some(socket) = &self.direct
        {
            match nonzero(socket.try_write(&self.staged)) {
                Ok(n) if n == self.staged.len() => {
                    spare(mem::take(&mut self.staged));
                    return Ok(Flushed::All);
                }
                Ok(n) => drop(self.staged.drain(..n)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        self.unstage();
        self.untried = 0;
        while !self.queue.is_empty() {
            let written = match &self.direct {
                Some(socket) => try_write(socket, self.queue.iter()),
                // Only the session can write.
                None => Err(io::ErrorKind::WouldBlock.into()),
            };
            match written {
                Ok(n) => self.advance(n),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.held = true;
                    return Ok(Flushed::Blocked);
                }
                Err(error) => return Err(error),
            }
        }
        self.held = self.direct.is_none();
        self.release();
        Ok(Flushed::All)
    }

    /// Removes written bytes from the front of the queue.
    fn advance(&mut self, mut written: usize) {
        self.queued -= written;
        self.taken = self.taken.wrapping_add(1);
        while let Some(first) = self.queue.front_mut() {
            if written < first.len() {
                first.advance(written);
                return;
            }
            written -= first.len();
            self.queue.pop_front();
        }
    }
}
