//! Where a connection comes from: with and without being told, through proxies, over every transport.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

use axum::{extract::ConnectInfo, routing::get, serve::Listener};
use tokio::{
    io::Join,
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::Semaphore,
};
use zocket::{AsPeer, Builder, Peer, ProxyHeaders, Server, testing::connect};

use crate::{
    ask::{ask, request, serve, serve_plainly, serve_with_peer, shake},
    logs::Log,
};

/// Peer and client, if they are known.
type Addresses = (Option<SocketAddr>, Option<IpAddr>);

/// What the hooks have seen.
#[derive(Clone)]
pub struct Seen {
    connected: Arc<Mutex<Vec<Addresses>>>,
    gone: Arc<Mutex<Vec<IpAddr>>>,
    ended: Arc<Semaphore>,
}

#[zocket::router]
mod app {
    use super::Seen;
    use zocket::{ClientAddr, Error, PeerAddr, State};

    #[on_connect]
    async fn connect(peer: Option<PeerAddr>, client: Option<ClientAddr>, State(seen): State<Seen>) {
        seen.connected.lock().unwrap().push((peer.map(|peer| peer.0), client.map(|client| client.0)));
    }

    #[on_disconnect]
    async fn gone(ClientAddr(client): ClientAddr, State(seen): State<Seen>) {
        seen.gone.lock().unwrap().push(client);
        seen.ended.add_permits(1);
    }

    #[middleware]
    async fn caller(client: ClientAddr) -> Result<String, Error> {
        Ok(client.to_string())
    }

    #[incoming]
    async fn client(ClientAddr(client): ClientAddr, #[from(caller)] same: String) -> String {
        assert_eq!(client.to_string(), same);
        same
    }

    #[incoming]
    async fn peer(PeerAddr(peer): PeerAddr) -> String {
        peer.to_string()
    }

    #[incoming]
    async fn either(peer: Option<PeerAddr>, client: Option<ClientAddr>) -> (bool, bool) {
        (peer.is_some(), client.is_some())
    }
}

/// A router whose `on_connect` requires the address.
#[zocket::router]
mod strict {
    use zocket::{ClientAddr, PeerAddr};

    #[on_connect]
    async fn connect(_peer: PeerAddr, _client: ClientAddr) {}

    #[incoming]
    async fn ping() -> u8 {
        1
    }
}

type Built = Builder<(), Seen>;

fn server(settings: impl FnOnce(Built) -> Built) -> (Server<()>, Seen) {
    let seen = Seen { connected: Arc::default(), gone: Arc::default(), ended: Arc::new(Semaphore::new(0)) };
    (settings(Server::builder(app::router()).state(seen.clone())).build(), seen)
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[tokio::test]
async fn axum_must_be_asked_before_the_upgrade_and_the_socket_tells_after_it() {
    let (server, seen) = server(|builder| builder);
    let mut plain = shake(serve_plainly(&server).await, &[]).await;
    let own = plain.stream.local_addr().unwrap();
    assert_eq!(seen.connected.lock().unwrap().pop(), Some((None, None)));
    assert_eq!(plain.call("client").await["payload"], "127.0.0.1");
    assert_eq!(plain.call("peer").await["payload"], own.to_string());
    let connection = &server.connections()[0];
    assert_eq!((connection.peer_addr(), connection.client_addr()), (Some(own), Some(ip("127.0.0.1"))));
    drop(plain);
    seen.ended.acquire().await.unwrap().forget();
    assert_eq!(seen.gone.lock().unwrap().pop(), Some(ip("127.0.0.1")));

    for address in [serve(&server).await, serve_with_peer(&server).await] {
        let mut told = shake(address, &[]).await;
        let own = told.stream.local_addr().unwrap();
        assert_eq!(seen.connected.lock().unwrap().pop(), Some((Some(own), Some(ip("127.0.0.1")))));
        assert_eq!(told.call("client").await["payload"], "127.0.0.1");
    }

    // axum's own way works as well.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let http = axum::Router::new().route("/ws", server.route());
    let http = http.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, http).await });
    let told = shake(address, &[]).await;
    let own = told.stream.local_addr().unwrap();
    assert_eq!(seen.connected.lock().unwrap().pop(), Some((Some(own), Some(ip("127.0.0.1")))));
}

