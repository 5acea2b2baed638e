//! How a connection ends: close handshakes, protocol errors, drains.

use std::{
    io,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::sleep;

use super::{End, Input, Session};
use crate::wire::{backlog::Backlog, encode, error::ProtocolError};

/// How long after a protocol error the peer may take to read why.
const LINGER: Duration = Duration::from_secs(1);

/// The text of a drain's close frame.
const DRAINING: (u16, &str) = (1012, "the server is restarting");

/// A close frame without a status code.
const NO_STATUS: u16 = 1005;

/// This side of the close handshake.
#[derive(Debug)]
pub(super) enum Close {
    Not,
    /// To be sent behind everything that was sent before.
    Wanted(u16, Box<str>),
    Sent(u16),
}

impl Session {
    /// The peer broke the protocol: it is told, and nothing more is taken from it.
    pub(super) fn refuse(&mut self, error: ProtocolError) {
        tracing::info!(code = error.close_code(), "protocol error: {error}");
        self.backlog = Backlog::default();
        self.input = Input::Refused;
        self.calls.stop();
        self.want_close(error.close_code(), &error.to_string());
        self.end = Some(End::Refused(error.close_code()));
        self.timer = Some(Box::pin(sleep(LINGER)));
    }

    /// Decides for a close, once.
    pub(super) fn want_close(&mut self, code: u16, reason: &str) {
        if matches!(self.close, Close::Not) {
            self.close = Close::Wanted(code, reason.into());
            let within = self.link.attachment().core().config.close_within;
            self.timer = Some(Box::pin(sleep(within)));
        }
    }

    /// Brings the connection to its end, once it is time. `Some` when it is over.
    pub(super) fn wind_up(&mut self, cx: &mut Context<'_>) -> Option<End> {
        let input = self.input;
        match input {
            // Messages that arrived whole are handled, though nobody hears the replies: those that wait, after this; those
            // that are not decoded yet, as they find room, for as long as handlers have.
            Input::Gone if self.backlog.is_empty() || self.poll_grace(cx).is_ready() => {
                if !self.backlog.is_empty() {
                    self.calls.abandon();
                }
                return Some(self.end.unwrap_or(match self.close {
                    Close::Sent(code) => End::Closed(code),
                    _ => End::HungUp,
                }));
            }
            Input::Closed if self.backlog.is_empty() && self.calls.is_idle() => {
                self.want_close(self.calls.peer_close.unwrap_or(NO_STATUS), "");
            }
            // The peer is as good as gone; handlers have the same time as if it were.
            Input::Closed if matches!(self.close, Close::Not) && self.poll_grace(cx).is_ready() => {
                self.calls.abandon();
                self.want_close(self.calls.peer_close.unwrap_or(NO_STATUS), "");
            }
            Input::Open if self.calls.is_draining() && self.calls.is_idle() => {
                self.want_close(DRAINING.0, DRAINING.1);
            }
            _ => {}
        }
        if matches!(self.close, Close::Not) {
            return None;
        }
        if self.poll_send_close(cx).is_err() {
            return Some(self.end.unwrap_or(End::HungUp));
        }
        if let Close::Sent(code) = self.close
            && self.link.outbox().is_empty()
        {
            match self.input {
                Input::Closed => return Some(End::Closed(code)),
                // Reading on lets the peer see the close frame before the reset that unread bytes would cause.
                Input::Refused => self.io.as_mut()?.finish_writing(self.link.outbox()),
                _ => {}
            }
        }
        match self.timer.as_mut()?.as_mut().poll(cx) {
            Poll::Ready(()) => Some(self.end.unwrap_or(End::HungUp)),
            Poll::Pending => None,
        }
    }

    /// Sends the close frame that is wanted, as soon as all that goes before it is in the outbox.
    fn poll_send_close(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let Close::Wanted(code, reason) = &self.close else { return Ok(()) };
        let core = self.link.attachment().core();
        if !core.hub.is_settled(&self.link) {
            let (core, link) = (Arc::clone(core), Arc::clone(&self.link));
            let settled =
                self.settled.get_or_insert_with(|| Box::pin(async move { core.hub.settled(&link).await }));
            if settled.as_mut().poll(cx).is_pending() {
                return Ok(());
            }
        }
        self.settled = None;
        // A close frame without a code answers one that had none.
        let status = (*code != NO_STATUS).then_some((*code, &**reason));
        self.link.outbox().stage(|buffer| encode::close(buffer, status));
        self.close = Close::Sent(*code);
        self.poll_flush(cx)
    }
}
