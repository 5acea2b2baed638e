//! Visits every subschema of a payload's schema.

use std::collections::HashSet;

use serde_json::{Map, Value};
use zocket_contract::pointer::escape;
use zocket_contract::reference::percent_decode;
pub(crate) use zocket_contract::reference::resolve;

/// One schema met on the way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit<'a> {
    /// Where its values are in the payload, as a JSON Pointer with `*` for any item or property.
    pub(crate) field: &'a str,
    /// The keyword that contains it; "" for the root.
    #[allow(dead_code)]
    pub(crate) under: &'a str,
    /// The schema: an object or a boolean.
    pub(crate) schema: &'a Value,
}

/// Calls `visit` for the root and everything that it refers to, for each definition once.
pub(crate) fn walk(root: &Value, visit: &mut dyn FnMut(Visit<'_>)) {
    Walk { root, seen: HashSet::new(), visit }.schema(root, "", "");
}

struct Walk<'s, 'v> {
    root: &'s Value,
    seen: HashSet<String>,
    visit: &'v mut dyn FnMut(Visit<'_>),
}

impl<'s> Walk<'s, '_> {
    fn schema(&mut self, schema: &'s Value, field: &str, under: &str) {
        (self.visit)(Visit { field, under, schema });
        let Some(keywords) = schema.as_object() else { return };
        for (keyword, value) in keywords {
            match keyword.as_str() {
                "$ref" => self.reference(value, field),
                "properties" => {
                    for (name, schema) in members(value) {
                        self.schema(schema, &format!("{field}/{}", escape(name)), keyword);
                    }
                }
                "patternProperties" => {
                    for (_, schema) in members(value) {
                        self.schema(schema, &format!("{field}/*"), keyword);
                    }
                }
                "dependentSchemas" => {
                    for (_, schema) in members(value) {
                        self.schema(schema, field, keyword);
                    }
                }
                "items"
                | "additionalProperties"
                | "contains"
                | "unevaluatedItems"
                | "unevaluatedProperties" => {
                    self.schema(value, &format!("{field}/*"), keyword);
                }
                "not" | "if" | "then" | "else" | "propertyNames" => self.schema(value, field, keyword),
                "prefixItems" => {
                    for (index, schema) in value.as_array().into_iter().flatten().enumerate() {
                        self.schema(schema, &format!("{field}/{index}"), keyword);
                    }
                }
                "allOf" | "anyOf" | "oneOf" => {
                    for schema in value.as_array().into_iter().flatten() {
                        self.schema(schema, field, keyword);
                    }
                }
                _ => {}
            }
        }
    }

    fn reference(&mut self, value: &'s Value, field: &str) {
        let Some(reference) = value.as_str() else { return };
        if self.seen.insert(percent_decode(reference).into_owned())
            && let Some(schema) = resolve(self.root, reference)
        {
            self.schema(schema, field, "$ref");
        }
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_schema_that_is_reached_is_visited_once_with_its_place() {
        let root = json!({
            "properties": {
                "a/b": {"$ref": "#/$defs/Node"},
                "list": {"items": {"format": "uuid"}, "prefixItems": [{"type": "null"}]},
            },
            "$defs": {
                "Node": {"anyOf": [{"$ref": "#/$defs/Node"}, {"additionalProperties": {"$ref": "#/$defs/No%64e"}}]},
                "Unused": {"format": "x"},
            },
        });
        let mut seen = Vec::new();
        walk(&root, &mut |visit| seen.push(format!("{} {}", visit.field, visit.under)));
        seen.sort();
        let expected = [
            " ",
            "/a~1b $ref",
            "/a~1b anyOf",
            "/a~1b anyOf",
            "/a~1b properties",
            "/a~1b/* additionalProperties",
            "/list properties",
            "/list/* items",
            "/list/0 prefixItems",
        ];
        assert_eq!(seen, expected);
    }
}
