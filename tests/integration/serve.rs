//! `zocket::serve`: what it accepts, for how long, and how it ends.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::routing::get;
use bytes::Bytes;
use http::Request;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{Semaphore, oneshot},
    task::JoinHandle,
    time::timeout,
};
use zocket::Server;

use crate::{
    http2::{Stream, http2},
    sockets::{GOOD, Raw, text},
};

/// For things that should happen at once, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone)]
struct Gates {
    begun: Arc<Semaphore>,
    open: Arc<Semaphore>,
}

#[zocket::router]
mod app {
    use super::Gates;
    use zocket::{PeerAddr, State};

    #[context]
    pub struct Session {
        pub peer: String,
    }

    #[headers]
    pub struct Headers {
        pub slow: Option<String>,
    }

    #[on_connect]
    async fn connect(headers: Headers, PeerAddr(peer): PeerAddr, State(gates): State<Gates>) -> Session {
        if headers.slow.is_some() {
            gates.begun.add_permits(1);
            gates.open.acquire().await.expect("a gate").forget();
        }
        Session { peer: peer.to_string() }
    }

    /// The address, as seen by `on_connect`.
    #[incoming]
    async fn peer(ctx: zocket::Ctx<Session>) -> String {
        ctx.peer.clone()
    }

    #[incoming]
    async fn wait(State(gates): State<Gates>) -> String {
        gates.begun.add_permits(1);
        gates.open.acquire().await.expect("a gate").forget();
        "done".into()
    }
}

/// Something that is served, and what is needed to end it.
struct Served {
    address: SocketAddr,
    server: Server<app::Session>,
    gates: Gates,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<std::io::Result<()>>,
}

type Serve = zocket::Serve<tokio::net::TcpListener, axum::Router>;

/// Serves with the test's settings.
fn serve(settings: impl FnOnce(Serve, &Server<app::Session>) -> Serve) -> Served {
    let gates = Gates { begun: Arc::new(Semaphore::new(0)), open: Arc::new(Semaphore::new(0)) };
    let server = Server::builder(app::router()).state(gates.clone()).build();
    let slow = {
        let gates = gates.clone();
        move || async move {
            gates.begun.add_permits(1);
            gates.open.acquire().await.expect("a gate").forget();
            "done"
        }
    };
    let http = axum::Router::new()
        .route("/ws", server.route())
        .route("/slow", get(slow))
        .route("/", get(|| async { "here" }));
    let listener = zocket::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let serve = zocket::serve(listener, http).shutdown_on(async move { drop(stopped.await) });
    let ended = tokio::spawn(settings(serve, &server).into_future());
    Served { address, server, gates, stop, ended }
}

impl Served {
    async fn ends(self) {
        drop(self.stop);
        timeout(PATIENCE, self.ended).await.expect("an end").unwrap().unwrap();
    }
}

const SHORT: Duration = Duration::from_millis(200);
/// Longer than any test waits.
const FOREVER: Duration = Duration::from_secs(3600);

/// A connection on which headers have begun, or nothing.
async fn silent(address: SocketAddr, said: &[u8]) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(said).await.unwrap();
    socket
}

/// Waits for the other end to close.
async fn is_let_go(mut socket: TcpStream) {
    let mut rest = Vec::new();
    // A reset also counts as an end.
    drop(timeout(PATIENCE, socket.read_to_end(&mut rest)).await.expect("the end of a slow connection"));
}

/// All the ways of not completing the headers of a first request.
const BEGINNINGS: [&[u8]; 6] = [
    b"",
    b"P",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
    b"GET / HTTP/1.1\r\nhost: a",
    GOOD.as_bytes().split_at(60).0,
];

