//! TSDoc: the schema's texts for people, and the rules that a type cannot express.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// Rules that have a tag of the same name. Other tools read the same tags.
const TAGS: &[&str] = &[
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "contentEncoding",
    "contentMediaType",
];

/// Rules that TypeScript cannot express.
const BEYOND_TYPES: &[&str] = &[
    "$dynamicRef",
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
];

/// A text as lines of a comment.
pub(super) fn text(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    let lines = text.split(['\n', '\r', '\u{2028}', '\u{2029}']);
    let mut lines: Vec<String> = lines.map(line).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Makes a text safe for a comment: it cannot end the comment, and no word becomes a tag.
fn line(text: &str) -> String {
    let mut line = String::new();
    let mut before = ' ';
    for letter in text.chars() {
        let starts_tag = letter == '@' && (before.is_whitespace() || before == '{');
        let ends_comment = letter == '/' && before == '*';
        if starts_tag || ends_comment {
            line.push('\\');
        }
        line.push(if letter.is_control() && letter != '\t' { ' ' } else { letter });
        before = letter;
    }
    line.truncate(line.trim_end().len());
    line
}

/// Everything to say about a value of this schema. A default matters only to a sender that may omit the value.
pub(super) fn of_schema(schema: &Value, may_be_missing: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let Some(keywords) = schema.as_object() else { return lines };
    let said = keywords.get("description").or(keywords.get("title")).and_then(Value::as_str);
    lines.extend(said.map(text).unwrap_or_default());
    lines.extend(sentences(keywords));
    // What applies to the value when it is not null, or together with other schemas, applies to the value.
    let parts = not_null(keywords)
        .into_iter()
        .chain(list(keywords, "allOf"))
        .filter(|part| part.get("$ref").is_none());
    let inner: Vec<_> = parts.map(|part| of_schema(part, false)).collect();
    tags(keywords, &mut lines);
    let mut said: HashSet<String> = lines.iter().cloned().collect();
    lines.extend(inner.into_iter().flatten().filter(|line| said.insert(line.clone())));
    if may_be_missing && let Some(default) = keywords.get("default").filter(|default| !default.is_null()) {
        lines.push(format!("@default {}", line(&default.to_string())));
    }
    let examples =
        list(keywords, "examples").map(|example| format!("@example {}", line(&example.to_string())));
    lines.extend(examples);
    if keywords.get("deprecated") == Some(&Value::Bool(true)) {
        lines.push("@deprecated".to_owned());
    }
    lines
}

fn list<'k>(keywords: &'k Map<String, Value>, keyword: &str) -> impl Iterator<Item = &'k Value> {
    keywords.get(keyword).and_then(Value::as_array).into_iter().flatten()
}

/// The schema for values that are not `null`, if there is no other choice.
pub(super) fn not_null(keywords: &Map<String, Value>) -> Option<&Value> {
    let branches = keywords.get("anyOf").or(keywords.get("oneOf"))?.as_array()?;
    let is_null = |branch: &&Value| branch.get("type").is_some_and(|name| name == "null");
    match &branches[..] {
        [one, null] if is_null(&null) && !is_null(&one) => Some(one),
        [null, one] if is_null(&null) && !is_null(&one) => Some(one),
        _ => None,
    }
}

fn tags(keywords: &Map<String, Value>, lines: &mut Vec<String>) {
    for (keyword, text) in rules(keywords) {
        lines.push(if text.is_empty() { format!("@{keyword}") } else { format!("@{keyword} {text}") });
    }
}

/// The rules of one schema that have a tag.
fn rules(keywords: &Map<String, Value>) -> impl Iterator<Item = (&'static str, String)> {
    let format = keywords.get("format").and_then(Value::as_str);
    let is_tuple =
        keywords.contains_key("prefixItems") && keywords.get("minItems") == keywords.get("maxItems");
    let said = move |keyword: &str, value: &Value| match keyword {
        // A `number` is a double.
        "format" => !matches!(format, Some("double" | "float")),
        "minimum" | "maximum" | "exclusiveMaximum" => {
            !format.is_some_and(|format| is_limit_of(format, keyword, value))
        }
        "uniqueItems" => *value == true,
        // A tuple type already states its length.
        "minItems" | "maxItems" => !is_tuple,
        _ => true,
    };
    let formats = formats(keywords).map(|formats| ("format", line(&formats)));
    formats.into_iter().chain(TAGS.iter().filter_map(move |keyword| {
        let value = keywords.get(*keyword).filter(|value| said(keyword, value))?;
        let text = match value {
            Value::String(text) => line(text),
            Value::Bool(true) => String::new(),
            other => line(&other.to_string()),
        };
        Some((*keyword, text))
    }))
}

/// The possible formats, if the branches differ only in these.
fn formats(keywords: &Map<String, Value>) -> Option<String> {
    let branches = keywords.get("anyOf")?.as_array()?.iter().map(|branch| {
        let said = branch.as_object()?;
        said.get("format")?.as_str().filter(|_| said.len() == 1)
    });
    branches.collect::<Option<Vec<_>>>().map(|formats| formats.join(" or "))
}

/// Whether a bound is already implied by the numeric format.
fn is_limit_of(format: &str, keyword: &str, bound: &Value) -> bool {
    if format == "float" {
        return bound.as_f64().is_some_and(|bound| bound.abs() >= f64::from(f32::MAX));
    }
    let Some((is_signed, bits)) = integer(format) else { return false };
    let magnitude = 2_f64.powi(if is_signed { bits - 1 } else { bits });
    let lowest = if is_signed { -magnitude } else { 0.0 };
    match (keyword, bound.as_number().and_then(serde_json::Number::as_i128), bound.as_f64()) {
        ("minimum", _, Some(bound)) => bound <= lowest,
        // Not all 64-bit integers are doubles.
        ("maximum", Some(bound), _) if bits < 100 => {
            bound >= (1_i128 << if is_signed { bits - 1 } else { bits }) - 1
        }
        ("exclusiveMaximum", _, Some(bound)) => bound >= magnitude,
        _ => false,
    }
}

