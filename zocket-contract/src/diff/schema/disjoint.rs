//! Whether no value can have two forms at once. `false` where that is not known.

use super::Engine;
use super::admits::Answer;
use super::emptiness::MOST_ITEMS;
use super::number::same_value;
use super::objects::present;
use super::shape::Shape;
use super::term::Term;
use super::types::Types;

/// How deep into the value differences are looked for: tags lie near the top.
pub(super) const DEEPEST: usize = 3;

impl<'c> Engine<'c> {
    /// Whether no value of the shape is one of the term.
    pub(super) fn outside(&mut self, shape: &Shape<'c>, term: &Term<'c>, depth: usize) -> bool {
        let others = self.shapes(term);
        others.iter().all(|other| self.disjoint(shape, other, depth))
    }

    pub(super) fn terms_disjoint(&mut self, a: &Term<'c>, b: &Term<'c>, depth: usize) -> bool {
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
            Types::INTEGER | Types::FRACTION | Types::STRING => {
                let both = scalars(a).and(&scalars(b), &mut self.patterns);
                self.has_none(one, &both, depth)
            }
            Types::ARRAY => {
                let count = a.arrays.count.and(b.arrays.count);
                let certain = usize::try_from(count.min).unwrap_or(usize::MAX).min(MOST_ITEMS);
                count.is_empty()
                    || (a.arrays.unique && b.arrays.repeats)
                    || (a.arrays.repeats && b.arrays.unique)
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
}

/// The rules for numbers and text alone.
fn scalars<'c>(shape: &Shape<'c>) -> Shape<'c> {
    Shape {
        barred: shape.barred.clone(),
        lower: shape.lower,
        upper: shape.upper,
        multiples: shape.multiples.clone(),
        non_multiples: shape.non_multiples.clone(),
        length: shape.length,
        patterns: shape.patterns.clone(),
        non_patterns: shape.non_patterns.clone(),
        formats: shape.formats.clone(),
        non_formats: shape.non_formats.clone(),
        ..Shape::default()
    }
}
