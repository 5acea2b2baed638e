//! The hash of everything that affects the wire.
//!
//! Two contracts have the same hash if no message could distinguish them: what people read (descriptions, examples, deprecations, `x-`
//! keywords but [`HTTP_ONLY`](crate::keywords::HTTP_ONLY), the names of the router and of types) is left out, definitions are numbered in
//! order of first use, and lists whose order is meaningless are sorted.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::keywords::{is_prose, replace_schemas};
use crate::reference::definition_name;

/// 128 bits of the SHA-256 of the canonical text, in hexadecimal. The keys of the document must be sorted.
pub(super) fn of(document: &Value) -> String {
    let mut canonical =
        Canonical { definitions: document["$defs"].as_object(), numbers: BTreeMap::new(), open: Vec::new() };
    let mut text = String::new();
    canonical.document(document, &mut text);
    let digest = Sha256::digest(text.as_bytes());
    digest[..16].iter().fold(String::with_capacity(32), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// What a schema says that may go over the wire, as a text: two schemas that say the same in the same way have the same.
pub(super) fn wire_text(schema: &Value, definitions: &Map<String, Value>) -> String {
    let mut canonical =
        Canonical { definitions: Some(definitions), numbers: BTreeMap::new(), open: Vec::new() };
    let mut text = String::new();
    let mut schema = canonical.schema(schema);
    schema.sort_all_objects();
    line(&mut text, "schema", &schema);
    canonical.definitions(&mut text);
    text
}

struct Canonical<'d> {
    definitions: Option<&'d Map<String, Value>>,
    /// The definitions met so far, by name.
    numbers: BTreeMap<String, usize>,
    /// Those of them that are still to be written.
    open: Vec<String>,
}

impl<'d> Canonical<'d> {
    fn document(&mut self, document: &'d Value, out: &mut String) {
        line(out, "format", &document["format"]);
        line(out, "zocket", &document["zocket"]);
        self.named_schema(document, "headers", out);
        for route in document["routes"].as_array().into_iter().flatten() {
            line(out, "direction", &route["direction"]);
            line(out, "route", &route["route"]);
            self.named_schema(route, "payload", out);
            self.named_schema(route, "reply", out);
            let mut errors: Vec<&Value> = route["errors"].as_array().into_iter().flatten().collect();
            errors.sort_by_key(|error| error["code"].as_str());
            for error in errors {
                line(out, "code", &error["code"]);
                self.named_schema(error, "data", out);
            }
        }
        self.definitions(out);
    }

    /// The definitions that were met, and those that are met in them.
    fn definitions(&mut self, out: &mut String) {
        let mut written = 0;
        while let Some(name) = self.open.get(written).cloned() {
            written += 1;
            if let Some(schema) = self.definitions.and_then(|definitions| definitions.get(&name)) {
                let mut schema = self.schema(schema);
                schema.sort_all_objects();
                line(out, "definition", &schema);
            }
        }
    }

    fn named_schema(&mut self, holder: &Value, key: &str, out: &mut String) {
        if let Some(schema) = holder.get(key) {
            let mut schema = self.schema(schema);
            schema.sort_all_objects();
            line(out, key, &schema);
        }
    }

    /// The schema without what people read, its references numbered.
    fn schema(&mut self, schema: &Value) -> Value {
        let Value::Object(keywords) = schema else { return schema.clone() };
        let mut canonical = Map::new();
        for (keyword, value) in keywords
            .iter()
            .filter(|(keyword, _)| !is_prose(keyword) || *keyword == crate::keywords::HTTP_ONLY)
        {
            let value = match keyword.as_str() {
                "$ref" => self.reference(value),
                "required" | "enum" | "type" => sorted(value),
                // One value of an enumeration, as schemars writes those that have a doc comment.
                "const" => {
                    canonical.insert("enum".into(), Value::Array(vec![value.clone()]));
                    continue;
                }
                "dependentRequired" => match value {
                    Value::Object(lists) => {
                        lists.iter().map(|(name, list)| (name.clone(), sorted(list))).collect()
                    }
                    other => other.clone(),
                },
                _ => replace_schemas(keyword, value, &mut |schema| self.schema(schema)),
            };
            canonical.insert(keyword.clone(), value);
        }
        gather_names(&mut canonical);
        canonical.into()
    }

    fn reference(&mut self, reference: &Value) -> Value {
        let Some(name) = reference.as_str().and_then(definition_name) else { return reference.clone() };
        let next = self.numbers.len();
        let open = &mut self.open;
        let number = self.numbers.entry(name).or_insert_with_key(|name| {
            open.push(name.clone());
            next
        });
        (*number).into()
    }
}

/// Enum names without doc comments are one `enum`, those with doc comments are separate branches: both become the
/// former.
fn gather_names(keywords: &mut Map<String, Value>) {
    let Some(Value::Array(mut branches)) = keywords.get("oneOf").cloned() else { return };
    let mut names: Vec<Value> = Vec::new();
    for branch in &branches {
        match names_of(branch) {
            // A duplicate name would be rejected.
            Some(more) if more.iter().any(|name| names.contains(name)) => return,
            Some(more) => names.extend(more.iter().cloned()),
            None => {}
        }
    }
    if names.is_empty() {
        return;
    }
    branches.retain(|branch| names_of(branch).is_none());
    let names = sorted(&names.into());
    if branches.is_empty() && !keywords.contains_key("type") && !keywords.contains_key("enum") {
        keywords.remove("oneOf");
        keywords.insert("type".into(), "string".into());
        keywords.insert("enum".into(), names);
    } else {
        branches.insert(0, json!({"type": "string", "enum": names}));
        keywords.insert("oneOf".into(), branches.into());
    }
}

fn names_of(branch: &Value) -> Option<&Vec<Value>> {
    let keywords = branch.as_object().filter(|keywords| keywords.len() == 2)?;
    let names = keywords.get("enum")?.as_array()?;
    (*keywords.get("type")? == "string").then_some(names)
}

fn sorted(list: &Value) -> Value {
    let mut list = list.clone();
    if let Value::Array(items) = &mut list {
        items.sort_by_cached_key(Value::to_string);
    }
    list
}

fn line(out: &mut String, key: &str, value: &Value) {
    let _ = writeln!(out, "{key} {value}");
}
