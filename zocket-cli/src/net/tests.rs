//! Scripted servers over real sockets: how the client handles answers that zocket's own server never gives.

use std::future::Future;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use zocket_wire::{
    decode::{Decoder, Event, Step},
    frame::Role,
    handshake::accept_key,
};

use super::{Connect, ServerUrl, Socket, Told};
use crate::report::{Exit, Failure};

/// Runs a client against a server that gets one connection.
async fn against<C, S, T>(script: impl FnOnce(TcpStream) -> S, client: impl FnOnce(String) -> C) -> T
where
    S: Future<Output = ()>,
    C: Future<Output = T>,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let server = async {
        let (stream, _) = listener.accept().await.expect("a connection");
        script(stream).await;
    };
    let ((), made) = tokio::join!(server, client(format!("ws://{address}/ws?a=b")));
    made
}

async fn open(url: String) -> Result<Socket, Failure> {
    let server = ServerUrl::parse(&url).expect("a URL");
    let headers = [("user".to_owned(), "Ada & B".to_owned())];
    Socket::open(&Connect { server: &server, headers: &headers, contract: Some("hash") }).await
}

/// Reads the request, to its empty line.
async fn request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        assert!(stream.read_buf(&mut request).await.expect("a request") > 0, "cut off");
    }
    String::from_utf8(request).expect("text")
}

fn header<'r>(request: &'r str, name: &str) -> &'r str {
    let lines = request.lines().filter_map(|line| line.split_once(": "));
    lines.into_iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).expect("a header").1
}

/// The answer of a server that agrees, with these lines in it.
fn agreement(request: &str, more: &str) -> String {
    let accept = accept_key(header(request, "sec-websocket-key").as_bytes());
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n\
         Sec-WebSocket-Accept: {accept}\r\n{more}\r\n"
    )
}

/// Agrees, and sends these frames with the same write.
async fn agree(stream: &mut TcpStream, frames: &[u8]) {
    let request = request(stream).await;
    let answer = [agreement(&request, "").as_bytes(), frames].concat();
    stream.write_all(&answer).await.expect("a client");
}

/// What the client sends until it disconnects, as text.
async fn rest(mut stream: TcpStream) -> Vec<String> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.expect("an end");
    let (mut decoder, mut seen, mut rest) = (Decoder::new(Role::Server, 1 << 20), Vec::new(), &mut bytes[..]);
    loop {
        let Step { consumed, event } = decoder.next(rest).expect("masked frames, after all rules");
        seen.push(match event {
            Some(Event::Close(None)) => "close".to_owned(),
            Some(Event::Close(Some((code, _)))) => format!("close {code}"),
            Some(Event::Pong(payload)) => format!("pong {}", payload.escape_ascii()),
            Some(Event::Text(text)) => text.to_owned(),
            Some(other) => panic!("{other:?}"),
            None => return seen,
        });
        rest = &mut rest[consumed..];
    }
}

#[tokio::test]
async fn the_handshake_says_who_asks_for_what() {
    let script = |mut stream: TcpStream| async move {
        let request = request(&mut stream).await;
        let target = "/ws?a=b&x-zocket-version=0.1.0&x-zocket-contract=hash&user=Ada+%26+B";
        assert_eq!(request.lines().next(), Some(&*format!("GET {target} HTTP/1.1")));
        assert_eq!(header(&request, "host"), stream.local_addr().expect("an address").to_string());
        assert_eq!(header(&request, "sec-websocket-version"), "13");
        assert_eq!(header(&request, "sec-websocket-key").len(), 24);
    };
    let failure = against(script, open).await.err().expect("no answer");
    assert_eq!(failure.exit(), Exit::Unreachable, "{failure:?}");
}

