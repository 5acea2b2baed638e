//! From the peer's bytes to its messages.

use std::task::Context;

use super::{backlog::Backlog, calls::Calls, scratch};
use crate::wire::{
    close::CloseCode,
    decode::{Decoder, Event, Step},
    encode,
    error::ProtocolError,
};

/// The state of the peer's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Input {
    Open,
    /// Nothing more after its close frame, which had this code or none.
    Closed(Option<CloseCode>),
    /// The peer violated the protocol: further input is discarded.
    Refused,
    /// End of stream, or a broken socket.
    Gone,
}

pub(super) struct Reader {
    decoder: Decoder,
    /// Read, but not decoded: the session takes on no more for now.
    backlog: Backlog,
    pub(super) input: Input,
    /// Where in the backlog the next search for a close frame begins; `None` if the decoder decides.
    looked: Option<usize>,
    /// The code of a close frame in the backlog, or none.
    ahead: Option<Option<CloseCode>>,
}

impl Reader {
    pub(super) fn new(decoder: Decoder) -> Self {
        Self { decoder, backlog: Backlog::default(), input: Input::Open, looked: None, ahead: None }
    }

    /// Bytes that are read but not decoded.
    pub(super) fn behind(&self) -> usize {
        self.backlog.len()
    }

    /// Whether the peer has closed, and with which code, even if earlier calls are not decoded yet, so that a handler
    /// that runs until its client is gone finds out.
    pub(super) fn closed(&self) -> Option<Option<CloseCode>> {
        match self.input {
            Input::Closed(code) => Some(code),
            Input::Open => self.ahead,
            Input::Refused | Input::Gone => None,
        }
    }

    /// Keeps bytes for later.
    pub(super) fn keep(&mut self, bytes: &[u8]) {
        self.backlog.keep(bytes);
        if self.ahead.is_none() && self.backlog.len() > 0 {
            self.ahead = self.decoder.find_close(self.backlog.pending(), &mut self.looked);
        }
    }

    /// Discards what is not decoded.
    pub(super) fn clear(&mut self) {
        (self.backlog, self.looked, self.ahead) = (Backlog::default(), None, None);
    }

    /// Nothing more is accepted from a peer that violated the protocol.
    pub(super) fn refuse(&mut self) {
        self.clear();
        self.input = Input::Refused;
    }

    /// Handles what the bytes of a read complete, as far as the session has room, and keeps the rest.
    pub(super) fn take_in(
        &mut self,
        bytes: &mut [u8],
        calls: &mut Calls,
        cx: &mut Context<'_>,
    ) -> Result<(), ProtocolError> {
        let consumed = self.decode(bytes, calls, cx)?;
        self.keep(&bytes[consumed..]);
        Ok(())
    }

    /// Continues with what was kept.
    pub(super) fn catch_up(&mut self, calls: &mut Calls, cx: &mut Context<'_>) -> Result<(), ProtocolError> {
        let mut backlog = std::mem::take(&mut self.backlog);
        let consumed = self.decode(backlog.pending(), calls, cx)?;
        backlog.consume(consumed);
        self.looked = self.looked.filter(|_| backlog.len() > 0).map(|looked| looked.saturating_sub(consumed));
        self.backlog = backlog;
        Ok(())
    }

    /// Returns the number of bytes that have been processed.
    fn decode(
        &mut self,
        input: &mut [u8],
        calls: &mut Calls,
        cx: &mut Context<'_>,
    ) -> Result<usize, ProtocolError> {
        // A read of compressed messages may inflate to a thousand times its size: then other tasks get their turn, as
        // after a read of that many plain bytes.
        let max = if calls.link.reads().window.is_some() { scratch::SIZE } else { usize::MAX };
        let (mut at, mut taken) = (0, 0);
        loop {
            let Step { consumed, event } = self.decoder.next(&mut input[at..])?;
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
                        self.decoder.stop();
                        return Err(error);
                    }
                }
                Some(Event::Ping(payload)) => {
                    calls.link.outbox().stage(|buffer| encode::pong(buffer, payload));
                }
                Some(Event::Pong(_)) => {}
                Some(Event::Close(status)) => {
                    self.input = Input::Closed(status.map(|(code, _)| code));
                    return Ok(input.len());
                }
            }
            let behind = taken > max
                || !calls.has_room()
                || calls.link.outbox().is_full()
                || calls.link.hub().congested();
            if at < input.len() && behind {
                return Ok(at);
            }
        }
    }
}
