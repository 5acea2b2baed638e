//! Schemas as they are passed around: not yet looked into, several at once where a value must satisfy all.

use std::hash::{Hash, Hasher};

use serde_json::{Map, Value};

use super::is_annotation;
use crate::reference::definition_name;

/// How many references may lead to references alone.
const MOST_HOPS: usize = 32;

/// One schema and the definitions that it may refer to. Two are equal if they stand at the same place of the same document.
#[derive(Clone, Copy, Debug)]
pub(in crate::diff) struct Node<'c> {
    pub(super) schema: &'c Value,
    pub(super) definitions: &'c Map<String, Value>,
}

impl<'c> Node<'c> {
    /// A schema that is nothing but a reference is what it refers to.
    pub(super) fn new(schema: &'c Value, definitions: &'c Map<String, Value>) -> Self {
        let mut node = Self { schema, definitions };
        for _ in 0..MOST_HOPS {
            match node.sole_reference() {
                Some(target) => node.schema = target,
                None => break,
            }
        }
        node
    }

    fn sole_reference(self) -> Option<&'c Value> {
        let keywords = self.schema.as_object()?;
        let reference = keywords.get("$ref")?;
        let alone = keywords.keys().all(|keyword| keyword == "$ref" || is_annotation(keyword));
        if alone { self.target(reference) } else { None }
    }

    /// The definition that a `$ref` of this schema means.
    pub(super) fn target(self, reference: &Value) -> Option<&'c Value> {
        self.definitions.get(&definition_name(reference.as_str()?)?)
    }

    /// A schema within this one.
    pub(super) fn child(self, schema: &'c Value) -> Self {
        Self::new(schema, self.definitions)
    }

    pub(super) fn address(self) -> usize {
        std::ptr::from_ref(self.schema) as usize
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.schema, other.schema)
    }
}

impl Eq for Node<'_> {}

impl Hash for Node<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.address().hash(state);
    }
}

/// Schemas that a value must all satisfy; none of them: anything goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(in crate::diff) struct Term<'c>(Vec<Node<'c>>);

impl<'c> Term<'c> {
    pub(in crate::diff) fn new(schema: &'c Value, definitions: &'c Map<String, Value>) -> Self {
        Self::of(Node::new(schema, definitions))
    }

    pub(super) fn of(node: Node<'c>) -> Self {
        let anything = match node.schema {
            Value::Bool(anything) => *anything,
            Value::Object(keywords) => keywords.keys().all(|keyword| is_annotation(keyword)),
            _ => false,
        };
        Self(if anything { Vec::new() } else { vec![node] })
    }

    /// Anything goes.
    pub(super) fn anything() -> Self {
        Self::default()
    }

    pub(super) fn is_anything(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.0.iter().any(|node| *node.schema == Value::Bool(false))
    }

    /// The values that it lists, where one of its schemas does.
    pub(super) fn literals(&self) -> Option<Vec<&'c Value>> {
        self.0.iter().find_map(|node| match (node.schema.get("const"), node.schema.get("enum")) {
            (Some(value), _) => Some(vec![value]),
            (None, Some(Value::Array(values))) => Some(values.iter().collect()),
            _ => None,
        })
    }

    pub(super) fn nodes(&self) -> &[Node<'c>] {
        &self.0
    }

    /// Both at once.
    pub(super) fn and(mut self, other: &Self) -> Self {
        for node in &other.0 {
            if !self.0.contains(node) {
                self.0.push(*node);
            }
        }
        self
    }
}
