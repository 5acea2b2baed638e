//! A client of the wire protocol over tokio-tungstenite, written from the protocol's description.

use std::{collections::VecDeque, net::SocketAddr};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        handshake::client::Response,
        http::{HeaderName, HeaderValue},
        protocol::CloseFrame,
    },
};

use crate::program::PATIENCE;

pub(crate) struct Client<S = MaybeTlsStream<TcpStream>> {
    socket: WebSocketStream<S>,
    early: VecDeque<Value>,
    calls: u32,
}

impl Client {
    /// Connects to `/ws` with a query: `"user-name=Ada"`.
    pub(crate) async fn connect(addr: SocketAddr, query: &str) -> Self {
        Self::handshake(addr, query, &[]).await.expect("the handshake to be accepted")
    }

    /// Connects with a query and headers, and returns the refusal if there is one.
    pub(crate) async fn handshake(
        addr: SocketAddr,
        query: &str,
        headers: &[(&str, &str)],
    ) -> Result<Self, Box<Response>> {
        let mut request = format!("ws://{addr}/ws?{query}").into_client_request().expect("a request");
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
            request.headers_mut().insert(name, HeaderValue::from_str(value).expect("a header's value"));
        }
        match timeout(PATIENCE, connect_async(request)).await.expect("an answer to the handshake") {
            Ok((socket, _)) => Ok(Self::over(socket)),
            Err(Error::Http(refusal)) => Err(refusal),
            Err(error) => panic!("neither accepted nor refused: {error}"),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// A client on an existing connection.
    pub(crate) fn over(socket: WebSocketStream<S>) -> Self {
        Self { socket, early: VecDeque::new(), calls: 0 }
    }

    /// Waits for this many pings, and answers them. Nothing else may arrive.
    pub(crate) async fn pinged(&mut self, times: usize) {
        for _ in 0..times {
            let came = self.next().await;
            assert!(matches!(came, Some(Ok(Message::Ping(_)))), "{came:?}");
        }
    }

    pub(crate) async fn send(&mut self, message: impl Into<Message>) {
        self.socket.send(message.into()).await.expect("a connection to send on");
    }

    /// Calls a route, and returns its reply's payload or its error.
    pub(crate) async fn call(&mut self, route: &str, payload: Value) -> Result<Option<Value>, Value> {
        let id = self.send_call(route, payload).await;
        self.answer(&id).await
    }

    /// Calls a route without waiting; returns the id of its answer.
    pub(crate) async fn send_call(&mut self, route: &str, payload: Value) -> String {
        self.calls += 1;
        let id = format!("call-{}", self.calls);
        self.send(json!({"type": route, "payload": payload, "rpcId": id}).to_string()).await;
        id
    }

    /// Waits for the answer to a call.
    pub(crate) async fn answer(&mut self, id: &str) -> Result<Option<Value>, Value> {
        let mut answer = self.find(|message| message["rpcId"] == id).await;
        match answer["type"].as_str() {
            Some("__rpc_res") => Ok(answer.get_mut("payload").map(Value::take)),
            Some("__rpc_err") => Err(answer["error"].take()),
            _ => panic!("not an answer: {answer}"),
        }
    }

    /// The next event of this type: its payload. Events of other types wait for their turn.
    pub(crate) async fn event(&mut self, route: &str) -> Value {
        self.find(|message| message["type"] == route).await["payload"].take()
    }

    /// The next event of this type for which `wanted` returns true. Others are skipped.
    pub(crate) async fn event_where(&mut self, route: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        self.find(|message| message["type"] == route && wanted(&message["payload"])).await["payload"].take()
    }

    /// Whether an event of this type has come so far.
    pub(crate) fn has_heard(&self, route: &str) -> bool {
        self.early.iter().any(|message| message["type"] == route)
    }

    /// The first message for which `wanted` returns true.
    pub(crate) async fn find(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(found) = self.early.iter().position(&wanted) {
            return self.early.remove(found).expect("just found");
        }
        loop {
            let text = match self.next().await {
                Some(Ok(Message::Text(text))) => text,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                other => panic!("not a message: {other:?}; waiting: {:?}", self.early),
            };
            let message: Value = serde_json::from_str(&text).expect("JSON");
            if wanted(&message) {
                return message;
            }
            self.early.push_back(message);
        }
    }

    /// The close frame with which the server ends the connection, after whatever comes before it.
    pub(crate) async fn closed(&mut self) -> Option<CloseFrame> {
        loop {
            match self.next().await {
                Some(Ok(Message::Close(frame))) => return frame,
                Some(Ok(_)) => {}
                other => panic!("ended without a close frame: {other:?}"),
            }
        }
    }

    /// Closes the connection, and waits until the server has answered.
    pub(crate) async fn close(mut self) {
        self.socket.close(None).await.expect("a connection to close");
        self.ended().await;
    }

    /// Answers a received close frame, and waits until the server has disconnected.
    pub(crate) async fn ended(mut self) {
        while self.next().await.is_some() {}
    }

    async fn next(&mut self) -> Option<Result<Message, Error>> {
        timeout(PATIENCE, self.socket.next()).await.expect("something to arrive in time")
    }
}
