//! Whether no value can have two forms at once, or a form at all. `false` where that is not known.

use super::Engine;
use super::admits::Answer;
use super::number::{End, crossed, same_value};
use super::objects::present;
use super::shape::{Rest, Shape};
use super::term::Term;
use super::types::Types;

/// How deep into the value differences are looked for: tags lie near the top.
const DEEPEST: usize = 3;
/// How many items of a tuple are looked at.
const MOST_ITEMS: usize = 16;

impl<'c> Engine<'c> {
    /// Whether no value of the shape is one of the term.
    pub(super) fn outside(&mut self, shape: &Shape<'c>, term: &Term<'c>, depth: usize) -> bool {
        let others = self.shapes(term);
        others.iter().all(|other| self.disjoint(shape, other, depth))
    }

    fn terms_disjoint(&mut self, a: &Term<'c>, b: &Term<'c>, depth: usize) -> bool {
        if a.is_nothing() || b.is_nothing() {
            return true;
        }
        if depth > DEEPEST || a.is_anything() || b.is_anything() {
            return false;
        }
        let shapes = self.shapes(a);
        shapes.iter().all(|shape| self.outside(shape, b, depth))
    }

    pub(super) fn disjoint(&mut self, a: &Shape<'c>, b: &Shape<'c>, depth: usize) -> bool {
        self.afford(1 + a.objects.required.len() + b.objects.required.len())
            && (a.types & b.types).each().all(|one| self.disjoint_as(one, a, b, depth))
    }

    fn disjoint_as(&mut self, one: Types, a: &Shape<'c>, b: &Shape<'c>, depth: usize) -> bool {
        match (&a.values, &b.values) {
            (Some(left), Some(right)) => {
                let of_type = |value: &&&_| Types::of_value(value) == one;
                if left.iter().filter(of_type).all(|a| !right.iter().any(|b| same_value(a, b))) {
                    return true;
                }
            }
            (Some(_), None) => return self.refuses_values(one, a, b),
            (None, Some(_)) => return self.refuses_values(one, b, a),
            (None, None) => {}
        }
        match one {
            Types::INTEGER => crossed(
                End::Lower.of_integers(End::Lower.narrower(a.lower, b.lower)),
                End::Upper.of_integers(End::Upper.narrower(a.upper, b.upper)),
            ),
            Types::FRACTION => {
                crossed(End::Lower.narrower(a.lower, b.lower), End::Upper.narrower(a.upper, b.upper))
            }
            Types::STRING => a.length.and(b.length).is_empty(),
            Types::ARRAY => {
                let count = a.arrays.count.and(b.arrays.count);
                let certain = usize::try_from(count.min).unwrap_or(usize::MAX).min(MOST_ITEMS);
                count.is_empty()
                    || (0..certain).any(|i| self.terms_disjoint(a.arrays.at(i), b.arrays.at(i), depth + 1))
            }
            Types::OBJECT => self.objects_disjoint(a, b, depth),
            _ => false,
        }
    }

    fn objects_disjoint(&mut self, a: &Shape<'c>, b: &Shape<'c>, depth: usize) -> bool {
        if present(a).and(present(b)).is_empty() {
            return true;
        }
        let certain = &a.objects.required | &b.objects.required;
        certain.into_iter().any(|name| {
            let own = a.objects.member(name, &mut self.patterns).term();
            let theirs = b.objects.member(name, &mut self.patterns).term();
            self.terms_disjoint(&own, &theirs, depth + 1)
        })
    }

    /// Whether `shape` refuses all the values of this type that `listed` lists.
    fn refuses_values(&mut self, one: Types, listed: &Shape<'c>, shape: &Shape<'c>) -> bool {
        let Some(values) = listed.values_of(one) else { return false };
        values.into_iter().all(|value| self.shape_admits(shape, value) == Answer::No)
    }

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
            Types::INTEGER => {
                crossed(End::Lower.of_integers(shape.lower), End::Upper.of_integers(shape.upper))
            }
            Types::FRACTION => crossed(shape.lower, shape.upper),
            Types::STRING => shape.length.is_empty(),
            Types::ARRAY => {
                let first = usize::try_from(shape.arrays.count.min).unwrap_or(usize::MAX).min(MOST_ITEMS);
                shape.arrays.count.is_empty()
                    || (0..first).any(|index| self.is_empty(shape.arrays.at(index), depth + 1))
            }
            Types::OBJECT => {
                present(shape).is_empty()
                    || shape.objects.required.iter().any(|name| {
                        let term = shape.objects.member(name, &mut self.patterns).term();
                        self.is_empty(&term, depth + 1)
                    })
            }
            _ => false,
        }
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
