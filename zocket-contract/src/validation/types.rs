//! Sets of JSON types.

use serde_json::Value;

use super::tree::{Node, Tree};
use crate::number::Num;

/// A set of JSON types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Types(u8);

/// In the order in which they are named.
const NAMES: [(Types, &str, &str); 7] = [
    (Types(1), "boolean", "a boolean"),
    (Types::INTEGER, "integer", "an integer"),
    (Types::NUMBER, "number", "a number"),
    (Types(8), "string", "a string"),
    (Types(16), "array", "an array"),
    (Types(32), "object", "an object"),
    (Types(64), "null", "null"),
];

impl Default for Types {
    fn default() -> Self {
        Self::ALL
    }
}

impl Types {
    pub(super) const NONE: Self = Self(0);
    pub(super) const ALL: Self = Self(127);
    const INTEGER: Self = Self(2);
    /// Any number, integers included.
    const NUMBER: Self = Self(2 | 4);

    /// The types that `type` names; unknown names are ignored.
    pub(super) fn of(said: &Value) -> Self {
        let named = |name: &Value| {
            NAMES.iter().find(|(_, own, _)| name == *own).map_or(Self(0), |(types, _, _)| *types)
        };
        match said {
            Value::Array(names) => names.iter().fold(Self(0), |all, name| all.or(named(name))),
            name => named(name),
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    fn has(self, types: Self) -> bool {
        self.0 & types.0 == types.0
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self::NONE
    }

    pub(super) fn admits_integers(self) -> bool {
        self.has(Self::INTEGER)
    }

    pub(super) fn admits_arrays(self) -> bool {
        self.has(Self(16))
    }

    pub(super) fn admits_objects(self) -> bool {
        self.has(Self(32))
    }

    pub(super) fn admits_numbers(self) -> bool {
        self.has(Self::NUMBER)
    }

    pub(super) fn admits_texts(self) -> bool {
        self.has(Self(8))
    }

    pub(super) fn admits_booleans(self) -> bool {
        self.has(Self(1))
    }

    pub(super) fn admits_null(self) -> bool {
        self.has(Self(64))
    }

    pub(super) fn admits(self, value: &Tree<'_>) -> bool {
        match &value.0 {
            Node::Bool(_) => self.has(Self(1)),
            Node::Number(number) => {
                self.has(Self::NUMBER) || (self.has(Self::INTEGER) && Num::of(number).is_integer())
            }
            Node::Text(_) => self.has(Self(8)),
            Node::Array(_) => self.has(Self(16)),
            Node::Object(_) => self.has(Self(32)),
            Node::Null => self.has(Self(64)),
        }
    }

    /// `an integer or null`.
    pub(super) fn in_words(self) -> String {
        let named = NAMES
            .iter()
            .filter(|(types, _, _)| self.has(*types) && !(*types == Self::INTEGER && self.has(Self::NUMBER)));
        let names: Vec<&str> = named.map(|(_, _, with_article)| *with_article).collect();
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => "nothing".to_owned(),
        }
    }
}

/// The type of a value.
pub(super) fn kind(value: &Tree<'_>) -> &'static str {
    match &value.0 {
        Node::Null => "null",
        Node::Bool(_) => "a boolean",
        Node::Number(number) if Num::of(number).is_integer() => "a number",
        Node::Number(_) => "a number with a fraction",
        Node::Text(_) => "a string",
        Node::Array(_) => "an array",
        Node::Object(_) => "an object",
    }
}
