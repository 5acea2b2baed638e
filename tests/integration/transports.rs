//! The same session over what is no bare TCP socket: TLS, HTTP/2, both at once.

use std::{
    future::poll_fn,
    net::SocketAddr,
    sync::{Arc, Once},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_util::{SinkExt, StreamExt};
use h2::ext::Protocol;
use http::{Method, Request};
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

use crate::msgpack::{pack, unpack};
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
const PATIENCE: Duration = Duration::from_secs(20);

fn app() -> axum::Router {
    let server = Server::builder(app::router()).outbox_bytes(64 * 1024 * 1024).msgpack(true).build();
    axum::Router::new().route("/ws", server.route())
}

async fn serve_plain() -> SocketAddr {
    let listener = zocket::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app()).await });
    address
}

/// A server with a certificate made for it; and a stream to it, which speaks `protocol`.
async fn over_tls(protocol: &[u8]) -> TlsStream<TcpStream> {
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
    tokio::spawn(async move { axum::serve(listener, app()).await });

    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    // One that says nothing must not keep others from being let in.
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

/// One WebSocket over one stream of an HTTP/2 connection (RFC 8441).
struct Stream {
    send: h2::SendStream<Bytes>,
    receive: h2::RecvStream,
    pending: BytesMut,
}

impl Stream {
    async fn open(client: &mut h2::client::SendRequest<Bytes>) -> Self {
        let (stream, chosen) = Self::offer(client, None).await;
        assert_eq!(chosen, None);
        stream
    }

    /// Offers subprotocols. Beside the stream, the one that the server has named.
    async fn offer(
        client: &mut h2::client::SendRequest<Bytes>,
        protocols: Option<&str>,
    ) -> (Self, Option<String>) {
        let mut request = Request::builder()
            .method(Method::CONNECT)
            .uri("https://localhost/ws")
            .header("sec-websocket-version", "13")
            .extension(Protocol::from_static("websocket"));
        if let Some(protocols) = protocols {
            request = request.header("sec-websocket-protocol", protocols);
        }
        let (response, send) = client.send_request(request.body(()).unwrap(), false).unwrap();
        let response = timeout(PATIENCE, response).await.unwrap().unwrap();
        assert_eq!(response.status(), 200);
        let chosen = response.headers().get("sec-websocket-protocol");
        let chosen = chosen.map(|name| name.to_str().unwrap().to_owned());
        (Self { send, receive: response.into_body(), pending: BytesMut::new() }, chosen)
    }

    fn text(&mut self, text: &str) {
        self.write(0x81, text.as_bytes());
    }

    /// Sends a short frame, masked by zero.
    fn write(&mut self, head: u8, payload: &[u8]) {
        let length = u8::try_from(payload.len()).ok().filter(|length| *length < 126).expect("a short frame");
        let frame = [&[head, 0x80 | length, 0, 0, 0, 0], payload].concat();
        self.send.send_data(frame.into(), false).unwrap();
    }

    async fn bytes(&mut self, count: usize) -> BytesMut {
        while self.pending.len() < count {
            let data = timeout(PATIENCE, self.receive.data()).await.unwrap().expect("more").unwrap();
            self.receive.flow_control().release_capacity(data.len()).unwrap();
            self.pending.extend_from_slice(&data);
        }
        self.pending.split_to(count)
    }

    async fn frame(&mut self) -> (u8, BytesMut) {
        let head = self.bytes(2).await;
        let length = match head[1] {
            126 => usize::from(u16::from_be_bytes(self.bytes(2).await[..].try_into().unwrap())),
            short => usize::from(short),
        };
        (head[0], self.bytes(length).await)
    }

    async fn message(&mut self) -> Value {
        let (head, payload) = self.frame().await;
        assert_eq!(head, 0x81);
        serde_json::from_slice(&payload).unwrap()
    }
}

/// An HTTP/2 connection whose server takes extended CONNECT.
async fn http2(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> h2::client::SendRequest<Bytes> {
    // The window of the whole connection must hold what one stream is slow to take, or that holds up the other.
    let mut builder = h2::client::Builder::new();
    let connecting = builder.initial_connection_window_size(1024 * 1024).handshake(stream);
    let (client, mut connection) = connecting.await.unwrap();
    // The server says that it takes extended CONNECT in its first SETTINGS.
    let settings = async {
        poll_fn(|cx| {
            let _ = std::pin::Pin::new(&mut connection).poll(cx);
            if client.is_extended_connect_protocol_enabled() {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    };
    timeout(PATIENCE, settings).await.unwrap();
    tokio::spawn(connection);
    client
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
