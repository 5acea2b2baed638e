//! Compiling a schema.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use zocket_contract::pattern::enforced;
use zocket_contract::validation::branch::branches;

use super::value::{Bound, Scalar};
use super::{
    Additional, ArrayRule, Checker, Hint, KeyPattern, Node, NodeId, NumberRule, ObjectRule, Property,
    StringRule, Types,
};
use crate::contract::schema::annotations::is_annotation;
use crate::contract::schema::generate::{SIGNED_KEY, UNSIGNED_KEY};
use crate::contract::schema::validate::options;
use crate::contract::schema::walk::resolve;

/// `None` if the program cannot decide a schema.
type Compiled<T> = Option<T>;

impl Checker {
    /// Compiles the schema, which is known to be valid. A part that cannot be compiled is never approved.
    pub(crate) fn compile(root: &Value) -> Self {
        let mut compiler = Compiler { root, nodes: Vec::new(), by_reference: HashMap::new() };
        compiler.schema(root);
        Checker { nodes: compiler.nodes }
    }
}

struct Compiler<'s> {
    root: &'s Value,
    nodes: Vec<Node>,
    /// Schemas can be recursive, so each gets its number before it is compiled.
    by_reference: HashMap<&'s str, NodeId>,
}

impl<'s> Compiler<'s> {
    fn schema(&mut self, schema: &'s Value) -> NodeId {
        let id = self.nodes.len();
        self.nodes.push(Node::default());
        self.nodes[id] = self.node(schema).unwrap_or(Node { undecided: true, ..Node::default() });
        id
    }

    fn schemas(&mut self, schemas: &'s Value) -> Compiled<Vec<NodeId>> {
        Some(schemas.as_array()?.iter().map(|schema| self.schema(schema)).collect())
    }

    fn reference(&mut self, reference: &'s str) -> Compiled<NodeId> {
        if let Some(&id) = self.by_reference.get(reference) {
            return Some(id);
        }
        let target = resolve(self.root, reference)?;
        self.by_reference.insert(reference, self.nodes.len());
        Some(self.schema(target))
    }

    fn node(&mut self, schema: &'s Value) -> Compiled<Node> {
        let keywords = match schema {
            Value::Bool(true) => return Some(Node::default()),
            Value::Object(keywords) => keywords,
            _ => return None,
        };
        let mut node = Node::default();
        let mut others = Others::default();
        for (keyword, value) in keywords {
            match keyword.as_str() {
                "type" => node.types = types(value)?,
                "const" => node.values = Some(vec![Scalar::of(value)?]),
                "enum" => {
                    node.values = Some(value.as_array()?.iter().map(Scalar::of).collect::<Option<_>>()?)
                }
                "not" => {
                    let negated = value.as_object().filter(|negated| negated.len() == 1)?;
                    node.never = Some(Scalar::of(negated.get("const")?)?);
                }
                "$ref" => node.all.push(self.reference(value.as_str()?)?),
                "allOf" => node.all.extend(self.schemas(value)?),
                "anyOf" => node.any.push(self.schemas(value)?),
                "oneOf" => {
                    // If at most one branch can match, one match is enough.
                    let branches = branches(self.root, value);
                    let exclusive =
                        branches.iter().enumerate().all(|(i, a)| branches[..i].iter().all(|b| a.excludes(b)));
                    node.any.push(self.schemas(value).filter(|_| exclusive)?);
                }
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                    others.number = true
                }
                "minLength" | "maxLength" | "pattern" => others.string = true,
                // The format of a number is only its type's name; the bounds that it implies are separate
                // keywords.
                "format" => others.string |= node_may_be_string(keywords),
                "items" | "prefixItems" | "minItems" | "maxItems" | "uniqueItems" => others.array = true,
                "properties"
                | "required"
                | "additionalProperties"
                | "patternProperties"
                | "minProperties"
                | "maxProperties" => {
                    others.object = true;
                }
                keyword if is_annotation(keyword) => {}
                _ => return None,
            }
        }
        if others.number {
            node.number = Some(Box::new(number(keywords)?));
        }
        if others.string {
            node.string = Some(Box::new(string(keywords)?));
        }
        if others.array {
            node.array = Some(Box::new(self.array(keywords)?));
        }
        if others.object {
            node.object = Some(Box::new(self.object(keywords)?));
        }
        Some(node)
    }

    fn array(&mut self, keywords: &'s Map<String, Value>) -> Compiled<ArrayRule> {
        Some(ArrayRule {
            prefix: match keywords.get("prefixItems") {
                Some(schemas) => self.schemas(schemas)?,
                None => Vec::new(),
            },
            items: keywords.get("items").map(|schema| self.schema(schema)),
            min_items: count(keywords, "minItems", 0)?,
            max_items: count(keywords, "maxItems", usize::MAX)?,
            unique: keywords.get("uniqueItems").map_or(Some(false), Value::as_bool)?,
        })
    }

    fn object(&mut self, keywords: &'s Map<String, Value>) -> Compiled<ObjectRule> {
        let mut properties = Vec::new();
        if let Some(schemas) = keywords.get("properties") {
            for (name, schema) in schemas.as_object()? {
                properties.push(Property::new(name, Some(self.schema(schema))));
            }
        }
        let required: Vec<&str> = match keywords.get("required") {
            Some(names) => names.as_array()?.iter().map(Value::as_str).collect::<Option<_>>()?,
            None => Vec::new(),
        };
        // Clients send the required ones, and in the order of the type's fields, which `required` keeps.
        properties.sort_by_key(|property| {
            required.iter().position(|name| *name == &*property.name).unwrap_or(usize::MAX)
        });
        let mut bits = 0;
        let mut unnamed = Vec::new();
        for name in required {
            let index = properties.iter().position(|property| *property.name == *name).unwrap_or_else(|| {
                unnamed.push(name);
                properties.len() + unnamed.len() - 1
            });
            bits |= 1_u128.checked_shl(u32::try_from(index).ok()?)?;
        }
        // A required property without a schema is still an additional one.
        let additional = match keywords.get("additionalProperties") {
            None | Some(Value::Bool(true)) => Additional::Allowed,
            Some(_) if !unnamed.is_empty() => return None,
            Some(Value::Bool(false)) => Additional::Refused,
            Some(schema) => Additional::Checked(self.schema(schema)),
        };
        properties.extend(unnamed.into_iter().map(|name| Property::new(name, None)));
        if properties.len() > 128 {
            return None;
        }
        let mut patterns = Vec::new();
        if let Some(schemas) = keywords.get("patternProperties") {
            for (pattern, schema) in schemas.as_object()? {
                let pattern = match pattern.as_str() {
                    UNSIGNED_KEY => KeyPattern::Unsigned,
                    SIGNED_KEY => KeyPattern::Signed,
                    _ => return None,
                };
                patterns.push((pattern, self.schema(schema)));
            }
        }
        // Properties given twice would be counted twice, so only "at least one" is certain.
        let not_empty = match count(keywords, "minProperties", 0)? {
            0 => false,
            1 => true,
            _ => return None,
        };
        let max_properties = count(keywords, "maxProperties", usize::MAX)?;
        let first = Hint::default();
        Some(ObjectRule {
            properties,
            first,
            required: bits,
            patterns,
            additional,
            not_empty,
            max_properties,
        })
    }
}

