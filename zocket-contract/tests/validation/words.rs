//! The messages.

use serde_json::{Value, json};

use super::{said, validator};

fn says(schema: Value, value: Value, lines: &[&str]) {
    assert_eq!(said(&schema, &value), lines, "{value} of {schema}");
}

#[test]
fn each_rule_in_its_words() {
    says(
        json!({"type": ["integer", "null"]}),
        json!(1.5),
        &[" type: must be an integer or null, not a number with a fraction"],
    );
    says(
        json!({"type": ["boolean", "number", "string"]}),
        json!([]),
        &[" type: must be a boolean, a number or a string, not an array"],
    );
    says(json!({"const": {"a": 1}}), json!(1), &[r#" const: must be `{"a":1}`"#]);
    says(json!({"enum": [1, "x", null]}), json!(2), &[" enum: must be one of `1`, `x`, `null`"]);
    says(
        json!({"minimum": 1, "multipleOf": 2}),
        json!(-1),
        &[" minimum: must be at least 1", " multipleOf: must be a multiple of 2"],
    );
    says(json!({"maximum": 1.5}), json!(2), &[" maximum: must be at most 1.5"]);
    says(json!({"exclusiveMinimum": 1}), json!(1.0), &[" exclusiveMinimum: must be more than 1"]);
    says(json!({"exclusiveMaximum": 1}), json!(1), &[" exclusiveMaximum: must be less than 1"]);
    says(json!({"minLength": 1}), json!(""), &[" minLength: must be at least 1 character long"]);
    says(json!({"maxLength": 2}), json!("äöü"), &[" maxLength: must be at most 2 characters long"]);
    says(json!({"format": "ipv4"}), json!("x"), &[" format: must be in the format `ipv4`"]);
    says(json!({"format": "no such format"}), json!("x"), &[]);
    says(json!({"minItems": 2}), json!([]), &[" minItems: must have at least 2 items"]);
    says(
        json!({"prefixItems": [true], "items": false}),
        json!([1, 2, 3]),
        &[" items: must have at most 1 item"],
    );
    says(json!({"contains": {"const": 1}}), json!([]), &[" contains: lacks an item that must be there"]);
    says(
        json!({"contains": true, "maxContains": 1}),
        json!([1, 2]),
        &[" maxContains: has more than 1 of the items that may be there only so often"],
    );
    says(
        json!({"uniqueItems": true}),
        json!([{"a": 1, "b": 2}, {"b": 2.0, "a": 1}]),
        &[" uniqueItems: must not hold the same item twice"],
    );
    says(json!({"minProperties": 1}), json!({}), &[" minProperties: must have at least 1 property"]);
    says(json!({"maxProperties": 0}), json!({"a": 1}), &[" maxProperties: must have at most 0 properties"]);
    says(
        json!({"dependentRequired": {"a": ["b"]}}),
        json!({"a": 1}),
        &[" dependentRequired: the property `b` is required where `a` is given"],
    );
    says(
        json!({"propertyNames": {"maxLength": 1}}),
        json!({"a/b": 1}),
        &["/a~1b propertyNames: is not an allowed property name"],
    );
    says(json!({"not": {"type": "null"}}), json!(null), &[" not: is of a form that is excluded here"]);
    says(json!({"properties": {"a": false}}), json!({"a": 1}), &["/a false: must not be here"]);
    says(json!({"allOf": [{"minimum": 1}, {"minimum": 1}]}), json!(0), &[" minimum: must be at least 1"]);
    says(
        json!({"anyOf": [{"type": "null"}, {"type": "string"}]}),
        json!(1),
        &[" type: must be a string or null, not a number"],
    );
    says(
        json!({"anyOf": [{"minimum": 3}, {"maximum": 1}]}),
        json!(2),
        &[" anyOf: fits none of the forms that are allowed here"],
    );
    says(
        json!({"oneOf": [{"minimum": 1}, {"maximum": 3}]}),
        json!(2),
        &[" oneOf: fits more than one of the forms that exclude each other"],
    );
    says(
        json!({"anyOf": [{"type": "object", "required": ["a"]}, {"type": "null"}]}),
        json!({}),
        &[" required: the property `a` is required"],
    );
}

#[test]
fn the_ends_of_128_bits_are_not_taken_for_what_lies_beyond() {
    let schema = json!({"type": "integer", "format": "int128", "exclusiveMaximum": 2_f64.powi(127)});
    assert!(validator(&schema).check(&i128::MAX.to_string()).is_ok());
    assert!(validator(&schema).check("1e39").is_err());
}

#[test]
fn a_property_that_is_given_twice_is_refused_where_it_has_a_schema() {
    let validator = validator(&json!({"properties": {"a": {"type": "integer"}}}));
    let refused = validator.check(r#"{"a": 1, "a": 2}"#).unwrap_err();
    assert_eq!(refused.issues()[0].to_string(), "the property `a` is given twice (duplicate)");
    assert!(validator.check(r#"{"b": 1, "b": 2}"#).is_ok());
    // What else is wrong comes first, as servers have it.
    assert_eq!(validator.check(r#"{"a": 1, "a": ""}"#).unwrap_err().issues()[0].path, "/a");
}
