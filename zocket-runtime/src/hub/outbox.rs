//! What waits to be written to one connection.
//!
//! Whoever has something to send writes it straight to the socket when nothing waits before it; only what the
//! kernel does not take is queued, and the session is woken to go on when the socket is writable again. The queue is
//! bounded: a client that does not read is cut off, it does not grow the server.

use std::{
    cell::Cell,
    collections::VecDeque,
    io::{self, IoSlice},
    mem,
    ops::{Deref, DerefMut},
    sync::PoisonError,
};

use bytes::{Buf, Bytes};

#[cfg(zocket_races)]
use super::races::Socket;
use crate::sync::{
    Mistake, Mutex, MutexGuard,
    atomic::{AtomicUsize, Ordering},
    makes,
};
#[cfg(not(zocket_races))]
use tokio::net::tcp::OwnedWriteHalf as Socket;

/// How many pieces one vectored write takes at the most. Few in a race test, which then needs few to have more.
const PIECES: usize = if cfg!(zocket_races) { 2 } else { 32 };

pub(crate) struct Outbox {
    inner: Mutex<Inner>,
    /// Bytes in the queue and staged, as seen from outside the lock: a session looks at it before each message it takes in.
    waiting: AtomicUsize,
    limit: usize,
}

/// What is inside, for the one who changes it.
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
    /// What replies are staged in: a buffer of the worker thread, lent to one connection after another. To let each grow its own
    /// was a tenth of the instructions of a pipelined call.
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

#[derive(Default)]
struct Inner {
    /// Set while the connection is open and its socket can be written to by anyone.
    direct: Option<Socket>,
    queue: VecDeque<Bytes>,
    /// Bytes in `queue`.
    queued: usize,
    /// Those of them that are replies which have not been offered to the kernel, or to the session's stream.
    untried: usize,
    /// Replies of the session's current round, behind `queue`: they go out together.
    staged: Vec<u8>,
    /// The kernel takes no more, or the session alone can write: nobody else should try.
    held: bool,
    shut: bool,
}

/// What became of frames given to an outbox.
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
pub(crate) enum Drained {
    All,
    Blocked,
}

impl Outbox {
    pub(super) fn new(limit: usize) -> Self {
        // Until the socket is there, all waits.
        let inner = Mutex::new(Inner { held: true, ..Inner::default() });
        Self { inner, waiting: AtomicUsize::new(0), limit }
    }

    fn lock(&self) -> Locked<'_> {
        // Nothing in here leaves a half-made change behind when it panics.
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        Locked { inner, waiting: &self.waiting }
    }

    /// From here on everyone may write to the socket; [`flush`](Self::flush) sends what has waited for it.
    pub(crate) fn attach(&self, socket: Socket) {
        let mut inner = self.lock();
        if !inner.shut {
            inner.direct = Some(socket);
        }
    }

    /// Drops what waits and refuses all that comes.
    pub(crate) fn shut(&self) {
        let mut inner = self.lock();
        *inner.inner = Inner { shut: true, ..Inner::default() };
    }

    /// Appends a frame of the session's own (a reply, a pong, a close), to be sent with the next flush. Never
    /// refused: its session waits when too much is pending.
    pub(crate) fn stage(&self, encode: impl FnOnce(&mut Vec<u8>)) {
        self.stage_up_to(usize::MAX, encode);
    }

    /// The same for a frame of at most `most` bytes; a longer one is handed back.
    pub(crate) fn stage_up_to(&self, most: usize, encode: impl FnOnce(&mut Vec<u8>)) -> Option<Vec<u8>> {
        let mut inner = self.lock();
        if inner.shut {
            return None;
        }
        if inner.staged.capacity() == 0 {
            inner.staged = SPARE.take();
        }
        let before = inner.staged.len();
        encode(&mut inner.staged);
        if inner.staged.len() - before <= most {
            return None;
        }
        Some(if before == 0 { mem::take(&mut inner.staged) } else { inner.staged.split_off(before) })
    }

    /// Whether more waits than a connection may have, so that its session should not take on more work.
    pub(crate) fn is_full(&self) -> bool {
        self.waiting.load(Ordering::Acquire) > self.limit
    }

    /// Whether anything waits.
    pub(crate) fn is_empty(&self) -> bool {
        let inner = self.lock();
        inner.queue.is_empty() && inner.staged.is_empty()
    }

    /// Writes what waits, as far as the kernel takes it.
    ///
    /// # Errors
    /// The socket is broken.
    pub(crate) fn flush(&self) -> io::Result<Drained> {
        let mut inner = self.lock();
        inner.held = false;
        inner.write_waiting()
    }

    /// Takes what waits, for a session that alone can write to its stream; hand back what was not written.
    pub(crate) fn take(&self) -> Option<Bytes> {
        let mut inner = self.lock();
        inner.unstage();
        inner.untried = 0;
        let next = inner.queue.pop_front()?;
        inner.queued -= next.len();
        inner.release();
        Some(next)
    }

    /// Puts back the rest of what [`take`](Self::take) gave.
    pub(crate) fn put_back(&self, rest: Bytes) {
        let mut inner = self.lock();
        if !inner.shut && !rest.is_empty() {
            inner.queued += rest.len();
            inner.queue.push_front(rest);
        }
    }

    /// Gives frames (one or more whole ones in each piece) to the connection, in order.
    pub(super) fn give(&self, pieces: &[Bytes]) -> Given {
        let mut inner = self.lock();
        if inner.shut {
            return Given::Shut;
        }
        let length: usize = pieces.iter().map(Bytes::len).sum();
        // Replies that nobody has tried to write say nothing of the client; how many there may be is their session's to see to.
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
            // Whoever holds the outbox flushes it: the session, when the kernel or it itself is ready.
            return if inner.direct.is_some() { Given::Done } else { Given::Wake };
        }
        match inner.write_waiting() {
            Ok(Drained::All) => Given::Done,
            // An error shows again when the session reads or writes, and there it is handled.
            Ok(Drained::Blocked) | Err(_) => Given::Wake,
        }
    }
}

