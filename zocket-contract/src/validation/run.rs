//! Walks a value and its schema together, and records violations.

use std::collections::HashMap;
use std::hash::RandomState;

use super::containers::has;
use super::glance::Sight;
use super::issue::{Issue, Violations, is_full, push_step};
use super::leaf::Verdict;
use super::program::{Node as Schema, NodeId, NumberRule, Program, StringRule};
use super::tree::{Node, Tree};
use super::types::{Types, kind};
use super::words;
use crate::number::Num;

/// How often a value may be looked at, on average, before the search ends: schemas that try one value many times, at
/// every level, must not multiply the cost of rejecting a message.
const LOOKS_PER_VALUE: usize = 16;
const LOOKS_AT_LEAST: usize = 1_000;
/// How deep schemas may nest while a value is walked: there may be several schemas for one level of the
/// value.
const DEEPEST: u32 = 640;

/// The location of a value: the path back to the root.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
    depth: u32,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    /// The root; or the same value, met by another schema.
    Stay,
    Name(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    pub(super) const ROOT: Place<'static> = Place { parent: None, step: Step::Stay, depth: 0 };

    fn step(&'a self, step: Step<'a>) -> Self {
        Place { parent: Some(self), step, depth: self.depth + 1 }
    }

    pub(super) fn name(&'a self, name: &'a str) -> Self {
        self.step(Step::Name(name))
    }

    pub(super) fn index(&'a self, index: usize) -> Self {
        self.step(Step::Index(index))
    }

    fn stay(&'a self) -> Self {
        self.step(Step::Stay)
    }

    fn pointer(&self) -> String {
        let mut steps = Vec::new();
        let mut place = Some(self);
        while let Some(Place { parent, step, .. }) = place {
            steps.push(*step);
            place = *parent;
        }
        let mut path = String::new();
        for step in steps.iter().rev() {
            match step {
                Step::Stay => {}
                Step::Name(name) => push_step(&mut path, name),
                Step::Index(index) => push_step(&mut path, &index.to_string()),
            }
            if is_full(&path) {
                break;
            }
        }
        path
    }
}

pub(super) struct Run<'p> {
    pub(super) program: &'p Program,
    /// How often a value was looked at.
    pub(super) looks: usize,
    /// How often one may be.
    allowed: usize,
    pub(super) gave_up: bool,
    /// Above zero while the only question is whether a schema matches: nothing is recorded, and the first violation
    /// ends the check.
    probing: u32,
    pub(super) issues: Vec<Issue>,
    pub(super) count: u64,
    /// The first duplicate property.
    pub(super) repeated: Option<Issue>,
    /// Hashes of arrays and objects, by address, so that no level of nested sets is hashed twice.
    pub(super) hashes: HashMap<usize, u64>,
    pub(super) hasher: RandomState,
}

