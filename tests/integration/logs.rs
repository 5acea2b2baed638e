//! The log: each fault once, and nothing that a client sent.

use std::{cell::RefCell, io, sync::Once};

use serde_json::json;
use tracing::Level;
use zocket::{Server, testing::connect};

#[zocket::router]
mod app {
    use zocket::{Ctx, Error, Reject};

    #[headers]
    pub struct Headers {
        pub token: String,
        #[schemars(length(max = 3))]
        pub plan: Option<String>,
    }

    #[context]
    pub struct Session {
        pub token: String,
    }

    #[on_connect]
    async fn connect(headers: Headers) -> Result<Session, Reject> {
        if headers.plan.as_deref() == Some("no") {
            return Err(Reject::forbidden());
        }
        Ok(Session { token: headers.token })
    }

    #[on_disconnect]
    async fn gone(_ctx: Ctx<Session>) {
        panic!("in on_disconnect");
    }

    #[middleware]
    async fn panics(_ctx: Ctx<Session>) -> Result<u32, Error> {
        panic!("in a middleware");
    }

    #[payload]
    pub struct Say {
        #[schemars(length(max = 3))]
        pub text: String,
    }

    #[incoming]
    async fn say(_input: Say) -> Result<(), Error> {
        Err(Error::forbidden())
    }

    #[incoming]
    async fn through(#[from(panics)] value: u32) -> u32 {
        value
    }
}

thread_local! {
    /// What is logged on the thread of a test here: each test has its own thread.
    static LOG: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Collects what is logged on this thread.
pub(crate) struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.as_mut().map(|log| log.extend_from_slice(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// One subscriber serves the whole process: temporary ones would race with other tests' threads for the call-site
    /// cache of `tracing`.
    pub(crate) fn start() -> Self {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            tracing_subscriber::fmt()
                .with_max_level(Level::TRACE)
                .with_ansi(false)
                .with_writer(|| Log)
                .init();
        });
        LOG.set(Some(Vec::new()));
        Self
    }

    /// zocket's lines since the last call. Each has one of the documented targets.
    pub(crate) fn take(&self) -> Vec<String> {
        let bytes = LOG.replace(Some(Vec::new())).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        const TARGETS: [&str; 5] = ["handshake", "connection", "call", "send", "server"];
        let lines: Vec<String> =
            text.lines().filter(|line| line.contains("zocket")).map(str::to_owned).collect();
        for line in &lines {
            let has = |target: &&str| line.contains(&format!(" zocket::{target}: "));
            assert!(TARGETS.iter().any(has), "an undocumented target: {line}");
        }
        lines
    }
}

#[tokio::test]
async fn each_fault_is_logged_once_and_without_what_the_client_sent() {
    let log = Log::start();
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).header("token", "s3cret-token").await.unwrap();
    client.drain().await;
    log.take();
    let cases = [
        ("s3cret", "bad message"),
        (r#"{"type":"s3cret"}"#, "unknown route"),
        (r#"{"type":"say","payload":{"text":"s3cret"},"rpcId":"s3cret"}"#, "INVALID_PAYLOAD"),
        (r#"{"type":"say","payload":{"s3cret":1}}"#, "INVALID_PAYLOAD"),
        (r#"{"type":"say","payload":{"text":"abc"},"s3cret":1}"#, "FORBIDDEN"),
        (r#"{"type":"through","payload":"s3cret"}"#, "in a middleware"),
    ];
    for (text, what) in cases {
        client.send_text(text).await;
        client.next_message().await;
        client.drain().await;
        let lines = log.take();
        assert_eq!(lines.len(), 1, "{text}: {lines:#?}");
        assert!(lines[0].contains(what), "{text}: {lines:?}");
        assert!(!lines[0].contains("s3cret"), "{lines:?}");
    }
    client.send_bytes(b"\xf1\x80\0\0\0\0").await;
    client.closed().await;
    client.hang_up().await;
    let lines = log.take();
    assert!(lines.iter().any(|line| line.contains("protocol error")), "{lines:#?}");
    assert!(
        lines.iter().any(|line| line.contains("in on_disconnect")),
        "a hook's panic is logged: {lines:#?}"
    );
    assert_eq!(server.connection_count(), 0, "and the connection is gone all the same");
    assert!(lines.iter().all(|line| !line.contains("s3cret")), "{lines:#?}");
}

#[tokio::test]
async fn a_refused_handshake_is_logged_once_and_without_its_headers() {
    let log = Log::start();
    let server = Server::builder(app::router()).build();
    let with = |plan: &'static str| connect(&server).header("token", "s3cret").header("plan", plan);
    for (connecting, what) in [
        (connect(&server), "invalid headers"),
        (with("s3cret"), "invalid headers"),
        (with("no"), "refused"),
        (
            with("yes").http_header("origin", "https://evil.example"),
            "another origin origin=https://evil.example",
        ),
    ] {
        connecting.await.unwrap_err();
        let lines = log.take();
        assert_eq!(lines.len(), 1, "{what}: {lines:#?}");
        assert!(lines[0].contains(what) && !lines[0].contains("s3cret"), "{lines:?}");
    }
}

#[tokio::test]
async fn a_panic_in_a_middleware_is_internal_to_the_client() {
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).header("token", "t").await.unwrap();
    let error = client.call::<u32>("through", &json!(null)).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.message.as_str()), ("INTERNAL", "internal error"));
    assert_eq!(client.call::<u32>("nowhere", &()).await.unwrap_err().code, "UNKNOWN_ROUTE", "it lives on");
}
