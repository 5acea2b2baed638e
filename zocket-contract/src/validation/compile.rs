//! Compiling a schema.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::branch::{branches, told_by};
use super::glance::Glance;
use super::leaf::{Leaf, Names, options};
use super::program::{
    ArrayRule, Choice, Condition, Contains, Limit, Listed, Node, NodeId, Not, NumberRule, ObjectRule,
    Program, Required, StringRule, ToldBy,
};
use super::types::Types;
use crate::number::Num;
use crate::reference::resolve;

/// Longer lists of texts are searched by hash.
const LONG_LIST: usize = 8;
/// How many references are followed to find out which types a schema accepts.
const HOPS: usize = 8;

impl Program {
    /// Compiles a schema with its definitions in `$defs`.
    pub(super) fn compile(root: &Value) -> Self {
        let mut compiler = Compiler { root, nodes: Vec::new(), by_reference: HashMap::new() };
        compiler.schema(root);
        let mut program = Self { nodes: compiler.nodes };
        for _ in 0..HOPS {
            program.learn_heads();
        }
        program.learn_what_is_plain();
        for node in &mut program.nodes {
            node.is_simple = is_simple(node);
            node.glance = Glance::of(node);
        }
        program.skip_references();
        for id in 0..program.nodes.len() {
            program.nodes[id].inside = program.inside(id, 0);
        }
        program
    }

    /// Makes items and properties lead straight to what they refer to, if they say nothing else.
    fn skip_references(&mut self) {
        let mut targets: Vec<NodeId> = (0..self.nodes.len()).collect();
        for id in &mut targets {
            for _ in 0..HOPS {
                *id = self.nodes[*id].refers_to().unwrap_or(*id);
            }
        }
        for node in &mut self.nodes {
            if let Some(rule) = node.array.as_deref_mut() {
                for id in rule.prefix.iter_mut().chain(&mut rule.items) {
                    *id = targets[*id];
                }
            }
            if let Some(rule) = node.object.as_deref_mut() {
                for id in rule.properties.iter_mut().map(|(_, id)| id).chain(&mut rule.additional) {
                    *id = targets[*id];
                }
            }
        }
    }

    fn learn_what_is_plain(&mut self) {
        for node in &mut self.nodes {
            let looks_around = |rule: &ArrayRule| rule.contains.is_some() || rule.unevaluated.is_some();
            let is_container = |value: &Value| value.is_array() || value.is_object();
            node.is_plain = node.not.is_none()
                && node.condition.is_none()
                && node.dependent.is_empty()
                && !node.array.as_deref().is_some_and(looks_around)
                && node.object.as_deref().is_none_or(|rule| rule.unevaluated.is_none())
                && !node.listed.as_ref().is_some_and(|listed| listed.values.iter().any(is_container));
        }
        loop {
            let is_plain = |id: &NodeId| self.nodes[*id].is_plain;
            let tainted: Vec<NodeId> = (0..self.nodes.len())
                .filter(|id| {
                    let node = &self.nodes[*id];
                    let branches = node.choices.iter().flat_map(|choice| &choice.branches);
                    node.is_plain && !node.all.iter().chain(branches).all(is_plain)
                })
                .collect();
            if tainted.is_empty() {
                return;
            }
            for id in tainted {
                self.nodes[id].is_plain = false;
            }
        }
    }

    fn inside(&self, id: NodeId, hops: usize) -> Option<NodeId> {
        let node = &self.nodes[id];
        let is_told = |choice: &Choice| !matches!(choice.told_by, ToldBy::Types);
        if !node.is_plain || node.listed.is_some() || node.choices.iter().any(is_told) || hops > HOPS {
            return None;
        }
        let branches = node.choices.iter().flat_map(|choice| &choice.branches);
        let takes_containers = |id: &&NodeId| {
            let head = self.nodes[**id].head;
            head.admits_arrays() || head.admits_objects()
        };
        let mut others = node.all.iter().chain(branches).filter(takes_containers);
        match (node.array.is_some() || node.object.is_some(), others.next(), others.next()) {
            (_, None, _) => Some(id),
            (false, Some(other), None) => self.inside(*other, hops + 1),
            _ => None,
        }
    }

