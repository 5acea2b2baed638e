//! TypeScript types as data, simplified to be as short as a person would write them.

use std::collections::{HashMap, HashSet};

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Shape {
    /// `string`, `unknown`, `null`: anything that is a single word and not the name of a definition.
    Word(&'static str),
    /// The value of a literal, as TypeScript writes it.
    Literal {
        text: String,
        of: &'static str,
    },
    /// A definition, by its name in the generated file.
    Named(String),
    Array(Box<Shape>),
    Tuple(Vec<Shape>),
    /// An object with any property names, whose values all have one type.
    Record(Box<Shape>),
    /// The same, written so that it may refer to the type that contains it.
    Index(Box<Shape>),
    Object(Vec<Member>),
    /// The same object, with all members optional.
    Partial(Box<Shape>),
    Union(Vec<Branch>),
    Intersection(Vec<Shape>),
}

/// One member of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Member {
    pub(super) docs: Vec<String>,
    pub(super) name: String,
    pub(super) optional: bool,
    pub(super) shape: Shape,
}

/// One branch of a union.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Branch {
    pub(super) docs: Vec<String>,
    pub(super) shape: Shape,
}

impl From<Shape> for Branch {
    fn from(shape: Shape) -> Self {
        Self { docs: Vec::new(), shape }
    }
}

pub(super) const UNKNOWN: Shape = Shape::Word("unknown");
pub(super) const NEVER: Shape = Shape::Word("never");
pub(super) const NULL: Shape = Shape::Word("null");
/// The runtime's `number | bigint`.
pub(super) const INTEGER: Shape = Shape::Word("Integer");

impl Shape {
    pub(super) fn array(of: Self) -> Self {
        Self::Array(Box::new(of))
    }

    pub(super) fn record(of: Self) -> Self {
        Self::Record(Box::new(of))
    }

    /// A union of the branches, without duplicates and without branches that another includes.
    pub(super) fn union(branches: impl IntoIterator<Item = Branch>) -> Self {
        let mut all: Vec<Branch> = Vec::new();
        let mut places: HashMap<Self, usize> = HashMap::new();
        let mut add = |branch: Branch| {
            if branch.shape == NEVER {
                return;
            }
            if let Some(same) = places.get(&branch.shape).map(|&at| &mut all[at]) {
                // Two variants look the same: a comment on one does not apply to both.
                if same.docs != branch.docs {
                    same.docs.clear();
                }
                return;
            }
            places.insert(branch.shape.clone(), all.len());
            all.push(branch);
        };
        for branch in branches {
            match branch.shape {
                Self::Union(inner) if branch.docs.is_empty() => inner.into_iter().for_each(&mut add),
                _ => add(branch),
            }
        }
        if places.contains_key(&UNKNOWN) {
            return UNKNOWN;
        }
        all.retain(|branch| !branch.shape.wider().iter().any(|wider| places.contains_key(wider)));
        match all.len() {
            0 => NEVER,
            1 if all[0].docs.is_empty() => all.remove(0).shape,
            _ => Self::Union(all),
        }
    }

    /// The intersection of the parts.
    pub(super) fn intersection(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all: Vec<Self> = Vec::new();
        for part in parts {
            match part {
                Self::Intersection(inner) => all.extend(inner),
                UNKNOWN => {}
                other => all.push(other),
            }
        }
        if all.contains(&NEVER) {
            return NEVER;
        }
        // Separate members become one object, as long as none is repeated.
        let mut merged: Vec<Self> = Vec::new();
        let mut seen = HashSet::new();
        let mut object: Option<(usize, HashSet<String>)> = None;
        for part in all {
            if !seen.insert(part.clone()) {
                continue;
            }
            let Self::Object(members) = part else {
                merged.push(part);
                continue;
            };
            let names: HashSet<String> = members.iter().map(|member| member.name.clone()).collect();
            match &mut object {
                None => {
                    object = Some((merged.len(), names));
                    merged.push(Self::Object(members));
                }
                Some((at, known)) if names.is_disjoint(known) => {
                    known.extend(names);
                    if let Self::Object(into) = &mut merged[*at] {
                        into.extend(members);
                    }
                }
                Some(_) => merged.push(Self::Object(members)),
            }
        }
        // `string` combined with one of its literals adds nothing.
        let mut needless: HashSet<Self> = HashSet::new();
        for part in &merged {
            let wider = match part {
                Self::Union(branches) => common(branches.iter().map(|branch| branch.shape.wider())),
                other => other.wider(),
            };
            needless.extend(wider);
        }
        merged.retain(|part| !needless.contains(part));
        match merged.len() {
            0 => UNKNOWN,
            1 => merged.remove(0),
            _ => Self::Intersection(merged),
        }
    }

    /// The names of types that include all of its values.
    fn wider(&self) -> Vec<Self> {
        match self {
            Self::Literal { of: of @ ("number" | "bigint"), .. } => vec![Self::Word(of), INTEGER],
            Self::Literal { of, .. } => vec![Self::Word(of)],
            Self::Word("number" | "bigint") => vec![INTEGER],
            _ => Vec::new(),
        }
    }

    /// Whether `null` is a value of it.
    pub(super) fn is_nullable(&self) -> bool {
        match self {
            Self::Union(branches) => branches.iter().any(|branch| branch.shape.is_nullable()),
            other => *other == NULL,
        }
    }

    /// Calls `visit` with each definition that it names and when TypeScript resolves it; `when` applies to the shape
    /// itself.
    pub(super) fn each_name<'s>(&'s self, when: When, visit: &mut dyn FnMut(&'s str, When)) {
        let element = when.max(When::Needed);
        match self {
            Self::Word(_) | Self::Literal { .. } => {}
            Self::Named(name) => visit(name, when),
            Self::Array(inner) | Self::Record(inner) | Self::Index(inner) => inner.each_name(element, visit),
            Self::Partial(inner) => inner.each_name(when, visit),
            Self::Tuple(items) => items.iter().for_each(|item| item.each_name(element, visit)),
            Self::Object(members) => {
                members.iter().for_each(|member| member.shape.each_name(When::Later, visit))
            }
            Self::Union(branches) => branches.iter().for_each(|branch| branch.shape.each_name(when, visit)),
            Self::Intersection(parts) => parts.iter().for_each(|part| part.each_name(when, visit)),
        }
    }
}

/// When TypeScript resolves a part of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    /// When the type is declared.
    Now,
    /// When the elements of the list or map are needed.
    Needed,
    /// When it is used: members of objects wait until then.
    Later,
}

/// The items that are in all of the lists.
fn common(mut lists: impl Iterator<Item = Vec<Shape>>) -> Vec<Shape> {
    let mut common = lists.next().unwrap_or_default();
    lists.for_each(|list| common.retain(|shape| list.contains(shape)));
    common
}
