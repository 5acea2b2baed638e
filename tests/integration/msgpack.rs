//! MessagePack over real sockets: chosen at the handshake, and from then on the same messages in another encoding. The
//! clients use an independent implementation.

mod client;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};
use zocket::Server;

use client::Client;
pub(crate) use client::{pack, unpack};

#[zocket::router]
mod app {
    use std::sync::Arc;
    use tokio::sync::Semaphore;
    use zocket::{ClientId, Ctx, Reject, State};

    #[headers]
    pub struct Headers {
        pub plan: Option<String>,
    }

    #[on_connect]
    async fn connect(headers: Headers) -> Result<(), Reject> {
        match headers.plan.as_deref() {
            Some("refuse") => Err(Reject::forbidden()),
            _ => Ok(()),
        }
    }

    #[payload]
    pub struct Order {
        #[schemars(length(min = 1, max = 8))]
        pub article: String,
        pub count: u32,
    }

    #[error]
    pub enum OrderError {
        #[error("at most {most}")]
        TooMany { most: u32 },
    }

    #[incoming]
    async fn order(input: Order) -> Result<u64, OrderError> {
        if input.count > 10 { Err(OrderError::TooMany { most: 10 }) } else { Ok(u64::MAX) }
    }

    #[incoming]
    async fn bytes(data: Vec<u8>) -> Vec<u8> {
        data
    }

    #[incoming]
    async fn echo(text: String) -> String {
        text
    }

    /// Waits for its turn.
    #[incoming]
    async fn wait(State(gate): State<Arc<Semaphore>>) {
        if let Ok(permit) = gate.acquire().await {
            permit.forget();
        }
    }

    #[outgoing]
    pub struct Step {
        pub n: u32,
        pub text: String,
    }

    #[incoming]
    async fn join(ctx: Ctx<()>) {
        ctx.rooms().join("room");
    }

    /// To everybody, to a room and to the caller, in turn.
    #[incoming]
    async fn run(steps: u32, client: ClientId) {
        for n in 0..steps {
            let step = send::step(Step { n, text: "é\n".repeat(n as usize * 20) });
            let _ = match n % 3 {
                0 => step.broadcast(),
                1 => step.to_room("room"),
                _ => step.to([client]),
            };
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(60);
const LIMIT: usize = 4096;

async fn serve_with(change: impl FnOnce(Builder) -> Builder) -> (SocketAddr, Arc<Semaphore>) {
    let gate = Arc::new(Semaphore::new(0));
    let builder = Server::builder(app::router()).state(Arc::clone(&gate)).max_message_bytes(LIMIT);
    let http = axum::Router::new().route("/ws", change(builder).build().route());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, http).await });
    (address, gate)
}

type Builder = zocket::Builder<(), Arc<Semaphore>>;

async fn serve() -> (SocketAddr, Arc<Semaphore>) {
    serve_with(|builder| builder.msgpack()).await
}

#[tokio::test]
async fn the_client_chooses_among_what_the_server_speaks() {
    let (address, _) = serve().await;
    for (offer, chosen) in [
        ("zocket.msgpack", Some("zocket.msgpack")),
        ("zocket.msgpack, zocket.json", Some("zocket.msgpack")),
        ("zocket.json, zocket.msgpack", Some("zocket.json")),
        ("", None),
    ] {
        let mut client = Client::offer(address, offer).await;
        assert_eq!(client.protocol.as_deref(), chosen, "{offer}");
        assert_eq!(client.call("echo", json!("hi")).await["payload"], "hi");
    }
}

#[tokio::test]
async fn a_server_without_it_speaks_json_only() {
    let (address, _) = serve_with(|builder| builder).await;
    let mut client = Client::offer(address, "zocket.msgpack, zocket.json").await;
    assert_eq!(client.protocol.as_deref(), Some("zocket.json"));
    assert_eq!(client.call("echo", json!("hi")).await["payload"], "hi");
}

#[tokio::test]
async fn an_offer_of_strangers_gets_json_and_no_name() {
    let (address, _) = serve().await;
    // Raw, since proper clients close the connection when they see this.
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = "GET /ws HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: graphql-ws\r\n\r\n";
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        head.push(char::from(timeout(PATIENCE, socket.read_u8()).await.unwrap().unwrap()));
    }
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    assert!(!head.to_ascii_lowercase().contains("sec-websocket-protocol"), "{head}");
    // A masked `{"type":"__ping"}`, with a mask of zeros.
    let mut frame = vec![0x81, 0x80 | 17, 0, 0, 0, 0];
    frame.extend_from_slice(br#"{"type":"__ping"}"#);
    socket.write_all(&frame).await.unwrap();
    let mut pong = [0; 19];
    timeout(PATIENCE, socket.read_exact(&mut pong)).await.unwrap().unwrap();
    assert_eq!(&pong, b"\x81\x11{\"type\":\"__pong\"}");
}

