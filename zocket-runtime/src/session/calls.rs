//! The messages of a connection: those that wait, the one that runs, and those that run beside it.

use std::{
    any::Any,
    collections::VecDeque,
    fmt::Display,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::stream::{FuturesUnordered, Stream};

use super::{ConnLink, scratch};
use crate::{
    dispatch::RpcId,
    handler::{Error, Handling, code},
    mount::Core,
    wire::{
        codec::Codec,
        envelope::{self, BadMessage, Envelope, RpcIdRaw},
        error::ProtocolError,
        frame::Opcode,
        message::{self, InReplyTo},
        msgpack::{self, Refused},
    },
};

/// Messages read ahead of a handler that runs, so that a ping or a close behind them is seen.
const READ_AHEAD: usize = 32;

pub(super) struct Calls {
    link: Arc<ConnLink>,
    /// Handled one after another.
    running: Option<Running>,
    /// Handled beside them; made on demand.
    concurrent: Option<Box<FuturesUnordered<Running>>>,
    /// Whole messages that wait for their turn.
    waiting: VecDeque<Waiting>,
    waiting_bytes: usize,
    mode: Mode,
    pub(super) peer_close: Option<u16>,
}

/// A whole message, as JSON.
struct Waiting {
    text: Box<str>,
    /// Why it is none: the text is then what came before the fault.
    refused: Option<Refused>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Open,
    /// What has been received is handled, and nothing more is.
    Draining,
    /// Nothing new is begun.
    Stopped,
}

/// A handler at work, and what is needed to answer for it.
struct Running {
    future: Handling,
    rpc_id: Option<RpcId>,
    route: u32,
}

/// How a handler ended.
struct Outcome {
    result: Result<(), Error>,
    rpc_id: Option<RpcId>,
    route: u32,
}

impl Future for Running {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let future = self.future.as_mut();
        let polled = catch_unwind(AssertUnwindSafe(|| future.poll(cx)));
        let result = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(result)) => result,
            Err(panic) => Err(panicked(&*panic)),
        };
        Poll::Ready(Outcome { result, rpc_id: self.rpc_id.take(), route: self.route })
    }
}

impl Calls {
    pub(super) fn new(link: Arc<ConnLink>) -> Self {
        Self {
            link,
            running: None,
            concurrent: None,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            mode: Mode::Open,
            peer_close: None,
        }
    }

    /// Begins nothing more.
    pub(super) fn stop(&mut self) {
        self.mode = Mode::Stopped;
        self.waiting = VecDeque::new();
        self.waiting_bytes = 0;
    }

    /// Drops handlers where they stand, and begins nothing more.
    pub(super) fn abandon(&mut self) {
        self.stop();
        self.running = None;
        self.concurrent = None;
    }

    /// Takes nothing more from the peer.
    pub(super) fn drain(&mut self) {
        if self.mode == Mode::Open {
            self.mode = Mode::Draining;
        }
    }

