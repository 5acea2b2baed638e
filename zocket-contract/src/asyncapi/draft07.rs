//! The schemas in the form that AsyncAPI reads.
//!
//! The schemas of AsyncAPI 3.0 are a superset of JSON Schema draft-07, which is all that its tools must support. A 2020-12
//! schema may appear in a document with its `schemaFormat`, but the reference parser skips it, and generators do not see
//! it. So schemas are translated: the same values are valid, except for what draft-07 cannot express. That is omitted,
//! which only makes a schema wider, and kept under `x-json-schema-2020-12` for people.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::keywords::replace_schemas;
use crate::naming::{Keys, is_known_format, titled};
use crate::reference::definition_name;

const UNTOLD: &str = "x-json-schema-2020-12";

/// Translates schemas, and collects the definitions that they refer to.
pub(super) struct Schemas<'c> {
    definitions: &'c Map<String, Value>,
    /// The names under which definitions stand in the document.
    keys: BTreeMap<String, String>,
    /// Those that are referred to but not yet translated.
    open: Vec<String>,
}

impl<'c> Schemas<'c> {
    pub(super) fn new(definitions: &'c Map<String, Value>) -> Self {
        let mut fresh = Keys::default();
        // All get their keys before any is referred to: the order of references does not matter.
        let keys = definitions.keys().map(|name| (name.clone(), fresh.make(name))).collect();
        Self { definitions, keys, open: Vec::new() }
    }

    /// A schema that refers to `components/schemas`.
    pub(super) fn translate(&mut self, schema: &Value) -> Value {
        let Some(keywords) = schema.as_object() else { return schema.clone() };
        let mut translated = Map::new();
        let mut untold = Map::new();
        for (keyword, value) in keywords {
            match keyword.as_str() {
                "$ref" | "items" | "prefixItems" | "dependentRequired" | "dependentSchemas" => {}
                "$schema" | "$id" | "$anchor" | "$dynamicRef" | "$dynamicAnchor" | "$vocabulary"
                | "$defs" | "definitions" => {}
                "unevaluatedItems" | "unevaluatedProperties" | "minContains" | "maxContains" => {
                    untold.insert(keyword.clone(), self.below(keyword, value));
                }
                // Without `minContains`, which is 0, it would require one.
                "contains" if keywords.get("minContains").is_some_and(|least| *least == 0) => {
                    untold.insert(keyword.clone(), self.below(keyword, value));
                }
                "format" if value.as_str().is_some_and(|format| !is_known_format(format)) => {}
                // Words that AsyncAPI uses in its own way.
                "discriminator" | "externalDocs" => drop(untold.insert(keyword.clone(), value.clone())),
                _ => drop(translated.insert(keyword.clone(), self.below(keyword, value))),
            }
        }
        self.array(keywords, &mut translated);
        self.dependencies(keywords, &mut translated);
        if !untold.is_empty() {
            translated.insert(UNTOLD.into(), untold.into());
        }
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            self.refer(reference, &mut translated);
        }
        translated.into()
    }

    /// The definitions that were referred to, translated, and those that they refer to.
    pub(super) fn finish(mut self) -> Map<String, Value> {
        let mut done = Map::new();
        while let Some(name) = self.open.pop() {
            let key = self.keys[&name].clone();
            if let (false, Some(definition)) = (done.contains_key(&key), self.definitions.get(&name)) {
                // Inserted first, for references back to it.
                done.insert(key.clone(), Value::Null);
                let mut schema = self.translate(definition);
                titled(&mut schema, &key);
                done[&key] = schema;
            }
        }
        done
    }

    fn below(&mut self, keyword: &str, value: &Value) -> Value {
        replace_schemas(keyword, value, &mut |schema| self.translate(schema))
    }

    /// In draft-07, `prefixItems` is `items`, and the schema of the rest is `additionalItems`.
    fn array(&mut self, keywords: &Map<String, Value>, translated: &mut Map<String, Value>) {
        let items = keywords.get("items").map(|items| self.below("items", items));
        match keywords.get("prefixItems").and_then(Value::as_array).filter(|prefix| !prefix.is_empty()) {
            Some(prefix) => {
                let prefix: Value = prefix.iter().map(|schema| self.translate(schema)).collect();
                translated.insert("items".into(), prefix);
                translated.extend(items.map(|items| ("additionalItems".to_owned(), items)));
            }
            None => translated.extend(items.map(|items| ("items".to_owned(), items))),
        }
    }

    fn dependencies(&mut self, keywords: &Map<String, Value>, translated: &mut Map<String, Value>) {
        let members = |keyword| keywords.get(keyword).and_then(Value::as_object).into_iter().flatten();
        let mut dependencies: Map<String, Value> =
            members("dependentRequired").map(|(name, list)| (name.clone(), list.clone())).collect();
        for (name, schema) in members("dependentSchemas") {
            let mut schema = self.translate(schema);
            if let Some(required) = dependencies.get(name) {
                schema = json!({"allOf": [{"required": required}, schema]});
            }
            dependencies.insert(name.clone(), schema);
        }
        if !dependencies.is_empty() {
            translated.insert("dependencies".into(), dependencies.into());
        }
    }

    /// In draft-07, keywords next to a reference are ignored, so the reference moves into an `allOf`.
    fn refer(&mut self, reference: &str, translated: &mut Map<String, Value>) {
        let known = definition_name(reference).filter(|name| self.keys.contains_key(name));
        // A parsed contract has no others.
        let Some(name) = known else { return };
        let reference = json!({"$ref": format!("#/components/schemas/{}", self.keys[&name])});
        self.open.push(name);
        if translated.is_empty() {
            translated.insert("$ref".into(), reference["$ref"].clone());
        } else if let Some(Value::Array(all)) = translated.get_mut("allOf") {
            all.push(reference);
        } else {
            translated.insert("allOf".into(), json!([reference]));
        }
    }
}
