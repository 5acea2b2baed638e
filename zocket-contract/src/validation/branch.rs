//! The branches of a `oneOf` that represents an enum: which one a value is meant for.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value};

use super::program::ToldBy;
use crate::number::same_value;
use crate::reference::resolve;

/// What distinguishes one branch of a `oneOf` from the others.
#[derive(Debug, Default)]
pub struct Branch<'s> {
    /// The properties that it requires to have one of these values.
    tags: Vec<(&'s str, Vec<&'s Value>)>,
    required: BTreeSet<&'s str>,
    /// The only properties that it allows, if it restricts them.
    closed: Option<BTreeSet<&'s str>>,
    /// The only values that it allows, if they are listed.
    values: Option<Vec<&'s Value>>,
    types: Vec<&'s str>,
}

/// The branches of a `oneOf` within the document `root`.
#[must_use]
pub fn branches<'s>(root: &'s Value, one_of: &'s Value) -> Vec<Branch<'s>> {
    one_of.as_array().into_iter().flatten().map(|schema| Branch::of(root, schema)).collect()
}

/// What distinguishes all of these, so that at most one branch can match a value.
pub(super) fn told_by(branches: &[Branch<'_>]) -> ToldBy {
    if let Some(name) = common_tag(branches) {
        let indexed = branches.iter().enumerate();
        let values = indexed.flat_map(|(index, branch)| {
            branch.tag(name).into_iter().flatten().map(move |value| (*value, index))
        });
        let values: Vec<(Value, usize)> = values.map(|(value, index)| (value.clone(), index)).collect();
        return ToldBy::Tag { name: name.into(), values };
    }
    variants(branches).unwrap_or(ToldBy::Types)
}

/// The property that every branch requires, each with its own values.
fn common_tag<'s>(branches: &[Branch<'s>]) -> Option<&'s str> {
    let (first, others) = branches.split_first()?;
    let apart = |name: &str| {
        let mut seen: Vec<&Value> = Vec::new();
        branches.iter().all(|branch| {
            let Some(values) = branch.tag(name) else { return false };
            let fresh = values.iter().all(|value| !seen.iter().any(|other| same_value(other, value)));
            seen.extend(values);
            fresh
        })
    };
    if others.is_empty() {
        return None;
    }
    first.tags.iter().map(|(name, _)| *name).find(|name| apart(name))
}

/// The names of an externally tagged enum, if each branch has its own.
fn variants(branches: &[Branch<'_>]) -> Option<ToldBy> {
    let (mut texts, mut properties, mut names) = (HashMap::new(), HashMap::new(), Vec::new());
    for (index, branch) in branches.iter().enumerate() {
        let own = if branch.closed.is_none() { &mut texts } else { &mut properties };
        for name in branch.variants()? {
            if own.insert(name.into(), index).is_some_and(|other| other != index) {
                return None;
            }
            names.push(name.into());
        }
    }
    (!names.is_empty()).then_some(ToldBy::Variant { texts, properties, names })
}

impl<'s> Branch<'s> {
    fn of(root: &'s Value, schema: &'s Value) -> Self {
        let mut branch = Branch::default();
        let Some(mut keywords) = schema.as_object() else { return branch };
        // A branch that is only a reference counts as what it refers to.
        if keywords.len() == 1
            && let Some(target) =
                keywords.get("$ref").and_then(Value::as_str).and_then(|to| resolve(root, to)?.as_object())
        {
            keywords = target;
        }
        branch.types = match keywords.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        branch.values = listed(keywords);
        branch.required = keywords.get("required").into_iter().flat_map(strings).collect();
        let properties = keywords.get("properties").and_then(Value::as_object);
        for (name, schema) in properties.into_iter().flat_map(Map::iter) {
            if let Some(values) =
                schema.as_object().and_then(listed).filter(|_| branch.required.contains(name.as_str()))
            {
                branch.tags.push((name, values));
            }
        }
        if keywords.get("additionalProperties") == Some(&Value::Bool(false))
            && !keywords.contains_key("patternProperties")
        {
            branch.closed = Some(properties.into_iter().flat_map(Map::keys).map(String::as_str).collect());
        }
        branch
    }

    fn tag(&self, name: &str) -> Option<&[&'s Value]> {
        self.tags.iter().find(|(tag, _)| *tag == name).map(|(_, values)| values.as_slice())
    }

    /// The names of the variants in this branch of an externally tagged enum.
    fn variants(&self) -> Option<Vec<&'s str>> {
        match (&self.closed, &self.values, &self.types[..]) {
            (Some(properties), None, ["object"]) if properties.len() == 1 && self.required == *properties => {
                Some(properties.iter().copied().collect())
            }
            (None, Some(values), ["string"]) => values.iter().map(|value| value.as_str()).collect(),
            _ => None,
        }
    }

    /// Whether no value can be valid under both.
    #[must_use]
    pub fn excludes(&self, other: &Self) -> bool {
        // In JSON Schema 1 equals 1.0, so only strings are known to differ.
        let disjoint = |a: &[&Value], b: &[&Value]| {
            a.iter().chain(b).all(|value| value.is_string()) && a.iter().all(|value| !b.contains(value))
        };
        let both = |kind: &str| self.may_be(kind) && other.may_be(kind);
        let objects_apart = || {
            let by_tag = self
                .tags
                .iter()
                .any(|(name, values)| other.tag(name).is_some_and(|tags| disjoint(values, tags)));
            let shut_out = |closed: &Option<BTreeSet<&str>>, required: &BTreeSet<&str>| {
                closed.as_ref().is_some_and(|closed| !required.is_subset(closed))
            };
            by_tag || shut_out(&self.closed, &other.required) || shut_out(&other.closed, &self.required)
        };
        let listed_apart = match (&self.values, &other.values) {
            (Some(a), Some(b)) => disjoint(a, b),
            _ => false,
        };
        let elsewhere = ["null", "boolean", "number", "string", "array"].iter().any(|kind| both(kind));
        listed_apart || (!elsewhere && (!both("object") || objects_apart()))
    }

    fn may_be(&self, kind: &str) -> bool {
        self.types.is_empty()
            || self.types.contains(&kind)
            || (kind == "number" && self.types.contains(&"integer"))
    }
}

/// The values that `const` or `enum` allow.
fn listed(keywords: &Map<String, Value>) -> Option<Vec<&Value>> {
    match (keywords.get("const"), keywords.get("enum")) {
        (Some(value), _) => Some(vec![value]),
        (None, Some(Value::Array(values))) => Some(values.iter().collect()),
        _ => None,
    }
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}
