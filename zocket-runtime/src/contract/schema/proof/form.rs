//! The forms of a schema that says no more than a type.

use serde_json::{Map, Value};

use crate::contract::schema::annotations::{is_annotation, numeric_range};
use crate::contract::schema::generate::{SIGNED_KEY, UNSIGNED_KEY};
use crate::contract::schema::walk::resolve;

/// No type has more references in a row.
const MOST_REFERENCES: usize = 16;

/// One schema, read as the description of a type.
#[derive(Debug)]
pub(super) struct Form<'s> {
    /// The schema, with references followed.
    pub(super) at: &'s Value,
    pub(super) kind: Kind<'s>,
    /// `null` is valid in addition to `kind`.
    pub(super) nullable: bool,
    /// The schema says nothing else.
    pub(super) exact: bool,
}

#[derive(Debug)]
pub(super) enum Kind<'s> {
    Anything,
    Null,
    Bool,
    /// With bounds.
    Number(&'s Map<String, Value>),
    Text,
    /// A string of one character.
    Char,
    /// Of any length.
    Array(Option<&'s Value>),
    Tuple(Vec<&'s Value>),
    Struct(Struct<'s>),
    Map(Dictionary<'s>),
    /// Externally tagged: each variant by its name, with the schema of its content if it has one.
    Enum(Vec<(&'s str, Option<&'s Value>)>),
    /// None of these.
    Other,
}

#[derive(Debug, Default)]
pub(super) struct Struct<'s> {
    pub(super) properties: Vec<(&'s str, &'s Value)>,
    pub(super) required: Vec<&'s str>,
    pub(super) closed: bool,
}

#[derive(Debug)]
pub(super) struct Dictionary<'s> {
    pub(super) values: &'s Value,
    pub(super) keys: Keys,
}

/// The kind of a map's property names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    Any,
    Unsigned,
    Signed,
}

impl<'s> Form<'s> {
    /// Reads a schema of the document `root`.
    pub(super) fn of(root: &'s Value, schema: &'s Value) -> Self {
        Self::behind(root, schema, MOST_REFERENCES)
    }

    fn behind(root: &'s Value, schema: &'s Value, references: usize) -> Self {
        let form = |kind, nullable, exact| Self { at: schema, kind, nullable, exact };
        let other = || form(Kind::Other, false, false);
        let keywords = match schema {
            Value::Bool(true) => return form(Kind::Anything, true, true),
            Value::Object(keywords) => keywords,
            _ => return other(),
        };
        let said: Vec<&str> =
            keywords.keys().map(String::as_str).filter(|keyword| !is_annotation(keyword)).collect();
        let items = |keyword: &str| keywords.get(keyword).and_then(Value::as_array).map(Vec::as_slice);
        match said[..] {
            [] => return form(Kind::Anything, true, true),
            ["$ref"] => {
                let target = keywords["$ref"].as_str().and_then(|reference| resolve(root, reference));
                return match target.filter(|_| references > 0) {
                    Some(target) => Self::behind(root, target, references - 1),
                    None => other(),
                };
            }
            ["allOf"] => {
                if let (Some([only]), 1..) = (items("allOf"), references) {
                    return Self::behind(root, only, references - 1);
                }
            }
            ["anyOf"] => {
                if let (Some([some, none]), 1..) = (items("anyOf"), references)
                    && none.as_object().is_some_and(|none| none.len() == 1)
                    && none["type"] == "null"
                {
                    return Self { nullable: true, ..Self::behind(root, some, references - 1) };
                }
            }
            ["oneOf"] => {
                let variants = items("oneOf").and_then(variants);
                return variants.map_or_else(other, |variants| form(Kind::Enum(variants), false, true));
            }
            _ => {}
        }
        let (name, nullable) = match keywords.get("type") {
            Some(Value::String(name)) => (name.as_str(), false),
            Some(Value::Array(names)) => match &names[..] {
                [Value::String(name), null] | [null, Value::String(name)] if null == "null" => {
                    (name.as_str(), true)
                }
                _ => return other(),
            },
            _ => return other(),
        };
        let (kind, also) = of_type(name, keywords);
        let exact = said.iter().all(|keyword| *keyword == "type" || also.contains(keyword));
        form(kind, nullable, exact)
    }
}

/// The form of a schema that names one type, and the keywords that the form stands for.
fn of_type<'s>(name: &str, keywords: &'s Map<String, Value>) -> (Kind<'s>, &'static [&'static str]) {
    let count = |keyword: &str| keywords.get(keyword).and_then(Value::as_u64);
    match name {
        "null" => (Kind::Null, &[]),
        "boolean" => (Kind::Bool, &[]),
        "integer" | "number" => {
            let bounds = &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "format"];
            match numeric_range(keywords) {
                Some(_) => (Kind::Number(keywords), bounds),
                None => (Kind::Number(keywords), &bounds[..4]),
            }
        }
        "string" => match keywords.get("enum").and_then(Value::as_array) {
            Some(names) => match names.iter().map(Value::as_str).collect::<Option<Vec<_>>>() {
                Some(names) => (Kind::Enum(names.into_iter().map(|name| (name, None)).collect()), &["enum"]),
                None => (Kind::Other, &[]),
            },
            None => {
                match (keywords.get("const").and_then(Value::as_str), count("minLength"), count("maxLength"))
                {
                    (Some(name), ..) => (Kind::Enum(vec![(name, None)]), &["const"]),
                    (None, Some(1), Some(1)) => (Kind::Char, &["minLength", "maxLength"]),
                    _ => (Kind::Text, &[]),
                }
            }
        },
        "array" => {
            let prefix = keywords.get("prefixItems").and_then(Value::as_array);
            let items = keywords.get("items");
            let length =
                |n: usize| count("minItems") == Some(n as u64) && count("maxItems") == Some(n as u64);
            match (prefix, items, count("maxItems")) {
                (Some(prefix), None, _) if length(prefix.len()) => {
                    (Kind::Tuple(prefix.iter().collect()), &["prefixItems", "minItems", "maxItems"])
                }
                // `[T; N]`.
                (None, Some(item), Some(n @ 0..=64)) if length(n as usize) => {
                    (Kind::Tuple(vec![item; n as usize]), &["items", "minItems", "maxItems"])
                }
                (None, None, Some(0)) => (Kind::Tuple(Vec::new()), &["maxItems", "minItems"]),
                (None, items, _) => (Kind::Array(items), &["items"]),
                _ => (Kind::Other, &[]),
            }
        }
        "object" => object(keywords),
        _ => (Kind::Other, &[]),
    }
}