#[tokio::test]
async fn frames_behind_the_answer_and_messages_in_pieces_are_read() {
    // A message in three frames with a ping in between, a binary one, and a goodbye.
    let frames = b"\x01\x02ab\x80\x00\x01\x01\xc3\x89\x02hi\x00\x01\xa4\x80\x01!\x82\x01\x00\x8a\x00\x88\x05\x0f\xa1bye";
    let script = |mut stream: TcpStream| async move {
        agree(&mut stream, frames).await;
        assert_eq!(
            rest(stream).await,
            [r#"{"type":"a.b","payload":1e400,"rpcId":"1"}"#, "pong hi", "close 4001"]
        );
    };
    against(script, |url| async {
        let mut socket = open(url).await.expect("a connection");
        assert_eq!(socket.call("a.b", Some("1e400")).await.expect("sent"), "1");
        for expected in ["ab", "ä!"] {
            assert!(matches!(socket.next().await, Told::Message(text) if text == expected));
        }
        let told = socket.next().await;
        let why = "the server closed the connection: 4001 (bye)";
        assert!(matches!(&told, Told::Closed(text) if text == why), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_breaks_the_protocol_or_hangs_up_is_told_of() {
    for (frames, why, answer) in [
        (&b"\x81\x81masked"[..], "the server broke the protocol: a frame is masked", "close 1002"),
        (b"\x81\x01\xff", "the server broke the protocol: a text message is not UTF-8", "close 1007"),
        (b"\x88\x02\x03\xee", "the server broke the protocol: close code 1006 may not be sent", "close 1002"),
        (b"\x81\x7f\0\0\0\0\x10\0\0\0", "the server broke the protocol: a message exceeds", "close 1009"),
    ] {
        let script = |mut stream: TcpStream| async move {
            agree(&mut stream, frames).await;
            assert_eq!(rest(stream).await, [answer]);
        };
        let told = against(script, |url| async { open(url).await.expect("a connection").next().await }).await;
        assert!(matches!(&told, Told::Lost(text) if text.starts_with(why)), "{told:?}");
    }
    let script = |mut stream: TcpStream| async move { agree(&mut stream, b"\x81\x05half").await };
    let told = against(script, |url| async { open(url).await.expect("a connection").next().await }).await;
    assert!(matches!(told, Told::Lost(_)), "{told:?}");
}

#[tokio::test]
async fn a_goodbye_is_an_empty_close_frame() {
    let script = |mut stream: TcpStream| async move {
        agree(&mut stream, b"\x81\x02{}").await;
        let mut goodbye = [0; 6];
        stream.read_exact(&mut goodbye).await.expect("a close frame");
        assert_eq!(goodbye[..2], [0x88, 0x80], "empty and masked");
        stream.write_all(b"\x88\x00").await.expect("a client that waits");
    };
    against(script, |url| async { open(url).await.expect("a connection").close().await }).await;
}

#[tokio::test]
async fn what_is_no_agreement_is_refused_and_says_why() {
    let wrong_accept = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                        Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n";
    let other = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n";
    let chunked = "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n\
                   8\r\n{\"error\"\r\n7\r\n:\"who?\"\r\n1\r\n}\r\n0\r\n\r\n";
    let endless = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 1000000\r\n\r\n<html>";
    for (answer, exit, words) in [
        (wrong_accept, Exit::Unreachable, "Sec-WebSocket-Accept"),
        (other, Exit::Unreachable, "another protocol"),
        (chunked, Exit::No, "refused the connection: 401 Unauthorized: who?"),
        (endless, Exit::No, "refused the connection: 502 Bad Gateway"),
        ("SSH-2.0-OpenSSH_9.2\r\n", Exit::Unreachable, "its answer is not HTTP"),
        ("", Exit::Unreachable, "cannot reach ws://127.0.0.1:"),
    ] {
        let script = |mut stream: TcpStream| async move {
            request(&mut stream).await;
            stream.write_all(answer.as_bytes()).await.expect("a client");
        };
        let failure = against(script, open).await.err().expect("no WebSocket");
        assert!(failure.message().contains(words), "{failure:?}");
        assert_eq!(failure.exit(), exit, "{failure:?}");
    }
    for more in ["Sec-WebSocket-Extensions: permessage-deflate\r\n", "Sec-WebSocket-Protocol: chat\r\n"] {
        let script = |mut stream: TcpStream| async move {
            let request = request(&mut stream).await;
            stream.write_all(agreement(&request, more).as_bytes()).await.expect("a client");
        };
        let failure = against(script, open).await.err().expect("no WebSocket");
        assert!(failure.message().contains("was not offered"), "{failure:?}");
    }
}
