//! Whether two schemas say the same in the same words, annotations and the names of definitions aside.
//!
//! What is alike needs no understanding: this is how rules are compared that nothing else here can decide.

use serde_json::Value;

use super::shape::Opaque;
use super::term::{Node, Term};
use super::{Address, Engine, is_annotation};
use crate::keywords::Holds;

/// How deep schemas are followed. Beyond, they are said to differ.
const DEEPEST: usize = 128;

impl<'c> Engine<'c> {
    /// Whether both are the same schemas in the same order.
    pub(super) fn terms_alike(&mut self, a: &Term<'c>, b: &Term<'c>) -> bool {
        let (a, b) = (a.nodes(), b.nodes());
        a == b || (a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.alike(*a, *b)))
    }

    pub(super) fn opaque_alike(&mut self, a: &Opaque<'c>, b: &Opaque<'c>) -> bool {
        !a.parts.is_empty()
            && a.keyword == b.keyword
            && a.parts.len() == b.parts.len()
            && a.parts.iter().zip(&b.parts).all(|(a, b)| a.0 == b.0 && self.keyword_alike(a.0, a.1, b.1))
    }

    fn keyword_alike(&mut self, keyword: &str, a: Node<'c>, b: Node<'c>) -> bool {
        // Without a keyword, it is the whole schema.
        if keyword.is_empty() { self.alike(a, b) } else { self.holds(keyword, a, b, &mut Vec::new(), 0) }
    }

    fn alike(&mut self, a: Node<'c>, b: Node<'c>) -> bool {
        let mut met = Vec::new();
        let alike = self.schemas(a, b, &mut met, 0);
        if alike {
            // Each was taken for granted where it was met again, and none of them failed.
            self.alike.extend(met);
        } else {
            self.unlike.insert((a.address(), b.address()));
        }
        alike
    }

    fn schemas(&mut self, a: Node<'c>, b: Node<'c>, met: &mut Vec<(Address, Address)>, depth: usize) -> bool {
        let pair = (a.address(), b.address());
        if a == b || self.alike.contains(&pair) || met.contains(&pair) {
            return true;
        }
        if depth > DEEPEST || met.len() > 4096 || self.unlike.contains(&pair) || !self.afford(1) {
            return false;
        }
        if a.negated != b.negated {
            return false;
        }
        let (Value::Object(left), Value::Object(right)) = (a.schema, b.schema) else {
            return a.schema == b.schema;
        };
        met.push(pair);
        let rules = |keywords: &'c serde_json::Map<String, Value>| {
            keywords.iter().filter(|(keyword, _)| !is_annotation(keyword))
        };
        rules(left).count() == rules(right).count()
            && rules(left).all(|(keyword, value)| {
                right.get(keyword).is_some_and(|other| {
                    let (a, b) = (Node { schema: value, ..a }, Node { schema: other, ..b });
                    self.holds(keyword, a, b, met, depth + 1)
                })
            })
    }

    /// Whether the values of one keyword are alike.
    fn holds(
        &mut self,
        keyword: &str,
        a: Node<'c>,
        b: Node<'c>,
        met: &mut Vec<(Address, Address)>,
        depth: usize,
    ) -> bool {
        match (Holds::of(keyword), a.schema, b.schema) {
            (Holds::Schema, schema, other) => self.schemas(a.child(schema), b.child(other), met, depth),
            (Holds::Schemas, Value::Array(left), Value::Array(right)) => {
                left.len() == right.len()
                    && left
                        .iter()
                        .zip(right)
                        .all(|(schema, other)| self.schemas(a.child(schema), b.child(other), met, depth))
            }
            (Holds::Members, Value::Object(left), Value::Object(right)) => {
                left.len() == right.len()
                    && left.iter().all(|(name, schema)| {
                        right
                            .get(name)
                            .is_some_and(|other| self.schemas(a.child(schema), b.child(other), met, depth))
                    })
            }
            (_, to, other) if keyword == "$ref" => match (a.target(to), b.target(other)) {
                (Some(to), Some(other)) => self.schemas(a.child(to), b.child(other), met, depth),
                _ => false,
            },
            (_, Value::Array(left), Value::Array(right))
                if matches!(keyword, "required" | "type" | "enum") =>
            {
                left.len() == right.len() && left.iter().all(|value| right.contains(value))
            }
            // Unknown keywords may well hold references, which mean something else elsewhere.
            (_, value, other) => value == other && !holds_reference(value, 0),
        }
    }
}

fn holds_reference(value: &Value, depth: usize) -> bool {
    match value {
        _ if depth > DEEPEST => true,
        Value::Object(members) => {
            members.contains_key("$ref") || members.values().any(|value| holds_reference(value, depth + 1))
        }
        Value::Array(items) => items.iter().any(|item| holds_reference(item, depth + 1)),
        _ => false,
    }
}
