//! What is wrong with a payload, for the client that sent it: every violation, in plain words, none of its values.

use std::borrow::Cow;
use std::fmt::Display;

use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind as Kind};
use jsonschema::{JsonType, Validator};
use serde::Serialize;
use serde_json::Value;

use super::branch::{Choice, branches, choose};
use super::walk::escape;
use crate::wire::json::{ErrorKind, ParseError};

/// More violations than these are counted, not listed.
const MOST_ISSUES: usize = 32;
/// Longer paths and lists of choices are cut.
const LONGEST_PATH: usize = 512;
const MOST_CHOICES: usize = 24;

/// One violation of a schema: what an `INVALID_PAYLOAD` error or a refused handshake lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Issue {
    /// JSON pointer (RFC 6901) to the value at fault, in the client's names; "" is the payload. For a property that is
    /// missing, the object that lacks it.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// The rule, as JSON Schema names it; "syntax", "duplicate" and "value" for rules that have no name there.
    pub keyword: Cow<'static, str>,
}

impl Issue {
    pub(super) fn new(path: impl Into<String>, keyword: &'static str, message: impl Into<String>) -> Self {
        let mut path = path.into();
        if path.len() > LONGEST_PATH {
            let end = (0..=LONGEST_PATH).rev().find(|&end| path.is_char_boundary(end)).unwrap_or(0);
            path.truncate(end);
            path.push('…');
        }
        Self { path, message: message.into(), keyword: keyword.into() }
    }
}

impl From<ParseError> for Issue {
    fn from(error: ParseError) -> Self {
        match error.kind {
            ErrorKind::Syntax { offset } => {
                Self::new(error.path, "syntax", format!("{}, at byte {offset} of the payload", error.message))
            }
            ErrorKind::Data { keyword } => Self::new(error.path, keyword, error.message),
        }
    }
}

/// All violations of the schema `root`, which `validator` was made from, in `value`.
pub(super) fn violations(root: &Value, validator: &Validator, value: &Value) -> Vec<Issue> {
    let mut found = Found { root, issues: Vec::new() };
    for error in validator.iter_errors(value) {
        found.add(&error);
    }
    found.finish()
}

struct Found<'s> {
    root: &'s Value,
    issues: Vec<Issue>,
}

impl Found<'_> {
    fn finish(self) -> Vec<Issue> {
        let mut issues: Vec<Issue> = Vec::new();
        let mut more = 0_usize;
        for issue in &self.issues {
            let of_type = |other: &Issue| other.path == issue.path && other.keyword == "type";
            // A value of the wrong type is none of the listed values either, which need not be said.
            let is_implied = matches!(&*issue.keyword, "enum" | "const") && self.issues.iter().any(of_type);
            if is_implied || issues.contains(issue) {
                continue;
            }
            if issues.len() < MOST_ISSUES {
                issues.push(issue.clone());
            } else {
                more += 1;
            }
        }
        if more > 0
            && let Some(last) = issues.last_mut()
        {
            *last = Issue::new("", "", format!("and {} more", more + 1));
        }
        issues
    }

    fn push(&mut self, path: impl Into<String>, keyword: &'static str, message: impl Into<String>) {
        self.issues.push(Issue::new(path, keyword, message));
    }

    fn add(&mut self, error: &ValidationError<'_>) {
        let path = error.instance_path().as_str();
        match error.kind() {
            Kind::OneOfNotValid { context } => self.one_of(error, context),
            Kind::OneOfMultipleValid { .. } => {
                self.push(path, "oneOf", "fits more than one of the forms that exclude each other")
            }
            Kind::AnyOf { context } => self.any_of(error, context, "anyOf"),
            Kind::AdditionalProperties { unexpected } => {
                self.unknown(path, unexpected, "additionalProperties")
            }
            Kind::UnevaluatedProperties { unexpected } => {
                self.unknown(path, unexpected, "unevaluatedProperties")
            }
            Kind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                self.push(path, "required", format!("the property `{name}` is required"));
            }
            kind => {
                let (keyword, message) = describe(kind, error.instance());
                self.push(path, keyword, message);
            }
        }
    }

    fn unknown(&mut self, path: &str, names: &[String], keyword: &'static str) {
        for name in names {
            self.push(format!("{path}/{}", escape(name)), keyword, "is not a known property");
        }
    }

    /// For an enum: what is wrong with the variant that the value is meant for.
    fn one_of(&mut self, error: &ValidationError<'_>, context: &[Vec<ValidationError<'static>>]) {
        let path = error.instance_path().as_str();
        let root = self.root;
        let Some(one_of) = root.pointer(error.schema_path().as_str()) else {
            return self.any_of(error, context, "oneOf");
        };
        match choose(&branches(root, one_of), error.instance()) {
            Choice::Branch(index) => match context.get(index) {
                Some(errors) if !errors.is_empty() => errors.iter().for_each(|error| self.add(error)),
                _ => self.any_of(error, context, "oneOf"),
            },
            Choice::UnknownTag(tag, values) => {
                self.push(format!("{path}/{}", escape(tag)), "enum", one_of_values(values.into_iter()));
            }
            Choice::NoTag(tag) => self.push(path, "required", format!("the property `{tag}` is required")),
            Choice::NoVariant(names) => {
                self.push(path, "oneOf", format!("must be {}", choices(names.iter())))
            }
            Choice::Unknown => self.any_of(error, context, "oneOf"),
        }
    }

    /// For an optional value, and wherever else only one alternative takes the value's type: what that one says.
    fn any_of(
        &mut self,
        error: &ValidationError<'_>,
        context: &[Vec<ValidationError<'static>>],
        keyword: &'static str,
    ) {
        let path = error.instance_path();
        let of_other_type = |error: &ValidationError<'_>| {
            matches!(error.kind(), Kind::Type { .. }) && error.instance_path() == path
        };
        let mut fitting = context.iter().filter(|errors| !errors.iter().any(of_other_type));
        match (fitting.next(), fitting.next()) {
            (Some(errors), None) if !errors.is_empty() => errors.iter().for_each(|error| self.add(error)),
            _ => self.push(path.as_str(), keyword, "fits none of the forms that are allowed here"),
        }
    }
}

