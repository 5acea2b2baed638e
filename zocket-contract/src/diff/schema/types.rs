//! Sets of JSON types.

use std::fmt;
use std::ops::{BitAnd, BitOr};

use serde_json::Value;

use super::number::Num;

/// A set of types. Numbers are two: those that are integers and those that are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diff) struct Types(u8);

impl Types {
    pub(in crate::diff) const NONE: Self = Self(0);
    pub(in crate::diff) const NULL: Self = Self(1);
    pub(in crate::diff) const BOOLEAN: Self = Self(2);
    pub(in crate::diff) const INTEGER: Self = Self(4);
    pub(in crate::diff) const FRACTION: Self = Self(8);
    pub(in crate::diff) const STRING: Self = Self(16);
    pub(in crate::diff) const ARRAY: Self = Self(32);
    pub(in crate::diff) const OBJECT: Self = Self(64);
    pub(in crate::diff) const NUMBER: Self = Self(4 | 8);
    pub(in crate::diff) const ALL: Self = Self(127);

    /// The types of the keyword `type`. `None` where it is none of JSON Schema's.
    pub(super) fn of_keyword(value: &Value) -> Option<Self> {
        let one = |name: &Value| {
            Some(match name.as_str()? {
                "null" => Self::NULL,
                "boolean" => Self::BOOLEAN,
                "integer" => Self::INTEGER,
                "number" => Self::NUMBER,
                "string" => Self::STRING,
                "array" => Self::ARRAY,
                "object" => Self::OBJECT,
                _ => return None,
            })
        };
        match value {
            Value::Array(names) => names.iter().try_fold(Self::NONE, |types, name| Some(types | one(name)?)),
            name => one(name),
        }
    }

    pub(super) fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(number) if Num::of(number).is_integer() => Self::INTEGER,
            Value::Number(_) => Self::FRACTION,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    pub(in crate::diff) fn is_empty(self) -> bool {
        self == Self::NONE
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(in crate::diff) fn has(self, other: Self) -> bool {
        !(self & other).is_empty()
    }

    /// The types, one by one.
    pub(super) fn each(self) -> impl Iterator<Item = Self> {
        (0..7).map(|bit| Self(1 << bit)).filter(move |one| self.has(*one))
    }
}

impl BitOr for Types {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Types {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// In words: `a string or null`.
impl fmt::Display for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL {
            return f.write_str("anything");
        }
        let number = if *self & Self::NUMBER == Self::NUMBER {
            (Self::NUMBER, "a number")
        } else if self.has(Self::INTEGER) {
            (Self::INTEGER, "an integer")
        } else {
            (Self::FRACTION, "a number with a fraction")
        };
        let names = [
            (Self::BOOLEAN, "a boolean"),
            number,
            (Self::STRING, "a string"),
            (Self::ARRAY, "an array"),
            (Self::OBJECT, "an object"),
            (Self::NULL, "null"),
        ];
        let names: Vec<&str> =
            names.into_iter().filter(|(one, _)| self.has(*one)).map(|(_, name)| name).collect();
        match names.split_last() {
            None => f.write_str("nothing"),
            Some((last, [])) => f.write_str(last),
            Some((last, before)) => write!(f, "{} or {last}", before.join(", ")),
        }
    }
}
