//! Whether every value of one schema is one of another, and if not, where and why.
//!
//! [`Engine::gaps`] answers with a list: what `sub` allows and `sup` does not. An empty one is a proof. Schemas are made into
//! forms first ([`normalize`], [`shape`]): unions of conjunctions of plain rules, each of which is then sought in the other
//! schema ([`include`]). What cannot be decided becomes a gap that says so; nothing is guessed.
//!
//! Work is bounded: what is compared twice is remembered, and a budget ends what is still too much, with a gap.

mod admits;
mod alike;
mod cover;
mod disjoint;
mod emptiness;
mod formats;
mod include;
mod label;
mod negate;
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
mod witness;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;

use super::gap::Gap;
use crate::keywords::is_prose;
use crate::pattern::language::Languages;
use crate::validation::Validator;
use patterns::Patterns;
use shape::Shape;

pub(super) use term::Term;
pub(super) use types::Types;
pub(super) use witness::Witness;

/// How much work one comparison of contracts may be: about so many rules are looked at.
const BUDGET: usize = 4_000_000;
/// How much of it one search for a witness may be.
const SEARCH: usize = 60_000;
/// And all of them together.
const SEARCHES: usize = 1_000_000;
/// How large all schemas may be together that values are held to.
const COMPILED: usize = 400_000;

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

/// Where a schema stands, and whether it is negated.
type Address = (usize, bool);
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
    alike: HashSet<(Address, Address)>,
    unlike: HashSet<(Address, Address)>,
    patterns: Patterns<'c>,
    languages: Languages<'c>,
    validators: HashMap<Term<'c>, Option<Rc<Validator>>>,
    /// Values of terms: no more than so many of each.
    drawn: HashMap<(Term<'c>, usize), Rc<[Value]>>,
    budget: usize,
    /// For validators.
    compile: usize,
    /// For all searches for witnesses together.
    search: usize,
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
            languages: Languages::default(),
            validators: HashMap::new(),
            drawn: HashMap::new(),
            budget: BUDGET,
            compile: COMPILED,
            search: SEARCHES,
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
