//! Whether the bounds of a schema include all values of a numeric type.

use serde_json::{Map, Number, Value};

use crate::wire::json::LARGEST_F32;

/// The first `f64` beyond a `u128`.
const END_OF_U128: f64 = 340_282_366_920_938_463_463_374_607_431_768_211_456.0;

/// Whether every integer from `min` to `max` is within the bounds.
pub(super) fn admit_integers(keywords: &Map<String, Value>, min: i128, max: u128) -> bool {
    // A value beyond the target type saturates, which is right in all of these comparisons but one.
    let low = |bound: &Number, round: fn(f64) -> f64| {
        bound.as_i128().or_else(|| bound.as_f64().map(|bound| round(bound) as i128))
    };
    let high = |bound: &Number, round: fn(f64) -> f64| match bound.as_i128() {
        Some(bound) => u128::try_from(bound).ok(),
        None => bound.as_f64().map(|bound| round(bound) as u128),
    };
    let is_beyond = |bound: &Number| bound.as_f64().is_some_and(|bound| bound >= END_OF_U128);
    holds(keywords, "minimum", |bound| low(bound, f64::ceil).is_some_and(|bound| bound <= min))
        && holds(keywords, "exclusiveMinimum", |bound| {
            low(bound, f64::floor).is_some_and(|bound| bound < min)
        })
        && holds(keywords, "maximum", |bound| high(bound, f64::floor).is_some_and(|bound| bound >= max))
        && holds(keywords, "exclusiveMaximum", |bound| {
            is_beyond(bound) || high(bound, f64::ceil).is_some_and(|bound| bound > max)
        })
}

/// Whether every `f32` is.
pub(super) fn admit_f32(keywords: &Map<String, Value>) -> bool {
    let float = |bound: &Number| bound.as_f64().unwrap_or(f64::NAN);
    holds(keywords, "minimum", |bound| float(bound) <= -LARGEST_F32)
        && holds(keywords, "exclusiveMinimum", |bound| float(bound) < -LARGEST_F32)
        && holds(keywords, "maximum", |bound| float(bound) >= LARGEST_F32)
        && holds(keywords, "exclusiveMaximum", |bound| float(bound) > LARGEST_F32)
}

/// Whether every `f64` is: only if there are no bounds.
pub(super) fn admit_f64(keywords: &Map<String, Value>) -> bool {
    BOUNDS.iter().all(|bound| !keywords.contains_key(*bound))
}

/// A number within the bounds, as text: 0 if possible, otherwise one of the bounds.
pub(super) fn within(keywords: &Map<String, Value>) -> String {
    let bound = |keyword: &str| keywords.get(keyword).and_then(Value::as_f64);
    let is_low = bound("minimum").is_some_and(|bound| bound > 0.0)
        || bound("exclusiveMinimum").is_some_and(|bound| bound >= 0.0);
    let is_high = bound("maximum").is_some_and(|bound| bound < 0.0)
        || bound("exclusiveMaximum").is_some_and(|bound| bound <= 0.0);
    let at = match (is_low, is_high) {
        (true, _) => keywords.get("minimum").or(keywords.get("maximum")),
        (_, true) => keywords.get("maximum").or(keywords.get("minimum")),
        _ => None,
    };
    at.map_or_else(|| "0".to_owned(), Value::to_string)
}

const BOUNDS: [&str; 4] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

fn holds(keywords: &Map<String, Value>, keyword: &str, rule: impl Fn(&Number) -> bool) -> bool {
    keywords.get(keyword).is_none_or(|bound| bound.as_number().is_some_and(rule))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bounds_take_in_a_type_up_to_its_last_value() {
        let admits =
            |bounds: Value, min: i128, max: u128| admit_integers(bounds.as_object().unwrap(), min, max);
        assert!(admits(json!({"minimum": -128, "maximum": 127}), -128, 127));
        assert!(!admits(json!({"minimum": -127, "maximum": 127}), -128, 127));
        assert!(!admits(json!({"maximum": 126}), -128, 127));
        assert!(admits(json!({"minimum": -128.5, "maximum": 127.5}), -128, 127));
        assert!(!admits(json!({"minimum": -127.5}), -128, 127));
        assert!(admits(json!({"exclusiveMinimum": -129, "exclusiveMaximum": 128}), -128, 127));
        assert!(!admits(json!({"exclusiveMinimum": -128}), -128, 127));
        assert!(!admits(json!({"exclusiveMaximum": 127}), -128, 127));
        assert!(admits(json!({"maximum": u64::MAX}), 0, u64::MAX.into()));
        assert!(!admits(json!({"maximum": u64::MAX - 1}), 0, u64::MAX.into()));
        assert!(admits(json!({"exclusiveMaximum": 2_f64.powi(128)}), 0, u128::MAX));
        assert!(!admits(json!({"exclusiveMaximum": 2_f64.powi(127)}), 0, u128::MAX));
        let wide = json!({"minimum": -2_f64.powi(127), "exclusiveMaximum": 2_f64.powi(127)});
        assert!(admits(wide, i128::MIN, i128::MAX as u128));
        assert!(admits(json!({"minimum": -1e300, "maximum": 1e300}), i128::MIN, u128::MAX));
        assert!(!admits(json!({"minimum": 1e300}), 0, 1));
    }

    #[test]
    fn the_bounds_of_floats() {
        let float = json!({"minimum": -LARGEST_F32, "maximum": LARGEST_F32});
        assert!(admit_f32(float.as_object().unwrap()) && !admit_f64(float.as_object().unwrap()));
        assert!(!admit_f32(json!({"minimum": 0}).as_object().unwrap()));
        assert!(admit_f64(json!({"type": "number"}).as_object().unwrap()));
    }

    #[test]
    fn a_number_within_bounds() {
        let within = |bounds: Value| within(bounds.as_object().unwrap());
        assert_eq!(within(json!({})), "0");
        assert_eq!(within(json!({"minimum": 0, "maximum": 9})), "0");
        assert_eq!(within(json!({"minimum": 3})), "3");
        assert_eq!(within(json!({"maximum": -2.5})), "-2.5");
    }
}
