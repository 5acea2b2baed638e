//! What a schema says of a value at first sight.
//!
//! A message of 60 KB may be 30,000 scalars that are all wrong. About most of them a schema decides by their type alone, which
//! needs neither a [`Tree`](super::tree::Tree) nor a walk.

use super::program::{Limit, Node};
use super::types::Types;
use crate::number::Num;

/// What is known without a further look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Sight {
    Holds,
    /// Exactly one rule is violated.
    Fails,
    #[default]
    Unclear,
}

/// What is known of each kind of value.
#[derive(Debug, Default)]
pub(super) struct Glance {
    pub(super) null: Sight,
    pub(super) boolean: Sight,
    /// A number that is not read as an integer.
    pub(super) number: Sight,
    pub(super) text: Sight,
    pub(super) array: Sight,
    pub(super) object: Sight,
    /// Texts violate no rule but that they must be listed.
    pub(super) only_listed: bool,
    /// Integers within these bounds are valid.
    sure: Option<(i64, i64)>,
    /// What is known of the others.
    beyond: Sight,
}

impl Glance {
    /// Needs the node's head.
    pub(super) fn of(node: &Node) -> Self {
        // As a visit takes them.
        let types = if node.head.is_empty() { node.types } else { Some(node.head) };
        let admits = |kind: fn(Types) -> bool| !node.never && types.is_none_or(kind);
        let sight = |admitted: bool, has_rules: bool| match admitted {
            false => Sight::Fails,
            true if node.is_simple && !has_rules => Sight::Holds,
            true => Sight::Unclear,
        };
        let integers = admits(Types::admits_integers);
        let sure = if node.is_simple && integers { sure(node) } else { None };
        let text = sight(admits(Types::admits_texts), node.string.is_some());
        Self {
            null: sight(admits(Types::admits_null), false),
            boolean: sight(admits(Types::admits_booleans), false),
            number: match admits(Types::admits_numbers) {
                // It may be an integer all the same.
                false if integers => Sight::Unclear,
                admitted => sight(admitted, node.number.is_some()),
            },
            text,
            array: sight(admits(Types::admits_arrays), true),
            object: sight(admits(Types::admits_objects), true),
            only_listed: text == Sight::Unclear
                && node.listed.is_some()
                && node.string.is_none()
                && node.stands_alone(),
            sure,
            beyond: if !integers || sure.is_some() { Sight::Fails } else { Sight::Unclear },
        }
    }

    pub(super) fn integer(&self, integer: i64) -> Sight {
        match self.sure {
            Some((least, most)) if least <= integer && integer <= most => Sight::Holds,
            _ => self.beyond,
        }
    }
}

/// The integers that a node accepts, if there are some, and each other one violates one rule only.
fn sure(node: &Node) -> Option<(i64, i64)> {
    let Some(rule) = &node.number else { return Some((i64::MIN, i64::MAX)) };
    if rule.multiple_of.is_some() || rule.exclusive_minimum.is_some() || rule.exclusive_maximum.is_some() {
        return None;
    }
    let end = |limit: &Option<Limit>, far: i64| match limit.as_ref().map(|limit| limit.at) {
        None => Some(far),
        Some(Num::Int(int)) => {
            i64::try_from(int).ok().or((int.signum() == far.signum().into()).then_some(far))
        }
        Some(Num::Float(_)) => None,
    };
    let ends = end(&rule.minimum, i64::MIN).zip(end(&rule.maximum, i64::MAX));
    ends.filter(|(least, most)| least <= most)
}