#[tokio::test]
async fn an_on_connect_that_needs_what_is_not_known_says_what_to_write() {
    let log = Log::start();
    let server = Server::builder(strict::router()).build();
    let answer = shake(serve_plainly(&server).await, &[]).await;
    assert_eq!((answer.status, answer.error()), (500, "Internal Server Error"));
    let lines = log.take();
    let errors: Vec<_> = lines.iter().filter(|line| line.contains("ERROR")).collect();
    assert_eq!(errors.len(), 1, "{lines:?}");
    let ways = ["`zocket::serve`", "`axum::serve(listener, zocket::with_peer(app))`"];
    assert!(ways.iter().all(|way| errors[0].contains(way)), "{errors:?}");
    for address in [serve(&server).await, serve_with_peer(&server).await] {
        let mut told = shake(address, &[]).await;
        assert_eq!(told.status, 101);
        assert_eq!(told.call("ping").await["payload"], 1);
    }
}

#[tokio::test]
async fn behind_a_trusted_proxy_the_client_is_whom_it_names() {
    let (server, seen) = server(|builder| builder.trusted_proxies(["127.0.0.1", "10.0.0.0/8"]));
    let address = serve(&server).await;
    let cases: &[(&[&str], &str)] = &[
        (&["X-Forwarded-For: 203.0.113.9"], "203.0.113.9"),
        (&["X-Forwarded-For: 1.1.1.1, 203.0.113.9, 10.0.0.7"], "203.0.113.9"),
        (
            &["X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: 10.0.0.7"],
            "203.0.113.9",
        ),
        (&["X-Forwarded-For: [2001:db8::9]:4711"], "2001:db8::9"),
        (&["X-Forwarded-For: ::ffff:203.0.113.9"], "203.0.113.9"),
        (&["X-Forwarded-For: 1.1.1.1, unknown, 10.0.0.7"], "10.0.0.7"),
        (&["X-Forwarded-For: \u{202e}\u{fc}, 203.0.113.9"], "203.0.113.9"),
        (&["X-Forwarded-For: garbage"], "127.0.0.1"),
        (&["Forwarded: for=203.0.113.9", "X-Real-IP: 203.0.113.9"], "127.0.0.1"),
        (&[], "127.0.0.1"),
    ];
    for (headers, client) in cases {
        let mut answer = shake(address, headers).await;
        let own = answer.stream.local_addr().unwrap();
        assert_eq!(seen.connected.lock().unwrap().pop(), Some((Some(own), Some(ip(client)))), "{headers:?}");
        assert_eq!(answer.call("client").await["payload"], *client, "{headers:?}");
        assert_eq!(answer.call("peer").await["payload"], own.to_string(), "the peer is the proxy");
        let connection = &server.connections()[0];
        assert_eq!((connection.peer_addr(), connection.client_addr()), (Some(own), Some(ip(client))));
        drop(answer);
        seen.ended.acquire().await.unwrap().forget();
        assert_eq!(seen.gone.lock().unwrap().pop(), Some(ip(client)));
    }
}

#[tokio::test]
async fn it_is_one_header_or_the_other() {
    let (server, _) =
        server(|builder| builder.trusted_proxies(["127.0.0.1"]).proxy_headers(ProxyHeaders::Forwarded));
    let address = serve_with_peer(&server).await;
    let cases: &[(&[&str], &str)] = &[
        (&["Forwarded: for=1.1.1.1, for=203.0.113.9", "X-Forwarded-For: 2.2.2.2"], "203.0.113.9"),
        (&["Forwarded: for=\"1.1.1.1", "Forwarded: for=\"[2001:db8::9]:4711\";proto=https"], "2001:db8::9"),
        (&["X-Forwarded-For: 2.2.2.2"], "127.0.0.1"),
        (&["Forwarded: for=_hidden"], "127.0.0.1"),
    ];
    for (headers, client) in cases {
        assert_eq!(shake(address, headers).await.call("client").await["payload"], *client, "{headers:?}");
    }
}

