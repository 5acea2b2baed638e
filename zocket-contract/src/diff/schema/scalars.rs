//! Numbers, strings and arrays: whether all of one form are of another.

use std::collections::BTreeSet;

use serde_json::{Number, Value, json};

use super::number::{Bound, End, Num, steps_cover};
use super::shape::{Contains, Shape, Span};
use super::types::Types;
use super::{Engine, World};
use crate::diff::gap::{Gap, What};

/// How many items of tuples are compared one by one.
const MOST_ITEMS: usize = 1024;
/// How many items are held to what an array must contain.
const MOST_CONTAINED: usize = 8;

impl<'c> Engine<'c> {
    pub(super) fn numbers(&mut self, one: Types, sub: &Shape<'c>, sup: &Shape<'c>, gaps: &mut Vec<Gap>) {
        for (end, keyword, own, theirs) in
            [(End::Lower, "minimum", sub.lower, sup.lower), (End::Upper, "maximum", sub.upper, sup.upper)]
        {
            let Some(limit) = theirs else { continue };
            let covers = if one == Types::INTEGER {
                end.covers(end.of_integers(own), end.of_integers(theirs))
            } else {
                end.covers(own, theirs)
            };
            if !covers {
                let rule = What::Rule {
                    keyword,
                    sub: own.map(|bound| in_words(end, bound)),
                    sup: in_words(end, limit),
                    rule: limited(end, limit),
                };
                gaps.push(Gap::new(rule));
            }
        }
        let step = Number::from(1);
        let own: Vec<&Number> =
            sub.multiples.iter().copied().chain((one == Types::INTEGER).then_some(&step)).collect();
        for multiple in &sup.multiples {
            if steps_cover(&own, multiple) != Some(true) {
                gaps.push(Gap::new(What::Rule {
                    keyword: "multipleOf",
                    sub: sub.multiples.first().map(ToString::to_string),
                    sup: multiple.to_string(),
                    rule: json!({ "multipleOf": multiple }),
                }));
            }
        }
        for multiple in &sup.non_multiples {
            let excluded = |own: &&Number| steps_cover(&[multiple], own) == Some(true);
            let mut both = sub.clone();
            both.multiples.push(multiple);
            if !sub.non_multiples.iter().any(excluded) && !self.has_none(one, &both, 0) {
                gaps.push(Gap::undecided(What::Excluded));
            }
        }
    }

