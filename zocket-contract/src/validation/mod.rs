//! Validating values against a schema, and explaining what is wrong with them.
//!
//! Two programs are made from a schema. `jsonschema` decides whether a value is valid. If it is not, our own walk (`run`)
//! finds out why, because that has to be bounded: `jsonschema` collects every violation of every branch that a value might
//! have matched, which can take seconds for a message of 60 KB, and forever with nested `anyOf`. Our walk counts violations,
//! writes messages only for the first few, and limits how often each value is looked at.

pub mod branch;
mod choices;
mod compile;
mod containers;
mod equal;
mod glance;
mod issue;
mod leaf;
mod program;
mod read;
mod run;
mod stream;
mod text;
mod tree;
mod types;
mod unevaluated;
mod words;

use std::{error::Error, fmt, sync::OnceLock};

use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};
use zocket_wire::json::{ParseError, from_str};

pub use issue::{Issue, Violations};
pub use leaf::options;

use crate::{document::Contract, pattern, schema::SchemaName};
use program::Program;
use run::{Place, Run};
use text::Text;

/// Validates values against one schema as a zocket server does: JSON Schema 2020-12 with formats asserted.
///
/// ```
/// use zocket_contract::Validator;
///
/// let schema = serde_json::json!({"type": "array", "items": {"type": "integer", "minimum": 1}});
/// let validator = Validator::new(&schema)?;
/// assert!(validator.check("[1, 2]").is_ok());
///
/// let violations = validator.check(r#"[0, "a"]"#).unwrap_err();
/// assert_eq!(violations.issues()[0].to_string(), "/0: must be at least 1 (minimum)");
/// assert_eq!(violations.issues()[1].to_string(), "/1: must be an integer, not a string (type)");
/// # Ok::<(), zocket_contract::InvalidSchema>(())
/// ```
pub struct Validator {
    schema: Value,
    decides: jsonschema::Validator,
    /// Made when the first value is rejected.
    explains: OnceLock<Program>,
}

impl Validator {
    /// Compiles a schema. What it refers to must be in its own `$defs`.
    ///
    /// # Errors
    /// It is not a JSON Schema 2020-12, or refers to something that does not exist.
    pub fn new(schema: &Value) -> Result<Self, InvalidSchema> {
        let schema = rounded(schema);
        let decides = options().build(&with_enforced_patterns(&schema)).map_err(|error| InvalidSchema {
            pointer: error.instance_path().to_string(),
            message: error.to_string(),
        })?;
        Ok(Self { schema, decides, explains: OnceLock::new() })
    }

    /// Whether a value is valid. This decides; [`explain`](Self::explain) only explains.
    #[must_use]
    pub fn is_valid(&self, value: &Value) -> bool {
        self.decides.is_valid(value)
    }

    /// What is wrong with a JSON text; `None` if nothing is found.
    ///
    /// Every violation that is found is real. The work is bounded by the size of the text, whatever the schema, so a value
    /// may be [invalid](Self::is_valid) although nothing is found.
    ///
    /// # Errors
    /// The text is not JSON, nests too deep, or has a number that no `f64` is near to.
    pub fn explain(&self, text: &str) -> Result<Option<Violations>, ParseError> {
        let Run { issues, count, .. } = self.walk(text)?;
        Ok((count > 0).then(|| Violations::new(issues, count)))
    }

    /// Validates a JSON text. A duplicate property that has its own schema is also a violation, since servers' types reject it.
    ///
    /// # Errors
    /// Everything that is wrong with it; not being JSON is one violation, of the rule "syntax".
    pub fn check(&self, json: &str) -> Result<(), Violations> {
        let no_json = |error: ParseError| Violations::from(Issue::from(error));
        let is_valid = self.is_valid(&from_str(json).map_err(no_json)?.value);
        let Run { issues, count, repeated, .. } = self.walk(json).map_err(no_json)?;
        match (is_valid, repeated) {
            (true, None) => Ok(()),
            (true, Some(repeated)) => Err(repeated.into()),
            (false, _) if issues.is_empty() => Err(Violations::unexplained()),
            (false, _) => Err(Violations::new(issues, count)),
        }
    }

