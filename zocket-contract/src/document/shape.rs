//! Whether a JSON value has the shape of a contract.

use std::{collections::BTreeSet, sync::LazyLock};

use jsonschema::{Draft, ValidationError, Validator, error::ValidationErrorKind};
use serde_json::{Map, Value};

use super::ParseContractErrorKind as Kind;
use crate::keywords::Holds;
use crate::pointer::escape;
use crate::reference::definition_name;

pub(super) fn meta_schema() -> &'static Value {
    static META_SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        let mut schema: Value = serde_json::from_str(include_str!("../../contract.schema.json"))
            .expect("the committed file is JSON");
        schema.sort_all_objects();
        schema
    });
    &META_SCHEMA
}

fn validator() -> &'static Validator {
    static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
        let options = jsonschema::options().with_draft(Draft::Draft202012).offline();
        options.build(meta_schema()).expect("the committed file is a JSON Schema")
    });
    &VALIDATOR
}

/// What is wrong with a document.
pub(super) struct Fault {
    pub(super) kind: Kind,
    pub(super) message: String,
    /// The invalid value.
    pub(super) pointer: String,
    /// The name of an unexpected property, if that is the fault.
    pub(super) property: Option<String>,
}

impl Fault {
    fn new(kind: Kind, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), pointer: pointer.into(), property: None }
    }
}

/// Checks a document against the meta-schema, then checks what that cannot express.
pub(super) fn check(document: &Value) -> Result<(), Fault> {
    validator().validate(document).map_err(|error| in_words(&error))?;
    no_route_twice(document)?;
    references(document)
}

/// The fault in terms of the document, not of the meta-schema.
fn in_words(error: &ValidationError<'_>) -> Fault {
    let pointer = error.instance_path().to_string();
    let here = name_of(&pointer);
    let mut property = None;
    let says = match error.kind() {
        ValidationErrorKind::Required { property } => {
            format!("{here} has no `{}`", property.as_str().unwrap_or_default())
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            property = unexpected.first().cloned();
            let name = property.as_deref().unwrap_or_default();
            format!("{here} has a property `{name}`, which no contract has there")
        }
        ValidationErrorKind::FalseSchema => format!("{here} is not for outgoing routes"),
        ValidationErrorKind::Pattern { .. } if pointer == "/hash" => {
            format!("{here} must be 32 hexadecimal digits in lower case")
        }
        ValidationErrorKind::Pattern { .. } if pointer.ends_with("/route") => {
            format!("{here} is no name of a route")
        }
        ValidationErrorKind::Not { .. } if pointer.ends_with("/code") => {
            format!("{here} is one of the protocol's own codes")
        }
        _ if is_in_schema(&pointer) => format!("{here} is no JSON Schema: {}", error.masked()),
        _ => format!("{here} is wrong: {}", error.masked()),
    };
    Fault { property, ..Fault::new(Kind::Invalid, pointer, says) }
}

fn name_of(pointer: &str) -> String {
    if pointer.is_empty() { "the contract".into() } else { format!("`{pointer}`") }
}

fn is_in_schema(pointer: &str) -> bool {
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    matches!(
        steps[..],
        ["headers" | "$defs", ..]
            | ["routes", _, "payload" | "reply", ..]
            | ["routes", _, "errors", _, "data", ..]
    )
}

fn no_route_twice(document: &Value) -> Result<(), Fault> {
    let mut seen = BTreeSet::new();
    for (index, route) in routes(document) {
        let (Some(direction), Some(name)) = (route["direction"].as_str(), route["route"].as_str()) else {
            continue;
        };
        if !seen.insert((direction, name)) {
            let message = format!("the {direction} route `{name}` comes twice");
            return Err(Fault::new(Kind::Invalid, format!("/routes/{index}/route"), message));
        }
    }
    Ok(())
}

fn routes(document: &Value) -> impl Iterator<Item = (usize, &Value)> {
    document["routes"].as_array().into_iter().flatten().enumerate()
}

/// Checks that every reference leads to a definition.
fn references(document: &Value) -> Result<(), Fault> {
    let Some(definitions) = document["$defs"].as_object() else { return Ok(()) };
    let check = |schema: &Value, pointer: String| References { definitions, pointer }.check(schema);
    if let Some(headers) = document.get("headers") {
        check(headers, "/headers".into())?;
    }
    for (index, route) in routes(document) {
        for part in ["payload", "reply"] {
            if let Some(schema) = route.get(part) {
                check(schema, format!("/routes/{index}/{part}"))?;
            }
        }
        for (nth, error) in route["errors"].as_array().into_iter().flatten().enumerate() {
            if let Some(schema) = error.get("data") {
                check(schema, format!("/routes/{index}/errors/{nth}/data"))?;
            }
        }
    }
    for (name, schema) in definitions {
        check(schema, format!("/$defs/{}", escape(name)))?;
    }
    Ok(())
}

/// A walk over the references of one schema.
struct References<'d> {
    definitions: &'d Map<String, Value>,
    /// Where the schema is.
    pointer: String,
}

impl References<'_> {
    fn check(&mut self, schema: &Value) -> Result<(), Fault> {
        let Some(keywords) = schema.as_object() else { return Ok(()) };
        for (keyword, value) in keywords {
            match (Holds::of(keyword), value) {
                (Holds::Schema, schema) => self.below(keyword, |own| own.check(schema))?,
                (Holds::Schemas, Value::Array(schemas)) => self.below(keyword, |own| {
                    let mut schemas = schemas.iter().enumerate();
                    schemas.try_for_each(|(index, schema)| {
                        own.below(&index.to_string(), |own| own.check(schema))
                    })
                })?,
                (Holds::Members, Value::Object(members)) => self.below(keyword, |own| {
                    let mut members = members.iter();
                    members.try_for_each(|(name, schema)| own.below(name, |own| own.check(schema)))
                })?,
                (_, Value::String(reference)) if keyword == "$ref" => self.reference(reference)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn below(&mut self, step: &str, check: impl FnOnce(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&escape(step));
        let checked = check(self);
        self.pointer.truncate(length);
        checked
    }

    fn reference(&self, reference: &str) -> Result<(), Fault> {
        let message = match definition_name(reference) {
            Some(name) if self.definitions.contains_key(&name) => return Ok(()),
            Some(name) => format!("there is no definition `{name}` in the contract's `$defs`"),
            None => format!("the reference `{reference}` leads out of the contract's `$defs`"),
        };
        Err(Fault::new(Kind::UnknownReference, format!("{}/$ref", self.pointer), message))
    }
}
