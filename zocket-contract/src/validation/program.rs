//! A schema compiled to explain what is wrong with a value.

use std::collections::{HashMap, HashSet};

use serde_json::{Number, Value};

use super::equal::equals;
use super::glance::Glance;
use super::leaf::{Leaf, Names};
use super::tree::{self, Tree};
use super::types::Types;
use crate::number::Num;

pub(super) type NodeId = usize;

/// The compiled schema. Compiling always succeeds: unsupported keywords are left out.
#[derive(Debug, Default)]
pub(super) struct Program {
    /// The first is the root.
    pub(super) nodes: Vec<Node>,
}

/// One schema. All its parts must match.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// The schema `false`.
    pub(super) never: bool,
    pub(super) types: Option<Types>,
    /// The types that it accepts, as far as it and its references say so.
    pub(super) head: Types,
    /// It has no rules besides its own.
    pub(super) is_simple: bool,
    /// What is known of a value without a further look.
    pub(super) glance: Glance,
    /// Only the value's type and contents decide: no `not`, no `if`, no unevaluated properties or items, no list of values. This
    /// also applies to everything that it refers to for the same value.
    pub(super) is_plain: bool,
    /// The only node whose rules look into an array or object at this node. `None` if there may be several.
    pub(super) inside: Option<NodeId>,
    pub(super) listed: Option<Listed>,
    pub(super) number: Option<Box<NumberRule>>,
    pub(super) string: Option<Box<StringRule>>,
    pub(super) array: Option<Box<ArrayRule>>,
    pub(super) object: Option<Box<ObjectRule>>,
    /// `$ref` and `allOf`.
    pub(super) all: Vec<NodeId>,
    /// `anyOf` and `oneOf`.
    pub(super) choices: Vec<Choice>,
    pub(super) not: Option<Not>,
    pub(super) condition: Option<Condition>,
    /// `dependentSchemas`.
    pub(super) dependent: Vec<(Box<str>, NodeId)>,
}

impl Node {
    /// Whether no other schema has a say in the same value.
    pub(super) fn stands_alone(&self) -> bool {
        self.all.is_empty() && self.has_no_conditions()
    }

    fn has_no_conditions(&self) -> bool {
        self.choices.is_empty() && self.not.is_none() && self.condition.is_none() && self.dependent.is_empty()
    }

    /// The schema that it refers to, if that is all it says.
    pub(super) fn refers_to(&self) -> Option<NodeId> {
        let has_rules = self.never
            || self.types.is_some()
            || self.listed.is_some()
            || self.number.is_some()
            || self.string.is_some()
            || self.array.is_some()
            || self.object.is_some();
        match self.all[..] {
            [id] if !has_rules && self.has_no_conditions() => Some(id),
            _ => None,
        }
    }
}

/// `enum`, or `const`.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) keyword: &'static str,
    pub(super) values: Vec<Value>,
    /// The strings, if there are too many for a linear search.
    pub(super) texts: Option<HashSet<Box<str>>>,
}

impl Listed {
    pub(super) fn has(&self, value: &Tree<'_>) -> bool {
        match (&value.0, &self.texts) {
            (tree::Node::Text(text), Some(texts)) => texts.contains(&**text),
            _ => self.values.iter().any(|listed| equals(value, listed)),
        }
    }

    pub(super) fn has_text(&self, text: &str) -> bool {
        match &self.texts {
            Some(texts) => texts.contains(text),
            None => self.values.iter().any(|listed| listed.as_str() == Some(text)),
        }
    }
}

#[derive(Debug)]
pub(super) struct Limit {
    pub(super) at: Num,
    /// As it is written.
    pub(super) said: Number,
}

#[derive(Debug, Default)]
pub(super) struct NumberRule {
    pub(super) minimum: Option<Limit>,
    pub(super) maximum: Option<Limit>,
    pub(super) exclusive_minimum: Option<Limit>,
    pub(super) exclusive_maximum: Option<Limit>,
    pub(super) multiple_of: Option<(Number, Leaf)>,
}

/// Lengths in code points.
#[derive(Debug)]
pub(super) struct StringRule {
    pub(super) min_length: u64,
    pub(super) max_length: u64,
    pub(super) pattern: Option<(Box<str>, Leaf)>,
    pub(super) format: Option<(Box<str>, Leaf)>,
}

#[derive(Debug)]
pub(super) struct ArrayRule {
    pub(super) prefix: Vec<NodeId>,
    pub(super) items: Option<NodeId>,
    pub(super) min_items: u64,
    pub(super) max_items: u64,
    pub(super) unique: bool,
    pub(super) contains: Option<Contains>,
    pub(super) unevaluated: Option<NodeId>,
}

#[derive(Debug)]
pub(super) struct Contains {
    pub(super) node: NodeId,
    pub(super) min: u64,
    pub(super) max: u64,
}

#[derive(Debug)]
pub(super) struct ObjectRule {
    /// Sorted by name.
    pub(super) properties: Vec<(Box<str>, NodeId)>,
    pub(super) required: Vec<Required>,
    /// The indices of the required properties as bits, if all have one and it is below 128.
    pub(super) required_bits: Option<u128>,
    pub(super) patterns: Vec<(Names, NodeId)>,
    pub(super) additional: Option<NodeId>,
    pub(super) min_properties: u64,
    pub(super) max_properties: u64,
    pub(super) names: Option<NodeId>,
    pub(super) dependent_required: Vec<(Box<str>, Vec<Box<str>>)>,
    pub(super) unevaluated: Option<NodeId>,
    /// Whether no rule is about all properties together, except which ones are required.
    pub(super) takes_members_one_by_one: bool,
}

/// Up to here it is faster to compare a name with each, which mostly differ in length.
const FEW: usize = 8;

impl ObjectRule {
    /// The index of a property that has a schema of its own.
    pub(super) fn property(&self, name: &str) -> Option<usize> {
        if self.properties.len() > FEW {
            return self.properties.binary_search_by(|(own, _)| (**own).cmp(name)).ok();
        }
        self.properties.iter().position(|(own, _)| **own == *name)
    }
}

#[derive(Debug)]
pub(super) struct Required {
    pub(super) name: Box<str>,
    /// Its index in the properties.
    pub(super) property: Option<usize>,
}

#[derive(Debug)]
pub(super) struct Not {
    pub(super) node: NodeId,
    /// The one value that it excludes.
    pub(super) value: Option<Value>,
}

#[derive(Debug)]
pub(super) struct Condition {
    pub(super) when: NodeId,
    pub(super) then: Option<NodeId>,
    pub(super) otherwise: Option<NodeId>,
}

/// `anyOf` or `oneOf`.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) keyword: &'static str,
    pub(super) branches: Vec<NodeId>,
    pub(super) told_by: ToldBy,
}

/// What distinguishes the branches of a choice.
#[derive(Debug)]
pub(super) enum ToldBy {
    /// A property that each requires, with its own values.
    Tag { name: Box<str>, values: Vec<(Value, usize)> },
    /// The string, or the object's only property: a variant's name.
    Variant {
        texts: HashMap<Box<str>, usize>,
        properties: HashMap<Box<str>, usize>,
        /// In the order of the branches.
        names: Vec<Box<str>>,
    },
    /// At most the type.
    Types,
}
