//! From a URL to an open WebSocket.

use std::{io, sync::Arc, time::Duration};

use http::StatusCode;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, client::TlsStream, rustls::pki_types::ServerName};
use zocket_wire::CLIENT_VERSION;

use super::{ServerUrl, handshake, tls};
use crate::{
    report::{Failure, Result},
    system::in_words,
};

/// How long connecting may take, including the server's answer.
const WITHIN: Duration = Duration::from_secs(30);

/// How to connect.
pub(crate) struct Connect<'c> {
    pub(crate) server: &'c ServerUrl,
    /// The handshake's headers, which are sent in the query, as from a browser.
    pub(crate) headers: &'c [(String, String)],
    /// The hash of the contract that calls are checked against.
    pub(crate) contract: Option<&'c str>,
}

impl Connect<'_> {
    /// Connects.
    ///
    /// # Errors
    /// The server cannot be reached, or refuses; then the error has its answer as text.
    pub(super) async fn open(&self) -> Result<TokioIo<Upgraded>> {
        let shown = self.server.shown();
        let opened = timeout(WITHIN, self.stream()).await;
        let opened = opened.map_err(|_| {
            Failure::unreachable(format_args!(
                "cannot reach {shown}: no answer within {} s",
                WITHIN.as_secs()
            ))
        })?;
        opened.map_err(|error| not_opened(&shown, error))
    }

    /// At the first place where there is a WebSocket. What the first place says is told, where there is none.
    async fn stream(&self) -> Result<TokioIo<Upgraded>, Error> {
        let own = [("x-zocket-version", Some(CLIENT_VERSION)), ("x-zocket-contract", self.contract)];
        let own = own.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let headers = self.headers.iter().map(|(name, value)| (&**name, &**value));
        let mut first = None;
        for target in self.server.websocket_targets(own.chain(headers)) {
            match self.stream_at(&target).await {
                Err(Error::Handshake(handshake::Error::Refused { status, body }))
                    if matches!(status.as_u16(), 200..=399 | 404 | 405) =>
                {
                    first.get_or_insert(handshake::Error::Refused { status, body });
                }
                done => return done,
            }
        }
        Err(first.map_or(Error::NotCertifiable, Error::Handshake))
    }

    async fn stream_at(&self, target: &str) -> Result<TokioIo<Upgraded>, Error> {
        let host = self.server.host();
        let tcp = TcpStream::connect((host, self.server.port())).await?;
        // A call is one small write, and should not be delayed.
        tcp.set_nodelay(true)?;
        let authority = self.server.authority();
        Ok(if self.server.is_secure() {
            handshake::open(encrypted(tcp, host).await?, authority, target).await?
        } else {
            handshake::open(tcp, authority, target).await?
        })
    }
}

async fn encrypted(tcp: TcpStream, host: &str) -> Result<TlsStream<TcpStream>, Error> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Error::NotCertifiable)?;
    let config = tls::for_websockets().map_err(Error::Tls)?;
    Ok(TlsConnector::from(Arc::clone(&config)).connect(name, tcp).await?)
}

/// Why there is no connection.
enum Error {
    Io(io::Error),
    Tls(rustls::Error),
    /// The host's name is not valid in a certificate.
    NotCertifiable,
    Handshake(handshake::Error),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<handshake::Error> for Error {
    fn from(error: handshake::Error) -> Self {
        Self::Handshake(error)
    }
}

fn not_opened(url: &str, error: Error) -> Failure {
    let why = match error {
        Error::Handshake(handshake::Error::Refused { status, body }) => return refused(url, status, &body),
        Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            return Failure::unreachable(format_args!("cannot reach {url}: {}", in_words(&error)))
                .help("is the server running, and the port right?");
        }
        Error::Io(error) => {
            let failure = Failure::unreachable(format_args!("cannot reach {url}: {}", in_words(&error)));
            return match tls::help(&error) {
                Some(help) => failure.help(help),
                None => failure,
            };
        }
        Error::Tls(error) => format!("no TLS: {error}"),
        Error::NotCertifiable => "its host cannot be in a certificate".into(),
        Error::Handshake(error) => error.to_string(),
    };
    Failure::unreachable(format_args!("cannot reach {url}: {why}"))
}

/// A handshake that was answered with something other than a WebSocket.
fn refused(url: &str, status: StatusCode, body: &[u8]) -> Failure {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
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
        404 => failure.help(
            "give the path of the WebSocket too, as ws://127.0.0.1:3000/ws or https://example.com/app/",
        ),
        426 if body.get("contract").is_some() => failure
            .help("the contract that was given is not the server's: leave --contract out, or fetch it anew"),
        status if status < 400 => {
            failure.help("give the path of the WebSocket too, as ws://127.0.0.1:3000/ws")
        }
        _ => failure,
    }
}
