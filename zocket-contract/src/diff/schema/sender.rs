//! The objects that somebody sends who only knows his own contract.

use std::collections::BTreeSet;

use super::shape::{Member, Rest, Shape};
use super::term::Term;
use super::types::Types;
use super::{Engine, World};

/// The objects of one form of a union.
pub(super) struct Sender<'s, 'c> {
    pub(super) shape: &'s Shape<'c>,
    pub(super) world: World,
    /// The world as it is for properties that the form is silent on.
    silence: World,
    /// The other forms that a value may have as well, where that matters.
    siblings: Vec<&'s Shape<'c>>,
    /// The names of properties that are spoken of.
    pub(super) names: BTreeSet<&'c str>,
    /// Where properties come from that are not named: patterns, and what is left.
    pub(super) sources: Vec<(Option<&'c str>, Term<'c>)>,
}

impl Sender<'_, '_> {
    /// Whether there are no properties but those that are named, without the schema saying so.
    pub(super) fn is_silent(&self) -> bool {
        self.silence == World::Servers && matches!(self.shape.objects.rest, Rest::Silent)
    }
}

impl<'c> Engine<'c> {
    /// `siblings` are all forms of the union.
    pub(super) fn sender<'s>(
        &mut self,
        shape: &'s Shape<'c>,
        siblings: &'s [Shape<'c>],
        world: World,
    ) -> Sender<'s, 'c> {
        // A condition may speak of properties that are not seen here.
        let conditional = shape.opaque.iter().any(|rule| rule.types.has(Types::OBJECT));
        let silence = if conditional { World::Any } else { world };
        let siblings = self.overlapping(shape, siblings, silence);
        let foreign = siblings.iter().flat_map(|sibling| sibling.objects.named.keys());
        let names = shape.objects.named.keys().chain(foreign).copied().collect();
        let mut sources = self.sources(shape, silence);
        for sibling in &siblings {
            for source in self.sources(sibling, World::Servers) {
                if !sources.contains(&source) {
                    sources.push(source);
                }
            }
        }
        Sender { shape, world, silence, siblings, names, sources }
    }

    /// The other forms of the union that a value may have as well, and then the properties that they name, where the form
    /// itself is silent on what it does not name.
    fn overlapping<'s>(
        &mut self,
        shape: &Shape<'c>,
        siblings: &'s [Shape<'c>],
        silence: World,
    ) -> Vec<&'s Shape<'c>> {
        if silence == World::Any || matches!(shape.objects.rest, Rest::Said(_)) {
            return Vec::new();
        }
        let others = siblings.iter().filter(|sibling| !std::ptr::eq(*sibling, shape));
        others.filter(|other| other.types.has(Types::OBJECT) && !self.disjoint(shape, other, 0)).collect()
    }

    fn sources(&mut self, shape: &Shape<'c>, silence: World) -> Vec<(Option<&'c str>, Term<'c>)> {
        let rest = match (&shape.objects.rest, silence) {
            (Rest::Silent, World::Servers) => None,
            (rest, _) => Some((None, rest.term())),
        };
        let by_pattern = shape.objects.by_pattern.iter();
        let all = by_pattern.map(|(pattern, term)| (Some(*pattern), term.clone())).chain(rest);
        all.filter(|(_, term)| !self.is_empty(term, 0)).collect()
    }

    /// What a property of this name may be: one of these.
    pub(super) fn possible(&mut self, sender: &Sender<'_, 'c>, name: &str) -> Vec<Term<'c>> {
        match (sender.shape.objects.member(name, &mut self.patterns), sender.silence) {
            (Member::Said(term), _) => vec![term],
            (Member::Silent, World::Any) => vec![Term::anything()],
            (Member::Silent, World::Servers | World::Clients) => {
                let mut terms = Vec::new();
                for sibling in &sender.siblings {
                    if let Member::Said(term) = sibling.objects.member(name, &mut self.patterns)
                        && !terms.contains(&term)
                    {
                        terms.push(term);
                    }
                }
                terms
            }
        }
    }
}
