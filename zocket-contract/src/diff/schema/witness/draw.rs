//! Values of a term, simple ones first.

use std::rc::Rc;

use serde_json::{Map, Value};

use super::super::Engine;
use super::super::admits::Answer;
use super::super::shape::{Member, Shape};
use super::super::term::Term;
use super::super::types::Types;
use crate::pattern::language::{Found, Wanted};

/// How deep values are made.
const DEEPEST: usize = 10;
/// How deep parts are tried with more than one value.
const VARIED: usize = 2;
/// How many forms values are made of.
const MOST_SHAPES: usize = 40;
/// How many values are made of one form and type.
const MOST_OF_SHAPE: usize = 60;
/// How many values a property or item is tried with.
const MOST_OF_PART: usize = 6;
/// More items or properties are not written.
const MOST_PARTS: u64 = 2_000;
/// How many properties are varied.
const MOST_VARIED: usize = 24;

impl<'c> Engine<'c> {
    /// Values of a term, no more than so many. They are likely to be valid.
    pub(super) fn draw(&mut self, term: &Term<'c>, most: usize, depth: usize) -> Rc<[Value]> {
        // What lies deep is seldom what is looked for.
        let key = (term.clone(), if depth > VARIED { 1 } else { most });
        if let Some(drawn) = self.drawn.get(&key) {
            return drawn.clone();
        }
        if term.is_nothing() || depth > DEEPEST || !self.afford(5) {
            return Rc::new([]);
        }
        let drawn: Rc<[Value]> = self.draw_anew(term, key.1, depth).into();
        // Not what was cut off.
        if self.budget > 0 && !drawn.is_empty() {
            self.drawn.insert(key, drawn.clone());
        }
        drawn
    }

    fn draw_anew(&mut self, term: &Term<'c>, most: usize, depth: usize) -> Vec<Value> {
        let mut values: Vec<Value> = Vec::new();
        let shapes = self.shapes(term);
        for shape in shapes.iter().take(MOST_SHAPES) {
            for value in self.draw_shape(shape, most, depth) {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            if values.len() >= most {
                break;
            }
        }
        values.truncate(most);
        values
    }

    /// A value of a term.
    pub(super) fn sample(&mut self, term: &Term<'c>, depth: usize) -> Option<Value> {
        if term.is_anything() {
            return Some(1.into());
        }
        let shapes = self.shapes(term);
        let plain = shapes.iter().all(|shape| shape.excluded.is_empty() && shape.opaque.is_empty());
        let drawn = self.draw(term, if plain { 1 } else { MOST_OF_PART * 4 }, depth);
        let first = drawn.first().cloned();
        let valid = drawn.iter().find(|value| plain || self.admits(term, value) == Answer::Yes).cloned();
        valid.or(first)
    }

    /// Values of one form.
    pub(super) fn draw_shape(&mut self, shape: &Shape<'c>, most: usize, depth: usize) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        for one in shape.types.each() {
            if !self.afford(10 + shape.size()) || all.len() >= most {
                break;
            }
            let mut values = Vec::new();
            if let Some(few) = self.few(one, shape) {
                values = few;
            } else {
                match one {
                    Types::INTEGER | Types::FRACTION => self.numbers_of(one, shape, most, &mut values),
                    Types::STRING => self.texts_of(shape, most, &mut values),
                    Types::ARRAY => self.arrays_of(shape, most, depth, &mut values),
                    _ => self.objects_of(shape, most, depth, &mut values),
                }
            }
            values.truncate(MOST_OF_SHAPE.max(most));
            all.extend(values);
        }
        all
    }

    fn arrays_of(&mut self, shape: &Shape<'c>, most: usize, depth: usize, values: &mut Vec<Value>) {
        let rules = &shape.arrays;
        let named = rules.prefix.len() as u64;
        let contained: u64 = rules.contains.iter().map(|rule| rule.count.min).sum();
        let least = rules.count.min.max(contained).max(if rules.repeats { 2 } else { 0 });
        let mut counts = vec![least];
        if most > 1 {
            counts.extend([least + 1, least + 2, named, named + 1]);
            counts.extend(rules.count.max);
            counts.extend(rules.contains.iter().filter_map(|rule| rule.count.max?.checked_add(1)));
        }
        counts.retain(|count| {
            *count >= least && *count <= MOST_PARTS && rules.count.max.is_none_or(|max| *count <= max)
        });
        counts.dedup();
        for count in counts {
            let Some(items) = self.items_of(shape, count as usize, depth) else { continue };
            values.push(items.clone().into());
            for index in (0..items.len()).take(if most > 1 { MOST_OF_PART } else { 0 }) {
                let term = rules.at(index).clone();
                for item in self.draw(&term, MOST_OF_PART, depth + 1).iter() {
                    let mut varied = items.clone();
                    varied[index] = item.clone();
                    values.push(varied.into());
                }
            }
            if items.len() > 1 && !rules.unique && most > 1 {
                let mut twice = items.clone();
                twice[1] = twice[0].clone();
                values.push(twice.into());
            }
        }
        values.retain(|value| self.shape_admits(shape, value) != Answer::No);
    }

