//! How a connection ends under TLS: with a `close_notify`, without which what was read may be truncated. rustls reports
//! `UnexpectedEof` if it is missing.

use std::{io::ErrorKind, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::client::TlsStream;
use zocket::Server;

use crate::{
    sockets::{GOOD, Raw},
    transports::over_tls_to,
};

const PATIENCE: Duration = Duration::from_secs(20);

#[zocket::router]
mod app {
    use zocket::Reject;

    #[headers]
    pub struct Headers {
        pub refuse: Option<String>,
    }

    #[outgoing]
    pub struct Block {
        pub text: String,
    }

    #[on_connect]
    async fn connect(headers: Headers) -> Result<(), Reject> {
        headers.refuse.map_or(Ok(()), |_| Err(Reject::forbidden().with_message("members only")))
    }
}

type Client = Raw<TlsStream<TcpStream>>;

async fn connected() -> (Server<()>, Client) {
    let server = Server::builder(app::router()).outbox_bytes(64 * 1024 * 1024).build();
    let http = axum::Router::new().route("/ws", server.route());
    let mut client = Raw(over_tls_to(http, b"http/1.1").await);
    client.upgrade().await;
    (server, client)
}

const CLOSE: [u8; 8] = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8];

async fn closed_with(client: &mut Client, code: u16) {
    let (opcode, payload) = client.frame().await;
    assert_eq!((opcode, &payload[..2]), (8, &code.to_be_bytes()[..]));
}

/// Reads on, and finds the end that TLS requires.
async fn ends_well(mut client: Client) {
    let mut rest = Vec::new();
    let end = timeout(PATIENCE, client.0.read_to_end(&mut rest)).await.expect("an end");
    assert_eq!(end.map_err(|error| (error.kind(), error.to_string())), Ok(0), "not ended by close_notify");
}

#[tokio::test]
async fn a_close_of_the_servers() {
    let (server, mut client) = connected().await;
    server.connections()[0].disconnect(zocket::CloseCode::new(4001).unwrap(), "enough");
    closed_with(&mut client, 4001).await;
    client.send(&CLOSE).await;
    ends_well(client).await;
}

#[tokio::test]
async fn a_close_of_the_clients() {
    let (_server, mut client) = connected().await;
    client.send(&CLOSE).await;
    closed_with(&mut client, 1000).await;
    ends_well(client).await;
}

#[tokio::test]
async fn a_drain() {
    let (server, mut client) = connected().await;
    let draining = tokio::spawn(async move { server.drain(PATIENCE).await });
    closed_with(&mut client, 1012).await;
    client.send(&CLOSE).await;
    ends_well(client).await;
    assert_eq!(draining.await.unwrap().cut_off, 0);
}

/// The close frame is behind more data than the buffers on the way hold.
#[tokio::test]
async fn a_close_behind_much_else() {
    let (server, mut client) = connected().await;
    server
        .scope(async {
            for _ in 0..200 {
                app::send::block(app::Block { text: "x".repeat(100_000) }).broadcast();
            }
        })
        .await;
    server.connections()[0].disconnect(zocket::CloseCode::new(4001).unwrap(), "enough");
    let close = loop {
        let (opcode, payload) = client.frame().await;
        if opcode == 8 {
            break payload;
        }
    };
    assert_eq!(close[..2], 4001_u16.to_be_bytes());
    client.send(&CLOSE).await;
    ends_well(client).await;
}

#[tokio::test]
async fn a_client_that_does_not_answer_the_close_frame() {
    let server = Server::builder(app::router()).close_within(Duration::from_millis(50)).build();
    let http = axum::Router::new().route("/ws", server.route());
    let mut client = Raw(over_tls_to(http, b"http/1.1").await);
    client.upgrade().await;
    server.connections()[0].disconnect(zocket::CloseCode::new(4001).unwrap(), "enough");
    closed_with(&mut client, 4001).await;
    ends_well(client).await;
}

#[tokio::test]
async fn a_client_that_says_close_notify_and_no_more() {
    let (_server, mut client) = connected().await;
    client.0.shutdown().await.unwrap();
    ends_well(client).await;
}

#[tokio::test]
async fn a_protocol_error() {
    let (_server, mut client) = connected().await;
    client.send(&[0xf1, 0x80, 0, 0, 0, 0]).await;
    closed_with(&mut client, 1002).await;
    ends_well(client).await;
}

#[tokio::test]
async fn a_refusal_by_close_frame() {
    let server = Server::builder(app::router()).build();
    let http = axum::Router::new().route("/ws", server.route());
    let mut client = Raw(over_tls_to(http, b"http/1.1").await);
    client.send(GOOD.replace("/ws", "/ws?refuse=yes&x-zocket-refusal=close").as_bytes()).await;
    assert!(client.head().await.starts_with("HTTP/1.1 101 "));
    closed_with(&mut client, 3403).await;
    ends_well(client).await;
}

/// A connection that was cut off does not look complete.
#[tokio::test]
async fn a_connection_that_is_cut_off_has_no_good_end() {
    let server = Server::builder(app::router()).outbox_bytes(1_000_000).build();
    let http = axum::Router::new().route("/ws", server.route());
    let mut client = Raw(over_tls_to(http, b"http/1.1").await);
    client.upgrade().await;
    // Not read until there is more than fits anywhere.
    server
        .scope(async {
            while server.connection_count() > 0 {
                app::send::block(app::Block { text: "x".repeat(100_000) }).broadcast();
                tokio::task::yield_now().await;
            }
        })
        .await;
    let mut rest = Vec::new();
    let end = timeout(PATIENCE, client.0.read_to_end(&mut rest)).await.expect("an end");
    let kind = end.expect_err("a cut").kind();
    assert!(matches!(kind, ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset), "{kind}");
}
