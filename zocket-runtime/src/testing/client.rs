//! A client in process.

use std::{collections::VecDeque, fmt, sync::Arc, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout, timeout_at};

use super::{
    ask::{self, Ask, AskError, CallError, ReadError, ReadEvent, ReadReply},
    pipe::{Pipe, Received},
    waiting::{Outcome, Waiting},
};
use crate::{client_id::ClientId, connection::ConnLink, wire::frame::Opcode};

/// A client that is connected to a server in process. Dropping it disconnects without a close handshake.
///
/// It reads and answers pings in tasks of its own, as a browser does, so that a client that no test looks at stays
/// connected, also while tokio's time is paused and advances by hours.
///
/// # Panics
/// Every method that waits panics if its deadline passes, if the server closes the connection while something else is
/// awaited, or if what arrives does not match the requested type; the text says what arrived. The panic is shown at the line of
/// the `.await`.
pub struct Client {
    link: Arc<ConnLink>,
    pipe: Pipe,
    deadline: Duration,
    /// Events and errors that have not been asked for yet, in order of arrival.
    pending: VecDeque<Value>,
    calls: u64,
    closed: Option<(u16, String)>,
}

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

    /// Calls a handler, with its own types: `app::calls` has a fn for each. Waits for the reply; events that arrive before it are
    /// kept for [`expect`](Self::expect).
    ///
    /// ```
    /// use zocket::testing::AskError;
    ///
    /// #[zocket::router]
    /// mod app {
    ///     #[error]
    ///     #[derive(Debug, PartialEq)]
    ///     pub enum LoanError {
    ///         /// All copies are lent.
    ///         AllLent { copies: u32 },
    ///     }
    ///
    ///     #[payload]
    ///     pub struct Loan {
    ///         pub title: String,
    ///     }
    ///
    ///     #[incoming]
    ///     async fn lend(loan: Loan) -> Result<u32, LoanError> {
    ///         if loan.title == "Momo" { Err(LoanError::AllLent { copies: 2 }) } else { Ok(14) }
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # use app::{Loan, LoanError};
    /// let server = zocket::Server::builder(app::router()).build();
    /// let mut reader = zocket::testing::connect(&server).await.unwrap();
    ///
    /// let days = reader.ask(app::calls::lend(Loan { title: "Emil".into() })).await;
    /// assert_eq!(days.unwrap(), 14);
    /// let refused = reader.ask(app::calls::lend(Loan { title: "Momo".into() })).await;
    /// assert_eq!(refused.unwrap_err(), AskError::Handler(LoanError::AllLent { copies: 2 }));
    /// # }
    /// ```
    ///
    /// # Errors
    /// The handler's own error, or any other error reply.
    #[track_caller]
    pub fn ask<R: ReadReply, E: ReadError>(&mut self, ask: Ask<R, E>) -> Waiting<'_, Result<R, AskError<E>>> {
        let (route, payload) = ask.into_parts();
        Waiting::new(async move {
            match self.reply(route, &payload).await? {
                Ok(reply) => parse(&reply, &format!("the reply of `{route}`")).map(Ok),
                Err(error) => Ok(Err(AskError::of(error))),
            }
        })
    }

    /// Sends a message to a handler, with the handler's own type, without asking for a reply.
    #[track_caller]
    pub fn tell<R, E>(&mut self, ask: Ask<R, E>) -> Waiting<'_, ()> {
        let (route, payload) = ask.into_parts();
        self.send(route, &payload)
    }

    /// Calls a route by its name, with anything as the payload: for what a typed client could not send. Waits for the reply as
    /// [`ask`](Self::ask) does. A handler that returns nothing is called with `R = ()`.
    ///
    /// # Errors
    /// The server's error reply.
    #[track_caller]
    pub fn call<R: DeserializeOwned + 'static>(
        &mut self,
        route: &str,
        payload: &(impl Serialize + ?Sized),
    ) -> Waiting<'_, Result<R, CallError>> {
        let payload = ask::written(route, payload);
        let route = route.to_owned();
        Waiting::new(async move {
            match self.reply(&route, &payload).await? {
                Ok(reply) => parse(&reply, &format!("the reply of `{route}`")).map(Ok),
                Err(error) => Ok(Err(error)),
            }
        })
    }

    /// Sends a message without asking for a reply.
    #[track_caller]
    pub fn send(&mut self, route: &str, payload: &(impl Serialize + ?Sized)) -> Waiting<'_, ()> {
        let payload = ask::written(route, payload);
        self.send_text(&json!({"type": route, "payload": payload}).to_string())
    }

    /// Sends any text as a message.
    #[track_caller]
    pub fn send_text(&mut self, text: &str) -> Waiting<'_, ()> {
        let text = text.as_bytes().to_vec();
        Waiting::new(async move {
            self.pipe.send(Opcode::Text, &text).await;
            Ok(())
        })
    }

    /// Sends any bytes as they are: the caller is responsible for well-formed frames.
    #[track_caller]
    pub fn send_bytes(&mut self, bytes: &[u8]) -> Waiting<'_, ()> {
        let bytes = bytes.to_vec();
        Waiting::new(async move {
            self.pipe.send_bytes(bytes).await;
            Ok(())
        })
    }

    /// Waits for the next event of this type. Other events are kept.
    ///
    /// The type is read with serde: it is `#[outgoing]`, and derives `Deserialize`, by itself or by `#[payload]`.
    #[track_caller]
    pub fn expect<T: ReadEvent>(&mut self) -> Waiting<'_, T> {
        Waiting::new(async move {
            let event = self.event(T::ROUTE).await?;
            parse(&event, &format!("the event `{}`", T::ROUTE))
        })
    }

    /// Waits for the next event of this route, and returns its payload. Other events are kept.
    #[track_caller]
    pub fn expect_event(&mut self, route: &str) -> Waiting<'_, Value> {
        let route = route.to_owned();
        Waiting::new(async move { self.event(&route).await })
    }

    /// Waits for the next error of a message that did not ask for a reply. Events are kept.
    #[track_caller]
    pub fn expect_error(&mut self) -> Waiting<'_, CallError> {
        let is_error = |message: &Value| message["type"] == "__rpc_err" && message.get("rpcId").is_none();
        Waiting::new(async move {
            let error = self.wait(is_error, || "an error".to_owned()).await?;
            parse(&error["error"], "an error")
        })
    }

    /// Waits for the next message of any kind, as it came over the wire.
    #[track_caller]
    pub fn next_message(&mut self) -> Waiting<'_, Value> {
        Waiting::new(async move { self.wait(|_| true, || "a message".to_owned()).await })
    }

    /// Everything that has been sent to this client so far and was not asked for, in order. Waits until it has arrived, so
    /// an empty result means that nothing was sent.
    #[track_caller]
    pub fn drain(&mut self) -> Waiting<'_, Vec<Value>> {
        Waiting::new(async move {
            self.link.hub().idle().await;
            let mark = b"drained".to_vec();
            self.pipe.send(Opcode::Ping, &mark).await;
            let deadline = Instant::now() + self.deadline;
            loop {
                match timeout_at(deadline, self.pipe.next()).await {
                    Ok(Received::Text(text)) => self.pending.push_back(message(&text)?),
                    Ok(Received::Pong(payload)) if payload == mark => {
                        return Ok(self.pending.drain(..).collect());
                    }
                    Ok(Received::Pong(_)) => {}
                    Ok(other) => {
                        return Err(format!("the connection ended while it was being drained: {other:?}"));
                    }
                    Err(_) => return Err(format!("no answer to a ping after {:?}", self.deadline)),
                }
            }
        })
    }

    /// Reads nothing more, and so answers no pings, until something is waited for: a client that hangs.
    pub fn stop_reading(&mut self) {
        self.pipe.stop_reading();
    }

    /// Closes the connection with a close handshake, and waits until `#[on_disconnect]` has run.
    #[track_caller]
    pub fn close(mut self) -> Waiting<'static, ()> {
        Waiting::new(async move {
            self.pipe.send_close(1000).await;
            self.end().await?;
            gone(&self.link, self.deadline).await
        })
    }

    /// Disconnects without a close handshake, and waits until `#[on_disconnect]` has run.
    #[track_caller]
    pub fn hang_up(self) -> Waiting<'static, ()> {
        let Self { link, pipe, deadline, .. } = self;
        Waiting::new(async move {
            drop(pipe);
            gone(&link, deadline).await
        })
    }

    /// Waits until the server closes the connection, and returns code and reason. 1005 is a close without a code, 1006 an
    /// end without a close.
    #[track_caller]
    pub fn closed(&mut self) -> Waiting<'_, (u16, String)> {
        Waiting::new(self.end())
    }

    async fn end(&mut self) -> Outcome<(u16, String)> {
        loop {
            if let Some(closed) = &self.closed {
                return Ok(closed.clone());
            }
            match timeout(self.deadline, self.pipe.next()).await {
                Ok(received) => self.take(received)?,
                Err(_) => {
                    return Err(format!(
                        "still open after {:?}; until then came: {}",
                        self.deadline,
                        self.arrived()
                    ));
                }
            }
        }
    }

    async fn reply(&mut self, route: &str, payload: &Value) -> Outcome<Result<Value, CallError>> {
        self.calls += 1;
        let id = format!("call-{}", self.calls);
        let message = json!({"type": route, "payload": payload, "rpcId": id});
        self.pipe.send(Opcode::Text, message.to_string().as_bytes()).await;
        let is_reply = |message: &Value| message["rpcId"] == id.as_str();
        let mut reply = self.wait(is_reply, || format!("the reply of `{route}`")).await?;
        if reply["type"] == "__rpc_err" {
            return parse(&reply["error"], "an error reply").map(Err);
        }
        Ok(Ok(reply["payload"].take()))
    }

    async fn event(&mut self, route: &str) -> Outcome<Value> {
        let mut event =
            self.wait(|message| message["type"] == route, || format!("the event `{route}`")).await?;
        Ok(event["payload"].take())
    }

    /// Takes the first message that matches, from those that have arrived and those to come.
    async fn wait(&mut self, fits: impl Fn(&Value) -> bool, what: impl Fn() -> String) -> Outcome<Value> {
        let deadline = Instant::now() + self.deadline;
        let mut looked_at = 0;
        loop {
            if let Some(index) = (looked_at..self.pending.len()).find(|index| fits(&self.pending[*index])) {
                return Ok(self.pending.remove(index).unwrap_or_default());
            }
            looked_at = self.pending.len();
            if let Some((code, reason)) = &self.closed {
                return Err(format!(
                    "waited for {}, but the server closed the connection ({code} {reason:?}); until then came: {}",
                    what(),
                    self.arrived()
                ));
            }
            match timeout_at(deadline, self.pipe.next()).await {
                Ok(received) => self.take(received)?,
                Err(_) => {
                    return Err(format!(
                        "waited {:?} for {}; until then came: {}",
                        self.deadline,
                        what(),
                        self.arrived()
                    ));
                }
            }
        }
    }

    fn take(&mut self, received: Received) -> Outcome<()> {
        match received {
            Received::Text(text) => self.pending.push_back(message(&text)?),
            Received::Pong(_) => {}
            Received::Close(code, reason) => {
                self.closed.get_or_insert((code, reason));
            }
            Received::End => {
                self.closed.get_or_insert((1006, String::new()));
            }
            Received::Unreadable(why) => return Err(why),
        }
        Ok(())
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

async fn gone(link: &Arc<ConnLink>, deadline: Duration) -> Outcome<()> {
    let gone = timeout(deadline, link.hub().removed(link)).await;
    gone.map_err(|_| format!("the server still has the connection after {deadline:?}"))
}

fn message(text: &str) -> Outcome<Value> {
    serde_json::from_str(text).map_err(|error| format!("the server sent no JSON ({error}): {text}"))
}

fn parse<T: DeserializeOwned>(value: &Value, what: &str) -> Outcome<T> {
    T::deserialize(value).map_err(|error| format!("{what} does not fit its type ({error}): {value}"))
}
