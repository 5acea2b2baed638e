//! Whether nothing has a form, and the values of forms that have only a few. `false` where that is not known.

use serde_json::{Number, Value, json};

use super::Engine;
use super::admits::Answer;
use super::disjoint::DEEPEST;
use super::formats::pattern_of;
use super::number::{End, Num, common_step, crossed, steps_cover};
use super::objects::present;
use super::shape::{Rest, Shape};
use super::term::Term;
use super::types::Types;
use crate::pattern::language::{Found, Wanted};

/// How many items of a tuple are looked at.
pub(super) const MOST_ITEMS: usize = 16;
/// How many integers are looked at one by one.
const MOST_INTEGERS: i128 = 64;

impl<'c> Engine<'c> {
    /// Whether nothing is a value of the term.
    pub(super) fn is_empty(&mut self, term: &Term<'c>, depth: usize) -> bool {
        if term.is_nothing() || term.is_anything() || depth > DEEPEST {
            return term.is_nothing();
        }
        let shapes = self.shapes(term);
        shapes.iter().all(|shape| self.shape_is_empty(shape, depth))
    }

    pub(super) fn shape_is_empty(&mut self, shape: &Shape<'c>, depth: usize) -> bool {
        self.afford(1) && shape.types.each().all(|one| self.has_none(one, shape, depth))
    }

    /// The same, in one type.
    pub(super) fn has_none(&mut self, one: Types, shape: &Shape<'c>, depth: usize) -> bool {
        if let Some(mut values) = shape.values_of(one) {
            return values.next().is_none();
        }
        match one {
            Types::INTEGER | Types::FRACTION => self.no_number(one, shape),
            Types::STRING => {
                shape.length.is_empty()
                    || !shape.formats.is_disjoint(&shape.non_formats)
                    || (says_of_text(shape) && self.languages.find(&wanted(shape)) == Found::Nothing)
                    || self.few(one, shape).is_some_and(|values| values.is_empty())
            }
            Types::ARRAY => {
                let count = shape.arrays.count;
                let first = usize::try_from(count.min).unwrap_or(usize::MAX).min(MOST_ITEMS);
                count.is_empty()
                    || (shape.arrays.repeats && (shape.arrays.unique || count.max.is_some_and(|max| max < 2)))
                    || (0..first).any(|index| self.is_empty(shape.arrays.at(index), depth + 1))
                    || shape.arrays.contains.iter().any(|rule| {
                        let prefix = shape.arrays.prefix.len().min(MOST_ITEMS);
                        rule.count.is_empty()
                            || count.max.is_some_and(|max| max < rule.count.min)
                            || (rule.count.min > 0
                                && shape.arrays.prefix.len() <= MOST_ITEMS
                                && (0..=prefix).all(|index| {
                                    self.terms_disjoint(shape.arrays.at(index), &rule.item, depth + 1)
                                }))
                    })
            }
            Types::OBJECT => {
                present(shape).is_empty()
                    || (shape.objects.count.min > shape.objects.named.len() as u64 && self.is_closed(shape))
                    || shape.objects.required.iter().any(|name| {
                        let term = shape.objects.member(name, &mut self.patterns).term();
                        self.is_empty(&term, depth + 1)
                            || (!shape.objects.names.is_anything()
                                && self.admits(&shape.objects.names, &json!(name)) == Answer::No)
                    })
            }
            Types::NULL => shape.barred.contains(&&Value::Null),
            _ => [true, false].iter().all(|value| shape.barred.contains(&&json!(value))),
        }
    }

    fn no_number(&mut self, one: Types, shape: &Shape<'c>) -> bool {
        if one == Types::FRACTION {
            let whole = |step: f64| step.fract() == 0.0;
            return crossed(shape.lower, shape.upper) || common_step(&shape.multiples).is_some_and(whole);
        }
        let (lower, upper) = (End::Lower.of_integers(shape.lower), End::Upper.of_integers(shape.upper));
        let step = Number::from(1);
        let own: Vec<&Number> = shape.multiples.iter().copied().chain([&step]).collect();
        crossed(lower, upper)
            || shape.non_multiples.iter().any(|wanted| steps_cover(&own, wanted) == Some(true))
            || ((!shape.barred.is_empty() || own.len() > 1 || !shape.non_multiples.is_empty())
                && self.few(one, shape).is_some_and(|values| values.is_empty()))
    }

    /// All values of a form, where there are only a few: there may be less.
    pub(super) fn few(&mut self, one: Types, shape: &Shape<'c>) -> Option<Vec<Value>> {
        let values: Vec<Value> = match one {
            _ if shape.values.is_some() => shape.values_of(one)?.cloned().collect(),
            Types::NULL => vec![Value::Null],
            Types::BOOLEAN => vec![false.into(), true.into()],
            Types::INTEGER => {
                let lower = End::Lower.of_integers(shape.lower)?;
                let upper = End::Upper.of_integers(shape.upper)?;
                let (Num::Int(first), Num::Int(last)) = (lower.at, upper.at) else { return None };
                if lower.exclusive || upper.exclusive || last.checked_sub(first)? >= MOST_INTEGERS {
                    return None;
                }
                (first..=last)
                    .map(|int| Some(Value::Number(Number::from_i128(int)?)))
                    .collect::<Option<_>>()?
            }
            Types::STRING if shape.length.max == Some(0) => vec!["".into()],
            Types::ARRAY if shape.arrays.count.max == Some(0) => vec![json!([])],
            Types::OBJECT if shape.objects.count.max == Some(0) => vec![json!({})],
            _ => return None,
        };
        Some(values.into_iter().filter(|value| self.shape_admits(shape, value) != Answer::No).collect())
    }

    /// Whether objects of this shape have no properties but those that it names.
    pub(super) fn is_closed(&mut self, shape: &Shape<'c>) -> bool {
        shape.objects.by_pattern.is_empty()
            && match &shape.objects.rest {
                Rest::Silent => false,
                Rest::Said(term) => self.is_empty(&term.clone(), 0),
            }
    }
}

fn says_of_text(shape: &Shape<'_>) -> bool {
    !(shape.patterns.is_empty() && shape.non_patterns.is_empty() && shape.formats.is_empty())
}

/// The texts of a form, and perhaps more: formats are looked at by their patterns alone.
pub(super) fn wanted<'c>(shape: &Shape<'c>) -> Wanted<'c> {
    let mut matching = shape.patterns.clone();
    matching.extend(shape.formats.iter().filter_map(|format| pattern_of(format)));
    Wanted { matching, failing: shape.non_patterns.clone(), min: shape.length.min, max: shape.length.max }
}
