//! What a server is made from.

use std::time::Duration;

use super::{Core, Server};
use crate::{
    config::{Config, Origins},
    contract::Contract,
    dispatch::{BuildError, Router},
    extract::NoState,
    upgrade::OtherContracts,
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
    known_contracts: Vec<Contract>,
    other_contracts: OtherContracts,
}

impl<C: Send + Sync + 'static, St: Send + Sync + 'static> Builder<C, St> {
    pub(super) fn new(router: Router<C, St>) -> Self {
        Self {
            router,
            state: None,
            config: Config::default(),
            known_contracts: Vec::new(),
            other_contracts: OtherContracts::default(),
        }
    }

    /// The application's state, for the handlers' `State<T>`.
    pub fn state(mut self, state: St) -> Self {
        self.state = Some(state);
        self
    }

    /// The largest message that a client may send, in bytes. A larger one closes its connection with code 1009 as soon
    /// as its length is known. Of a compressed one it is the size before it was compressed. Default: 64 KiB.
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

    /// How many tasks share the fan-out: each has a part of the connections, and writes to them one after another. More than
    /// there are worker threads only cost memory. Where clients are on the same machine, or handlers need most of the cores,
    /// fewer may deliver more. At least 1. Default: half of the cores, rounded up.
    pub fn fan_out_tasks(mut self, tasks: usize) -> Self {
        self.config.shards = tasks.max(1);
        self
    }

    /// How many bytes of messages may wait for one task of the fan-out. Connections whose handlers send are slowed down
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

    /// Names a contract that clients in the field were generated from, as it was committed when they were. Clients name
    /// theirs by its [hash](Contract::hash) at the handshake; when the server is built, it finds out which of the known
    /// ones its own would break (as `zocket diff` does). What becomes of their clients is up to
    /// [`other_contracts`](Self::other_contracts).
    ///
    /// ```
    /// # #[zocket::router] mod app { #[incoming] async fn ping() {} }
    /// # fn main() {
    /// # let committed = app::contract().to_json();
    /// use zocket::{Contract, OtherContracts, Server};
    ///
    /// // let committed = include_str!("../contracts/2026-10.json");
    /// let october = Contract::parse(&committed).expect("a contract, as it was committed");
    /// let server = Server::builder(app::router())
    ///     .known_contract(october)
    ///     .other_contracts(OtherContracts::RefuseBroken)
    ///     .build();
    /// # }
    /// ```
    pub fn known_contract(mut self, contract: Contract) -> Self {
        self.known_contracts.push(contract);
        self
    }

    /// What happens to clients that were generated from another contract than the server's. Default:
    /// [`OtherContracts::Warn`].
    pub fn other_contracts(mut self, policy: OtherContracts) -> Self {
        self.other_contracts = policy;
        self
    }

    /// Keeps the handshake's HTTP parts for as long as each connection lives, for middleware and extractors that take
    /// [`HandshakeParts`](crate::HandshakeParts). Handlers that take them turn this on by themselves.
    pub fn keep_handshake(mut self, keep: bool) -> Self {
        self.config.keep_handshake = keep;
        self
    }

    /// Compresses messages to clients that can read it, and takes compressed ones from them (permessage-deflate, RFC 7692).
    /// Off by default: see [`Compression`](crate::Compression) for what it costs, and for the secrets it can tell.
    ///
    /// ```
    /// # #[zocket::router] mod app { #[incoming] async fn ping() {} }
    /// # fn main() {
    /// use zocket::{Compression, Server};
    ///
    /// let server = Server::builder(app::router()).compression(Compression::new().threshold(4096)).build();
    /// # }
    /// ```
    #[cfg(feature = "compression")]
    pub fn compression(mut self, compression: crate::Compression) -> Self {
        self.config.compression = Some(compression);
        self
    }

    /// Lets clients choose MessagePack: one that offers the subprotocol `zocket.msgpack` when it connects sends and receives
    /// the same messages in it, each as one binary frame. Off by default. All others speak JSON as before.
    ///
    /// Among the subprotocols `zocket.msgpack` and `zocket.json`, the first in the client's order is taken. Browsers hang up
    /// where none of their offers is: offer both, and look at the socket's `protocol`.
    ///
    /// Both codecs accept the same messages and refuse the same ones, with the same words: a message in MessagePack is
    /// rewritten as JSON before anything looks at it, and must be within
    /// [`max_message_bytes`](Self::max_message_bytes) both as it came and as JSON (code 1009). What is sent is written as
    /// JSON and then rewritten, once for all receivers of a broadcast.
    ///
    /// Integers are exact: of 64 bits as ints, of more as extension type 1, which holds the digits in ASCII. Other numbers
    /// are floats; one that is too large for that (`1e400`, which no serializer writes by itself) is of extension type 1 too.
    /// bin, which the server never sends, reads as an array of numbers: `Vec<u8>`. Other extension types, NaN, infinities
    /// and keys that are no strings are answered with `BAD_MESSAGE`, as is a text frame.
    pub fn msgpack(mut self, msgpack: bool) -> Self {
        self.config.msgpack = msgpack;
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
        Ok(Server::new(Core::new(compiled, self.config, &self.known_contracts, self.other_contracts)))
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
