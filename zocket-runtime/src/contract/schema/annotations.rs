//! Keywords that do not need to be enforced: annotations, and the formats that name numeric types.

use serde_json::{Map, Value};

use super::generate::Range;

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
