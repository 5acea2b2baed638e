//! Which keywords of JSON Schema 2020-12 contain schemas.
//!
//! Code that walks a schema uses this, so that the contents of `const`, `default` or `examples` are never mistaken
//! for one.

use serde_json::{Map, Value};

/// Property names that are unsigned integers, as the runtime writes them.
pub(crate) const UNSIGNED_KEY: &str = "^(0|[1-9][0-9]*)$";
/// Property names that are signed integers.
pub(crate) const SIGNED_KEY: &str = "^(0|-?[1-9][0-9]*)$";

/// What the value of a keyword contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// A schema.
    Schema,
    /// An array of schemas.
    Schemas,
    /// An object whose values are schemas.
    Members,
    /// Anything else.
    Data,
}

impl Holds {
    pub(crate) fn of(keyword: &str) -> Self {
        match keyword {
            "additionalProperties"
            | "contains"
            | "contentSchema"
            | "else"
            | "if"
            | "items"
            | "not"
            | "propertyNames"
            | "then"
            | "unevaluatedItems"
            | "unevaluatedProperties" => Self::Schema,
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => Self::Schemas,
            "$defs" | "definitions" | "dependentSchemas" | "patternProperties" | "properties" => {
                Self::Members
            }
            _ => Self::Data,
        }
    }
}

/// The keyword that marks a header that is read only from the HTTP header of its name, never from the query: `true`, next
/// to the property's other keywords.
pub const HTTP_ONLY: &str = "x-zocket-http-only";

/// Whether the schema of a header has [`HTTP_ONLY`]. Clients need not offer such a header: what they send in the query is
/// ignored.
///
/// ```
/// use serde_json::json;
///
/// let headers = json!({"type": "object", "properties": {"x-user": {"type": "string", "x-zocket-http-only": true}}});
/// assert!(zocket_contract::is_http_only(&headers["properties"]["x-user"]));
/// assert!(!zocket_contract::is_http_only(&headers));
/// ```
#[must_use]
pub fn is_http_only(schema: &Value) -> bool {
    schema.get(HTTP_ONLY).and_then(Value::as_bool).unwrap_or_default()
}

/// Keywords for people, which validators ignore.
pub(crate) fn is_prose(keyword: &str) -> bool {
    matches!(
        keyword,
        "title" | "description" | "examples" | "deprecated" | "readOnly" | "writeOnly" | "$comment"
    ) || keyword.starts_with("x-")
}

/// Calls `visit` for the schemas directly below one, in the order of the document.
pub(crate) fn each_subschema<'s>(keywords: &'s Map<String, Value>, visit: &mut dyn FnMut(&'s Value)) {
    for (keyword, value) in keywords {
        match (Holds::of(keyword), value) {
            (Holds::Schema, schema) => visit(schema),
            (Holds::Schemas, Value::Array(schemas)) => schemas.iter().for_each(&mut *visit),
            (Holds::Members, Value::Object(members)) => members.values().for_each(&mut *visit),
            _ => {}
        }
    }
}

/// A keyword's value with each schema in it replaced.
pub(crate) fn replace_schemas(
    keyword: &str,
    value: &Value,
    replace: &mut dyn FnMut(&Value) -> Value,
) -> Value {
    match (Holds::of(keyword), value) {
        (Holds::Schema, schema) => replace(schema),
        (Holds::Schemas, Value::Array(schemas)) => schemas.iter().map(replace).collect(),
        (Holds::Members, Value::Object(members)) => {
            members.iter().map(|(name, schema)| (name.clone(), replace(schema))).collect()
        }
        _ => value.clone(),
    }
}
