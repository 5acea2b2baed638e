//! The heart of it: what `sub` allows and `sup` does not.

use std::rc::Rc;

use serde_json::Value;

use super::admits::Answer;
use super::label::Label;
use super::number::same_value;
use super::sender::Sender;
use super::shape::{Others, Shape};
use super::term::Term;
use super::types::Types;
use super::{Engine, World};
use crate::diff::gap::{Gap, Weight, What};

/// How many gaps of one schema are told. There are never fewer than one where there is one.
const MOST_GAPS: usize = 100;
/// How deep into the value schemas are compared.
const DEEPEST: usize = 64;

impl<'c> Engine<'c> {
    /// What values of `sub` are none of `sup`. Nothing but notes: all are.
    pub(in crate::diff) fn gaps(&mut self, sub: &Term<'c>, sup: &Term<'c>, world: World) -> Rc<[Gap]> {
        if sup.is_anything() && world == World::Any {
            return Rc::new([]);
        }
        let pair = (sub.clone(), sup.clone(), world);
        if let Some(known) = self.known.get(&pair) {
            return known.clone();
        }
        if let Some(&(before, depth)) = self.open.get(&pair) {
            // A value that lies further down is smaller: by induction, what is being shown holds for it already.
            if self.depth > depth {
                self.granted = self.granted.min(before);
                return Rc::new([]);
            }
            return Rc::new([Gap::undecided(What::TooLarge)]);
        }
        if self.terms_alike(sub, sup) {
            return Rc::new([]);
        }
        if self.depth > DEEPEST || !self.afford(1) {
            return Rc::new([Gap::undecided(What::TooLarge)]);
        }
        let own = self.open.len();
        self.open.insert(pair.clone(), (own, self.depth));
        let outer = std::mem::replace(&mut self.granted, usize::MAX);
        let gaps: Rc<[Gap]> = self.compare(sub, sup, world).into();
        self.open.remove(&pair);
        // What rests on a pair that is still open may not outlive it.
        if self.budget > 0 && (self.granted >= own || gaps.iter().any(|gap| !gap.is_note())) {
            self.known.insert(pair, gaps.clone());
        }
        let rests_on = if self.granted >= own { usize::MAX } else { self.granted };
        self.granted = outer.min(rests_on);
        gaps
    }

    /// The gaps of a property or an item.
    pub(super) fn step(
        &mut self,
        step: &str,
        sub: &Term<'c>,
        sup: &Term<'c>,
        world: World,
        gaps: &mut Vec<Gap>,
    ) {
        self.depth += 1;
        let found = self.gaps(sub, sup, world);
        self.depth -= 1;
        gaps.extend(found.iter().map(|gap| gap.clone().below(step)));
    }