    pub(super) fn is_draining(&self) -> bool {
        self.mode == Mode::Draining
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
                let limit = self.core().config.max_message_bytes;
                self.waiting.len() < READ_AHEAD && self.waiting_bytes <= limit
            }
            // Control frames still count; messages are thrown away.
            Mode::Draining | Mode::Stopped => true,
        }
    }

    /// Whether the next message must wait for its turn.
    fn is_busy(&self) -> bool {
        self.running.is_some() || self.in_flight() >= self.core().config.concurrent_calls
    }

    /// Whether the next message that waits could have its turn.
    pub(super) fn can_begin(&self) -> bool {
        !self.waiting.is_empty() && !self.is_busy() && !self.link.outbox().is_full()
    }

    /// Goes on with what runs, and begins what waits as soon as it may.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) {
        self.poll_concurrent(cx);
        if let Some(running) = &mut self.running {
            let Poll::Ready(outcome) = Pin::new(running).poll(cx) else { return };
            self.running = None;
            self.settle(outcome);
        }
        while !self.is_busy() && !self.link.outbox().is_full() {
            let Some(Waiting { text, refused }) = self.waiting.pop_front() else {
                self.waiting = VecDeque::new();
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
        if self.mode != Mode::Open || self.echo(Opcode::Text, text.as_bytes()) {
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
    /// It is larger than a message may be, as JSON.
    pub(super) fn binary(&mut self, payload: &[u8], cx: &mut Context<'_>) -> Result<(), ProtocolError> {
        if self.mode != Mode::Open || self.echo(Opcode::Binary, payload) {
            return Ok(());
        }
        if self.codec() == Codec::Json {
            self.wrong_frame("send text frames, not binary ones");
            return Ok(());
        }
        let limit = self.core().config.max_message_bytes;
        let mut text = scratch::take_text();
        let read = msgpack::to_json(payload, &mut text, limit);
        let result = match read {
            Err(Refused::TooLarge) => Err(ProtocolError::TooLargeAsJson { limit }),
            Err(refused @ Refused::Bad { .. }) => {
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

    /// A frame has arrived of which this connection's codec has none.
    fn wrong_frame(&self, message: &'static str) {
        tracing::debug!("bad message: {message}");
        self.answer(&InReplyTo::Route(None), true, &Error::new(code::BAD_MESSAGE, message));
    }

    fn core(&self) -> &Core {
        self.link.attachment().core()
    }

    fn codec(&self) -> Codec {
        self.link.reads().codec
    }

    /// A message has arrived, in its turn.
    fn message(&mut self, text: &str, refused: Option<Refused>, cx: &mut Context<'_>) {
        if self.is_busy() || !self.waiting.is_empty() {
            self.waiting_bytes += text.len();
            self.waiting.push_back(Waiting { text: text.into(), refused });
        } else {
            self.begin(text, refused, cx);
        }
    }

    #[cfg(feature = "testing")]
    fn echo(&self, opcode: Opcode, payload: &[u8]) -> bool {
        let echo = self.core().config.echo;
        if echo {
            let hub = &self.link.attachment().core().hub;
            hub.reply(&self.link, true, |buffer| crate::wire::encode::frame(buffer, opcode, payload));
        }
        echo
    }

    #[cfg(not(feature = "testing"))]
    fn echo(&self, _: Opcode, _: &[u8]) -> bool {
        false
    }

    fn begin(&mut self, text: &str, refused: Option<Refused>, cx: &mut Context<'_>) {
        if refused.is_none()
            && let Some(running) = self.begin_at_a_glance(text)
        {
            return self.run(running, cx);
        }
        let envelope = match (envelope::parse(text), refused) {
            (Ok(envelope), None) => envelope,
            (Ok(Envelope { rpc_id, .. }) | Err(BadMessage { rpc_id, .. }), Some(refused)) => {
                return self.bad_message(rpc_id, &refused);
            }
            (Err(BadMessage { fault, rpc_id }), None) => return self.bad_message(rpc_id, &fault),
        };
        let rpc_id = envelope.rpc_id.map(|id| RpcId::new(id.as_json()));
        let core = self.core();
        let Some(route) = core.table.find(&envelope.route) else {
            if envelope.route == message::PING_TYPE {
                let codec = self.codec();
                return core.hub.reply(&self.link, false, |buffer| message::pong(buffer, codec));
            }
            tracing::debug!("unknown route");
            let error = Error::new(code::UNKNOWN_ROUTE, "no handler has this route");
            self.answer_call(rpc_id.as_ref(), Some(&envelope.route), true, &error);
            return;
        };
        match self.start(route, rpc_id.clone(), envelope.payload) {
            Ok(future) => self.run(Running { future, rpc_id, route }, cx),
            Err(error) => self.settle(Outcome { result: Err(error), rpc_id, route }),
        }
    }

    /// Begins a message whose payload's syntax is checked no sooner than it is read for its type. `None` where that cannot be,
    /// or has failed: whether the message or its payload is at fault is then for [`envelope::parse`] to say.
    fn begin_at_a_glance(&self, text: &str) -> Option<Running> {
        let envelope = envelope::glance(text)?;
        let table = &self.core().table;
        let route = table.find(&envelope.route).filter(|route| table.route(*route).reads_at_once())?;
        let rpc_id = envelope.rpc_id.map(|id| RpcId::new(id.as_json()));
        let future = self.start(route, rpc_id.clone(), envelope.payload).ok()?;
        Some(Running { future, rpc_id, route })
    }

    fn start(&self, route: u32, rpc_id: Option<RpcId>, payload: Option<&str>) -> Result<Handling, Error> {
        let link = Arc::clone(&self.link);
        // A payload's own `Deserialize` may panic.
        let started =
            catch_unwind(AssertUnwindSafe(|| self.core().table.start(route, link, rpc_id, payload)));
        started.unwrap_or_else(|panic| Err(panicked(&*panic)))
    }

    fn run(&mut self, mut running: Running, cx: &mut Context<'_>) {
        if self.core().table.route(running.route).is_concurrent() {
            self.concurrent.get_or_insert_default().push(running);
            return self.poll_concurrent(cx);
        }
        match Pin::new(&mut running).poll(cx) {
            Poll::Ready(outcome) => self.settle(outcome),
            Poll::Pending => self.running = Some(running),
        }
    }

    /// Answers for a handler that has refused or failed; one that has replied has done so itself.
    fn settle(&self, Outcome { result, rpc_id, route }: Outcome) {
        let Err(error) = result else { return };
        let route = self.core().table.route(route);
        let (route, compress) = (route.name(), route.compresses());
        match error.cause() {
            Some(cause) => tracing::error!(route, error = cause, "handler failed"),
            None => tracing::debug!(route, code = error.code(), "message refused"),
        }
        self.answer_call(rpc_id.as_ref(), Some(route), compress, &error);
    }

    fn bad_message(&self, rpc_id: Option<RpcIdRaw<'_>>, fault: &dyn Display) {
        tracing::debug!("bad message: {fault}");
        let rpc_id = rpc_id.map(|id| RpcId::new(id.as_json()));
        self.answer_call(rpc_id.as_ref(), None, true, &Error::new(code::BAD_MESSAGE, fault.to_string()));
    }

    fn answer_call(&self, rpc_id: Option<&RpcId>, route: Option<&str>, compress: bool, error: &Error) {
        match rpc_id {
            Some(rpc_id) => self.answer(&InReplyTo::Call(rpc_id), compress, error),
            None => self.answer(&InReplyTo::Route(route), compress, error),
        }
    }

    fn answer(&self, to: &InReplyTo<'_>, compress: bool, error: &Error) {
        self.core().hub.reply(&self.link, compress, |buffer| {
            if let Err(error) = message::error(buffer, self.link.reads().codec, to, error) {
                tracing::error!(%error, "error reply not sent: it cannot be written as JSON");
            }
        });
    }
}

/// The error that stands for a panic. What it said goes to the log only.
pub(super) fn panicked(panic: &(dyn Any + Send)) -> Error {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a value that is no text");
    Error::internal(format!("panicked: {text}"))
}
