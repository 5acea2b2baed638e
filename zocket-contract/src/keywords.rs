//! Which keywords of JSON Schema 2020-12 hold schemas.
//!
//! Whoever walks a schema asks here, so that what lies in `const`, `default` or `examples` is never taken for one.

use serde_json::{Map, Value};

/// What the value of a keyword is.
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

/// Keywords that people read and no validator does.
pub(crate) fn is_prose(keyword: &str) -> bool {
    matches!(
        keyword,
        "title" | "description" | "examples" | "deprecated" | "readOnly" | "writeOnly" | "$comment"
    ) || keyword.starts_with("x-")
}

/// Shows `visit` the schemas directly below one, in the order of the document.
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
