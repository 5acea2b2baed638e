//! Reading a payload and holding it to its schema.

use std::fmt;

use jsonschema::{Draft, ValidationOptions, Validator};
use serde::Deserialize;
use serde_json::{Value, json};

use super::constrained::{constrained, numeric_range};
use super::fast::Checker;
use super::issues::{Issue, violations};
use super::rounded::rounded;
use super::walk::walk;
use crate::wire::json::{ErrorKind, ParseError, from_str};

/// The schema of one payload, ready to be enforced.
pub(crate) struct PayloadSchema {
    root: Value,
    constrained: bool,
    checker: Checker,
    validator: Validator,
}

impl fmt::Debug for PayloadSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayloadSchema").field("constrained", &self.constrained).finish_non_exhaustive()
    }
}

impl PayloadSchema {
    /// Makes a schema ready. `root` holds the definitions that it refers to in `$defs`.
    ///
    /// # Errors
    /// If the schema is none, or says something that nobody would enforce.
    pub(crate) fn compile(root: &Value) -> Result<Self, SchemaError> {
        let problems = problems(root);
        if !problems.is_empty() {
            return Err(SchemaError { problems });
        }
        let enforced = rounded(root);
        let validator = options().build(&enforced).map_err(|error| SchemaError {
            problems: vec![Problem::Invalid {
                place: error.instance_path().to_string(),
                message: error.to_string(),
            }],
        })?;
        Ok(Self {
            constrained: constrained(root),
            checker: Checker::compile(&enforced),
            validator,
            root: root.clone(),
        })
    }

    /// Whether the schema says more than reading a payload for its type enforces. One that does not costs nothing.
    #[cfg(test)]
    pub(crate) fn constrained(&self) -> bool {
        self.constrained
    }

    /// Whether the compiled checker approves of a text by itself.
    #[cfg(feature = "internals")]
    pub(crate) fn approves(&self, text: &str) -> bool {
        self.checker.approves(text)
    }

    /// Reads a payload. Absent (`None`), it is read as `null`, which suits handlers that need none.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub(crate) fn parse<'de, T: Deserialize<'de>>(&self, raw: Option<&'de str>) -> Result<T, Vec<Issue>> {
        match from_str::<T>(raw.unwrap_or("null")) {
            Ok(parsed) => self.check(raw, parsed.buffered).map(|()| parsed.value),
            Err(error) => Err(self.refuse(raw, error)),
        }
    }

    /// Holds a payload that its type has taken to the schema.
    fn check(&self, raw: Option<&str>, buffered: bool) -> Result<(), Vec<Issue>> {
        let text = raw.unwrap_or("null");
        if !(self.constrained || buffered) || self.checker.approves(text) {
            return Ok(());
        }
        let value = from_str::<Value>(text).map_err(|error| vec![error.into()])?.value;
        if self.validator.is_valid(&value) {
            return Ok(());
        }
        match raw {
            Some(_) => Err(violations(&self.root, &self.validator, &value)),
            None => Err(absent()),
        }
    }

    /// Says all that is wrong with a payload that its type has not taken.
    #[cold]
    fn refuse(&self, raw: Option<&str>, error: ParseError) -> Vec<Issue> {
        let Some(text) = raw else { return absent() };
        if matches!(error.kind, ErrorKind::Syntax { .. }) {
            return vec![error.into()];
        }
        let mut issues = match from_str::<Value>(text) {
            Ok(parsed) => violations(&self.root, &self.validator, &parsed.value),
            Err(error) => vec![error.into()],
        };
        // The type is stricter than its schema: a property given twice, a rule in the code of the type.
        if issues.is_empty() {
            issues.push(error.into());
        }
        issues
    }
}

fn absent() -> Vec<Issue> {
    vec![Issue::new("", "required", "a payload is required")]
}

/// How schemas are validated with: 2020-12, formats asserted, nothing fetched.
pub(super) fn options() -> ValidationOptions<'static> {
    jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).offline()
}

/// Why a schema cannot be enforced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SchemaError {
    problems: Vec<Problem>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    Format { field: String, format: String },
    Pattern { field: String, pattern: String },
    Invalid { place: String, message: String },
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for SchemaError {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Format { field, format } => write!(
                f,
                "{}: the schema promises the format `{format}`, which nothing enforces. Use a format that is enforced \
                 (date-time, date, time, duration, email, hostname, ipv4, ipv6, uri, uuid, …), or describe the field as a \
                 plain string with #[schemars(with = \"String\")] and say the rule with #[schemars(regex(pattern = …))]",
                Field(field)
            ),
            Problem::Pattern { field, pattern } => write!(
                f,
                "{}: the pattern {pattern} is no regular expression that can be enforced. Correct it; patterns are those of \
                 JSON Schema (ECMA 262)",
                Field(field)
            ),
            Problem::Invalid { place, message } => write!(
                f,
                "the schema is invalid at {place}: {message}. Correct the #[schemars(…)] attributes or the JsonSchema \
                 implementation that it comes from"
            ),
        }
    }
}

struct Field<'a>(&'a str);

impl fmt::Display for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { f.write_str("the payload itself") } else { write!(f, "field {}", self.0) }
    }
}

/// What the schema promises and nothing keeps.
fn problems(root: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    let known = options();
    let compiles = |pattern: &str| options().build(&json!({ "pattern": pattern })).is_ok();
    walk(root, &mut |visit| {
        let Some(keywords) = visit.schema.as_object() else { return };
        let field = || visit.field.to_owned();
        if let Some(format) = keywords.get("format").and_then(Value::as_str)
            && numeric_range(keywords).is_none()
            && !known.is_known_format(Draft::Draft202012, format)
        {
            problems.push(Problem::Format { field: field(), format: format.into() });
        }
        let pattern = keywords.get("pattern").and_then(Value::as_str);
        let of_names = keywords.get("patternProperties").and_then(Value::as_object);
        for pattern in
            pattern.into_iter().chain(of_names.into_iter().flat_map(|names| names.keys().map(String::as_str)))
        {
            if !compiles(pattern) {
                problems.push(Problem::Pattern { field: field(), pattern: pattern.into() });
            }
        }
    });
    problems
}