    pub(super) fn strings(&mut self, sub: &Shape<'c>, sup: &Shape<'c>, gaps: &mut Vec<Gap>) {
        let mut none = |change: &dyn Fn(&mut Shape<'c>)| {
            let mut outside = Shape { types: Types::STRING, ..sub.clone() };
            change(&mut outside);
            self.has_none(Types::STRING, &outside, 0)
        };
        let mut lengths = Vec::new();
        spans(sub.length, sup.length, ["minLength", "maxLength"], &mut lengths);
        for gap in lengths {
            let shorter = matches!(gap.what, What::Rule { keyword: "minLength", .. });
            let beyond = |outside: &mut Shape<'c>| {
                outside.length = outside.length.and(if shorter {
                    Span { min: 0, max: Some(sup.length.min.saturating_sub(1)) }
                } else {
                    Span { min: sup.length.max.unwrap_or(u64::MAX).saturating_add(1), max: None }
                });
            };
            if !none(&beyond) {
                gaps.push(gap);
            }
        }
        let rule = |keyword: &'static str, own: &BTreeSet<&str>, wanted: &str| {
            let said = own.iter().next().map(|text| (*text).to_owned());
            let rule = json!({ keyword: wanted });
            Gap::new(What::Rule { keyword, sub: said, sup: wanted.to_owned(), rule })
        };
        for pattern in sup.patterns.difference(&sub.patterns) {
            if !none(&|outside| outside.non_patterns.extend([pattern])) {
                gaps.push(rule("pattern", &sub.patterns, pattern));
            }
        }
        for pattern in sup.non_patterns.difference(&sub.non_patterns) {
            if !none(&|outside| outside.patterns.extend([pattern])) {
                gaps.push(Gap::undecided(What::Excluded));
            }
        }
        for format in sup.formats.difference(&sub.formats) {
            // Texts of another format may well all be of this one; nobody here knows.
            gaps.push(rule("format", &sub.formats, format));
        }
        for format in sup.non_formats.difference(&sub.non_formats) {
            if !none(&|outside| outside.formats.extend([format])) {
                gaps.push(Gap::undecided(What::Excluded));
            }
        }
    }

    pub(super) fn arrays(&mut self, sub: &Shape<'c>, sup: &Shape<'c>, world: World, gaps: &mut Vec<Gap>) {
        let (own, theirs) = (&sub.arrays, &sup.arrays);
        let count = self.items(sub);
        spans(count, self.items(sup), ["minItems", "maxItems"], gaps);
        if theirs.unique && !own.unique && count.max.is_none_or(|max| max > 1) {
            gaps.push(Gap::new(What::Rule {
                keyword: "uniqueItems",
                sub: None,
                sup: "true".into(),
                rule: json!({"uniqueItems": true}),
            }));
        }
        if theirs.repeats && !own.repeats {
            gaps.push(Gap::undecided(What::Excluded));
        }
        for rule in &theirs.contains {
            if !self.contains(sub, count, rule) {
                gaps.push(Gap::undecided(What::Opaque { keyword: "contains".into() }));
            }
        }
        let most = count.max.and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
        let named = own.prefix.len().max(theirs.prefix.len());
        if named.min(most) > MOST_ITEMS {
            gaps.push(Gap::undecided(What::TooLarge));
            return;
        }
        // What the other may not have as many of is told by the count alone.
        let both = most.min(theirs.count.max.and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX));
        for index in 0..named.min(both) {
            self.step(&format!("/{index}"), own.at(index), theirs.at(index), world, gaps);
        }
        if both > named {
            self.step("/*", &own.rest, &theirs.rest, world, gaps);
        }
    }

    /// Whether all arrays of a shape hold so many items of a kind. `count` is how many items they have.
    fn contains(&mut self, sub: &Shape<'c>, count: Span, rule: &Contains<'c>) -> bool {
        let named = sub.arrays.prefix.len().min(MOST_CONTAINED);
        let certain = usize::try_from(count.min).unwrap_or(usize::MAX).min(named + MOST_CONTAINED);
        let inside: usize =
            (0..certain).filter(|index| self.covered_below(sub.arrays.at(*index), &rule.item)).count();
        let known = |engine: &mut Self, own: &Contains<'c>| {
            own.count.min >= rule.count.min && engine.covered_below(&own.item, &rule.item)
        };
        let enough =
            rule.count.min <= inside as u64 || sub.arrays.contains.iter().any(|own| known(self, own));
        let Some(most) = rule.count.max else { return enough };
        let bounded = |engine: &mut Self, own: &Contains<'c>| {
            own.count.max.is_some_and(|max| max <= most) && engine.covered_below(&rule.item, &own.item)
        };
        enough
            && (count.max.is_some_and(|max| max <= most)
                || sub.arrays.contains.iter().any(|own| bounded(self, own))
                || (0..=named).all(|index| self.terms_disjoint(sub.arrays.at(index), &rule.item, 0)))
    }

    /// How many items there may be, those that nothing fits left out.
    fn items(&mut self, shape: &Shape<'c>) -> Span {
        let arrays = &shape.arrays;
        let mut count = arrays.count;
        let named = arrays.prefix.len() as u64;
        if count.max.is_none_or(|max| max > named) && self.is_empty(&arrays.rest, 0) {
            count.max = Some(named);
        }
        if let (true, 0, Some(listed)) = (arrays.unique, named, arrays.rest.literals()) {
            let most = listed.len() as u64;
            count.max = Some(count.max.map_or(most, |max| max.min(most)));
        }
        count
    }
}

/// Gaps of lengths and counts.
pub(super) fn spans(sub: Span, sup: Span, keywords: [&'static str; 2], gaps: &mut Vec<Gap>) {
    if sup.min > sub.min {
        let said = (sub.min > 0).then(|| sub.min.to_string());
        gaps.push(rule(keywords[0], said, sup.min));
    }
    if let Some(most) = sup.max
        && sub.max.is_none_or(|max| max > most)
    {
        gaps.push(rule(keywords[1], sub.max.map(|max| max.to_string()), most));
    }
}

fn rule(keyword: &'static str, sub: Option<String>, sup: u64) -> Gap {
    Gap::new(What::Rule { keyword, sub, sup: sup.to_string(), rule: json!({ keyword: sup }) })
}

/// A schema of a bound alone.
fn limited(end: End, bound: Bound) -> Value {
    let keyword = match (end, bound.exclusive) {
        (End::Lower, false) => "minimum",
        (End::Lower, true) => "exclusiveMinimum",
        (End::Upper, false) => "maximum",
        (End::Upper, true) => "exclusiveMaximum",
    };
    let at = match bound.at {
        Num::Int(int) => Number::from_i128(int).map_or_else(|| json!(int as f64), Value::Number),
        Num::Float(float) => json!(float),
    };
    json!({ keyword: at })
}

fn in_words(end: End, bound: Bound) -> String {
    let number = match bound.at {
        Num::Int(int) => int.to_string(),
        Num::Float(float) => float.to_string(),
    };
    match (bound.exclusive, end) {
        (false, _) => number,
        (true, End::Lower) => format!("more than {number}"),
        (true, End::Upper) => format!("less than {number}"),
    }
}
