//! The schema of the handshake's headers, and how their texts are read.

mod kinds;

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use self::kinds::{Kinds, Reading};
use crate::contract::{
    http_only::is_http_only,
    schema::{PayloadSchema, Violations},
};

/// The router's `#[headers]`, ready to be enforced.
pub(crate) struct HeadersSchema {
    pub(super) schema: PayloadSchema,
    pub(crate) fields: HeaderFields,
    pub(super) check: fn(&PayloadSchema, &str) -> Result<(), Violations>,
}

impl HeadersSchema {
    /// Checks the handshake's headers, as a JSON object, against the router's headers type.
    pub(crate) fn check(&self, headers: &str) -> Result<(), Violations> {
        (self.check)(&self.schema, headers)
    }
}

/// The fields of the headers type, by the names they have in the handshake.
#[derive(Debug, Default)]
pub(crate) struct HeaderFields {
    named: BTreeMap<String, HeaderField>,
    /// No other fields are accepted: the rest of the HTTP headers must be left out.
    closed: bool,
}

/// How one field is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HeaderField {
    kinds: Kinds,
    /// The kinds of the items, if it can be a list.
    items: Option<Kinds>,
    required: bool,
    http_only: bool,
}

impl HeaderField {
    /// Combines two schemas that may both describe it.
    fn or(&self, other: &Self) -> Self {
        let items = match (self.items, other.items) {
            (Some(own), Some(other)) => Some(own.or(other)),
            (own, other) => own.or(other),
        };
        Self {
            kinds: self.kinds.or(other.kinds),
            items,
            required: self.required || other.required,
            http_only: self.http_only || other.http_only,
        }
    }

    /// Whether it is filled from repeated query parameters and comma-separated headers.
    pub(crate) fn is_list(&self) -> bool {
        self.items.is_some() && !self.kinds.any_scalar()
    }

    /// Whether it is present as an empty list even if nothing fills it.
    pub(crate) fn is_required_list(&self) -> bool {
        self.required && self.is_list()
    }

    /// Whether a query parameter of this name is ignored.
    pub(crate) fn is_http_only(&self) -> bool {
        self.http_only
    }

    /// A text as a value of the field's type. `None` if it counts as absent: an empty text for a field that is not a
    /// string.
    pub(crate) fn read(&self, text: &str) -> Option<Value> {
        self.kinds.read(text)
    }

    /// An item's text as a value of the list's item type.
    pub(crate) fn read_item(&self, text: &str) -> Value {
        let items = self.items.unwrap_or(Kinds::ALL);
        items.read(text).unwrap_or_else(|| text.into())
    }
}

/// Why a field can never be filled.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unfillable {
    /// The type is not a struct with named fields.
    NoFields,
    /// It contains something that no text can represent.
    Kind { field: String },
    /// It is read only from HTTP, where names are in lower case.
    UpperCase { field: String },
    /// Additional fields must not be strings.
    Others,
}

impl fmt::Display for Unfillable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WORKS: &str = "what works is a text, a number, a bool, an enum without data, an `Option` of these, and a `Vec` \
             of these, which takes repeated query parameters and comma-separated headers";
        match self {
            Self::NoFields => write!(f, "headers have names; help: make it a struct with named fields"),
            Self::Kind { field } => write!(
                f,
                "no header and no query parameter can ever fill the field `{field}`; help: {WORKS}; take anything else as a \
                 `String` and read it in `#[on_connect]`"
            ),
            Self::UpperCase { field } => write!(
                f,
                "the field `{field}` comes only from the HTTP header, and those have names in lower case here; help: \
                 `#[serde(rename = \"{}\")]`",
                field.to_ascii_lowercase()
            ),
            Self::Others => write!(
                f,
                "every handshake has headers that are no field, and the flattened map cannot hold them; help: make it a map \
                 of `String`s, or leave it out"
            ),
        }
    }
}

