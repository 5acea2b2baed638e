//! One connection: its bytes in, its messages handled in order, its bytes out.
//!
//! A session is one task. It is woken for reads, for blocked writes, for waiting handlers, and for requests
//! through its [`Link`](crate::hub::Link). In between it owns no buffer.

mod answers;
mod backlog;
mod calls;
mod caught;
mod closing;
mod io;
mod lifecycle;
mod piped;
mod reader;
mod scratch;

use std::{
    io as std_io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::time::{Sleep, sleep};

use crate::{
    connection::ConnLink,
    dispatch::App,
    hub::CutOff,
    target,
    wire::{close::CloseCode, decode::Decoder, frame::Role},
};
use calls::Calls;
use closing::Closing;
use reader::{Input, Reader};

#[cfg(not(feature = "internals"))]
use io::Io;
#[cfg(feature = "internals")]
pub(crate) use io::Io;
pub(crate) use io::Transport;
pub(crate) use lifecycle::{Admitted, admit, unavailable};

/// How a connection ended, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// A close handshake, with its code.
    Closed(Option<CloseCode>),
    /// The peer disconnected without one.
    HungUp,
    /// The peer violated the protocol; the code that it was told.
    Refused(CloseCode),
    /// The peer did not answer the close frame in time.
    Unanswered(Option<CloseCode>),
    /// The peer did not read what was sent before the close frame in time.
    Unread(Option<CloseCode>),
    /// It was cut off.
    Cut(CutOff),
}

/// How many reads per wake-up, before other tasks get their turn.
const READS: usize = 8;

/// How many bytes are read ahead when handlers are behind, so that the end of the input and the answer to a ping are
/// seen.
const READ_AHEAD: usize = 64 * 1024;

pub(crate) struct Session {
    link: Arc<ConnLink>,
    io: Option<Io>,
    reader: Reader,
    calls: Calls,
    listening: bool,
    /// The close handshake, once somebody wants one.
    closing: Option<Box<Closing>>,
    /// Waits for the hub to have room again.
    relief: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    /// How long handlers may run after their client is gone.
    grace: Option<Pin<Box<Sleep>>>,
    end: Option<End>,
}

/// The result of reading the peer's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Took {
    /// There may be more.
    Some,
    /// There is none for now, or there will be none.
    Nothing,
    /// It was not read because something else is behind, or only read ahead.
    HeldUp,
}

/// Whether a session should take on more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Yes,
    /// Handlers are behind.
    ReadAhead,
    No,
}

impl Session {
    pub(crate) fn new(app: Arc<App>, link: Arc<ConnLink>, io: Io) -> Self {
        let max_message = link.config().max_message_bytes;
        let inflating = link.reads().window.is_some();
        Self {
            calls: Calls::new(app, Arc::clone(&link)),
            link,
            io: Some(io),
            reader: Reader::new(Decoder::new(Role::Server, max_message).permessage_deflate(inflating)),
            listening: true,
            closing: None,
            relief: None,
            grace: None,
            end: None,
        }
    }

    /// Runs until the connection is over and its handlers have ended.
    pub(crate) fn poll_run(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        self.link.register_waker(cx.waker());
        if self.io.is_some() {
            let Some(end) = self.poll_connected(cx) else { return Poll::Pending };
            self.hang_up(end);
        }
        ready!(self.poll_alone(cx));
        Poll::Ready(self.end.unwrap_or(End::HungUp))
    }