/// The JSON types that a schema constrains.
#[derive(Default)]
struct Others {
    number: bool,
    string: bool,
    array: bool,
    object: bool,
}

fn types(value: &Value) -> Compiled<Types> {
    match value {
        Value::Array(names) => names.iter().map(types).try_fold(Types(0), |all, one| Some(all.with(one?))),
        Value::String(name) => Some(match name.as_str() {
            "null" => Types::NULL,
            "boolean" => Types::BOOLEAN,
            "integer" => Types::INTEGER,
            "number" => Types::NUMBER,
            "string" => Types::STRING,
            "array" => Types::ARRAY,
            "object" => Types::OBJECT,
            _ => return None,
        }),
        _ => None,
    }
}

fn node_may_be_string(keywords: &Map<String, Value>) -> bool {
    keywords.get("type").and_then(types).is_none_or(|types| types.has(Types::STRING))
}

fn count(keywords: &Map<String, Value>, keyword: &str, absent: usize) -> Compiled<usize> {
    match keywords.get(keyword) {
        Some(value) => usize::try_from(value.as_u64()?).ok(),
        None => Some(absent),
    }
}

fn number(keywords: &Map<String, Value>) -> Compiled<NumberRule> {
    let bound = |keyword: &str| match keywords.get(keyword) {
        Some(Value::Number(number)) => Bound::of(number).map(Some),
        Some(_) => None,
        None => Some(None),
    };
    let multiple_of = match keywords.get("multipleOf") {
        Some(step) => Some(step.as_u64().filter(|step| *step > 0)?),
        None => None,
    };
    Some(NumberRule {
        minimum: bound("minimum")?,
        maximum: bound("maximum")?,
        exclusive_minimum: bound("exclusiveMinimum")?,
        exclusive_maximum: bound("exclusiveMaximum")?,
        multiple_of,
    })
}

fn string(keywords: &Map<String, Value>) -> Compiled<StringRule> {
    let mut other = Map::new();
    for keyword in ["pattern", "format"] {
        if let Some(value) = keywords.get(keyword) {
            let value = match value.as_str() {
                Some(pattern) if keyword == "pattern" => enforced(pattern).into(),
                _ => value.clone(),
            };
            other.insert(keyword.into(), value);
        }
    }
    let other = match other.is_empty() {
        true => None,
        false => Some(Box::new(options().build(&json!(other)).ok()?)),
    };
    let min_length = count(keywords, "minLength", 0)?;
    Some(StringRule { min_length, max_length: count(keywords, "maxLength", usize::MAX)?, other })
}