impl Inner {
    /// Moves the staged replies to the end of the queue.
    fn unstage(&mut self) {
        if !self.staged.is_empty() {
            let staged = mem::take(&mut self.staged);
            let staged = if staged.len() > LARGEST_SPARE {
                Bytes::from(staged)
            } else {
                // It waits as long as it is, not as long as the buffer may be.
                let copy = Bytes::copy_from_slice(&staged);
                spare(staged);
                copy
            };
            self.queued += staged.len();
            self.untried += staged.len();
            self.queue.push_back(staged);
        }
    }

    /// Frees what an emptied queue has allocated: an idle connection owns no buffer.
    fn release(&mut self) {
        if self.queue.is_empty() {
            self.queue = VecDeque::new();
        }
    }

    /// Writes pieces before which nothing waits, and queues the rest.
    fn write_new(&mut self, pieces: &[Bytes]) -> Given {
        let Some(socket) = &self.direct else {
            self.held = true;
            self.queued += pieces.iter().map(Bytes::len).sum::<usize>();
            self.queue.extend(pieces.iter().cloned());
            return Given::Wake;
        };
        // A broken socket shows again when the session reads or writes, and there it is handled.
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
        // All that one call can take was taken: the kernel may take more.
        if written > 0 && pieces.len() > PIECES && matches!(self.write_waiting(), Ok(Drained::All)) {
            return Given::Done;
        }
        self.held = true;
        if makes(Mistake::NoWake) { Given::Done } else { Given::Wake }
    }

    fn write_waiting(&mut self) -> io::Result<Drained> {
        // The usual case: nothing but this round's replies, written from where they were encoded.
        if self.queue.is_empty()
            && !self.staged.is_empty()
            && let Some(socket) = &self.direct
        {
            match nonzero(socket.try_write(&self.staged)) {
                Ok(n) if n == self.staged.len() => {
                    spare(mem::take(&mut self.staged));
                    return Ok(Drained::All);
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
                    return Ok(Drained::Blocked);
                }
                Err(error) => return Err(error),
            }
        }
        self.held = self.direct.is_none();
        self.release();
        Ok(Drained::All)
    }

    /// Takes written bytes off the front of the queue.
    fn advance(&mut self, mut written: usize) {
        self.queued -= written;
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

/// One write of the first pieces, vectored where there are several.
fn try_write<'a>(socket: &Socket, mut pieces: impl Iterator<Item = &'a Bytes>) -> io::Result<usize> {
    let (Some(first), second) = (pieces.next(), pieces.next()) else { return Ok(0) };
    let Some(second) = second else { return nonzero(socket.try_write(first)) };
    let mut slices = [IoSlice::new(&[]); PIECES];
    slices[0] = IoSlice::new(first);
    slices[1] = IoSlice::new(second);
    let mut count = 2;
    for (slice, piece) in slices[2..].iter_mut().zip(pieces) {
        *slice = IoSlice::new(piece);
        count += 1;
    }
    nonzero(socket.try_write_vectored(&slices[..count]))
}

/// A write of nothing, where something was given, means that the socket is gone.
fn nonzero(written: io::Result<usize>) -> io::Result<usize> {
    match written {
        Ok(0) => Err(io::ErrorKind::WriteZero.into()),
        other => other,
    }
}
