//! A connection to a zocket server.

use std::{borrow::Cow, io, time::Duration};

use futures_util::{SinkExt, StreamExt};
use http::Response;
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config,
    tungstenite::{Error, Message, Utf8Bytes, error::TlsError, protocol::CloseFrame},
};

use super::{ServerUrl, tls};
use crate::{
    report::{Failure, Result},
    source::in_words,
};

/// The version of the client whose protocol is spoken.
const CLIENT_VERSION: &str = "0.1.0";
/// A connection that is silent for so long is asked whether it still lives, and given up after as long again.
const SILENCE: Duration = Duration::from_secs(30);
/// How long a connection may take, the server's answer to it included.
const CONNECT: Duration = Duration::from_secs(30);
/// How long a goodbye may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// How to connect.
pub(crate) struct Connect<'c> {
    pub(crate) server: &'c ServerUrl,
    /// The handshake's headers, which go into the query as those of a browser do.
    pub(crate) headers: &'c [(String, String)],
    /// The hash of the contract that calls are checked against.
    pub(crate) contract: Option<&'c str>,
}

/// An open connection.
pub(crate) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    calls: u64,
    asked: bool,
}

/// What comes over a connection.
pub(crate) enum Told {
    Message(Utf8Bytes),
    /// The server has closed the connection, for this reason.
    Closed(String),
    /// The connection is gone without a word.
    Lost(String),
}

impl Socket {
    /// Connects.
    ///
    /// # Errors
    /// The server is not there, or refuses: then its answer, in words.
    pub(crate) async fn open(connect: &Connect<'_>) -> Result<Self> {
        let own = [("x-zocket-version", Some(CLIENT_VERSION)), ("x-zocket-contract", connect.contract)];
        let own = own.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let headers = connect.headers.iter().map(|(name, value)| (&**name, &**value));
        let url = connect.server.websocket_url(own.chain(headers));
        let connector = if url.starts_with("wss:") {
            let config = tls::for_websockets()
                .map_err(|error| Failure::unreachable(format_args!("no TLS: {error}")))?;
            Connector::Rustls(config)
        } else {
            Connector::Plain
        };
        let shown = connect.server.shown();
        let opened = timeout(CONNECT, connect_async_tls_with_config(url, None, true, Some(connector))).await;
        let opened = opened.map_err(|_| {
            Failure::unreachable(format_args!(
                "cannot reach {shown}: no answer within {} s",
                CONNECT.as_secs()
            ))
        })?;
        let (stream, _) = opened.map_err(|error| not_opened(&shown, error))?;
        Ok(Self { stream, calls: 0, asked: false })
    }

    /// Sends a call. Its answer has the id that this gives back.
    ///
    /// # Errors
    /// The connection is gone.
    pub(crate) async fn call(&mut self, route: &str, payload: Option<&str>) -> Result<String> {
        self.calls += 1;
        let id = self.calls.to_string();
        let route = Value::from(route);
        // The text of the payload goes out as it was given: to the last digit.
        let message = match payload {
            Some(payload) => format!(r#"{{"type":{route},"payload":{payload},"rpcId":"{id}"}}"#),
            None => json!({"type": route, "rpcId": id}).to_string(),
        };
        let sent = self.stream.send(Message::text(message)).await;
        sent.map_err(|error| Failure::unreachable(format_args!("the call was not sent: {error}")))?;
        Ok(id)
    }

    /// What comes next. Cancellation loses nothing.
    pub(crate) async fn next(&mut self) -> Told {
        loop {
            match timeout(SILENCE, self.stream.next()).await {
                Ok(Some(Ok(message))) => {
                    self.asked = false;
                    match message {
                        Message::Text(text) => return Told::Message(text),
                        Message::Close(frame) => return Told::Closed(closed(frame.as_ref())),
                        // Pings are answered by the library.
                        _ => {}
                    }
                }
                Ok(Some(Err(error))) => return Told::Lost(socket_error(&error)),
                Ok(None) => return Told::Lost("the connection was cut off".into()),
                Err(_) if self.asked => {
                    return Told::Lost(format!("nothing was heard for {} s", 2 * SILENCE.as_secs()));
                }
                Err(_) => {
                    self.asked = true;
                    // Where this fails, the next read says so.
                    let _ = self.stream.send(Message::Ping(Default::default())).await;
                }
            }
        }
    }

    /// Says goodbye.
    pub(crate) async fn close(mut self) {
        let farewell = async {
            self.stream.close(None).await?;
            while let Some(message) = self.stream.next().await {
                message?;
            }
            Ok::<(), Error>(())
        };
        // What was wanted is there already: nobody asks how well this went.
        let _ = timeout(FAREWELL, farewell).await;
    }
}

fn not_opened(url: &str, error: Error) -> Failure {
    match error {
        Error::Http(response) => refused(url, &response),
        Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            Failure::unreachable(format_args!("cannot reach {url}: {}", in_words(&error)))
                .help("is the server running, and the port right?")
        }
        error => Failure::unreachable(format_args!("cannot reach {url}: {}", socket_error(&error))),
    }
}

/// A handshake that was answered with something else than a WebSocket.
fn refused(url: &str, response: &Response<Option<Vec<u8>>>) -> Failure {
    let status = response.status();
    let body = String::from_utf8_lossy(response.body().as_deref().unwrap_or_default());
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    let mut message = format!("{url} refused the connection: {status}");
    if let Some(error) = body["error"].as_str() {
        message.push_str(&format!(": {error}"));
    }
    for issue in body["details"].as_array().into_iter().flatten() {
        let text = |key: &str| issue[key].as_str().unwrap_or_default();
        message.push_str(&format!("\n  {}: {}", text("path").trim_start_matches('/'), text("message")));
    }
    let failure = Failure::no(message);
    match status.as_u16() {
        400 => failure.help("give the handshake's headers with --header name=value"),
        401 | 403 => failure.help("who you are goes into a header, as --header authorization=…"),
        404 => failure.help("give the path of the WebSocket too, as ws://127.0.0.1:3000/ws"),
        426 if body.get("contract").is_some() => failure
            .help("the contract that was given is not the server's: leave --contract out, or fetch it anew"),
        status if status < 400 => {
            failure.help("give the path of the WebSocket too, as ws://127.0.0.1:3000/ws")
        }
        _ => failure,
    }
}

/// A close frame in words.
fn closed(frame: Option<&CloseFrame>) -> String {
    let Some(frame) = frame else { return "the server closed the connection".into() };
    let code = u16::from(frame.code);
    let meaning = match code {
        1000 => "done",
        1001 => "it is going away",
        1008 => "its policy was violated",
        1009 => "a message was too large",
        1011 => "it met an error",
        1012 => "it is restarting",
        1013 => "try again later",
        4000..=4999 => "a reason of the application's own",
        _ => "",
    };
    let mut text = format!("the server closed the connection: {code}");
    let reason = match &*frame.reason {
        "" => Cow::Borrowed(meaning),
        reason => Cow::Owned(reason.to_owned()),
    };
    if !reason.is_empty() {
        text.push_str(&format!(" ({reason})"));
    }
    text
}

fn socket_error(error: &Error) -> String {
    match error {
        Error::Io(error) => in_words(error),
        Error::Tls(TlsError::InvalidDnsName) => "its host cannot be in a certificate".into(),
        other => other.to_string(),
    }
}
