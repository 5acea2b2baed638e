//! The cost of explaining what is wrong, counted in looks at values, and the length of the explanations.

use serde_json::{Value, json};
use zocket_contract::Violations;

use super::{said, validator};

/// The looks at values for a schema and a text, and what was found.
fn explained(schema: &Value, text: &str) -> (usize, Violations) {
    let validator = validator(schema);
    let found = validator.check(text).expect_err("what is not valid is never without a violation");
    assert!(found.issues().len() <= Violations::MOST_ISSUES);
    (validator.work(text), found)
}

#[test]
fn each_wrong_item_is_counted_and_looked_at_once() {
    let schema = json!({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}});
    let text = json!(vec!["x"; 29_900]).to_string();
    let (work, found) = explained(&schema, &text);
    assert_eq!((found.count(), found.issues().len(), found.more()), (29_900, 20, 29_880));
    assert_eq!(work, 29_900);
    assert_eq!(found.to_string().lines().last(), Some("and 29880 more"));
}

#[test]
fn the_form_that_is_meant_is_looked_at_once_at_every_level() {
    let schema = json!({
        "$ref": "#/$defs/Node",
        "$defs": {"Node": {
            "type": "object",
            "properties": {
                "n": {"type": "integer"},
                "next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]},
                "kind": {"oneOf": [
                    {"type": "object", "properties": {"t": {"const": "a"}, "of": {"$ref": "#/$defs/Node"}}, "required": ["t", "of"]},
                    {"type": "object", "properties": {"t": {"const": "b"}, "of": {"$ref": "#/$defs/Node"}}, "required": ["t", "of"]},
                ]},
            },
            "required": ["n"],
        }},
    });
    let value = json!({"n": 1, "next": {"n": 1, "kind": {"t": "b", "of": {"n": "wrong"}}}});
    let (work, found) = explained(&schema, &value.to_string());
    assert_eq!(found.issues()[0].path, "/next/kind/of/n");
    assert_eq!(found.count(), 1);
    // Root, its reference, and three for each of the two forms: the form, the reference in it, what that refers to; and each `n`.
    assert!(work < 20, "{work}");
    let mut value = json!({"n": "wrong"});
    for _ in 0..60 {
        value = json!({"n": 1, "next": value});
    }
    let (work, found) = explained(&schema, &value.to_string());
    assert_eq!(found.count(), 1);
    assert!(work < 60 * 6, "{work}");
}

/// At every level two forms, and both go on: 2^100 ways through.
fn forking(keyword: &str) -> Value {
    json!({
        "$ref": "#/$defs/Fork",
        "$defs": {"Fork": {keyword: [
            {"type": "object", "properties": {"a": {"$ref": "#/$defs/Fork"}, "x": {"type": "string"}}, "required": ["a"]},
            {"type": "object", "properties": {"a": {"$ref": "#/$defs/Fork"}, "y": {"type": "string"}}, "required": ["a"]},
            {"const": 1},
        ]}},
    })
}

