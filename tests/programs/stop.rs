//! The README's program is told to end, as by a service manager: it ends, whatever its clients are doing.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use bytes::Bytes;
use h2::client::SendRequest;
use http::Request;
use serde_json::json;

use crate::{
    client::Client,
    program::{PATIENCE, Program},
};

/// A connection on which this was sent, and whose answer was awaited.
fn said(server: &Program, request: &str) -> TcpStream {
    let mut socket = TcpStream::connect(server.addr()).expect("a server to connect to");
    socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    socket.write_all(request.as_bytes()).expect("a request to send");
    socket
}

/// An HTTP/1.1 connection that got its answer, and is kept for the next request.
fn idle(server: &Program) -> TcpStream {
    let mut socket = said(server, "GET /nowhere HTTP/1.1\r\nhost: a\r\n\r\n");
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte).expect("an answer");
        answer.extend(byte);
    }
    assert!(answer.starts_with(b"HTTP/1.1 404"));
    socket
}

/// An HTTP/2 connection that got an answer. The first returned value drives it: dropping it would disconnect.
async fn http2(server: &Program) -> (h2::client::Connection<tokio::net::TcpStream>, SendRequest<Bytes>) {
    let socket = tokio::net::TcpStream::connect(server.addr()).await.expect("a server to connect to");
    let (mut client, mut connection) = h2::client::handshake(socket).await.expect("HTTP/2");
    let request = Request::get("http://a/nowhere").body(()).expect("a request");
    let (answer, _) = client.send_request(request, true).expect("a request to send");
    let answered = tokio::time::timeout(PATIENCE, async {
        tokio::select! {
            answer = answer => answer.expect("an answer"),
            ended = &mut connection => panic!("the connection ended: {ended:?}"),
        }
    });
    assert_eq!(answered.await.expect("an answer in time").status(), 404);
    (connection, client)
}

#[tokio::test]
async fn half_sent_requests_and_idle_connections_do_not_keep_the_program() {
    let server = Program::start("announce");
    let half = [
        said(&server, ""),
        said(&server, "GET /contract.json HTTP/1.1\r\nhost: a\r\n"),
        said(&server, "PRI * HTTP/2.0\r\n\r\nSM\r\n"),
        said(&server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ];
    let mut half_of_the_second = idle(&server);
    half_of_the_second.write_all(b"GET /contract.json HTT").expect("half a request to send");
    let idle = idle(&server);
    let (connection, client) = http2(&server).await;
    let driven = tokio::spawn(connection);
    // All of them have been accepted, since connections are accepted in order.
    let mut websocket = Client::connect(server.addr(), "").await;

    server.terminate();

    let frame = websocket.closed().await.expect("a close code");
    assert_eq!(u16::from(frame.code), 1012);
    drop(websocket);
    driven.await.expect("no panic").expect("GOAWAY without an error");
    server.logged(&["stopped in good order"]);
    assert!(server.wait().success());
    drop((half, half_of_the_second, idle, client));
}

#[tokio::test]
async fn a_second_signal_ends_the_program_at_once() {
    let server = Program::start("announce");
    // Nobody reads from it any more, so the server would wait for it until the deadline.
    let (stuck, _client) = http2(&server).await;
    let mut websocket = Client::connect(server.addr(), "").await;
    assert_eq!(websocket.call("system.announce", json!({"text": "before"})).await, Ok(None));
    server.terminate();
    server.logged(&["stopping"]);
    server.terminate();
    server.logged(&["a second signal"]);
    assert!(server.wait().success());
    drop(stuck);
}
