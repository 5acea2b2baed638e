//! Which web pages may connect, and by which names they may address the server.

use h2::ext::Protocol;
use http::{Method, Request};
use tokio::net::TcpStream;
use zocket::{Builder, ProxyHeaders, Server, testing::connect};

use crate::{
    ask::{serve_plainly, serve_with_peer, shake},
    http2::http2,
    logs::Log,
};

#[zocket::router]
mod app {
    #[incoming]
    async fn ping() -> u8 {
        1
    }
}

fn builder() -> Builder<()> {
    Server::builder(app::router())
}

#[tokio::test]
async fn one_origin_has_many_spellings() {
    let own = serve_plainly(&builder().build()).await;
    let listed = builder().allow_origins([
        "https://App.example:443/",
        "http://localhost:5173",
        "https://xn--bcher-kva.example",
    ]);
    let listed = serve_plainly(&listed.build()).await;
    let cases: &[(&str, &str, bool, bool)] = &[
        // the page, the host that it connects to, by the same-host rule, by the list
        ("https://app.example", "app.example", true, true),
        ("https://app.example", "app.example:443", true, true),
        ("https://app.example/", "app.example", true, true),
        ("https://app.example:443", "app.example", true, true),
        ("HTTPS://APP.EXAMPLE", "App.Example", true, true),
        ("https://app.example", "api.example", false, true),
        ("http://app.example", "app.example", true, false),
        ("http://app.example:80", "app.example", true, false),
        ("http://app.example", "app.example:443", false, false),
        ("https://app.example:8443", "app.example:8443", true, false),
        ("https://app.example", "app.example:8443", false, true),
        ("http://localhost:5173", "localhost:3000", false, true),
        ("http://localhost:5173", "localhost:5173", true, true),
        ("http://[::1]:3000", "[0:0:0:0:0:0:0:1]:3000", true, false),
        ("https://xn--bcher-kva.example", "xn--BCHER-kva.example", true, true),
        ("https://b\u{fc}cher.example", "xn--bcher-kva.example", false, false),
        ("https://app.example.evil.example", "app.example", false, false),
        ("https://evil.example/https://app.example", "app.example", false, false),
        ("https://app.example@evil.example", "evil.example", false, false),
        ("null", "app.example", false, false),
        ("", "app.example", false, false),
        ("file://", "app.example", false, false),
        ("chrome-extension://app.example", "app.example", false, false),
    ];
    for (origin, host, by_host, by_list) in cases {
        let headers = [&*format!("Origin: {origin}"), &*format!("Host: {host}")];
        for (address, allowed) in [(own, by_host), (listed, by_list)] {
            let answer = shake(address, &headers).await;
            assert_eq!(answer.status, if *allowed { 101 } else { 403 }, "{headers:?} {}", answer.error());
        }
    }
    // No browser sends two, so they are refused even if both are allowed.
    for address in [own, listed] {
        let twice = ["Origin: https://app.example", "Origin: https://app.example"];
        let answer = shake(address, &twice).await;
        assert_eq!(
            (answer.status, answer.error()),
            (403, "this origin may not connect: there is more than one `Origin`")
        );
        assert_eq!(shake(address, &[]).await.status, 101, "no Origin, no browser");
    }
}

/// A page of a development server on another port.
#[tokio::test]
async fn a_refusal_says_what_to_write() {
    let log = Log::start();
    let vite = ["Origin: http://localhost:5173", "Host: localhost:3000"];
    let answer = shake(serve_plainly(&builder().build()).await, &vite).await;
    let line = r#"`Builder::allow_origins(["http://localhost:5173"])` would let it in"#;
    assert_eq!((answer.status, answer.error()), (403, &*format!("this origin may not connect: {line}")));
    let lines = refusals(&log);
    assert_eq!(lines.len(), 1, "{lines:?}");
    for part in [
        " INFO ",
        "origin=http://localhost:5173",
        "host=localhost:3000",
        r#"Builder::allow_origins(["http://localhost:5173"])"#,
    ] {
        assert!(lines[0].contains(part), "{part}: {lines:?}");
    }

    // The contents of the list are only for the log.
    let listed = builder().allow_origins(["https://secret.example"]).build();
    let answer = shake(serve_plainly(&listed).await, &vite).await;
    assert_eq!(answer.error(), "this origin may not connect: `Builder::allow_origins` does not list it");
    let lines = refusals(&log);
    let help = r#"Builder::allow_origins(["https://secret.example", "http://localhost:5173"])"#;
    assert!(lines.len() == 1 && lines[0].contains(help), "{lines:?}");

    // A proxy that drops the port.
    shake(
        serve_plainly(&builder().build()).await,
        &["Origin: https://app.example:8443", "Host: app.example"],
    )
    .await;
    assert!(refusals(&log)[0].contains("$http_host"));
}

