//! Ends of ranges, multiples, and values that are the same.

use std::cmp::Ordering;

use serde_json::Number;

pub(super) use crate::number::{Num, same_value};

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

/// Whether all common multiples of `own` are multiples of `wanted`. `None` where the numbers are too large or too fine.
pub(super) fn steps_cover(own: &[&Number], wanted: &Number) -> Option<bool> {
    let mut numbers = own.to_vec();
    numbers.push(wanted);
    let mut steps = scaled(&numbers)?;
    let wanted = steps.pop()?;
    if steps.is_empty() {
        return Some(false);
    }
    Some(common_multiple(&steps)? % wanted == 0)
}

/// The least common multiple of some steps. `None` where there is none, or it is too large.
pub(super) fn common_step(own: &[&Number]) -> Option<f64> {
    let one = Number::from(1);
    let mut numbers = own.to_vec();
    numbers.push(&one);
    let mut steps = scaled(&numbers)?;
    let scale = steps.pop()?;
    if steps.is_empty() {
        return None;
    }
    Some(common_multiple(&steps)? as f64 / scale as f64)
}

fn common_multiple(steps: &[i128]) -> Option<i128> {
    steps.iter().try_fold(1_i128, |all, step| {
        let (mut a, mut b) = (all, *step);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        (all / a).checked_mul(*step)
    })
}

/// Numbers that are not zero, each times the same power of ten that makes them integers.
fn scaled(numbers: &[&Number]) -> Option<Vec<i128>> {
    let parts: Vec<(i128, i32)> = numbers.iter().map(|number| decimal(number)).collect::<Option<_>>()?;
    let least = parts.iter().map(|(_, exponent)| *exponent).min()?.min(0);
    let scale = |(digits, exponent): (i128, i32)| {
        let scaled = digits.checked_mul(10_i128.checked_pow((exponent - least).try_into().ok()?)?)?;
        (scaled != 0).then_some(scaled.abs())
    };
    parts.into_iter().map(scale).collect()
}

/// A number as digits and a power of ten, as it is written.
fn decimal(number: &Number) -> Option<(i128, i32)> {
    let text = number.to_string();
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let exponent: i32 = exponent.trim_start_matches('+').parse().ok()?;
    Some((format!("{whole}{fraction}").parse().ok()?, exponent.checked_sub(fraction.len().try_into().ok()?)?))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn num(value: Value) -> Num {
        let Value::Number(number) = value else { panic!("no number") };
        Num::of(&number)
    }

    #[test]
    fn integers_tighten_their_bounds() {
        let bound = |value, exclusive| Some(Bound { at: num(value), exclusive });
        let covers = |end: End, sub, sup| end.covers(end.of_integers(sub), end.of_integers(sup));
        assert!(covers(End::Lower, bound(json!(0), true), bound(json!(1), false)));
        assert!(covers(End::Upper, bound(json!(10), true), bound(json!(9), false)));
        assert!(covers(End::Upper, bound(json!(9.5), false), bound(json!(9), false)));
        assert!(!covers(End::Upper, bound(json!(10), false), bound(json!(10), true)));
    }

    #[test]
    fn steps_are_compared_as_they_are_written() {
        let number = |value: Value| {
            let Value::Number(number) = value else { panic!("no number") };
            number
        };
        let cover = |own: &[Value], wanted: Value| {
            let own: Vec<Number> = own.iter().cloned().map(number).collect();
            steps_cover(&own.iter().collect::<Vec<_>>(), &number(wanted))
        };
        assert_eq!(cover(&[json!(0.5)], json!(0.25)), Some(true));
        assert_eq!(cover(&[json!(0.3)], json!(0.1)), Some(true));
        assert_eq!(cover(&[json!(1), json!(2.5)], json!(5)), Some(true));
        assert_eq!(cover(&[json!(4), json!(6)], json!(12)), Some(true));
        assert_eq!(cover(&[json!(4), json!(6)], json!(24)), Some(false));
        assert_eq!(cover(&[json!(1e-7)], json!(1e300)), None);
        assert_eq!(cover(&[], json!(1)), Some(false));
    }
}
