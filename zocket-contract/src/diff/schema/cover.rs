//! Whether several forms together take in what none of them does alone: what one of them takes is cut off, and the rest is
//! held to the others.

use super::admits::Answer;
use super::negate::{beyond, without_property};
use super::number::Bound;
use super::number::End;
use super::shape::{Member, Shape, Span};
use super::term::Term;
use super::types::Types;
use super::{Engine, World};

/// How many cuts are made, one in what the other has left.
const DEEPEST: usize = 6;
/// How many pieces are looked at.
const MOST_PIECES: usize = 160;

/// What forms are sought in.
struct Cover<'s, 'c> {
    one: Types,
    siblings: &'s [Shape<'c>],
    world: World,
    left: usize,
}

impl<'c> Engine<'c> {
    /// Whether all values of a form, in one type, are of a term. `siblings` are the forms of the union that it is of.
    pub(super) fn covers(
        &mut self,
        one: Types,
        shape: &Shape<'c>,
        siblings: &[Shape<'c>],
        sup: &Term<'c>,
        world: World,
    ) -> bool {
        let narrowed = Shape { types: one, ..shape.clone() };
        if let Some(values) = self.few(one, &narrowed) {
            return values.iter().all(|value| self.admits(sup, value) == Answer::Yes);
        }
        let theirs = self.shapes(sup);
        let theirs: Vec<&Shape<'c>> = theirs.iter().filter(|other| other.types.has(one)).collect();
        let mut cover = Cover { one, siblings, world, left: MOST_PIECES };
        self.piece_is_covered(&mut cover, &narrowed, &theirs, 0)
    }

    fn piece_is_covered(
        &mut self,
        cover: &mut Cover<'_, 'c>,
        piece: &Shape<'c>,
        theirs: &[&Shape<'c>],
        depth: usize,
    ) -> bool {
        let one = cover.one;
        if self.has_none(one, piece, 0) {
            return true;
        }
        if cover.left == 0 || !self.afford(piece.size()) {
            return false;
        }
        cover.left -= 1;
        let near: Vec<&Shape<'c>> =
            theirs.iter().copied().filter(|other| !self.disjoint(piece, other, 0)).collect();
        if near.iter().any(|other| self.fits(cover, piece, other)) {
            return true;
        }
        if depth == DEEPEST || near.is_empty() {
            return false;
        }
        for (index, other) in near.iter().enumerate() {
            let (inside, pieces) = self.cut(one, piece, other);
            if pieces.is_empty() || !(self.has_none(one, &inside, 0) || self.fits(cover, &inside, other)) {
                continue;
            }
            let mut rest = near.clone();
            rest.remove(index);
            if pieces.iter().all(|piece| self.piece_is_covered(cover, piece, &rest, depth + 1)) {
                return true;
            }
        }
        false
    }

    fn fits(&mut self, cover: &Cover<'_, 'c>, piece: &Shape<'c>, other: &Shape<'c>) -> bool {
        let sender = (cover.one == Types::OBJECT).then(|| self.sender(piece, cover.siblings, cover.world));
        self.fit(cover.one, piece, sender.as_ref(), other, cover.world).iter().all(|gap| gap.is_note())
    }

    /// Cuts a form along the rules of another one: what keeps all of them, as far as they can be cut along, and the pieces
    /// that break one. Together they are the whole form.
    fn cut(&mut self, one: Types, shape: &Shape<'c>, other: &Shape<'c>) -> (Shape<'c>, Vec<Shape<'c>>) {
        let mut cut = Cut { inside: shape.clone(), pieces: Vec::new() };
        if let Some(values) = &other.values {
            // What is no list any more is not one of these.
            if shape.values.is_none() {
                cut.along(
                    |inside| inside.values = Some(values.clone()),
                    |piece| piece.barred.extend(values.iter().copied()),
                );
            }
            return (cut.inside, cut.pieces);
        }
        match one {
            Types::INTEGER | Types::FRACTION => cut.number(other),
            Types::STRING => cut.text(other),
            Types::ARRAY => cut.array(other),
            Types::OBJECT => self.cut_object(&mut cut, other),
            _ => {}
        }
        for value in &other.barred {
            if !cut.inside.barred.contains(value) && cut.inside.values.is_none() {
                cut.along(|inside| inside.barred.push(value), |piece| piece.values = Some(vec![value]));
            }
        }
        (cut.inside, cut.pieces)
    }

    fn cut_object(&mut self, cut: &mut Cut<'c>, other: &Shape<'c>) {
        for name in &other.objects.required {
            if !cut.inside.objects.required.contains(name) {
                let without = without_property(name);
                let piece = cut.inside.and(&without, &mut self.patterns);
                cut.pieces.push(piece);
                cut.inside.objects.required.insert(name);
            }
        }
        cut.span(
            other.objects.count,
            |shape| shape.objects.count,
            |shape, count| shape.objects.count = count,
        );
        for (name, wanted) in &other.objects.named {
            let own = match cut.inside.objects.member(name, &mut self.patterns) {
                Member::Said(own) => own,
                Member::Silent => Term::anything(),
            };
            if wanted.is_anything() || self.terms_alike(&own, wanted) {
                continue;
            }
            for inverse in wanted.inverses() {
                let mut piece = cut.inside.clone();
                piece.objects.required.insert(name);
                piece.objects.named.insert(name, own.clone().and(&inverse));
                cut.pieces.push(piece);
            }
            cut.inside.objects.named.insert(name, own.and(wanted));
        }
    }
}

struct Cut<'c> {
    inside: Shape<'c>,
    pieces: Vec<Shape<'c>>,
}

impl<'c> Cut<'c> {
    /// Both sides of one rule.
    fn along(&mut self, keep: impl FnOnce(&mut Shape<'c>), break_it: impl FnOnce(&mut Shape<'c>)) {
        let mut piece = self.inside.clone();
        break_it(&mut piece);
        self.pieces.push(piece);
        keep(&mut self.inside);
    }

