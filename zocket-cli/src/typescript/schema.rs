//! From JSON Schema to TypeScript's types.
//!
//! If a schema says more than a type can express, the type is the nearest wider one, and [`docs`] documents the rest: the
//! server checks what it receives in any case. Two liberties are taken, as in hand-written types: an object has only the
//! named members, although the schema may allow more, and a schema with properties but no `type` means an object.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Number, Value};
use zocket_contract::reference::definition_name;

use super::shape::{Branch, INTEGER, Member, NULL, Shape, UNKNOWN};
use super::{Error, docs, names};

/// The largest integer up to which a `number` is exact.
const MAX_SAFE: i64 = 9_007_199_254_740_991;

type Keywords = Map<String, Value>;

/// Makes types from the schemas of one contract.
pub(super) struct Types<'c> {
    /// The names of the definitions.
    names: BTreeMap<&'c str, String>,
    /// The definitions that are only a choice, by that choice: flattened ones are copied into other schemas.
    choices: BTreeMap<String, &'c str>,
}

impl<'c> Types<'c> {
    pub(super) fn new(names: BTreeMap<&'c str, String>, definitions: &'c Keywords) -> Self {
        let choices = definitions
            .iter()
            .filter_map(|(name, schema)| Some((sole_choice(schema)?.to_string(), name.as_str())));
        Self { names, choices: choices.collect() }
    }

    /// The name of a definition.
    pub(super) fn name(&self, definition: &str) -> Option<&str> {
        self.names.get(definition).map(String::as_str)
    }

    /// The type of a schema's values.
    pub(super) fn of(&self, schema: &Value) -> Result<Shape, Error> {
        self.part(schema, false)
    }

    /// The same, of what may be flattened into an object: see [`Types::choice`].
    fn part(&self, schema: &Value, is_flattened: bool) -> Result<Shape, Error> {
        let keywords = match schema {
            Value::Bool(false) => return Ok(super::shape::NEVER),
            Value::Object(keywords) => keywords,
            _ => return Ok(UNKNOWN),
        };
        let is_flattened = is_flattened || keywords.contains_key("properties");
        let mut parts = Vec::new();
        if let Some(Value::String(reference)) = keywords.get("$ref") {
            parts.push(self.named(reference)?);
        }
        for part in list(keywords, "allOf") {
            parts.push(self.chosen(part, is_flattened)?);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = keywords.get(keyword) {
                parts.push(self.choice(branches, keyword, keywords, is_flattened)?);
            }
        }
        parts.retain(|part| *part != UNKNOWN);
        let own = self.own(keywords)?;
        // `type: object` beside what says which.
        if parts.is_empty() || own != Some(Shape::record(UNKNOWN)) {
            parts.splice(0..0, own);
        }
        Ok(Shape::intersection(parts))
    }

    fn named(&self, reference: &str) -> Result<Shape, Error> {
        let name = definition_name(reference).and_then(|name| self.names.get(name.as_str()));
        let missing = || Error::new(format!("the contract refers to `{reference}`, which it does not have"));
        name.map(|name| Shape::Named(name.clone())).ok_or_else(missing)
    }

    /// A part of another schema, by name if it is a definition's whole choice.
    fn chosen(&self, part: &Value, is_flattened: bool) -> Result<Shape, Error> {
        let known = sole_choice(part).and_then(|choice| self.choices.get(&choice.to_string()));
        match known.and_then(|name| self.name(name)) {
            Some(name) => Ok(Shape::Named(name.to_owned())),
            None => self.part(part, is_flattened),
        }
    }

    /// `oneOf` or `anyOf`, `beside` other keywords. If it is flattened into an object, it may be a definition's choice, and a
    /// branch that accepts anything represents an `Option` that is `None`.
    fn choice(
        &self,
        branches: &[Value],
        keyword: &str,
        beside: &Keywords,
        is_flattened: bool,
    ) -> Result<Shape, Error> {
        if is_flattened {
            let choice = Value::from_iter([(keyword, Value::Array(branches.to_vec()))]);
            if let Some(name) = self.choices.get(&choice.to_string()).and_then(|name| self.name(name)) {
                return Ok(Shape::Named(name.to_owned()));
            }
        }
        let is_anything = |branch: &&Value| **branch == true || branch.as_object().is_some_and(Map::is_empty);
        let is_optional = is_flattened && branches.iter().any(|branch| is_anything(&branch));
        let is_nullable = docs::not_null(beside).is_some();
        let mut all = Vec::new();
        for branch in branches.iter().filter(|branch| !(is_optional && is_anything(branch))) {
            let shape = if is_optional { self.chosen(branch, false)? } else { self.of(branch)? };
            let docs = if is_nullable { Vec::new() } else { docs::of_schema(branch, false) };
            all.push(Branch { docs, shape });
        }
        let union = Shape::union(all);
        Ok(if is_optional && union != UNKNOWN { Shape::Partial(Box::new(union)) } else { union })
    }

