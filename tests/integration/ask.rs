//! Hand-written handshakes, and their answers.

use std::{net::SocketAddr, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// What a client must send, and nothing else.
pub(crate) const REQUIRED: [&str; 5] = [
    "Host: app.example",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

/// A handshake with more headers. One with the name of a required header replaces it.
pub(crate) fn request(path: &str, headers: &[&str]) -> String {
    let name = |line: &str| line.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let required = REQUIRED.iter().filter(|line| !headers.iter().any(|own| name(own) == name(line)));
    let lines: String = required.chain(headers).map(|line| format!("{line}\r\n")).collect();
    format!("GET {path} HTTP/1.1\r\n{lines}\r\n")
}

/// An answer to a handshake.
pub(crate) struct Answer<S> {
    pub(crate) status: u16,
    /// In lower case.
    pub(crate) head: String,
    /// As JSON; null if there is none.
    pub(crate) body: Value,
    pub(crate) stream: S,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Answer<S> {
    /// Why it was refused.
    pub(crate) fn error(&self) -> &str {
        self.body["error"].as_str().unwrap_or_default()
    }

    /// Calls a handler over an upgraded connection, with short messages.
    pub(crate) async fn call(&mut self, route: &str) -> Value {
        let call = format!(r#"{{"type":"{route}","rpcId":"1"}}"#);
        let length = u8::try_from(call.len()).ok().filter(|length| *length < 126).expect("a short call");
        self.stream.write_all(&[&[0x81, 0x80 | length, 0, 0, 0, 0], call.as_bytes()].concat()).await.unwrap();
        let mut head = [0; 2];
        timeout(PATIENCE, self.stream.read_exact(&mut head)).await.expect("a reply in time").unwrap();
        assert!(head[0] == 0x81 && head[1] < 126, "{head:?}");
        let mut reply = vec![0; head[1].into()];
        timeout(PATIENCE, self.stream.read_exact(&mut reply)).await.expect("a reply in time").unwrap();
        serde_json::from_slice(&reply).unwrap()
    }
}

/// Sends a request and reads the answer.
pub(crate) async fn ask<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, request: &str) -> Answer<S> {
    stream.write_all(request.as_bytes()).await.unwrap();
    let reading = async {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("an answer"));
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        stream.read_exact(&mut body).await.unwrap();
        (head, body)
    };
    let (head, body) = timeout(PATIENCE, reading).await.expect("an answer in time");
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Answer { status, head, body, stream }
}

/// Sends a handshake over TCP.
pub(crate) async fn shake(address: SocketAddr, headers: &[&str]) -> Answer<TcpStream> {
    ask(TcpStream::connect(address).await.unwrap(), &request("/ws", headers)).await
}

/// Serves like plain `axum::serve`, which does not pass on where a connection comes from.
pub(crate) async fn serve_plainly<C: Send + Sync + 'static>(server: &zocket::Server<C>) -> SocketAddr {
    let (listener, address) = listen().await;
    let http = axum::Router::new().route("/ws", server.route());
    tokio::spawn(async move { axum::serve(listener, http).await });
    address
}

/// Serves as applications do.
pub(crate) async fn serve<C: Send + Sync + 'static>(server: &zocket::Server<C>) -> SocketAddr {
    let (listener, address) = listen().await;
    let http = axum::Router::new().route("/ws", server.route());
    tokio::spawn(zocket::serve(listener, http).into_future());
    address
}

/// Serves with axum, told where each connection comes from.
pub(crate) async fn serve_with_peer<C: Send + Sync + 'static>(server: &zocket::Server<C>) -> SocketAddr {
    let (listener, address) = listen().await;
    let http = axum::Router::new().route("/ws", server.route());
    tokio::spawn(async move { axum::serve(listener, zocket::with_peer(http)).await });
    address
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}
