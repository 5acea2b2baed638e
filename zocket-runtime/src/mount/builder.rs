//! The builder of a server.

use std::time::Duration;

use super::Server;
#[cfg(feature = "compression")]
use crate::compression::Compression;
use crate::{
    call::NoState,
    config::{Config, Lists},
    contract::{Contract, OtherContracts},
    dispatch::{BuildError, Fault, Router},
};

/// Collects the settings of a [`Server`]. Every limit has a default that is safe on the open internet.
///
/// **What a disconnect does to running handlers.** A handler that has started is not cancelled when its client
/// disconnects: it runs for up to the [`disconnect_grace`](Self::disconnect_grace) (30 s), and is dropped at its next
/// `.await` after that; its reply is discarded. Messages that arrived completely before the disconnect are handled
/// first. `#[on_disconnect]` runs after all of them. Handlers that should stop earlier can watch
/// [`Ctx::closed`](crate::Ctx::closed).
#[must_use = "a server is made by `.build()`"]
pub struct Builder<C, St = NoState> {
    router: Router<C, St>,
    state: Option<St>,
    pub(super) config: Config,
    /// Part of the configuration, once they have been read.
    pub(super) lists: Lists,
    known_contracts: Vec<Contract>,
    other_contracts: OtherContracts,
}

impl<C: 'static, St: Send + Sync + 'static> Builder<C, St> {
    pub(super) fn new(router: Router<C, St>) -> Self {
        Self {
            router,
            state: None,
            config: Config::default(),
            lists: Lists::default(),
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
    /// as its length is known. For a compressed message the uncompressed size counts. Default: 64 KiB.
    pub fn max_message_bytes(mut self, bytes: usize) -> Self {
        self.config.max_message_bytes = bytes;
        self
    }

    /// How many bytes may wait to be written to one connection, not counting what the kernel holds. A client that
    /// reads too slowly to stay within this limit is disconnected. Default: 1 MiB.
    pub fn outbox_bytes(mut self, bytes: usize) -> Self {
        self.config.outbox_bytes = bytes;
        self
    }

    /// How many tasks share the fan-out: each has a part of the connections, and writes to them one after another. More
    /// tasks than worker threads only cost memory. If clients are on the same machine, or handlers need most of the cores,
    /// fewer tasks may deliver more. At least 1. Default: half of the cores, rounded up.
    pub fn fan_out_tasks(mut self, tasks: usize) -> Self {
        self.config.shards = tasks;
        self
    }

    /// How many bytes of messages may wait for one fan-out task. From half of it on, connections whose handlers send
    /// are slowed down. What your own tasks send beyond it is dropped; the [`Delivery`](crate::Delivery) and the log
    /// say so. Default: 64 MiB.
    pub fn queue_bytes(mut self, bytes: usize) -> Self {
        self.config.queue_bytes = bytes;
        self
    }

    /// How many `#[incoming(concurrent)]` calls of one connection run at the same time; further messages wait. At least
    /// 1. Default: 32.
    pub fn concurrent_calls(mut self, calls: usize) -> Self {
        self.config.concurrent_calls = calls;
        self
    }

    /// Pings a client that has been silent for this long. At least a millisecond. Default: 25 s.
    pub fn ping_interval(mut self, interval: Duration) -> Self {
        self.config.ping_every = interval;
        self
    }

    /// Disconnects a client that sends nothing for this long after a ping. At least a millisecond. Default: 20 s. A client that was sent
    /// more than it could take at once has at least [`stalled_after`](Self::stalled_after) to answer, since the data in the kernels'
    /// buffers is ahead of the ping.
    pub fn ping_timeout(mut self, timeout: Duration) -> Self {
        self.config.pong_within = timeout;
        self
    }

    /// How long a client may read nothing while data is waiting for it, before it is disconnected. One that reads slowly but
    /// steadily is not. Default: 30 s.
    pub fn stalled_after(mut self, deadline: Duration) -> Self {
        self.config.stalled_after = deadline;
        self
    }

    /// The size of the kernel's send buffer for each connection over plain TCP, in bytes (`SO_SNDBUF`; Linux reserves twice
    /// as much). Data in this buffer does not count towards [`outbox_bytes`](Self::outbox_bytes), and is ahead of every
    /// ping. With a round trip of 100 ms, 256 KiB allow one client some 5 MB/s. Default: 256 KiB.
    pub fn send_buffer_bytes(mut self, bytes: usize) -> Self {
        self.config.send_buffer_bytes = bytes;
        self
    }

    /// How many connections a [drain](Server::drain) closes per second, so that their clients do not all come back at once.
    /// If that would take more than half of the drain's deadline, it closes more. At least 1. Default: 1,000.
    pub fn drain_rate(mut self, connections_per_second: u32) -> Self {
        self.config.drain_rate = connections_per_second;
        self
    }

    /// How long `#[on_connect]` may take; then the handshake is answered with 503. Default: 10 s.
    pub fn connect_within(mut self, deadline: Duration) -> Self {
        self.config.connect_within = deadline;
        self
    }

    /// How long a client may take for its side of the close handshake before its connection is dropped. The time starts
    /// again whenever the client reads some of what was sent to it before the close. Default: 5 s.
    pub fn close_within(mut self, deadline: Duration) -> Self {
        self.config.close_within = deadline;
        self
    }

    /// How long handlers, and then `#[on_disconnect]`, may run after their client is gone; then they are dropped at
    /// their next `.await`. Default: 30 s.
    pub fn disconnect_grace(mut self, grace: Duration) -> Self {
        self.config.disconnect_grace = grace;
        self
    }

    /// Adds an older contract, as it was committed, from which clients in the field were generated. Clients send the
    /// [hash](Contract::hash) of theirs at the handshake. When the server is built, it determines which known contracts
    /// its own would break (as `zocket diff` does). [`other_contracts`](Self::other_contracts) decides what happens to
    /// their clients.
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

    /// What happens to clients that were generated from a contract other than the server's. Default:
    /// [`OtherContracts::Warn`].
    pub fn other_contracts(mut self, policy: OtherContracts) -> Self {
        self.other_contracts = policy;
        self
    }

    /// Keeps the handshake's HTTP parts for as long as each connection lives, for middleware and extractors that take
    /// [`HandshakeParts`](crate::HandshakeParts). Handlers that take them turn this on automatically.
    pub fn keep_handshake(mut self) -> Self {
        self.config.keep_handshake = true;
        self
    }

    /// Compresses messages to clients that support it, and accepts compressed ones from them (permessage-deflate, RFC
    /// 7692). Off by default: see [`Compression`](crate::Compression) for what it costs, and for the secrets it can leak.
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
    pub fn compression(mut self, compression: Compression) -> Self {
        self.config.compression = Some(compression);
        self
    }

    /// Lets clients choose MessagePack: one that offers the subprotocol `zocket.msgpack` when it connects sends and receives
    /// the same messages in it, each as one binary frame. Off by default. All others speak JSON as before.
    ///
    /// Of the subprotocols `zocket.msgpack` and `zocket.json`, the first that the client lists is selected. Browsers close
    /// the connection if none of their offers is selected, so offer both and look at the socket's `protocol`.
    ///
    /// Both codecs accept and refuse the same messages, with the same error texts: a MessagePack message is rewritten as
    /// JSON before anything looks at it, and must be within [`max_message_bytes`](Self::max_message_bytes) both as
    /// received and as JSON (code 1009). Outgoing messages are written as JSON and then rewritten, once for all receivers
    /// of a broadcast.
    ///
    /// Integers are exact: up to 64 bits as ints, longer ones as extension type 1, which holds the digits in ASCII. Other
    /// numbers are floats; one that is too large for that (`1e400`, which no serializer writes by itself) is also extension
    /// type 1. bin, which the server never sends, is read as an array of numbers: `Vec<u8>`. Other extension types, NaN,
    /// infinities, keys that are not strings, and text frames are answered with `BAD_MESSAGE`.
    pub fn msgpack(mut self) -> Self {
        self.config.msgpack = true;
        self
    }

    /// Echoes every message, text or binary, without looking at it, as WebSocket conformance suites require. The
    /// router's handlers are not called.
    #[cfg(feature = "testing")]
    pub fn echo(mut self) -> Self {
        self.config.echo = true;
        self
    }

    /// The server.
    ///
    /// # Panics
    /// If [`try_build`](Self::try_build) returns an error, with its text.
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
    /// The router contradicts itself: a route or a hook is declared twice, no `#[on_connect]` creates the context, the state
    /// is missing, or a payload's schema has a constraint that cannot be enforced. Or an entry of
    /// [`allow_origins`](Self::allow_origins), [`allowed_hosts`](Self::allowed_hosts) or
    /// [`trusted_proxies`](Self::trusted_proxies) cannot match anything, or a number is below the minimum of its setting.
    pub fn try_build(self) -> Result<Server<C>, BuildError> {
        let Self { router, state, mut config, lists, known_contracts, other_contracts } = self;
        config.read(lists).map_err(Fault::Settings)?;
        router.compile(state, config, &known_contracts, other_contracts).map(Server::new)
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