    /// Narrows the types that each node accepts by those of its parts.
    fn learn_heads(&mut self) {
        for id in 0..self.nodes.len() {
            let node = &self.nodes[id];
            let mut head = match node.types {
                _ if node.never => Types::NONE,
                types => types.unwrap_or(Types::ALL),
            };
            for id in &node.all {
                head = head.and(self.nodes[*id].head);
            }
            for choice in &node.choices {
                let branches = choice.branches.iter().map(|id| self.nodes[*id].head);
                head = head.and(branches.fold(Types::NONE, Types::or));
            }
            self.nodes[id].head = head;
        }
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
        self.nodes[id] = match schema {
            Value::Object(keywords) => self.node(keywords),
            other => Node { never: *other == Value::Bool(false), ..Node::default() },
        };
        id
    }

    fn schemas(&mut self, schemas: Option<&'s Value>) -> Vec<NodeId> {
        let schemas = schemas.and_then(Value::as_array).into_iter().flatten();
        schemas.map(|schema| self.schema(schema)).collect()
    }

    fn optional(&mut self, keywords: &'s Map<String, Value>, keyword: &str) -> Option<NodeId> {
        keywords.get(keyword).map(|schema| self.schema(schema))
    }

    fn named(&mut self, schemas: Option<&'s Value>) -> Vec<(Box<str>, NodeId)> {
        let schemas = schemas.and_then(Value::as_object).into_iter().flatten();
        schemas.map(|(name, schema)| (name.as_str().into(), self.schema(schema))).collect()
    }

    fn reference(&mut self, reference: &'s str) -> Option<NodeId> {
        if let Some(&id) = self.by_reference.get(reference) {
            return Some(id);
        }
        let target = resolve(self.root, reference)?;
        self.by_reference.insert(reference, self.nodes.len());
        Some(self.schema(target))
    }

    fn node(&mut self, keywords: &'s Map<String, Value>) -> Node {
        let has = |names: &[&str]| names.iter().any(|name| keywords.contains_key(*name));
        let mut node = Node {
            types: keywords.get("type").map(Types::of),
            listed: listed(keywords),
            number: number(keywords).map(Box::new),
            string: string(keywords).map(Box::new),
            ..Node::default()
        };
        if has(&[
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "uniqueItems",
            "contains",
            "unevaluatedItems",
        ]) {
            node.array = Some(Box::new(self.array(keywords)));
        }
        if has(&[
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "minProperties",
            "maxProperties",
            "propertyNames",
            "dependentRequired",
            "unevaluatedProperties",
        ]) {
            node.object = Some(Box::new(self.object(keywords)));
        }
        let reference = keywords.get("$ref").and_then(Value::as_str);
        node.all.extend(reference.and_then(|reference| self.reference(reference)));
        node.all.extend(self.schemas(keywords.get("allOf")));
        for keyword in ["anyOf", "oneOf"] {
            if let Some(value @ Value::Array(all)) = keywords.get(keyword) {
                let told_by =
                    if all.len() > 1 { told_by(&branches(self.root, value)) } else { ToldBy::Types };
                node.choices.push(Choice { keyword, branches: self.schemas(Some(value)), told_by });
            }
        }
        if let Some(negated) = keywords.get("not") {
            let value = negated.as_object().filter(|negated| negated.len() == 1);
            let value = value.and_then(|negated| negated.get("const")).cloned();
            node.not = Some(Not { node: self.schema(negated), value });
        }
        if let Some(when) = keywords.get("if") {
            let when = self.schema(when);
            let (then, otherwise) = (self.optional(keywords, "then"), self.optional(keywords, "else"));
            node.condition = Some(Condition { when, then, otherwise });
        }
        node.dependent = self.named(keywords.get("dependentSchemas"));
        node
    }

    fn array(&mut self, keywords: &'s Map<String, Value>) -> ArrayRule {
        let contains = self.optional(keywords, "contains").map(|node| Contains {
            node,
            min: count(keywords, "minContains").unwrap_or(1),
            max: count(keywords, "maxContains").unwrap_or(u64::MAX),
        });
        ArrayRule {
            prefix: self.schemas(keywords.get("prefixItems")),
            items: self.optional(keywords, "items"),
            min_items: count(keywords, "minItems").unwrap_or(0),
            max_items: count(keywords, "maxItems").unwrap_or(u64::MAX),
            unique: keywords.get("uniqueItems") == Some(&Value::Bool(true)),
            contains,
            unevaluated: self.optional(keywords, "unevaluatedItems"),
        }
    }

