//! The bounds of 128-bit integers, as a validator can hold values to them that sees no more than an `f64`.

use serde_json::Value;

use super::generate::Range;

/// A schema whose bound of a 128-bit type takes in what is rounded to it.
///
/// The schema says `exclusiveMaximum: 2^127`, which is true to the last digit. The validator sees `i128::MAX` as 2^127
/// itself and would refuse it. Here it passes; what is really beyond the type, reading the value for its type has refused.
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
                // No schemas in these, but values that may look like one.
                "const" | "enum" | "default" | "examples" => (keyword.clone(), value.clone()),
                _ => (keyword.clone(), rounded(value)),
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(rounded).collect(),
        other => other.clone(),
    }
}
