//! HTTP/1.1 in memory: a request with an upgrade, through an application of axum.

use std::{
    convert::Infallible,
    sync::{Arc, OnceLock},
};

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    response::Response,
};
use http::{Extensions, HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use hyper::{body::Incoming, upgrade::Upgraded};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tower_service::Service;

use super::waiting::Outcome;
use crate::{connection::ConnLink, error::BoxFuture, upgrade::Witness};

/// What the application answers.
pub(super) enum Answer {
    Upgraded(Arc<ConnLink>, TokioIo<Upgraded>),
    /// The status and the body.
    Refused(u16, Value),
}

/// Sends the request of a handshake, and waits for the answer.
pub(super) async fn upgrade(
    app: axum::Router,
    mut parts: Parts,
    mut extensions: Extensions,
) -> Outcome<Answer> {
    handshake(&mut parts.headers);
    let accepted = Arc::new(OnceLock::new());
    extensions.insert(Witness(Arc::clone(&accepted)));
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let service = Told { app, extensions };
    let served = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(theirs), service);
    tokio::spawn(served.with_upgrades());
    let failed = |error: hyper::Error| format!("the application did not answer the handshake: {error}");
    let (mut requests, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(ours)).await.map_err(failed)?;
    tokio::spawn(connection.with_upgrades());
    let answer = requests.send_request(Request::from_parts(parts, Body::empty())).await.map_err(failed)?;
    if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Ok(refused(answer).await);
    }
    let link = accepted.get().cloned().ok_or_else(|| {
        "the application switched protocols, but not by a zocket server's route\nhelp: this needs the route of a server in this \
         process, whose request still has its extensions"
            .to_owned()
    })?;
    let stream = hyper::upgrade::on(answer).await.map_err(failed)?;
    Ok(Answer::Upgraded(link, TokioIo::new(stream)))
}

/// The headers of a handshake (RFC 6455, 4.1), where the test does not say otherwise.
fn handshake(headers: &mut HeaderMap) {
    let own = [
        (header::CONNECTION, "Upgrade"),
        (header::UPGRADE, "websocket"),
        (header::SEC_WEBSOCKET_VERSION, "13"),
        (header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    for (name, value) in own {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

async fn refused(answer: hyper::Response<Incoming>) -> Answer {
    let status = answer.status().as_u16();
    let body = to_bytes(Body::new(answer.into_body()), usize::MAX).await.unwrap_or_default();
    let text = || Value::String(String::from_utf8_lossy(&body).into_owned());
    Answer::Refused(status, serde_json::from_slice(&body).unwrap_or_else(|_| text()))
}

/// The application, whose requests come with what a listener would tell of their connection.
struct Told {
    app: axum::Router,
    extensions: Extensions,
}

impl hyper::service::Service<http::Request<Incoming>> for Told {
    type Response = Response;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, request: http::Request<Incoming>) -> Answering {
        let mut request = request.map(Body::new);
        request.extensions_mut().extend(self.extensions.clone());
        // A router is always ready.
        let mut app = self.app.clone();
        Box::pin(async move { app.call(request).await })
    }
}

/// What the application answers.
type Answering = BoxFuture<Result<Response, Infallible>>;
