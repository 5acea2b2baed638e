//! Documents over HTTP: served with a validator, so a client that has one only asks whether it has changed.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;
use sha1::{Digest, Sha1};

pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");
pub(super) const JSON_SCHEMA: HeaderValue = HeaderValue::from_static("application/schema+json");

/// A document that many clients ask for.
#[derive(Clone)]
pub(super) struct Document {
    text: Bytes,
    kind: HeaderValue,
    etag: HeaderValue,
}

impl Document {
    pub(super) fn new(text: impl Into<Bytes>, kind: HeaderValue) -> Self {
        let text = text.into();
        Self { etag: etag(&text), text, kind }
    }

    pub(super) fn json(value: &Value, kind: HeaderValue) -> Self {
        Self::new(format!("{value:#}\n"), kind)
    }

    /// The document, or 304 for clients that have it. Anybody may cache it but must revalidate it each time: an
    /// updated server has a different one.
    pub(super) fn answer(&self, request: &HeaderMap) -> Response {
        let is_had = is_had(request, &self.etag);
        let mut response = Response::new(if is_had { Body::empty() } else { Body::from(self.text.clone()) });
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if is_had {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            headers.insert(header::CONTENT_TYPE, self.kind.clone());
        }
        response
    }
}

/// A strong validator: the same for the same bytes, on every server behind a load balancer.
fn etag(text: &[u8]) -> HeaderValue {
    use std::fmt::Write as _;
    let mut tag = String::with_capacity(42);
    tag.push('"');
    for byte in Sha1::digest(text) {
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether `If-None-Match` names the tag (RFC 9110, 13.1.2: compared weakly).
fn is_had(request: &HeaderMap, etag: &HeaderValue) -> bool {
    let lines = request.get_all(header::IF_NONE_MATCH).iter();
    lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == etag.as_bytes()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_it_is_told_so() {
        let document = Document::new("{}", JSON);
        let status = |line: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(line) = line {
                headers.insert(header::IF_NONE_MATCH, line.parse().unwrap());
            }
            document.answer(&headers).status()
        };
        let etag = document.etag.to_str().unwrap().to_owned();
        assert_eq!(etag.len(), 42);
        assert_eq!(status(None), StatusCode::OK);
        assert_eq!(status(Some("\"other\"")), StatusCode::OK);
        assert_eq!(status(Some(etag.trim_matches('"'))), StatusCode::OK);
        for line in [etag.clone(), format!("W/{etag}"), format!("\"x\" , {etag}"), "*".to_owned()] {
            assert_eq!(status(Some(&line)), StatusCode::NOT_MODIFIED, "{line}");
        }
        assert_ne!(Document::new("{} ", JSON).etag, document.etag);
    }
}
