//! The handshake's "headers": HTTP headers and query parameters in one map.
//!
//! A browser cannot set headers on a WebSocket, so clients send theirs as query parameters. Clients must not be able to
//! set what proxies and browsers set: an HTTP header takes precedence over a parameter of the same name, and some names
//! are never read from the query.

use http::{HeaderMap, HeaderName, request::Parts};
use serde_json::{Map, Value};

use crate::{
    contract::{http_only::is_http_only, schema::Issue},
    dispatch::{HeaderField, HeadersSchema},
};

/// The map, with values read as the schema says: on the wire all are strings.
///
/// # Errors
/// A header that the schema names is not UTF-8.
pub(super) fn merge(parts: &Parts, schema: Option<&HeadersSchema>) -> Result<Map<String, Value>, Vec<Issue>> {
    let field = |name: &str| schema.and_then(|schema| schema.fields.get(name));
    let mut merged = Map::new();
    let mut issues = Vec::new();
    for name in parts.headers.keys() {
        match lines(&parts.headers, name) {
            Some(lines) => put(&mut merged, name.as_str(), field(name.as_str()), &lines, Source::Header),
            // A header that is not needed may be unreadable.
            None if field(name.as_str()).is_none() => {}
            None => issues.push(Issue::new(pointer(name.as_str()), "encoding", "is not UTF-8")),
        }
    }
    let mut query: Vec<(String, Vec<String>)> = Vec::new();
    for (key, value) in form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
        let is_closed = is_http_only(&key) || field(&key).is_some_and(HeaderField::is_http_only);
        if is_closed || parts.headers.contains_key(key.as_ref()) {
            continue;
        }
        match query.iter_mut().find(|(own, _)| *own == key) {
            Some((_, values)) => values.push(value.into_owned()),
            None => query.push((key.into_owned(), vec![value.into_owned()])),
        }
    }
    for (key, values) in &query {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        put(&mut merged, key, field(key), &values, Source::Query);
    }
    for (name, _) in schema
        .into_iter()
        .flat_map(|schema| schema.fields.iter())
        .filter(|(_, field)| field.is_required_list())
    {
        merged.entry(name).or_insert_with(|| Value::Array(Vec::new()));
    }
    if issues.is_empty() { Ok(merged) } else { Err(issues) }
}

/// Leaves out what the schema does not name, if it rejects other names: every handshake has headers that no schema
/// names.
pub(super) fn only_named(merged: &mut Map<String, Value>, schema: &HeadersSchema) {
    if schema.fields.is_closed() {
        merged.retain(|name, _| schema.fields.get(name).is_some());
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Header,
    Query,
}

fn put(
    merged: &mut Map<String, Value>,
    name: &str,
    field: Option<&HeaderField>,
    values: &[&str],
    source: Source,
) {
    let value = match (field.filter(|field| field.is_list()), source) {
        (Some(list), Source::Query) => Some(values.iter().map(|item| list.read_item(item)).collect()),
        (Some(list), Source::Header) => {
            let items = values.iter().flat_map(|line| items(line));
            Some(items.map(|item| list.read_item(item)).collect())
        }
        (None, _) => {
            let text = match source {
                // Lines with the same name form one list (RFC 9110, 5.3); cookies have their own rule.
                Source::Header => values.join(if name == "cookie" { "; " } else { ", " }),
                Source::Query => values.last().copied().unwrap_or_default().to_owned(),
            };
            match field {
                Some(field) => field.read(&text),
                None => Some(text.into()),
            }
        }
    };
    if let Some(value) = value {
        merged.insert(name.to_owned(), value);
    }
}

/// The lines of a header; `None` if one is not UTF-8.
fn lines<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<Vec<&'h str>> {
    headers.get_all(name).iter().map(|line| std::str::from_utf8(line.as_bytes()).ok()).collect()
}

/// The items of a header that is a list (RFC 9110, 5.6.1): separated by commas outside quotes, without empty ones.
fn items(line: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    let parts = line.split(|letter: char| {
        let parts_here = letter == ',' && !quoted;
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        parts_here
    });
    parts.map(|item| item.trim_matches([' ', '\t'])).filter(|item| !item.is_empty()).collect()
}

fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use http::Request;
    use serde_json::json;

    use super::*;

    fn merged(request: http::request::Builder) -> Value {
        Value::Object(merge(&request.body(()).unwrap().into_parts().0, None).unwrap())
    }

    #[test]
    fn an_http_header_goes_before_a_parameter_of_its_name() {
        let request =
            Request::get("/ws?authorization=query&Authorization=query&user-name=J%C3%B6%20B+C&x=1&x=2")
                .header("Authorization", "header");
        assert_eq!(merged(request), json!({"authorization": "header", "user-name": "Jö B C", "x": "2"}));
    }

    #[test]
    fn a_header_that_cannot_be_read_is_not_replaced_either() {
        let request = Request::get("/ws?x-user=query")
            .header("x-user", http::HeaderValue::from_bytes(b"\xff").unwrap());
        assert_eq!(merged(request), json!({}));
    }

    #[test]
    fn what_proxies_and_browsers_say_never_comes_from_the_query() {
        let request =
            Request::get("/ws?cookie=a&Cookie=b&x-forwarded-for=c&host=d&CF-Connecting-IP=e&x-for=f");
        assert_eq!(merged(request), json!({"x-for": "f"}));
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
    fn values_are_utf_8() {
        let request =
            Request::get("/ws").header("a", http::HeaderValue::from_bytes("Jörg".as_bytes()).unwrap());
        assert_eq!(merged(request), json!({"a": "Jörg"}));
    }

    #[test]
    fn items_of_a_list() {
        assert_eq!(items(r#"a,, b ,"c,\" d",	e"#), ["a", "b", r#""c,\" d""#, "e"]);
        assert_eq!(items(" , "), [""; 0]);
    }
}
