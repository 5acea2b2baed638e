//! What the kernel is asked for a TCP connection: its options, and room in the backlog.

use std::{
    net::{SocketAddr, TcpStream as StdStream},
    os::fd::AsFd,
    time::Duration,
};

use axum::serve::Listener;
use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::timeout,
};
use tokio_tungstenite::{connect_async, tungstenite::Message};
use zocket::Server;

#[zocket::router]
mod app {
    #[incoming]
    async fn echo(text: String) -> String {
        text
    }
}

const PATIENCE: Duration = Duration::from_secs(60);

/// Returns a second handle of each accepted socket, through which the test observes the first.
struct Watched {
    listener: TcpListener,
    accepted: mpsc::UnboundedSender<StdStream>,
}

impl Listener for Watched {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        let (socket, peer) = Listener::accept(&mut self.listener).await;
        let _ = socket.set_nodelay(false);
        let handle = socket.as_fd().try_clone_to_owned().expect("a second handle");
        let _ = self.accepted.send(handle.into());
        (socket, peer)
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

#[tokio::test]
async fn an_upgraded_connection_does_not_wait_to_fill_its_packets() {
    let server = Server::builder(app::router()).build();
    let http = axum::Router::new().route("/ws", server.route());
    let listener = zocket::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (accepted, mut sockets) = mpsc::unbounded_channel();
    tokio::spawn(async move { axum::serve(Watched { listener, accepted }, http).await });

    // By default a socket delays small writes.
    let plain = TcpStream::connect(address).await.unwrap();
    let never_upgraded = timeout(PATIENCE, sockets.recv()).await.unwrap().unwrap();
    assert!(!never_upgraded.nodelay().unwrap());

    let (mut client, _) = connect_async(format!("ws://{address}/ws")).await.unwrap();
    let upgraded = timeout(PATIENCE, sockets.recv()).await.unwrap().unwrap();
    client.send(Message::text(r#"{"type":"echo","payload":"hi","rpcId":"1"}"#)).await.unwrap();
    timeout(PATIENCE, client.next()).await.unwrap().unwrap().unwrap();
    assert_eq!(upgraded.peer_addr().unwrap(), client_address(&client));
    assert!(upgraded.nodelay().unwrap());
    assert!(!never_upgraded.nodelay().unwrap());
    drop(plain);

    // A client in a hurry sends its first call with its request: the server reads both at once.
    let mut hurried = TcpStream::connect(address).await.unwrap();
    let request = "GET /ws HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let call = br#"{"type":"echo","payload":"in a hurry"}"#;
    let frame = [&[0x81, 0x80 | call.len() as u8, 0, 0, 0, 0], &call[..]].concat();
    hurried.write_all(&[request.as_bytes(), &frame].concat()).await.unwrap();
    let upgraded = timeout(PATIENCE, sockets.recv()).await.unwrap().unwrap();
    // The pong shows that all of it was read.
    let ping = [0x89, 0x80, 0, 0, 0, 0];
    hurried.write_all(&ping).await.unwrap();
    let mut heard = Vec::new();
    while !heard.ends_with(&[0x8a, 0]) {
        assert_ne!(timeout(PATIENCE, hurried.read_buf(&mut heard)).await.unwrap().unwrap(), 0, "hung up");
    }
    assert!(heard.starts_with(b"HTTP/1.1 101 "));
    assert!(upgraded.nodelay().unwrap());
}

type Client = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<TcpStream>>;

fn client_address(client: &Client) -> SocketAddr {
    match client.get_ref() {
        tokio_tungstenite::MaybeTlsStream::Plain(socket) => socket.local_addr().unwrap(),
        other => panic!("{other:?} is not bare TCP"),
    }
}

/// Nobody accepts, so each connection stays in the kernel's queue, even after its client is gone. One that finds no room there
/// is not established: its client keeps trying.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn thousands_of_connections_wait_to_be_accepted() {
    let most = std::fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap();
    let most = most.trim().parse::<usize>().unwrap().min(4096);
    let listener = zocket::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    for n in 0..most {
        match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(connected) => drop(connected.unwrap()),
            Err(_) => panic!("no more than {n} of {most} connections were taken"),
        }
    }
}
