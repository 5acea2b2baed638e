//! The branches of a `oneOf` that stands for an enum: which one a value is meant for.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::walk::resolve;

/// What tells one branch of a `oneOf` from the others.
#[derive(Debug, Default)]
pub(super) struct Branch<'s> {
    /// The properties that it requires to have a value out of these.
    tags: Vec<(&'s str, Vec<&'s Value>)>,
    required: BTreeSet<&'s str>,
    /// The only properties that it allows, where it allows only some.
    closed: Option<BTreeSet<&'s str>>,
    /// The only values that it allows, where they are listed.
    values: Option<Vec<&'s Value>>,
    types: Vec<&'s str>,
}

/// The branch of an enum that a value is meant for, or why there is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Choice<'s> {
    /// The branch of this index.
    Branch(usize),
    /// The tag is there, but of no branch: its name and the values that it may have.
    UnknownTag(&'s str, Vec<&'s Value>),
    /// The tag is missing.
    NoTag(&'s str),
    /// The value names no variant: those that it may name.
    NoVariant(Vec<&'s str>),
    /// These branches are not told apart by a tag.
    Unknown,
}

/// The branches of a `oneOf` within the document `root`.
pub(super) fn branches<'s>(root: &'s Value, one_of: &'s Value) -> Vec<Branch<'s>> {
    one_of.as_array().into_iter().flatten().map(|schema| Branch::of(root, schema)).collect()
}

/// Picks the branch that `instance` is meant for by its tag.
pub(super) fn choose<'s>(branches: &[Branch<'s>], instance: &Value) -> Choice<'s> {
    if let Some(tag) = common_tag(branches)
        && let Value::Object(members) = instance
    {
        let Some(value) = members.get(tag) else { return Choice::NoTag(tag) };
        let chosen =
            branches.iter().position(|branch| branch.tag(tag).is_some_and(|values| values.contains(&value)));
        let known = || branches.iter().filter_map(|branch| branch.tag(tag)).flatten().copied().collect();
        return chosen.map_or_else(|| Choice::UnknownTag(tag, known()), Choice::Branch);
    }
    let Some(names) = branches.iter().map(Branch::variants).collect::<Option<Vec<_>>>() else {
        return Choice::Unknown;
    };
    let given = match instance {
        Value::String(name) => Some((name.as_str(), true)),
        Value::Object(members) if members.len() == 1 => {
            members.keys().next().map(|name| (name.as_str(), false))
        }
        _ => None,
    };
    let chosen = given.and_then(|(name, as_string)| {
        branches
            .iter()
            .zip(&names)
            .position(|(branch, names)| names.contains(&name) && as_string == branch.closed.is_none())
    });
    chosen.map_or_else(|| Choice::NoVariant(names.into_iter().flatten().collect()), Choice::Branch)
}

/// The property that every branch requires with a value of its own.
fn common_tag<'s>(branches: &[Branch<'s>]) -> Option<&'s str> {
    let (first, others) = branches.split_first()?;
    first
        .tags
        .iter()
        .map(|(name, _)| *name)
        .find(|name| others.iter().all(|branch| branch.tag(name).is_some()))
}

impl<'s> Branch<'s> {
    fn of(root: &'s Value, schema: &'s Value) -> Self {
        let mut branch = Branch::default();
        let Some(mut keywords) = schema.as_object() else { return branch };
        // A branch that is nothing but a reference is what it refers to.
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

    /// The names of the variants that this branch of an externally tagged enum stands for.
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
    pub(super) fn excludes(&self, other: &Self) -> bool {
        // As JSON Schema compares, 1 and 1.0 are one value; so only strings are known to differ.
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

/// The values that `const` or `enum` admit.
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