    fn items_of(&mut self, shape: &Shape<'c>, count: usize, depth: usize) -> Option<Vec<Value>> {
        let rules = &shape.arrays;
        // Each item that the array must contain, at the first place that takes it.
        let mut wanted: Vec<Option<Term<'c>>> = vec![None; count];
        for rule in &rules.contains {
            for _ in 0..rule.count.min {
                let free = (0..count).find(|index| {
                    wanted[*index].is_none() && {
                        let both = rules.at(*index).clone().and(&rule.item);
                        self.sample(&both, depth + 1).is_some()
                    }
                })?;
                wanted[free] = Some(rules.at(free).clone().and(&rule.item));
            }
        }
        let mut items: Vec<Value> = Vec::new();
        for (index, wanted) in wanted.into_iter().enumerate() {
            let mut term = rules.at(index).clone();
            match wanted {
                Some(wanted) => term = wanted,
                // No more than it may contain.
                None => {
                    for rule in rules.contains.iter().filter(|rule| rule.count.max == Some(rule.count.min)) {
                        if let Some(other) = rule.item.inverses().next() {
                            term = term.and(&other);
                        }
                    }
                }
            }
            let item = if rules.unique {
                self.draw(&term, 64, depth + 1).iter().find(|item| !items.contains(item))?.clone()
            } else if index > 0 && index > rules.prefix.len() && rules.contains.is_empty() {
                items[index - 1].clone()
            } else {
                self.sample(&term, depth + 1)?
            };
            items.push(item);
        }
        if rules.repeats && items.len() > 1 && rules.prefix.len() < 2 {
            items[1] = items[0].clone();
        }
        Some(items)
    }

    fn objects_of(&mut self, shape: &Shape<'c>, most: usize, depth: usize, values: &mut Vec<Value>) {
        let Some(base) = self.least_object(shape, depth) else { return };
        values.push(base.clone().into());
        if most == 1 {
            return;
        }
        let mut full = base.clone();
        let names: Vec<&'c str> =
            shape.objects.named.keys().copied().chain(shape.objects.required.iter().copied()).collect();
        for name in names.into_iter().take(MOST_VARIED) {
            let term = shape.objects.member(name, &mut self.patterns).term();
            for (index, value) in self.draw(&term, MOST_OF_PART, depth + 1).iter().enumerate() {
                if index == 0 {
                    full.entry(name).or_insert_with(|| value.clone());
                }
                let mut varied = base.clone();
                varied.insert(name.to_owned(), value.clone());
                values.push(varied.into());
            }
        }
        values.insert(1.min(values.len()), full.clone().into());
        for name in full.keys().filter(|name| !base.contains_key(*name)).take(MOST_VARIED) {
            let mut without = full.clone();
            without.remove(name);
            values.push(without.into());
        }
        let more = self.unnamed_members(shape, 2, &full, depth);
        for start in [&base, &full] {
            let mut members = start.clone();
            for (name, value) in &more {
                members.insert(name.clone(), value.clone());
                values.push(members.clone().into());
            }
        }
        values.retain(|value| self.shape_admits(shape, value) != Answer::No);
    }

    /// An object with no more than it must have.
    pub(super) fn least_object(&mut self, shape: &Shape<'c>, depth: usize) -> Option<Map<String, Value>> {
        let objects = &shape.objects;
        let mut members = Map::new();
        for name in &objects.required {
            let term = objects.member(name, &mut self.patterns).term();
            members.insert((*name).to_owned(), self.sample(&term, depth + 1)?);
        }
        for (name, term) in &objects.named {
            if members.len() as u64 >= objects.count.min {
                break;
            }
            if !members.contains_key(*name)
                && let Some(value) = self.sample(term, depth + 1)
            {
                members.insert((*name).to_owned(), value);
            }
        }
        let missing = objects.count.min.saturating_sub(members.len() as u64);
        if missing > 0 {
            members.extend(self.unnamed_members(shape, missing.min(MOST_PARTS) as usize, &members, depth));
        }
        Some(members)
    }

    /// Properties that a form does not name and yet allows.
    pub(super) fn unnamed_members(
        &mut self,
        shape: &Shape<'c>,
        most: usize,
        beside: &Map<String, Value>,
        depth: usize,
    ) -> Vec<(String, Value)> {
        let objects = &shape.objects;
        let mut members: Vec<(String, Value)> = Vec::new();
        for (pattern, term) in unnamed(shape).into_iter().filter(|(_, term)| !term.is_nothing()) {
            let Some(value) = self.sample(&term, depth + 1) else { continue };
            let mut wanted = self.names_of(shape, pattern);
            for _ in 0..most {
                let name = if pattern.is_none() && wanted == Wanted::default() {
                    let mut name = self.fresh_name(shape, None);
                    while beside.contains_key(&name) || members.iter().any(|(other, _)| *other == name) {
                        name.push('_');
                    }
                    name
                } else {
                    match self.languages.find(&wanted) {
                        Found::Text(name) => name,
                        _ => break,
                    }
                };
                wanted.min = wanted.min.max(name.chars().count() as u64 + 1);
                let fits =
                    !matches!(objects.member(&name, &mut self.patterns), Member::Said(said) if said != term);
                if fits && !beside.contains_key(&name) {
                    members.push((name, value.clone()));
                }
            }
        }
        members.truncate(most);
        members
    }
}

/// What the properties may be that a form does not name: those whose names match a pattern, and all others.
pub(super) fn unnamed<'c>(shape: &Shape<'c>) -> Vec<(Option<&'c str>, Term<'c>)> {
    let objects = &shape.objects;
    let matching = objects.by_pattern.iter().map(|(pattern, term)| (Some(*pattern), term.clone()));
    matching.chain([(None, objects.rest.term())]).collect()
}
