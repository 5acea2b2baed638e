//! The bounds of 128-bit integers, in a form for a validator that only sees `f64`s.

use serde_json::Value;

use super::generate::Range;

/// A schema in which a 128-bit type's bound includes what is rounded to it.
///
/// The schema says `exclusiveMaximum: 2^127`, which is exact. The validator sees `i128::MAX` as 2^127 itself and would
/// reject it. With this schema it passes; a value that is really beyond the type has already been rejected by
/// deserialization.
pub(super) fn rounded(schema: &Value) -> Value {
    match schema {
        Value::Object(keywords) => {
            let wide = match keywords.get("format").and_then(Value::as_str) {
                Some(format @ ("int128" | "uint128")) => Range::of_format(format),
                _ => None,
            };
            let end = wide.and_then(|range| range.exclusive_maximum).map(Value::Number);
            let members = keywords.iter().map(|(keyword, value)| match keyword.as_str() {
                "exclusiveMaximum" if end.as_ref() == Some(value) => ("maximum".to_owned(), value.clone()),
                // These contain no schemas, but values that may look like one.
                "const" | "enum" | "default" | "examples" => (keyword.clone(), value.clone()),
                _ => (keyword.clone(), rounded(value)),
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(rounded).collect(),
        other => other.clone(),
    }
}
