//! The opening handshake of a WebSocket (RFC 6455, section 4).

use std::{error::Error as StdError, fmt, io};

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::{
    body::{Bytes, Incoming},
    client::conn::http1,
    upgrade::{self, Upgraded},
};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use zocket_wire::handshake::accept_key;

use crate::system::in_words;

/// How much of a refusal's body is read, in bytes: it has only a few sentences.
const MAX_REFUSAL: usize = 64 * 1024;

/// Why there is no WebSocket.
pub(super) enum Error {
    /// The server answered with something else, which begins like this.
    Refused { status: StatusCode, body: Bytes },
    /// It claims to agree, but does not.
    Broken(&'static str),
    /// There is no answer, or it is not HTTP.
    Http(hyper::Error),
    /// The system has no randomness.
    Random(getrandom::Error),
}

/// Asks for a WebSocket at `target` (path and query) of `host` (and port).
pub(super) async fn open<S>(stream: S, host: &str, target: &str) -> Result<TokioIo<Upgraded>, Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce)?;
    let key = STANDARD.encode(nonce);
    let request = Request::get(target)
        .header(header::HOST, host)
        .header(header::UPGRADE, "websocket")
        .header(header::CONNECTION, "Upgrade")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_KEY, &key)
        .header(header::USER_AGENT, concat!("zocket/", env!("CARGO_PKG_VERSION")))
        .body(Empty::<Bytes>::new())
        .map_err(|_| Error::Broken("its URL cannot be asked for by HTTP"))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection.with_upgrades());
    let response = sender.send_request(request).await?;
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Err(refused(response).await);
    }
    check(response.headers(), &accept_key(key.as_bytes())).map_err(Error::Broken)?;
    Ok(TokioIo::new(upgrade::on(response).await?))
}

async fn refused(response: Response<Incoming>) -> Error {
    let status = response.status();
    // A body that is too long or truncated explains nothing.
    let body = Limited::new(response.into_body(), MAX_REFUSAL).collect().await;
    Error::Refused { status, body: body.map(|body| body.to_bytes()).unwrap_or_default() }
}

/// What the server must answer (RFC 6455, section 4.1).
fn check(headers: &HeaderMap, accept: &str) -> Result<(), &'static str> {
    let says = |name: HeaderName, token: &str| {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(token))
    };
    if !says(header::UPGRADE, "websocket") || !says(header::CONNECTION, "upgrade") {
        return Err("it switches to another protocol than WebSocket");
    }
    if headers.get(header::SEC_WEBSOCKET_ACCEPT).is_none_or(|value| value != accept) {
        return Err("its Sec-WebSocket-Accept does not answer this handshake");
    }
    if headers.contains_key(header::SEC_WEBSOCKET_EXTENSIONS)
        || headers.contains_key(header::SEC_WEBSOCKET_PROTOCOL)
    {
        return Err("it agrees to an extension or a subprotocol that was not offered");
    }
    Ok(())
}

impl From<hyper::Error> for Error {
    fn from(error: hyper::Error) -> Self {
        Self::Http(error)
    }
}

impl From<getrandom::Error> for Error {
    fn from(error: getrandom::Error) -> Self {
        Self::Random(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { status, .. } => write!(f, "it answered {status}"),
            Self::Broken(why) => f.write_str(why),
            Self::Http(error) => match error.source().and_then(|source| source.downcast_ref::<io::Error>()) {
                Some(error) => f.write_str(&in_words(error)),
                None if error.is_parse() => write!(f, "its answer is not HTTP: {error}"),
                None => error.fmt(f),
            },
            Self::Random(error) => write!(f, "the system gives no randomness: {error}"),
        }
    }
}
