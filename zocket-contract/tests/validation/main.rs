//! Validating values against a schema: the messages, that they are true, and what they cost.

mod agreement;
mod bounds;
#[path = "../diff/random/mod.rs"]
#[allow(dead_code, unused_imports, unreachable_pub, reason = "shared with the tests of comparing")]
mod random;
mod words;

use serde_json::Value;
use zocket_contract::{Validator, Violations};

fn validator(schema: &Value) -> Validator {
    Validator::new(schema).unwrap_or_else(|error| panic!("{error}: {schema}"))
}

/// What is found wrong with a text.
fn explained(validator: &Validator, text: &str) -> Option<Violations> {
    validator.explain(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// `pointer keyword: message` of each violation that is listed.
fn said(schema: &Value, value: &Value) -> Vec<String> {
    let found = explained(&validator(schema), &value.to_string());
    let issues = found.iter().flatten();
    issues.map(|issue| format!("{} {}: {}", issue.path, issue.keyword, issue.message)).collect()
}
