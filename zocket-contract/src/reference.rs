//! References between the schemas of one contract: `{"$ref": "#/$defs/Name"}`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value};

use crate::keywords::each_subschema;
use crate::pointer::{escape, unescape};

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

/// The `definitions` that a schema needs: those that it refers to, those that they refer to, and so on.
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

/// The schema that a reference within the document `root` leads to. `None` if it leads nowhere, or out of the
/// document.
#[must_use]
pub fn resolve<'s>(root: &'s Value, reference: &str) -> Option<&'s Value> {
    root.pointer(&percent_decode(reference.strip_prefix('#')?))
}

/// The name of the definition that a reference leads to. `None` if it leads to something else.
#[must_use]
pub fn definition_name(reference: &str) -> Option<String> {
    let encoded = reference.strip_prefix(DEFINITIONS)?;
    Some(unescape(&percent_decode(encoded)).into_owned())
}

/// The reference to a definition.
#[must_use]
pub fn definition_reference(name: &str) -> String {
    let step = escape(name);
    let mut reference = String::from(DEFINITIONS);
    for byte in step.bytes() {
        // The characters that need no escaping in a URI fragment (RFC 3986, section 3.5).
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte) {
            reference.push(char::from(byte));
        } else {
            let _ = write!(reference, "%{byte:02X}");
        }
    }
    reference
}

/// `text` with `%41` read as `A`: references are URI fragments. If the result is not UTF-8, the text is left
/// as it is.
#[must_use]
pub fn percent_decode(text: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8().unwrap_or(Cow::Borrowed(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hexadecimal_digits_are_a_byte_and_all_else_is_itself() {
        for (text, decoded) in [
            ("a", "a"),
            ("%41%62", "Ab"),
            ("gr%c3%B6%c3%9fe", "größe"),
            ("%", "%"),
            ("%4", "%4"),
            ("%+4%x1%%41", "%+4%x1%A"),
            ("%ff%41", "%ff%41"),
        ] {
            assert_eq!(percent_decode(text), decoded);
        }
    }
}
