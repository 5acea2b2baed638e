//! A value that shows a gap: one that `sub` takes and `sup` refuses, and that somebody sends.
//!
//! Values are drawn from the forms of what `sub` takes and `sup` does not, and held to both schemas by the validators that a
//! server has. So a value that is found is no guess; where none is found, nothing is said.

mod aim;
mod draw;
mod text;
mod world;

use serde_json::Value;

use aim::Aim;

use super::number::same_value;
use super::term::Term;
use super::types::Types;
use super::{Engine, SEARCH, World};
use crate::diff::gap::{Gap, What};
use crate::validation::Validator;

/// How many values are tried for one gap.
const MOST_VALUES: usize = 400;
/// The work of trying one.
const WORK: usize = 50;

/// A value that shows a gap.
#[derive(Clone, Debug)]
pub(in crate::diff) struct Witness {
    /// From the outermost value on.
    pub(in crate::diff) whole: Value,
    /// What of it is where the gap is. `None` where nothing is there, which is what is wrong.
    pub(in crate::diff) part: Option<Value>,
}

impl<'c> Engine<'c> {
    /// A value that shows a gap between two schemas.
    pub(in crate::diff) fn witness(
        &mut self,
        sub: &Term<'c>,
        sup: &Term<'c>,
        world: World,
        gap: &Gap,
    ) -> Option<Witness> {
        // What is sought takes nothing away from what is compared.
        let budget = self.budget;
        // One half to make values, one to try them.
        let half = SEARCH.min(self.search) / 2;
        self.budget = half;
        let candidates = self.candidates_for(sub, sup, gap);
        self.search -= half - self.budget;
        self.budget = half;
        let found = candidates
            .into_iter()
            .take(MOST_VALUES)
            .find(|candidate| self.shows(sub, sup, world, &candidate.whole));
        self.search -= half - self.budget;
        self.budget = budget;
        found
    }

    fn candidates_for(&mut self, sub: &Term<'c>, sup: &Term<'c>, gap: &Gap) -> Vec<Witness> {
        let steps = steps(gap);
        let within: Vec<&str> = gap.within.iter().map(String::as_str).collect();
        self.aimed(sub, sup, Aim { gap, steps: &steps, within: &within })
    }

    /// Whether a peer of `sub` may send a value, and `sup` refuses it.
    fn shows(&mut self, sub: &Term<'c>, sup: &Term<'c>, world: World, value: &Value) -> bool {
        if !self.afford(WORK) {
            return false;
        }
        let mut takes = |term: &Term<'c>| {
            if term.is_anything() { Some(true) } else { Some(self.validator(term)?.is_valid(value)) }
        };
        takes(sup) == Some(false)
            && takes(sub) == Some(true)
            && self.is_sent(std::slice::from_ref(sub), std::slice::from_ref(sup), world, value, 0)
    }
}

/// The way to the value that a gap is about. A property that may be missing is looked at from its object.
fn steps(gap: &Gap) -> Vec<String> {
    let steps = gap.path.split('/').skip(1);
    let mut steps: Vec<String> = steps.map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    if matches!(gap.what, What::Required { .. }) {
        steps.pop();
    }
    steps
}

/// Whether a value at the place of a gap has what the gap is about. `rule` is the gap's, where it has one.
fn is_about(gap: &Gap, rule: Option<&Validator>, value: &Value) -> bool {
    match &gap.what {
        What::Types { refused, .. } => refused.has(Types::of_value(value)),
        What::Values { refused, .. } => refused.iter().any(|other| same_value(other, value)),
        What::Listed { sup } => !sup.iter().any(|other| same_value(other, value)),
        What::Rule { .. } => rule.is_some_and(|rule| !rule.is_valid(value)),
        What::Required { .. } => {
            let name = gap.path.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
            value.as_object().is_some_and(|members| !members.contains_key(&name))
        }
        _ => true,
    }
}
