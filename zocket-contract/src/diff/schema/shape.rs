//! One form that a value may have: a conjunction of plain rules.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::{Number, Value};

use super::number::{Bound, End, same_value};
use super::term::{Node, Term};
use super::types::Types;

/// How many, at least and at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) min: u64,
    pub(super) max: Option<u64>,
}

impl Span {
    pub(super) fn and(self, other: Self) -> Self {
        let max = match (self.max, other.max) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self { min: self.min.max(other.min), max }
    }

    pub(super) fn is_empty(self) -> bool {
        self.max.is_some_and(|max| max < self.min)
    }

    pub(super) fn admits(self, count: usize) -> bool {
        let count = count as u64;
        count >= self.min && self.max.is_none_or(|max| count <= max)
    }
}

/// What the properties that are not named may be.
#[derive(Clone, Debug, Default)]
pub(super) enum Rest<'c> {
    /// Nothing is said: they are ignored.
    #[default]
    Silent,
    Said(Term<'c>),
}

impl<'c> Rest<'c> {
    fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Said(a), Self::Said(b)) => Self::Said(a.clone().and(b)),
            (Self::Silent, rest) | (rest, Self::Silent) => rest.clone(),
        }
    }

    /// What it comes to for one value.
    pub(super) fn term(&self) -> Term<'c> {
        match self {
            Self::Silent => Term::anything(),
            Self::Said(term) => term.clone(),
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Objects<'c> {
    pub(super) required: BTreeSet<&'c str>,
    /// The last word on the properties of these names: patterns are worked in.
    pub(super) named: BTreeMap<&'c str, Term<'c>>,
    /// For names that are not among `named`.
    pub(super) by_pattern: BTreeMap<&'c str, Term<'c>>,
    /// For names that neither is for.
    pub(super) rest: Rest<'c>,
    pub(super) count: Span,
    pub(super) names: Term<'c>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Arrays<'c> {
    pub(super) prefix: Vec<Term<'c>>,
    pub(super) rest: Term<'c>,
    pub(super) count: Span,
    pub(super) unique: bool,
    /// Some item is there twice.
    pub(super) repeats: bool,
    pub(super) contains: Vec<Contains<'c>>,
}

/// So many items are of this kind.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Contains<'c> {
    pub(super) item: Term<'c>,
    pub(super) count: Span,
}

impl<'c> Arrays<'c> {
    pub(super) fn at(&self, index: usize) -> &Term<'c> {
        self.prefix.get(index).unwrap_or(&self.rest)
    }

    fn and(&self, other: &Self) -> Self {
        let longest = self.prefix.len().max(other.prefix.len());
        Self {
            prefix: (0..longest).map(|index| self.at(index).clone().and(other.at(index))).collect(),
            rest: self.rest.clone().and(&other.rest),
            count: self.count.and(other.count),
            unique: self.unique || other.unique,
            repeats: self.repeats || other.repeats,
            contains: self.contains.iter().chain(&other.contains).cloned().collect(),
        }
    }
}

/// A rule that nothing here understands. It can only be found again word for word.
#[derive(Clone, Debug)]
pub(super) struct Opaque<'c> {
    pub(super) keyword: &'c str,
    /// The keywords that only mean something together. Without any, it is like no other.
    pub(super) parts: Vec<(&'c str, Node<'c>)>,
    /// The types that it is about.
    pub(super) types: Types,
}

/// Schemas of which a value must satisfy none.
#[derive(Clone, Debug)]
pub(super) struct Others<'c> {
    all: Rc<Vec<Term<'c>>>,
    but: Option<usize>,
}

impl<'c> Others<'c> {
    pub(super) fn new(all: Rc<Vec<Term<'c>>>, but: Option<usize>) -> Self {
        Self { all, but }
    }

    pub(super) fn each(&self) -> impl Iterator<Item = &Term<'c>> {
        self.all.iter().enumerate().filter(|(index, _)| Some(*index) != self.but).map(|(_, term)| term)
    }

    /// Whether they come from a `oneOf`, and not from a `not`.
    pub(super) fn are_branches(&self) -> bool {
        self.but.is_some()
    }
}

