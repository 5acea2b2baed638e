//! A payload type's schema, as it is published and enforced.

use schemars::JsonSchema;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::contract::schema::{Integers, PayloadSchema, Schemas, Violations, reads};

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
    /// If it says something that nothing enforces.
    #[must_use]
    pub fn of<T: JsonSchema + DeserializeOwned>() -> Self {
        let mut schemas = Schemas::new(Integers::All);
        let schema = schemas.inbound::<T>();
        let mut root = match schema {
            Value::Object(root) => root,
            other => panic!("the schema is no object: {other}"),
        };
        root.insert("$defs".into(), schemas.finish([]).into());
        let root = Value::Object(root);
        let schema =
            PayloadSchema::compile(&root, Some(reads::<T>)).unwrap_or_else(|error| panic!("{error}"));
        Self { root, schema }
    }

    /// The document, as it is published.
    #[must_use]
    pub fn document(&self) -> &Value {
        &self.root
    }

    /// Whether deserializing a payload rejects everything that the schema rejects, so that it is not checked a second time.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.schema.is_proven()
    }

    /// Whether the compiled checker approves a text. What it approves is valid; about the rest it says nothing.
    #[must_use]
    pub fn approves(&self, text: &str) -> bool {
        self.schema.approves(text)
    }

    /// Reads a payload, and checks it against the schema.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse<'de, T: Deserialize<'de>>(&self, text: &'de str) -> Result<T, Violations> {
        self.schema.parse(Some(text))
    }
}
