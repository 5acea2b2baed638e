//! HTTP answers to requests that are no WebSocket handshakes.

use axum::{body::Body, response::Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

pub(super) fn error(status: StatusCode, message: &str) -> Response {
    let mut response = Response::new(Body::from(json!({"error": message}).to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
