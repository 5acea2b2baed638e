//! What is wrong with a value, for its sender.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};
use zocket_wire::json::{ErrorKind, ParseError};

/// The longest pointer, in bytes; longer ones are truncated.
const LONGEST_PATH: usize = 512;
/// The longest property name in a pointer, in bytes.
const LONGEST_STEP: usize = 128;
/// The longest message, in bytes; longer ones are truncated.
const LONGEST_MESSAGE: usize = 1024;

/// One violation of a schema: what an `INVALID_PAYLOAD` error or a refused handshake lists.
///
/// Its size is bounded, and it does not repeat any value that was sent: only property names, in the pointer, truncated if
/// they are long.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Issue {
    /// JSON Pointer (RFC 6901) to the invalid value, with the client's names; "" is the payload. For a missing
    /// property, it is the object that lacks it. If it ends in `…`, it was truncated.
    #[serde(default)]
    pub path: String,
    /// What is wrong.
    #[serde(default)]
    pub message: String,
    /// The rule, as named by JSON Schema; "syntax", "duplicate" and "value" for rules that have no name there.
    #[serde(default)]
    pub keyword: Cow<'static, str>,
}

impl Issue {
    /// A violation of the rule `keyword` at `path`. Both texts are truncated if they are too long to send back.
    #[must_use]
    pub fn new(
        path: impl Into<String>,
        keyword: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        let (mut path, mut message) = (path.into(), message.into());
        cut(&mut path, LONGEST_PATH);
        cut(&mut message, LONGEST_MESSAGE);
        Self { path, message, keyword: keyword.into() }
    }
}

/// A text that could not be read.
impl From<ParseError> for Issue {
    fn from(error: ParseError) -> Self {
        match error.kind {
            ErrorKind::Syntax { offset } | ErrorKind::TooDeep { offset } => {
                Self::new(error.path, "syntax", format!("{}, at byte {offset} of the payload", error.message))
            }
            ErrorKind::Data { keyword } => Self::new(error.path, keyword, error.message),
        }
    }
}

/// `/count: must be at least 1 (minimum)`.
impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        if self.keyword.is_empty() { Ok(()) } else { write!(f, " ({})", self.keyword) }
    }
}

/// Everything that is wrong with a value: the first violations as text, and how many there are.
///
/// There is always at least one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[must_use]
pub struct Violations {
    issues: Vec<Issue>,
    count: u64,
}

impl Violations {
    /// At most this many are listed; the rest are only counted.
    pub const MOST_ISSUES: usize = 20;

    /// `issues`, out of `count`.
    pub(super) fn new(issues: Vec<Issue>, count: u64) -> Self {
        Self { count: count.max(issues.len() as u64), issues }
    }

    /// The violation for a missing payload.
    pub fn absent() -> Self {
        Issue::new("", "required", "a payload is required").into()
    }

    /// The violation if a schema rejects a value but no reason is found.
    pub fn unexplained() -> Self {
        Issue::new("", "schema", "does not fit the schema").into()
    }

    /// The first violations in the order of the value, at most [`MOST_ISSUES`](Self::MOST_ISSUES).
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// How many there are, including those not listed. It is a lower bound if the schema makes it too costly to count all
    /// of them.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many there are in addition to those listed.
    #[must_use]
    pub fn more(&self) -> u64 {
        self.count - self.issues.len() as u64
    }

    /// The violations that are listed.
    pub fn iter(&self) -> std::slice::Iter<'_, Issue> {
        self.issues.iter()
    }
}

/// There are no other violations.
impl From<Issue> for Violations {
    fn from(issue: Issue) -> Self {
        Self { issues: vec![issue], count: 1 }
    }
}

impl<'v> IntoIterator for &'v Violations {
    type Item = &'v Issue;
    type IntoIter = std::slice::Iter<'v, Issue>;

    fn into_iter(self) -> Self::IntoIter {
        self.issues.iter()
    }
}

/// One violation per line, and how many more there are.
impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, issue) in self.issues.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            issue.fmt(f)?;
        }
        match self.more() {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl std::error::Error for Violations {}

/// A step of a pointer, escaped, and truncated if it is long.
pub(super) fn push_step(path: &mut String, name: &str) {
    let shown = beginning(name, LONGEST_STEP);
    path.push('/');
    path.push_str(&crate::pointer::escape(shown));
    if shown.len() < name.len() {
        path.push('…');
    }
}

/// Whether a pointer has its maximum length, so nothing needs to be added.
pub(super) fn is_full(path: &str) -> bool {
    path.len() > LONGEST_PATH
}

fn cut(text: &mut String, most: usize) {
    if text.len() > most {
        text.truncate(beginning(text, most).len());
        text.push('…');
    }
}

/// The longest prefix of `text` of at most `most` bytes.
fn beginning(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    &text[..end]
}
