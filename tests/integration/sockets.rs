//! Over real sockets, with hand-written bytes: what an HTTP server, a network and a hostile client do to a connection.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};
use zocket::Server;

/// What the hooks have counted, and what `on_connect` waits for if it is asked to.
#[derive(Clone)]
pub struct Hooks {
    connected: Arc<AtomicUsize>,
    disconnected: Arc<AtomicUsize>,
    began: Arc<Semaphore>,
    gate: Arc<Semaphore>,
    ended: Arc<Semaphore>,
}

#[zocket::router]
mod app {
    use super::Hooks;
    use std::sync::atomic::Ordering;
    use zocket::{PeerAddr, Reject, State};

    #[headers]
    pub struct Headers {
        pub plan: Option<String>,
    }

    #[outgoing]
    pub struct Block {
        pub n: usize,
        pub text: String,
    }

    #[on_connect]
    async fn connect(headers: Headers, State(hooks): State<Hooks>) -> Result<(), Reject> {
        match headers.plan.as_deref() {
            Some("refuse") => return Err(Reject::forbidden().with_message("members only")),
            Some("wait") => {
                hooks.began.add_permits(1);
                hooks.gate.acquire().await?.forget();
            }
            _ => {}
        }
        hooks.connected.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    #[on_disconnect]
    async fn gone(State(hooks): State<Hooks>) {
        hooks.disconnected.fetch_add(1, Ordering::SeqCst);
        hooks.ended.add_permits(1);
    }

    #[incoming]
    async fn peer(PeerAddr(peer): PeerAddr) -> String {
        peer.to_string()
    }

    #[incoming]
    async fn echo(text: String) -> String {
        text
    }

    #[incoming]
    async fn blocks(count: usize) {
        for n in 0..count {
            send::block(Block { n, text: "x".repeat(10_000) }).broadcast();
        }
    }
}

fn server() -> (Server<()>, Hooks) {
    let gate = || Arc::new(Semaphore::new(0));
    let hooks = Hooks {
        connected: Arc::default(),
        disconnected: Arc::default(),
        began: gate(),
        gate: gate(),
        ended: gate(),
    };
    let server = Server::builder(app::router()).state(hooks.clone()).outbox_bytes(64 * 1024 * 1024);
    (server.build(), hooks)
}

async fn serve(server: &Server<()>) -> SocketAddr {
    let http =
        axum::Router::new().route("/ws", server.route()).route("/contract.json", server.contract_route());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, http).await });
    address
}

pub(crate) const GOOD: &str = "GET /ws HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
     Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// A connection that reads with a deadline.
pub(crate) struct Raw<S>(pub(crate) S);

