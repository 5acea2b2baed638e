//! What a WebSocket handshake must look like, over a real socket: handshakes that follow the RFCs are accepted, and
//! ambiguous ones are not.

use bytes::Bytes;
use h2::ext::Protocol;
use http::{Method, Request};
use tokio::net::TcpStream;
use zocket::Server;

use crate::{
    ask::{REQUIRED, ask, request, serve_plainly, shake},
    http2::http2,
};

#[zocket::router]
mod app {
    #[incoming]
    async fn ping() -> u8 {
        1
    }
}

#[tokio::test]
async fn headers_are_read_as_the_rfcs_have_them() {
    let address = serve_plainly(&Server::builder(app::router()).build()).await;
    let cases: &[(&[&str], u16, &str)] = &[
        (&[], 101, ""),
        // The key: RFC 6455, 4.1, with the RFC's own example, whose last character has unused bits.
        (&["Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC=="], 101, ""),
        (&["Sec-WebSocket-Key:AQIDBAUGBwgJCgsMDQ4PEA=="], 101, ""),
        (&["Sec-WebSocket-Key:  \tAQIDBAUGBwgJCgsMDQ4PEA== \t"], 101, ""),
        (&["sec-websocket-key: //////////////////////=="], 101, ""),
        (&["Sec-WebSocket-Key: "], 400, "16 bytes"),
        (&["Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA"], 400, "16 bytes"),
        (&["Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA="], 400, "16 bytes"),
        (&["Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4P"], 400, "16 bytes"),
        (&["Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY"], 400, "16 bytes"),
        (&["Sec-WebSocket-Key: AQIDBAUGBwgJ CgsMDQ4PEA=="], 400, "16 bytes"),
        (&["Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4P-_=="], 400, "16 bytes"),
        (&["Sec-WebSocket-Key: \"AQIDBAUGBwgJCgsMDQ4PEA==\""], 400, "16 bytes"),
        (&["Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==, dGhlIHNhbXBsZSBub25jZQ=="], 400, "16 bytes"),
        (
            &["Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="],
            400,
            "more than one `Sec-WebSocket-Key`",
        ),
        (
            &["Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==", "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA=="],
            400,
            "more than one `Sec-WebSocket-Key`",
        ),
        // The version.
        (&["Sec-WebSocket-Version: 8"], 426, "must be 13"),
        (&["Sec-WebSocket-Version: 013"], 426, "must be 13"),
        (&["Sec-WebSocket-Version: 13, 8"], 426, "must be 13"),
        (&["Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8"], 400, "more than one"),
        (&["Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13"], 400, "more than one"),
        // Lists, in one line or in several.
        (&["Upgrade: WebSocket"], 101, ""),
        (&["Upgrade: h2c, websocket"], 101, ""),
        (&["Upgrade: h2c", "Upgrade: websocket"], 101, ""),
        (&["Upgrade: ,websocket ,"], 101, ""),
        (&["Upgrade: websocket2"], 426, "connect with a WebSocket"),
        (&["Upgrade: websocket/13"], 426, "connect with a WebSocket"),
        (&["Upgrade: h2c"], 426, "connect with a WebSocket"),
        (&["Connection: keep-alive, Upgrade"], 101, ""),
        (&["Connection: keep-alive", "Connection: UPGRADE"], 101, ""),
        (&["Connection: keep-alive"], 426, "connect with a WebSocket"),
        (&["Connection: not-upgrade"], 426, "connect with a WebSocket"),
        // The host: RFC 9112, 3.2.
        (&["Host: app.example:8443"], 101, ""),
        (&["Host: [::1]:3000"], 101, ""),
        (&["Host: "], 101, ""),
        (&["Host: app.example", "Host: app.example"], 400, "more than one `Host`"),
        (&["Host: app.example", "Host: evil.example"], 400, "more than one `Host`"),
        (&["Host: app.example/path"], 400, "`Host` must be"),
        (&["Host: user@app.example"], 400, "`Host` must be"),
        (&["Host: app example"], 400, "`Host` must be"),
        (&["Host: app.example:port"], 400, "`Host` must be"),
        (&["Host: app.example:99999"], 400, "`Host` must be"),
        // A body.
        (&["Content-Length: 0"], 101, ""),
        (&["Content-Length: 5"], 400, "no body"),
        (&["Transfer-Encoding: chunked"], 400, "no body"),
    ];
    for (headers, status, error) in cases {
        let mut answer = shake(address, headers).await;
        assert_eq!(answer.status, *status, "{headers:?}: {}", answer.head);
        assert!(answer.error().contains(error), "{headers:?}: {}", answer.error());
        if *status == 101 {
            assert_eq!(answer.call("ping").await["payload"], 1, "{headers:?}");
        }
        assert_eq!(
            answer.head.contains("sec-websocket-version: 13"),
            error.contains("must be 13"),
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn each_header_that_the_rfc_requires_is_required() {
    let address = serve_plainly(&Server::builder(app::router()).build()).await;
    for left_out in REQUIRED {
        let status = match left_out.split(':').next() {
            Some("Host" | "Sec-WebSocket-Key") => 400,
            _ => 426,
        };
        let request = request("/ws", &[]).replace(&format!("{left_out}\r\n"), "");
        let answer = ask(TcpStream::connect(address).await.unwrap(), &request).await;
        assert_eq!(answer.status, status, "without {left_out}: {}", answer.error());
    }
    // Even if a whole URI names the server, there must be a host (RFC 9112, 3.2.2).
    let whole = request("http://app.example/ws", &[]);
    assert_eq!(ask(TcpStream::connect(address).await.unwrap(), &whole).await.status, 101);
    let without = whole.replace("Host: app.example\r\n", "");
    assert_eq!(ask(TcpStream::connect(address).await.unwrap(), &without).await.status, 400);
}

#[tokio::test]
async fn the_answer_proves_that_the_key_was_read_as_it_was_sent() {
    let address = serve_plainly(&Server::builder(app::router()).build()).await;
    for (key, accept) in [
        ("dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        // As written, these are two different keys, although they encode the same bytes.
        ("AQIDBAUGBwgJCgsMDQ4PEA==", ACCEPTED[0]),
        ("AQIDBAUGBwgJCgsMDQ4PEC==", ACCEPTED[1]),
    ] {
        let answer = shake(address, &[&format!("Sec-WebSocket-Key: {key}")]).await;
        let expected = format!("sec-websocket-accept: {}", accept.to_ascii_lowercase());
        assert!(answer.head.contains(&expected), "{key}: {}", answer.head);
    }
}

/// Computed with `openssl dgst -sha1 -binary | base64`.
const ACCEPTED: [&str; 2] = ["C/0nmHhBztSRGR1CwL6Tf4ZjwpY=", "OfS0wDaT5NoxF2gqm7Zj2YtetzM="];

#[tokio::test]
async fn extended_connect_has_its_own_rules() {
    let address = serve_plainly(&Server::builder(app::router()).build()).await;
    let mut client = http2(TcpStream::connect(address).await.unwrap()).await;
    let cases: &[(&[(&str, &str)], u16)] = &[
        (&[("sec-websocket-version", "13")], 200),
        // RFC 8441, 5: the key has no meaning here.
        (&[("sec-websocket-version", "13"), ("sec-websocket-key", "x")], 200),
        (&[("sec-websocket-version", "13"), ("host", "APP.example")], 200),
        (&[("sec-websocket-version", "13"), ("host", "evil.example")], 400),
        (&[("sec-websocket-version", "13"), ("host", "app.example"), ("host", "app.example")], 400),
        (&[("sec-websocket-version", "13"), ("sec-websocket-version", "13")], 400),
        (&[("sec-websocket-version", "8")], 426),
        (&[], 426),
    ];
    for (headers, status) in cases {
        let mut request = Request::builder().method(Method::CONNECT).uri("https://app.example/ws");
        for (name, value) in *headers {
            request = request.header(*name, *value);
        }
        let request = request.extension(Protocol::from_static("websocket")).body(()).unwrap();
        let (response, _stream) = client.send_request(request, false).unwrap();
        assert_eq!(response.await.unwrap().status(), *status, "{headers:?}");
    }
    // Without a protocol it is a tunnel, or a page.
    let get = Request::builder().uri("https://app.example/ws").header("sec-websocket-version", "13");
    let (response, _): (_, h2::SendStream<Bytes>) = client.send_request(get.body(()).unwrap(), true).unwrap();
    assert_eq!(response.await.unwrap().status(), 400);
}