impl<'p> Run<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        Self {
            program,
            looks: 0,
            allowed: LOOKS_AT_LEAST,
            gave_up: false,
            probing: 0,
            issues: Vec::new(),
            count: 0,
            repeated: None,
            hashes: HashMap::new(),
            hasher: RandomState::new(),
        }
    }

    /// This many more values were read; each adds to the budget.
    pub(super) fn met(&mut self, values: usize) {
        self.allowed = self.allowed.saturating_add(values * LOOKS_PER_VALUE);
    }

    /// Takes what is known of a value that was read without a further look. `false` if it has to be visited: nothing is known,
    /// or its violation is to be listed.
    #[inline]
    pub(super) fn sees(&mut self, sight: Sight) -> bool {
        match sight {
            Sight::Holds => {}
            Sight::Fails if self.counts_only() => self.count += 1,
            Sight::Fails | Sight::Unclear => return false,
        }
        self.met(1);
        self.looks += 1;
        true
    }

    /// Whether violations are only counted, since enough are listed.
    pub(super) fn counts_only(&self) -> bool {
        self.probing == 0 && !self.gave_up && self.issues.len() == Violations::MOST_ISSUES
    }

    pub(super) fn count_more(&mut self, count: u64) {
        self.count += count;
    }

    pub(super) fn schema(&self, id: NodeId) -> &'p Schema {
        &self.program.nodes[id]
    }

    /// Counts work. `false` when the budget is used up; then nothing is looked at any more, and everything counts as valid.
    pub(super) fn spend(&mut self, looks: usize) -> bool {
        self.gave_up |= self.looks + looks > self.allowed;
        self.looks += if self.gave_up { 0 } else { looks };
        !self.gave_up
    }

    /// Records a violation; always returns `false`.
    #[inline]
    pub(super) fn note(
        &mut self,
        at: &Place<'_>,
        keyword: &'static str,
        message: impl FnOnce() -> String,
    ) -> bool {
        if self.probing == 0 && !self.gave_up {
            if self.issues.len() == Violations::MOST_ISSUES {
                self.count += 1;
            } else {
                self.list(Issue::new(at.pointer(), keyword, message()));
            }
        }
        false
    }

    #[cold]
    fn list(&mut self, issue: Issue) {
        // Several schemas may report the same violation.
        if !self.issues.contains(&issue) {
            self.count += 1;
            self.issues.push(issue);
        }
    }

    pub(super) fn note_type(&mut self, at: &Place<'_>, types: Types, value: &Tree<'_>) -> bool {
        self.note(at, "type", || format!("must be {}, not {}", types.in_words(), kind(value)))
    }

    /// Records the first duplicate property. JSON Schema has no such rule, but types do.
    pub(super) fn note_repeated(&mut self, at: &Place<'_>, name: &str) {
        if self.repeated.is_none() && self.probing == 0 {
            let message = format!("the property `{name}` is given twice");
            self.repeated = Some(Issue::new(at.pointer(), "duplicate", message));
        }
    }

    /// Whether there is nothing more to learn.
    pub(super) fn is_done(&self, holds: bool) -> bool {
        self.gave_up || (!holds && self.probing > 0)
    }

    /// Whether a schema matches; violations are not recorded.
    pub(super) fn probe(&mut self, id: NodeId, value: &Tree<'_>, at: &Place<'_>) -> bool {
        self.probing += 1;
        let holds = self.visit(id, value, at);
        self.probing -= 1;
        holds
    }

    /// Checks a value against a schema, and returns whether it matches.
    pub(super) fn visit(&mut self, id: NodeId, value: &Tree<'_>, at: &Place<'_>) -> bool {
        if at.depth > DEEPEST {
            self.gave_up = true;
        }
        if !self.spend(1) {
            return true;
        }
        let schema = self.schema(id);
        if schema.never {
            return self.note(at, "false", || "must not be here".into());
        }
        // If no type is allowed, the parts of the schema say why, each for itself.
        let types = if schema.head.is_empty() { schema.types } else { Some(schema.head) };
        if let Some(types) = types.filter(|types| !types.admits(value)) {
            // A value of the wrong type breaks most other rules as well, which do not need to be reported.
            return self.note_type(at, types, value);
        }
        let mut holds = self.own_rules(schema, value, at);
        if schema.is_simple {
            return holds;
        }
        for id in &schema.all {
            if self.is_done(holds) {
                return holds;
            }
            holds &= self.visit(*id, value, &at.stay());
        }
        for choice in &schema.choices {
            if self.is_done(holds) {
                return holds;
            }
            holds &= self.choose(choice, value, &at.stay());
        }
        if let Some(not) = &schema.not
            && !self.is_done(holds)
            && self.probe(not.node, value, &at.stay())
            && !self.gave_up
        {
            holds = self.note(at, "not", || words::not(not));
        }
        if let Some(condition) = &schema.condition
            && !self.is_done(holds)
        {
            let met = self.probe(condition.when, value, &at.stay());
            let branch = if met { condition.then } else { condition.otherwise };
            if let Some(id) = branch {
                holds &= self.visit(id, value, &at.stay());
            }
        }
        if let (false, Node::Object(members)) = (schema.dependent.is_empty(), &value.0) {
            for (_, id) in schema.dependent.iter().filter(|(name, _)| has(members, name)) {
                if self.is_done(holds) {
                    return holds;
                }
                holds &= self.visit(*id, value, &at.stay());
            }
        }
        if !self.is_done(holds) {
            holds &= self.unevaluated(id, value, at);
        }
        holds
    }

    fn own_rules(&mut self, schema: &'p Schema, value: &Tree<'_>, at: &Place<'_>) -> bool {
        let mut holds = true;
        if let Some(listed) = &schema.listed
            && !listed.has(value)
        {
            holds = self.note(at, listed.keyword, || words::one_of(&listed.values));
        }
        if self.is_done(holds) {
            return holds;
        }
        holds &= match &value.0 {
            Node::Number(number) => match &schema.number {
                Some(rule) => self.number(rule, Num::of(number), value, at),
                None => true,
            },
            Node::Text(text) => match &schema.string {
                Some(rule) => self.string(rule, text, at),
                None => true,
            },
            Node::Array(items) => match &schema.array {
                Some(rule) => self.array(rule, items, at),
                None => true,
            },
            Node::Object(members) => match &schema.object {
                Some(rule) => self.object(rule, members, at),
                None => true,
            },
            Node::Null | Node::Bool(_) => true,
        };
        holds
    }

    fn number(&mut self, rule: &NumberRule, number: Num, value: &Tree<'_>, at: &Place<'_>) -> bool {
        let mut holds = true;
        if let Some(limit) = rule.minimum.as_ref().filter(|limit| number.cmp(limit.at).is_lt()) {
            holds = self.note(at, "minimum", || format!("must be at least {}", limit.said));
        }
        if let Some(limit) = rule.maximum.as_ref().filter(|limit| number.cmp(limit.at).is_gt()) {
            holds = self.note(at, "maximum", || format!("must be at most {}", limit.said));
        }
        if let Some(limit) = rule.exclusive_minimum.as_ref().filter(|limit| number.cmp(limit.at).is_le()) {
            holds = self.note(at, "exclusiveMinimum", || format!("must be more than {}", limit.said));
        }
        if let Some(limit) = rule.exclusive_maximum.as_ref().filter(|limit| number.cmp(limit.at).is_ge()) {
            holds = self.note(at, "exclusiveMaximum", || format!("must be less than {}", limit.said));
        }
        if let Some((step, leaf)) = &rule.multiple_of
            && !leaf.holds(&value.to_value())
        {
            holds = self.note(at, "multipleOf", || format!("must be a multiple of {step}"));
        }
        holds
    }

    fn string(&mut self, rule: &StringRule, text: &str, at: &Place<'_>) -> bool {
        let mut holds = true;
        // A code point takes one to four bytes, so counting is rarely necessary.
        let bytes = text.len() as u64;
        if bytes.div_ceil(4) < rule.min_length || bytes > rule.max_length {
            let length = text.chars().count() as u64;
            if length < rule.min_length {
                holds = self.note(at, "minLength", || words::length("at least", rule.min_length));
            }
            if length > rule.max_length {
                holds = self.note(at, "maxLength", || words::length("at most", rule.max_length));
            }
        }
        if rule.pattern.is_none() && rule.format.is_none() {
            return holds;
        }
        let value = text.into();
        if let Some((pattern, leaf)) = &rule.pattern {
            match leaf.judge(&value) {
                Verdict::Holds => {}
                Verdict::Fails => {
                    holds = self.note(at, "pattern", || format!("must match the pattern {pattern}"));
                }
                Verdict::TooCostly => {
                    holds = self.note(at, "pattern", || "is too costly to match against its pattern".into());
                    // The next one may cost as much.
                    self.gave_up = true;
                }
            }
        }
        if let Some((format, leaf)) = &rule.format
            && !leaf.holds(&value)
        {
            holds = self.note(at, "format", || format!("must be in the format `{format}`"));
        }
        holds
    }
}