#[tokio::test]
async fn whatever_a_call_comes_to_is_the_same_in_both() {
    let (address, _) = serve().await;
    let mut packed = Client::offer(address, "zocket.msgpack").await;
    let mut plain = Client::offer(address, "").await;
    for (route, payload) in [
        ("order", json!({"article": "tea", "count": 1})),
        ("order", json!({"article": "tea", "count": 11})),
        ("order", json!({"article": "", "count": -1})),
        ("order", json!({"article": "too long a name", "count": 1.5})),
        ("order", json!({"count": 4_294_967_296_u64})),
        ("order", json!(["tea", 1])),
        ("order", Value::Null),
        ("order", json!({"article": "tea", "count": 1.0})),
        ("bytes", json!([0, 255, 7])),
        ("bytes", json!([256])),
        ("echo", json!("a\u{0}\u{1f}\"\\é🦀\u{2028}")),
        ("echo", json!(5)),
        ("nowhere", json!({})),
        ("join", Value::Null),
    ] {
        let (ours, theirs) =
            (packed.call(route, payload.clone()).await, plain.call(route, payload.clone()).await);
        assert_eq!(ours, theirs, "{route} {payload}");
        assert!(ours["type"] == "__rpc_res" || ours["error"]["code"].is_string());
    }
    assert_eq!(packed.call("order", json!({"article": "tea", "count": 1})).await["payload"], u64::MAX);
}

#[tokio::test]
async fn bytes_are_read_as_bytes() {
    let (address, _) = serve().await;
    let mut client = Client::offer(address, "zocket.msgpack").await;
    let mut message = b"\x83\xa4type\xa5bytes\xa7payload\xc4\x03\x00\x7f\xff\xa5rpcId\xa1k".to_vec();
    client.send(Message::binary(std::mem::take(&mut message))).await;
    let reply = json!({"type": "__rpc_res", "payload": [0, 127, 255], "rpcId": "k"});
    assert_eq!(client.message().await, reply);
}

#[tokio::test]
async fn a_ping_is_answered() {
    let (address, _) = serve().await;
    let mut client = Client::offer(address, "zocket.msgpack").await;
    client.send_json(&json!({"type": "__ping"})).await;
    assert_eq!(client.message().await, json!({"type": "__pong"}));
    client.send(Message::Ping("hi".into())).await;
    assert_eq!(client.frame().await, Message::Pong("hi".into()));
}

#[tokio::test]
async fn everybody_sees_the_same_messages_in_the_same_order() {
    let (address, _) = serve().await;
    everybody_sees_the_same(address).await;
}

async fn everybody_sees_the_same(address: SocketAddr) {
    const STEPS: u32 = 120;
    let mut clients = Vec::new();
    for offer in ["zocket.msgpack", "", "zocket.msgpack", "zocket.json"] {
        let mut client = Client::offer(address, offer).await;
        client.call("join", Value::Null).await;
        clients.push(client);
    }
    for sender in 0..clients.len() {
        // The caller sees all of it before its reply, which is encoded for it alone.
        clients[sender].call("run", json!(STEPS)).await;
        let own = std::mem::take(&mut clients[sender].events);
        let numbers: Vec<u64> = own.iter().map(|event| event["payload"]["n"].as_u64().unwrap()).collect();
        assert_eq!(numbers, (0..u64::from(STEPS)).collect::<Vec<_>>());
        let shared: Vec<Value> =
            own.into_iter().filter(|event| event["payload"]["n"].as_u64().unwrap() % 3 != 2).collect();
        for (other, client) in clients.iter_mut().enumerate().filter(|(other, _)| *other != sender) {
            assert!(client.steps_to(STEPS - 2).await == shared, "{other} of {sender}");
        }
    }
}