fn object<'s>(keywords: &'s Map<String, Value>) -> (Kind<'s>, &'static [&'static str]) {
    let additional = keywords.get("additionalProperties");
    let patterns = keywords.get("patternProperties").and_then(Value::as_object);
    let has_properties = keywords.contains_key("properties") || keywords.contains_key("required");
    if let (Some(patterns), Some(Value::Bool(false)), false) = (patterns, additional, has_properties) {
        let mut patterns = patterns.iter();
        return match (patterns.next(), patterns.next()) {
            (Some((pattern, values)), None) if pattern == UNSIGNED_KEY || pattern == SIGNED_KEY => {
                let keys = if pattern == UNSIGNED_KEY { Keys::Unsigned } else { Keys::Signed };
                (Kind::Map(Dictionary { values, keys }), &["patternProperties", "additionalProperties"])
            }
            _ => (Kind::Other, &[]),
        };
    }
    if let (Some(values), false) = (additional, has_properties)
        && *values != Value::Bool(false)
    {
        return (Kind::Map(Dictionary { values, keys: Keys::Any }), &["additionalProperties"]);
    }
    let properties = keywords.get("properties").and_then(Value::as_object);
    let required = keywords.get("required").and_then(Value::as_array);
    let fields = Struct {
        properties: properties.into_iter().flatten().map(|(name, schema)| (name.as_str(), schema)).collect(),
        required: required.into_iter().flatten().filter_map(Value::as_str).collect(),
        closed: additional == Some(&Value::Bool(false)),
    };
    match additional {
        None | Some(Value::Bool(_)) => {
            (Kind::Struct(fields), &["properties", "required", "additionalProperties"])
        }
        Some(_) => (Kind::Struct(fields), &["properties", "required"]),
    }
}

/// The variants of an externally tagged enum. `None` if the branches are anything else.
fn variants(branches: &[Value]) -> Option<Vec<(&str, Option<&Value>)>> {
    let mut variants: Vec<(&str, Option<&Value>)> = Vec::new();
    for branch in branches {
        let keywords = branch.as_object()?;
        let is_only = |known: &[&str]| {
            keywords.keys().all(|keyword| is_annotation(keyword) || known.contains(&keyword.as_str()))
        };
        match keywords.get("type")?.as_str()? {
            "string" if is_only(&["type", "const"]) => {
                variants.push((keywords.get("const")?.as_str()?, None))
            }
            "string" if is_only(&["type", "enum"]) => {
                for name in keywords.get("enum")?.as_array()? {
                    variants.push((name.as_str()?, None));
                }
            }
            "object" if is_only(&["type", "properties", "required", "additionalProperties"]) => {
                let properties = keywords.get("properties")?.as_object()?;
                let (name, content) = properties.iter().next().filter(|_| properties.len() == 1)?;
                let required = keywords.get("required")?.as_array()?;
                let is_closed = keywords.get("additionalProperties") == Some(&Value::Bool(false));
                if !is_closed || required.len() != 1 || required[0] != **name {
                    return None;
                }
                variants.push((name, Some(content)));
            }
            _ => return None,
        }
    }
    // Each value matches one branch only, as `oneOf` requires.
    let mut names: Vec<&str> = variants.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names.windows(2).all(|pair| pair[0] != pair[1]).then_some(variants)
}

/// The JSON types that a schema may accept, one bit each.
pub(super) fn types_of(root: &Value, schema: &Value, depth: usize) -> u8 {
    let Some(keywords) = schema.as_object() else {
        return if *schema == Value::Bool(false) { 0 } else { ALL };
    };
    if depth == 0 {
        return ALL;
    }
    let each = |value: &Value| -> Vec<u8> {
        value.as_array().into_iter().flatten().map(|schema| types_of(root, schema, depth - 1)).collect()
    };
    let mut types = ALL;
    for (keyword, value) in keywords {
        types &= match keyword.as_str() {
            "type" => match value {
                Value::Array(names) => names.iter().fold(0, |all, name| all | named(name)),
                name => named(name),
            },
            "const" => type_of(value),
            "enum" => value.as_array().into_iter().flatten().fold(0, |all, value| all | type_of(value)),
            "anyOf" | "oneOf" => each(value).into_iter().fold(0, |all, one| all | one),
            "allOf" => each(value).into_iter().fold(ALL, |all, one| all & one),
            "$ref" => match value.as_str().and_then(|reference| resolve(root, reference)) {
                Some(target) => types_of(root, target, depth - 1),
                None => ALL,
            },
            _ => ALL,
        };
    }
    types
}

pub(super) const NULL: u8 = 1;
pub(super) const BOOL: u8 = 2;
pub(super) const NUMBER: u8 = 4;
pub(super) const TEXT: u8 = 8;
pub(super) const ARRAY: u8 = 16;
pub(super) const OBJECT: u8 = 32;
const ALL: u8 = 63;

fn named(name: &Value) -> u8 {
    match name.as_str() {
        Some("null") => NULL,
        Some("boolean") => BOOL,
        Some("integer" | "number") => NUMBER,
        Some("string") => TEXT,
        Some("array") => ARRAY,
        Some("object") => OBJECT,
        _ => ALL,
    }
}

fn type_of(value: &Value) -> u8 {
    match value {
        Value::Null => NULL,
        Value::Bool(_) => BOOL,
        Value::Number(_) => NUMBER,
        Value::String(_) => TEXT,
        Value::Array(_) => ARRAY,
        Value::Object(_) => OBJECT,
    }
}

/// A set of JSON types as text.
pub(super) fn in_words(types: u8) -> String {
    let names = [
        (BOOL, "a boolean"),
        (NUMBER, "a number"),
        (TEXT, "a string"),
        (ARRAY, "an array"),
        (OBJECT, "an object"),
        (NULL, "null"),
    ];
    let named: Vec<&str> = names.iter().filter(|(bit, _)| types & bit != 0).map(|(_, name)| *name).collect();
    named.join(" or ")
}
