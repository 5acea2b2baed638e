//! Regular expressions and formats, as the validators of the server understand them.

use std::collections::HashMap;

use jsonschema::{Draft, ValidationOptions, Validator};
use serde_json::{Value, json};

use super::shape::Matches;

/// Property names that are unsigned integers, as the runtime writes them.
const UNSIGNED_KEY: &str = "^(0|[1-9][0-9]*)$";
/// Property names that are signed integers.
const SIGNED_KEY: &str = "^(0|-?[1-9][0-9]*)$";

/// Compiled patterns, by their text.
#[derive(Default)]
pub(super) struct Patterns<'c> {
    compiled: HashMap<&'c str, Option<Validator>>,
}

impl<'c> Patterns<'c> {
    /// Whether a text matches. `None` where the pattern is no regular expression.
    pub(super) fn is_match(&mut self, pattern: &'c str, text: &str) -> Option<bool> {
        let compile = || options().build(&json!({ "pattern": pattern })).ok();
        let compiled = self.compiled.entry(pattern).or_insert_with(compile);
        Some(compiled.as_ref()?.is_valid(&Value::from(text)))
    }

    /// Whether the validators assert a format of strings.
    pub(super) fn is_format(&self, name: &str) -> bool {
        options().is_known_format(Draft::Draft202012, name)
    }
}

impl<'c> Matches<'c> for Patterns<'c> {
    fn matches(&mut self, pattern: &'c str, name: &str) -> Option<bool> {
        self.is_match(pattern, name)
    }
}

/// Whether all that matches `sub` is known to match `sup`.
pub(super) fn pattern_covers(sub: &str, sup: &str) -> bool {
    sub == sup || (sub == UNSIGNED_KEY && sup == SIGNED_KEY)
}

/// How the runtime validates: 2020-12, formats asserted, nothing fetched.
pub(super) fn options() -> ValidationOptions<'static> {
    jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).offline()
}
