//! What peers send that know only their own contract.

use serde_json::{Map, Value, json};

/// A property that no schema names.
pub(crate) const UNNAMED: &str = "unnamed";

/// The schema of values without properties by names that others have and the schema has not. `loose` is whether there may be
/// one by a name that nobody has.
///
/// It is made with `unevaluatedProperties` wherever a value begins, and so has nothing to do with how contracts are compared.
pub(crate) fn close(root: &Value, loose: bool) -> Value {
    let mut root = root.clone();
    let definitions = root.as_object_mut().and_then(|keywords| keywords.remove("$defs"));
    let close = Close { loose };
    let mut closed = close.value(&root);
    if let Some(Value::Object(definitions)) = definitions {
        let definitions: Map<String, Value> =
            definitions.iter().map(|(name, schema)| (name.clone(), close.in_place(schema))).collect();
        closed["$defs"] = definitions.into();
    }
    closed
}

struct Close {
    loose: bool,
}

impl Close {
    /// A schema where a value begins.
    fn value(&self, schema: &Value) -> Value {
        let mut closed = json!({"allOf": [self.in_place(schema)], "unevaluatedProperties": false});
        if self.loose {
            closed["properties"] = json!({ UNNAMED: true });
        }
        closed
    }

    /// A schema that others speak beside of the same value.
    fn in_place(&self, schema: &Value) -> Value {
        let Some(keywords) = schema.as_object() else { return schema.clone() };
        let members = |members: &Map<String, Value>| -> Value {
            members
                .iter()
                .map(|(name, schema)| (name.clone(), self.value(schema)))
                .collect::<Map<_, _>>()
                .into()
        };
        let closed = keywords.iter().map(|(keyword, held)| {
            let closed = match (keyword.as_str(), held) {
                ("properties" | "patternProperties", Value::Object(held)) => members(held),
                ("prefixItems", Value::Array(held)) => held.iter().map(|schema| self.value(schema)).collect(),
                ("items" | "additionalProperties" | "unevaluatedProperties", Value::Object(_)) => {
                    self.value(held)
                }
                ("allOf" | "anyOf" | "oneOf", Value::Array(held)) => {
                    held.iter().map(|schema| self.in_place(schema)).collect()
                }
                _ => held.clone(),
            };
            (keyword.clone(), closed)
        });
        closed.collect::<Map<_, _>>().into()
    }
}
