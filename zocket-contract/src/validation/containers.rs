//! Arrays and objects.

use std::borrow::Cow;
use std::collections::HashSet;

use super::equal::same;
use super::program::{ArrayRule, ObjectRule};
use super::run::{Place, Run};
use super::tree::{Member, Node, Tree};
use super::words;

impl<'p> Run<'p> {
    pub(super) fn array(&mut self, rule: &'p ArrayRule, items: &[Tree<'_>], at: &Place<'_>) -> bool {
        let mut holds = true;
        let length = items.len() as u64;
        // Items beyond a tuple's end are one violation, not one each.
        let others = rule.items.filter(|id| !self.schema(*id).never);
        for (index, item) in items.iter().enumerate() {
            let Some(id) = rule.prefix.get(index).copied().or(others) else { break };
            if self.is_done(holds) {
                return holds;
            }
            holds &= self.visit(id, item, &at.index(index));
        }
        holds &= self.length(rule, length, at);
        if rule.unique && !self.is_done(holds) && !self.is_unique(items) {
            holds = self.note(at, "uniqueItems", || "must not hold the same item twice".into());
        }
        if let Some(contains) = &rule.contains {
            let mut found = 0;
            for (index, item) in items.iter().enumerate() {
                // Stops as soon as it is decided.
                if self.is_done(holds)
                    || found > contains.max
                    || (found >= contains.min && contains.max >= length)
                {
                    break;
                }
                found += u64::from(self.probe(contains.node, item, &at.index(index)));
            }
            if found < contains.min && !self.gave_up {
                holds = self.note(at, "contains", || "lacks an item that must be there".into());
            } else if found > contains.max && !self.gave_up {
                let most = contains.max;
                holds = self.note(at, "maxContains", || {
                    format!("has more than {most} of the items that may be there only so often")
                });
            }
        }
        holds
    }

    /// The number of items.
    pub(super) fn length(&mut self, rule: &ArrayRule, length: u64, at: &Place<'_>) -> bool {
        let mut holds = true;
        if length < rule.min_items {
            holds = self.note(at, "minItems", || words::count("at least", rule.min_items, "item", "s"));
        }
        let tuple = rule.prefix.len() as u64;
        if length > rule.max_items {
            holds = self.note(at, "maxItems", || words::count("at most", rule.max_items, "item", "s"));
        } else if length > tuple && rule.items.is_some_and(|id| self.schema(id).never) {
            holds = self.note(at, "items", || words::count("at most", tuple, "item", "s"));
        }
        holds
    }

    /// Whether all items are unique.
    fn is_unique(&mut self, items: &[Tree<'_>]) -> bool {
        let mut seen: HashSet<u64> = HashSet::with_capacity(items.len());
        for item in items {
            let hash = self.hash(item);
            if !seen.insert(hash) {
                // The hash has a new random key each time: two items with the same hash are equal, except in
                // one case in 2^64.
                let twins = items.iter().filter(|other| self.hash(other) == hash);
                let twins: Vec<&Tree<'_>> = twins.collect();
                return !matches!(twins[..], [a, b, ..] if same(a, b));
            }
        }
        true
    }

    pub(super) fn object(&mut self, rule: &'p ObjectRule, members: &[Member<'_>], at: &Place<'_>) -> bool {
        let mut holds = true;
        let mut seen = Seen::new(rule.properties.len());
        for member in members {
            if self.is_done(holds) {
                return holds;
            }
            holds &= self.member(rule, member, &mut seen, at);
        }
        holds &= self.required(rule, &seen, members, at);
        if rule.min_properties > 0 || rule.max_properties < u64::MAX {
            let names: HashSet<&str> = members.iter().map(|member| &*member.name).collect();
            let (count, min, max) = (names.len() as u64, rule.min_properties, rule.max_properties);
            if count < min {
                holds = self.note(at, "minProperties", || words::count("at least", min, "propert", "ies"));
            }
            if count > max {
                holds = self.note(at, "maxProperties", || words::count("at most", max, "propert", "ies"));
            }
        }
        for (name, needed) in &rule.dependent_required {
            for other in needed.iter().filter(|other| has(members, name) && !has(members, other)) {
                holds = self.note(at, "dependentRequired", || {
                    format!("the property `{other}` is required where `{name}` is given")
                });
            }
        }
        holds
    }

    /// The properties that must be there: those with a schema of their own by what was `seen`, others by the `members`.
    pub(super) fn required(
        &mut self,
        rule: &ObjectRule,
        seen: &Seen,
        members: &[Member<'_>],
        at: &Place<'_>,
    ) -> bool {
        if let Some(missing) = seen.missing(rule) {
            if missing == 0 {
                return true;
            }
            if self.counts_only() {
                self.count_more(u64::from(missing.count_ones()));
                return false;
            }
        }
        let mut holds = true;
        for required in &rule.required {
            let is_there = match required.property {
                Some(index) => seen.has(index),
                None => has(members, &required.name),
            };
            if !is_there {
                let name = &required.name;
                holds = self.note(at, "required", || format!("the property `{name}` is required"));
            }
        }
        holds
    }

    /// An unknown property.
    pub(super) fn unknown(&mut self, here: &Place<'_>) -> bool {
        self.spend(1);
        self.note(here, "additionalProperties", || "is not a known property".into())
    }

    pub(super) fn member(
        &mut self,
        rule: &'p ObjectRule,
        member: &Member<'_>,
        seen: &mut Seen,
        at: &Place<'_>,
    ) -> bool {
        let Member { name, value } = member;
        let here = at.name(name);
        let mut holds = true;
        let mut known = false;
        if let Some(index) = rule.property(name) {
            known = true;
            if !seen.insert(index) {
                self.note_repeated(at, name);
            }
            holds &= self.visit(rule.properties[index].1, value, &here);
        }
        for (pattern, id) in &rule.patterns {
            if pattern.matches(name) && !self.is_done(holds) {
                known = true;
                holds &= self.visit(*id, value, &here);
            }
        }
        if let (false, Some(id)) = (known, rule.additional) {
            holds &= if self.schema(id).never { self.unknown(&here) } else { self.visit(id, value, &here) };
        }
        if let Some(id) = rule.names
            && !self.is_done(holds)
        {
            let as_value = Tree(Node::Text(Cow::Borrowed(name)));
            if !self.probe(id, &as_value, &here) {
                holds = self.note(&here, "propertyNames", || "is not an allowed property name".into());
            }
        }
        holds
    }
}

pub(super) fn has(members: &[Member<'_>], name: &str) -> bool {
    members.iter().any(|member| member.name == name)
}

/// Which properties have been met.
pub(super) struct Seen {
    few: u128,
    many: Vec<bool>,
}

impl Seen {
    pub(super) fn new(count: usize) -> Self {
        Self { few: 0, many: if count > 128 { vec![false; count] } else { Vec::new() } }
    }

    /// The required properties that are missing, as bits, if that is known without a search.
    fn missing(&self, rule: &ObjectRule) -> Option<u128> {
        Some(rule.required_bits? & !self.few)
    }

    /// Whether it is new.
    pub(super) fn insert(&mut self, index: usize) -> bool {
        let fresh = !self.has(index);
        match self.many.get_mut(index) {
            Some(seen) => *seen = true,
            None => self.few |= 1 << index,
        }
        fresh
    }

    fn has(&self, index: usize) -> bool {
        self.many.get(index).copied().unwrap_or_else(|| self.few >> index & 1 == 1)
    }
}
