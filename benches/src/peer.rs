//! What all peers have in common: settings, threads, messages.

use std::{env, fmt::Display, future::Future, sync::Arc};

use axum::serve::ListenerExt;
use serde::{Deserialize, Serialize};
use tokio_rustls::rustls::{ServerConfig, pki_types::PrivateKeyDer};

use crate::listener::TlsListener;

/// `PORT`, or any free one.
#[must_use]
pub fn port() -> u16 {
    env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(0)
}

/// Whether a variable is set to 1.
#[must_use]
pub fn asked_for(variable: &str) -> bool {
    env::var(variable).is_ok_and(|value| value == "1")
}

/// Tells the comparison that it can start, and where.
pub fn listening(address: impl Display) {
    println!("listening on http://{address}");
}

/// Runs a server on as many threads as `WORKERS` says.
///
/// # Panics
/// When the runtime cannot be made.
pub fn run<F: Future>(server: F) -> F::Output {
    let workers = env::var("WORKERS").ok().and_then(|workers| workers.parse().ok()).unwrap_or(1);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build();
    runtime.expect("a tokio runtime").block_on(server)
}

/// Serves on `PORT`, with `TCP_NODELAY`: without it, which is axum's default, a reply after a broadcast waits 40 ms.
/// With `TLS=1`, under TLS, through the listener of `examples/tls.rs`.
///
/// # Panics
/// When the port is taken.
pub async fn serve(http: axum::Router) {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port())).await.expect("a free port");
    listening(listener.local_addr().expect("an address"));
    if asked_for("TLS") {
        let tls = TlsListener::new(listener, Arc::new(tls_config())).expect("an address");
        return axum::serve(tls, http).await.expect("serving does not end");
    }
    let listener = listener.tap_io(|socket| {
        let _ = socket.set_nodelay(true);
    });
    axum::serve(listener, http).await.expect("serving does not end");
}

/// With a certificate made now, for nobody to trust.
fn tls_config() -> ServerConfig {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder().with_no_client_auth();
    config.with_single_cert(vec![made.cert.der().clone()], key).expect("the key is the certificate's")
}

#[derive(Clone, Deserialize, Serialize)]
pub struct Text {
    pub text: String,
}

/// A message from a client, for peers that read JSON with serde.
#[derive(Deserialize)]
pub struct Call<'a> {
    #[serde(rename = "type")]
    pub route: &'a str,
    pub payload: Text,
    #[serde(rename = "rpcId")]
    pub rpc_id: &'a str,
}

/// A message to a client.
#[derive(Serialize)]
pub struct Outgoing<'a> {
    #[serde(rename = "type")]
    pub route: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<&'a Text>,
    #[serde(rename = "rpcId", skip_serializing_if = "Option::is_none")]
    pub rpc_id: Option<&'a str>,
}

impl Outgoing<'_> {
    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What a message causes: the broadcast, where it announces something, and the reply.
#[must_use]
pub fn answer(message: &str) -> Option<(Option<String>, String)> {
    let Call { route, payload, rpc_id } = serde_json::from_str(message).ok()?;
    let reply = |payload| Outgoing { route: "__rpc_res", payload, rpc_id: Some(rpc_id) }.to_json();
    match route {
        "system.announce" => {
            let event = Outgoing { route: "system.announcement", payload: Some(&payload), rpc_id: None };
            Some((Some(event.to_json()), reply(None)))
        }
        "echo.say" => Some((None, reply(Some(&payload)))),
        _ => None,
    }
}

/// The answer to a WebSocket handshake, once all of the request is there.
#[must_use]
pub fn upgrade(request: &[u8]) -> Option<Vec<u8>> {
    let head = std::str::from_utf8(request).ok()?.strip_suffix("\r\n\r\n")?;
    let key = head.lines().filter_map(|line| line.split_once(": "));
    let (_, key) = key.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-key"))?;
    let accept = tungstenite::handshake::derive_accept_key(key.as_bytes());
    let answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade";
    Some(format!("{answer}\r\nSec-WebSocket-Accept: {accept}\r\n\r\n").into_bytes())
}
