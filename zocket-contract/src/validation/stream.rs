//! Explaining what is wrong with a value while it is read.
//!
//! A message of 60 KB may consist of 30,000 wrong items, or of as many nested lists where a number should be. Storing them
//! all before looking at the first would cost more than everything else. So if only one schema looks into an array or
//! object, its items are checked one by one as they are read, and nothing is stored; what no schema looks into is skipped.
//! Only if several schemas look into the same value, it is [read completely](Seed).

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::containers::Seen;
use super::glance::{Glance, Sight};
use super::program::{ArrayRule, NodeId, ObjectRule};
use super::read::Seed;
use super::run::{Place, Run};
use super::tree::{Member, Name, Node, Reader, Tree};

/// Checks a value against a schema while it is read.
pub(super) struct Stream<'r, 'p> {
    run: &'r mut Run<'p>,
    schema: NodeId,
    at: Place<'r>,
}

impl<'r, 'p> Stream<'r, 'p> {
    pub(super) fn root(run: &'r mut Run<'p>) -> Self {
        Self { run, schema: 0, at: Place::ROOT }
    }

    fn whole(self, value: &Tree<'_>) {
        self.run.met(value.size());
        self.run.visit(self.schema, value, &self.at);
        // The next value may have the same address.
        self.run.hashes.clear();
    }

    fn glance(&self) -> &'p Glance {
        &self.run.schema(self.schema).glance
    }

    /// A value of the wrong type, whatever it contains.
    fn refused<E>(self, empty: Node<'_>) -> Result<(), E> {
        if self.run.sees(Sight::Fails) {
            return Ok(());
        }
        self.scalar(Ok(empty))
    }

    fn scalar<E>(self, node: Result<Node<'_>, E>) -> Result<(), E> {
        self.run.met(1);
        self.run.visit(self.schema, &Tree(node?), &self.at);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Stream<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.run.gave_up {
            return deserializer.deserialize_ignored_any(IgnoredAny).map(drop);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Stream<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Reader.expecting(f)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        if self.run.sees(self.glance().null) {
            return Ok(());
        }
        self.scalar(Reader.visit_unit())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        if self.run.sees(self.glance().boolean) {
            return Ok(());
        }
        self.scalar(Reader.visit_bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => self.scalar(Reader.visit_u64(value)),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        if self.run.sees(self.glance().integer(value)) {
            return Ok(());
        }
        self.scalar(Reader.visit_i64(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        if value.is_finite() && self.run.sees(self.glance().number) {
            return Ok(());
        }
        self.scalar(Reader.visit_f64(value))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<(), E> {
        self.visit_str(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        let schema = self.run.schema(self.schema);
        let sight = match &schema.listed {
            Some(listed) if schema.glance.only_listed => {
                if listed.has_text(value) {
                    Sight::Holds
                } else {
                    Sight::Fails
                }
            }
            _ => schema.glance.text,
        };
        if self.run.sees(sight) {
            return Ok(());
        }
        self.scalar(Reader.visit_borrowed_str(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let schema = self.run.schema(self.schema);
        if schema.glance.array == Sight::Fails {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return self.refused(Node::Array(Vec::new()));
        }
        match schema.inside.map(|inside| self.run.schema(inside).array.as_deref()) {
            Some(None) => {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(())
            }
            Some(Some(rule)) if !rule.unique => self.items(rule, items),
            _ => {
                let seed = Seed::of(self.run.program, self.schema);
                let node = seed.visit_seq(items)?;
                self.whole(&Tree(node));
                Ok(())
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let schema = self.run.schema(self.schema);
        if schema.glance.object == Sight::Fails {
            while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return self.refused(Node::Object(Vec::new()));
        }
        match schema.inside.map(|inside| self.run.schema(inside).object.as_deref()) {
            Some(None) => {
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(())
            }
            Some(Some(rule)) if rule.takes_members_one_by_one => self.members(rule, members),
            _ => {
                let seed = Seed::of(self.run.program, self.schema);
                let node = seed.visit_map(members)?;
                self.whole(&Tree(node));
                Ok(())
            }
        }
    }
}

impl<'p> Stream<'_, 'p> {
    fn items<'de, A: SeqAccess<'de>>(self, rule: &'p ArrayRule, mut items: A) -> Result<(), A::Error> {
        self.run.met(1);
        let others = rule.items.filter(|id| !self.run.schema(*id).never);
        let mut length = 0;
        loop {
            let next = match rule.prefix.get(length).copied().or(others).filter(|_| !self.run.gave_up) {
                Some(schema) => {
                    let at = self.at.index(length);
                    items.next_element_seed(Stream { run: &mut *self.run, schema, at })?.is_some()
                }
                None => items.next_element::<IgnoredAny>()?.is_some(),
            };
            if !next {
                break;
            }
            length += 1;
        }
        self.run.length(rule, length as u64, &self.at);
        Ok(())
    }

    fn members<'de, A: MapAccess<'de>>(self, rule: &'p ObjectRule, mut members: A) -> Result<(), A::Error> {
        self.run.met(1);
        let mut seen = Seen::new(rule.properties.len());
        while let Some(Name(name)) = members.next_key()? {
            if self.run.gave_up {
                members.next_value::<IgnoredAny>()?;
                continue;
            }
            if !rule.patterns.is_empty() {
                let member = Member { name, value: members.next_value()? };
                self.run.met(member.value.size());
                self.run.member(rule, &member, &mut seen, &self.at);
                self.run.hashes.clear();
                continue;
            }
            let index = rule.property(&name);
            if index.is_some_and(|index| !seen.insert(index)) {
                self.run.note_repeated(&self.at, &name);
            }
            let at = self.at.name(&name);
            match index.map(|index| rule.properties[index].1).or(rule.additional) {
                Some(id) if index.is_none() && self.run.schema(id).never => {
                    members.next_value::<IgnoredAny>()?;
                    self.run.met(1);
                    self.run.unknown(&at);
                }
                Some(schema) => members.next_value_seed(Stream { run: &mut *self.run, schema, at })?,
                None => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        self.run.required(rule, &seen, &[], &self.at);
        Ok(())
    }
}
