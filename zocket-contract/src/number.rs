//! JSON numbers, compared exactly: integers beyond 2^53 are not rounded.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// 2^127, the first power of two beyond `i128`.
const TOO_LARGE: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;

/// A number, as an integer if it is one, so that 1 and 1.0 are the same.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Num {
    Int(i128),
    /// With a fraction, or beyond `i128`.
    Float(f64),
}

impl Num {
    pub(crate) fn of(number: &Number) -> Self {
        match (number.as_i128(), number.as_f64()) {
            (Some(int), _) => Self::Int(int),
            (None, Some(float)) => Self::float(float),
            (None, None) => Self::Float(f64::MAX),
        }
    }

    pub(crate) fn float(float: f64) -> Self {
        if float.fract() == 0.0 && (-TOO_LARGE..TOO_LARGE).contains(&float) {
            Self::Int(float as i128)
        } else {
            Self::Float(float)
        }
    }

    pub(crate) fn is_integer(self) -> bool {
        match self {
            Self::Int(_) => true,
            Self::Float(float) => float.fract() == 0.0,
        }
    }

    pub(crate) fn cmp(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.cmp(&b),
            (Self::Float(a), Self::Float(b)) => a.total_cmp(&b),
            (Self::Int(a), Self::Float(b)) => int_to_float(a, b),
            (Self::Float(a), Self::Int(b)) => int_to_float(b, a).reverse(),
        }
    }
}

/// `float` is not an integer within `i128`, so they are never equal.
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

/// Whether two values are the same in JSON Schema, where 1 equals 1.0.
pub(crate) fn same_value(a: &Value, b: &Value) -> bool {
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
}
