//! A transport that only its session writes to, from the first byte to a clean end.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
    time::Duration,
};

use bytes::Buf;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf},
    runtime::Handle,
    time::timeout,
};

use crate::connection::ConnLink;
use crate::target;

/// Any stream: TLS, HTTP/2, a Unix socket, a pipe in memory.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A stream under a session. When it is dropped and everything started on it has been written, it is shut down: TLS sends
/// `close_notify`, without which the other end must treat what it read as truncated (RFC 8446, 6.1); HTTP/2 ends its
/// stream.
pub(crate) struct Piped {
    stream: Box<dyn Stream>,
    /// The last write was not taken completely.
    blocked: bool,
    /// Nothing has been written since the last flush.
    flushed: bool,
    is_broken: bool,
    is_finished: bool,
    /// How long the end may take when nobody waits for it any more.
    close_within: Duration,
}

impl Piped {
    pub(super) fn new(stream: Box<dyn Stream>, close_within: Duration) -> Self {
        Self { stream, blocked: false, flushed: true, is_broken: false, is_finished: false, close_within }
    }

    pub(super) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.is_broken |= matches!(read, Poll::Ready(Err(_)));
        read
    }

    /// Writes as much of the outbox as the stream takes.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>, link: &ConnLink) -> Poll<io::Result<()>> {
        let flushed = self.poll_write_all(cx, link);
        self.is_broken |= matches!(flushed, Poll::Ready(Err(_)));
        flushed
    }

    fn poll_write_all(&mut self, cx: &mut Context<'_>, link: &ConnLink) -> Poll<io::Result<()>> {
        let outbox = link.outbox();
        let mut progressed = false;
        while let Some(mut frames) = outbox.take() {
            self.flushed = false;
            while !frames.is_empty() {
                match Pin::new(&mut self.stream).poll_write(cx, &frames) {
                    Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                    Poll::Ready(Ok(written)) => {
                        frames.advance(written);
                        progressed = true;
                        if std::mem::take(&mut self.blocked) {
                            link.note_activity();
                        }
                    }
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Pending => {
                        self.blocked = true;
                        outbox.put_back(frames, progressed);
                        return Poll::Pending;
                    }
                }
            }
        }
        if !self.flushed {
            ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
            self.flushed = true;
        }
        Poll::Ready(Ok(()))
    }

    /// Says that nothing more comes. Ready when that has been written, or cannot be written.
    pub(super) fn poll_finish(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.is_finished {
            let finished = ready!(Pin::new(&mut self.stream).poll_shutdown(cx));
            self.is_finished = true;
            if let Err(error) = finished {
                tracing::debug!(target: target::CONNECTION, %error, "the stream was gone before its end could be said");
            }
        }
        Poll::Ready(())
    }
}

impl Drop for Piped {
    fn drop(&mut self) {
        // A clean end would be wrong if data before it is missing, and it cannot be sent if writing is blocked.
        if self.blocked || !self.flushed || self.is_broken {
            return;
        }
        if self.poll_finish(&mut Context::from_waker(Waker::noop())).is_ready() {
            return;
        }
        // The kernel, or HTTP/2's window, has no room now. The session is over, and is not kept for this.
        let Ok(runtime) = Handle::try_current() else { return };
        let mut stream = std::mem::replace(&mut self.stream, Box::new(tokio::io::empty()));
        let within = self.close_within;
        runtime.spawn(async move { timeout(within, stream.shutdown()).await });
    }
}