#[tokio::test]
async fn what_a_client_sent_is_short_and_harmless_in_the_log() {
    let log = Log::start();
    let address = serve_plainly(&builder().build()).await;
    let long = "x".repeat(5_000);
    for (origin, shown) in [
        (&*format!("https://{long}.example"), "xxx…"),
        (&*format!("{long}://app.example"), "xxx…"),
        (&*format!("https://{}.example", &long[..240]), "xxx…"),
        ("https://a.example\u{1}", ""),
        ("https://\u{202e}a.example", r"https://\xe2\x80\xaea.example"),
        ("a\tb", r"origin=a\tb"),
    ] {
        let answer = shake(address, &[&format!("Origin: {origin}")]).await;
        let lines = refusals(&log);
        if answer.status == 400 {
            // Not even HTTP.
            assert!(lines.is_empty() && shown.is_empty(), "{lines:?}");
            continue;
        }
        assert_eq!((answer.status, lines.len()), (403, 1), "{lines:?}");
        assert!(answer.error().len() < 500, "{}", answer.error());
        assert!(lines[0].contains(shown) && lines[0].len() < 1_500, "{lines:?}");
        assert!(lines[0].chars().all(|char| !char.is_control() && char != '\u{202e}'), "{lines:?}");
    }
}

/// The log's lines on refused handshakes.
fn refusals(log: &Log) -> Vec<String> {
    log.take().into_iter().filter(|line| line.contains("handshake refused")).collect()
}

#[test]
fn a_list_with_entries_that_match_nothing_is_an_error() {
    let error = builder()
        .allow_origins(["https://app.example", "app.example", "https://app.example/chat", "*"])
        .allowed_hosts(["https://app.example"])
        .trusted_proxies(["10.0.0.0/8", "proxy"])
        .try_build()
        .unwrap_err();
    assert_eq!(error.kind(), zocket::BuildErrorKind::InvalidSetting);
    let text = error.to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 5, "{text}");
    assert_eq!(
        lines[0],
        r#"the entry "app.example" of `Builder::allow_origins` has no scheme; help: write "https://app.example""#
    );
    assert!(lines[1].contains("has a path") && lines[2].contains("allow_any_origin"), "{text}");
    assert_eq!(
        lines[3],
        r#"the entry "https://app.example" of `Builder::allowed_hosts` has a scheme, and a host has none; help: write "app.example""#
    );
    assert!(lines[4].contains("`Builder::trusted_proxies` is not an address"), "{text}");
    // Lists of nothing say so: no page, no host.
    assert!(builder().allow_origins([""; 0]).allowed_hosts([""; 0]).try_build().is_ok());
}

#[tokio::test]
async fn the_last_word_on_origins_counts() {
    let any = builder().allow_origins(["https://app.example"]).allow_any_origin().build();
    assert!(connect(&any).http_header("origin", "null").await.is_ok());
    let listed = builder().allow_any_origin().allow_origins(["https://app.example"]).build();
    assert_eq!(connect(&listed).http_header("origin", "https://evil.example").await.unwrap_err().status, 403);
    let nobody = builder().allow_origins([""; 0]).build();
    let own =
        connect(&nobody).http_header("host", "app.example").http_header("origin", "https://app.example");
    assert_eq!(own.await.unwrap_err().status, 403);
    assert!(connect(&nobody).await.is_ok());
}

/// A page of `evil.example`, whose name currently resolves to this server, has the host that it connects to.
#[tokio::test]
async fn a_rebound_name_is_none_of_the_allowed_hosts() {
    let log = Log::start();
    let rebound = ["Origin: http://evil.example:3000", "Host: evil.example:3000"];
    assert_eq!(shake(serve_plainly(&builder().build()).await, &rebound).await.status, 101);

    let server = builder().allowed_hosts(["localhost:3000", "app.example", "::1"]).build();
    let address = serve_plainly(&server).await;
    log.take();
    let answer = shake(address, &rebound).await;
    assert_eq!(
        (answer.status, answer.error()),
        (421, "this host is not served here: `Builder::allowed_hosts` does not list it")
    );
    let lines = refusals(&log);
    let help = r#"Builder::allowed_hosts(["localhost:3000", "app.example", "[::1]", "evil.example:3000"])"#;
    assert!(
        lines.len() == 1 && lines[0].contains("host=evil.example:3000") && lines[0].contains(help),
        "{lines:?}"
    );

    for (host, status) in [
        ("localhost:3000", 101),
        ("LOCALHOST:3000", 101),
        ("app.example", 101),
        ("app.example:8443", 101),
        ("[::1]:3000", 101),
        ("localhost", 421),
        ("localhost:3001", 421),
        ("127.0.0.1:3000", 421),
        ("app.example.", 421),
        ("www.app.example", 421),
        ("", 421),
    ] {
        assert_eq!(shake(address, &[&format!("Host: {host}")]).await.status, status, "{host}");
    }
    // A list of origins covers those as well, and may be the only list.
    let listed = builder().allow_origins(["http://localhost:3000"]).build();
    assert_eq!(shake(serve_plainly(&listed).await, &rebound).await.status, 403);
}

