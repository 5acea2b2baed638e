//! A name for what goes over the wire.
//!
//! Two contracts get the same name if no message could tell them apart: what people read (descriptions, examples,
//! deprecations, the names of the router and of types) is left out, and definitions are numbered in the order in which
//! they are met.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::reference::definition_name;

/// 128 bits of the SHA-256 of the canonical text, in hexadecimal.
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

struct Canonical<'d> {
    definitions: Option<&'d Map<String, Value>>,
    /// The definitions that were met, by their names.
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
            for error in route["errors"].as_array().into_iter().flatten() {
                line(out, "code", &error["code"]);
                self.named_schema(error, "data", out);
            }
        }
        let mut written = 0;
        while let Some(name) = self.open.get(written).cloned() {
            written += 1;
            if let Some(schema) = self.definitions.and_then(|definitions| definitions.get(&name)) {
                let schema = self.schema(schema);
                line(out, "definition", &schema);
            }
        }
    }

    fn named_schema(&mut self, holder: &Value, key: &str, out: &mut String) {
        if let Some(schema) = holder.get(key) {
            let schema = self.schema(schema);
            line(out, key, &schema);
        }
    }

    /// The schema without what people read, its references numbered. Object keys are sorted, as everywhere in the document.
    fn schema(&mut self, schema: &Value) -> Value {
        let Value::Object(keywords) = schema else { return schema.clone() };
        let mut canonical = Map::new();
        for (keyword, value) in keywords {
            let value = match keyword.as_str() {
                "title" | "description" | "examples" | "deprecated" | "readOnly" | "writeOnly"
                | "$comment" => continue,
                "$ref" => self.reference(value),
                "properties" | "patternProperties" | "dependentSchemas" => match value {
                    Value::Object(members) => {
                        let members =
                            members.iter().map(|(name, schema)| (name.clone(), self.schema(schema)));
                        Value::Object(members.collect())
                    }
                    other => other.clone(),
                },
                "allOf" | "anyOf" | "oneOf" | "prefixItems" => match value {
                    Value::Array(schemas) => schemas.iter().map(|schema| self.schema(schema)).collect(),
                    other => other.clone(),
                },
                "items"
                | "additionalProperties"
                | "contains"
                | "unevaluatedItems"
                | "unevaluatedProperties"
                | "propertyNames"
                | "not"
                | "if"
                | "then"
                | "else" => self.schema(value),
                _ => value.clone(),
            };
            canonical.insert(keyword.clone(), value);
        }
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

fn line(out: &mut String, key: &str, value: &Value) {
    let _ = writeln!(out, "{key} {value}");
}
