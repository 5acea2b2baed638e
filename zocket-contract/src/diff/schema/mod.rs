//! Whether every value of one schema is one of another, and if not, where and why.
//!
//! [`Engine::gaps`] answers with a list: what `sub` allows and `sup` does not. An empty one is a proof. Schemas are made into
//! forms first ([`normalize`], [`shape`]): unions of conjunctions of plain rules, each of which is then sought in the other
//! schema ([`include`]). What cannot be decided becomes a gap that says so; nothing is guessed.
//!
//! Work is bounded: what is compared twice is remembered, and a budget ends what is still too much, with a gap.

mod admits;
mod alike;
mod disjoint;
mod include;
mod label;
mod normalize;
mod number;
mod objects;
mod patterns;
mod plain;
mod scalars;
mod sender;
mod shape;
mod term;
mod types;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::gap::Gap;
use crate::keywords::is_prose;
use patterns::Patterns;
use shape::Shape;

pub(super) use number::same_value;
pub(super) use term::Term;
pub(super) use types::Types;

/// How much work one comparison of contracts may be: about so many rules are looked at.
const BUDGET: usize = 4_000_000;

/// What is taken to be in objects beside the properties that a schema names, where it says nothing of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum World {
    /// Nothing: a server sends what its contract names.
    Servers,
    /// Anything, but by names that the other schema does not have either: clients may send what is ignored, and a new optional
    /// property is not held against them.
    Clients,
    /// Anything, as JSON Schema has it.
    Any,
}

type Pair<'c> = (Term<'c>, Term<'c>, World);

/// Compares the schemas of two contracts, and remembers.
pub(super) struct Engine<'c> {
    shapes: HashMap<Term<'c>, Rc<[Shape<'c>]>>,
    known: HashMap<Pair<'c>, Rc<[Gap]>>,
    /// The pairs that are being compared: how many were before them, and how deep in the value.
    open: HashMap<Pair<'c>, (usize, usize)>,
    /// The earliest of the open pairs that was taken for granted since this was last reset.
    granted: usize,
    /// How many steps the comparison has gone down into the value.
    depth: usize,
    alike: HashSet<(usize, usize)>,
    unlike: HashSet<(usize, usize)>,
    patterns: Patterns<'c>,
    validators: HashMap<Term<'c>, Option<Rc<jsonschema::Validator>>>,
    budget: usize,
}

impl Engine<'_> {
    pub(super) fn new() -> Self {
        Self {
            shapes: HashMap::new(),
            known: HashMap::new(),
            open: HashMap::new(),
            granted: usize::MAX,
            depth: 0,
            alike: HashSet::new(),
            unlike: HashSet::new(),
            patterns: Patterns::default(),
            validators: HashMap::new(),
            budget: BUDGET,
        }
    }

    /// Takes work out of the budget. `false` where there is none left.
    fn afford(&mut self, work: usize) -> bool {
        self.budget = self.budget.saturating_sub(work);
        self.budget > 0
    }
}

/// Keywords that constrain nothing.
pub(super) fn is_annotation(keyword: &str) -> bool {
    // What is said of contents asserts nothing in 2020-12.
    is_prose(keyword)
        || matches!(
            keyword,
            "default" | "$schema" | "$defs" | "contentEncoding" | "contentMediaType" | "contentSchema"
        )
}
