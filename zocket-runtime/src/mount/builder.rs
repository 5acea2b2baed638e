//! What a server is made from.

use std::time::Duration;

use super::{Core, Server};
use crate::{
    config::{Config, Origins},
    dispatch::{BuildError, Router},
    extract::NoState,
};

/// Collects the settings of a [`Server`]. Every limit has a default that is safe on the open internet.
///
/// **What a disconnect does to running handlers.** A handler that has begun is not cancelled when its client
/// disconnects: it runs on for up to the [`disconnect_grace`](Self::disconnect_grace) (30 s) and is dropped at its next
/// `.await` after that; its reply goes nowhere. Messages that arrived whole before the end are handled first.
/// `#[on_disconnect]` runs after all of them. Handlers that should stop earlier watch
/// [`Ctx::closed`](crate::Ctx::closed).
#[must_use = "a server is made by `.build()`"]
pub struct Builder<C, St = NoState> {
    router: Router<C, St>,
    state: Option<St>,
    config: Config,
}

impl<C: Send + Sync + 'static, St: Send + Sync + 'static> Builder<C, St> {
    pub(super) fn new(router: Router<C, St>) -> Self {
        Self { router, state: None, config: Config::default() }
    }

    /// The application's state, for the handlers' `State<T>`.
    pub fn state(mut self, state: St) -> Self {
        self.state = Some(state);
        self
    }

    /// The largest message that a client may send, in bytes. A larger one closes its connection with code 1009 as soon
    /// as its length is known. Default: 64 KiB.
    pub fn max_message_bytes(mut self, bytes: usize) -> Self {
        self.config.max_message_bytes = bytes;
        self
    }

    /// How many bytes may wait to be written to one connection, beside what the kernel holds. A client that reads so
    /// slowly that more would wait is disconnected. Default: 1 MiB.
    pub fn outbox_bytes(mut self, bytes: usize) -> Self {
        self.config.outbox_bytes = bytes;
        self
    }

    /// How many bytes of messages may wait for one core's fan-out. Connections whose handlers send are slowed down
    /// at half of it; what tasks of your own send beyond it is dropped, which the [`Delivery`](crate::Delivery)
    /// says and the log. Default: 64 MiB.
    pub fn queue_bytes(mut self, bytes: usize) -> Self {
        self.config.queue_bytes = bytes;
        self
    }

    /// How many `#[incoming(concurrent)]` calls of one connection run at the same time; further messages wait. At least
    /// 1. Default: 32.
    pub fn concurrent_calls(mut self, calls: usize) -> Self {
        self.config.concurrent_calls = calls.max(1);
        self
    }

    /// Pings a client that has been silent for `every`, and gives it up when nothing comes `within`. A millisecond at
    /// least. Default: 25 s and 20 s.
    pub fn ping(mut self, every: Duration, within: Duration) -> Self {
        let least = Duration::from_millis(1);
        (self.config.ping_every, self.config.pong_within) = (every.max(least), within.max(least));
        self
    }

    /// How long `#[on_connect]` may take; then the handshake is answered with 503. Default: 10 s.
    pub fn connect_within(mut self, deadline: Duration) -> Self {
        self.config.connect_within = deadline;
        self
    }

    /// How long a client may take for its side of a close handshake, before its connection is simply dropped. Default:
    /// 5 s.
    pub fn close_within(mut self, deadline: Duration) -> Self {
        self.config.close_within = deadline;
        self
    }

    /// How long handlers, and then `#[on_disconnect]`, may go on after their client is gone; then they are dropped at
    /// their next `.await`. Default: 30 s.
    pub fn disconnect_grace(mut self, grace: Duration) -> Self {
        self.config.disconnect_grace = grace;
        self
    }

    /// Lets web pages of exactly these origins connect, such as `https://app.example`, instead of those of the host that
    /// the request is addressed to. Clients that send no `Origin`, which are no browsers, are let in as before.
    pub fn allow_origins<O: Into<String>>(mut self, origins: impl IntoIterator<Item = O>) -> Self {
        self.config.origins = Origins::Listed(origins.into_iter().map(Into::into).collect());
        self
    }

    /// Lets every web page connect. Only for servers that trust nothing a browser sends by itself (cookies, the
    /// network it is in): any site's visitors can be made to connect.
    pub fn allow_any_origin(mut self) -> Self {
        self.config.origins = Origins::Any;
        self
    }

    /// Keeps the handshake's HTTP parts for as long as each connection lives, for middleware and extractors that take
    /// [`HandshakeParts`](crate::HandshakeParts). Handlers that take them turn this on by themselves.
    pub fn keep_handshake(mut self, keep: bool) -> Self {
        self.config.keep_handshake = keep;
        self
    }

    /// Answers every message, text or binary, with itself, without looking at it: what WebSocket conformance suites ask
    /// for. The router's handlers are not called.
    #[cfg(feature = "testing")]
    pub fn echo(mut self) -> Self {
        self.config.echo = true;
        self
    }

    /// The server.
    ///
    /// # Panics
    /// Where [`try_build`](Self::try_build) gives an error, with its text.
    #[must_use]
    pub fn build(self) -> Server<C> {
        match self.try_build() {
            Ok(server) => server,
            Err(error) => panic!("{error}"),
        }
    }

    /// The server.
    ///
    /// # Errors
    /// The router contradicts itself: a route or a hook is declared twice, the context has no `#[on_connect]` that makes
    /// it, the state is missing, or a payload's schema has a constraint that cannot be enforced.
    pub fn try_build(self) -> Result<Server<C>, BuildError> {
        let compiled = self.router.compile(self.state)?;
        Ok(Server::new(Core::new(compiled, self.config)))
    }
}

impl<C, St> std::fmt::Debug for Builder<C, St> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("router", &self.router)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
