//! Which kinds of JSON values a schema accepts, and how to read a text as one of them.

use serde_json::Value;
use zocket_contract::reference::definition_name;

/// A walk through a schema, its references followed.
pub(super) struct Reading<'r> {
    definitions: &'r Value,
    /// The definitions that the walk is in: a recursive one is entered once.
    open: Vec<String>,
}

impl<'r> Reading<'r> {
    pub(super) fn of(root: &'r Value) -> Self {
        Self { definitions: &root["$defs"], open: Vec::new() }
    }

    /// The definition that a schema refers to; the walk must leave it after use.
    pub(super) fn enter(&mut self, schema: &Value) -> Option<&'r Value> {
        let name = definition_name(schema.get("$ref")?.as_str()?)?;
        let target = self.definitions.get(&name).filter(|_| !self.open.contains(&name))?;
        self.open.push(name);
        Some(target)
    }

    pub(super) fn leave(&mut self) {
        self.open.pop();
    }

    pub(super) fn kinds(&mut self, schema: &'r Value) -> Kinds {
        if schema == false {
            return Kinds::NONE;
        }
        let mut kinds = match &schema["type"] {
            Value::String(name) => Kinds::named(name),
            Value::Array(names) => Kinds::any(names.iter().filter_map(Value::as_str).map(Kinds::named)),
            _ => Kinds::ALL,
        };
        if let Some(values) = schema["enum"].as_array() {
            kinds = kinds.and(Kinds::any(values.iter().map(Kinds::of_value)));
        }
        if let Some(value) = schema.get("const") {
            kinds = kinds.and(Kinds::of_value(value));
        }
        if let Some(target) = self.enter(schema) {
            kinds = kinds.and(self.kinds(target));
            self.leave();
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(branches) = schema[keyword].as_array() {
                kinds = kinds.and(Kinds::any(branches.iter().map(|branch| self.kinds(branch))));
            }
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            kinds = kinds.and(self.kinds(part));
        }
        kinds
    }

    /// The kinds of items of the arrays that a schema accepts.
    pub(super) fn items(&mut self, schema: &'r Value) -> Kinds {
        if let Some(first) = schema["prefixItems"].get(0) {
            return self.kinds(first);
        }
        if let Some(items) = schema.get("items") {
            return self.kinds(items);
        }
        if let Some(target) = self.enter(schema) {
            let items = self.items(target);
            self.leave();
            return items;
        }
        let mut of_arrays = Vec::new();
        for keyword in ["anyOf", "oneOf", "allOf"] {
            for part in schema[keyword].as_array().into_iter().flatten() {
                if self.kinds(part).has(Kinds::ARRAY) {
                    of_arrays.push(self.items(part));
                }
            }
        }
        if of_arrays.is_empty() { Kinds::ALL } else { Kinds::any(of_arrays) }
    }
}

/// The kinds of JSON values that a schema accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const STRING: Self = Self(1);
    pub(super) const NUMBER: Self = Self(2);
    pub(super) const BOOLEAN: Self = Self(4);
    pub(super) const NULL: Self = Self(8);
    pub(super) const ARRAY: Self = Self(16);
    pub(super) const OBJECT: Self = Self(32);
    pub(super) const NONE: Self = Self(0);
    pub(super) const ALL: Self = Self(63);

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn has(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }

    /// Whether a single text can represent a value.
    pub(super) fn any_scalar(self) -> bool {
        self.has(Self::STRING.or(Self::NUMBER).or(Self::BOOLEAN))
    }

    fn any(kinds: impl IntoIterator<Item = Self>) -> Self {
        kinds.into_iter().fold(Self::NONE, Self::or)
    }

    fn named(name: &str) -> Self {
        match name {
            "string" => Self::STRING,
            "number" | "integer" => Self::NUMBER,
            "boolean" => Self::BOOLEAN,
            "null" => Self::NULL,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => Self::NONE,
        }
    }

    fn of_value(value: &Value) -> Self {
        match value {
            Value::String(_) => Self::STRING,
            Value::Number(_) => Self::NUMBER,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Null => Self::NULL,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    /// A text as a value of one of these kinds. A text that cannot be read stays a string, and is rejected as
    /// one.
    pub(super) fn read(self, text: &str) -> Option<Value> {
        if self.has(Self::STRING) {
            return Some(text.into());
        }
        if text.is_empty() {
            return None;
        }
        let value = match text {
            "true" | "1" if self.has(Self::BOOLEAN) && !self.has(Self::NUMBER) => Some(true.into()),
            "false" | "0" if self.has(Self::BOOLEAN) && !self.has(Self::NUMBER) => Some(false.into()),
            _ => serde_json::from_str(text).ok().filter(|value| {
                matches!(value, Value::Number(_) | Value::Bool(_)) && self.has(Self::of_value(value))
            }),
        };
        Some(value.unwrap_or_else(|| text.into()))
    }
}
