//! Compressed messages (permessage-deflate) over real sockets, with hand-written bytes.

mod client;

use std::{future::poll_fn, net::SocketAddr, pin::pin, task::Poll};

use bytes::Bytes;
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};
use zocket::{Compression, Server};

use client::{Client, Frame, PATIENCE, deflate};

#[zocket::router]
mod app {
    #[outgoing]
    pub struct Story {
        pub n: usize,
        pub text: String,
    }

    #[outgoing(uncompressed)]
    pub struct Secret {
        pub text: String,
    }

    #[error]
    pub enum Refused {
        #[error("{text}")]
        No { text: String },
    }

    fn long(length: usize) -> String {
        "words and more words, ".chars().cycle().take(length).collect()
    }

    #[incoming]
    async fn echo(text: String) -> String {
        text
    }

    #[incoming(uncompressed)]
    async fn whisper(text: String) -> String {
        text
    }

    #[incoming]
    async fn refuse(length: usize) -> Result<(), Refused> {
        Err(Refused::No { text: long(length) })
    }

    /// Stories of these lengths, to everybody.
    #[incoming]
    async fn stories(lengths: Vec<usize>) -> usize {
        for (n, length) in lengths.iter().enumerate() {
            send::story(Story { n, text: long(*length) }).broadcast();
        }
        lengths.len()
    }

    #[incoming]
    async fn to_me(client: zocket::ClientId, text: String) {
        send::story(Story { n: 0, text: text.clone() }).to([client]);
        send::story(Story { n: 1, text: text.clone() }).uncompressed().to([client]);
        send::secret(Secret { text }).to([client]);
    }
}

const THRESHOLD: usize = 200;

fn server() -> Server<()> {
    Server::builder(app::router()).compression(Compression::new().threshold(THRESHOLD)).build()
}

async fn serve(server: &Server<()>) -> SocketAddr {
    let http = axum::Router::new().route("/ws", server.route());
    let listener = zocket::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, http).await });
    address
}

const OFFER: &str = "permessage-deflate; client_max_window_bits";
const ACCEPTED: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
#[tokio::test]
async fn offers_are_answered_as_the_rfc_says() {
    let address = serve(&server()).await;
    let with_window = |bits: u8| format!("{ACCEPTED}; server_max_window_bits={bits}");
    let cases: [(&[&str], Option<String>); 9] = [
        (&[], None),
        (&[OFFER], Some(ACCEPTED.to_owned())),
        (&["permessage-deflate; server_max_window_bits=10"], Some(with_window(10))),
        (&["permessage-deflate; server_max_window_bits=\"15\""], Some(with_window(15))),
        (&["permessage-deflate; server_max_window_bits=7"], None),
        (&["permessage-deflate; novelty"], None),
        (&["permessage-deflate; novelty, permessage-deflate"], Some(ACCEPTED.to_owned())),
        (&["mux", "permessage-deflate; client_no_context_takeover"], Some(ACCEPTED.to_owned())),
        (&["mux"], None),
    ];
    for (lines, expected) in cases {
        let (head, mut client) = Client::knock(address, lines).await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{lines:?}: {head}");
        let answer = head.lines().find_map(|line| line.strip_prefix("sec-websocket-extensions: "));
        assert_eq!(answer, expected.as_deref(), "{lines:?}");
        // The server keeps to whatever was agreed on.
        client.call("echo", "x".repeat(2000).into()).await;
        let reply = client.frame().await;
        assert_eq!(
            reply.is_compressed(),
            expected.is_some_and(|answer| !answer.ends_with("=10")),
            "{lines:?}"
        );
        assert_eq!(reply.json()["payload"], "x".repeat(2000));
    }
}

#[tokio::test]
async fn a_malformed_offer_is_refused() {
    let address = serve(&server()).await;
    for line in ["permessage-deflate;", "permessage-deflate; server_max_window_bits=\"9", "a b"] {
        let (head, mut client) = Client::knock(address, &[line]).await;
        assert!(head.starts_with("HTTP/1.1 400 "), "{line}: {head}");
        let body = r#"{"error":"`Sec-WebSocket-Extensions` is malformed"}"#;
        assert_eq!(client.bytes(body.len()).await, body.as_bytes());
    }
}

