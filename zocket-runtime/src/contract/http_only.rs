//! Names in the handshake that are read only from HTTP headers, never from the query.
//!
//! A client can put anything into its query. It must not be able to set what proxies and browsers say about it.

use serde_json::{Map, Value};
use zocket_contract::{HTTP_ONLY, reference::definition_name};

/// Headers that HTTP itself, browsers, proxies, content delivery networks and authenticating proxies set.
///
/// In lower case, and sorted. docs/protocol.md has this list, too.
const NAMES: [&str; 22] = [
    "client-ip",
    "connection",
    "cookie",
    "fastly-client-ip",
    "fly-client-ip",
    "forwarded",
    "host",
    "origin",
    "proxy-authorization",
    "referer",
    "remote-user",
    "true-client-ip",
    "upgrade",
    "via",
    "x-client-cert",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-forwarded",
    "x-real-ip",
    "x-remote-user",
    "x-scheme",
    "x-webauth-user",
];

/// Like [`NAMES`]: all headers whose names have one of these prefixes.
const PREFIXES: [&str; 14] = [
    "cf-",
    "sec-",
    "ssl-client-",
    "tailscale-user-",
    "x-amzn-",
    "x-appengine-",
    "x-auth-request-",
    "x-authentik-",
    "x-azure-",
    "x-envoy-",
    "x-forwarded-",
    "x-goog-",
    "x-ms-client-principal",
    "x-original-",
];

/// Whether query parameters of this name are ignored, whatever the router's headers say.
pub(crate) fn is_http_only(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NAMES.contains(&name.as_str()) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Marks the headers that are [`is_http_only`] by name, so that clients know.
pub(crate) fn mark(schema: &mut Value, definitions: &mut Map<String, Value>) {
    let named = schema.get("$ref").and_then(Value::as_str).and_then(definition_name);
    let schema = match named {
        Some(name) => definitions.get_mut(&name),
        None => Some(schema),
    };
    let Some(Value::Object(properties)) = schema.and_then(|schema| schema.get_mut("properties")) else {
        return;
    };
    for (name, property) in properties {
        if is_http_only(name)
            && let Value::Object(keywords) = property
        {
            keywords.insert(HTTP_ONLY.into(), true.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_case() {
        for name in [
            "cookie",
            "Cookie",
            "X-Forwarded-For",
            "sec-fetch-site",
            "CF-Connecting-IP",
            "x-ms-client-principal",
        ] {
            assert!(is_http_only(name), "{name}");
        }
        for name in ["authorization", "user", "x-user", "x-forwardedfor", "cookies", "", "section"] {
            assert!(!is_http_only(name), "{name}");
        }
        assert!(NAMES.is_sorted() && PREFIXES.is_sorted());
    }
}