#[test]
fn forms_within_forms_do_not_multiply() {
    for keyword in ["anyOf", "oneOf"] {
        for levels in [1, 5, 20, 60, 100] {
            let text = format!("{}2{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
            let (work, found) = explained(&forking(keyword), &text);
            assert!(work <= 16 * (levels + 1) + 1_000, "{keyword}, {levels} levels: {work}");
            assert!(found.count() >= 1);
        }
    }
}

#[test]
fn what_is_looked_at_grows_with_the_value_whatever_the_schema() {
    let many = |schema: Value| json!({"type": "array", "items": schema});
    for schema in [
        many(json!({"anyOf": [{"minimum": 5}, {"maximum": -5}, {"const": 0.5}, {"multipleOf": 7}]})),
        many(json!({"oneOf": [{"minimum": 0}, {"maximum": 9}]})),
        many(json!({"not": {"type": "integer"}})),
        many(json!({"if": {"type": "integer"}, "then": false})),
        many(json!({"allOf": [{"minimum": 5}, {"minimum": 6}, {"minimum": 7}]})),
        json!({"uniqueItems": true}),
        json!({"contains": {"type": "string"}}),
        json!({"maxItems": 3}),
        json!({"unevaluatedItems": false}),
        json!({"prefixItems": [true], "items": false}),
    ] {
        let text = json!(vec![1; 10_000]).to_string();
        let (work, found) = explained(&schema, &text);
        assert!(work <= 70_000, "{schema}: {work}");
        assert!(!found.issues().is_empty());
    }
    let members: serde_json::Map<String, Value> = (0..10_000).map(|n| (format!("k{n}"), json!(n))).collect();
    let text = Value::from(members).to_string();
    for schema in [
        json!({"additionalProperties": false}),
        json!({"propertyNames": {"maxLength": 2}}),
        json!({"patternProperties": {"^k": {"type": "string"}}}),
        json!({"unevaluatedProperties": false}),
        json!({"maxProperties": 2}),
        json!({"properties": {"k1": {"type": "string"}}}),
    ] {
        let (work, found) = explained(&schema, &text);
        assert!(work <= 50_000, "{schema}: {work}");
        assert!(!found.issues().is_empty());
    }
}

#[test]
fn sets_within_sets_are_hashed_once() {
    let schema =
        json!({"$ref": "#/$defs/S", "$defs": {"S": {"uniqueItems": true, "items": {"$ref": "#/$defs/S"}}}});
    let inner = json!((0..5_000).collect::<Vec<_>>()).to_string();
    let text = format!("{}{inner}{}", "[1,2,".repeat(100), ",2]".repeat(100));
    let (_, found) = explained(&schema, &text);
    assert_eq!(found.count(), 100);
}

#[test]
fn a_pattern_that_goes_back_for_ever_is_tried_on_one_text() {
    let schema = json!({"type": "array", "items": {"type": "string", "pattern": "^(a|aa)+(?=b)$"}});
    let text = json!(vec!["a".repeat(40); 500]).to_string();
    let (_, found) = explained(&schema, &text);
    assert_eq!(found.count(), 1);
    assert_eq!(found.issues()[0].message, "is too costly to match against its pattern");
}

#[test]
fn what_is_said_is_short_whatever_was_sent() {
    let long = "k".repeat(60_000);
    let closed = json!({"additionalProperties": false, "required": ["a"]});
    for (schema, value) in [
        (closed, json!({&long: 1})),
        (json!({"additionalProperties": {"type": "string"}}), json!({&long: 1})),
        (json!({"propertyNames": {"maxLength": 2}}), json!({&long: 1})),
        (json!({"enum": ["a"]}), json!(long)),
        (json!({"pattern": "^b"}), json!(long)),
        (json!({"not": {"const": &long}}), json!(long)),
        (
            json!({"additionalProperties": {"additionalProperties": {"maximum": 1}}}),
            json!({&long: {&long: 2}}),
        ),
        (json!({"uniqueItems": true}), json!([long, long])),
        (json!({"enum": vec![long.clone(); 30]}), json!(1)),
    ] {
        for line in said(&schema, &value) {
            assert!(line.len() < 1_700, "{} bytes", line.len());
        }
        assert!(!said(&schema, &value).is_empty());
    }
    let many: serde_json::Map<String, Value> =
        (0..1_000).map(|n| (format!("{n}{}", "k".repeat(50)), json!(n))).collect();
    assert_eq!(said(&json!({"additionalProperties": false}), &many.into()).len(), Violations::MOST_ISSUES);
}

#[test]
fn a_schema_that_refers_to_nothing_but_itself_ends() {
    let schema = json!({"$ref": "#/$defs/A", "minimum": 2, "$defs": {"A": {"$ref": "#/$defs/A"}}});
    let (_, found) = explained(&schema, "1");
    assert_eq!(found.issues()[0].message, "must be at least 2");
}
