//! The messages of a connection: those that wait, the one that runs, and those that run concurrently.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_util::stream::{FuturesUnordered, Stream};

use super::{
    answers::shown,
    caught::{Caught, panicked},
    scratch,
};
use crate::{
    connection::{ConnLink, RouteSlot},
    dispatch::App,
    error::{Error, Handling, code},
    target,
    wire::{
        codec::Codec,
        envelope::{self, BadMessage, Envelope, RpcId},
        error::ProtocolError,
        frame::Opcode,
        message,
        msgpack::{self, DecodeError},
    },
};

/// How many messages are read ahead of a running handler, so that a ping or a close behind them is seen.
const READ_AHEAD: usize = 32;

/// How many bytes of messages a drain answers for one connection, instead of waiting for a client that never pauses. It is
/// more than kernels keep unread (Linux: 6 MiB): what comes after it had not arrived when the drain began.
const MAX_REFUSED_BYTES: usize = 8 * 1024 * 1024;

pub(super) struct Calls {
    app: Arc<App>,
    pub(super) link: Arc<ConnLink>,
    /// Handled one after another.
    running: Option<Running>,
    /// Handled concurrently; created on demand.
    concurrent: Option<Box<FuturesUnordered<Running>>>,
    /// Complete messages that wait for their turn.
    waiting: VecDeque<Waiting>,
    waiting_bytes: usize,
    mode: Mode,
    /// Bytes of messages that were refused since a drain began.
    pub(super) refused_bytes: usize,
}

/// A whole message, as JSON.
struct Waiting {
    text: Box<str>,
    /// Why it is not JSON: the text is then what came before the fault.
    refused: Option<DecodeError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Open,
    /// What has been received is handled; later messages are told that the server is restarting.
    Draining,
    /// Nothing new is started.
    Stopped,
}

/// A running handler, and what is needed to answer for it.
struct Running {
    future: Caught<Result<(), Error>>,
    rpc_id: Option<RpcId>,
    route: RouteSlot,
}

/// How a handler ended.
struct Outcome {
    result: Result<(), Error>,
    rpc_id: Option<RpcId>,
    route: RouteSlot,
}

impl Future for Running {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let result = ready!(Pin::new(&mut self.future).poll(cx)).and_then(|handled| handled);
        Poll::Ready(Outcome { result, rpc_id: self.rpc_id.take(), route: self.route })
    }
}

impl Calls {
    pub(super) fn new(app: Arc<App>, link: Arc<ConnLink>) -> Self {
        Self {
            app,
            link,
            running: None,
            concurrent: None,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            mode: Mode::Open,
            refused_bytes: 0,
        }
    }

    /// Starts nothing more.
    pub(super) fn stop(&mut self) {
        self.mode = Mode::Stopped;
        self.waiting = VecDeque::new();
        self.waiting_bytes = 0;
    }

    /// Drops running handlers, and starts nothing more.
    pub(super) fn abandon(&mut self) {
        self.stop();
        self.running = None;
        self.concurrent = None;
    }

    /// Starts nothing more of what the peer sends.
    pub(super) fn drain(&mut self) {
        if self.mode == Mode::Open {
            self.mode = Mode::Draining;
        }
    }

    pub(super) fn is_draining(&self) -> bool {
        self.mode == Mode::Draining
    }

    /// Whether a client keeps sending so much to a restarting server that its input is not awaited any longer.
    pub(super) fn has_refused_enough(&self) -> bool {
        self.refused_bytes >= MAX_REFUSED_BYTES
    }

    pub(super) fn is_idle(&self) -> bool {
        self.running.is_none() && self.waiting.is_empty() && self.in_flight() == 0
    }

    fn in_flight(&self) -> usize {
        self.concurrent.as_ref().map_or(0, |concurrent| concurrent.len())
    }

    /// Whether another message can be taken in.
    pub(super) fn has_room(&self) -> bool {
        match self.mode {
            Mode::Open => {
                let limit = self.link.config().max_message_bytes;
                self.waiting.len() < READ_AHEAD && self.waiting_bytes <= limit
            }
            // Control frames still count; messages are refused or discarded.
            Mode::Draining | Mode::Stopped => true,
        }
    }

