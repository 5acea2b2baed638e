//! The WebSocket side of the handshake (RFC 6455, section 4; RFC 8441 for HTTP/2).

use axum::{body::Body, response::Response};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header, request::Parts};
use sha1::{Digest, Sha1};

use super::answer;

/// A well-formed offer of a client to speak WebSocket.
#[derive(Debug)]
pub(super) enum Offer {
    /// HTTP/1.1: the answer to the client's key.
    Upgrade(HeaderValue),
    /// HTTP/2: extended CONNECT.
    Connect,
}

pub(super) fn check(parts: &Parts) -> Result<Offer, Response> {
    if parts.version >= Version::HTTP_2 {
        return check_connect(parts);
    }
    if parts.method != Method::GET {
        let mut response =
            answer::error(StatusCode::METHOD_NOT_ALLOWED, "a WebSocket handshake is a GET request");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET"));
        return Err(response);
    }
    if parts.version < Version::HTTP_11 {
        return Err(answer::error(
            StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            "a WebSocket handshake needs HTTP/1.1",
        ));
    }
    if !has_token(&parts.headers, &header::UPGRADE, "websocket")
        || !has_token(&parts.headers, &header::CONNECTION, "upgrade")
    {
        let mut response = answer::error(StatusCode::UPGRADE_REQUIRED, "connect with a WebSocket");
        let headers = response.headers_mut();
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        return Err(response);
    }
    check_version(&parts.headers)?;
    let key = parts.headers.get(header::SEC_WEBSOCKET_KEY).filter(|key| is_key(key.as_bytes()));
    let key = key.ok_or_else(|| {
        answer::error(StatusCode::BAD_REQUEST, "`Sec-WebSocket-Key` must be 16 bytes in base64")
    })?;
    Ok(Offer::Upgrade(accept(key.as_bytes())))
}

fn check_connect(parts: &Parts) -> Result<Offer, Response> {
    let protocol = parts.extensions.get::<hyper::ext::Protocol>().map(hyper::ext::Protocol::as_str);
    if parts.method != Method::CONNECT || protocol != Some("websocket") {
        return Err(answer::error(StatusCode::BAD_REQUEST, "connect with a WebSocket (extended CONNECT)"));
    }
    check_version(&parts.headers)?;
    Ok(Offer::Connect)
}

fn check_version(headers: &HeaderMap) -> Result<(), Response> {
    if headers.get(header::SEC_WEBSOCKET_VERSION).is_some_and(|version| version == "13") {
        return Ok(());
    }
    let mut response = answer::error(StatusCode::UPGRADE_REQUIRED, "`Sec-WebSocket-Version` must be 13");
    response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    Err(response)
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(token))
}

fn is_key(key: &[u8]) -> bool {
    let mut bytes = [0; 18];
    STANDARD.decode_slice(key, &mut bytes) == Ok(16)
}

/// The proof that this server understood the offer.
fn accept(key: &[u8]) -> HeaderValue {
    const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    let digest = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    HeaderValue::from_str(&STANDARD.encode(digest))
        .unwrap_or_else(|_| unreachable!("base64 is visible ASCII"))
}

impl Offer {
    pub(super) fn accept(self) -> Response {
        let mut response = Response::new(Body::empty());
        if let Self::Upgrade(accept) = self {
            *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
            let headers = response.headers_mut();
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
            headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn answer_to(
        change: impl FnOnce(http::request::Builder) -> http::request::Builder,
    ) -> Result<Offer, StatusCode> {
        let request = Request::get("/ws")
            .header("connection", "keep-alive, Upgrade")
            .header("upgrade", "WebSocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        let parts = change(request).body(()).unwrap().into_parts().0;
        check(&parts).map_err(|response| response.status())
    }

    #[test]
    fn the_example_of_the_rfc() {
        let offer = answer_to(|request| request).unwrap();
        let response = offer.accept();
        assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
        assert_eq!(response.headers()["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn what_is_wrong_has_its_status() {
        let refused =
            |change: fn(http::request::Builder) -> http::request::Builder| answer_to(change).unwrap_err();
        assert_eq!(refused(|r| r.method("POST")), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(refused(|r| r.version(Version::HTTP_10)), StatusCode::HTTP_VERSION_NOT_SUPPORTED);
        let without = |name: &'static str| {
            let mut request = Request::get("/ws");
            for (key, value) in [
                ("connection", "upgrade"),
                ("upgrade", "websocket"),
                ("sec-websocket-version", "13"),
                ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ] {
                if key != name {
                    request = request.header(key, value);
                }
            }
            check(&request.body(()).unwrap().into_parts().0).unwrap_err().status()
        };
        assert_eq!(without("connection"), StatusCode::UPGRADE_REQUIRED);
        assert_eq!(without("upgrade"), StatusCode::UPGRADE_REQUIRED);
        assert_eq!(without("sec-websocket-version"), StatusCode::UPGRADE_REQUIRED);
        assert_eq!(without("sec-websocket-key"), StatusCode::BAD_REQUEST);
    }

    #[test]
    fn a_key_is_16_bytes() {
        for key in
            ["", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "!AAAAAAAAAAAAAAAAAAAAA=="]
        {
            assert!(!is_key(key.as_bytes()), "{key}");
        }
    }
}
