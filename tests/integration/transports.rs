//! The same session over transports that are not bare TCP sockets: TLS, HTTP/2, both at once.

use std::{
    net::SocketAddr,
    sync::{Arc, Once},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore, ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, ServerName},
    },
};
use tokio_tungstenite::{client_async, tungstenite::Message};
use zocket::Server;

use crate::{
    http2::{Stream, http2},
    msgpack::{pack, unpack},
};
use listener::TlsListener;

#[path = "../../examples/tls/listener.rs"]
mod listener;

#[zocket::router]
mod app {
    #[outgoing]
    pub struct Block {
        pub n: usize,
        pub text: String,
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

const BLOCKS: usize = 500;
const PATIENCE: Duration = Duration::from_secs(60);

fn app() -> axum::Router {
    let server = Server::builder(app::router()).outbox_bytes(64 * 1024 * 1024).msgpack().build();
    axum::Router::new().route("/ws", server.route())
}

async fn serve_plain() -> SocketAddr {
    let listener = zocket::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app()).await });
    address
}

async fn over_tls(protocol: &[u8]) -> TlsStream<TcpStream> {
    over_tls_to(app(), protocol).await
}

/// Serves with a certificate made for it; and a stream to the server, which speaks `protocol`.
pub(crate) async fn over_tls_to(app: axum::Router, protocol: &[u8]) -> TlsStream<TcpStream> {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    });
    let made = rcgen::generate_simple_self_signed(["localhost".into()]).unwrap();
    let certificate: CertificateDer<'static> = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth();
    let mut config = config.with_single_cert(vec![certificate.clone()], key).unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let listener = TlsListener::new(zocket::bind("127.0.0.1:0").unwrap(), Arc::new(config)).unwrap();
    let address = listener.address();
    tokio::spawn(async move { axum::serve(listener, app).await });

    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    // A silent one must not prevent others from being accepted.
    let silent = TcpStream::connect(address).await.unwrap();
    tokio::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        drop(silent);
    });
    let socket = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, socket).await.unwrap()
}

/// Calls, and takes more at once than any buffer on the way holds.
async fn speak_http1(stream: impl AsyncRead + AsyncWrite + Unpin) {
    let (mut socket, response) = client_async("ws://localhost/ws", stream).await.unwrap();
    assert_eq!(response.status(), 101);
    let mut call = async |route: &str, payload: Value| {
        let call = json!({"type": route, "payload": payload, "rpcId": "1"});
        socket.send(Message::text(call.to_string())).await.unwrap();
        let mut events = Vec::new();
        loop {
            let message = timeout(PATIENCE, socket.next()).await.unwrap().unwrap().unwrap();
            let message: Value = serde_json::from_str(message.to_text().unwrap()).unwrap();
            match message["type"].as_str() {
                Some("__rpc_res") => return (message, events),
                _ => events.push(message["payload"]["n"].clone()),
            }
        }
    };
    let (reply, _) = call("echo", json!("hi")).await;
    assert_eq!(reply, json!({"type": "__rpc_res", "payload": "hi", "rpcId": "1"}));
    let (_, events) = call("blocks", BLOCKS.into()).await;
    assert_eq!(events, (0..BLOCKS).map(Value::from).collect::<Vec<_>>());
    socket.close(None).await.unwrap();
    while let Some(Ok(_)) = timeout(PATIENCE, socket.next()).await.unwrap() {}
}

async fn speak_http2(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
    let mut client = http2(stream).await;
    let (mut first, mut second) = (Stream::open(&mut client).await, Stream::open(&mut client).await);
    first.text(r#"{"type":"echo","payload":"hi","rpcId":"1"}"#);
    assert_eq!(first.message().await, json!({"type": "__rpc_res", "payload": "hi", "rpcId": "1"}));
    first.text(&format!(r#"{{"type":"blocks","payload":{BLOCKS},"rpcId":"2"}}"#));
    for stream in [&mut first, &mut second] {
        for n in 0..BLOCKS {
            assert_eq!(stream.message().await["payload"]["n"], n);
        }
    }
    assert_eq!(first.message().await["rpcId"], "2");
    first.send.send_data(Bytes::from_static(&[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]), false).unwrap();
    assert_eq!(first.frame().await, (0x88, BytesMut::from(&[0x03, 0xe8][..])));
    // The end of the stream, not a reset; it may come as a frame without data.
    while let Some(data) = timeout(PATIENCE, first.receive.data()).await.unwrap() {
        assert!(data.unwrap().is_empty());
    }
}

#[tokio::test]
async fn over_http2() {
    speak_http2(TcpStream::connect(serve_plain().await).await.unwrap()).await;
}

#[tokio::test]
async fn over_tls_and_http1() {
    speak_http1(over_tls(b"http/1.1").await).await;
}

#[tokio::test]
async fn over_tls_and_http2() {
    speak_http2(over_tls(b"h2").await).await;
}

#[tokio::test]
async fn over_plain_tcp() {
    speak_http1(TcpStream::connect(serve_plain().await).await.unwrap()).await;
}

#[tokio::test]
async fn message_pack_over_http2() {
    let mut client = http2(TcpStream::connect(serve_plain().await).await.unwrap()).await;
    let (mut packed, chosen) = Stream::offer(&mut client, Some("zocket.msgpack, zocket.json")).await;
    assert_eq!(chosen.as_deref(), Some("zocket.msgpack"));
    let (mut plain, chosen) = Stream::offer(&mut client, Some("zocket.json")).await;
    assert_eq!(chosen.as_deref(), Some("zocket.json"));

    packed.write(0x82, &pack(&json!({"type": "echo", "payload": "hi", "rpcId": "1"})));
    let (head, reply) = packed.frame().await;
    assert_eq!((head, unpack(&reply)), (0x82, json!({"type": "__rpc_res", "payload": "hi", "rpcId": "1"})));

    // One event, to two streams of one connection, in two forms.
    plain.text(r#"{"type":"blocks","payload":1,"rpcId":"2"}"#);
    let event = json!({"type": "block", "payload": {"n": 0, "text": "x".repeat(10_000)}});
    assert_eq!(plain.message().await, event);
    let (head, payload) = packed.frame().await;
    assert_eq!((head, unpack(&payload)), (0x82, event));
}
