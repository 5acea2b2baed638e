//! The handshake's "headers": HTTP headers and query parameters in one map.
//!
//! A browser cannot set headers on a WebSocket, so clients send theirs as query parameters, which win.

use http::request::Parts;
use serde_json::{Map, Value};

use crate::dispatch::HeadersSchema;

/// The map, with the values that the schema wants as numbers or booleans read as such: on the wire all are strings.
pub(super) fn merge(parts: &Parts, schema: Option<&HeadersSchema>) -> Map<String, Value> {
    let mut merged: Map<String, Value> = Map::new();
    for name in parts.headers.keys() {
        // Lines of the same name are one list (RFC 9110, 5.3), cookies by their own rule.
        let separator = if name == http::header::COOKIE { "; " } else { ", " };
        let values: Vec<&str> =
            parts.headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        if !values.is_empty() {
            merged.insert(name.as_str().to_owned(), values.join(separator).into());
        }
    }
    let query = parts.uri.query().unwrap_or_default();
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        merged.insert(key.into_owned(), value.into_owned().into());
    }
    if let Some(schema) = schema {
        for (key, value) in &mut merged {
            if let Some(read) = value.as_str().and_then(|text| coerce(text, property(&schema.root, key)?)) {
                *value = read;
            }
        }
    }
    merged
}

/// The schema of a property, through references.
fn property<'a>(root: &'a Value, key: &str) -> Option<&'a Value> {
    resolve(root, resolve(root, root)?.get("properties")?.get(key)?)
}

fn resolve<'a>(root: &'a Value, schema: &'a Value) -> Option<&'a Value> {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => root.pointer(reference.strip_prefix('#')?),
        None => Some(schema),
    }
}

/// Reads a string as the number or boolean that the schema asks for; what cannot be read stays, and is refused as
/// the string it is.
fn coerce(text: &str, schema: &Value) -> Option<Value> {
    let kinds = match schema.get("type")? {
        Value::String(kind) => vec![kind.as_str()],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    if kinds.contains(&"string") {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    let fits = match value {
        Value::Number(_) => kinds.contains(&"integer") || kinds.contains(&"number"),
        Value::Bool(_) => kinds.contains(&"boolean"),
        _ => false,
    };
    fits.then_some(value)
}

#[cfg(test)]
mod tests {
    use http::Request;
    use serde_json::json;

    use super::*;

    fn merged(request: http::request::Builder) -> Value {
        Value::Object(merge(&request.body(()).unwrap().into_parts().0, None))
    }

    #[test]
    fn the_query_wins() {
        let request = Request::get("/ws?authorization=query&user-name=J%C3%B6%20B+C&x=1&x=2")
            .header("Authorization", "header");
        assert_eq!(merged(request), json!({"authorization": "query", "user-name": "Jö B C", "x": "2"}));
    }

    #[test]
    fn lines_of_one_name_are_a_list() {
        let request = Request::get("/ws")
            .header("a", "1")
            .header("A", "2")
            .header("cookie", "x=1")
            .header("cookie", "y=2");
        assert_eq!(merged(request), json!({"a": "1, 2", "cookie": "x=1; y=2"}));
    }

    #[test]
    fn what_is_no_text_is_left_out() {
        let request = Request::get("/ws").header("a", http::HeaderValue::from_bytes(b"\xff").unwrap());
        assert_eq!(merged(request), json!({}));
    }

    #[test]
    fn numbers_and_booleans_are_read_where_the_schema_asks() {
        let schema = json!({"type": ["integer", "null"]});
        assert_eq!(coerce("12", &schema), Some(json!(12)));
        assert_eq!(coerce("x", &schema), None);
        assert_eq!(coerce("\"12\"", &schema), None);
        assert_eq!(coerce("true", &json!({"type": "boolean"})), Some(json!(true)));
        assert_eq!(coerce("12", &json!({"type": "string"})), None);
    }
}
