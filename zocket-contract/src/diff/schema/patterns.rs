//! Regular expressions and formats, as the validators of the server understand them.

use std::collections::HashMap;

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use super::shape::Matches;
use crate::validation::options;

/// Compiled patterns, by their text.
#[derive(Default)]
pub(super) struct Patterns<'c> {
    compiled: HashMap<&'c str, Option<Validator>>,
}

impl<'c> Patterns<'c> {
    /// Whether a text matches. `None` where the pattern is no regular expression.
    pub(super) fn is_match(&mut self, pattern: &'c str, text: &str) -> Option<bool> {
        let compile = || options().build(&json!({ "pattern": crate::pattern::enforced(pattern) })).ok();
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
