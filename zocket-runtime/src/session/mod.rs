//! One connection: its bytes in, its messages handled in order, its bytes out.
//!
//! A session is one task. It is woken for reads, for a blocked write, for handlers that wait, and for what others
//! ask of the connection through its [`Link`](crate::hub::Link). Between these it owns no buffer.

mod calls;
mod closing;
mod conn;
mod io;
mod lifecycle;
mod scratch;

use std::{
    io as std_io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::time::{Sleep, sleep};

use crate::{
    hub::Ended,
    wire::{
        backlog::Backlog,
        decode::{Decoder, Event, Step},
        encode,
        error::ProtocolError,
        frame::Role,
    },
};
use calls::Calls;
use closing::Close;

pub(crate) use conn::{Conn, ConnLink};
pub(crate) use io::Io;
pub(crate) use lifecycle::{Refused, live};

/// How a connection ended, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// A close handshake, with the code that was agreed on.
    Closed(u16),
    /// The peer hung up without one.
    HungUp,
    /// The peer broke the protocol; the code it was told.
    Refused(u16),
    /// It was cut off.
    Cut(Ended),
}

/// Reads of one wake-up, before other tasks get their turn.
const READS: usize = 8;

pub(crate) struct Session {
    link: Arc<ConnLink>,
    io: Option<Io>,
    decoder: Decoder,
    /// Read, and not decoded: the session takes on no more for now.
    backlog: Backlog,
    calls: Calls,
    input: Input,
    listening: bool,
    /// Nothing was taken in, for the outbox was full.
    is_held_up: bool,
    close: Close,
    timer: Option<Pin<Box<Sleep>>>,
    /// Waits for the hub: to have room, while it has none; to be through with what goes before a close frame.
    relief: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    settled: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    end: Option<End>,
}

/// What still comes from the peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input {
    Open,
    /// Nothing more after its close frame.
    Closed,
    /// The peer broke the protocol: what comes is thrown away.
    Refused,
    /// End of stream, or a broken socket.
    Gone,
}

impl Session {
    pub(crate) fn new(link: Arc<ConnLink>, io: Io) -> Self {
        let max_message = link.attachment().core().config.max_message_bytes;
        let inflating = link.reads().window.is_some();
        Self {
            calls: Calls::new(Arc::clone(&link)),
            link,
            io: Some(io),
            decoder: Decoder::new(Role::Server, max_message).inflating(inflating),
            backlog: Backlog::default(),
            input: Input::Open,
            listening: true,
            is_held_up: false,
            close: Close::Not,
            timer: None,
            relief: None,
            settled: None,
            end: None,
        }
    }

    /// Runs until the connection is over and its handlers have ended.
    pub(crate) fn poll_run(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        self.link.register_waker(cx.waker());
        if self.io.is_some() {
            if let Some(end) = self.poll_connected(cx) {
                self.hang_up(end);
            } else {
                return Poll::Pending;
            }
        }
        // The peer is gone. Handlers that have begun may finish, for a while.
        self.calls.poll(cx);
        if !self.calls.is_idle() && self.end != Some(End::Cut(Ended::Killed)) {
            ready!(self.poll_grace(cx));
        }
        Poll::Ready(self.end.unwrap_or(End::HungUp))
    }