#[tokio::test]
async fn over_http2_the_authority_is_the_host() {
    let address = serve_plainly(&builder().allowed_hosts(["app.example"]).build()).await;
    let mut client = http2(TcpStream::connect(address).await.unwrap()).await;
    for (uri, origin, status) in [
        ("https://app.example/ws", None, 200),
        ("https://app.example:8443/ws", Some("https://app.example:8443"), 200),
        ("https://app.example/ws", Some("https://evil.example"), 403),
        // Its scheme is known, so a page loaded over plain HTTP is not of the same host.
        ("https://app.example/ws", Some("http://app.example:443"), 403),
        ("http://app.example/ws", Some("http://app.example"), 200),
        ("https://evil.example/ws", Some("https://evil.example"), 421),
    ] {
        let mut request =
            Request::builder().method(Method::CONNECT).uri(uri).header("sec-websocket-version", "13");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let request = request.extension(Protocol::from_static("websocket")).body(()).unwrap();
        let (response, _stream) = client.send_request(request, false).unwrap();
        assert_eq!(response.await.unwrap().status(), status, "{uri} {origin:?}");
    }
}

#[tokio::test]
async fn a_page_over_http_is_not_of_a_host_over_https() {
    let http = ["Host: app.example", "Origin: http://app.example"];
    let https = ["Host: app.example", "Origin: https://app.example"];
    let told = ["Host: app.example", "Origin: http://app.example", "X-Forwarded-Proto: https"];

    let set = serve_plainly(&builder().https_origins_only().build()).await;
    let answer = shake(set, &http).await;
    assert_eq!(answer.status, 403);
    assert!(answer.error().contains("reached over https"), "{}", answer.error());
    assert_eq!(shake(set, &https).await.status, 101);

    let server = builder().trusted_proxies(["127.0.0.1"]).build();
    let behind_proxy = serve_with_peer(&server).await;
    assert_eq!(shake(behind_proxy, &told).await.status, 403);
    assert_eq!(shake(behind_proxy, &http).await.status, 101);
    // Headers from anybody but a proxy are ignored, and would not help a page, which cannot send this header.
    assert_eq!(shake(serve_with_peer(&builder().build()).await, &told).await.status, 101);
    // Behind several proxies, the first talks to the client. What reached a proxy over plain HTTP may have been TLS before
    // that, so `https` pages are let in.
    for (proto, origin, status) in [
        ("http", "https://app.example", 101),
        ("http, https", "http://app.example", 101),
        ("https, http", "http://app.example", 403),
        ("wss", "http://app.example", 403),
    ] {
        let headers =
            [&*format!("X-Forwarded-Proto: {proto}"), &*format!("Origin: {origin}"), "Host: app.example"];
        assert_eq!(shake(behind_proxy, &headers).await.status, status, "{headers:?}");
    }
}

/// A proxy that sends `backend:3000` as the host of requests for `app.example`.
#[tokio::test]
async fn the_host_is_what_a_trusted_proxy_was_asked_for() {
    let builder = || builder().allowed_hosts(["app.example"]);
    let rewritten = ["Host: backend:3000", "X-Forwarded-Host: app.example", "Origin: https://app.example"];
    let trusting = serve_with_peer(&builder().trusted_proxies(["127.0.0.0/8"]).build()).await;
    assert_eq!(shake(trusting, &rewritten).await.status, 101);
    let evil = ["Host: app.example", "X-Forwarded-Host: evil.example", "Origin: https://evil.example"];
    assert_eq!(shake(trusting, &evil).await.status, 421);
    // Without the header, `Host` it is.
    assert_eq!(shake(trusting, &["Host: app.example", "Origin: https://app.example"]).await.status, 101);
    assert_eq!(shake(trusting, &["Host: backend:3000"]).await.status, 421);
    // From anybody else the header is not read.
    for server in [builder().build(), builder().trusted_proxies(["10.0.0.0/8"]).build()] {
        let address = serve_with_peer(&server).await;
        assert_eq!(shake(address, &rewritten).await.status, 421);
        assert_eq!(shake(address, &evil).await.status, 403);
    }
    // Nor is the one of the other family.
    let forwarded = builder().trusted_proxies(["127.0.0.1"]).proxy_headers(ProxyHeaders::Forwarded).build();
    let address = serve_with_peer(&forwarded).await;
    assert_eq!(shake(address, &rewritten).await.status, 421);
    let forwarded = [
        "Host: backend",
        "Forwarded: for=192.0.2.1;host=app.example;proto=https",
        "Origin: https://app.example",
    ];
    assert_eq!(shake(address, &forwarded).await.status, 101);
    let http = [
        "Host: backend",
        "Forwarded: for=192.0.2.1;host=app.example;proto=https",
        "Origin: http://app.example",
    ];
    assert_eq!(shake(address, &http).await.status, 403);
}