impl HeaderFields {
    /// The fields of a schema that contains its own definitions.
    pub(super) fn of(root: &Value) -> Result<Self, Unfillable> {
        let mut fields = Self::default();
        if !Reading::of(root).kinds(root).has(Kinds::OBJECT) {
            return Err(Unfillable::NoFields);
        }
        fields.add(root, &mut Reading::of(root), true)?;
        for (name, field) in &fields.named {
            if !field.kinds.any_scalar() && field.items.is_none_or(|items| !items.any_scalar()) {
                return Err(Unfillable::Kind { field: name.clone() });
            }
            if field.http_only && name.contains(|letter: char| letter.is_ascii_uppercase()) {
                return Err(Unfillable::UpperCase { field: name.clone() });
            }
        }
        Ok(fields)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&HeaderField> {
        self.named.get(name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &HeaderField)> {
        self.named.iter().map(|(name, field)| (name.as_str(), field))
    }

    /// Whether the type rejects names that it does not have.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Adds the fields of a schema and of its parts. `certain` is whether the schema always applies.
    fn add<'r>(
        &mut self,
        schema: &'r Value,
        reading: &mut Reading<'r>,
        certain: bool,
    ) -> Result<(), Unfillable> {
        if let Some(target) = reading.enter(schema) {
            self.add(target, reading, certain)?;
            reading.leave();
        }
        let required = schema["required"].as_array().into_iter().flatten();
        let required: Vec<&str> = required.filter_map(Value::as_str).collect();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let kinds = reading.kinds(property);
            let items = kinds.has(Kinds::ARRAY).then(|| reading.items(property));
            let field = HeaderField {
                kinds,
                items,
                required: certain && required.contains(&name.as_str()),
                http_only: zocket_contract::is_http_only(property) || is_http_only(name),
            };
            self.named.entry(name.clone()).and_modify(|own| *own = own.or(&field)).or_insert(field);
        }
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            match schema.get(keyword) {
                None => {}
                Some(Value::Bool(false)) => self.closed = true,
                Some(others) if reading.kinds(others).has(Kinds::STRING) => {}
                Some(_) => return Err(Unfillable::Others),
            }
        }
        for (keyword, certain) in [("allOf", certain), ("anyOf", false), ("oneOf", false)] {
            for part in schema[keyword].as_array().into_iter().flatten() {
                self.add(part, reading, certain)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(schema: Value) -> HeaderField {
        let root = json!({
            "type": "object",
            "properties": {"a": schema},
            "required": ["a"],
            "$defs": {
                "Level": {"type": "integer"},
                "Endless": {"anyOf": [{"$ref": "#/$defs/Endless"}, {"type": "boolean"}]},
                "Names": {"type": "array", "items": {"type": "string"}},
            },
        });
        *HeaderFields::of(&root).unwrap().get("a").unwrap()
    }

    #[test]
    fn texts_are_read_as_the_schema_wants_them() {
        for (schema, text, expected) in [
            (json!({"type": ["integer", "null"]}), "12", Some(json!(12))),
            (json!({"type": ["integer", "null"]}), "", None),
            (json!({"type": "integer"}), "x", Some(json!("x"))),
            (json!({"type": "integer"}), "\"12\"", Some(json!("\"12\""))),
            (json!({"type": "number"}), "1.5", Some(json!(1.5))),
            (json!({"anyOf": [{"$ref": "#/$defs/Level"}, {"type": "null"}]}), "3", Some(json!(3))),
            (json!({"$ref": "#/$defs/Endless"}), "x", Some(json!("x"))),
            (json!({"type": "boolean"}), "true", Some(json!(true))),
            (json!({"type": "boolean"}), "1", Some(json!(true))),
            (json!({"type": "boolean"}), "0", Some(json!(false))),
            (json!({"type": "boolean"}), "yes", Some(json!("yes"))),
            (json!({"type": ["boolean", "integer"]}), "1", Some(json!(1))),
            (json!({"type": "string"}), "12", Some(json!("12"))),
            (json!({"type": "string"}), "", Some(json!(""))),
            (json!({"enum": ["a", "b"]}), "a", Some(json!("a"))),
            (json!(true), "12", Some(json!("12"))),
        ] {
            assert_eq!(field(schema.clone()).read(text), expected, "{schema} {text:?}");
        }
    }

    #[test]
    fn lists() {
        for schema in [
            json!({"type": "array", "items": {"$ref": "#/$defs/Level"}}),
            json!({"type": ["array", "null"], "items": {"type": "integer"}}),
        ] {
            let field = field(schema);
            assert!(field.is_list() && field.is_required_list());
            assert_eq!(field.read_item("1"), json!(1));
        }
        let names = field(json!({"anyOf": [{"$ref": "#/$defs/Names"}, {"type": "null"}]}));
        assert_eq!((names.is_list(), names.read_item("1")), (true, json!("1")));
        assert!(!field(json!({"type": ["array", "string"], "items": {"type": "string"}})).is_list());
    }

    #[test]
    fn what_no_text_can_stand_for() {
        let of =
            |property: Value| HeaderFields::of(&json!({"type": "object", "properties": {"a": property}}));
        let unfillable = Err(Unfillable::Kind { field: "a".into() });
        for property in [
            json!({"type": "object"}),
            json!({"type": ["object", "null"]}),
            json!({"type": "null"}),
            json!({"type": "array", "items": {"type": "array", "items": {"type": "string"}}}),
            json!(false),
        ] {
            assert_eq!(of(property.clone()).map(drop), unfillable, "{property}");
        }
        let upper = json!({"type": "string", "x-zocket-http-only": true});
        let root = json!({"type": "object", "properties": {"X-User": upper}});
        assert_eq!(HeaderFields::of(&root).map(drop), Err(Unfillable::UpperCase { field: "X-User".into() }));
        let others = json!({"type": "object", "additionalProperties": {"type": "integer"}});
        assert_eq!(HeaderFields::of(&others).map(drop), Err(Unfillable::Others));
        assert_eq!(HeaderFields::of(&json!({"type": "string"})).map(drop), Err(Unfillable::NoFields));
    }
}