#[tokio::test]
async fn a_server_that_does_not_compress_reads_no_offer_and_takes_no_compressed_message() {
    let server = Server::builder(app::router()).build();
    let address = serve(&server).await;
    for offer in [OFFER, "mal formed;"] {
        let (head, mut client) = Client::knock(address, &[offer]).await;
        assert!(head.starts_with("HTTP/1.1 101 ") && !head.contains("extensions"), "{head}");
        client.send(0xc1, &deflate(r#"{"type":"echo"}"#)).await;
        assert_eq!(client.frame().await.closes(), 1002);
    }
}

#[tokio::test]
async fn a_client_that_offers_nothing_is_neither_sent_nor_may_send_a_compressed_message() {
    let mut client = Client::new(serve(&server()).await, None).await;
    client.call("echo", "x".repeat(2000).into()).await;
    assert!(!client.frame().await.is_compressed());
    client.send(0xc1, &deflate(r#"{"type":"echo"}"#)).await;
    assert_eq!(client.frame().await.closes(), 1002);
}

#[tokio::test]
async fn messages_shrink_from_the_threshold_on_and_only_those_that_do() {
    let mut client = Client::new(serve(&server()).await, Some(OFFER)).await;
    let frame = r#"{"type":"__rpc_res","payload":"","rpcId":"1"}"#.len();
    for (length, compressed) in [(THRESHOLD - frame - 1, false), (THRESHOLD - frame, true), (30_000, true)] {
        client.call("echo", "ab".repeat(length).split_at(length).0.into()).await;
        let reply = client.frame().await;
        assert_eq!(reply.is_compressed(), compressed, "{length}");
        assert_eq!(reply.json()["payload"].as_str().map(str::len), Some(length));
    }
    // Nothing in it repeats often enough.
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(0x4e00 + (state >> 18)).unwrap()
    };
    let noise: String = std::iter::repeat_with(&mut noise).take(80).collect();
    client.call("echo", noise.clone().into()).await;
    let reply = client.frame().await;
    assert!(reply.payload.len() > THRESHOLD && reply.payload.len() <= noise.len() + frame);
    assert_eq!(reply.json()["payload"], noise);
}

#[tokio::test]
async fn everybody_sees_the_same_messages_in_the_same_order_compressed_or_not() {
    let server = server();
    let address = serve(&server).await;
    let offers = [
        Some(OFFER),
        None,
        Some("permessage-deflate"),
        Some("permessage-deflate; server_max_window_bits=9"),
        None,
    ];
    let mut clients = Vec::new();
    for offer in offers {
        clients.push(Client::new(address, offer).await);
    }
    // An answered call shows that its connection is open.
    for client in &mut clients {
        client.call("echo", "ready".into()).await;
        assert_eq!(client.frame().await.json()["payload"], "ready");
    }
    let lengths: Vec<usize> = (0..300).map(|n| [10, 300, 5_000, 460, 1][n % 5] + n).collect();
    clients[0].call("stories", json!(lengths)).await;
    let mut shared: Vec<Vec<u8>> = Vec::new();
    for (index, client) in clients.iter_mut().enumerate() {
        for (n, length) in lengths.iter().enumerate() {
            let frame = client.frame().await;
            let story = frame.json();
            assert_eq!(story["payload"]["n"], n, "client {index}");
            assert_eq!(story["payload"]["text"].as_str().map(str::len), Some(*length));
            let compresses = match index {
                0 | 2 => frame.text().len() >= THRESHOLD,
                // A message that is longer than the window is sent uncompressed.
                3 => (THRESHOLD..508).contains(&frame.text().len()),
                _ => false,
            };
            assert_eq!(frame.is_compressed(), compresses, "client {index}, {length} bytes");
            match index {
                0 => shared.push(frame.payload),
                2 => assert_eq!(shared[n], frame.payload, "the same bytes for all"),
                _ => {}
            }
        }
    }
    let reply = clients[0].frame().await.json();
    assert_eq!(reply, json!({"type": "__rpc_res", "payload": 300, "rpcId": "1"}), "behind what it sent");
}

#[tokio::test]
async fn errors_are_compressed_and_what_is_marked_uncompressed_is_not() {
    let mut client = Client::new(serve(&server()).await, Some(OFFER)).await;
    let text = "s3cret ".repeat(100);
    client.call("refuse", 700.into()).await;
    let error = client.frame().await;
    assert!(error.is_compressed());
    assert_eq!(error.json()["error"]["code"], "NO");
    client.call("whisper", text.clone().into()).await;
    let reply = client.frame().await;
    assert_eq!((reply.is_compressed(), reply.json()["payload"].clone()), (false, text.clone().into()));
    client.call("to_me", text.into()).await;
    let mut frames = Vec::new();
    for _ in 0..4 {
        frames.push(client.frame().await);
    }
    let compressed: Vec<bool> = frames.iter().map(Frame::is_compressed).collect();
    assert_eq!(compressed, [true, false, false, false], "a story; one sent as it is; a secret; the reply");
    assert_eq!(frames[3].json()["rpcId"], "1");
}

#[tokio::test]
async fn compressed_calls_are_handled_in_one_frame_or_in_many() {
    let mut client = Client::new(serve(&server()).await, Some(OFFER)).await;
    let text = "a long text, ".repeat(1000);
    let call = deflate(json!({"type": "echo", "payload": text, "rpcId": "1"}).to_string());
    client.send(0xc1, &call).await;
    assert_eq!(client.frame().await.json()["payload"], text);
    // Fragments, a ping between them, and then a plain call.
    client.send(0x41, &call[..10]).await;
    client.send(0x89, b"still there?").await;
    client.send(0x00, &call[10..20]).await;
    client.send(0x80, &call[20..]).await;
    client.call("echo", "plain".into()).await;
    let pong = client.frame().await;
    assert_eq!((pong.first, &pong.payload[..]), (0x8a, &b"still there?"[..]));
    assert_eq!(client.frame().await.json()["payload"], text);
    assert_eq!(client.frame().await.json()["payload"], "plain");
}

#[tokio::test]
async fn what_breaks_the_rules_is_closed_with_the_reason() {
    let address = serve(&server()).await;
    let bomb = deflate(vec![b' '; 4 << 20]);
    let valid = deflate(r#"{"type":"echo","payload":"hi"}"#);
    let cut = valid[..valid.len() - 4].to_vec();
    let cases: [(u8, Vec<u8>, u16); 8] = [
        // 4 MiB in 4 KB; the limit is 64 KiB.
        (0xc1, bomb, 1009),
        (0xc2, deflate(vec![0; 65_537]), 1009),
        (0xc1, b"no deflate".to_vec(), 1007),
        (0xc1, cut, 1007),
        (0xc1, [&valid[..], b"\xffgarbage"].concat(), 1007),
        (0xc1, deflate(b"\xff\xfe no text"), 1007),
        (0xc0, valid.clone(), 1002),
        (0xc9, b"ping".to_vec(), 1002),
    ];
    for (index, (first, payload, code)) in cases.into_iter().enumerate() {
        let mut client = Client::new(address, Some(OFFER)).await;
        client.send(first, &payload).await;
        assert_eq!(client.frame().await.closes(), code, "case {index}");
    }
    // The thread that handled all of them can still inflate.
    let mut client = Client::new(address, Some(OFFER)).await;
    client.send(0xc1, &deflate(json!({"type": "echo", "payload": "hi", "rpcId": "1"}).to_string())).await;
    assert_eq!(client.frame().await.json()["payload"], "hi");
}

/// One read of these inflates to many megabytes: they are handled a few at a time, and none is lost.
#[tokio::test]
async fn a_flood_of_small_messages_that_inflate_to_large_ones_is_answered_in_order() {
    let mut client = Client::new(serve(&server()).await, Some(OFFER)).await;
    let calls = 500;
    let mut flood = Vec::new();
    for n in 0..calls {
        let call = format!(r#"{{"type":"echo","payload":"{n}","rpcId":"1"{}}}"#, " ".repeat(60_000));
        let payload = deflate(call);
        let length = u8::try_from(payload.len()).ok().filter(|length| *length < 126);
        flood.extend([0xc1, 0x80 | length.expect("a small message"), 0, 0, 0, 0]);
        flood.extend(payload);
    }
    client.0.write_all(&flood).await.unwrap();
    for n in 0..calls {
        assert_eq!(client.frame().await.json()["payload"], n.to_string());
    }
}

#[tokio::test]
async fn a_client_in_process_reads_compressed_messages_if_it_asks_for_them() {
    let server = server();
    let connect = || zocket::testing::connect(&server);
    let mut deflating = connect().http_header("sec-websocket-extensions", OFFER).await.unwrap();
    let mut plain = connect().await.unwrap();
    assert_eq!(deflating.call::<usize>("stories", &[2000, 10, 3000]).await.unwrap(), 3);
    for client in [&mut deflating, &mut plain] {
        for length in [2000, 10, 3000] {
            let story = client.expect_event("story").await;
            assert_eq!(story["text"].as_str().map(str::len), Some(length));
        }
    }
    let refused = connect().http_header("sec-websocket-extensions", "x y").await.unwrap_err();
    assert_eq!(refused.status, 400);
}

/// RFC 8441: the same headers, in an extended CONNECT.
#[tokio::test]
async fn over_http2_the_same_is_agreed_on() {
    let server = server();
    let socket = TcpStream::connect(serve(&server).await).await.unwrap();
    let (mut client, connection) = h2::client::handshake(socket).await.unwrap();
    tokio::spawn(connection);
    // The server says in its first SETTINGS that it takes extended CONNECT.
    let allowed = poll_fn(|cx| {
        if client.is_extended_connect_protocol_enabled() {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    });
    timeout(PATIENCE, allowed).await.unwrap();
    let request = http::Request::builder()
        .method(http::Method::CONNECT)
        .uri("http://a.test/ws")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-extensions", OFFER)
        .extension(h2::ext::Protocol::from_static("websocket"))
        .body(())
        .unwrap();
    let (response, mut send) = client.send_request(request, false).unwrap();
    let response = timeout(PATIENCE, response).await.unwrap().unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["sec-websocket-extensions"], ACCEPTED);

    let call = deflate(json!({"type": "echo", "payload": "x".repeat(500), "rpcId": "1"}).to_string());
    let head = [0xc1, 0x80 | u8::try_from(call.len()).unwrap(), 0, 0, 0, 0];
    send.send_data(Bytes::from([&head[..], &call].concat()), false).unwrap();
    let mut body = pin!(response.into_body());
    let mut reply = Vec::new();
    while reply.len() < 2 || reply.len() < 2 + usize::from(reply[1]) {
        reply.extend(timeout(PATIENCE, body.data()).await.unwrap().expect("more").unwrap());
    }
    let reply = Frame { first: reply[0], payload: reply.split_off(2) };
    assert!(reply.is_compressed());
    assert_eq!(reply.json()["payload"], "x".repeat(500));
}
