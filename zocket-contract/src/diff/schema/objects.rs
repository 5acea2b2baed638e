//! Objects: whether all of one form are of another.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::admits::Answer;
use super::scalars::spans;
use super::sender::Sender;
use super::shape::{Member, Rest, Shape, Span};
use super::term::Term;
use super::types::Types;
use super::{Engine, World};
use crate::diff::gap::{Gap, What};
use crate::pattern::language::{Found, Wanted};

impl<'c> Engine<'c> {
    pub(super) fn objects(&mut self, sub: &Sender<'_, 'c>, sup: &Shape<'c>, gaps: &mut Vec<Gap>) {
        let (own, theirs) = (&sub.shape.objects, &sup.objects);
        // All that there may be must be there.
        let full = sub.sources.is_empty() && own.count.min >= sub.names.len() as u64;
        for name in theirs.required.difference(&own.required) {
            if full && own.named.contains_key(name) {
                continue;
            }
            let known = own.named.contains_key(name);
            gaps.push(Gap::new(What::Required { known }).below(&step(name)));
        }
        let names: BTreeSet<&'c str> = sub.names.iter().chain(theirs.named.keys()).copied().collect();
        let mut possible = Vec::new();
        for name in names {
            if !own.names.is_anything() && self.admits(&own.names, &json!(name)) == Answer::No {
                continue;
            }
            let mut may_be = false;
            for term in self.possible(sub, name) {
                if !self.is_empty(&term, 0) {
                    may_be = true;
                    self.property(name, &term, sub, sup, gaps);
                }
            }
            if may_be {
                possible.push(name);
            }
        }
        self.unnamed(sub, sup, gaps);
        self.names(sub, &possible, sup, gaps);
        let mut count = present(sub.shape);
        if self.is_closed(sub.shape) {
            let named = own.named.len() as u64;
            count.max = Some(count.max.map_or(named, |max| max.min(named)));
        }
        spans(count, theirs.count, ["minProperties", "maxProperties"], gaps);
    }

    fn property(
        &mut self,
        name: &'c str,
        term: &Term<'c>,
        sub: &Sender<'_, 'c>,
        sup: &Shape<'c>,
        gaps: &mut Vec<Gap>,
    ) {
        let place = step(name);
        match sup.objects.member(name, &mut self.patterns) {
            Member::Said(theirs) if self.is_empty(&theirs, 0) => {
                let named = sup.objects.named.contains_key(name);
                gaps.push(Gap::new(What::Forbidden { named }).below(&place));
                return;
            }
            Member::Said(theirs) => {
                self.step(&place, term, &theirs, sub.world, gaps);
            }
            Member::Silent => {}
        }
        let named = |shape: &Shape<'c>| shape.objects.named.contains_key(name);
        if sub.world != World::Any && named(sub.shape) && !named(sup) {
            gaps.push(Gap::note(What::Unnamed).below(&place));
        }
    }

    /// The properties that `sub` does not name, by pattern and beyond.
    fn unnamed(&mut self, sub: &Sender<'_, 'c>, sup: &Shape<'c>, gaps: &mut Vec<Gap>) {
        if sub.is_silent() && self.is_closed(sup) {
            gaps.push(Gap::note(What::Sealed).below("/*"));
        }
        for (pattern, term) in &sub.sources {
            let names = self.names_of(sub.shape, *pattern);
            let mut beyond = names.clone();
            for (wanted, theirs) in &sup.objects.by_pattern {
                beyond.failing.insert(wanted);
                let mut both = names.clone();
                both.matching.insert(wanted);
                if self.languages.find(&both) != Found::Nothing {
                    self.step("/*", term, theirs, sub.world, gaps);
                }
            }
            if self.languages.find(&beyond) == Found::Nothing {
                continue;
            }
            match &sup.objects.rest {
                Rest::Silent => {}
                Rest::Said(theirs) if self.is_empty(&theirs.clone(), 0) => {
                    gaps.push(Gap::new(What::Closed).below("/*"));
                }
                Rest::Said(theirs) => self.step("/*", term, theirs, sub.world, gaps),
            }
        }
    }

    /// What properties are called that are not named and match a pattern, or none of the form's: perhaps more than those.
    pub(super) fn names_of(&mut self, shape: &Shape<'c>, pattern: Option<&'c str>) -> Wanted<'c> {
        let mut names = Wanted { matching: pattern.into_iter().collect(), ..Wanted::default() };
        if pattern.is_none() {
            names.failing = shape.objects.by_pattern.keys().copied().collect();
        }
        if let [rules] = &self.shapes(&shape.objects.names)[..] {
            names.matching.extend(&rules.patterns);
            names.failing.extend(&rules.non_patterns);
            (names.min, names.max) = (rules.length.min, rules.length.max);
        }
        names
    }

    /// `propertyNames`: `named` are those that there may be.
    fn names(&mut self, sub: &Sender<'_, 'c>, named: &[&'c str], sup: &Shape<'c>, gaps: &mut Vec<Gap>) {
        let own = &sub.shape.objects;
        let wanted = &sup.objects.names;
        if wanted.is_anything() || self.terms_alike(&own.names, wanted) {
            return;
        }
        for name in named {
            match self.admits(wanted, &Value::from(*name)) {
                Answer::Yes => {}
                Answer::No => gaps.push(Gap::new(What::Forbidden { named: false }).below(&step(name))),
                Answer::Unknown => {
                    gaps.push(Gap::undecided(What::Forbidden { named: false }).below(&step(name)))
                }
            }
        }
        if sub.sources.is_empty() {
            return;
        }
        if self.names_are(sub, wanted) {
            return;
        }
        let found = self.gaps(&own.names, wanted, World::Any);
        if found.iter().any(|gap| !gap.is_note()) {
            let rule = What::Rule {
                keyword: "propertyNames",
                sub: None,
                sup: "rules for names".into(),
                // What the names must be may refer to definitions: the witness is held to the whole schema.
                rule: Value::Bool(false),
            };
            gaps.push(Gap::new(rule));
        }
    }

    /// Whether all names that are not named keep a rule for names.
    fn names_are(&mut self, sub: &Sender<'_, 'c>, wanted: &Term<'c>) -> bool {
        let inverses: Vec<Term<'c>> = wanted.inverses().collect();
        sub.sources.iter().all(|(pattern, _)| {
            let names = self.names_of(sub.shape, *pattern);
            inverses.iter().all(|inverse| {
                let shapes = self.shapes(inverse);
                shapes.iter().filter(|shape| shape.types.has(Types::STRING)).all(|shape| {
                    let mut outside = Shape { types: Types::STRING, ..shape.clone() };
                    outside.patterns.extend(&names.matching);
                    outside.non_patterns.extend(&names.failing);
                    outside.length = outside.length.and(Span { min: names.min, max: names.max });
                    self.has_none(Types::STRING, &outside, 0)
                })
            })
        })
    }
}

/// How many properties there are, those counted that must be there.
pub(super) fn present(shape: &Shape<'_>) -> Span {
    let Span { min, max } = shape.objects.count;
    Span { min: min.max(shape.objects.required.len() as u64), max }
}

/// A property name as a step of a JSON pointer.
pub(super) fn step(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}