    /// The peer is gone. Messages that had arrived completely are handled, and running handlers may continue for
    /// a while.
    fn poll_alone(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            self.calls.poll(cx);
            if self.link.signal() == Err(CutOff::Killed) {
                self.end = Some(End::Cut(CutOff::Killed));
                self.abandon();
                return Poll::Ready(());
            }
            if self.reader.behind() == 0 || self.poll_room(cx) != Room::Yes {
                break;
            }
            if let Err(error) = self.reader.catch_up(&mut self.calls, cx) {
                tracing::info!(target: target::CONNECTION, code = error.close_code().get(), "protocol error: {error}");
                self.reader.refuse();
            }
        }
        if self.reader.behind() > 0 || !self.calls.is_idle() {
            ready!(self.poll_grace(cx));
            self.abandon();
        }
        Poll::Ready(())
    }

    /// Running handlers are dropped, and nothing more is started.
    fn abandon(&mut self) {
        self.reader.clear();
        self.calls.abandon();
    }

    /// Ready when handlers have run long enough without their client.
    fn poll_grace(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let grace = self.link.config().disconnect_grace;
        let timer = self.grace.get_or_insert_with(|| Box::pin(sleep(grace)));
        ready!(timer.as_mut().poll(cx));
        tracing::warn!(target: target::CONNECTION, "handlers dropped: they went on for {grace:?} after their client was gone");
        Poll::Ready(())
    }

    /// The connection is over for everybody, although messages from the peer may still be unread.
    fn depart(&mut self) {
        self.link.hub().depart(&self.link);
        self.link.outbox().shut();
    }

    /// The socket is closed, even if something still holds the connection.
    fn hang_up(&mut self, end: End) {
        self.end = Some(end);
        self.io = None;
        self.closing = None;
        self.relief = None;
        self.depart();
    }

    /// `Some` when the connection is over.
    fn poll_connected(&mut self, cx: &mut Context<'_>) -> Option<End> {
        if self.link.signalled()
            && let Some(end) = self.follow_signal()
        {
            return Some(end);
        }
        for _ in 0..READS {
            self.calls.poll(cx);
            let took = self.take_in(cx);
            if let Err(error) = self.poll_flush(cx) {
                tracing::debug!(target: target::CONNECTION, %error, "socket broken while writing");
                return Some(self.hung_up());
            }
            if self.reader.input == Input::Gone {
                return Some(self.hung_up());
            }
            // A handler may have requested the close, and the peer's own may have been right behind the call.
            if self.link.signalled()
                && let Some(end) = self.follow_signal()
            {
                return Some(end);
            }
            if let Some(end) = self.wind_up(took, cx) {
                return Some(end);
            }
            // A session is not woken when its outbox has room again, since its own flush, or a shard's in between, makes that
            // room.
            let goes_on = self.calls.can_begin()
                || took == Took::HeldUp
                    && self.relief.is_none()
                    && !self.link.outbox().is_full()
                    && self.calls.has_room();
            if took != Took::Some && !goes_on {
                return if self.is_left_alone() { self.poll_left(cx) } else { None };
            }
        }
        // There may be more, but other tasks go first.
        cx.waker().wake_by_ref();
        None
    }

    /// Whether the peer has disconnected behind more input than is read ahead.
    fn is_left_alone(&self) -> bool {
        self.grace.is_some() || !self.listening && self.io.as_ref().is_some_and(Io::is_read_closed)
    }

    /// The peer has disconnected and left messages behind: they are still read when handlers get to them, as long as
    /// handlers may run without their client.
    fn poll_left(&mut self, cx: &mut Context<'_>) -> Option<End> {
        if self.grace.is_none() {
            self.depart();
        }
        match self.poll_grace(cx) {
            Poll::Ready(()) => {
                self.abandon();
                Some(self.hung_up())
            }
            Poll::Pending => None,
        }
    }

    /// Handles requests to the connection.
    fn follow_signal(&mut self) -> Option<End> {
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

    /// Reads the next bytes and handles the messages that they complete.
    fn take_in(&mut self, cx: &mut Context<'_>) -> Took {
        let room = self.poll_room(cx);
        if room == Room::No {
            return Took::HeldUp;
        }
        if room == Room::Yes && self.reader.behind() > 0 {
            if let Err(error) = self.reader.catch_up(&mut self.calls, cx) {
                self.refuse(error);
            }
            return Took::Some;
        }
        if matches!(self.reader.input, Input::Gone | Input::Closed(_)) {
            return Took::Nothing;
        }
        let Some(io) = &mut self.io else { return Took::Nothing };
        let mut scratch = scratch::take();
        let took = match io.poll_read(cx, &mut scratch) {
            Poll::Pending => Took::Nothing,
            Poll::Ready(Ok(0)) => {
                self.reader.input = Input::Gone;
                Took::Nothing
            }
            Poll::Ready(Err(error)) => {
                tracing::debug!(target: target::CONNECTION, %error, "socket broken while reading");
                self.reader.input = Input::Gone;
                Took::Nothing
            }
            Poll::Ready(Ok(length)) => {
                self.link.note_activity();
                let bytes = &mut scratch[..length];
                if room == Room::ReadAhead {
                    self.reader.keep(bytes);
                } else if let Err(error) = self.reader.take_in(bytes, &mut self.calls, cx) {
                    self.refuse(error);
                }
                Took::Some
            }
        };
        scratch::give_back(scratch);
        if room == Room::ReadAhead && took == Took::Nothing { Took::HeldUp } else { took }
    }

    /// Whether the session should take on more: not while its handlers, its client or the hub are behind.
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Room {
        let hub = self.link.hub();
        if hub.congested() && self.relief.is_none() {
            let core = Arc::clone(self.link.core());
            self.relief = Some(Box::pin(async move { core.hub.relieved().await }));
        }
        if let Some(relief) = &mut self.relief {
            if relief.as_mut().poll(cx).is_pending() {
                self.listen(false);
                return Room::No;
            }
            self.relief = None;
        }
        let (has_room, reads_ahead) = (self.calls.has_room(), self.reader.behind() < READ_AHEAD);
        let is_full = self.link.outbox().is_full();
        // A client that does not read its replies is judged by that, not by its silence.
        self.listen((has_room || reads_ahead) && !is_full);
        match () {
            () if is_full => Room::No,
            () if has_room => Room::Yes,
            () if reads_ahead => Room::ReadAhead,
            () => Room::No,
        }
    }

    /// Records whether the peer is being read from: otherwise its silence means nothing.
    fn listen(&mut self, listening: bool) {
        if self.listening != listening {
            self.listening = listening;
            if listening { self.link.start_listening() } else { self.link.stop_listening() }
        }
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> std_io::Result<()> {
        let Some(io) = &mut self.io else { return Ok(()) };
        match io.poll_flush(cx, &self.link) {
            Poll::Ready(result) => result,
            Poll::Pending => Ok(()),
        }
    }
}
