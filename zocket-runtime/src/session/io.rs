//! The two kinds of transport under a session.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Buf;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpStream, tcp::OwnedReadHalf},
};

use super::ConnLink;
use crate::hub::{Drained, Outbox};

/// Any stream: TLS, HTTP/2, a Unix socket, a pipe in memory.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub(crate) enum Io {
    /// The hub writes straight to the socket; the session reads, and goes on where a write was blocked.
    Tcp { read: OwnedReadHalf, blocked: bool },
    /// Only the session can write.
    Stream { stream: Box<dyn Stream>, blocked: bool, flushed: bool, finished: bool },
}

impl Io {
    /// A TCP connection. The outbox is given its writing side.
    pub(crate) fn tcp(socket: TcpStream, outbox: &Outbox) -> Self {
        let (read, write) = socket.into_split();
        #[cfg(not(zocket_races))]
        outbox.attach(write);
        #[cfg(zocket_races)]
        drop((write, outbox));
        Self::Tcp { read, blocked: false }
    }

    pub(crate) fn stream(stream: impl Stream + 'static) -> Self {
        Self::Stream { stream: Box::new(stream), blocked: false, flushed: true, finished: false }
    }

    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(buffer);
        let read = match self {
            Self::Tcp { read, .. } => Pin::new(read).poll_read(cx, &mut buffer),
            Self::Stream { stream, .. } => Pin::new(stream).poll_read(cx, &mut buffer),
        };
        read.map_ok(|()| buffer.filled().len())
    }

    /// Writes what waits in the outbox, as far as the transport takes it.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>, link: &ConnLink) -> Poll<io::Result<()>> {
        let outbox = link.outbox();
        match self {
            Self::Tcp { read, blocked } => loop {
                if *blocked {
                    ready!(read.as_ref().poll_write_ready(cx))?;
                    // It has taken some of what waited: a sign of life.
                    link.hear();
                }
                match outbox.flush()? {
                    Drained::All => {
                        *blocked = false;
                        return Poll::Ready(Ok(()));
                    }
                    Drained::Blocked => *blocked = true,
                }
            },
            Self::Stream { stream, flushed, blocked, .. } => {
                while let Some(mut frames) = outbox.take() {
                    *flushed = false;
                    while !frames.is_empty() {
                        match Pin::new(&mut *stream).poll_write(cx, &frames) {
                            Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                            Poll::Ready(Ok(written)) => {
                                frames.advance(written);
                                if std::mem::take(blocked) {
                                    link.hear();
                                }
                            }
                            Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                            Poll::Pending => {
                                *blocked = true;
                                outbox.put_back(frames);
                                return Poll::Pending;
                            }
                        }
                    }
                }
                if !*flushed {
                    ready!(Pin::new(stream).poll_flush(cx))?;
                    *flushed = true;
                }
                Poll::Ready(Ok(()))
            }
        }
    }

    /// Tells the peer that nothing more comes, while its bytes are still read.
    pub(super) fn finish_writing(&mut self, outbox: &Outbox) {
        match self {
            // The writing half shuts its side of the socket down when it is dropped.
            Self::Tcp { .. } => outbox.shut(),
            Self::Stream { stream, finished, .. } => {
                if !*finished {
                    *finished = true;
                    // Begun is enough: what is left of it happens with the drop.
                    let mut cx = Context::from_waker(std::task::Waker::noop());
                    let _ = Pin::new(stream).poll_shutdown(&mut cx);
                }
            }
        }
    }
}
