//! HTTP answers to handshakes that are refused.

use axum::{body::Body, response::Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::contract::schema::Issue;

pub(super) fn json(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

pub(super) fn error(status: StatusCode, message: &str) -> Response {
    json(status, &json!({"error": message}))
}

pub(super) fn invalid_headers(issues: &[Issue]) -> Response {
    json(StatusCode::BAD_REQUEST, &json!({"error": "Invalid headers", "details": issues}))
}