#[tokio::test]
async fn whoever_is_no_proxy_is_not_believed() {
    let claims = ["X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9", "X-Real-IP: 203.0.113.9"];
    for proxies in [&[][..], &["10.0.0.0/8"], &["::1"], &["unix"]] {
        let (server, _) = server(|builder| builder.trusted_proxies(proxies.iter().copied()));
        for address in [serve(&server).await, serve_with_peer(&server).await, serve_plainly(&server).await] {
            assert_eq!(
                shake(address, &claims).await.call("client").await["payload"],
                "127.0.0.1",
                "{proxies:?}"
            );
        }
    }
}

/// Then `on_connect` cannot know the address, but handlers do.
#[tokio::test]
async fn proxies_that_axum_does_not_tell_of_are_found_out_after_the_upgrade() {
    let log = Log::start();
    let (server, seen) = server(|builder| builder.trusted_proxies(["127.0.0.1"]));
    let address = serve_plainly(&server).await;
    for round in 0..2 {
        let mut answer = shake(address, &["X-Forwarded-For: 1.1.1.1, 203.0.113.9"]).await;
        assert_eq!(seen.connected.lock().unwrap().pop(), Some((None, None)));
        assert_eq!(answer.call("client").await["payload"], "203.0.113.9");
        let warned = log
            .take()
            .iter()
            .filter(|line| line.contains("WARN") && line.contains("zocket::with_peer(app)"))
            .count();
        assert_eq!(warned, 1 - round, "it is said once");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn over_a_unix_socket_only_a_trusted_proxy_can_tell() {
    use tokio::net::{UnixListener, UnixStream};

    static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let serve = |server: &Server<()>, way: &str| {
        let n = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("zocket-client-{}-{n}.sock", std::process::id()));
        let listener = UnixListener::bind(&path).unwrap();
        let http = axum::Router::new().route("/ws", server.route());
        match way {
            "zocket" => tokio::spawn(zocket::serve(listener, http).into_future()),
            "with_peer" => tokio::spawn(async move { axum::serve(listener, zocket::with_peer(http)).await }),
            _ => tokio::spawn(async move { axum::serve(listener, http).await }),
        };
        path
    };
    let claim = request("/ws", &["X-Forwarded-For: 1.1.1.1, 203.0.113.9"]);
    for (proxies, trusted) in [(&[][..], false), (&["127.0.0.1", "::1"], false), (&["unix"], true)] {
        for way in ["zocket", "with_peer", "plainly"] {
            let (server, seen) = server(|builder| builder.trusted_proxies(proxies.iter().copied()));
            let path = serve(&server, way);
            let mut answer = ask(UnixStream::connect(&path).await.unwrap(), &claim).await;
            std::fs::remove_file(&path).unwrap();
            let client = trusted.then(|| ip("203.0.113.9"));
            let at_once = client.filter(|_| way != "plainly");
            assert_eq!(seen.connected.lock().unwrap().pop(), Some((None, at_once)), "{proxies:?} {way}");
            assert_eq!(answer.call("either").await["payload"], serde_json::json!([false, trusted]));
            assert_eq!(server.connections()[0].client_addr(), client);
            let reply = answer.call("client").await;
            match client {
                Some(client) => assert_eq!(reply["payload"], client.to_string()),
                None => assert_eq!(reply["error"]["code"], "INTERNAL"),
            }
        }
    }
}

/// Like TLS: a stream that hides the socket.
struct Wrapped(TcpListener);

impl Listener for Wrapped {
    type Io = Join<OwnedReadHalf, OwnedWriteHalf>;
    type Addr = Named;

    async fn accept(&mut self) -> (Self::Io, Named) {
        let (socket, peer) = Listener::accept(&mut self.0).await;
        let (read, write) = socket.into_split();
        (tokio::io::join(read, write), Named(peer))
    }

    fn local_addr(&self) -> std::io::Result<Named> {
        self.0.local_addr().map(Named)
    }
}

/// An address, and what else the listener knows.
#[derive(Clone, Debug)]
struct Named(SocketAddr);

impl AsPeer for Named {
    fn as_peer(&self) -> Peer {
        Peer::Ip(self.0)
    }
}

/// A handler of axum's that wants both.
async fn plain(ConnectInfo(_): ConnectInfo<SocketAddr>, ConnectInfo(_): ConnectInfo<Named>) {}

#[tokio::test]
async fn a_listener_of_ones_own_tells_as_well() {
    let (server, seen) = server(|builder| builder.trusted_proxies(["127.0.0.1"]));
    for by_axum in [true, false] {
        let listener = Wrapped(TcpListener::bind("127.0.0.1:0").await.unwrap());
        let Named(address) = listener.local_addr().unwrap();
        let http = axum::Router::new().route("/ws", server.route()).route("/plain", get(plain));
        match by_axum {
            true => tokio::spawn(async move { axum::serve(listener, zocket::with_peer(http)).await }),
            false => tokio::spawn(zocket::serve(listener, http).into_future()),
        };
        let mut answer = shake(address, &["X-Forwarded-For: 203.0.113.9"]).await;
        let own = answer.stream.local_addr().unwrap();
        assert_eq!(seen.connected.lock().unwrap().pop(), Some((Some(own), Some(ip("203.0.113.9")))));
        assert_eq!(answer.call("client").await["payload"], "203.0.113.9");
        assert_eq!(answer.call("peer").await["payload"], own.to_string());
        let plain = ask(TcpStream::connect(address).await.unwrap(), &request("/plain", &[])).await;
        assert_eq!(plain.status, if by_axum { 500 } else { 200 }, "what the listener says itself");
    }
}

#[tokio::test]
async fn ipv4_is_written_as_such_also_on_a_socket_for_both() {
    let (direct, _) = server(|builder| builder);
    let mapped: SocketAddr = "[::ffff:192.0.2.1]:4711".parse().unwrap();
    let mut client = connect(&direct).peer(mapped).await.unwrap();
    assert_eq!(client.call::<String>("client", &()).await.unwrap(), "192.0.2.1");
    assert_eq!(client.call::<String>("peer", &()).await.unwrap(), mapped.to_string());
    let (proxied, _) = server(|builder| builder.trusted_proxies(["192.0.2.0/24"]));
    let client = connect(&proxied).peer(mapped).http_header("x-forwarded-for", "2001:db8::9");
    assert_eq!(client.await.unwrap().call::<String>("client", &()).await.unwrap(), "2001:db8::9");
}

#[tokio::test]
async fn the_log_says_whose_connection_and_whose_refusal_it_is() {
    let log = Log::start();
    let (server, _) = server(|builder| builder.trusted_proxies(["127.0.0.1"]));
    let address = serve_with_peer(&server).await;
    let plain = serve_plainly(&server).await;
    let from = "X-Forwarded-For: 203.0.113.9";
    shake(address, &[from, "Origin: https://evil.example"]).await;
    shake(address, &[from, "Sec-WebSocket-Key: short"]).await;
    let lines: Vec<_> = log.take().into_iter().filter(|line| line.contains("handshake refused")).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.iter().all(|line| line.contains("handshake{client_addr=203.0.113.9}")), "{lines:?}");

    for address in [address, plain] {
        let mut answer = shake(address, &[from]).await;
        answer.call("client").await;
        let lines: Vec<_> = log.take().into_iter().filter(|line| line.contains(": connected")).collect();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert_eq!(lines[0].matches("client_addr=203.0.113.9").count(), 1, "{lines:?}");
        assert!(!lines[0].contains("handshake{"), "a connection outlives its handshake: {lines:?}");
        drop(answer);
    }
}

#[tokio::test]
async fn a_proxy_that_names_nobody_is_noted_once() {
    let log = Log::start();
    let (server, _) = server(|builder| builder.trusted_proxies(["127.0.0.1"]));
    let address = serve_with_peer(&server).await;
    for round in 0..2 {
        assert_eq!(shake(address, &["Forwarded: for=203.0.113.9"]).await.status, 101);
        let warned = log
            .take()
            .iter()
            .filter(|line| line.contains("WARN") && line.contains("Builder::proxy_headers"))
            .count();
        assert_eq!(warned, 1 - round);
    }
}
