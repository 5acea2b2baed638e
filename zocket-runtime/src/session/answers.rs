//! Answers to messages that no handler took: the protocol's own errors.

use std::{borrow::Cow, fmt::Display};

use super::calls::Calls;
use crate::{
    error::{Error, code},
    target,
    wire::{
        envelope::{self, BadMessage, Envelope, RpcId, RpcIdRef},
        message::{self, ErrorBody, InReplyTo},
        msgpack::DecodeError,
    },
};

impl Calls {
    /// A frame arrived of a type that this connection's codec does not use.
    pub(super) fn wrong_frame(&self, message: &'static str) {
        tracing::debug!(target: target::CALL, "bad message: {message}");
        self.answer(&InReplyTo::Route(None), true, &Error::new(code::BAD_MESSAGE, message));
    }

    /// A message arrived after the server began to drain: it is not run, and its client may send it again elsewhere.
    pub(super) fn refuse_restarting(&mut self, text: &str, refused: Option<DecodeError>) {
        self.refused_bytes = self.refused_bytes.saturating_add(text.len());
        let envelope = match (envelope::parse(text), refused) {
            (Ok(envelope), None) => envelope,
            (Ok(Envelope { rpc_id, .. }) | Err(BadMessage { rpc_id, .. }), Some(refused)) => {
                return self.bad_message(rpc_id, &refused);
            }
            (Err(BadMessage { fault, rpc_id }), None) => return self.bad_message(rpc_id, &fault),
        };
        let rpc_id = envelope.rpc_id.map(RpcId::from);
        let error =
            Error::new(code::RESTARTING, "the server is restarting: connect again, then send this again");
        self.answer_call(rpc_id.as_ref(), Some(&shown(&envelope.route)), true, &error);
    }

    pub(super) fn bad_message(&self, rpc_id: Option<RpcIdRef<'_>>, fault: &dyn Display) {
        tracing::debug!(target: target::CALL, "bad message: {fault}");
        let rpc_id = rpc_id.map(RpcId::from);
        self.answer_call(rpc_id.as_ref(), None, true, &Error::new(code::BAD_MESSAGE, fault.to_string()));
    }

    pub(super) fn answer_call(
        &self,
        rpc_id: Option<&RpcId>,
        route: Option<&str>,
        compress: bool,
        error: &Error,
    ) {
        match rpc_id {
            Some(rpc_id) => self.answer(&InReplyTo::Call(rpc_id), compress, error),
            None => self.answer(&InReplyTo::Route(route), compress, error),
        }
    }

    pub(super) fn answer(&self, to: &InReplyTo<'_>, compress: bool, error: &Error) {
        let body = ErrorBody {
            code: error.code(),
            message: error.message(),
            issues: error.issues(),
            issue_count: error.issue_count(),
            data: error.data(),
        };
        self.link.hub().reply(&self.link, compress, |buffer| {
            if let Err(error) = message::error(buffer, self.link.reads().codec, to, &body) {
                tracing::error!(target: target::CALL, %error, "error reply not sent: it cannot be written as JSON");
            }
        });
    }
}

/// An unknown route name from a client, truncated for the echo.
pub(super) fn shown(route: &str) -> Cow<'_, str> {
    const MAX: usize = 128;
    if route.len() <= MAX {
        return Cow::Borrowed(route);
    }
    let end = (0..=MAX).rev().find(|&end| route.is_char_boundary(end)).unwrap_or(0);
    Cow::Owned(format!("{}…", &route[..end]))
}
