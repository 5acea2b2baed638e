//! Scalars of a schema, and how those of a text compare with them.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Number as JsonNumber, Value};

use crate::wire::json::{Cursor, Integer, Number};

/// Up to here every integer is exactly an `f64`, and every integral `f64` is the number that was written.
const EXACT: i128 = 1 << 53;

/// A number of a text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Numeric {
    Int(i128),
    Float(f64),
}

impl Numeric {
    /// `None` if the number is beyond an `f64`.
    #[inline]
    pub(super) fn of(number: &Number<'_>) -> Option<Self> {
        match number {
            Number::Unsigned(n) => Some(Numeric::Int((*n).into())),
            Number::Negative(n) => Some(Numeric::Int((*n).into())),
            Number::Decimal(_) => match number.to_integer() {
                // The validator sees larger ones rounded to an `f64`.
                Integer::Exact(negative, n) if n <= EXACT as u128 => {
                    Some(Numeric::Int(if negative { -(n as i128) } else { n as i128 }))
                }
                _ => number.to_f64().ok().map(Numeric::Float),
            },
        }
    }

    /// How the number compares with a bound; `None` if that would need more than two `f64`s.
    #[inline]
    pub(super) fn compare(self, bound: Bound) -> Option<Ordering> {
        match (self, bound) {
            (Numeric::Int(value), Bound::Int(bound)) => Some(value.cmp(&bound)),
            (Numeric::Float(value), Bound::Float(bound)) => value.partial_cmp(&bound),
            (Numeric::Int(value), Bound::Float(bound)) if value.abs() <= EXACT => {
                (value as f64).partial_cmp(&bound)
            }
            (Numeric::Float(value), Bound::Int(bound)) if bound.abs() <= EXACT => {
                value.partial_cmp(&(bound as f64))
            }
            _ => None,
        }
    }

    pub(super) fn is_multiple_of(self, step: u64) -> bool {
        matches!(self, Numeric::Int(value) if value.abs() <= EXACT && value % i128::from(step) == 0)
    }
}

/// A bound of the schema.
#[derive(Debug, Clone, Copy)]
pub(super) enum Bound {
    Int(i128),
    Float(f64),
}

impl Bound {
    pub(super) fn of(number: &JsonNumber) -> Option<Self> {
        number.as_i128().map(Bound::Int).or_else(|| number.as_f64().map(Bound::Float))
    }
}

/// A value of `enum`, `const` or `not`.
#[derive(Debug, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Int(i128),
    Str(Box<str>),
}

impl Scalar {
    /// `None` for fractions, and for values that are not scalars.
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(Scalar::Null),
            Value::Bool(value) => Some(Scalar::Bool(*value)),
            Value::Number(number) => number.as_i128().map(Scalar::Int),
            Value::String(text) => Some(Scalar::Str(text.as_str().into())),
            Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// An item of an array whose items must be unique, in a form that is the same for equal items.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Item<'t> {
    Text(Cow<'t, str>),
    Int(i128),
    /// The bits of a number with a fraction.
    Fraction(u64),
    /// `null`, `true` or `false`.
    Word(&'t str),
}

impl<'t> Item<'t> {
    /// `None` for arrays and objects, and for numbers that may equal one that is written differently.
    pub(super) fn of(literal: &'t str) -> Option<Self> {
        let mut cursor = Cursor::new(literal);
        Some(match cursor.peek()? {
            b'"' => Item::Text(cursor.string().ok()?.text()),
            b'-' | b'0'..=b'9' => match Numeric::of(&cursor.number().ok()?)? {
                Numeric::Int(value) => Item::Int(value),
                Numeric::Float(value) if value.fract() != 0.0 => Item::Fraction(value.to_bits()),
                Numeric::Float(_) => return None,
            },
            b'[' | b'{' => return None,
            _ => Item::Word(literal),
        })
    }
}