    /// What the schema itself says, without its references and choices.
    fn own(&self, keywords: &Keywords) -> Result<Option<Shape>, Error> {
        if let Some(value) = keywords.get("const") {
            return Ok(Some(literal(value)));
        }
        if let Some(Value::Array(values)) = keywords.get("enum") {
            return Ok(Some(Shape::union(values.iter().map(|value| literal(value).into()))));
        }
        let has = |names: &[&str]| names.iter().any(|name| keywords.contains_key(*name));
        let names: Vec<&str> = match keywords.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ if has(&["properties", "additionalProperties", "patternProperties"]) => vec!["object"],
            _ if has(&["items", "prefixItems"]) => vec!["array"],
            _ => return Ok(None),
        };
        let shapes = names.into_iter().map(|name| Ok(Branch::from(self.of_type(name, keywords)?)));
        Ok(Some(Shape::union(shapes.collect::<Result<Vec<_>, Error>>()?)))
    }

    fn of_type(&self, name: &str, keywords: &Keywords) -> Result<Shape, Error> {
        Ok(match name {
            "null" => NULL,
            "boolean" => Shape::Word("boolean"),
            "string" => Shape::Word("string"),
            "integer" if is_safe(keywords) => Shape::Word("number"),
            "integer" => INTEGER,
            // Any number at all may be an integer.
            "number" if is_safe(keywords) || has_floats(keywords) => Shape::Word("number"),
            "number" => Shape::union([Shape::Word("number").into(), Shape::Word("bigint").into()]),
            "array" => self.array(keywords)?,
            "object" => self.object(keywords)?,
            _ => UNKNOWN,
        })
    }

    fn array(&self, keywords: &Keywords) -> Result<Shape, Error> {
        let first = list(keywords, "prefixItems").map(|item| self.of(item)).collect::<Result<Vec<_>, _>>()?;
        let length = |keyword| keywords.get(keyword).and_then(Value::as_u64);
        if !first.is_empty() && [length("minItems"), length("maxItems")] == [Some(first.len() as u64); 2] {
            return Ok(Shape::Tuple(first));
        }
        let is_full = length("maxItems").is_some_and(|most| most <= first.len() as u64);
        let rest = match keywords.get("items") {
            _ if is_full && !first.is_empty() => super::shape::NEVER,
            Some(items) => self.of(items)?,
            None => UNKNOWN,
        };
        Ok(Shape::array(Shape::union(first.into_iter().chain([rest]).map(Branch::from))))
    }

    fn object(&self, keywords: &Keywords) -> Result<Shape, Error> {
        let members = self.members(keywords)?;
        let Some(rest) = self.rest(keywords)? else {
            return Ok(match members.is_empty() {
                true if keywords.get("additionalProperties") == Some(&false.into()) => {
                    Shape::record(super::shape::NEVER)
                }
                true => Shape::record(UNKNOWN),
                false => Shape::Object(members),
            });
        };
        if members.is_empty() {
            return Ok(Shape::record(rest));
        }
        // TypeScript also requires the named members to match the index signature.
        let values = members.iter().map(|member| member.shape.clone().into()).chain([rest.into()]);
        let rest = Shape::record(Shape::union(values));
        Ok(Shape::intersection([Shape::Object(members), rest]))
    }

    /// The named members: the required ones in the order of the Rust source, then the others.
    fn members(&self, keywords: &Keywords) -> Result<Vec<Member>, Error> {
        let mut members = Vec::new();
        let mut seen = HashSet::new();
        let properties = keywords.get("properties").and_then(Value::as_object);
        let required = list(keywords, "required").filter_map(Value::as_str).map(|name| (name, false));
        let others = properties.into_iter().flat_map(Map::keys).map(|name| (name.as_str(), true));
        for (name, optional) in required.chain(others) {
            if !seen.insert(name) {
                continue;
            }
            let schema = properties.and_then(|properties| properties.get(name)).unwrap_or(&Value::Bool(true));
            members.push(Member {
                docs: docs::of_schema(schema, optional),
                name: name.to_owned(),
                optional,
                shape: self.of(schema)?,
            });
        }
        Ok(members)
    }

    /// The type of the members that are not named; `None` if there should be none.
    fn rest(&self, keywords: &Keywords) -> Result<Option<Shape>, Error> {
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        let mut values = Vec::new();
        for schema in patterns.into_iter().flat_map(Map::values) {
            values.push(self.of(schema)?.into());
        }
        match keywords.get("additionalProperties") {
            Some(Value::Bool(false)) => {}
            Some(schema) => values.push(self.of(schema)?.into()),
            None if !values.is_empty() => values.push(UNKNOWN.into()),
            // Next to flattened parts with their own members, which these include.
            None => match keywords.get("unevaluatedProperties") {
                None | Some(Value::Bool(false)) => {}
                Some(_) => values.push(UNKNOWN.into()),
            },
        }
        Ok((!values.is_empty()).then(|| Shape::union(values)))
    }
}