    /// Whether the next message must wait for its turn.
    fn is_busy(&self) -> bool {
        self.running.is_some() || self.in_flight() >= self.link.config().concurrent_calls
    }

    /// Whether the next waiting message could have its turn.
    pub(super) fn can_begin(&self) -> bool {
        !self.waiting.is_empty() && !self.is_busy() && !self.link.outbox().is_full()
    }

    /// Polls what runs, and starts what waits as soon as it may.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) {
        self.poll_concurrent(cx);
        if let Some(running) = &mut self.running {
            let Poll::Ready(outcome) = Pin::new(running).poll(cx) else { return };
            self.running = None;
            self.settle(outcome);
        }
        while !self.is_busy() && !self.link.outbox().is_full() {
            let Some(Waiting { text, refused }) = self.waiting.pop_front() else {
                // An idle connection owns no buffer.
                if self.waiting.capacity() > 0 {
                    self.waiting = VecDeque::new();
                }
                return;
            };
            self.waiting_bytes -= text.len();
            self.begin(&text, refused, cx);
            self.poll_concurrent(cx);
        }
    }

    fn poll_concurrent(&mut self, cx: &mut Context<'_>) {
        while let Some(concurrent) = &mut self.concurrent {
            match Pin::new(&mut **concurrent).poll_next(cx) {
                Poll::Ready(Some(outcome)) => self.settle(outcome),
                Poll::Ready(None) => self.concurrent = None,
                Poll::Pending => return,
            }
        }
    }

    /// A text message has arrived.
    pub(super) fn text(&mut self, text: &str, cx: &mut Context<'_>) {
        if self.mode == Mode::Stopped || self.echo(Opcode::Text, text.as_bytes()) {
            return;
        }
        match self.codec() {
            Codec::Json => self.message(text, None, cx),
            Codec::MsgPack => {
                self.wrong_frame("this connection speaks zocket.msgpack: send binary frames, not text");
            }
        }
    }

    /// A binary message has arrived.
    ///
    /// # Errors
    /// As JSON, it is larger than a message may be.
    pub(super) fn binary(&mut self, payload: &[u8], cx: &mut Context<'_>) -> Result<(), ProtocolError> {
        if self.mode == Mode::Stopped || self.echo(Opcode::Binary, payload) {
            return Ok(());
        }
        if self.codec() == Codec::Json {
            self.wrong_frame("send text frames, not binary ones");
            return Ok(());
        }
        let limit = self.link.config().max_message_bytes;
        let mut text = scratch::take_text();
        let read = msgpack::to_json(payload, &mut text, limit);
        let result = match read {
            Err(DecodeError::TooLarge) => Err(ProtocolError::TooLargeAsJson { limit }),
            Err(refused @ DecodeError::Invalid { .. }) => {
                self.message(&text, Some(refused), cx);
                Ok(())
            }
            Ok(()) => {
                self.message(&text, None, cx);
                Ok(())
            }
        };
        scratch::give_back_text(text);
        result
    }

    pub(super) fn codec(&self) -> Codec {
        self.link.reads().codec
    }

    /// A message's turn has come.
    fn message(&mut self, text: &str, refused: Option<DecodeError>, cx: &mut Context<'_>) {
        if self.mode == Mode::Draining {
            self.refuse_restarting(text, refused);
        } else if self.is_busy() || !self.waiting.is_empty() {
            self.waiting_bytes += text.len();
            self.waiting.push_back(Waiting { text: text.into(), refused });
        } else {
            self.begin(text, refused, cx);
        }
    }

    #[cfg(feature = "testing")]
    #[inline]
    fn echo(&self, opcode: Opcode, payload: &[u8]) -> bool {
        let echo = self.link.config().echo;
        if echo {
            self.link
                .hub()
                .reply(&self.link, true, |buffer| crate::wire::encode::frame(buffer, opcode, payload));
        }
        echo
    }

    #[cfg(not(feature = "testing"))]
    fn echo(&self, _: Opcode, _: &[u8]) -> bool {
        false
    }

    fn begin(&mut self, text: &str, refused: Option<DecodeError>, cx: &mut Context<'_>) {
        if refused.is_none()
            && let Some(begun) = self.begin_at_a_glance(text)
        {
            return match begun {
                Ok(running) => self.run(running, cx),
                Err(outcome) => self.settle(outcome),
            };
        }
        let envelope = match (envelope::parse(text), refused) {
            (Ok(envelope), None) => envelope,
            (Ok(Envelope { rpc_id, .. }) | Err(BadMessage { rpc_id, .. }), Some(refused)) => {
                return self.bad_message(rpc_id, &refused);
            }
            (Err(BadMessage { fault, rpc_id }), None) => return self.bad_message(rpc_id, &fault),
        };
        let rpc_id = envelope.rpc_id.map(RpcId::from);
        let Some(route) = self.app.table.find(&envelope.route) else {
            if envelope.route == message::PING_TYPE {
                let codec = self.codec();
                return self.link.hub().reply(&self.link, false, |buffer| message::pong(buffer, codec));
            }
            tracing::debug!(target: target::CALL, "unknown route");
            let error = Error::new(code::UNKNOWN_ROUTE, "no handler has this route");
            self.answer_call(rpc_id.as_ref(), Some(&shown(&envelope.route)), true, &error);
            return;
        };
        match self.start(route, rpc_id.clone(), envelope.payload) {
            Ok(future) => self.run(Running { future: Caught::new(future), rpc_id, route }, cx),
            Err(error) => self.settle(Outcome { result: Err(error), rpc_id, route }),
        }
    }

    /// Starts a message whose payload's syntax is checked only when it is deserialized. `None` if that is not possible, or
    /// failed: [`envelope::parse`] then says whether the message or its payload is at fault.
    fn begin_at_a_glance(&self, text: &str) -> Option<Result<Running, Outcome>> {
        let envelope = envelope::glance(text)?;
        let table = &self.app.table;
        let route = table.find(&envelope.route).filter(|route| table.route(*route).reads_at_once())?;
        let rpc_id = envelope.rpc_id.map(RpcId::from);
        match self.start(route, rpc_id.clone(), envelope.payload) {
            Ok(future) => Some(Ok(Running { future: Caught::new(future), rpc_id, route })),
            // To explain the fault, the payload was already read to its end. This is not repeated.
            Err(error) if error.is_of_a_whole_payload() => {
                Some(Err(Outcome { result: Err(error), rpc_id, route }))
            }
            Err(_) => None,
        }
    }

    fn start(
        &self,
        route: RouteSlot,
        rpc_id: Option<RpcId>,
        payload: Option<&str>,
    ) -> Result<Handling, Error> {
        let link = Arc::clone(&self.link);
        // A payload's own `Deserialize` may panic.
        let started = catch_unwind(AssertUnwindSafe(|| self.app.start(route, link, rpc_id, payload)));
        started.unwrap_or_else(|panic| Err(panicked(panic)))
    }

    fn run(&mut self, mut running: Running, cx: &mut Context<'_>) {
        if self.app.table.route(running.route).is_concurrent() {
            self.concurrent.get_or_insert_default().push(running);
            return self.poll_concurrent(cx);
        }
        match Pin::new(&mut running).poll(cx) {
            Poll::Ready(outcome) => self.settle(outcome),
            Poll::Pending => self.running = Some(running),
        }
    }

    /// A handler has ended: a successful one has replied itself.
    #[inline]
    fn settle(&self, Outcome { result, rpc_id, route }: Outcome) {
        if let Err(error) = result {
            self.refuse(error, rpc_id.as_ref(), route);
        }
    }

    /// Answers for a handler that refused or failed.
    fn refuse(&self, error: Error, rpc_id: Option<&RpcId>, route: RouteSlot) {
        let error = self.app.table.route(route).checked(error);
        let called = self.link.core().route(route);
        let (route, compress) = (called.name, called.compress);
        match error.cause() {
            Some(cause) => tracing::error!(target: target::CALL, route, error = cause, "handler failed"),
            None => tracing::debug!(target: target::CALL, route, code = error.code(), "message refused"),
        }
        self.answer_call(rpc_id, Some(route), compress, &error);
    }
}
