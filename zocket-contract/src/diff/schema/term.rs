//! Schemas as they are passed around: not yet looked into, several at once where a value must satisfy all.

use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::is_annotation;
use crate::reference::definition_name;

/// How many references may lead to references alone.
const MOST_HOPS: usize = 32;

/// One schema, or what it does not allow, and the definitions that it may refer to. Two are equal if they stand at the same
/// place of the same document.
#[derive(Clone, Copy, Debug)]
pub(in crate::diff) struct Node<'c> {
    pub(super) schema: &'c Value,
    pub(super) definitions: &'c Map<String, Value>,
    /// It allows what its schema does not.
    pub(super) negated: bool,
}

impl<'c> Node<'c> {
    /// A schema that is nothing but a reference is what it refers to, and so is one that is nothing but a `not`.
    pub(super) fn new(schema: &'c Value, definitions: &'c Map<String, Value>) -> Self {
        Self { schema, definitions, negated: false }.settled()
    }

    fn settled(mut self) -> Self {
        for _ in 0..MOST_HOPS {
            if let Some(target) = self.sole_reference() {
                self.schema = target;
            } else if let Some(target) = self.sole("not") {
                self.schema = target;
                self.negated = !self.negated;
            } else {
                break;
            }
        }
        self
    }

    /// What this one does not allow.
    pub(super) fn inverse(self) -> Self {
        Self { negated: !self.negated, ..self }
    }

    fn sole_reference(self) -> Option<&'c Value> {
        self.target(self.sole("$ref")?)
    }

    /// The value of a keyword that says all there is to say.
    fn sole(self, keyword: &str) -> Option<&'c Value> {
        let keywords = self.schema.as_object()?;
        let alone = keywords.keys().all(|other| other == keyword || is_annotation(other));
        if alone { keywords.get(keyword) } else { None }
    }

    /// The definition that a `$ref` of this schema means.
    pub(super) fn target(self, reference: &Value) -> Option<&'c Value> {
        self.definitions.get(&definition_name(reference.as_str()?)?)
    }

    /// A schema within this one, which is not negated itself.
    pub(super) fn child(self, schema: &'c Value) -> Self {
        Self::new(schema, self.definitions)
    }

    pub(super) fn address(self) -> (usize, bool) {
        (std::ptr::from_ref(self.schema) as usize, self.negated)
    }

    /// Whether it allows all (`true`) or nothing (`false`), at first sight.
    fn plainly(self) -> Option<bool> {
        let allows = match self.schema {
            Value::Bool(allows) => *allows,
            Value::Object(keywords) if keywords.keys().all(|keyword| is_annotation(keyword)) => true,
            _ => return None,
        };
        Some(allows != self.negated)
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.negated == other.negated && std::ptr::eq(self.schema, other.schema)
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
        Self(if node.plainly() == Some(true) { Vec::new() } else { vec![node] })
    }

    /// Nothing goes.
    pub(super) fn nothing() -> Self {
        static NOTHING: Value = Value::Bool(false);
        static NO_DEFINITIONS: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
        Self(vec![Node { schema: &NOTHING, definitions: &NO_DEFINITIONS, negated: false }])
    }

    /// What one of its schemas does not allow, for each of them.
    pub(super) fn inverses(&self) -> impl Iterator<Item = Self> {
        self.0.iter().map(|node| Self::of(node.inverse()))
    }

    /// Anything goes.
    pub(super) fn anything() -> Self {
        Self::default()
    }

    pub(super) fn is_anything(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.0.iter().any(|node| node.plainly() == Some(false))
    }

    /// The values that it lists, where one of its schemas does.
    pub(super) fn literals(&self) -> Option<Vec<&'c Value>> {
        self.each_literals().next()
    }

    /// The values that each of its schemas lists which does.
    pub(super) fn each_literals(&self) -> impl Iterator<Item = Vec<&'c Value>> {
        let listed = |node: &Node<'c>| match (node.schema.get("const"), node.schema.get("enum")) {
            (Some(value), _) => Some(vec![value]),
            (None, Some(Value::Array(values))) => Some(values.iter().collect()),
            _ => None,
        };
        self.0.iter().filter(|node| !node.negated).filter_map(listed)
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
