//! Comparing two schemas at one place of the contracts: what is lost and gained, and the values that show it.

use serde_json::Value;

use super::{Compare, Place};
use crate::diff::change::{Change, ChangedPart, Impact};
use crate::diff::docs;
use crate::diff::gap::{Gap, Weight, What};
use crate::diff::schema::{Term, Witness, World};
use crate::diff::words::{self, Way};
use crate::document::wire_text;

impl<'c> Compare<'c> {
    /// Both ways: what is lost is breaking, what is gained is not.
    pub(super) fn schemas(&mut self, place: &Place, way: Way, old: &'c Value, new: &'c Value) {
        let (before, now) = (Term::new(old, self.old), Term::new(new, self.new));
        let from = self.changes.len();
        if !self.same {
            let (lost, gained, world) = match way {
                Way::In => ((&before, &now), (&now, &before), World::Clients),
                Way::Out => ((&now, &before), (&before, &now), World::Servers),
            };
            self.lost(place, way, lost.0, lost.1, world);
            let told = self.changes.len();
            for gap in self.engine.gaps(gained.0, gained.1, world).iter() {
                // A sentence that is not shown to be true says less.
                let mut gap = gap.clone();
                if !gap.is_note() {
                    let witness = self.engine.witness(gained.0, gained.1, world, &gap);
                    gap = settled(gap, witness.as_ref());
                }
                self.gap(place, way, false, gap, None);
            }
            // A change that goes both ways was told already.
            let (first, second) = self.changes.split_at(told);
            let same = |told: &Change, again: &Change| {
                let kind = told.kind == again.kind || (told.is_breaking() && again.kind == "property");
                told.path == again.path && kind && told.within == again.within
            };
            let keep: Vec<bool> =
                second.iter().map(|change| !first[from..].iter().any(|other| same(other, change))).collect();
            let mut index = 0;
            self.changes.retain(|_| {
                let kept = index < told || keep[index - told];
                index += 1;
                kept
            });
        }
        let mut found = Vec::new();
        docs::compare((old, self.old), (new, self.new), &mut found);
        for note in found {
            let impact = if note.wire { Impact::Compatible } else { Impact::Documentation };
            let mut change = place.change(impact, note.kind, note.message);
            change.path = note.path;
            self.changes.push(change);
        }
    }

    /// Tells of schemas that are written otherwise and mean the same: the hash has changed. `from` is where the changes of this
    /// place begin.
    pub(super) fn otherwise(&mut self, place: &Place, way: Way, old: &'c Value, new: &'c Value, from: usize) {
        let told = self.changes[from..].iter().any(|change| change.impact != Impact::Documentation);
        if !self.same && !told && wire_text(old, self.old) != wire_text(new, self.new) {
            let message = match way {
                Way::In => "written otherwise: what clients may send is the same",
                Way::Out => "written otherwise: what clients may receive is the same",
            };
            self.tell(place, Impact::Compatible, "schema", message);
        }
    }

    /// What old clients lose. Nothing is told for certain but what a value shows.
    fn lost(&mut self, place: &Place, way: Way, sub: &Term<'c>, sup: &Term<'c>, world: World) {
        let gaps = self.engine.gaps(sub, sup, world);
        let mut shown = false;
        let mut told = Vec::new();
        for gap in gaps.iter() {
            let witness = if gap.is_note() { None } else { self.engine.witness(sub, sup, world, gap) };
            shown |= witness.is_some();
            told.push((settled(gap.clone(), witness.as_ref()), witness.map(|witness| witness.whole)));
        }
        if !shown && told.iter().any(|(gap, _)| !gap.is_note()) {
            // No gap alone shows it; perhaps they do together, or it lies elsewhere.
            let gap = Gap::new(What::Unfit);
            if let Some(witness) = self.engine.witness(sub, sup, world, &gap) {
                told.retain(|(gap, _)| gap.is_note());
                told.insert(0, (settled(gap, Some(&witness)), Some(witness.whole)));
            }
        }
        for (gap, whole) in told {
            self.gap(place, way, true, gap, whole);
        }
    }

    /// `lost` is whether old clients lose by it, `whole` the value that shows it.
    fn gap(&mut self, place: &Place, way: Way, lost: bool, mut gap: Gap, whole: Option<Value>) {
        if place.part == ChangedPart::Headers && gap.path.matches('/').count() == 1 {
            // Headers that a schema does not name are ignored, and it cannot forbid them.
            match gap.what {
                What::Closed => return,
                What::Forbidden { named: false } => {
                    gap = Gap { weight: Weight::Note, what: What::Unnamed, ..gap }
                }
                _ => {}
            }
        }
        let said = words::say(&gap, way, lost);
        let impact = if lost && !gap.is_note() { Impact::Breaking } else { Impact::Compatible };
        let mut change = place.change(impact, &said.kind, said.message);
        change.path = gap.path;
        change.within = gap.within;
        change.undecided = lost && gap.weight == Weight::Undecided;
        change.example = whole.filter(|_| change.is_breaking());
        change.help = said.help.map(str::to_owned);
        self.changes.push(change);
    }
}

/// A gap with the value that shows it. Without any, it is undecided.
fn settled(gap: Gap, witness: Option<&Witness>) -> Gap {
    let weight = match (gap.weight, witness) {
        (Weight::Note, _) => Weight::Note,
        (_, Some(_)) => Weight::Certain,
        (_, None) => Weight::Undecided,
    };
    Gap { weight, example: witness.and_then(|witness| witness.part.clone()), ..gap }
}
