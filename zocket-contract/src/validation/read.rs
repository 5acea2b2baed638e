//! Reading a value with its schema: what the schema never looks into is skipped, not kept.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::glance::Sight;
use super::program::{NodeId, Program};
use super::tree::{Member, Name, Node, Reader, Tree};

/// Reads a value for the schema of this number if only that schema looks into it; otherwise reads all of it.
#[derive(Clone, Copy)]
pub(super) struct Seed<'p> {
    program: &'p Program,
    schema: Option<NodeId>,
}

impl<'p> Seed<'p> {
    pub(super) fn of(program: &'p Program, schema: NodeId) -> Self {
        Self { program, schema: Some(schema) }
    }

    fn below(self, schema: Option<NodeId>) -> Self {
        Self { schema, ..self }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Tree<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree<'de>, D::Error> {
        deserializer.deserialize_any(self).map(Tree)
    }
}

/// Scalars are kept, whatever the schema.
impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Reader.expecting(f)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Node<'de>, E> {
        Reader.visit_unit()
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Node<'de>, E> {
        Reader.visit_bool(value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Node<'de>, E> {
        Reader.visit_u64(value)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Node<'de>, E> {
        Reader.visit_i64(value)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Node<'de>, E> {
        Reader.visit_f64(value)
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, value: &'de str) -> Result<Node<'de>, E> {
        Reader.visit_borrowed_str(value)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Node<'de>, E> {
        Reader.visit_str(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node<'de>, A::Error> {
        let Some(id) = self.schema else { return Reader.visit_seq(items) };
        let schema = &self.program.nodes[id];
        let rule = match schema.inside {
            _ if schema.glance.array == Sight::Fails => None,
            Some(inside) => self.program.nodes[inside].array.as_deref(),
            None => return Reader.visit_seq(items),
        };
        let mut all = Vec::new();
        let Some(rule) = rule else {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Node::Array(all));
        };
        loop {
            let item = match rule.prefix.get(all.len()).copied().or(rule.items) {
                _ if rule.unique => items.next_element()?,
                None => items.next_element::<IgnoredAny>()?.map(|_| Tree::default()),
                own => items.next_element_seed(self.below(own))?,
            };
            match item {
                Some(item) => all.push(item),
                None => return Ok(Node::Array(all)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node<'de>, A::Error> {
        let Some(id) = self.schema else { return Reader.visit_map(members) };
        let schema = &self.program.nodes[id];
        let rule = match schema.inside {
            _ if schema.glance.object == Sight::Fails => None,
            Some(inside) => self.program.nodes[inside].object.as_deref(),
            None => return Reader.visit_map(members),
        };
        let mut all = Vec::new();
        let Some(rule) = rule else {
            while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Node::Object(all));
        };
        while let Some(Name(name)) = members.next_key()? {
            let value = match rule.property(&name) {
                // Several schemas may look into it.
                _ if !rule.patterns.is_empty() => members.next_value()?,
                Some(index) => members.next_value_seed(self.below(Some(rule.properties[index].1)))?,
                None => match rule.additional {
                    Some(other) => members.next_value_seed(self.below(Some(other)))?,
                    None => members.next_value::<IgnoredAny>().map(|_| Tree::default())?,
                },
            };
            all.push(Member { name, value });
        }
        Ok(Node::Object(all))
    }
}
