//! Numbers of JSON, compared exactly: integers beyond 2^53 are not rounded.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// 2^127, the first power of two beyond `i128`.
const TOO_LARGE: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;

/// A number: an integer wherever it is one, so that 1 and 1.0 are the same.
#[derive(Clone, Copy, Debug)]
pub(super) enum Num {
    Int(i128),
    /// With a fraction, or beyond `i128`.
    Float(f64),
}

impl Num {
    pub(super) fn of(number: &Number) -> Self {
        match (number.as_i128(), number.as_f64()) {
            (Some(int), _) => Self::Int(int),
            (None, Some(float)) => Self::float(float),
            (None, None) => Self::Float(f64::MAX),
        }
    }

    fn float(float: f64) -> Self {
        if float.fract() == 0.0 && (-TOO_LARGE..TOO_LARGE).contains(&float) {
            Self::Int(float as i128)
        } else {
            Self::Float(float)
        }
    }

    pub(super) fn is_integer(self) -> bool {
        match self {
            Self::Int(_) => true,
            Self::Float(float) => float.fract() == 0.0,
        }
    }

    pub(super) fn cmp(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.cmp(&b),
            (Self::Float(a), Self::Float(b)) => a.total_cmp(&b),
            (Self::Int(a), Self::Float(b)) => int_to_float(a, b),
            (Self::Float(a), Self::Int(b)) => int_to_float(b, a).reverse(),
        }
    }
}

/// `float` is no integer within `i128`, so they are never equal.
fn int_to_float(int: i128, float: f64) -> Ordering {
    if float >= TOO_LARGE {
        Ordering::Less
    } else if float < -TOO_LARGE {
        Ordering::Greater
    } else if int <= float.floor() as i128 {
        Ordering::Less
    } else {
        Ordering::Greater
    }
}

/// One end of a range.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    pub(super) at: Num,
    pub(super) exclusive: bool,
}

/// Which end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Lower,
    Upper,
}

impl End {
    /// Whether everything within `sub` is within `sup`, at this end.
    pub(super) fn covers(self, sub: Option<Bound>, sup: Option<Bound>) -> bool {
        match (sub, sup) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(sub), Some(sup)) => match self.inwards(sub.at, sup.at) {
                Ordering::Equal => sub.exclusive || !sup.exclusive,
                order => order == Ordering::Greater,
            },
        }
    }

    /// The narrower of two.
    pub(super) fn narrower(self, a: Option<Bound>, b: Option<Bound>) -> Option<Bound> {
        if self.covers(a, b) { a } else { b }
    }

    /// The bound that integers keep: the outermost integer within.
    pub(super) fn of_integers(self, bound: Option<Bound>) -> Option<Bound> {
        let bound = bound?;
        let at = match (bound.at, self) {
            (Num::Int(int), Self::Lower) if bound.exclusive => int.checked_add(1).map(Num::Int),
            (Num::Int(int), Self::Upper) if bound.exclusive => int.checked_sub(1).map(Num::Int),
            (Num::Float(float), Self::Lower) if float.fract() != 0.0 => Some(Num::float(float.ceil())),
            (Num::Float(float), Self::Upper) if float.fract() != 0.0 => Some(Num::float(float.floor())),
            _ => None,
        };
        Some(at.map_or(bound, |at| Bound { at, exclusive: false }))
    }

    /// Whether a number is within.
    pub(super) fn admits(self, bound: Option<Bound>, number: Num) -> bool {
        self.covers(Some(Bound { at: number, exclusive: false }), bound)
    }

    /// The first integer outside of `sup` that `sub` still has: to show what the difference means.
    pub(super) fn first_outside(self, sub: Option<Bound>, sup: Bound) -> Option<i128> {
        let Num::Int(last) = self.of_integers(Some(sup))?.at else { return None };
        let next = if self == Self::Lower { last.checked_sub(1)? } else { last.checked_add(1)? };
        self.admits(self.of_integers(sub), Num::Int(next)).then_some(next)
    }

    /// How `a` lies to `b`: greater is further inside.
    fn inwards(self, a: Num, b: Num) -> Ordering {
        if self == Self::Lower { a.cmp(b) } else { b.cmp(a) }
    }
}

/// Whether no number is within both ends.
pub(super) fn crossed(lower: Option<Bound>, upper: Option<Bound>) -> bool {
    let (Some(lower), Some(upper)) = (lower, upper) else { return false };
    match lower.at.cmp(upper.at) {
        Ordering::Less => false,
        Ordering::Equal => lower.exclusive || upper.exclusive,
        Ordering::Greater => true,
    }
}

/// Whether every multiple of `sub` is one of `sup`. `None` where fractions keep it open.
pub(super) fn multiple_covers(sub: &Number, sup: &Number) -> Option<bool> {
    match (Num::of(sub), Num::of(sup)) {
        (Num::Int(sub), Num::Int(sup)) if sup != 0 => Some(sub % sup == 0),
        (sub, sup) if sub.cmp(sup) == Ordering::Equal => Some(true),
        _ => None,
    }
}

/// Whether two values are the same to JSON Schema, which does not tell 1 from 1.0.
pub(in crate::diff) fn same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Num::of(a).cmp(Num::of(b)) == Ordering::Equal,
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(name, value)| b.get(name).is_some_and(|other| same_value(value, other)))
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn num(value: Value) -> Num {
        let Value::Number(number) = value else { panic!("no number") };
        Num::of(&number)
    }

    #[test]
    fn numbers_are_compared_exactly() {
        let ascending = [
            json!(-1e300),
            json!(-170_141_183_460_469_231_731_687_303_715_884_105_728.0),
            json!(i64::MIN),
            json!(-0.5),
            json!(0),
            json!(0.5),
            json!(1),
            json!(9_007_199_254_740_992_u64),
            json!(9_007_199_254_740_993_u64),
            json!(u64::MAX - 1),
            json!(u64::MAX),
            json!(18_446_744_073_709_551_616.0),
            json!(3.5e38),
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(num(a.clone()).cmp(num(b.clone())), i.cmp(&j), "{a} {b}");
            }
        }
        assert!(same_value(&json!([1, {"a": 2.0}]), &json!([1.0, {"a": 2}])));
        assert!(!same_value(&json!(9_007_199_254_740_993_u64), &json!(9_007_199_254_740_992.0)));
    }

    #[test]
    fn integers_tighten_their_bounds() {
        let bound = |value, exclusive| Some(Bound { at: num(value), exclusive });
        let covers = |end: End, sub, sup| end.covers(end.of_integers(sub), end.of_integers(sup));
        assert!(covers(End::Lower, bound(json!(0), true), bound(json!(1), false)));
        assert!(covers(End::Upper, bound(json!(10), true), bound(json!(9), false)));
        assert!(covers(End::Upper, bound(json!(9.5), false), bound(json!(9), false)));
        assert!(!covers(End::Upper, bound(json!(10), false), bound(json!(10), true)));
        assert_eq!(End::Upper.first_outside(None, bound(json!(10), true).unwrap()), Some(10));
    }
}