async fn answer(socket: &mut TcpStream, request: &str) -> String {
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !(answer.ends_with(b"here") || answer.ends_with(b"done")) {
        assert_ne!(timeout(PATIENCE, socket.read_buf(&mut answer)).await.expect("an answer").unwrap(), 0);
    }
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn the_clients_address_is_there_in_on_connect() {
    let served = serve(|serve, server| serve.drain(server, FOREVER));
    let mut client = Raw::to(served.address).await;
    client.upgrade().await;
    client.send(&text(r#"{"type":"peer","rpcId":"1"}"#)).await;
    let own = client.0.local_addr().unwrap().to_string();
    assert_eq!(client.message().await["payload"], own);
}

#[tokio::test]
async fn a_thousand_slow_handshakes_are_let_go_and_who_is_not_slow_stays() {
    let served = serve(|serve, _| serve.header_read_timeout(SHORT));
    let mut client = Raw::to(served.address).await;
    client.upgrade().await;
    let mut slow = Vec::new();
    for n in 0..1000 {
        slow.push(silent(served.address, BEGINNINGS[n % BEGINNINGS.len()]).await);
    }
    for socket in slow {
        is_let_go(socket).await;
    }
    client.send(&text(r#"{"type":"peer","rpcId":"1"}"#)).await;
    assert_eq!(client.message().await["type"], "__rpc_res", "a WebSocket is not a slow handshake");
}

#[tokio::test]
async fn a_connection_without_a_next_request_is_let_go() {
    let served = serve(|serve, _| serve.header_read_timeout(SHORT));
    let mut idle = TcpStream::connect(served.address).await.unwrap();
    assert!(answer(&mut idle, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.starts_with("HTTP/1.1 200"));
    is_let_go(idle).await;
    let mut slow = TcpStream::connect(served.address).await.unwrap();
    answer(&mut slow, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    slow.write_all(b"GET / HTTP/1.1\r\nho").await.unwrap();
    is_let_go(slow).await;
}

#[tokio::test]
async fn who_has_no_request_does_not_hold_up_the_end() {
    let served = serve(|serve, _| serve.header_read_timeout(FOREVER).deadline(FOREVER));
    let mut silents = Vec::new();
    for said in BEGINNINGS {
        silents.push(silent(served.address, said).await);
    }
    let mut idle = TcpStream::connect(served.address).await.unwrap();
    answer(&mut idle, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let mut half = TcpStream::connect(served.address).await.unwrap();
    answer(&mut half, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    half.write_all(b"GET / HTTP/1.1\r\nho").await.unwrap();
    let _http2 = http2(TcpStream::connect(served.address).await.unwrap()).await;
    served.ends().await;
    for socket in silents {
        is_let_go(socket).await;
    }
}

#[tokio::test]
async fn requests_that_have_begun_are_answered() {
    let served = serve(|serve, server| serve.drain(server, FOREVER).deadline(FOREVER));
    let Gates { begun, open } = served.gates.clone();

    let mut first = TcpStream::connect(served.address).await.unwrap();
    first.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let mut client = http2(TcpStream::connect(served.address).await.unwrap()).await;
    let request = Request::get("http://a/slow").body(()).unwrap();
    let (second, _) = client.send_request(request, true).unwrap();
    let mut third = Raw::to(served.address).await;
    third.upgrade().await;
    third.send(&text(r#"{"type":"wait","rpcId":"1"}"#)).await;
    begun.acquire_many(3).await.unwrap().forget();

    let ended = tokio::spawn(served.ends());
    // The listener is closed.
    while let Ok(socket) = TcpStream::connect(third.0.peer_addr().unwrap()).await {
        drop(socket);
        tokio::task::yield_now().await;
    }
    open.add_permits(3);
    assert!(answer(&mut first, "").await.contains("connection: close"));
    let second = timeout(PATIENCE, second).await.expect("an answer").unwrap();
    assert_eq!(second.status(), 200);
    let body = timeout(PATIENCE, second.into_body().data()).await.expect("a body").unwrap().unwrap();
    assert_eq!(body, "done");
    assert_eq!(third.message().await["payload"], "done");
    let (opcode, payload) = third.frame().await;
    assert_eq!((opcode, &payload[..2]), (8, &1012_u16.to_be_bytes()[..]));
    drop(third);
    ended.await.unwrap();
}

#[tokio::test]
async fn websockets_over_http2_are_drained_and_their_connection_goes() {
    let served = serve(|serve, server| serve.drain(server, FOREVER).deadline(FOREVER));
    let mut client = http2(TcpStream::connect(served.address).await.unwrap()).await;
    let (mut first, mut second) = (Stream::open(&mut client).await, Stream::open(&mut client).await);
    let ended = tokio::spawn(served.ends());
    for stream in [&mut first, &mut second] {
        let (head, payload) = stream.frame().await;
        assert_eq!((head, &payload[..2]), (0x88, &1012_u16.to_be_bytes()[..]));
        stream.send.send_data(Bytes::from_static(&[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xf4]), true).unwrap();
    }
    ended.await.unwrap();
}

/// Their handshakes have begun: they are answered, and so is what comes after them.
#[tokio::test]
async fn who_is_still_in_on_connect_is_let_in_and_told_to_come_back() {
    let served = serve(|serve, server| serve.drain(server, FOREVER).deadline(FOREVER));
    let Gates { begun, open } = served.gates.clone();
    let mut first = Raw::to(served.address).await;
    first.send(GOOD.replace("/ws", "/ws?slow=yes").as_bytes()).await;
    let mut client = http2(TcpStream::connect(served.address).await.unwrap()).await;
    let second = tokio::spawn(async move {
        Stream::ask(&mut client, Request::get("https://localhost/ws?slow=yes")).await.0
    });
    begun.acquire_many(2).await.unwrap().forget();
    let server = served.server.clone();
    let ended = tokio::spawn(served.ends());
    // The stop has begun.
    while TcpStream::connect(first.0.peer_addr().unwrap()).await.is_ok() {
        tokio::task::yield_now().await;
    }
    open.add_permits(2);
    assert!(first.head().await.starts_with("HTTP/1.1 101 "));
    let (opcode, payload) = first.frame().await;
    assert_eq!((opcode, &payload[..2]), (8, &1012_u16.to_be_bytes()[..]));
    drop(first);
    let mut second = second.await.unwrap();
    let (head, payload) = second.frame().await;
    assert_eq!((head, &payload[..2]), (0x88, &1012_u16.to_be_bytes()[..]));
    second.write(0x88, &1012_u16.to_be_bytes());
    ended.await.unwrap();
    assert_eq!(server.connection_count(), 0);
}

#[tokio::test]
async fn several_servers_are_drained() {
    let other = Server::builder(bare::router()).build();
    let listener = zocket::bind("127.0.0.1:0").unwrap();
    let elsewhere = listener.local_addr().unwrap();
    let http = axum::Router::new().route("/ws", other.route());
    // Served on a port of its own, by another task, which is never told to stop.
    tokio::spawn(zocket::serve(listener, http).shutdown_on(std::future::pending()).into_future());

    let served = serve(|serve, server| serve.drain(server, FOREVER).drain(&other, FOREVER));
    let (mut here, mut there) = (Raw::to(served.address).await, Raw::to(elsewhere).await);
    here.upgrade().await;
    there.upgrade().await;
    let ended = tokio::spawn(served.ends());
    for mut client in [here, there] {
        let (opcode, payload) = client.frame().await;
        assert_eq!((opcode, &payload[..2]), (8, &1012_u16.to_be_bytes()[..]));
    }
    ended.await.unwrap();
}

#[zocket::router]
mod bare {}

#[tokio::test]
async fn the_deadline_bounds_requests_handlers_and_drains() {
    let served = serve(|serve, server| serve.drain(server, FOREVER).deadline(SHORT));
    let Gates { begun, .. } = served.gates.clone();
    let server = served.server.clone();
    let mut request = TcpStream::connect(served.address).await.unwrap();
    request.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let mut client = Raw::to(served.address).await;
    client.upgrade().await;
    client.send(&text(r#"{"type":"wait","rpcId":"1"}"#)).await;
    begun.acquire_many(2).await.unwrap().forget();

    // An HTTP/2 client that does not react to GOAWAY: it is not polled.
    let socket = TcpStream::connect(served.address).await.unwrap();
    let (mut other, mut connection) = h2::client::handshake(socket).await.unwrap();
    let (second, _) = other.send_request(Request::get("http://a/").body(()).unwrap(), true).unwrap();
    tokio::select! {
        answer = second => assert_eq!(answer.unwrap().status(), 200),
        ended = &mut connection => panic!("{ended:?}"),
    }

    served.ends().await;

    // The process goes on, but the remaining connections do not.
    is_let_go(request).await;
    drop(timeout(PATIENCE, connection).await.expect("the end of HTTP/2"));
    client.end().await;
    while server.connection_count() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_server_that_is_dropped_drops_its_connections() {
    let served = serve(|serve, _| serve);
    let mut request = TcpStream::connect(served.address).await.unwrap();
    request.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    served.gates.begun.acquire().await.unwrap().forget();
    served.ended.abort();
    is_let_go(request).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_unix_socket_is_served_as_well() {
    let server = Server::builder(bare::router()).build();
    let path = std::env::temp_dir().join(format!("zocket-serve-{}.sock", std::process::id()));
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let http = axum::Router::new().route("/ws", server.route());
    let (stop, stopped) = oneshot::channel::<()>();
    let serve = zocket::serve(listener, http).drain(&server, FOREVER);
    assert_eq!(serve.local_addr().unwrap().as_pathname(), Some(&*path));
    let serve = serve.shutdown_on(async move { drop(stopped.await) });
    let ended = tokio::spawn(serve.into_future());
    let mut client = Raw(tokio::net::UnixStream::connect(&path).await.unwrap());
    std::fs::remove_file(&path).unwrap();
    client.upgrade().await;
    drop(stop);
    let (opcode, payload) = client.frame().await;
    assert_eq!((opcode, &payload[..2]), (8, &1012_u16.to_be_bytes()[..]));
    drop(client);
    timeout(PATIENCE, ended).await.expect("an end").unwrap().unwrap();
}

/// A service that is not a router can be served too, and answer with its own body type.
#[tokio::test]
async fn any_tower_service_is_served() {
    #[derive(Clone)]
    struct Fixed;
    impl tower_service::Service<Request<axum::body::Body>> for Fixed {
        type Response = http::Response<http_body_util::Full<Bytes>>;
        type Error = std::convert::Infallible;
        type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

        fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Self::Error>> {
            std::task::Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request<axum::body::Body>) -> Self::Future {
            std::future::ready(Ok(http::Response::new("here".into())))
        }
    }
    let listener = zocket::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(zocket::serve(listener, Fixed).shutdown_on(std::future::pending()).into_future());
    let mut socket = TcpStream::connect(address).await.unwrap();
    answer(&mut socket, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
}