    fn number(&mut self, other: &Shape<'c>) {
        let narrow = |end: End, own: Option<Bound>, bound: Bound| end.narrower(own, Some(bound));
        if let Some(bound) = other.lower {
            self.along(
                |inside| inside.lower = narrow(End::Lower, inside.lower, bound),
                |piece| piece.upper = narrow(End::Upper, piece.upper, beyond(bound)),
            );
        }
        if let Some(bound) = other.upper {
            self.along(
                |inside| inside.upper = narrow(End::Upper, inside.upper, bound),
                |piece| piece.lower = narrow(End::Lower, piece.lower, beyond(bound)),
            );
        }
        for step in &other.multiples {
            self.along(|inside| inside.multiples.push(step), |piece| piece.non_multiples.push(step));
        }
        for step in &other.non_multiples {
            self.along(|inside| inside.non_multiples.push(step), |piece| piece.multiples.push(step));
        }
    }

    fn text(&mut self, other: &Shape<'c>) {
        self.span(other.length, |shape| shape.length, |shape, length| shape.length = length);
        for pattern in &other.patterns {
            self.along(
                |inside| inside.patterns.extend([pattern]),
                |piece| piece.non_patterns.extend([pattern]),
            );
        }
        for pattern in &other.non_patterns {
            self.along(
                |inside| inside.non_patterns.extend([pattern]),
                |piece| piece.patterns.extend([pattern]),
            );
        }
        for format in &other.formats {
            self.along(|inside| inside.formats.extend([format]), |piece| piece.non_formats.extend([format]));
        }
        for format in &other.non_formats {
            self.along(|inside| inside.non_formats.extend([format]), |piece| piece.formats.extend([format]));
        }
    }

    fn array(&mut self, other: &Shape<'c>) {
        self.span(other.arrays.count, |shape| shape.arrays.count, |shape, count| shape.arrays.count = count);
        for (index, wanted) in
            other.arrays.prefix.iter().enumerate().filter(|(_, wanted)| !wanted.is_anything())
        {
            for inverse in wanted.inverses() {
                let mut piece = self.inside.clone();
                let least = Span { min: index as u64 + 1, max: None };
                piece.arrays.count = piece.arrays.count.and(least);
                constrain(&mut piece, index, &inverse);
                self.pieces.push(piece);
            }
            constrain(&mut self.inside, index, wanted);
        }
        if other.arrays.unique && !self.inside.arrays.unique {
            self.along(|inside| inside.arrays.unique = true, |piece| piece.arrays.repeats = true);
        }
        if other.arrays.repeats && !self.inside.arrays.repeats {
            self.along(|inside| inside.arrays.repeats = true, |piece| piece.arrays.unique = true);
        }
        for rule in &other.arrays.contains {
            for (is, limit) in [(true, rule.count.min.checked_sub(1)), (false, rule.count.max)] {
                let Some(limit) = limit else { continue };
                let less = Span { min: 0, max: Some(limit) };
                let more = Span { min: limit.saturating_add(1), max: None };
                let of = |count| super::shape::Contains { item: rule.item.clone(), count };
                let (keeps, breaks) = if is { (of(more), of(less)) } else { (of(less), of(more)) };
                self.along(
                    |inside| inside.arrays.contains.push(keeps),
                    |piece| piece.arrays.contains.push(breaks),
                );
            }
        }
    }

    /// Both sides of both ends of a count.
    fn span(&mut self, wanted: Span, get: impl Fn(&Shape<'c>) -> Span, set: impl Fn(&mut Shape<'c>, Span)) {
        let keep = |shape: &mut Shape<'c>, span: Span| set(shape, get(shape).and(span));
        if let Some(less) = wanted.min.checked_sub(1) {
            self.along(
                |inside| keep(inside, Span { min: wanted.min, max: None }),
                |piece| keep(piece, Span { min: 0, max: Some(less) }),
            );
        }
        if let Some(max) = wanted.max {
            self.along(
                |inside| keep(inside, Span { min: 0, max: Some(max) }),
                |piece| keep(piece, Span { min: max.saturating_add(1), max: None }),
            );
        }
    }
}

/// Holds the item at an index to one more term.
fn constrain<'c>(shape: &mut Shape<'c>, index: usize, term: &Term<'c>) {
    while shape.arrays.prefix.len() <= index {
        shape.arrays.prefix.push(shape.arrays.rest.clone());
    }
    shape.arrays.prefix[index] = shape.arrays.prefix[index].clone().and(term);
}
