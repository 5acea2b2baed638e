//! How a connection ends: close handshakes, protocol errors, drains.
//!
//! What was sent before a close was requested goes out before the close frame, and nothing after it: the hub records the
//! position of its queue at the time of the request, the close frame waits for that, and seals the outbox.

use std::{io, pin::Pin, task::Context, time::Duration};

use tokio::time::{Sleep, sleep};

use super::{End, Session, Took, reader::Input};
use crate::{
    connection::Conn,
    hub::Settling,
    target,
    wire::{close::CloseCode, encode, error::ProtocolError},
};

/// How long the peer may take to read the reason after a protocol error.
const LINGER: Duration = Duration::from_secs(1);

/// The code and the text of a drain's close frame.
const DRAINING: (CloseCode, &str) = (CloseCode::RESTART, "the server is restarting");

/// This side of the close handshake.
pub(super) struct Closing {
    by: By,
    /// None answers a close frame without a code.
    code: Option<CloseCode>,
    reason: Box<str>,
    stage: Stage,
    /// The deadline of the current stage, and its initial length.
    deadline: Pin<Box<Sleep>>,
    span: Duration,
    /// How much the client had read of what waits for it when the deadline was set.
    taken: u32,
    /// What goes before the close frame, once a close is wanted.
    settling: Option<Settling<Conn>>,
}

/// Who wants the connection to end. Later variants override the code and the reason until a close frame is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    Peer,
    Drain,
    /// The application, or the code that found a fault in what the peer sent, whichever came first.
    Application,
}

/// The stage that it has reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The peer has closed: earlier calls are answered first, as long as they take no longer than an answer to a close frame
    /// may.
    Answering,
    /// The close frame goes out as soon as everything before it is in the outbox.
    Wanted,
    Sent,
}

impl Closing {
    fn wait(&mut self, span: Duration, taken: u32) {
        (self.deadline, self.span, self.taken) = (Box::pin(sleep(span)), span, taken);
    }
}

impl Session {
    /// The peer violated the protocol: it is told, and nothing more is accepted from it.
    pub(super) fn refuse(&mut self, error: ProtocolError) {
        let code = error.close_code();
        tracing::info!(target: target::CONNECTION, code = code.get(), "protocol error: {error}");
        self.reader.refuse();
        self.calls.stop();
        self.want_close(code, &error.to_string());
        self.end = Some(End::Refused(code));
        let taken = self.link.outbox().taken();
        if let Some(closing) = &mut self.closing {
            closing.wait(LINGER, taken);
        }
    }

    /// Decides on a close, once: a drain's or a peer's own gives way to the application's as long as it has not been sent.
    pub(super) fn want_close(&mut self, code: CloseCode, reason: &str) {
        self.begin_closing(By::Application, Some(code), reason);
    }

    fn begin_closing(&mut self, by: By, code: Option<CloseCode>, reason: &str) {
        let config = self.link.config();
        let (stage, span) = match by {
            By::Peer => (Stage::Answering, config.close_within.min(config.disconnect_grace)),
            By::Drain | By::Application => (Stage::Wanted, config.close_within),
        };
        match &mut self.closing {
            None => {
                let (reason, taken, deadline) =
                    (reason.into(), self.link.outbox().taken(), Box::pin(sleep(span)));
                let closing = Closing { by, code, reason, stage, deadline, span, taken, settling: None };
                self.closing = Some(Box::new(closing));
            }
            Some(closing) if closing.by < by && closing.stage != Stage::Sent => {
                (closing.by, closing.code, closing.reason) = (by, code, reason.into());
                // What was sent before this was requested also goes before it.
                (closing.stage, closing.settling) = (stage, None);
            }
            Some(_) => {}
        }
    }

    /// Ends the connection when it is time. `Some` when it is over.
    pub(super) fn wind_up(&mut self, took: Took, cx: &mut Context<'_>) -> Option<End> {
        let closed = self.reader.closed();
        if let Some(code) = closed
            && self.closing.is_none()
        {
            // It is over for everything except the calls that the peer still waits for.
            self.link.hub().depart(&self.link);
            self.begin_closing(By::Peer, code, "");
        }
        let answered = self.calls.is_idle() && self.reader.behind() == 0;
        if self.calls.is_draining()
            && self.closing.is_none()
            && answered
            && (took == Took::Nothing || self.calls.has_refused_enough())
        {
            let (code, reason) = DRAINING;
            self.begin_closing(By::Drain, Some(code), reason);
        }
        let closing = self.closing.as_mut()?;
        if closing.stage == Stage::Answering && answered {
            closing.stage = Stage::Wanted;
        }
        if self.poll_send_close(cx).is_err() {
            return Some(self.hung_up());
        }
        let closing = self.closing.as_mut()?;
        if closing.stage == Stage::Sent && self.link.outbox().is_empty() {
            let io = self.io.as_mut()?;
            if closed.is_some() {
                if io.poll_shutdown(self.link.outbox(), cx).is_ready() {
                    return Some(self.end.unwrap_or(End::Closed(closing.code)));
                }
            } else if self.reader.input == Input::Refused {
                // Reading on lets the peer see the close frame before the reset that unread bytes would cause.
                let _ = io.poll_shutdown(self.link.outbox(), cx);
            }
        }
        while closing.deadline.as_mut().poll(cx).is_ready() {
            let (taken, within) = (self.link.outbox().taken(), self.link.config().close_within);
            if closing.stage == Stage::Answering {
                // Handlers continue, but the peer has waited long enough.
                closing.stage = Stage::Wanted;
                closing.wait(within, taken);
                cx.waker().wake_by_ref();
            } else if closing.taken != taken {
                // It is still reading what goes before the close frame.
                closing.wait(closing.span, taken);
            } else {
                let unread = closing.stage != Stage::Sent || !self.link.outbox().is_empty();
                let late = if unread { End::Unread(closing.code) } else { End::Unanswered(closing.code) };
                return Some(self.end.unwrap_or(late));
            }
        }
        None
    }

    /// How the connection ended, if the peer is gone.
    pub(super) fn hung_up(&self) -> End {
        self.end.unwrap_or(match &self.closing {
            Some(closing) if closing.stage == Stage::Sent && self.link.outbox().is_empty() => {
                End::Closed(closing.code)
            }
            _ => End::HungUp,
        })
    }

    /// Sends the wanted close frame as soon as everything before it is in the outbox.
    fn poll_send_close(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let Some(closing) = self.closing.as_mut().filter(|closing| closing.stage == Stage::Wanted) else {
            return Ok(());
        };
        let settling = closing.settling.get_or_insert_with(|| self.link.hub().settling(&self.link));
        if Pin::new(settling).poll(cx).is_pending() {
            return Ok(());
        }
        closing.settling = None;
        let status = closing.code.map(|code| (code, &*closing.reason));
        self.link.outbox().seal(|buffer| encode::close(buffer, status));
        closing.stage = Stage::Sent;
        // Nothing can be sent to it any more: it is over for everybody.
        self.link.hub().depart(&self.link);
        self.poll_flush(cx)
    }
}