    fn object(&mut self, keywords: &'s Map<String, Value>) -> ObjectRule {
        let mut properties = self.named(keywords.get("properties"));
        properties.sort_by(|(a, _), (b, _)| a.cmp(b));
        let patterns = keywords.get("patternProperties").and_then(Value::as_object).into_iter().flatten();
        let patterns =
            patterns.filter_map(|(pattern, schema)| Some((Names::new(pattern)?, self.schema(schema))));
        let patterns = patterns.collect();
        let dependent_required = keywords.get("dependentRequired").and_then(Value::as_object);
        let dependent_required = dependent_required.into_iter().flatten();
        let mut rule = ObjectRule {
            properties,
            required: Vec::new(),
            required_bits: None,
            patterns,
            additional: self.optional(keywords, "additionalProperties"),
            min_properties: count(keywords, "minProperties").unwrap_or(0),
            max_properties: count(keywords, "maxProperties").unwrap_or(u64::MAX),
            names: self.optional(keywords, "propertyNames"),
            dependent_required: dependent_required
                .map(|(name, needed)| (name.as_str().into(), strings(Some(needed)).collect()))
                .collect(),
            unevaluated: self.optional(keywords, "unevaluatedProperties"),
            takes_members_one_by_one: false,
        };
        let required = strings(keywords.get("required"));
        rule.required = required.map(|name| Required { property: rule.property(&name), name }).collect();
        rule.required_bits = rule.required.iter().try_fold(0, |bits, required| {
            let index = required.property.filter(|_| rule.properties.len() <= 128)?;
            Some(bits | 1 << index)
        });
        rule.takes_members_one_by_one = rule.min_properties == 0
            && rule.max_properties == u64::MAX
            && rule.names.is_none()
            && rule.dependent_required.is_empty()
            && rule.required.iter().all(|required| required.property.is_some());
        rule
    }
}

fn is_simple(node: &Node) -> bool {
    node.listed.is_none()
        && node.stands_alone()
        && node.array.as_deref().is_none_or(|rule| rule.unevaluated.is_none())
        && node.object.as_deref().is_none_or(|rule| rule.unevaluated.is_none())
}

fn strings(list: Option<&Value>) -> impl Iterator<Item = Box<str>> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(Box::from)
}

/// Counts may be written as `2.0`.
fn count(keywords: &Map<String, Value>, keyword: &str) -> Option<u64> {
    match Num::of(keywords.get(keyword)?.as_number()?) {
        Num::Int(count) => Some(u64::try_from(count).unwrap_or(if count < 0 { 0 } else { u64::MAX })),
        Num::Float(_) => None,
    }
}

fn listed(keywords: &Map<String, Value>) -> Option<Listed> {
    let (keyword, values) = match (keywords.get("const"), keywords.get("enum")) {
        (Some(value), _) => ("const", vec![value.clone()]),
        (None, Some(Value::Array(values))) => ("enum", values.clone()),
        _ => return None,
    };
    let texts =
        (values.len() > LONG_LIST).then(|| values.iter().filter_map(Value::as_str).map(Box::from).collect());
    Some(Listed { keyword, values, texts })
}

fn number(keywords: &Map<String, Value>) -> Option<NumberRule> {
    let limit = |keyword: &str| {
        let said = keywords.get(keyword)?.as_number()?.clone();
        Some(Limit { at: Num::of(&said), said })
    };
    let multiple = keywords.get("multipleOf").and_then(Value::as_number);
    let rule = NumberRule {
        minimum: limit("minimum"),
        maximum: limit("maximum"),
        exclusive_minimum: limit("exclusiveMinimum"),
        exclusive_maximum: limit("exclusiveMaximum"),
        multiple_of: multiple
            .and_then(|step| Some((step.clone(), Leaf::new("multipleOf", &step.clone().into())?))),
    };
    let says_something = rule.minimum.is_some()
        || rule.maximum.is_some()
        || rule.exclusive_minimum.is_some()
        || rule.exclusive_maximum.is_some()
        || rule.multiple_of.is_some();
    says_something.then_some(rule)
}

fn string(keywords: &Map<String, Value>) -> Option<StringRule> {
    let leaf = |keyword: &str| {
        let text = keywords.get(keyword)?.as_str()?;
        Some((Box::from(text), Leaf::new(keyword, &text.into())?))
    };
    let is_format = |(name, leaf): (Box<str>, Leaf)| {
        options().is_known_format(jsonschema::Draft::Draft202012, &name).then_some((name, leaf))
    };
    let rule = StringRule {
        min_length: count(keywords, "minLength").unwrap_or(0),
        max_length: count(keywords, "maxLength").unwrap_or(u64::MAX),
        pattern: leaf("pattern"),
        format: leaf("format").and_then(is_format),
    };
    let says_something =
        rule.min_length > 0 || rule.max_length < u64::MAX || rule.pattern.is_some() || rule.format.is_some();
    says_something.then_some(rule)
}
