//! A socket of which a test holds the other end.

use std::{
    io,
    sync::{Arc, PoisonError},
    task::{Context, Poll, Waker},
};

use shuttle::sync::{Mutex, MutexGuard};

/// The server's end.
#[derive(Clone)]
pub(in crate::hub) struct Socket(Arc<Mutex<Pipe>>);

/// The client's end.
pub(in crate::hub) struct Peer(Arc<Mutex<Pipe>>);

#[derive(Default)]
struct Pipe {
    /// Written, and not read.
    bytes: Vec<u8>,
    /// How many bytes may be in it.
    room: usize,
    writer: Option<Waker>,
    reader: Option<Waker>,
}

fn lock(pipe: &Mutex<Pipe>) -> MutexGuard<'_, Pipe> {
    pipe.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Socket {
    /// A pair of ends with a buffer of this many bytes in between.
    pub(super) fn new(room: usize) -> (Self, Peer) {
        let pipe = Arc::new(Mutex::new(Pipe { room, ..Pipe::default() }));
        (Self(Arc::clone(&pipe)), Peer(pipe))
    }

    pub(in crate::hub) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut pipe = lock(&self.0);
        let taken = bytes.len().min(pipe.room - pipe.bytes.len());
        pipe.bytes.extend_from_slice(&bytes[..taken]);
        let reader = pipe.reader.take();
        drop(pipe);
        reader.inspect(Waker::wake_by_ref);
        if taken == 0 { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(taken) }
    }

    pub(in crate::hub) fn try_write_vectored(&self, slices: &[io::IoSlice<'_>]) -> io::Result<usize> {
        self.try_write(&slices.iter().flat_map(|slice| slice.iter().copied()).collect::<Vec<u8>>())
    }

    /// Ready when the socket takes more.
    pub(super) fn poll_writable(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut pipe = lock(&self.0);
        if pipe.bytes.len() < pipe.room {
            return Poll::Ready(());
        }
        pipe.writer = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Peer {
    /// Waits for bytes, and takes them.
    pub(super) async fn read(&self) -> Vec<u8> {
        std::future::poll_fn(|cx| {
            let mut pipe = lock(&self.0);
            if pipe.bytes.is_empty() {
                pipe.reader = Some(cx.waker().clone());
                return Poll::Pending;
            }
            let bytes = std::mem::take(&mut pipe.bytes);
            let writer = pipe.writer.take();
            drop(pipe);
            writer.inspect(Waker::wake_by_ref);
            Poll::Ready(bytes)
        })
        .await
    }

    /// Waits for this many bytes in total.
    pub(super) async fn exactly(&self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while bytes.len() < length {
            bytes.extend(self.read().await);
        }
        bytes
    }

    /// What there is.
    pub(super) fn now(&self) -> Vec<u8> {
        std::mem::take(&mut lock(&self.0).bytes)
    }
}
