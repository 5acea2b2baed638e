//! Numbers, strings and arrays: whether all of one form are of another.

use super::number::{Bound, End, Num, multiple_covers};
use super::shape::{Shape, Span};
use super::types::Types;
use super::{Engine, World};
use crate::diff::gap::{Gap, What};

/// How many items of tuples are compared one by one.
const MOST_ITEMS: usize = 1024;

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
                let example = end.first_outside(own, limit).map(|int| int.to_string());
                let rule = What::Rule {
                    keyword,
                    sub: own.map(|bound| in_words(end, bound)),
                    sup: in_words(end, limit),
                    example,
                };
                gaps.push(Gap::new(rule));
            }
        }
        for multiple in &sup.multiples {
            // A listed number is no matter of this: it was looked at by itself.
            let answers: Vec<Option<bool>> =
                sub.multiples.iter().map(|own| multiple_covers(own, multiple)).collect();
            let integers = one == Types::INTEGER && matches!(Num::of(multiple), Num::Int(1 | -1));
            if integers || answers.contains(&Some(true)) {
                continue;
            }
            let rule = What::Rule {
                keyword: "multipleOf",
                sub: sub.multiples.first().map(ToString::to_string),
                sup: multiple.to_string(),
                example: None,
            };
            let certain = !answers.contains(&None) && matches!(Num::of(multiple), Num::Int(_));
            gaps.push(if certain { Gap::new(rule) } else { Gap::undecided(rule) });
        }
    }

    pub(super) fn strings(&mut self, sub: &Shape<'c>, sup: &Shape<'c>, gaps: &mut Vec<Gap>) {
        spans(sub.length, sup.length, ["minLength", "maxLength"], gaps);
        let free = sub.patterns.is_empty() && sub.formats.is_empty();
        for (keyword, own, theirs) in
            [("pattern", &sub.patterns, &sup.patterns), ("format", &sub.formats, &sup.formats)]
        {
            for wanted in theirs.difference(own) {
                let said = own.iter().next().map(|text| (*text).to_owned());
                let rule = What::Rule { keyword, sub: said, sup: (*wanted).to_owned(), example: None };
                // Strings of another rule may well all keep this one; nobody here knows.
                gaps.push(if free { Gap::new(rule) } else { Gap::undecided(rule) });
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
                example: None,
            }));
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

    /// How many items there may be, those that nothing fits left out.
    fn items(&mut self, shape: &Shape<'c>) -> Span {
        let arrays = &shape.arrays;
        let mut count = arrays.count;
        let named = arrays.prefix.len() as u64;
        if count.max.is_none_or(|max| max > named) && self.is_empty(&arrays.rest, 0) {
            count.max = Some(named);
        }
        count
    }
}

/// Gaps of lengths and counts.
pub(super) fn spans(sub: Span, sup: Span, keywords: [&'static str; 2], gaps: &mut Vec<Gap>) {
    if sup.min > sub.min {
        let said = (sub.min > 0).then(|| sub.min.to_string());
        gaps.push(rule(keywords[0], said, sup.min, sup.min.checked_sub(1)));
    }
    if let Some(most) = sup.max
        && sub.max.is_none_or(|max| max > most)
    {
        gaps.push(rule(keywords[1], sub.max.map(|max| max.to_string()), most, most.checked_add(1)));
    }
}

fn rule(keyword: &'static str, sub: Option<String>, sup: u64, example: Option<u64>) -> Gap {
    Gap::new(What::Rule {
        keyword,
        sub,
        sup: sup.to_string(),
        example: example.map(|count| count.to_string()),
    })
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