    /// Ready when handlers have gone on long enough without their client.
    fn poll_grace(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let grace = self.link.attachment().core().config.disconnect_grace;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(grace)));
        ready!(timer.as_mut().poll(cx));
        tracing::warn!("handlers dropped: they went on for {grace:?} after their client was gone");
        Poll::Ready(())
    }

    /// The connection is over: whoever else holds on to it, its socket is closed.
    fn hang_up(&mut self, end: End) {
        self.end = Some(end);
        self.io = None;
        self.timer = None;
        self.relief = None;
        self.settled = None;
        self.backlog = Backlog::default();
        self.link.set_closed();
    }

    /// `Some` when the connection is over.
    fn poll_connected(&mut self, cx: &mut Context<'_>) -> Option<End> {
        if self.link.signalled()
            && let Some(end) = self.obey()
        {
            return Some(end);
        }
        for _ in 0..READS {
            self.calls.poll(cx);
            let read = self.take_in(cx);
            if let Err(error) = self.poll_flush(cx) {
                tracing::debug!(%error, "socket broken while writing");
                self.input = Input::Gone;
            }
            if let Some(end) = self.wind_up(cx) {
                return Some(end);
            }
            // Nobody wakes a session when its outbox has room again, for its own flush makes that room, or a shard's in between.
            let goes_on = self.calls.can_begin() || self.is_held_up && !self.link.outbox().is_full();
            if !read && !goes_on {
                return None;
            }
        }
        // More may be there: others first.
        cx.waker().wake_by_ref();
        None
    }

    /// Does what others have asked of the connection.
    fn obey(&mut self) -> Option<End> {
        match self.link.signal() {
            Err(why) => return Some(End::Cut(why)),
            Ok(signal) => {
                if let Some((code, reason)) = signal.close {
                    self.calls.stop();
                    self.want_close(code, &reason);
                } else if signal.drain {
                    self.calls.drain();
                }
            }
        }
        None
    }

    /// Takes in the next bytes and handles what they complete. Says whether to come again.
    fn take_in(&mut self, cx: &mut Context<'_>) -> bool {
        if !self.poll_has_room(cx) {
            return false;
        }
        if !self.backlog.is_empty() {
            let consumed = decode(
                &mut self.decoder,
                self.backlog.pending(),
                &mut self.calls,
                &mut self.input,
                &self.link,
                cx,
            );
            match consumed {
                Ok(consumed) => self.backlog.consume(consumed),
                Err(error) => self.refuse(error),
            }
            return true;
        }
        if self.input == Input::Gone || self.input == Input::Closed {
            return false;
        }
        let Some(io) = &mut self.io else { return false };
        let mut scratch = scratch::take();
        let read = io.poll_read(cx, &mut scratch);
        let again = match read {
            Poll::Pending => false,
            Poll::Ready(Ok(0)) => {
                self.input = Input::Gone;
                false
            }
            Poll::Ready(Err(error)) => {
                tracing::debug!(%error, "socket broken while reading");
                self.input = Input::Gone;
                false
            }
            Poll::Ready(Ok(length)) => {
                self.link.hear();
                let bytes = &mut scratch[..length];
                match decode(&mut self.decoder, bytes, &mut self.calls, &mut self.input, &self.link, cx) {
                    Ok(consumed) => self.backlog.keep(&bytes[consumed..]),
                    Err(error) => self.refuse(error),
                }
                true
            }
        };
        scratch::give_back(scratch);
        again
    }

    /// Whether the session should take on more: not while its handlers, its client or the hub are behind.
    fn poll_has_room(&mut self, cx: &mut Context<'_>) -> bool {
        self.is_held_up = false;
        let hub = &self.link.attachment().core().hub;
        if hub.congested() && self.relief.is_none() {
            let core = Arc::clone(self.link.attachment().core());
            self.relief = Some(Box::pin(async move { core.hub.relieved().await }));
        }
        if let Some(relief) = &mut self.relief {
            if relief.as_mut().poll(cx).is_pending() {
                return self.listen(false);
            }
            self.relief = None;
        }
        self.is_held_up = self.link.outbox().is_full();
        // A client that does not read what it has asked for is no reason to excuse its silence.
        self.listen(self.calls.has_room()) && !self.is_held_up
    }

    /// Notes whether the peer is read from: one that is not cannot be blamed for its silence.
    fn listen(&mut self, listening: bool) -> bool {
        if self.listening != listening {
            self.listening = listening;
            if listening { self.link.start_listening() } else { self.link.stop_listening() }
        }
        listening
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> std_io::Result<()> {
        let Some(io) = &mut self.io else { return Ok(()) };
        match io.poll_flush(cx, &self.link) {
            Poll::Ready(result) => result,
            Poll::Pending => Ok(()),
        }
    }
}

/// Handles what lies in `input`, as far as the session has room. Gives the number of bytes that are done with.
fn decode(
    decoder: &mut Decoder,
    input: &mut [u8],
    calls: &mut Calls,
    state: &mut Input,
    link: &Arc<ConnLink>,
    cx: &mut Context<'_>,
) -> Result<usize, ProtocolError> {
    // A read of compressed messages may hold a thousand times its size: then others get their turn, as after a read of as
    // many plain bytes.
    let most = if link.reads().window.is_some() { scratch::SIZE } else { usize::MAX };
    let (mut at, mut taken) = (0, 0);
    loop {
        let Step { consumed, event } = decoder.next(&mut input[at..])?;
        at += consumed;
        match event {
            None => return Ok(at),
            Some(Event::Text(text)) => {
                taken += text.len();
                calls.text(text, cx);
            }
            Some(Event::Binary(payload)) => {
                taken += payload.len();
                if let Err(error) = calls.binary(payload, cx) {
                    decoder.stop();
                    return Err(error);
                }
            }
            Some(Event::Ping(payload)) => link.outbox().stage(|buffer| encode::pong(buffer, payload)),
            Some(Event::Pong(_)) => {}
            Some(Event::Close(status)) => {
                calls.peer_close = status.map(|(code, _)| code);
                *state = Input::Closed;
                return Ok(input.len());
            }
        }
        let behind = taken > most
            || !calls.has_room()
            || link.outbox().is_full()
            || link.attachment().core().hub.congested();
        if at < input.len() && behind {
            return Ok(at);
        }
    }
}
