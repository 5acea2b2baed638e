//! Patterns are ECMA 262 in Unicode mode: others are rejected with a spelling that works, and valid ones mean what they mean
//! in JavaScript.

mod node;
mod tables;

use serde_json::json;
use zocket_contract::Validator;
use zocket_contract::pattern::translated;

use tables::{MEANINGS, REFUSED};

/// Whether the server takes a text; `None` where it refuses the pattern.
fn takes(pattern: &str, text: &str) -> Option<bool> {
    translated(pattern).ok()?;
    let validator =
        Validator::new(&json!({"type": "string", "pattern": pattern})).expect("what is enforced is built");
    Some(validator.is_valid(&json!(text)))
}

#[test]
fn what_is_no_ecma_262_is_refused_with_the_spelling_that_works() {
    let mut wrong = Vec::new();
    for (pattern, expected) in REFUSED {
        match translated(pattern) {
            Ok(spelling) => wrong.push(format!("{pattern} was taken, as {spelling}")),
            Err(error) if !error.to_string().contains(expected) => wrong.push(format!("{pattern}: {error}")),
            Err(error) => assert!(error.to_string().contains("; help: "), "{error}"),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn hostile_patterns_are_refused_without_overflow() {
    for pattern in [
        "(".repeat(100_000),
        "(?:".repeat(5_000),
        "[".repeat(10_000),
        "a{1".repeat(5_000),
        "\\".repeat(9_999),
    ] {
        drop(translated(&pattern));
    }
    assert!(translated(&"(".repeat(200)).is_err());
    assert!(translated(&format!("{}a{}", "(".repeat(40), ")".repeat(40))).is_ok());
}

#[test]
fn a_pattern_means_what_it_means_in_ecma_262() {
    let mut wrong = Vec::new();
    for (pattern, texts) in MEANINGS {
        for (text, matches) in *texts {
            if takes(pattern, text) != Some(*matches) {
                wrong.push(format!("{pattern} and {text:?}: {:?}", translated(pattern)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn two_patterns_for_names_that_are_spelled_alike_both_hold() {
    let schema = json!({"patternProperties": {"^\\d$": {"type": "integer"}, "^[0-9]$": {"minimum": 5}}});
    let validator = Validator::new(&schema).unwrap();
    assert!(validator.check(r#"{"1": 5}"#).is_ok());
    assert!(validator.check(r#"{"1": 4}"#).is_err());
    assert!(validator.check(r#"{"1": 5.5}"#).is_err());
    assert!(validator.check(r#"{"٧": "x"}"#).is_ok());
    let named = Validator::new(&json!({"propertyNames": {"pattern": "^\\w+$"}})).unwrap();
    assert!(named.check(r#"{"a": 1}"#).is_ok() && named.check(r#"{"é": 1}"#).is_err());
}

#[test]
fn a_violation_shows_the_pattern_as_it_is_published() {
    let validator = Validator::new(&json!({"pattern": "^\\d\\b$"})).unwrap();
    let violations = validator.check("\"x\"").unwrap_err();
    assert_eq!(violations.issues()[0].to_string(), "must match the pattern ^\\d\\b$ (pattern)");
}