#[tokio::test]
async fn what_is_no_message_is_answered_in_its_turn_and_the_connection_goes_on() {
    let (address, gate) = serve().await;
    let mut client = Client::offer(address, "zocket.msgpack").await;
    for (message, says) in [
        (&b""[..], "byte 0"),
        (b"\xc1", "byte 0"),
        (b"\x81\xa4type\xd6\xff\x00\x00\x00\x00", "byte 6"),
        (b"\x82\xa4type\xa4echo\xa7payload\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", "byte 19"),
        (b"\x81\x05\x05", "byte 1"),
        (b"\x80\x80", "byte 1"),
        (b"\xdd\xff\xff\xff\xff", "byte 0"),
        (b"\x05", "not a JSON object"),
        (b"\x80", "no \"type\""),
        (b"\x81\xa4type\x05", "not a string"),
    ] {
        client.send(Message::binary(message.to_vec())).await;
        let answer = client.message().await;
        assert_eq!(answer["error"]["code"], "BAD_MESSAGE", "{message:02x?}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(says), "{answer}");
        assert_eq!(answer.get("rpcId"), None);
    }
    client.send(Message::text(r#"{"type":"echo","payload":"hi","rpcId":"k"}"#)).await;
    let answer = client.message().await;
    assert_eq!(answer["error"]["code"], "BAD_MESSAGE");
    assert!(answer["error"]["message"].as_str().unwrap().contains("binary"), "{answer}");

    // An id before the fault is in the answer, which waits for earlier calls.
    client.send_json(&json!({"type": "wait", "rpcId": "first"})).await;
    client.send(Message::binary(b"\x83\xa5rpcId\xa6second\xa4type\xa4echo\xa7payload\xc1".to_vec())).await;
    client.send_json(&json!({"type": "echo", "payload": "hi", "rpcId": "third"})).await;
    gate.add_permits(1);
    let answers = [client.message().await, client.message().await, client.message().await];
    assert_eq!(
        answers.each_ref().map(|answer| answer["rpcId"].as_str().unwrap()),
        ["first", "second", "third"]
    );
    assert_eq!(answers[1]["error"]["code"], "BAD_MESSAGE");
    assert_eq!(answers[2]["payload"], "hi");
}

#[tokio::test]
async fn a_message_that_is_too_large_as_json_closes_the_connection_as_a_json_one_does() {
    let (address, _) = serve().await;
    let controls = |count: usize| json!({"type": "echo", "payload": "\u{1}".repeat(count), "rpcId": "k"});
    let most = (LIMIT - controls(0).to_string().len()) / 6;
    for offer in ["zocket.msgpack", "zocket.json"] {
        let mut client = Client::offer(address, offer).await;
        client.send_json(&controls(most)).await;
        assert_eq!(client.message().await["payload"].as_str().unwrap().len(), most);
        client.send_json(&controls(most + 1)).await;
        let (code, reason) = client.closed().await;
        assert_eq!(code, 1009, "{offer}");
        assert!(reason.contains(&LIMIT.to_string()), "{reason}");
    }
    // A message with too many bytes never gets this far.
    let mut client = Client::offer(address, "zocket.msgpack").await;
    client.send(Message::binary(vec![0xc0; LIMIT + 1])).await;
    assert_eq!(client.closed().await.0, 1009);
}

#[tokio::test]
async fn nothing_that_follows_a_message_too_large_is_handled() {
    let (address, _) = serve().await;
    let mut client = Client::offer(address, "zocket.msgpack").await;
    let mut bomb = b"\x82\xa4type\xa4echo\xa7payload\xda\x0f\x00".to_vec();
    bomb.resize(bomb.len() + 0xf00, 1);
    client.socket.feed(Message::binary(bomb)).await.unwrap();
    for n in 0..50 {
        let message = json!({"type": "echo", "payload": "hi", "rpcId": n.to_string()});
        client.socket.feed(Message::binary(pack(&message))).await.unwrap();
    }
    client.socket.feed(Message::Ping("hi".into())).await.unwrap();
    client.socket.flush().await.unwrap();
    assert_eq!(client.closed().await.0, 1009, "the close frame is the first that comes");
}

#[tokio::test]
async fn a_refusal_by_close_frame_names_the_protocol_too() {
    let (address, _) = serve().await;
    let url = format!("ws://{address}/ws?plan=refuse&x-zocket-refusal=close");
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "zocket.msgpack".parse().unwrap());
    // This client, like browsers, fails if its only offer is not selected.
    let (mut socket, response) = connect_async(request).await.unwrap();
    assert_eq!(response.headers()["sec-websocket-protocol"], "zocket.msgpack");
    match timeout(PATIENCE, socket.next()).await.unwrap().unwrap().unwrap() {
        Message::Close(Some(frame)) => assert_eq!(u16::from(frame.code), 3403),
        other => panic!("{other:?}"),
    }
}