/// Keyword and message of a rule that concerns one value alone.
fn describe(kind: &Kind, instance: &Value) -> (&'static str, String) {
    match kind {
        Kind::Type { kind } => ("type", format!("must be {}, not {}", expected(kind), found(instance))),
        Kind::Constant { expected_value } => ("const", one_of_values(std::iter::once(&**expected_value))),
        Kind::Enum { options } => ("enum", one_of_values(options.as_array().into_iter().flatten())),
        Kind::Minimum { limit } => ("minimum", format!("must be at least {limit}")),
        Kind::Maximum { limit } => ("maximum", format!("must be at most {limit}")),
        Kind::ExclusiveMinimum { limit } => ("exclusiveMinimum", format!("must be more than {limit}")),
        Kind::ExclusiveMaximum { limit } => ("exclusiveMaximum", format!("must be less than {limit}")),
        Kind::MultipleOf { multiple_of } => ("multipleOf", format!("must be a multiple of {multiple_of}")),
        Kind::MinLength { limit } => {
            ("minLength", format!("must be at least {} long", plural(*limit, "character", "s")))
        }
        Kind::MaxLength { limit } => {
            ("maxLength", format!("must be at most {} long", plural(*limit, "character", "s")))
        }
        Kind::Pattern { pattern } => ("pattern", format!("must match the pattern {pattern}")),
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
            ("pattern", "is too costly to match against its pattern".into())
        }
        Kind::Format { format } => ("format", format!("must be in the format `{format}`")),
        Kind::MinItems { limit } => {
            ("minItems", format!("must have at least {}", plural(*limit, "item", "s")))
        }
        Kind::MaxItems { limit } => {
            ("maxItems", format!("must have at most {}", plural(*limit, "item", "s")))
        }
        Kind::AdditionalItems { limit } => {
            ("items", format!("must have at most {}", plural(*limit as u64, "item", "s")))
        }
        Kind::UniqueItems => ("uniqueItems", "must not hold the same item twice".into()),
        Kind::Contains => ("contains", "lacks an item that must be there".into()),
        Kind::MinProperties { limit } => {
            ("minProperties", format!("must have at least {}", plural(*limit, "propert", "ies")))
        }
        Kind::MaxProperties { limit } => {
            ("maxProperties", format!("must have at most {}", plural(*limit, "propert", "ies")))
        }
        Kind::PropertyNames { .. } => ("propertyNames", "has a property whose name is not allowed".into()),
        Kind::Not { schema } => match schema.get("const") {
            Some(value) => ("not", format!("must not be {value}")),
            None => ("not", "is of a form that is excluded here".into()),
        },
        Kind::FalseSchema => ("false", "must not be here".into()),
        Kind::UnevaluatedItems { .. } => ("unevaluatedItems", "has items that are not allowed".into()),
        _ => ("schema", "does not fit the schema".into()),
    }
}

fn plural(count: u64, noun: &str, ending: &str) -> String {
    match (count, ending) {
        (1, "ies") => format!("{count} {noun}y"),
        (1, _) => format!("{count} {noun}"),
        _ => format!("{count} {noun}{ending}"),
    }
}

fn expected(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(kind) => with_article(*kind).into(),
        TypeKind::Multiple(kinds) => {
            let mut names: Vec<&str> = kinds.iter().map(with_article).collect();
            names.sort_by_key(|name| *name == "null");
            names.join(" or ")
        }
    }
}

fn with_article(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Null => "null",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "an integer",
        JsonType::Number => "a number",
        JsonType::String => "a string",
        JsonType::Array => "an array",
        JsonType::Object => "an object",
    }
}

fn found(instance: &Value) -> &'static str {
    match instance {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The values are the schema's, not the payload's.
fn one_of_values<'v>(values: impl Iterator<Item = &'v Value>) -> String {
    let shown: Vec<String> = values
        .map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
        .collect();
    format!("must be {}", choices(shown.iter()))
}

fn choices<T: Display>(names: impl ExactSizeIterator<Item = T>) -> String {
    let count = names.len();
    let mut listed = names.take(MOST_CHOICES).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if count > MOST_CHOICES {
        listed.push_str(", …");
    }
    if count == 1 { listed } else { format!("one of {listed}") }
}
