//! A client in process.

use std::{collections::VecDeque, fmt, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::pipe::{Pipe, Received};
use crate::{client_id::ClientId, connection::ConnLink, send::Outgoing, wire::frame::Opcode};

/// A client that is connected to a server in process. Dropping it disconnects without a close handshake.
///
/// # Panics
/// Every method that waits panics if its deadline passes, if the server closes the connection while something else is
/// awaited, or if what arrives does not match the requested type; the text says what arrived.
pub struct Client {
    link: Arc<ConnLink>,
    pipe: Pipe,
    deadline: Duration,
    /// Events and errors that have not been asked for yet, in order of arrival.
    pending: VecDeque<Value>,
    calls: u64,
    closed: Option<(u16, String)>,
}

/// An error reply.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct CallError {
    /// The code, such as `INVALID_PAYLOAD`.
    pub code: String,
    /// The message for people.
    pub message: String,
    /// The violations of the payload's schema, each with `path`, `message` and `keyword`.
    #[serde(default)]
    pub issues: Vec<Value>,
    /// The data of the handler's error.
    #[serde(default)]
    pub data: Option<Value>,
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for CallError {}

impl Client {
    pub(super) fn new(link: Arc<ConnLink>, pipe: Pipe, deadline: Duration) -> Self {
        Self { link, pipe, deadline, pending: VecDeque::new(), calls: 0, closed: None }
    }

    /// The connection's id.
    #[must_use]
    pub fn client_id(&self) -> ClientId {
        self.link.id()
    }

    /// The rooms that the connection is in, sorted.
    #[must_use]
    pub fn rooms(&self) -> Vec<String> {
        self.link.hub().rooms_of(&self.link)
    }

    /// Calls a route and waits for the reply. Events that arrive before it are kept for [`expect`](Self::expect).
    /// A handler that returns nothing is called with `R = ()`.
    ///
    /// # Errors
    /// The server's error reply.
    pub async fn call<R: DeserializeOwned>(
        &mut self,
        route: &str,
        payload: &(impl Serialize + ?Sized),
    ) -> Result<R, CallError> {
        self.calls += 1;
        let id = format!("call-{}", self.calls);
        let message = json!({"type": route, "payload": payload, "rpcId": id});
        self.send_text(&message.to_string()).await;
        let reply =
            self.wait(|message| message["rpcId"] == id.as_str(), || format!("the reply of `{route}`")).await;
        if reply["type"] == "__rpc_err" {
            return Err(parse(&reply["error"], "an error reply"));
        }
        Ok(parse(&reply["payload"], &format!("the reply of `{route}`")))
    }

    /// Sends a message without asking for a reply.
    pub async fn send(&mut self, route: &str, payload: &(impl Serialize + ?Sized)) {
        self.send_text(&json!({"type": route, "payload": payload}).to_string()).await;
    }

    /// Sends any text as a message.
    pub async fn send_text(&mut self, text: &str) {
        self.pipe.send(Opcode::Text, text.as_bytes()).await;
    }

    /// Sends any bytes as they are: the caller is responsible for well-formed frames.
    pub async fn send_bytes(&mut self, bytes: &[u8]) {
        self.pipe.send_bytes(bytes).await;
    }

    /// Waits for the next event of this type. Other events are kept.
    pub async fn expect<T: Outgoing + DeserializeOwned>(&mut self) -> T {
        parse(&self.expect_event(T::ROUTE).await, &format!("the event `{}`", T::ROUTE))
    }

    /// Waits for the next event of this route, and returns its payload. Other events are kept.
    pub async fn expect_event(&mut self, route: &str) -> Value {
        let event = self.wait(|message| message["type"] == route, || format!("the event `{route}`")).await;
        event["payload"].clone()
    }

    /// Waits for the next error of a message that did not ask for a reply. Events are kept.
    pub async fn expect_error(&mut self) -> CallError {
        let is_error = |message: &Value| message["type"] == "__rpc_err" && message.get("rpcId").is_none();
        parse(&self.wait(is_error, || "an error".to_owned()).await["error"], "an error")
    }

    /// Waits for the next message of any kind, as it came over the wire.
    pub async fn next_message(&mut self) -> Value {
        self.wait(|_| true, || "a message".to_owned()).await
    }

    /// Everything that has been sent to this client so far and was not asked for, in order. Waits until it has arrived, so
    /// an empty result means that nothing was sent.
    pub async fn drain(&mut self) -> Vec<Value> {
        self.link.hub().idle().await;
        let mark = b"drained".to_vec();
        self.pipe.send(Opcode::Ping, &mark).await;
        let deadline = self.deadline;
        let pending = &mut self.pending;
        let pipe = &mut self.pipe;
        let arrived = timeout(deadline, async {
            loop {
                match pipe.next().await {
                    Received::Text(text) => pending.push_back(message(&text)),
                    Received::Pong(payload) if payload == mark => return,
                    Received::Pong(_) => {}
                    other => panic!("the connection ended while it was being drained: {other:?}"),
                }
            }
        });
        assert!(arrived.await.is_ok(), "no answer to a ping after {deadline:?}");
        self.pending.drain(..).collect()
    }

    /// Closes the connection with a close handshake, and waits until `#[on_disconnect]` has run.
    pub async fn close(mut self) {
        self.pipe.send_close(1000, "").await;
        let _ = self.closed().await;
        self.gone().await;
    }

    /// Disconnects without a close handshake, and waits until `#[on_disconnect]` has run.
    pub async fn hang_up(self) {
        let Self { link, pipe, deadline, .. } = self;
        drop(pipe);
        wait_until_gone(&link, deadline).await;
    }

    /// Waits until the server closes the connection, and returns code and reason. 1005 is a close without a code, 1006 an
    /// end without a close.
    pub async fn closed(&mut self) -> (u16, String) {
        let deadline = self.deadline;
        while self.closed.is_none() {
            match timeout(deadline, self.pipe.next()).await {
                Ok(received) => self.take(received).await,
                Err(_) => panic!("still open after {deadline:?}; until then came: {}", self.arrived()),
            }
        }
        self.closed.clone().unwrap_or_default()
    }

    async fn gone(&self) {
        wait_until_gone(&self.link, self.deadline).await;
    }

    /// Takes the first message that matches, from those that have arrived and those to come.
    async fn wait(&mut self, fits: impl Fn(&Value) -> bool, what: impl Fn() -> String) -> Value {
        let deadline = tokio::time::Instant::now() + self.deadline;
        let mut looked_at = 0;
        loop {
            if let Some(index) = (looked_at..self.pending.len()).find(|index| fits(&self.pending[*index])) {
                return self.pending.remove(index).unwrap_or_default();
            }
            looked_at = self.pending.len();
            if let Some((code, reason)) = &self.closed {
                panic!(
                    "waited for {}, but the server closed the connection ({code} {reason:?}); until then came: {}",
                    what(),
                    self.arrived()
                );
            }
            match tokio::time::timeout_at(deadline, self.pipe.next()).await {
                Ok(received) => self.take(received).await,
                Err(_) => {
                    panic!("waited {:?} for {}; until then came: {}", self.deadline, what(), self.arrived())
                }
            }
        }
    }

    async fn take(&mut self, received: Received) {
        match received {
            Received::Text(text) => self.pending.push_back(message(&text)),
            Received::Pong(_) => {}
            Received::Close(status) => {
                let (code, reason) = status.unwrap_or((1005, String::new()));
                self.pipe.send_close(if code == 1005 { 1000 } else { code }, "").await;
                self.closed.get_or_insert((code, reason));
            }
            Received::End => {
                self.closed.get_or_insert((1006, String::new()));
            }
        }
    }

    fn arrived(&self) -> String {
        if self.pending.is_empty() {
            return "nothing".to_owned();
        }
        self.pending.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("id", &self.link.id())
            .field("pending", &self.pending)
            .finish_non_exhaustive()
    }
}

async fn wait_until_gone(link: &Arc<ConnLink>, deadline: Duration) {
    let gone = timeout(deadline, link.hub().removed(link)).await;
    assert!(gone.is_ok(), "the server still has the connection after {deadline:?}");
}

fn message(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("the server sent no JSON ({error}): {text}"))
}

fn parse<T: DeserializeOwned>(value: &Value, what: &str) -> T {
    T::deserialize(value).unwrap_or_else(|error| panic!("{what} does not fit its type ({error}): {value}"))
}
