//! Values that are equal in JSON Schema: 1 equals 1.0, and the order of properties is irrelevant.

use std::hash::{BuildHasher, Hash, Hasher};

use serde_json::Value;

use super::run::Run;
use super::tree::{Node, Tree};
use crate::number::Num;

/// Whether a value is the one that a schema names.
pub(super) fn equals(value: &Tree<'_>, named: &Value) -> bool {
    match (&value.0, named) {
        (Node::Null, Value::Null) => true,
        (Node::Bool(a), Value::Bool(b)) => a == b,
        (Node::Number(a), Value::Number(b)) => Num::of(a).cmp(Num::of(b)).is_eq(),
        (Node::Text(a), Value::String(b)) => a == b,
        (Node::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equals(a, b)),
        (Node::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|member| b.get(&*member.name).is_some_and(|other| equals(&member.value, other)))
        }
        _ => false,
    }
}

/// Whether two values are the same.
pub(super) fn same(a: &Tree<'_>, b: &Tree<'_>) -> bool {
    equals(a, &b.to_value())
}

impl Run<'_> {
    /// A hash that is the same for equal values.
    pub(super) fn hash(&mut self, value: &Tree<'_>) -> u64 {
        let key = std::ptr::from_ref(value).addr();
        let is_container = matches!(value.0, Node::Array(_) | Node::Object(_));
        if is_container && let Some(hash) = self.hashes.get(&key) {
            return *hash;
        }
        let mut hasher = self.hasher.build_hasher();
        match &value.0 {
            Node::Null => hasher.write_u8(0),
            Node::Bool(value) => hasher.write_u8(1 + u8::from(*value)),
            Node::Number(number) => match Num::of(number) {
                Num::Int(int) => (3_u8, int).hash(&mut hasher),
                Num::Float(float) => (4_u8, float.to_bits()).hash(&mut hasher),
            },
            Node::Text(text) => (5_u8, text).hash(&mut hasher),
            Node::Array(items) => {
                hasher.write_u8(6);
                for item in items {
                    hasher.write_u64(self.hash(item));
                }
            }
            Node::Object(members) => {
                // The same in any order.
                let mut all = 0_u64;
                for member in members {
                    let value = self.hash(&member.value);
                    all = all.wrapping_add(self.hasher.hash_one((&member.name, value)));
                }
                (7_u8, members.len(), all).hash(&mut hasher);
            }
        }
        let hash = hasher.finish();
        if is_container {
            self.hashes.insert(key, hash);
        }
        hash
    }
}
