//! Texts and numbers of a form, near its ends.

use serde_json::{Number, Value};

use super::super::Engine;
use super::super::admits::Answer;
use super::super::emptiness::wanted;
use super::super::formats::texts_of;
use super::super::number::{Num, common_step};
use super::super::shape::Shape;
use super::super::types::Types;
use crate::pattern::language::Found;

/// How much longer a text may be than it must.
const LONGER: [u64; 3] = [0, 1, 4];
/// Longer texts are not written.
const LONGEST: u64 = 100_000;
/// By how much numbers are off an end.
const OFF: [f64; 11] = [0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 0.25, 0.1, -0.1, 10.0];

impl<'c> Engine<'c> {
    /// Numbers of a form, no less than so many where there are.
    pub(super) fn numbers_of(&mut self, one: Types, shape: &Shape<'c>, most: usize, values: &mut Vec<Value>) {
        let plain = shape.lower.is_none() && shape.upper.is_none();
        let simple = Value::from(if one == Types::INTEGER { 0.0 } else { 0.5 });
        if most == 1 && plain && self.shape_admits(shape, &simple) == Answer::Yes {
            values.push(if one == Types::INTEGER { 0.into() } else { simple });
            return;
        }
        let mut ends: Vec<Num> =
            [shape.lower, shape.upper].into_iter().flatten().map(|bound| bound.at).collect();
        let barred = shape.barred.iter().filter_map(|value| value.as_number());
        ends.extend(shape.non_multiples.iter().copied().chain(barred).map(Num::of));
        ends.push(Num::Int(0));
        let step = common_step(&shape.multiples);
        for end in ends {
            let float = match end {
                Num::Int(int) => {
                    // An `f64` would not hit the end itself.
                    let near = [0, 1, -1, 2, -2, 10].iter().filter_map(|by| int.checked_add(*by));
                    values.extend(near.filter_map(Number::from_i128).map(Value::Number));
                    int as f64
                }
                Num::Float(float) => float,
            };
            let off = OFF.iter().map(|by| float + by);
            let steps = step.map(|step| (float / step).round() * step).into_iter();
            let steps =
                steps.flat_map(|at| [0.0, 1.0, -1.0, 2.0, 3.0].map(|by| at + by * step.unwrap_or(1.0)));
            for number in off.chain(steps) {
                let whole = number.fract() == 0.0 && number.abs() < 9e15;
                let number = if whole { Some((number as i64).into()) } else { Number::from_f64(number) };
                values.extend(number.map(Value::Number));
            }
        }
        values.retain(|value| {
            value.is_number()
                && Types::of_value(value) == one
                && self.shape_admits(shape, value) != Answer::No
        });
    }

    /// Texts of a form, no less than so many where there are.
    pub(super) fn texts_of(&mut self, shape: &Shape<'c>, most: usize, values: &mut Vec<Value>) {
        let least = wanted(shape);
        for longer in LONGER {
            let mut wanted = least.clone();
            wanted.min = wanted.min.saturating_add(longer);
            if wanted.matching.is_empty() && wanted.failing.is_empty() {
                if wanted.min <= LONGEST && wanted.max.is_none_or(|max| max >= wanted.min) {
                    values.push("a".repeat(wanted.min as usize).into());
                }
            } else if let Found::Text(text) = self.languages.find(&wanted) {
                values.push(text.into());
            }
        }
        let found = |engine: &mut Self, value: &Value| engine.shape_admits(shape, value) == Answer::Yes;
        if most == 1 && values.first().is_some_and(|value| found(self, value)) {
            values.truncate(1);
            return;
        }
        for format in shape.formats.iter().chain(&shape.non_formats) {
            values.extend(texts_of(format).map(Value::from));
        }
        let length = |text: &str, count: u64| text.repeat(count as usize);
        let most = shape.length.max.unwrap_or(least.min + 2).min(LONGEST);
        for text in ["a", "A", "0", "ä", " ", "\n", "-", "/"] {
            values
                .extend([1.min(most), least.min.min(LONGEST), most].map(|count| length(text, count).into()));
        }
        values.push("".into());
        values.retain(|value| self.shape_admits(shape, value) != Answer::No);
    }
}
