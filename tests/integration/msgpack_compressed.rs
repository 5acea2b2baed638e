//! MessagePack and compression together: four kinds of receivers of one message, each with its own form.

use std::{net::SocketAddr, time::Duration};

use flate2::{Compress, Decompress, FlushCompress, FlushDecompress};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use zocket::{Compression, Server};

use crate::msgpack::{pack, unpack};

#[zocket::router]
mod app {
    #[outgoing]
    pub struct Story {
        pub n: usize,
        pub text: String,
    }

    #[incoming]
    async fn echo(text: String) -> String {
        text
    }

    /// Stories of these lengths, to everybody and in a room, in turns.
    #[incoming]
    async fn stories(lengths: Vec<usize>) {
        for (n, length) in lengths.into_iter().enumerate() {
            let story =
                send::story(Story { n, text: "once, twice, ".chars().cycle().take(length).collect() });
            let _ = if n % 2 == 0 { story.broadcast() } else { story.to_room("room") };
        }
    }

    #[incoming]
    async fn join(ctx: zocket::Ctx<()>) {
        ctx.rooms().join("room");
    }
}

const PATIENCE: Duration = Duration::from_secs(60);
const THRESHOLD: usize = 200;
const LIMIT: usize = 64 * 1024;

async fn serve() -> SocketAddr {
    let compression = Compression::new().threshold(THRESHOLD);
    let server = Server::builder(app::router()).compression(compression).msgpack();
    let http = axum::Router::new().route("/ws", server.max_message_bytes(LIMIT).build().route());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, http).await });
    address
}

/// A connection with hand-written bytes.
struct Client {
    socket: TcpStream,
    packs: bool,
    deflates: bool,
}

/// What the server sent, and how.
#[derive(Debug)]
struct Received {
    message: Value,
    compressed: bool,
}

impl Client {
    async fn new(address: SocketAddr, packs: bool, extension: Option<&str>) -> Self {
        let mut socket = TcpStream::connect(address).await.unwrap();
        let mut request = "GET /ws HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            .to_owned();
        if packs {
            request.push_str("Sec-WebSocket-Protocol: zocket.msgpack, zocket.json\r\n");
        }
        if let Some(extension) = extension {
            request.push_str(&format!("Sec-WebSocket-Extensions: {extension}\r\n"));
        }
        request.push_str("\r\n");
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            head.push(char::from(timeout(PATIENCE, socket.read_u8()).await.unwrap().unwrap()));
        }
        assert_eq!(head.contains("sec-websocket-protocol: zocket.msgpack"), packs, "{head}");
        assert_eq!(head.contains("permessage-deflate"), extension.is_some(), "{head}");
        Self { socket, packs, deflates: extension.is_some() }
    }

    async fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        timeout(PATIENCE, self.socket.read_exact(&mut bytes)).await.expect("bytes in time").unwrap();
        bytes
    }

    /// Sends a frame masked by zero.
    async fn frame(&mut self, first: u8, payload: &[u8]) {
        let mut frame = vec![first, 0x80 | 126];
        frame.extend(u16::try_from(payload.len()).unwrap().to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(payload);
        self.socket.write_all(&frame).await.unwrap();
    }

    /// Sends a call in this client's codec, compressed if possible.
    async fn call(&mut self, route: &str, payload: Value) {
        let message = json!({"type": route, "payload": payload, "rpcId": "k"});
        let payload = if self.packs { pack(&message) } else { message.to_string().into_bytes() };
        let opcode = if self.packs { 2 } else { 1 };
        if self.deflates {
            self.frame(0xc0 | opcode, &deflate(&payload)).await;
        } else {
            self.frame(0x80 | opcode, &payload).await;
        }
    }

    async fn received(&mut self) -> Received {
        let head = self.bytes(2).await;
        let length = match head[1] {
            126 => usize::from(u16::from_be_bytes(self.bytes(2).await.try_into().unwrap())),
            127 => usize::try_from(u64::from_be_bytes(self.bytes(8).await.try_into().unwrap())).unwrap(),
            short => usize::from(short),
        };
        let payload = self.bytes(length).await;
        assert_eq!(head[0] & 0xbf, if self.packs { 0x82 } else { 0x81 }, "{payload:02x?}");
        let compressed = head[0] & 0x40 != 0;
        let payload = if compressed { inflate(&payload) } else { payload };
        let message = if self.packs { unpack(&payload) } else { serde_json::from_slice(&payload).unwrap() };
        Received { message, compressed }
    }

    async fn closed(&mut self) -> u16 {
        let head = self.bytes(2).await;
        assert_eq!(head[0], 0x88);
        let payload = self.bytes(head[1].into()).await;
        u16::from_be_bytes([payload[0], payload[1]])
    }
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 1000);
    let mut compress = Compress::new(flate2::Compression::best(), false);
    compress.compress_vec(bytes, &mut out, FlushCompress::Sync).unwrap();
    out.truncate(out.len() - 4);
    out
}

