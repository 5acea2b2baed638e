//! Holding a value to a schema of a contract, as the server does.

use std::fmt;

use jsonschema::{Draft, ValidationError, error::ValidationErrorKind as Kind};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zocket_contract::Contract;

use crate::report::{Failure, Result};

/// More violations than these are not listed.
const MOST_ISSUES: usize = 32;
/// Values that take more than this are not repeated, in bytes.
const LONGEST_VALUE: usize = 80;

/// One violation, as the server's `INVALID_PAYLOAD` lists it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Issue {
    /// JSON pointer into the value.
    #[serde(default)]
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) message: String,
    /// The rule, as JSON Schema names it.
    #[serde(default)]
    pub(crate) keyword: String,
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        if self.keyword.is_empty() { Ok(()) } else { write!(f, " ({})", self.keyword) }
    }
}

/// All that is wrong with a value.
///
/// # Errors
/// The schema is none.
pub(crate) fn violations(contract: &Contract, schema: &Value, value: &Value) -> Result<Vec<Issue>> {
    let mut root = match schema {
        Value::Object(keywords) => keywords.clone(),
        other => serde_json::Map::from_iter([("allOf".to_owned(), json!([other]))]),
    };
    root.insert("$defs".into(), contract.definitions().clone().into());
    let validator = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .offline()
        .build(&root.into())
        .map_err(|error| Failure::unusable(format_args!("the contract's schema cannot be used: {error}")))?;
    let mut issues = Vec::new();
    for error in validator.iter_errors(value) {
        add(&error, &mut issues);
    }
    issues.truncate(MOST_ISSUES);
    Ok(issues)
}

fn add(error: &ValidationError<'_>, issues: &mut Vec<Issue>) {
    let path = error.instance_path().as_str();
    let keyword = error.kind().keyword();
    let mut push = |path: String, message: String| {
        let issue = Issue { path, message, keyword: keyword.to_owned() };
        if !issues.contains(&issue) {
            issues.push(issue);
        }
    };
    match error.kind() {
        kind if is_rounding(kind, error.instance()) => {}
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } => {
            if let Some(errors) = meant(path, context) {
                errors.iter().for_each(|error| add(error, issues));
            } else if let Some(issue) = untagged(path, context) {
                issues.push(issue);
            } else {
                push(path.to_owned(), "fits none of the forms that are allowed here".into());
            }
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                let name = name.replace('~', "~0").replace('/', "~1");
                push(format!("{path}/{name}"), "is not a known property".into());
            }
        }
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            push(path.to_owned(), format!("the property `{name}` is required"));
        }
        _ if error.instance().to_string().len() > LONGEST_VALUE => {
            push(path.to_owned(), error.masked_with("the value").to_string());
        }
        _ => push(path.to_owned(), error.to_string()),
    }
}

/// Whether it is only for the digits lost here that the value seems to be at a bound which is none of its own: integers beyond
/// 64 bits become floats when they are read for this check. The server reads every digit, and decides.
fn is_rounding(kind: &Kind, value: &Value) -> bool {
    let (Kind::ExclusiveMaximum { limit } | Kind::ExclusiveMinimum { limit }) = kind else { return false };
    const BEYOND_64_BITS: f64 = 9_223_372_036_854_775_808.0;
    value.is_f64()
        && value.as_f64() == limit.as_f64()
        && value.as_f64().is_some_and(|value| value.abs() >= BEYOND_64_BITS)
}

/// Of several forms, the one that the value was meant to have: the only one whose type and tag it has.
fn meant<'e>(
    path: &str,
    forms: &'e [Vec<ValidationError<'static>>],
) -> Option<&'e [ValidationError<'static>]> {
    let here = |error: &ValidationError<'_>| error.instance_path().as_str() == path;
    let of_other_type = |error: &ValidationError<'_>| {
        here(error) && matches!(error.kind(), Kind::Type { .. } | Kind::Enum { .. })
    };
    let of_other_tag = |error: &ValidationError<'_>| matches!(error.kind(), Kind::Constant { .. });
    let of_other_name = |error: &ValidationError<'_>| {
        here(error) && matches!(error.kind(), Kind::AdditionalProperties { .. })
    };
    let only = |is_other: &dyn Fn(&ValidationError<'_>) -> bool| {
        let mut fitting = forms.iter().filter(|errors| !errors.iter().any(is_other));
        fitting.next().filter(|errors| !errors.is_empty() && fitting.next().is_none())
    };
    let found = only(&|error| of_other_type(error) || of_other_tag(error));
    let found =
        found.or_else(|| only(&|error| of_other_type(error) || of_other_tag(error) || of_other_name(error)));
    found.map(Vec::as_slice)
}

/// What is wrong with the tag: it has none of its values, or is missing from all forms.
fn untagged(path: &str, forms: &[Vec<ValidationError<'static>>]) -> Option<Issue> {
    // The other forms, as the null of an optional value, are of another type.
    let objects = || {
        forms
            .iter()
            .filter(|errors| !matches!(&errors[..], [error] if matches!(error.kind(), Kind::Type { .. })))
    };
    let constant = |error: &ValidationError<'static>| match error.kind() {
        Kind::Constant { expected_value } => {
            Some((error.instance_path().to_string(), expected_value.clone()))
        }
        _ => None,
    };
    let constants: Option<Vec<_>> = objects().map(|errors| errors.iter().find_map(constant)).collect();
    if let Some(constants) = constants
        && let Some((place, _)) = constants.first()
        && constants.iter().all(|(other, _)| other == place)
    {
        let values: Vec<String> = constants
            .iter()
            .map(|(_, value)| {
                format!("`{}`", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            })
            .collect();
        let message = format!("must be one of {}", values.join(", "));
        return Some(Issue { path: place.clone(), message, keyword: "enum".into() });
    }
    let lacks = |errors: &[ValidationError<'static>], name: &Value| {
        errors.iter().any(|error| {
            error.instance_path().as_str() == path
                && matches!(error.kind(), Kind::Required { property } if property == name)
        })
    };
    let first = objects().next()?;
    let missing = first.iter().find_map(|error| match error.kind() {
        Kind::Required { property } if objects().all(|errors| lacks(errors, property)) => property.as_str(),
        _ => None,
    })?;
    let message = format!("the property `{missing}` is required");
    Some(Issue { path: path.to_owned(), message, keyword: "required".into() })
}
