//! A payload type's schema, as it is published and enforced.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::contract::schema::{Issue, PayloadSchema, Schemas};

/// The schema of one payload type.
#[derive(Debug)]
pub struct Schema {
    root: Value,
    schema: PayloadSchema,
}

impl Schema {
    /// The schema of `T`.
    ///
    /// # Panics
    /// If it says what nobody enforces.
    #[must_use]
    pub fn of<T: JsonSchema>() -> Self {
        let mut schemas = Schemas::new();
        let schema = schemas.inbound::<T>();
        let mut root = match schema {
            Value::Object(root) => root,
            other => panic!("the schema is no object: {other}"),
        };
        root.insert("$defs".into(), schemas.finish([]).into());
        let root = Value::Object(root);
        let schema = PayloadSchema::compile(&root).unwrap_or_else(|error| panic!("{error}"));
        Self { root, schema }
    }

    /// The document, as it is published.
    #[must_use]
    pub fn document(&self) -> &Value {
        &self.root
    }

    /// Whether the compiled checker approves of a text. What it approves of is valid; of the rest it says nothing.
    #[must_use]
    pub fn approves(&self, text: &str) -> bool {
        self.schema.approves(text)
    }

    /// Reads a payload, and holds it to the schema.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse<'de, T: Deserialize<'de>>(&self, text: &'de str) -> Result<T, Vec<Issue>> {
        self.schema.parse(Some(text))
    }
}