fn inflate(payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(1 << 20);
    let whole = [payload, &[0, 0, 0xff, 0xff]].concat();
    Decompress::new(false).decompress_vec(&whole, &mut out, FlushDecompress::Sync).unwrap();
    out
}

const OFFER: Option<&str> = Some("permessage-deflate");
const SMALL_WINDOW: Option<&str> = Some("permessage-deflate; server_max_window_bits=9");

#[tokio::test]
async fn each_receiver_gets_its_form_and_all_get_the_same_in_the_same_order() {
    let address = serve().await;
    let mut clients = Vec::new();
    for packs in [false, true] {
        for extension in [None, OFFER, SMALL_WINDOW] {
            let mut client = Client::new(address, packs, extension).await;
            client.call("join", Value::Null).await;
            assert_eq!(client.received().await.message["type"], "__rpc_res");
            clients.push((client, extension));
        }
    }
    let lengths = [10, 100, 300, 400, 5_000, 1, 2_000, 3, 60_000, 300];
    clients[0].0.call("stories", json!(lengths)).await;
    for (client, extension) in &mut clients {
        for (n, length) in lengths.into_iter().enumerate() {
            let received = client.received().await;
            let (packs, payload) = (client.packs, &received.message["payload"]);
            assert_eq!(payload["n"], n, "{packs} {extension:?}");
            assert_eq!(payload["text"].as_str().unwrap().len(), length);
            // The whole message is some forty bytes longer.
            let expected =
                length > THRESHOLD && (*extension == OFFER || *extension == SMALL_WINDOW && length < 450);
            assert_eq!(received.compressed, expected, "{length} {packs} {extension:?}");
        }
    }
}

#[tokio::test]
async fn calls_and_replies_are_compressed_in_both_codecs() {
    let address = serve().await;
    for packs in [false, true] {
        let mut client = Client::new(address, packs, OFFER).await;
        for length in [5, 3_000] {
            let text = "ab".repeat(length);
            client.call("echo", json!(text)).await;
            let Received { message, compressed } = client.received().await;
            assert_eq!(message, json!({"type": "__rpc_res", "payload": text, "rpcId": "k"}));
            assert_eq!(compressed, length > THRESHOLD, "{packs}");
        }
    }
}

#[tokio::test]
async fn a_bomb_in_either_layer_is_too_large() {
    let address = serve().await;
    // 60,000 control characters: 100 bytes as they come, within the limit when inflated, six times that as JSON.
    let mut client = Client::new(address, true, OFFER).await;
    client.call("echo", json!("\u{1}".repeat(60_000))).await;
    assert_eq!(client.closed().await, 1009);
    let mut client = Client::new(address, true, OFFER).await;
    client.call("echo", json!("a".repeat(LIMIT))).await;
    assert_eq!(client.closed().await, 1009);
}