/// All rules at once.
#[derive(Clone, Debug)]
pub(super) struct Shape<'c> {
    pub(super) types: Types,
    pub(super) values: Option<Vec<&'c Value>>,
    /// It is none of these.
    pub(super) barred: Vec<&'c Value>,
    pub(super) lower: Option<Bound>,
    pub(super) upper: Option<Bound>,
    pub(super) multiples: Vec<&'c Number>,
    /// It is no multiple of any of these.
    pub(super) non_multiples: Vec<&'c Number>,
    pub(super) length: Span,
    pub(super) patterns: BTreeSet<&'c str>,
    pub(super) non_patterns: BTreeSet<&'c str>,
    pub(super) formats: BTreeSet<&'c str>,
    pub(super) non_formats: BTreeSet<&'c str>,
    pub(super) arrays: Arrays<'c>,
    pub(super) objects: Objects<'c>,
    pub(super) excluded: Vec<Others<'c>>,
    pub(super) opaque: Vec<Opaque<'c>>,
    /// It names properties that `unevaluatedProperties` does not count as seen, since a `not` speaks of them.
    pub(super) unseen: bool,
}

impl Default for Shape<'_> {
    fn default() -> Self {
        Self {
            types: Types::ALL,
            values: None,
            barred: Vec::new(),
            lower: None,
            upper: None,
            multiples: Vec::new(),
            non_multiples: Vec::new(),
            length: Span::default(),
            patterns: BTreeSet::new(),
            non_patterns: BTreeSet::new(),
            formats: BTreeSet::new(),
            non_formats: BTreeSet::new(),
            arrays: Arrays::default(),
            objects: Objects::default(),
            excluded: Vec::new(),
            opaque: Vec::new(),
            unseen: false,
        }
    }
}

/// Tells whether a property's name matches a pattern. `None` where the pattern is no regular expression.
pub(super) trait Matches<'c> {
    fn matches(&mut self, pattern: &'c str, name: &str) -> Option<bool>;
}

impl<'c> Shape<'c> {
    /// What nothing is known of but that it must satisfy a rule that nothing here understands.
    pub(super) fn unknown(keyword: &'static str) -> Self {
        let opaque = Opaque { keyword, parts: Vec::new(), types: Types::ALL };
        Self { opaque: vec![opaque], ..Self::default() }
    }

    /// Whether it is that.
    pub(super) fn is_unknown(&self, keyword: &str) -> bool {
        self.opaque.iter().any(|rule| rule.keyword == keyword)
    }

    /// How much there is to look at.
    pub(super) fn size(&self) -> usize {
        let objects = &self.objects;
        let lists = self.values.as_ref().map_or(0, Vec::len) + self.arrays.prefix.len();
        1 + objects.named.len() + objects.required.len() + objects.by_pattern.len() + lists
    }

