//! Reading a payload and checking it against its schema.

use std::fmt;

use jsonschema::Draft;
use serde::Deserialize;
use serde_json::Value;
use zocket_contract::pattern::{UnsupportedPattern, translated};
pub(super) use zocket_contract::validation::options;
use zocket_contract::{Issue, Validator, Violations};

use super::annotations::numeric_range;
use super::fast::Checker;
use super::proof::{Contradiction, Reads, prove};
use super::rounded::rounded;
use super::walk::walk;
use crate::wire::json::{ErrorKind, ParseError, from_str, from_str_with_integer_zeros};

/// The schema of one payload, ready to be enforced.
pub(crate) struct PayloadSchema {
    /// Whether nothing is left to check after deserializing a payload.
    proven: bool,
    checker: Checker,
    validator: Validator,
}

impl fmt::Debug for PayloadSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayloadSchema").field("proven", &self.proven).finish_non_exhaustive()
    }
}

impl PayloadSchema {
    /// Makes a schema ready. `root` has the definitions that it refers to in `$defs`; `reads` deserializes its type, if
    /// payloads are deserialized before they are checked.
    ///
    /// # Errors
    /// The schema is invalid, says something that nothing would enforce, or promises something that the type
    /// never accepts.
    pub(crate) fn compile(root: &Value, reads: Option<Reads>) -> Result<Self, SchemaError> {
        let mut problems = problems(root);
        let proof = reads.map(|reads| prove(root, reads)).unwrap_or_default();
        problems.extend(proof.contradictions.into_iter().map(Problem::Contradiction));
        if !problems.is_empty() {
            return Err(SchemaError { problems });
        }
        let enforced = rounded(root);
        let validator = Validator::new(&enforced).map_err(|error| SchemaError {
            problems: vec![Problem::Invalid {
                place: error.pointer().to_owned(),
                message: error.message().to_owned(),
            }],
        })?;
        Ok(Self { proven: proof.holds, checker: Checker::compile(&enforced), validator })
    }

    /// Whether deserializing a payload rejects everything that the schema rejects. Then the schema costs nothing.
    #[cfg(any(test, feature = "internals"))]
    pub(crate) fn is_proven(&self) -> bool {
        self.proven
    }

    /// Whether the compiled checker alone approves a text.
    #[cfg(feature = "internals")]
    pub(crate) fn approves(&self, text: &str) -> bool {
        self.checker.approves(text)
    }

    /// Reads a payload. An absent one (`None`) is read as `null`, for handlers that do not need one.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(crate) fn parse<'de, T: Deserialize<'de>>(&self, raw: Option<&'de str>) -> Result<T, Violations> {
        match from_str::<T>(raw.unwrap_or("null")) {
            Ok(parsed) => self.check(raw, parsed.buffered).map(|()| parsed.value),
            Err(error) => match raw.and_then(read_again::<T>) {
                Some(parsed) => self.check(raw, true).map(|()| parsed),
                None => Err(self.refuse(raw, error)),
            },
        }
    }

    /// Checks a payload that its type accepted against the schema.
    fn check(&self, raw: Option<&str>, buffered: bool) -> Result<(), Violations> {
        let text = raw.unwrap_or("null");
        if self.proven && !buffered {
            return Ok(());
        }
        self.holds(text).map_err(|violations| if raw.is_some() { violations } else { Violations::absent() })
    }

    /// Checks a text that is known to be JSON against the schema.
    pub(super) fn holds(&self, text: &str) -> Result<(), Violations> {
        if self.checker.approves(text) {
            return Ok(());
        }
        self.judge(text)
    }

    /// Decides if the checker does not approve.
    #[cold]
    fn judge(&self, text: &str) -> Result<(), Violations> {
        // If the checker supports the whole schema, something is probably wrong, and looking for it first saves building a
        // tree and running the validator. Nothing is rejected just for that: if no violation is found, the validator decides.
        let explain = || self.validator.explain(text).map_err(Issue::from);
        if self.checker.is_complete()
            && let Some(violations) = explain()?
        {
            return Err(violations);
        }
        let value = from_str::<Value>(text).map_err(Issue::from)?.value;
        if self.validator.is_valid(&value) {
            return Ok(());
        }
        Err(explain()?.unwrap_or_else(Violations::unexplained))
    }

    /// Lists everything that is wrong with a payload that its type rejected.
    #[cold]
    fn refuse(&self, raw: Option<&str>, error: ParseError) -> Violations {
        let Some(text) = raw else { return Violations::absent() };
        if !matches!(error.kind, ErrorKind::Data { .. }) {
            return Issue::from(error).into();
        }
        match self.validator.explain(text) {
            Ok(Some(violations)) => violations,
            // The type may be stricter than its schema: a duplicate property, a rule in the type's code.
            Ok(None) => Issue::from(error).into(),
            Err(error) => Issue::from(error).into(),
        }
    }
}

/// Reads a rejected payload once more if a negative zero may be the reason: to the schema it is an integer, but serde's buffer
/// does not accept a float as one.
#[cold]
fn read_again<'de, T: Deserialize<'de>>(text: &'de str) -> Option<T> {
    let parsed = text.contains("-0").then(|| from_str_with_integer_zeros::<T>(text))?.ok()?;
    parsed.buffered.then_some(parsed.value)
}

/// Why a schema cannot be enforced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SchemaError {
    problems: Vec<Problem>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    Format { field: String, format: String },
    Pattern { field: String, pattern: String, error: UnsupportedPattern },
    Invalid { place: String, message: String },
    Contradiction(Contradiction),
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
            Problem::Pattern { field, pattern, error } => {
                write!(f, "{}: the pattern `{pattern}` cannot be enforced: {error}", Field(field))
            }
            Problem::Contradiction(Contradiction { field, promised, read }) => write!(
                f,
                "{}: the schema promises {promised}, but {read} is read there, so that no value is ever taken. Describe what is \
                 read with #[schemars(with = \"…\")], or drop the attribute that changes how the field is read \
                 (#[serde(deserialize_with = …)], #[serde(with = …)]) or described (#[schemars(with = …)], \
                 #[schemars(schema_with = …)])",
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

/// What the schema promises but nothing enforces.
fn problems(root: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    let known = options();
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
            if let Err(error) = translated(pattern) {
                problems.push(Problem::Pattern { field: field(), pattern: pattern.into(), error });
            }
        }
    });
    problems
}
