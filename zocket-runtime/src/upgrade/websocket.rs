//! The WebSocket side of the handshake (RFC 6455, section 4; RFC 8441 for HTTP/2).

use axum::{body::Body, response::Response};
use base64::{
    Engine, alphabet,
    engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header, request::Parts};

use crate::target;
use crate::{config::Authority, error::Reject, wire::handshake::accept_key};

/// A client's well-formed WebSocket request.
#[derive(Debug)]
pub(super) enum Offer {
    /// HTTP/1.1: the answer to the client's key.
    Upgrade(HeaderValue),
    /// HTTP/2: extended CONNECT.
    Connect,
}

/// Checks a request against the RFC.
pub(super) fn check(parts: &Parts) -> Result<Offer, Reject> {
    let checked = if parts.version >= Version::HTTP_2 { check_connect(parts) } else { check_upgrade(parts) };
    if let Err(reject) = &checked {
        let why = reject.body()["error"].as_str();
        tracing::debug!(target: target::HANDSHAKE, status = reject.status().as_u16(), why, "handshake refused: not one of a WebSocket");
    }
    checked
}

fn check_upgrade(parts: &Parts) -> Result<Offer, Reject> {
    let headers = &parts.headers;
    if parts.method != Method::GET {
        return Err(Reject::new(StatusCode::METHOD_NOT_ALLOWED)
            .with_message("a WebSocket handshake is a GET request")
            .with_header(header::ALLOW, HeaderValue::from_static("GET")));
    }
    if parts.version < Version::HTTP_11 {
        return Err(Reject::new(StatusCode::HTTP_VERSION_NOT_SUPPORTED)
            .with_message("a WebSocket handshake needs HTTP/1.1"));
    }
    // RFC 9112, 3.2: exactly one, and a valid one. An empty one is valid: a client without a host name sends
    // that.
    let host = single(headers, &header::HOST)?.ok_or_else(|| bad_request("there is no `Host`"))?;
    if !host.is_empty() && authority(host).is_none() {
        return Err(bad_request("`Host` must be a host, and a port if need be"));
    }
    if !has_token(headers, &header::UPGRADE, "websocket")
        || !has_token(headers, &header::CONNECTION, "upgrade")
    {
        return Err(Reject::new(StatusCode::UPGRADE_REQUIRED)
            .with_message("connect with a WebSocket")
            .with_header(header::CONNECTION, HeaderValue::from_static("upgrade")));
    }
    check_version(headers)?;
    let key = single(headers, &header::SEC_WEBSOCKET_KEY)?.filter(|key| is_key(key.as_bytes()));
    let key = key.ok_or_else(|| bad_request("`Sec-WebSocket-Key` must be 16 bytes in base64"))?;
    // Frames follow the request. A body could be mistaken for them.
    let is_zero = |length: &HeaderValue| length == "0";
    if headers.contains_key(header::TRANSFER_ENCODING)
        || !headers.get_all(header::CONTENT_LENGTH).iter().all(is_zero)
    {
        return Err(bad_request("a WebSocket handshake has no body"));
    }
    Ok(Offer::Upgrade(accept(key.as_bytes())))
}

/// RFC 8441, 5. There is no key: HTTP/2 itself shows that both ends mean it.
fn check_connect(parts: &Parts) -> Result<Offer, Reject> {
    let protocol = parts.extensions.get::<hyper::ext::Protocol>().map(hyper::ext::Protocol::as_str);
    if parts.method != Method::CONNECT || protocol != Some("websocket") {
        return Err(bad_request("connect with a WebSocket (extended CONNECT)"));
    }
    let target = parts.uri.authority().and_then(|authority| Authority::parse(authority.as_str()));
    let target = target.ok_or_else(|| bad_request("`:authority` must be a host, and a port if need be"))?;
    // RFC 9113, 8.3.1: two different names for the server are not allowed.
    if single(&parts.headers, &header::HOST)?.is_some_and(|host| authority(host).as_ref() != Some(&target)) {
        return Err(bad_request("`Host` is not what `:authority` says"));
    }
    check_version(&parts.headers)?;
    Ok(Offer::Connect)
}

fn check_version(headers: &HeaderMap) -> Result<(), Reject> {
    if single(headers, &header::SEC_WEBSOCKET_VERSION)?.is_some_and(|version| version == "13") {
        return Ok(());
    }
    Err(Reject::new(StatusCode::UPGRADE_REQUIRED)
        .with_message("`Sec-WebSocket-Version` must be 13")
        .with_header(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13")))
}

fn bad_request(message: impl Into<String>) -> Reject {
    Reject::new(StatusCode::BAD_REQUEST).with_message(message)
}

/// The value of a header that must not be repeated, whatever the second one says: two readers of the request could each
/// believe a different one.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, Reject> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => {
            let names = [header::HOST, header::SEC_WEBSOCKET_KEY, header::SEC_WEBSOCKET_VERSION];
            let written = ["Host", "Sec-WebSocket-Key", "Sec-WebSocket-Version"];
            let name = names.iter().position(|own| own == name).map_or(name.as_str(), |at| written[at]);
            Err(bad_request(format!("there is more than one `{name}`")))
        }
    }
}

fn authority(host: &HeaderValue) -> Option<Authority> {
    Authority::parse(host.to_str().ok()?)
}

/// Whether a list contains a word. Several lines form one list.
fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    let mut parts =
        headers.get_all(name).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    parts.any(|part| part.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
}

/// Whether it is 16 bytes in base64. Unused bits of the last character may be set, as in the RFC's own example (4.1), since
/// the key is never decoded.
fn is_key(key: &[u8]) -> bool {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
    );
    let mut bytes = [0; 18];
    LENIENT.decode_slice(key, &mut bytes) == Ok(16)
}

/// The proof that this server understood the request.
fn accept(key: &[u8]) -> HeaderValue {
    HeaderValue::from_str(&accept_key(key)).unwrap_or_else(|_| unreachable!("base64 is visible ASCII"))
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
            .header("host", "app.example")
            .header("connection", "keep-alive, Upgrade")
            .header("upgrade", "WebSocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        let parts = change(request).body(()).unwrap().into_parts().0;
        check(&parts).map_err(|reject| reject.status())
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
                ("host", "app.example"),
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
        assert_eq!(without("host"), StatusCode::BAD_REQUEST);
        assert_eq!(without("connection"), StatusCode::UPGRADE_REQUIRED);
        assert_eq!(without("upgrade"), StatusCode::UPGRADE_REQUIRED);
        assert_eq!(without("sec-websocket-version"), StatusCode::UPGRADE_REQUIRED);
        assert_eq!(without("sec-websocket-key"), StatusCode::BAD_REQUEST);
    }

    #[test]
    fn a_key_is_16_bytes() {
        for key in [
            "dGhlIHNhbXBsZSBub25jZQ==",
            "AQIDBAUGBwgJCgsMDQ4PEC==",
            "//////////////////////==",
            "++++++++++++++++++++++==",
        ] {
            assert!(is_key(key.as_bytes()), "{key}");
        }
        for key in
            ["", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "!AAAAAAAAAAAAAAAAAAAAA=="]
        {
            assert!(!is_key(key.as_bytes()), "{key}");
        }
    }
}
