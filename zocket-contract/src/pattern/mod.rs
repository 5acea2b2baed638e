//! Regular expressions in schemas: ECMA 262 in Unicode mode, as in JSON Schema, `ajv` and browsers.
//!
//! The engine that enforces them has another dialect. It accepts what JavaScript rejects (`(?i)`, `\A`, `a++`), and interprets
//! some constructs differently (`\w`, `\b`, `.`, and `&&` in a class). So each pattern is checked by an ECMA parser and then
//! rewritten for the engine, with its meaning in ECMA 262 made explicit (`translate`).

mod class;
mod hints;
pub(crate) mod language;
mod translate;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use serde_json::json;

/// Why a pattern is not enforced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsupportedPattern {
    pub(self) why: String,
    pub(self) help: String,
}

impl UnsupportedPattern {
    fn new(why: impl Into<String>, help: impl Into<String>) -> Self {
        Self { why: why.into(), help: help.into() }
    }
}

impl fmt::Display for UnsupportedPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; help: {}", self.why, self.help)
    }
}

impl Error for UnsupportedPattern {}

/// Longer patterns are rejected unread.
const MAX_LENGTH: usize = 16 * 1024;

/// A pattern, rewritten for the engine.
///
/// # Errors
/// It is not valid ECMA 262 in Unicode mode, or the engine does not support it.
pub fn translated(pattern: &str) -> Result<String, UnsupportedPattern> {
    if pattern.len() > MAX_LENGTH {
        return Err(UnsupportedPattern::new(
            "it is longer than 16 KiB",
            "say the rule in code, where the value is used",
        ));
    }
    let spelling = translate::translate(pattern)?;
    if let Err(error) = regress::Regex::with_flags(pattern, "u") {
        return Err(UnsupportedPattern::new(
            format!("no regular expression of ECMA 262 in Unicode mode: {}", in_words(&error.text)),
            "patterns of JSON Schema are those of JavaScript, `new RegExp(pattern, \"u\")`",
        ));
    }
    match jsonschema::options().offline().build(&json!({ "pattern": spelling })) {
        Ok(_) => Ok(spelling),
        Err(_) => Err(UnsupportedPattern::new(
            "too large to be enforced, or it looks back over a length that is not fixed, or it names a Unicode property that is \
             not known here",
            "repeat less, look back over a fixed length, or list the characters",
        )),
    }
}

/// The pattern, rewritten for the engine, or unchanged if that is not possible. It is possible for every pattern that was
/// accepted when a server was built.
pub fn enforced(pattern: &str) -> Cow<'_, str> {
    translated(pattern).map_or(Cow::Borrowed(pattern), Cow::Owned)
}

fn in_words(text: &str) -> String {
    text.trim_end_matches('.').to_lowercase()
}