fn list<'k>(keywords: &'k Keywords, keyword: &str) -> impl Iterator<Item = &'k Value> {
    keywords.get(keyword).and_then(Value::as_array).into_iter().flatten()
}

/// The `oneOf` or `anyOf` of a schema that says nothing else, as a separate object.
fn sole_choice(schema: &Value) -> Option<Value> {
    let mut said = schema
        .as_object()?
        .iter()
        .filter(|(keyword, _)| !matches!(keyword.as_str(), "description" | "title" | "deprecated"));
    let (keyword, branches) =
        said.next().filter(|(keyword, _)| *keyword == "oneOf" || *keyword == "anyOf")?;
    said.next().is_none().then(|| Value::from_iter([(keyword.as_str(), branches.clone())]))
}

/// Whether all integers that the schema allows are exact as a `number`.
fn is_safe(keywords: &Keywords) -> bool {
    let bound = |keyword: &str, is_within: fn(&Number, i64) -> bool, extra: i64| match keywords.get(keyword) {
        Some(Value::Number(bound)) => is_within(bound, MAX_SAFE + extra),
        _ => false,
    };
    let at_least = |bound: &Number, limit: i64| match bound.as_i128() {
        Some(bound) => bound >= -i128::from(limit),
        None => bound.as_f64().is_some_and(|bound| bound >= -as_double(limit)),
    };
    let at_most = |bound: &Number, limit: i64| match bound.as_i128() {
        Some(bound) => bound <= i128::from(limit),
        None => bound.as_f64().is_some_and(|bound| bound <= as_double(limit)),
    };
    (bound("minimum", at_least, 0) || bound("exclusiveMinimum", at_least, 1))
        && (bound("maximum", at_most, 0) || bound("exclusiveMaximum", at_most, 1))
}

/// Exact, up to 2^53.
#[allow(clippy::cast_precision_loss)]
fn as_double(limit: i64) -> f64 {
    limit as f64
}

/// Whether Rust writes the values as floats, with a fraction or an exponent.
fn has_floats(keywords: &Keywords) -> bool {
    matches!(keywords.get("format").and_then(Value::as_str), Some("float" | "double"))
}

/// The type of this one value.
fn literal(value: &Value) -> Shape {
    match value {
        Value::Null => NULL,
        Value::Bool(value) => Shape::Literal { text: value.to_string(), of: "boolean" },
        Value::String(text) => Shape::Literal { text: names::quoted(text), of: "string" },
        Value::Number(number) => number_literal(number),
        Value::Array(items) => Shape::Tuple(items.iter().map(literal).collect()),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| Member {
                docs: Vec::new(),
                name: name.clone(),
                optional: false,
                shape: literal(value),
            };
            if members.is_empty() {
                Shape::record(super::shape::NEVER)
            } else {
                Shape::Object(members.iter().map(member).collect())
            }
        }
    }
}

fn number_literal(number: &Number) -> Shape {
    match (number.as_i128(), number.as_f64()) {
        (Some(integer), _) if integer.unsigned_abs() > MAX_SAFE.unsigned_abs().into() => {
            Shape::Literal { text: format!("{integer}n"), of: "bigint" }
        }
        (Some(integer), _) => Shape::Literal { text: integer.to_string(), of: "number" },
        // Without long runs of zeros, as in JavaScript.
        (None, Some(float)) if float.is_finite() => {
            let is_plain = float == 0.0 || (1e-7..1e21).contains(&float.abs());
            let text = if is_plain { float.to_string() } else { format!("{float:e}") };
            Shape::Literal { text, of: "number" }
        }
        _ => Shape::Word("number"),
    }
}
