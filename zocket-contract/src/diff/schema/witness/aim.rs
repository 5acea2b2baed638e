//! Values that have what a gap is about, where the gap is.

use serde_json::{Map, Value};

use super::super::Engine;
use super::super::shape::Shape;
use super::super::term::Term;
use super::super::types::Types;
use super::draw::unnamed;
use super::{Witness, is_about};
use crate::diff::gap::{Gap, What};
use crate::pattern::language::Found;
use crate::validation::Validator;

/// How many values are made for the place of the gap, and how many of them have another value around them.
const MOST_PARTS: usize = 160;
const MOST_WRAPPED: usize = 24;
/// How many forms of each side are paired.
const MOST_FORMS: usize = 6;
/// More properties are not all written at once.
const MOST_NAMED: usize = 64;
/// How deep a gap may lie.
const DEEPEST: usize = 64;

/// A gap, and what is left of the way to it.
#[derive(Clone, Copy)]
pub(super) struct Aim<'a> {
    pub(super) gap: &'a Gap,
    pub(super) steps: &'a [String],
    /// The names of the forms on the way.
    pub(super) within: &'a [&'a str],
}

impl<'c> Engine<'c> {
    /// Values of `sub` that `sup` may refuse for what a gap is about.
    pub(super) fn aimed(&mut self, sub: &Term<'c>, sup: &Term<'c>, aim: Aim<'_>) -> Vec<Witness> {
        let Aim { gap, steps, within } = aim;
        let Some((step, rest)) = steps.split_first() else {
            let values = self.refused(sub, sup, gap, within);
            return values.into_iter().map(|value| gap_at(gap, value)).collect();
        };
        if steps.len() > DEEPEST || !self.afford(8) {
            return Vec::new();
        }
        let (own, theirs) = (self.shapes(sub), self.shapes(sup));
        let (theirs, _) = self.of_name(&theirs, within, gap, rest.is_empty());
        let (own, within) = self.of_name(&own, within, gap, rest.is_empty());
        let aim = Aim { gap, steps: rest, within };
        let mut found = Vec::new();
        for shape in own.into_iter().take(MOST_FORMS * 4) {
            // A value that is right but for the gap tells more, so the form is narrowed by the other's.
            let both = |other: &&&Shape<'c>| (shape.types & other.types).has(Types::OBJECT | Types::ARRAY);
            let others = theirs.iter().filter(both).take(MOST_FORMS).map(|other| Some(*other));
            for other in others.chain([None]) {
                // Below, each form has its own forms again, and so on.
                let enough = found.len() >= if steps.len() > 2 { 1 } else { MOST_PARTS };
                let size = shape.size() + other.map_or(0, Shape::size);
                if enough || (other.is_none() && !found.is_empty()) || !self.afford(200 + 20 * size) {
                    return found;
                }
                if shape.types.has(Types::OBJECT) {
                    found.extend(self.aimed_in_object(shape, other, step, aim));
                }
                if shape.types.has(Types::ARRAY) {
                    found.extend(self.aimed_in_array(shape, other, step, aim));
                }
            }
        }
        found
    }