/// Whether the format is of signed integers, and how many bits they have.
fn integer(format: &str) -> Option<(bool, i32)> {
    let (is_signed, bits) = match format.strip_prefix('u') {
        Some(unsigned) => (false, unsigned.strip_prefix("int")?),
        None => (true, format.strip_prefix("int")?),
    };
    // `isize` and `usize` are of the server, which has 64 bits or fewer.
    let bits = if bits.is_empty() { 64 } else { bits.parse().ok()? };
    matches!(bits, 8 | 16 | 32 | 64 | 128).then_some((is_signed, bits))
}

/// The rules without a tag.
fn sentences(keywords: &Map<String, Value>) -> Vec<String> {
    let mut sentences = Vec::new();
    for pattern in
        keywords.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::keys)
    {
        sentences.push(match pattern.as_str() {
            "^(0|[1-9][0-9]*)$" => "The keys are integers, 0 or greater.".to_owned(),
            "^(0|-?[1-9][0-9]*)$" => "The keys are integers.".to_owned(),
            other => format!("Keys like `{}`.", line(other)),
        });
    }
    of_elements(keywords, "", &mut sentences);
    let (mut beyond, mut never) = (Vec::new(), None);
    for keyword in BEYOND_TYPES.iter().filter(|keyword| keywords.contains_key(**keyword)) {
        match keywords[*keyword].get("const").filter(|_| *keyword == "not") {
            Some(value) => never = Some(value),
            None => beyond.push(format!("`{keyword}`")),
        }
    }
    sentences.extend(never.map(|value| format!("Never {}.", line(&value.to_string()))));
    if !beyond.is_empty() {
        let beyond = beyond.join(", ");
        sentences.push(format!("The server checks more than this type can say: {beyond}."));
    }
    sentences
}

/// The rules for the items of a list or map, if their type has no name to document them at.
fn of_elements(keywords: &Map<String, Value>, of: &str, sentences: &mut Vec<String>) {
    let kinds = [("items", "Items"), ("additionalProperties", "Values")];
    for (keyword, kind) in kinds {
        let Some(inner) = keywords.get(keyword).and_then(Value::as_object) else { continue };
        let what = format!("{kind}{of}");
        let rules: Vec<String> =
            rules(inner).map(|(rule, text)| format!("{rule} {text}").trim_end().to_owned()).collect();
        if !rules.is_empty() {
            sentences.push(format!("{what}: {}.", rules.join(", ")));
        }
        of_elements(inner, &format!(" of {}", what.to_lowercase()), sentences);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_stays_in_its_comment() {
        assert_eq!(text("a */ b **/"), ["a *\\/ b **\\/"]);
        assert_eq!(text("one\r\ntwo\u{2028}three\n\n"), ["one", "two", "three"]);
        assert_eq!(
            text("ann@example.org, @deprecated {@link x}"),
            ["ann@example.org, \\@deprecated {\\@link x}"]
        );
        assert_eq!(text("nul \0 bell \u{7}"), ["nul   bell"]);
        assert!(text("").is_empty());
    }

    #[test]
    fn rules_become_tags() {
        let name = json!({"description": "A name.", "type": "string", "minLength": 1, "pattern": ".*/x", "default": "a*/"});
        assert_eq!(
            of_schema(&name, true),
            ["A name.", "@pattern .*\\/x", "@minLength 1", "@default \"a*\\/\""]
        );
        assert_eq!(of_schema(&name, false).len(), 3);
    }

    #[test]
    fn bounds_that_the_format_says_are_left_out() {
        let of = |keywords| of_schema(&keywords, false);
        assert_eq!(of(json!({"format": "uint8", "minimum": 0, "maximum": 255})), ["@format uint8"]);
        assert_eq!(
            of(json!({"format": "uint8", "minimum": 1, "maximum": 60})),
            ["@format uint8", "@minimum 1", "@maximum 60"]
        );
        assert_eq!(
            of(json!({"format": "int64", "minimum": i64::MIN, "maximum": i64::MAX})),
            ["@format int64"]
        );
        assert_eq!(of(json!({"format": "uint64", "minimum": 0, "maximum": u64::MAX - 1})).len(), 2);
        assert_eq!(of(json!({"format": "int128", "minimum": -(2_f64.powi(127)), "exclusiveMaximum": 2_f64.powi(127)})).len(), 1);
        assert!(of(json!({"format": "float", "minimum": f32::MIN, "maximum": f32::MAX})).is_empty());
        assert_eq!(of(json!({"format": "double", "minimum": 0.5})), ["@minimum 0.5"]);
    }

    #[test]
    fn what_no_type_says_is_said() {
        let odd = json!({"not": {"const": 0}, "if": true, "contains": {}, "items": {"maxLength": 2, "items": {"pattern": "x"}}});
        assert_eq!(
            of_schema(&odd, false),
            [
                "Items: maxLength 2.",
                "Items of items: pattern x.",
                "Never 0.",
                "The server checks more than this type can say: `contains`, `if`."
            ]
        );
        assert_eq!(
            of_schema(&json!({"anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]}), false),
            ["@format ipv4 or ipv6"]
        );
    }
}
