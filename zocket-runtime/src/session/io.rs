//! The two kinds of transport under a session.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::FutureExt;
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncReadExt, Interest, ReadBuf},
    net::{TcpStream, tcp::OwnedReadHalf},
};

use super::piped::{Piped, Stream};
use crate::{
    connection::{ConnLink, Source},
    hub::{Flushed, Outbox},
    target,
};

pub(crate) enum Io {
    /// The hub writes straight to the socket; the session reads, and continues blocked writes.
    Tcp { read: OwnedReadHalf, blocked: bool },
    /// Only the session can write.
    Stream(Piped),
}

/// The transport of an upgraded connection.
pub(crate) enum Transport {
    /// A socket, and what was read from it after the handshake: usually nothing, since a client must not send
    /// anything before it has the answer.
    Tcp { socket: TcpStream, early: Bytes, source: Option<Source> },
    /// Where it comes from, if it knows more than the handshake did.
    Stream { stream: Box<dyn Stream>, source: Option<Source> },
}

impl Transport {
    pub(crate) fn stream(stream: impl Stream + 'static) -> Self {
        Self::Stream { stream: Box::new(stream), source: None }
    }
}

impl Io {
    /// The transport under a session. For a socket, the connection's outbox gets the write half.
    pub(crate) fn new(transport: Transport, link: &ConnLink) -> Self {
        let (Transport::Tcp { source, .. } | Transport::Stream { source, .. }) = &transport;
        if let Some(source) = source {
            link.set_source(source.clone());
        }
        match transport {
            Transport::Tcp { socket, early, .. } => Self::tcp(socket, early, link),
            Transport::Stream { stream, .. } => Self::Stream(Piped::new(stream, link.config().close_within)),
        }
    }

    fn tcp(socket: TcpStream, early: Bytes, link: &ConnLink) -> Self {
        // Without this, consecutive small messages wait for the peer's delayed acknowledgement (40 ms).
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(target: target::CONNECTION, %error, "TCP_NODELAY could not be set");
        }
        // Nothing is known about data in the kernel's buffer: no limit covers it, and it does not show whether the client makes
        // progress.
        let buffer = link.config().send_buffer_bytes;
        if let Err(error) = SockRef::from(&socket).set_send_buffer_size(buffer) {
            tracing::debug!(target: target::CONNECTION, %error, "the size of the send buffer could not be set");
        }
        let (read, write) = socket.into_split();
        if !early.is_empty() {
            // Data that has already been read must be decoded first, so this takes the slower path.
            let stream = tokio::io::join(AsyncReadExt::chain(std::io::Cursor::new(early), read), write);
            return Self::new(Transport::stream(stream), link);
        }
        #[cfg(not(zocket_races))]
        link.outbox().attach(write);
        #[cfg(zocket_races)]
        drop(write);
        Self::Tcp { read, blocked: false }
    }

    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(buffer);
        let read = match self {
            Self::Tcp { read, .. } => Pin::new(read).poll_read(cx, &mut buffer),
            Self::Stream(piped) => piped.poll_read(cx, &mut buffer),
        };
        read.map_ok(|()| buffer.filled().len())
    }

    /// Writes as much of the outbox as the transport takes.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>, link: &ConnLink) -> Poll<io::Result<()>> {
        let outbox = link.outbox();
        match self {
            Self::Tcp { read, blocked } => loop {
                if *blocked {
                    ready!(read.as_ref().poll_write_ready(cx))?;
                    // The client has read some of what waited: a sign of life.
                    link.note_activity();
                }
                match outbox.flush()? {
                    Flushed::All => {
                        *blocked = false;
                        return Poll::Ready(Ok(()));
                    }
                    Flushed::Blocked => *blocked = true,
                }
            },
            Self::Stream(piped) => piped.poll_flush(cx, link),
        }
    }

    /// Tells the peer that nothing more comes, while its bytes are still read: TLS and TCP each have their own way.
    /// Ready when that is done, or cannot be done.
    pub(super) fn poll_shutdown(&mut self, outbox: &Outbox, cx: &mut Context<'_>) -> Poll<()> {
        match self {
            // The write half shuts down its side of the socket when it is dropped.
            Self::Tcp { .. } => outbox.shut(),
            Self::Stream(piped) => return piped.poll_finish(cx),
        }
        Poll::Ready(())
    }

    /// Whether the peer is known to have disconnected, without reading what it sent before. For a stream that is not a socket
    /// this is not known.
    pub(super) fn is_read_closed(&self) -> bool {
        match self {
            Self::Tcp { read, .. } => {
                let ready = read.ready(Interest::READABLE).now_or_never();
                matches!(ready, Some(Ok(ready)) if ready.is_read_closed())
            }
            Self::Stream(_) => false,
        }
    }
}
