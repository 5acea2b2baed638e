//! References between the schemas of one contract: `{"$ref": "#/$defs/Name"}`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::keywords::each_subschema;

const DEFINITIONS: &str = "#/$defs/";

/// Calls `visit` with the name of each definition that a schema refers to, in the order of the document, once for each
/// reference.
pub fn each_reference(schema: &Value, visit: &mut dyn FnMut(&str)) {
    let Some(keywords) = schema.as_object() else { return };
    if let Some(name) = keywords.get("$ref").and_then(Value::as_str).and_then(definition_name) {
        visit(&name);
    }
    each_subschema(keywords, &mut |schema| each_reference(schema, visit));
}

/// Those of `definitions` that a schema needs: what it refers to, what that refers to, and so on.
#[must_use]
pub fn needed_definitions(schema: &Value, definitions: &Map<String, Value>) -> Map<String, Value> {
    let mut needed = BTreeMap::new();
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        each_reference(schema, &mut |name| {
            if let (false, Some(definition)) = (needed.contains_key(name), definitions.get(name)) {
                needed.insert(name.to_owned(), definition);
                open.push(definition);
            }
        });
    }
    needed.into_iter().map(|(name, definition)| (name, definition.clone())).collect()
}

/// The name of the definition that a reference means. `None` where it means something else.
#[must_use]
pub fn definition_name(reference: &str) -> Option<String> {
    let encoded = reference.strip_prefix(DEFINITIONS)?;
    Some(percent_decode(encoded).replace("~1", "/").replace("~0", "~"))
}

/// `text` with `%41` read as `A`: references are URI fragments.
#[must_use]
pub fn percent_decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| byte == b'%').and_then(|hex| str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}
