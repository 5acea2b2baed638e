//! The messages for violations. They quote values of the schema, never values that were sent.

use std::fmt::Display;

use serde_json::Value;

use super::program::Not;

/// More choices than these are not listed.
const MOST_CHOICES: usize = 24;

pub(super) const NO_FORM: &str = "fits none of the forms that are allowed here";

/// `must be one of …`.
pub(super) fn one_of<'v>(values: impl IntoIterator<Item = &'v Value>) -> String {
    let shown: Vec<String> = values.into_iter().map(shown).collect();
    format!("must be {}", choices(shown.iter()))
}

/// The names as a list, each in backticks.
pub(super) fn choices<T: Display>(names: impl ExactSizeIterator<Item = T>) -> String {
    let count = names.len();
    let mut listed = names.take(MOST_CHOICES).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if count > MOST_CHOICES {
        listed.push_str(", …");
    }
    if count == 1 { listed } else { format!("one of {listed}") }
}

pub(super) fn not(not: &Not) -> String {
    match &not.value {
        Some(value) => format!("must not be {value}"),
        None => "is of a form that is excluded here".into(),
    }
}

/// `must have at least 3 items`; the ending is the plural's.
pub(super) fn count(limit: &str, count: u64, noun: &str, ending: &str) -> String {
    format!("must have {limit} {}", plural(count, noun, ending))
}

/// `must be at most 3 characters long`.
pub(super) fn length(limit: &str, count: u64) -> String {
    format!("must be {limit} {} long", plural(count, "character", "s"))
}

fn plural(count: u64, noun: &str, ending: &str) -> String {
    match (count, ending) {
        (1, "ies") => format!("{count} {noun}y"),
        (1, _) => format!("{count} {noun}"),
        _ => format!("{count} {noun}{ending}"),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
