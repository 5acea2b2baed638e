//! Who sends what: properties that a schema does not name.

use serde_json::Value;

use super::super::shape::{Member, Rest, Shape};
use super::super::term::Term;
use super::super::types::Types;
use super::super::{Engine, World};

/// How deep into the value this is looked at. What lies deeper is not sent.
const DEEPEST: usize = 64;

impl<'c> Engine<'c> {
    /// Whether somebody sends a value who knows no more than that it is of one of `subs`. `sups` are what the other contract
    /// has there.
    pub(super) fn is_sent(
        &mut self,
        subs: &[Term<'c>],
        sups: &[Term<'c>],
        world: World,
        value: &Value,
        depth: usize,
    ) -> bool {
        if world == World::Any {
            return true;
        }
        if depth > DEEPEST || !self.afford(1) {
            return false;
        }
        match value {
            Value::Array(items) => items.iter().enumerate().all(|(index, item)| {
                let at = |engine: &mut Self, terms: &[Term<'c>]| {
                    engine.gathered(terms, Types::ARRAY, |_, shape| Some(shape.arrays.at(index).clone()))
                };
                let (subs, sups) = (at(self, subs), at(self, sups));
                self.is_sent(&subs, &sups, world, item, depth + 1)
            }),
            Value::Object(members) => members.iter().all(|(name, member)| {
                let said = |engine: &mut Self, terms: &[Term<'c>]| {
                    engine.gathered(terms, Types::OBJECT, |engine, shape| {
                        match shape.objects.member(name, &mut engine.patterns) {
                            Member::Said(term) if !term.is_nothing() => Some(term),
                            _ => None,
                        }
                    })
                };
                let (subs, theirs) = (said(self, subs), said(self, sups));
                if subs.is_empty() {
                    return world == World::Clients && !self.is_named(sups, name);
                }
                self.is_sent(&subs, &theirs, world, member, depth + 1)
            }),
            _ => true,
        }
    }

    /// Whether one of the terms names a property.
    fn is_named(&mut self, terms: &[Term<'c>], name: &str) -> bool {
        let named = |_: &mut Self, shape: &Shape<'c>| shape.objects.named.get(name).cloned();
        !self.gathered(terms, Types::OBJECT, named).is_empty()
    }

    /// What the forms of some terms have.
    fn gathered(
        &mut self,
        terms: &[Term<'c>],
        one: Types,
        mut get: impl FnMut(&mut Self, &Shape<'c>) -> Option<Term<'c>>,
    ) -> Vec<Term<'c>> {
        let mut all: Vec<Term<'c>> = Vec::new();
        for term in terms {
            let shapes = self.shapes(term);
            for shape in shapes.iter().filter(|shape| shape.types.has(one)) {
                if let Some(term) = get(self, shape)
                    && !all.contains(&term)
                {
                    all.push(term);
                }
            }
        }
        all
    }

    /// The name of a property that neither form names.
    pub(super) fn fresh_name(&mut self, shape: &Shape<'c>, other: Option<&Shape<'c>>) -> String {
        let named = |name: &str| {
            let names = |shape: &Shape<'c>| shape.objects.named.contains_key(name);
            names(shape) || other.is_some_and(names)
        };
        let mut name = "other".to_owned();
        while named(&name) {
            name.push('_');
        }
        name
    }

    /// Whether a form says that there may be properties that it does not name.
    pub(super) fn is_open(&mut self, shape: &Shape<'c>) -> bool {
        match &shape.objects.rest {
            Rest::Silent => true,
            Rest::Said(term) => !term.is_nothing(),
        }
    }
}
