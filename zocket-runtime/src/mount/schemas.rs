//! The contract's schemas over HTTP, each at an address of its own.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::Request,
    response::Response,
    routing::{MethodRouter, get},
};
use http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value, json};
use zocket_contract::reference::percent_decode;

use super::document::{Document, JSON, JSON_SCHEMA};
use crate::{
    contract::{Contract, Part, SchemaName},
    dispatch::App,
};

/// The name of the contract's own schema. It cannot clash with a route's, since those contain a slash.
const META: &str = "contract";

/// Handles all paths below the one where it is nested.
pub(super) fn route(app: Arc<App>) -> MethodRouter {
    let index = Document::json(&index(&app.contract), JSON);
    get(move |request: Request| {
        let response = answer(&app.contract, &index, request.uri().path(), request.headers());
        std::future::ready(response)
    })
}

fn answer(contract: &Contract, index: &Document, path: &str, headers: &HeaderMap) -> Response {
    let wanted = percent_decode(path.trim_matches('/'));
    if wanted.is_empty() {
        return index.answer(headers);
    }
    if wanted == META {
        return Document::json(Contract::meta_schema(), JSON_SCHEMA).answer(headers);
    }
    let found = contract.schema_names().find(|name| name.to_string() == wanted);
    match found.and_then(|name| contract.schema(name)) {
        Some(schema) => Document::json(&schema, JSON_SCHEMA).answer(headers),
        None => missing(contract),
    }
}

/// Says that there is no such schema, and lists those that exist.
fn missing(contract: &Contract) -> Response {
    let names: Vec<String> = contract.schema_names().map(|name| name.to_string()).collect();
    let body = json!({"error": "there is no such schema", "schemas": names});
    let mut response = Response::new(Body::from(format!("{body:#}\n")));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// The index, by route. Addresses are relative to that of the index with a trailing slash.
fn index(contract: &Contract) -> Value {
    let mut routes: Vec<Map<String, Value>> = Vec::new();
    for route in contract.routes() {
        let entry = [("route", route.name()), ("direction", route.direction().as_str())];
        routes.push(entry.map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect());
    }
    let mut index = json!({"hash": contract.hash(), "contract": META});
    for name in contract.schema_names() {
        let address = encode(&name.to_string());
        let SchemaName::Message { route, part } = name else {
            index["headers"] = address.into();
            continue;
        };
        let is_its = |entry: &&mut Map<String, Value>| {
            entry["route"] == route && entry["direction"] == part.direction().as_str()
        };
        let Some(entry) = routes.iter_mut().find(is_its) else { continue };
        match part {
            Part::Error(code) => entry.entry("errors").or_insert_with(|| json!({}))[code] = address.into(),
            part => drop(entry.insert(part.to_string(), address.into())),
        }
    }
    index["routes"] = routes.into_iter().map(Value::Object).collect();
    index.sort_all_objects();
    index
}

fn encode(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