    /// The forms that have the name which the gap tells, where there are such, and the names of those inside.
    fn of_name<'s, 'w>(
        &mut self,
        shapes: &'s [Shape<'c>],
        within: &'w [&'w str],
        gap: &Gap,
        is_last: bool,
    ) -> (Vec<&'s Shape<'c>>, &'w [&'w str]) {
        let branch = match &gap.what {
            What::Branch { name } if is_last => name.as_deref(),
            _ => None,
        };
        if let Some(wanted) = within.first().copied().or(branch) {
            let named: Vec<&Shape<'c>> = shapes
                .iter()
                .filter(|shape| self.label(shape).is_some_and(|label| label.name == wanted))
                .collect();
            if !named.is_empty() {
                return (named, within.get(1..).unwrap_or_default());
            }
        }
        (shapes.iter().collect(), within)
    }

    /// Values of one term that another one may refuse.
    fn refused(&mut self, sub: &Term<'c>, sup: &Term<'c>, gap: &Gap, within: &[&str]) -> Vec<Value> {
        let mut values: Vec<Value> = Vec::new();
        if let What::Values { refused, .. } = &gap.what {
            values.extend(refused.iter().cloned());
        }
        values.extend(self.draw(sub, MOST_FORMS, 0).iter().cloned());
        let inverses: Vec<Term<'c>> = sup.inverses().collect();
        for inverse in inverses {
            let shapes = self.shapes(&sub.clone().and(&inverse));
            let (both, _) = self.of_name(&shapes, within, gap, true);
            for shape in both.into_iter().take(MOST_PARTS) {
                values.extend(self.draw_shape(shape, 12, 0));
                if values.len() > MOST_PARTS * 2 {
                    break;
                }
            }
        }
        // Where the other one cannot be turned round, whatever is near its ends.
        values.extend(self.draw(sub, MOST_PARTS, 0).iter().cloned());
        values.extend(self.draw(&sub.clone().and(sup), MOST_PARTS / 4, 0).iter().cloned());
        if matches!(gap.what, What::Rule { keyword: "propertyNames", .. }) {
            self.misnamed(sub, sup, &mut values);
        }
        let rule = match &gap.what {
            What::Rule { rule, .. } => Validator::new(rule).ok(),
            _ => None,
        };
        let mut kept: Vec<Value> = Vec::new();
        for value in values {
            if is_about(gap, rule.as_ref(), &value) && !kept.contains(&value) {
                kept.push(value);
            }
        }
        if let What::Rule { rule, .. } = &gap.what {
            nearest_first(rule, &mut kept);
        }
        kept
    }

    /// Objects with a property whose name the other side does not take.
    fn misnamed(&mut self, sub: &Term<'c>, sup: &Term<'c>, values: &mut Vec<Value>) {
        let (own, theirs) = (self.shapes(sub), self.shapes(sup));
        for shape in own.iter().filter(|shape| shape.types.has(Types::OBJECT)).take(MOST_FORMS) {
            let sources = unnamed(shape);
            let inverses = theirs.iter().flat_map(|other| other.objects.names.inverses());
            for inverse in inverses.take(MOST_FORMS).collect::<Vec<_>>() {
                let refused = self.shapes(&inverse);
                for (rules, (pattern, term)) in
                    refused.iter().flat_map(|rules| sources.iter().map(move |source| (rules, source)))
                {
                    let mut wanted = self.names_of(shape, *pattern);
                    wanted.matching.extend(&rules.patterns);
                    wanted.failing.extend(&rules.non_patterns);
                    wanted.min = wanted.min.max(rules.length.min);
                    wanted.max = [wanted.max, rules.length.max].into_iter().flatten().min();
                    let (Found::Text(name), Some(value), Some(mut members)) =
                        (self.languages.find(&wanted), self.sample(term, 0), self.least_object(shape, 0))
                    else {
                        continue;
                    };
                    members.insert(name, value);
                    values.push(members.into());
                }
            }
        }
    }

    /// The same, below one form: in an object, by the properties that `step` means.
    fn aimed_in_object(
        &mut self,
        shape: &Shape<'c>,
        other: Option<&Shape<'c>>,
        step: &str,
        aim: Aim<'_>,
    ) -> Vec<Witness> {
        let mut found = Vec::new();
        for name in self.property_names(shape, other, step) {
            let own = shape.objects.member(&name, &mut self.patterns).term();
            let theirs = match other {
                Some(other) => other.objects.member(&name, &mut self.patterns).term(),
                None => Term::nothing(),
            };
            let parts = self.aimed(&own, &theirs, aim);
            if parts.is_empty() {
                continue;
            }
            let bases = self.objects_around(shape, other, &name);
            for part in parts.into_iter().take(MOST_WRAPPED) {
                for base in &bases {
                    let mut members = base.clone();
                    members.insert(name.clone(), part.whole.clone());
                    found.push(Witness { whole: members.into(), part: part.part.clone() });
                }
            }
        }
        found
    }

    /// Objects to put a property into: right for both sides, and right for the one alone.
    fn objects_around(
        &mut self,
        shape: &Shape<'c>,
        other: Option<&Shape<'c>>,
        name: &str,
    ) -> Vec<Map<String, Value>> {
        let mut bases: Vec<Map<String, Value>> = Vec::new();
        let mut object = Shape { types: Types::OBJECT, ..shape.clone() };
        object.objects.required.retain(|required| *required != name);
        let count = &mut object.objects.count;
        count.min = count.min.saturating_sub(1);
        if let Some(other) = other {
            let mut other = Shape { types: Types::OBJECT, ..other.clone() };
            other.objects.required.retain(|required| *required != name);
            let both = object.and(&other, &mut self.patterns);
            bases.extend(self.least_object(&both, 0));
            // With all that may be there.
            let mut full = both;
            if full.objects.named.len() > MOST_NAMED {
                return bases;
            }
            full.objects.required.extend(shape.objects.named.keys().filter(|other| **other != name));
            bases.extend(self.least_object(&full, 0));
        }
        bases.extend(self.least_object(&object, 0));
        bases.dedup();
        bases
    }

    /// Names that a step may mean.
    fn property_names(&mut self, shape: &Shape<'c>, other: Option<&Shape<'c>>, step: &str) -> Vec<String> {
        if step != "*" {
            return vec![step.to_owned()];
        }
        let objects = &shape.objects;
        let theirs: Vec<&'c str> =
            other.iter().flat_map(|other| other.objects.by_pattern.keys().copied()).collect();
        let mut names: Vec<String> = Vec::new();
        for pattern in objects.by_pattern.keys().map(|pattern| Some(*pattern)).chain([None]) {
            if pattern.is_none() && !self.is_open(shape) {
                continue;
            }
            // Of none of the other side's patterns first, as the gap may be about those; then of each.
            for within in std::iter::once(None).chain(theirs.iter().map(|within| Some(*within))) {
                let mut wanted = self.names_of(shape, pattern);
                wanted.min = wanted.min.max(1);
                match within {
                    None => wanted.failing.extend(theirs.iter().filter(|other| Some(**other) != pattern)),
                    Some(within) => wanted.matching.extend([within]),
                }
                if let Found::Text(name) = self.languages.find(&wanted) {
                    let taken = objects.named.contains_key(name.as_str())
                        || other.is_some_and(|other| other.objects.named.contains_key(name.as_str()));
                    names.push(if taken && pattern.is_none() { self.fresh_name(shape, other) } else { name });
                }
            }
        }
        names.dedup();
        names.truncate(MOST_FORMS);
        names
    }

    /// In an array, at the index that `step` means.
    fn aimed_in_array(
        &mut self,
        shape: &Shape<'c>,
        other: Option<&Shape<'c>>,
        step: &str,
        aim: Aim<'_>,
    ) -> Vec<Witness> {
        let mut found = Vec::new();
        let named = shape.arrays.prefix.len().max(other.map_or(0, |other| other.arrays.prefix.len()));
        let index = match step.parse() {
            Ok(index) => index,
            Err(_) if step == "*" => named,
            Err(_) => return found,
        };
        let own = shape.arrays.at(index).clone();
        let theirs = other.map_or_else(Term::nothing, |other| other.arrays.at(index).clone());
        let parts = self.aimed(&own, &theirs, aim);
        if parts.is_empty() {
            return found;
        }
        let mut around = Shape { types: Types::ARRAY, ..shape.clone() };
        if let Some(other) = other {
            around = around.and(&Shape { types: Types::ARRAY, ..other.clone() }, &mut self.patterns);
        }
        let own = Shape { types: Types::ARRAY, ..shape.clone() };
        for mut around in [around, own] {
            around.arrays.count.min = around.arrays.count.min.max(index as u64 + 1);
            let base = self.draw_shape(&around, 1, 0).into_iter().find_map(|value| match value {
                Value::Array(items) if items.len() > index => Some(items),
                _ => None,
            });
            let Some(base) = base else { continue };
            for part in parts.iter().take(MOST_WRAPPED) {
                let mut items = base.clone();
                items[index] = part.whole.clone();
                found.push(Witness { whole: items.into(), part: part.part.clone() });
            }
        }
        found
    }
}

/// Sorts values by how far they are off a limit: the first says best what it means.
fn nearest_first(rule: &Value, values: &mut [Value]) {
    let limit = rule.as_object().and_then(|rule| rule.values().next()?.as_f64());
    let Some(limit) = limit else { return };
    let size = |value: &Value| match value {
        Value::String(text) => Some(text.chars().count() as f64),
        Value::Array(items) => Some(items.len() as f64),
        Value::Object(members) => Some(members.len() as f64),
        value => value.as_f64(),
    };
    let off = |value: &Value| size(value).map_or(f64::INFINITY, |size| (size - limit).abs());
    // Integers read best, where there is a choice.
    let rank = |value: &Value| (value.is_f64(), off(value));
    values.sort_by(|a, b| {
        let ((a, near), (b, far)) = (rank(a), rank(b));
        a.cmp(&b).then(near.total_cmp(&far))
    });
}

/// A value at the place of the gap.
fn gap_at(gap: &Gap, value: Value) -> Witness {
    let part = (!matches!(gap.what, What::Required { .. })).then(|| value.clone());
    Witness { whole: value, part }
}