    /// The values of one type, where they are listed.
    pub(super) fn values_of(&self, one: Types) -> Option<impl Iterator<Item = &'c Value>> {
        let values = self.values.as_ref()?;
        Some(values.iter().copied().filter(move |value| Types::of_value(value) == one))
    }

    /// Both at once.
    pub(super) fn and(&self, other: &Self, matches: &mut dyn Matches<'c>) -> Self {
        let types = self.types & other.types;
        let values = match (&self.values, &other.values) {
            (Some(a), Some(b)) => {
                Some(a.iter().copied().filter(|a| b.iter().any(|b| same_value(a, b))).collect())
            }
            (a, b) => a.as_ref().or(b.as_ref()).cloned(),
        };
        let mut opaque = self.opaque.clone();
        opaque.extend(other.opaque.iter().cloned());
        let barred: Vec<&'c Value> = self.barred.iter().chain(&other.barred).copied().collect();
        let objects = self.objects.and(&other.objects, matches);
        Self {
            types,
            values: values.map(|mut values: Vec<&Value>| {
                let is_barred = |value: &Value| barred.iter().any(|other| same_value(other, value));
                values.retain(|value| types.has(Types::of_value(value)) && !is_barred(value));
                values
            }),
            barred,
            lower: End::Lower.narrower(self.lower, other.lower),
            upper: End::Upper.narrower(self.upper, other.upper),
            multiples: self.multiples.iter().chain(&other.multiples).copied().collect(),
            non_multiples: self.non_multiples.iter().chain(&other.non_multiples).copied().collect(),
            length: self.length.and(other.length),
            patterns: &self.patterns | &other.patterns,
            non_patterns: &self.non_patterns | &other.non_patterns,
            formats: &self.formats | &other.formats,
            non_formats: &self.non_formats | &other.non_formats,
            arrays: self.arrays.and(&other.arrays),
            objects: objects.unwrap_or_else(|| {
                // What is left holds, but is not all.
                let keyword = "patternProperties";
                opaque.push(Opaque { keyword, parts: Vec::new(), types: Types::OBJECT });
                self.objects.loose().and(&other.objects.loose(), matches).unwrap_or_default()
            }),
            excluded: self.excluded.iter().chain(&other.excluded).cloned().collect(),
            opaque,
            unseen: self.unseen || other.unseen,
        }
    }
}

/// What a property of a name must be.
pub(super) enum Member<'c> {
    Said(Term<'c>),
    /// It is not spoken of.
    Silent,
}

impl<'c> Member<'c> {
    /// What it comes to for one value.
    pub(super) fn term(self) -> Term<'c> {
        match self {
            Self::Said(term) => term,
            Self::Silent => Term::anything(),
        }
    }
}

impl<'c> Objects<'c> {
    pub(super) fn member(&self, name: &str, matches: &mut dyn Matches<'c>) -> Member<'c> {
        if let Some(term) = self.named.get(name) {
            return Member::Said(term.clone());
        }
        let mut of_patterns = None;
        for (pattern, term) in &self.by_pattern {
            // A pattern that is none was made opaque when the shape was made.
            if matches.matches(pattern, name) == Some(true) {
                of_patterns = Some(of_patterns.unwrap_or_else(Term::anything).and(term));
            }
        }
        match (of_patterns, &self.rest) {
            (Some(term), _) => Member::Said(term),
            (None, Rest::Said(term)) => Member::Said(term.clone()),
            (None, Rest::Silent) => Member::Silent,
        }
    }

    /// `None` where the patterns of both would have to be intersected.
    fn and(&self, other: &Self, matches: &mut dyn Matches<'c>) -> Option<Self> {
        let mut named = BTreeMap::new();
        for name in self.named.keys().chain(other.named.keys()).copied() {
            let own = self.member(name, matches).term();
            named.insert(name, own.and(&other.member(name, matches).term()));
        }
        let silent = matches!((&self.rest, &other.rest), (Rest::Silent, Rest::Silent));
        let alike = self.by_pattern.keys().eq(other.by_pattern.keys()) && self.by_pattern.len() == 1;
        if !(self.by_pattern.is_empty() || other.by_pattern.is_empty() || silent || alike) {
            return None;
        }
        let mut by_pattern = BTreeMap::new();
        for (own, theirs) in [(self, other), (other, self)] {
            for (pattern, term) in &own.by_pattern {
                let other = match theirs.by_pattern.get(pattern) {
                    Some(term) => term.clone(),
                    None => theirs.rest.term(),
                };
                by_pattern.entry(*pattern).or_insert_with(|| term.clone().and(&other));
            }
        }
        Some(Self {
            required: &self.required | &other.required,
            named,
            by_pattern,
            rest: self.rest.and(&other.rest),
            count: self.count.and(other.count),
            names: self.names.clone().and(&other.names),
        })
    }

    /// Without what patterns say, and so without what is left to the rest.
    fn loose(&self) -> Self {
        let rest = if self.by_pattern.is_empty() { self.rest.clone() } else { Rest::Said(Term::anything()) };
        Self { by_pattern: BTreeMap::new(), rest, ..self.clone() }
    }
}
