//! What `docs/deploy.md` says about proxies, tested with real ones: the page's configuration blocks, in front of an example,
//! and in front of a server that reports what it has seen.

mod front;

use std::{net::SocketAddr, time::Duration};

use http::Request;
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::{
    client_async,
    tungstenite::{
        Error,
        client::IntoClientRequest,
        handshake::client::Response,
        http::{HeaderValue, header::ORIGIN},
    },
};
use zocket::{Builder, Server};

use crate::{
    client::Client,
    http2::{Stream, http2},
    program::{PATIENCE, Program},
};
use front::{CLIENT, Front, HOST, Kind};

const ANNOUNCEMENT: &str = "system.announcement";

/// Longer than any test takes: for limits that are not what the test is about.
const LONG: Duration = Duration::from_secs(600);

/// What clients claim about themselves.
const CLAIMS: [(&str, &str); 3] =
    [("x-forwarded-for", "6.6.6.6"), ("forwarded", "for=7.7.7.7"), ("x-real-ip", "8.8.8.8")];

/// A WebSocket through the proxy, for a page of this origin.
async fn handshake(front: &Front, origin: &str) -> Result<Client<TlsStream<TcpStream>>, Box<Response>> {
    let url = format!("wss://{}/ws", front.authority());
    let mut request = url.into_client_request().expect("a request");
    request.headers_mut().insert(ORIGIN, HeaderValue::from_str(origin).expect("an origin"));
    // What a client claims about itself must not get through, or must not be trusted.
    for (name, value) in CLAIMS {
        request.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    let opening = client_async(request, front.connect("http/1.1").await);
    match timeout(PATIENCE, opening).await.expect("an answer") {
        Ok((socket, _)) => Ok(Client::over(socket)),
        Err(Error::Http(refusal)) => Err(refusal),
        Err(error) => panic!("neither accepted nor refused: {error}"),
    }
}

/// A WebSocket for a page of the site itself.
async fn connect(front: &Front) -> Client<TlsStream<TcpStream>> {
    let own = format!("https://{}", front.authority());
    handshake(front, &own).await.expect("a page of the site to be let in")
}

/// The README's program behind a proxy: only a page of the site can connect; events and calls pass; clients are told of a
/// restart.
async fn the_readme_behind(kind: Kind) {
    let program = Program::start("announce");
    let front = Front::start(kind, program.addr(), LONG);

    let refused = handshake(&front, "https://elsewhere.example").await.err();
    assert_eq!(refused.expect("a refusal").status(), 403, "a page of another site");
    let other_port = handshake(&front, "https://example.com").await.err();
    assert_eq!(other_port.expect("a refusal").status(), 403, "a page of another port");

    let (mut caller, mut other) = (connect(&front).await, connect(&front).await);
    assert_eq!(caller.call("system.announce", json!({"text": "hello"})).await, Ok(None));
    for client in [&mut caller, &mut other] {
        client.event_where(ANNOUNCEMENT, |payload| payload["text"] == "hello").await;
    }

    program.terminate();
    for mut client in [caller, other] {
        let frame = client.closed().await.expect("a close code");
        assert_eq!(u16::from(frame.code), 1012);
        client.ended().await;
    }
    assert!(program.wait().success());
}

#[zocket::router]
#[allow(unreachable_pub)] // a router as an application would write it
mod app {
    use zocket::{ClientAddr, HandshakeParts, PeerAddr, Reject};

    #[context]
    pub struct Seen {
        pub client: String,
        pub peer: Option<String>,
        pub forwarded_for: Vec<String>,
        pub forwarded_proto: Vec<String>,
        pub host: String,
    }

    #[on_connect]
    async fn connect(
        parts: HandshakeParts,
        ClientAddr(client): ClientAddr,
        peer: Option<PeerAddr>,
    ) -> Result<Seen, Reject> {
        let all = |name: &str| {
            let values = parts.headers.get_all(name).iter();
            values.map(|value| value.to_str().expect("text").to_owned()).collect::<Vec<_>>()
        };
        let authority = parts.uri.authority().map(ToString::to_string);
        Ok(Seen {
            client: client.to_string(),
            peer: peer.map(|peer| peer.ip().to_string()),
            forwarded_for: all("x-forwarded-for"),
            forwarded_proto: all("x-forwarded-proto"),
            host: all("host").pop().or(authority).unwrap_or_default(),
        })
    }

    #[payload]
    pub struct WhatWasSeen {
        pub client: String,
        pub peer: Option<String>,
        pub forwarded_for: Vec<String>,
        pub forwarded_proto: Vec<String>,
        pub host: String,
    }

    #[incoming]
    async fn seen(ctx: zocket::Ctx<Seen>) -> WhatWasSeen {
        WhatWasSeen {
            client: ctx.client.clone(),
            peer: ctx.peer.clone(),
            forwarded_for: ctx.forwarded_for.clone(),
            forwarded_proto: ctx.forwarded_proto.clone(),
            host: ctx.host.clone(),
        }
    }
}

/// A server with this ping interval behind this proxy, on a free port.
fn serve(kind: Kind, ping: Duration) -> (Server<app::Seen>, SocketAddr) {
    serve_with(|builder| match kind {
        Kind::Nginx | Kind::HaProxy => {
            builder.ping_interval(ping).ping_timeout(PATIENCE).trusted_proxies(["127.0.0.1"])
        }
        Kind::TlsFront => builder.ping_interval(ping).ping_timeout(PATIENCE),
    })
}

fn serve_with(
    settings: impl FnOnce(Builder<app::Seen>) -> Builder<app::Seen>,
) -> (Server<app::Seen>, SocketAddr) {
    let server = settings(Server::builder(app::router())).build();
    let http =
        axum::Router::new().route("/ws", server.route()).route("/contract.json", server.contract_route());
    let listener = zocket::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(zocket::serve(listener, http).drain(&server, PATIENCE).into_future());
    (server, address)
}

/// What the server learns about a client of the proxy.
fn expected(front: &Front, kind: Kind) -> Value {
    match kind {
        Kind::Nginx | Kind::HaProxy => json!({
            "client": CLIENT, "peer": "127.0.0.1", "forwarded_for": [CLIENT], "forwarded_proto": ["https"], "host": front.authority(),
        }),
        // It passes on what the client made up: the server must not trust it.
        Kind::TlsFront => json!({
            "client": "127.0.0.1", "peer": "127.0.0.1", "forwarded_for": ["6.6.6.6"], "forwarded_proto": [], "host": front.authority(),
        }),
    }
}

async fn the_server_behind_hears_who_it_is(kind: Kind) {
    let (_server, address) = serve(kind, LONG);
    let front = Front::start(kind, address, LONG);
    let seen = connect(&front).await.call("seen", Value::Null).await;
    assert_eq!(seen, Ok(Some(expected(&front, kind))));
}

/// A proxy that connects over a Unix socket is trusted as such.
#[cfg(unix)]
async fn over_a_unix_socket_too(kind: Kind) {
    let path = std::env::temp_dir().join(format!("zocket-behind-{}-{kind:?}.sock", std::process::id()));
    let listener = tokio::net::UnixListener::bind(&path).expect("a path to bind");
    let server = Server::builder(app::router()).trusted_proxies(["unix"]).build();
    let http = axum::Router::new().route("/ws", server.route());
    tokio::spawn(zocket::serve(listener, http).into_future());
    let upstream = match kind {
        Kind::Nginx => format!("unix:{}:", path.display()),
        Kind::HaProxy | Kind::TlsFront => format!("unix@{}", path.display()),
    };
    let front = Front::start(kind, upstream, LONG);
    let seen = connect(&front).await.call("seen", Value::Null).await;
    let mut expected = expected(&front, kind);
    expected["peer"] = Value::Null;
    assert_eq!(seen, Ok(Some(expected)));
    std::fs::remove_file(path).expect("a socket to remove");
}

/// The host and the scheme are those that the client asked for: only matching pages can connect.
async fn pages_are_those_of_the_public_host(kind: Kind) {
    let trusted = |builder: Builder<_>| builder.trusted_proxies(["127.0.0.1"]);
    let (_known, known) = serve_with(|builder| trusted(builder).allowed_hosts([HOST]));
    let front = Front::start(kind, known, LONG);
    connect(&front).await;
    let plain = handshake(&front, &format!("http://{}", front.authority())).await.err();
    assert_eq!(plain.expect("a refusal").status(), 403, "a page that came over plain HTTP");

    let (_unknown, unknown) = serve_with(|builder| trusted(builder).allowed_hosts(["127.0.0.1"]));
    let front = Front::start(kind, unknown, LONG);
    let own = format!("https://{}", front.authority());
    assert_eq!(handshake(&front, &own).await.err().expect("a refusal").status(), 421);
}

/// The same is true if the proxy changes `Host`.
async fn a_changed_host_is_told_in_a_header(kind: Kind) {
    let (_server, address) = serve(kind, LONG);
    let changes = &[("Host $http_host", "X-Forwarded-Host $http_host")];
    let front = Front::start_with(kind, address, LONG, changes);
    let seen = connect(&front).await.call("seen", Value::Null).await;
    assert_eq!(seen.expect("a reply").expect("a payload")["host"], address.to_string());
    let refused = handshake(&front, &format!("https://{address}")).await.err();
    assert_eq!(refused.expect("a refusal").status(), 403, "a page of the server's own address");
}

/// 30 pings take longer than the proxy's idle timeout.
async fn pings_keep_a_connection(kind: Kind) {
    let (ping, idle) = (Duration::from_millis(400), Duration::from_secs(8));
    let (_server, address) = serve(kind, ping);
    let front = Front::start(kind, address, idle);
    let mut client = connect(&front).await;
    client.pinged(30).await;
    client.call("seen", Value::Null).await.expect("a connection that is still there");
}

/// Without pings in time, the proxy disconnects, as the page warns; this also shows that the timeout of the test above is
/// real.
async fn without_pings_the_proxy_hangs_up(kind: Kind) {
    let (server, address) = serve(kind, LONG);
    let front = Front::start(kind, address, Duration::from_secs(1));
    let _client = connect(&front).await;
    let connection = server.connections().pop().expect("a connection");
    timeout(PATIENCE, connection.closed()).await.expect("an end");
}

/// Requests over HTTP/2 from the client to the proxy.
async fn pages_come_over_http2(kind: Kind) {
    let (server, address) = serve(kind, LONG);
    let front = Front::start(kind, address, LONG);
    let (mut client, connection) = h2::client::handshake(front.connect("h2").await).await.expect("HTTP/2");
    tokio::spawn(connection);
    let url = format!("https://{}/contract.json", front.authority());
    let request = Request::get(url).body(()).expect("a request");
    let (answer, _) = client.send_request(request, true).expect("a request to send");
    let answer = timeout(PATIENCE, answer).await.expect("an answer").expect("an answer");
    assert_eq!(answer.status(), 200);
    let mut body = answer.into_body();
    let mut text = Vec::new();
    while let Some(data) = timeout(PATIENCE, body.data()).await.expect("a body") {
        let data = data.expect("a body");
        body.flow_control().release_capacity(data.len()).expect("room");
        text.extend_from_slice(&data);
    }
    assert_eq!(&serde_json::from_slice::<Value>(&text).expect("JSON"), server.contract().as_value());
}

/// WebSockets over HTTP/2 (RFC 8441), up to the 1012 of a drain.
async fn websockets_come_over_http2(kind: Kind) {
    let (server, address) = serve(kind, LONG);
    let front = Front::start(kind, address, LONG);
    let mut client = http2(front.connect("h2").await).await;
    let own = format!("https://{}", front.authority());
    let request = Request::get(format!("{own}/ws")).header("origin", own);
    let request = CLAIMS.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let (mut stream, _) = Stream::ask(&mut client, request).await;
    stream.text(r#"{"type":"seen","rpcId":"1"}"#);
    assert_eq!(stream.message().await["payload"], expected(&front, kind));
    let draining = tokio::spawn(async move { server.drain(PATIENCE).await });
    let (head, payload) = stream.frame().await;
    assert_eq!((head, &payload[..2]), (0x88, &1012_u16.to_be_bytes()[..]));
    stream.write(0x88, &1012_u16.to_be_bytes());
    assert_eq!(draining.await.expect("a drain").cut_off, 0);
}

/// One test for each proxy of the page.
macro_rules! behind {
    ($($proxy:ident is $kind:ident: $($story:ident),+;)+) => {$(
        mod $proxy {
            use super::front::Kind;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $story() {
                    super::$story(Kind::$kind).await;
                }
            )+
        }
    )+};
}

behind! {
    nginx is Nginx:
        the_readme_behind, the_server_behind_hears_who_it_is, pings_keep_a_connection,
        without_pings_the_proxy_hangs_up, pages_come_over_http2, pages_are_those_of_the_public_host,
        a_changed_host_is_told_in_a_header;
    haproxy is HaProxy:
        the_readme_behind, the_server_behind_hears_who_it_is, pings_keep_a_connection,
        without_pings_the_proxy_hangs_up, pages_come_over_http2, websockets_come_over_http2,
        pages_are_those_of_the_public_host;
    tls_front is TlsFront:
        the_readme_behind, the_server_behind_hears_who_it_is, pings_keep_a_connection,
        without_pings_the_proxy_hangs_up, pages_come_over_http2, websockets_come_over_http2;
}

#[cfg(unix)]
behind! {
    nginx_over_unix is Nginx: over_a_unix_socket_too;
    haproxy_over_unix is HaProxy: over_a_unix_socket_too;
}
