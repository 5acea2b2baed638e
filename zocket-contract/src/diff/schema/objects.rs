//! Objects: whether all of one form are of another.

use std::collections::BTreeSet;

use serde_json::Value;

use super::admits::Answer;
use super::patterns::pattern_covers;
use super::scalars::spans;
use super::sender::Sender;
use super::shape::{Member, Rest, Shape, Span};
use super::term::Term;
use super::{Engine, World};
use crate::diff::gap::{Gap, Weight, What};

impl<'c> Engine<'c> {
    pub(super) fn objects(&mut self, sub: &Sender<'_, 'c>, sup: &Shape<'c>, gaps: &mut Vec<Gap>) {
        let (own, theirs) = (&sub.shape.objects, &sup.objects);
        for name in theirs.required.difference(&own.required) {
            let known = own.named.contains_key(name);
            gaps.push(Gap::new(What::Required { known }).below(&step(name)));
        }
        let names: BTreeSet<&'c str> = sub.names.iter().chain(theirs.named.keys()).copied().collect();
        let mut possible = Vec::new();
        for name in names {
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
            let mut covered = false;
            for (wanted, theirs) in &sup.objects.by_pattern {
                let covers = pattern.is_some_and(|pattern| pattern_covers(pattern, wanted));
                covered |= covers;
                let from = gaps.len();
                self.step("/*", term, theirs, sub.world, gaps);
                if !covers {
                    // Whether a name of the one is ever one of the other is not known.
                    gaps[from..].iter_mut().for_each(soften);
                }
            }
            if covered {
                continue;
            }
            let from = gaps.len();
            match &sup.objects.rest {
                Rest::Silent => {}
                Rest::Said(theirs) if self.is_empty(&theirs.clone(), 0) => {
                    gaps.push(Gap::new(What::Closed).below("/*"));
                }
                Rest::Said(theirs) => self.step("/*", term, theirs, sub.world, gaps),
            }
            if !sup.objects.by_pattern.is_empty() {
                gaps[from..].iter_mut().for_each(soften);
            }
        }
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
        let found = self.gaps(&own.names, wanted, World::Any);
        if found.iter().any(|gap| !gap.is_note()) {
            let rule = What::Rule {
                keyword: "propertyNames",
                sub: None,
                sup: "rules for names".into(),
                example: None,
            };
            let certain = own.names.is_anything() && own.by_pattern.is_empty();
            gaps.push(if certain { Gap::new(rule) } else { Gap::undecided(rule) });
        }
    }
}

fn soften(gap: &mut Gap) {
    if gap.weight == Weight::Certain {
        gap.weight = Weight::Undecided;
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