    fn compare(&mut self, sub: &Term<'c>, sup: &Term<'c>, world: World) -> Vec<Gap> {
        let (own, theirs) = (self.shapes(sub), self.shapes(sup));
        let types = |shapes: &[Shape<'c>]| shapes.iter().fold(Types::NONE, |all, shape| all | shape.types);
        let (own_types, their_types) = (types(&own), types(&theirs));
        let mut gaps: Vec<Gap> = Vec::new();
        let mut refused = Types::NONE;
        let mut values: Vec<(&'c Value, Answer)> = Vec::new();
        for shape in own.iter() {
            if self.budget == 0 {
                gaps.push(Gap::undecided(What::TooLarge));
                break;
            }
            if self.shape_is_empty(shape, 0) {
                continue;
            }
            for one in shape.types.each() {
                if let Some(listed) = self.listed(one, shape) {
                    let wrong = listed.into_iter().map(|value| (value, self.admits(sup, value)));
                    values.extend(wrong.filter(|(_, answer)| *answer != Answer::Yes));
                } else if !their_types.has(one) {
                    if !self.has_none(one, shape, 0) {
                        refused = refused | one;
                    }
                } else {
                    for gap in self.piece(one, shape, &own, sup, world) {
                        if gaps.len() < MOST_GAPS && !gaps.contains(&gap) {
                            gaps.push(gap);
                        }
                    }
                }
            }
        }
        self.tell_values(&values, &theirs, their_types, &mut refused, &mut gaps);
        if !refused.is_empty() {
            gaps.insert(0, Gap::new(What::Types { refused, sub: own_types, sup: their_types }));
        }
        gaps
    }

    /// The values of a form, where there are only so many.
    fn listed(&mut self, one: Types, shape: &Shape<'c>) -> Option<Vec<&'c Value>> {
        static FEW: [Value; 3] = [Value::Null, Value::Bool(false), Value::Bool(true)];
        let values: Vec<&'c Value> = match (shape.values_of(one), one) {
            (Some(values), _) => values.collect(),
            (None, Types::NULL) => FEW[..1].iter().collect(),
            (None, Types::BOOLEAN) => FEW[1..].iter().collect(),
            (None, _) => return None,
        };
        Some(values.into_iter().filter(|value| self.shape_admits(shape, value) != Answer::No).collect())
    }

    /// Tells of listed values that are refused: as types where nothing else of the type is taken.
    fn tell_values(
        &mut self,
        values: &[(&'c Value, Answer)],
        theirs: &[Shape<'c>],
        their_types: Types,
        refused: &mut Types,
        gaps: &mut Vec<Gap>,
    ) {
        let listed = theirs.iter().any(|shape| shape.values.is_some());
        for answer in [Answer::No, Answer::Unknown] {
            let mut told: Vec<Value> = Vec::new();
            for (value, _) in values.iter().filter(|(_, found)| *found == answer) {
                let one = Types::of_value(value);
                let whole = !listed || matches!(one, Types::NULL | Types::OBJECT | Types::ARRAY);
                if !their_types.has(one) && whole {
                    *refused = *refused | one;
                } else if !told.iter().any(|other| same_value(other, value)) {
                    told.push((*value).clone());
                }
            }
            if !told.is_empty() {
                let what = What::Values { refused: told, listed };
                gaps.push(if answer == Answer::No { Gap::new(what) } else { Gap::undecided(what) });
            }
        }
    }

    /// The gaps of one form, in one type, against the form of `theirs` that suits it best.
    fn piece(
        &mut self,
        one: Types,
        shape: &Shape<'c>,
        siblings: &[Shape<'c>],
        sup: &Term<'c>,
        world: World,
    ) -> Vec<Gap> {
        let theirs = self.shapes(sup);
        let union = theirs.iter().filter(|other| other.types.has(one)).count() > 1;
        let label = if one == Types::OBJECT { self.label(shape) } else { None };
        let (candidates, otherwise) = match self.candidates(one, shape, label.as_ref(), &theirs) {
            Ok(candidates) => (candidates, None),
            Err(gap) => (Vec::new(), Some(*gap)),
        };
        let several = candidates.clone();
        let mut best: Option<Vec<Gap>> = None;
        let sender = if one == Types::OBJECT { Some(self.sender(shape, siblings, world)) } else { None };
        for candidate in candidates {
            let found = self.fit(one, shape, sender.as_ref(), candidate, world);
            let loss = |gaps: &[Gap]| gaps.iter().filter(|gap| !gap.is_note()).count();
            if best.as_ref().is_none_or(|best| loss(&found) < loss(best)) {
                best = Some(found);
            }
            if self.budget == 0 || best.as_ref().is_some_and(|best| loss(best) == 0) {
                break;
            }
        }
        let lost = |gaps: &Vec<Gap>| gaps.iter().any(|gap| !gap.is_note());
        if best.as_ref().is_none_or(lost) && self.covers(one, shape, siblings, sup, world) {
            return Vec::new();
        }
        if let Some(gap) = otherwise {
            return vec![gap];
        }
        let mut gaps = best.unwrap_or_else(|| vec![Gap::new(What::Branch { name: None })]);
        if union && !gaps.iter().all(Gap::is_note) {
            self.keep_what_all_say(one, &several, &mut gaps);
        }
        if let Some(Label { name, .. }) = label.filter(|_| union || siblings.len() > 1) {
            gaps.iter_mut().for_each(|gap| gap.within.insert(0, name.clone()));
        }
        gaps
    }

    /// What was found against one of several forms is no matter of all of them: what the others do not ask for as well is only
    /// that the value fits none.
    fn keep_what_all_say(&mut self, one: Types, forms: &[&Shape<'c>], gaps: &mut Vec<Gap>) {
        let scalar = (Types::NUMBER | Types::STRING).has(one);
        gaps.retain(|gap| {
            let name = gap.path.strip_prefix('/').filter(|name| !name.contains('/'));
            let name = name.map(|name| name.replace("~1", "/").replace("~0", "~"));
            match (&gap.what, name) {
                (What::Required { .. }, Some(name)) => {
                    forms.iter().all(|form| form.objects.required.contains(name.as_str()))
                }
                (What::Forbidden { .. }, Some(name)) => forms.iter().all(|form| {
                    let term = form.objects.member(&name, &mut self.patterns).term();
                    self.is_empty(&term, 0)
                }),
                (What::Rule { .. }, None) if gap.path.is_empty() => !scalar,
                _ => true,
            }
        });
        if gaps.iter().all(Gap::is_note) {
            gaps.push(Gap::new(What::Unfit));
        }
    }

    /// The forms that one might be of: those of its name, or those that it does not exclude.
    fn candidates<'t>(
        &mut self,
        one: Types,
        shape: &Shape<'c>,
        label: Option<&Label>,
        theirs: &'t [Shape<'c>],
    ) -> Result<Vec<&'t Shape<'c>>, Box<Gap>> {
        let typed: Vec<&'t Shape<'c>> = theirs.iter().filter(|other| other.types.has(one)).collect();
        if let Some(label) = label {
            let labels: Vec<Option<Label>> = typed.iter().map(|other| self.label(other)).collect();
            let named = |same: &dyn Fn(&Label) -> bool| {
                let fitting = typed.iter().zip(&labels).filter(|(_, own)| own.as_ref().is_some_and(same));
                fitting.map(|(other, _)| *other).collect::<Vec<_>>()
            };
            let same = named(&|own| own == label);
            if !same.is_empty() {
                return Ok(same);
            }
            let of_another_name = named(&|own| own.tag == label.tag);
            if !of_another_name.is_empty() && of_another_name.len() == typed.len() {
                let gap = Gap::new(What::Branch { name: Some(label.name.clone()) }).below(&label.path());
                return Err(Box::new(gap));
            }
        }
        let near: Vec<&'t Shape<'c>> =
            typed.iter().copied().filter(|other| !self.disjoint(shape, other, 0)).collect();
        Ok(if near.is_empty() { typed } else { near })
    }

    /// The gaps of one form against another, in one type.
    pub(super) fn fit(
        &mut self,
        one: Types,
        sub: &Shape<'c>,
        sender: Option<&Sender<'_, 'c>>,
        sup: &Shape<'c>,
        world: World,
    ) -> Vec<Gap> {
        let mut gaps = Vec::new();
        let names = sender.map_or(0, |sender| sender.names.len() + sender.sources.len());
        if !self.afford(sub.size() + sup.size() + names) {
            return vec![Gap::undecided(What::TooLarge)];
        }
        if let Some(values) = sup.values_of(one) {
            return vec![Gap::new(What::Listed { sup: values.cloned().collect() })];
        }
        match one {
            Types::INTEGER | Types::FRACTION => self.numbers(one, sub, sup, &mut gaps),
            Types::STRING => self.strings(sub, sup, &mut gaps),
            Types::ARRAY => self.arrays(sub, sup, world, &mut gaps),
            // An object, for null and booleans were listed.
            _ => {
                if let Some(sender) = sender {
                    self.objects(sender, sup, &mut gaps);
                }
            }
        }
        let narrowed = Shape { types: one, ..sub.clone() };
        let refused: Vec<Value> = sup
            .barred
            .iter()
            .filter(|value| self.shape_admits(&narrowed, value) != Answer::No)
            .map(|value| (*value).clone())
            .collect();
        if !refused.is_empty() {
            gaps.push(Gap::new(What::Values { refused, listed: false }));
        }
        for others in &sup.excluded {
            if !self.keeps_out(&narrowed, others) {
                let what = if others.are_branches() { What::Overlap } else { What::Excluded };
                gaps.push(Gap::undecided(what));
            }
        }
        for rule in sup.opaque.iter().filter(|rule| rule.types.has(one)) {
            if !sub.opaque.iter().any(|own| self.opaque_alike(own, rule)) {
                gaps.push(Gap::undecided(What::Opaque { keyword: rule.keyword.to_owned() }));
            }
        }
        gaps
    }

    /// Whether no value of the form is one of the others.
    fn keeps_out(&mut self, shape: &Shape<'c>, others: &Others<'c>) -> bool {
        others.each().all(|other| {
            self.outside(shape, other, 0)
                || shape.excluded.iter().flat_map(Others::each).any(|own| {
                    // What it excludes itself is out as well. Here silence means anything: the value is the same.
                    self.terms_alike(other, own) || self.covered(other, own)
                })
                || self.breaks(shape, other)
        })
    }

    /// Whether all values of the form, in its one type, are refused by one of the schemas of a term.
    fn breaks(&mut self, shape: &Shape<'c>, term: &Term<'c>) -> bool {
        term.inverses().any(|inverse| {
            let wanted = self.shapes(&inverse);
            // What could not be taken apart says no more than before.
            let plain = wanted.iter().all(|shape| shape.excluded.is_empty() && shape.opaque.is_empty());
            plain && self.afford(8) && self.covers(shape.types, shape, &[], &inverse, World::Any)
        })
    }

    fn covered(&mut self, sub: &Term<'c>, sup: &Term<'c>) -> bool {
        self.afford(16) && self.gaps(sub, sup, World::Any).iter().all(|gap| gap.weight == Weight::Note)
    }

    /// The same of schemas that stand deeper in the value.
    pub(super) fn covered_below(&mut self, sub: &Term<'c>, sup: &Term<'c>) -> bool {
        self.depth += 1;
        let covered = self.covered(sub, sup);
        self.depth -= 1;
        covered
    }
}