impl Raw<TcpStream> {
    pub(crate) async fn to(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Raw<S> {
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    async fn exactly(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        timeout(Duration::from_secs(60), self.0.read_exact(&mut bytes))
            .await
            .expect("bytes in time")
            .unwrap();
        bytes
    }

    /// The head of an HTTP response.
    pub(crate) async fn head(&mut self) -> String {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            head.push(char::from(self.exactly(1).await[0]));
        }
        head
    }

    pub(crate) async fn upgrade(&mut self) {
        self.send(GOOD.as_bytes()).await;
        assert!(self.head().await.starts_with("HTTP/1.1 101 "));
    }

    /// One unfragmented frame: opcode and payload.
    pub(crate) async fn frame(&mut self) -> (u8, Vec<u8>) {
        let head = self.exactly(2).await;
        let length = match head[1] {
            126 => usize::from(u16::from_be_bytes(self.exactly(2).await.try_into().unwrap())),
            127 => usize::try_from(u64::from_be_bytes(self.exactly(8).await.try_into().unwrap())).unwrap(),
            short => usize::from(short),
        };
        (head[0] & 0x0f, self.exactly(length).await)
    }

    pub(crate) async fn message(&mut self) -> Value {
        let (opcode, payload) = self.frame().await;
        assert_eq!(opcode, 1);
        serde_json::from_slice(&payload).unwrap()
    }

    pub(crate) async fn end(&mut self) {
        let rest = timeout(Duration::from_secs(60), self.0.read_to_end(&mut Vec::new())).await;
        // A reset also counts as an end.
        drop(rest.expect("the end in time"));
    }
}

/// A masked text frame, the mask being zero.
pub(crate) fn text(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap();
    let mut frame = vec![0x81];
    match length {
        0..126 => frame.push(0x80 | text.len() as u8),
        _ => frame.extend([&[0x80 | 126][..], &length.to_be_bytes()].concat()),
    }
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    frame
}

#[tokio::test]
async fn a_bad_handshake_gets_a_status_and_a_reason() {
    let (server, _) = server();
    let address = serve(&server).await;
    let cases = [
        (GOOD.replace("GET", "POST"), "405", "allow: GET"),
        (GOOD.replace("Upgrade: websocket\r\n", ""), "426", "upgrade: websocket"),
        (GOOD.replace("Connection: Upgrade", "Connection: close"), "426", "upgrade: websocket"),
        (GOOD.replace("Version: 13", "Version: 8"), "426", "sec-websocket-version: 13"),
        (GOOD.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"), "400", "application/json"),
        (GOOD.replace("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""), "400", "application/json"),
        (GOOD.replace("Host: a.test", "Host: a.test\r\nOrigin: https://b.test"), "403", "application/json"),
        (GOOD.replace("/ws", "/ws?plan=refuse"), "403", "application/json"),
        (GOOD.replace("HTTP/1.1", "HTTP/1.0"), "505", "application/json"),
        ("not HTTP\r\n\r\n".to_owned(), "400", ""),
    ];
    for (request, status, header) in cases {
        let mut raw = Raw::to(address).await;
        raw.send(request.as_bytes()).await;
        let head = raw.head().await;
        assert_eq!(head.split(' ').nth(1), Some(status), "{request}");
        assert!(head.contains(header), "{request}: {head}");
    }
}

#[tokio::test]
async fn a_call_over_tcp_and_a_close_handshake() {
    let (server, hooks) = server();
    let mut raw = Raw::to(serve(&server).await).await;
    raw.upgrade().await;
    raw.send(&text(r#"{"type":"peer","rpcId":"1"}"#)).await;
    let own = raw.0.local_addr().unwrap().to_string();
    assert_eq!(raw.message().await, json!({"type": "__rpc_res", "payload": own, "rpcId": "1"}));
    raw.send(&[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]).await;
    assert_eq!(raw.frame().await, (8, vec![0x03, 0xe8]));
    raw.end().await;
    hooks.ended.acquire().await.unwrap().forget();
    assert_eq!(server.connection_count(), 0);
}

#[tokio::test]
async fn frames_in_the_packet_of_the_handshake_are_not_lost() {
    let (server, _) = server();
    let mut raw = Raw::to(serve(&server).await).await;
    let early = [GOOD.as_bytes(), &text(r#"{"type":"echo","payload":"early","rpcId":"1"}"#)].concat();
    raw.send(&early).await;
    assert!(raw.head().await.starts_with("HTTP/1.1 101 "));
    assert_eq!(raw.message().await["payload"], "early");
    raw.send(&text(r#"{"type":"echo","payload":"later","rpcId":"2"}"#)).await;
    assert_eq!(raw.message().await["payload"], "later");
}

#[tokio::test]
async fn whoever_hangs_up_in_the_middle_of_anything_has_its_on_disconnect_once() {
    let (server, hooks) = server();
    let address = serve(&server).await;
    let middles: [&[u8]; 5] = [
        b"",
        &[0x81],
        &[0x81, 0x85, 1, 2],
        &text(r#"{"type":"echo"}"#)[..12],
        // The first fragment of a message, and nothing more.
        &[0x01, 0x81, 0, 0, 0, 0, b'{'],
    ];
    for middle in middles {
        let mut raw = Raw::to(address).await;
        raw.upgrade().await;
        raw.send(middle).await;
        drop(raw);
        hooks.ended.acquire().await.unwrap().forget();
    }
    // In the middle of the request nothing has started.
    let mut raw = Raw::to(address).await;
    raw.send(&GOOD.as_bytes()[..60]).await;
    drop(raw);
    assert_eq!(hooks.connected.load(Ordering::SeqCst), middles.len());
    assert_eq!(hooks.disconnected.load(Ordering::SeqCst), middles.len());
}

#[tokio::test]
async fn who_vanishes_during_on_connect_still_gets_its_on_disconnect() {
    let (server, hooks) = server();
    let mut raw = Raw::to(serve(&server).await).await;
    raw.send(GOOD.replace("/ws", "/ws?plan=wait").as_bytes()).await;
    hooks.began.acquire().await.unwrap().forget();
    drop(raw);
    hooks.gate.add_permits(1);
    hooks.ended.acquire().await.unwrap().forget();
    assert_eq!(hooks.connected.load(Ordering::SeqCst), 1);
    assert_eq!(hooks.disconnected.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn who_is_still_in_on_connect_when_a_drain_begins_is_closed_as_restarting() {
    let (server, hooks) = server();
    let mut raw = Raw::to(serve(&server).await).await;
    raw.send(GOOD.replace("/ws", "/ws?plan=wait").as_bytes()).await;
    hooks.began.acquire().await.unwrap().forget();
    let draining = {
        let server = server.clone();
        tokio::spawn(async move { server.drain(Duration::from_secs(10)).await })
    };
    hooks.gate.add_permits(1);
    assert!(raw.head().await.starts_with("HTTP/1.1 101 "));
    let (opcode, payload) = raw.frame().await;
    assert_eq!((opcode, &payload[..2]), (8, &1012_u16.to_be_bytes()[..]));
    drop(raw);
    assert_eq!(draining.await.unwrap().cut_off, 0);
    assert_eq!(hooks.disconnected.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_the_kernel_does_not_take_at_once_arrives_later_in_order() {
    let (server, _) = server();
    let mut raw = Raw::to(serve(&server).await).await;
    raw.upgrade().await;
    let count = 2_000;
    raw.send(&text(&format!(r#"{{"type":"blocks","payload":{count},"rpcId":"1"}}"#))).await;
    // 20 MB, far more than loopback buffers: the server has queued most of it when this begins to read.
    tokio::task::yield_now().await;
    for n in 0..count {
        assert_eq!(raw.message().await["payload"]["n"], n);
    }
    assert_eq!(raw.message().await["rpcId"], "1");
}

#[tokio::test]
async fn a_protocol_error_is_told_before_the_end() {
    let (server, hooks) = server();
    let mut raw = Raw::to(serve(&server).await).await;
    raw.upgrade().await;
    // More than the server will read after the error: the close frame must survive it.
    raw.send(&[&[0xf1, 0x80, 0, 0, 0, 0][..], &[0; 100_000]].concat()).await;
    let (opcode, payload) = raw.frame().await;
    assert_eq!((opcode, &payload[..2]), (8, &1002_u16.to_be_bytes()[..]));
    assert!(std::str::from_utf8(&payload[2..]).unwrap().contains("reserved"), "{payload:?}");
    raw.end().await;
    hooks.ended.acquire().await.unwrap().forget();
}

#[cfg(unix)]
#[tokio::test]
async fn a_unix_socket_works_as_well() {
    let (server, hooks) = server();
    let path = std::env::temp_dir().join(format!("zocket-{}.sock", std::process::id()));
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let http = axum::Router::new().route("/ws", server.route());
    tokio::spawn(async move { axum::serve(listener, http).await });
    let mut raw = Raw(tokio::net::UnixStream::connect(&path).await.unwrap());
    std::fs::remove_file(&path).unwrap();
    raw.upgrade().await;
    raw.send(&text(r#"{"type":"echo","payload":"hi","rpcId":"1"}"#)).await;
    assert_eq!(raw.message().await["payload"], "hi");
    raw.send(&text(r#"{"type":"blocks","payload":300}"#)).await;
    for n in 0..300 {
        assert_eq!(raw.message().await["payload"]["n"], n);
    }
    raw.send(&text(r#"{"type":"peer","rpcId":"2"}"#)).await;
    assert_eq!(raw.message().await["error"]["code"], "INTERNAL", "a Unix socket has no address");
    drop(raw);
    hooks.ended.acquire().await.unwrap().forget();
}

#[tokio::test]
async fn the_contract_is_served_as_json() {
    let (server, _) = server();
    let mut raw = Raw::to(serve(&server).await).await;
    raw.send(b"GET /contract.json HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n").await;
    let head = raw.head().await;
    assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("content-type: application/json"), "{head}");
    let mut body = Vec::new();
    raw.0.read_to_end(&mut body).await.unwrap();
    let contract: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(contract, *server.contract().as_value());
}

/// Replies fill the outbox and the kernel's buffers; then the client reads all of them at once.
#[tokio::test]
async fn a_client_that_reads_late_over_tcp_gets_all_its_replies() {
    const CALLS: usize = 3_000;
    let (_, hooks) = server();
    let server = Server::builder(app::router()).state(hooks).outbox_bytes(100 * 1024).build();
    let mut client = Raw::to(serve(&server).await).await;
    client.upgrade().await;
    let (read, mut write) = client.0.into_split();
    let call = text(&json!({"type": "echo", "payload": "x".repeat(10_000), "rpcId": "1"}).to_string());
    let (stuck, is_stuck) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let mut stuck = Some(stuck);
        for _ in 0..CALLS {
            let mut written = std::pin::pin!(write.write_all(&call));
            // The server takes no more for now. (If it was only slow, the test shows less, and passes.)
            if timeout(Duration::from_millis(200), &mut written).await.is_err() {
                if let Some(stuck) = stuck.take() {
                    stuck.send(()).unwrap();
                }
                written.await.unwrap();
            }
        }
        // Not closed while there are replies to come.
        std::future::pending::<()>().await;
    });
    is_stuck.await.expect("30 MB do not fit into two kernels' buffers");
    let mut client = Raw(tokio::io::join(read, tokio::io::sink()));
    for n in 0..CALLS {
        assert_eq!(client.message().await["payload"].as_str().map(str::len), Some(10_000), "reply {n}");
    }
}
