//! The rules that are left to `jsonschema`, each separately: patterns, formats, multiples.

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{Draft, PatternOptions, ValidationOptions, Validator};
use serde_json::{Value, json};

use crate::pattern;

/// How often a pattern may backtrack before a text counts as too costly. Only lookaround and backreferences backtrack;
/// a text that exceeds this is rejected within some milliseconds.
const BACKTRACKS: usize = 200_000;

/// How schemas are enforced: 2020-12, formats asserted, nothing fetched.
#[must_use]
pub fn options() -> ValidationOptions<'static> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACKS))
        .offline()
}

/// One keyword, compiled alone.
#[derive(Debug)]
pub(super) struct Leaf {
    validator: Validator,
    /// A pattern that may backtrack.
    may_backtrack: bool,
}

/// A leaf's verdict on a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Holds,
    Fails,
    /// It cannot be decided at a reasonable cost; this counts as a failure.
    TooCostly,
}

impl Leaf {
    /// `None` if the rule cannot be compiled.
    pub(super) fn new(keyword: &str, value: &Value) -> Option<Self> {
        let pattern = value.as_str().filter(|_| keyword == "pattern").map(pattern::enforced);
        let may_backtrack = pattern.as_deref().is_some_and(may_backtrack);
        let value = pattern.map_or_else(|| value.clone(), |pattern| Value::from(&*pattern));
        let validator = options().build(&json!({ keyword: value })).ok()?;
        Some(Self { validator, may_backtrack })
    }

    pub(super) fn judge(&self, value: &Value) -> Verdict {
        if !self.may_backtrack {
            return if self.validator.is_valid(value) { Verdict::Holds } else { Verdict::Fails };
        }
        match self.validator.validate(value) {
            Ok(()) => Verdict::Holds,
            Err(error) => match error.kind() {
                Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => Verdict::TooCostly,
                _ => Verdict::Fails,
            },
        }
    }

    pub(super) fn holds(&self, value: &Value) -> bool {
        self.judge(value) == Verdict::Holds
    }
}

/// Whether a pattern has lookaround or a backreference; otherwise matching takes linear time.
fn may_backtrack(pattern: &str) -> bool {
    let reference = |rest: &str| rest.starts_with(|c: char| c == 'k' || ('1'..='9').contains(&c));
    ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|group| pattern.contains(group))
        || pattern.split('\\').skip(1).any(reference)
}

/// A pattern for property names.
#[derive(Debug)]
pub(super) enum Names {
    Unsigned,
    Signed,
    Matching(Leaf),
}

impl Names {
    pub(super) fn new(pattern: &str) -> Option<Self> {
        Some(match pattern {
            crate::keywords::UNSIGNED_KEY => Self::Unsigned,
            crate::keywords::SIGNED_KEY => Self::Signed,
            _ => Self::Matching(Leaf::new("pattern", &pattern.into())?),
        })
    }

    pub(super) fn matches(&self, name: &str) -> bool {
        match self {
            Self::Unsigned => is_integer(name),
            Self::Signed => {
                is_integer(name) || name.strip_prefix('-').is_some_and(|rest| rest != "0" && is_integer(rest))
            }
            Self::Matching(leaf) => leaf.holds(&name.into()),
        }
    }
}

fn is_integer(name: &str) -> bool {
    let digits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    digits && (name == "0" || !name.starts_with('0'))
}