    /// Validates an absent payload, which a server reads as `null`.
    ///
    /// # Errors
    /// An absent payload is not valid.
    pub fn check_absent(&self) -> Result<(), Violations> {
        if self.is_valid(&Value::Null) { Ok(()) } else { Err(Violations::absent()) }
    }

    /// How often values are looked at to explain what is wrong with a text: a machine-independent measure of the work.
    #[doc(hidden)]
    #[must_use]
    pub fn work(&self, json: &str) -> usize {
        self.walk(json).map_or(0, |run| run.looks)
    }

    fn walk(&self, text: &str) -> Result<Run<'_>, ParseError> {
        let mut run = Run::new(self.program());
        let mut reading = Text::new(text);
        let read = stream::check(&mut run, &mut reading, 0, &Place::ROOT).and_then(|()| reading.end());
        match read {
            Ok(()) => Ok(run),
            // It may be a number that is out of range, and what follows it no JSON.
            Err(error) => Err(from_str::<IgnoredAny>(text).err().unwrap_or_else(|| error.into())),
        }
    }

    fn program(&self) -> &Program {
        self.explains.get_or_init(|| Program::compile(&self.schema))
    }
}

impl fmt::Debug for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Validator").field("schema", &self.schema).finish_non_exhaustive()
    }
}

/// Why a schema cannot be enforced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSchema {
    pointer: String,
    message: String,
}

impl InvalidSchema {
    /// Where in the schema.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What is wrong there.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for InvalidSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no valid JSON Schema at `{}`: {}", self.pointer, self.message)
    }
}

impl Error for InvalidSchema {}

/// # Validating values against a contract
impl Contract {
    /// A validator for one of the contract's schemas. `None` if the contract has no such schema.
    ///
    /// # Errors
    /// The schema is invalid. This does not happen for a contract that was [parsed](Self::parse) or made by a
    /// server.
    pub fn validator(&self, name: SchemaName<'_>) -> Option<Result<Validator, InvalidSchema>> {
        Some(Validator::new(&self.enforced_schema(name)?))
    }
}

/// A schema whose patterns are rewritten for the engine.
fn with_enforced_patterns(schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let members = keywords.iter().map(|(keyword, value)| {
        let value = match (keyword.as_str(), value) {
            ("pattern", Value::String(pattern)) => pattern::enforced(pattern).into(),
            ("patternProperties", Value::Object(schemas)) => {
                let mut enforced = Map::new();
                for (pattern, schema) in schemas {
                    let mut pattern = pattern::enforced(pattern).into_owned();
                    // Two patterns may be rewritten to the same text, and both must apply.
                    while enforced.contains_key(&pattern) {
                        pattern.push_str("(?:)");
                    }
                    enforced.insert(pattern, with_enforced_patterns(schema));
                }
                Value::Object(enforced)
            }
            _ => crate::keywords::replace_schemas(keyword, value, &mut with_enforced_patterns),
        };
        (keyword.clone(), value)
    });
    Value::Object(members.collect())
}

/// A schema in which a 128-bit type's bound includes what is rounded to it.
///
/// The schema says `exclusiveMaximum: 2^127`, which is exact. Here numbers beyond 64 bits are only `f64`s, so `i128::MAX` is
/// 2^127 itself and would be rejected. With this schema it passes; a value that is really beyond the type is rejected by a
/// server when it deserializes the value.
fn rounded(schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let end = match keywords.get("format").and_then(Value::as_str) {
        Some("int128") => Some(json!(2_f64.powi(127))),
        Some("uint128") => Some(json!(2_f64.powi(128))),
        _ => None,
    };
    let members = keywords.iter().map(|(keyword, value)| {
        if keyword == "exclusiveMaximum" && end.as_ref() == Some(value) {
            ("maximum".to_owned(), value.clone())
        } else {
            (keyword.clone(), crate::keywords::replace_schemas(keyword, value, &mut rounded))
        }
    });
    Value::Object(members.collect::<Map<_, _>>())
}
