//! Whether a schema says more than reading the value for its type enforces anyway.

use serde_json::{Map, Number, Value};

use super::generate::{Range, SIGNED_KEY, UNSIGNED_KEY};
use super::walk::{Visit, walk};

/// Whether there is a value that the deserializer may take for the type and the schema refuses.
///
/// What the deserializer settles by itself: JSON types, properties and which of them are required, tuples and arrays of
/// anything, the bounds of numeric types, `Option`, and externally tagged enums. All else counts as a constraint, also where
/// it might be none: the `enum` of an enum of names cannot be told from one that was put on a `String` by hand.
pub(super) fn constrained(root: &Value) -> bool {
    let mut constrained = false;
    walk(root, &mut |visit| constrained |= is_constrained(visit));
    constrained
}

fn is_constrained(Visit { under, schema, .. }: Visit<'_>) -> bool {
    let Some(keywords) = schema.as_object() else {
        return *schema == Value::Bool(false) && under != "additionalProperties";
    };
    keywords.iter().any(|(keyword, value)| !is_settled(keyword, value, keywords, under))
}

fn is_settled(keyword: &str, value: &Value, keywords: &Map<String, Value>, under: &str) -> bool {
    match keyword {
        "type" | "properties" | "required" | "additionalProperties" | "items" | "$ref" => true,
        keyword if is_annotation(keyword) => true,
        // An externally tagged enum; the other kinds hold a `const` further down.
        "oneOf" => true,
        "enum" | "const" => under == "oneOf",
        "anyOf" => is_optional(value),
        "prefixItems" | "minItems" | "maxItems" => is_tuple(keywords),
        "patternProperties" => value.as_object().is_some_and(|patterns| {
            patterns.keys().all(|pattern| pattern == UNSIGNED_KEY || pattern == SIGNED_KEY)
        }),
        "format" => numeric_range(keywords).is_some(),
        "minimum" | "maximum" | "exclusiveMaximum" => numeric_range(keywords).is_some_and(|range| {
            let own = match keyword {
                "minimum" => range.minimum,
                "maximum" => range.maximum,
                _ => range.exclusive_maximum,
            };
            own.map(Value::Number).as_ref() == Some(value)
        }),
        _ => false,
    }
}

/// Keywords that constrain nothing.
pub(super) fn is_annotation(keyword: &str) -> bool {
    matches!(
        keyword,
        "title"
            | "description"
            | "default"
            | "examples"
            | "deprecated"
            | "readOnly"
            | "writeOnly"
            | "$comment"
            | "$schema"
            | "$defs"
            // They assert nothing in 2020-12, and the validator leaves them alone.
            | "contentEncoding"
            | "contentMediaType"
            | "contentSchema"
    ) || keyword.starts_with("x-")
}

/// The range of the numeric format of a numeric schema.
pub(super) fn numeric_range(keywords: &Map<String, Value>) -> Option<Range> {
    let is_numeric = |name: &Value| name == "integer" || name == "number";
    let numeric = match keywords.get("type")? {
        Value::Array(names) => names.iter().any(is_numeric),
        name => is_numeric(name),
    };
    let format = keywords.get("format")?.as_str().filter(|_| numeric)?;
    Range::of_format(format)
}

fn is_tuple(keywords: &Map<String, Value>) -> bool {
    let Some(Value::Array(items)) = keywords.get("prefixItems") else { return false };
    let length = Value::Number(Number::from(items.len()));
    keywords.get("minItems") == Some(&length) && keywords.get("maxItems") == Some(&length)
}

fn is_optional(any_of: &Value) -> bool {
    any_of.as_array().is_some_and(|options| {
        options.len() == 2
            && options.iter().any(|option| option.get("type").is_some_and(|name| name == "null"))
    })
}
