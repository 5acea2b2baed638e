//! The walk that explains agrees with the validator that decides: for random schemas and values, it finds a violation
//! exactly if there is one.

use jsonschema::Draft;
use serde_json::{Value, json};

use super::random::{Random, Values, document};
use super::{explained, validator};

const VALUES: usize = 40;

/// Schemas with what the generator of the other tests leaves out, each around one that it makes.
fn wrapped(random: &mut Random, inner: Value) -> Value {
    let definitions = inner["$defs"].clone();
    let mut inner = inner;
    inner.as_object_mut().expect("an object").remove("$defs");
    let other = || json!({"type": ["integer", "array", "null"], "minItems": 1});
    let mut outer = match random.below(14) {
        0 => json!({"oneOf": [inner, other()]}),
        1 => json!({"oneOf": [inner.clone(), inner]}),
        2 => json!({"anyOf": [{"allOf": [inner, other()]}, {"const": {"a": 1}}]}),
        3 => json!({"type": "array", "contains": inner, "minContains": random.below(3), "maxContains": 2}),
        4 => json!({"type": "array", "prefixItems": [inner], "unevaluatedItems": false}),
        5 => json!({"type": "array", "contains": inner, "unevaluatedItems": {"type": "string"}}),
        6 => json!({"type": "array", "items": inner, "uniqueItems": true}),
        7 => json!({"if": inner, "then": {"maxProperties": 2}, "else": {"maxItems": 1, "maxLength": 1}}),
        8 => json!({"not": inner}),
        9 => {
            json!({"allOf": [inner], "anyOf": [{"required": ["a"]}, {"required": ["b"]}, {"type": "array"}]})
        }
        10 => {
            json!({"type": "object", "propertyNames": {"enum": ["a", "kind"]}, "additionalProperties": inner})
        }
        11 => json!({"allOf": [inner], "unevaluatedProperties": {"type": "integer"}}),
        12 => {
            json!({"dependentRequired": {"a": ["b", "kind"]}, "properties": {"b": inner}, "minProperties": 1})
        }
        _ => inner,
    };
    outer["$defs"] = definitions;
    outer
}

#[test]
fn something_is_found_exactly_where_something_is_wrong() {
    let (mut fine, mut wrong) = (0, 0);
    for seed in 0..2_000 {
        let mut random = Random(seed);
        let drawn = document(&mut random);
        let root = wrapped(&mut random, drawn);
        let oracle = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .build(&root)
            .unwrap_or_else(|error| panic!("{error}: {root}"));
        let validator = validator(&root);
        let values = Values { root: &root, fault_in: 12 };
        for _ in 0..VALUES {
            let mut value = values.draw(&mut random);
            if random.one_in(3) {
                value = json!([value, values.draw(&mut random), value]);
            }
            let text = value.to_string();
            let found = explained(&validator, &text);
            let valid = oracle.is_valid(&value);
            assert_eq!(found.is_none(), valid, "seed {seed}: {value} of {root}: {found:?}");
            assert_eq!(validator.is_valid(&value), valid, "seed {seed}: {value} of {root}");
            assert_eq!(validator.check(&text).is_ok(), valid, "seed {seed}: {value} of {root}");
            *if valid { &mut fine } else { &mut wrong } += 1;
            for issue in found.iter().flatten() {
                assert!(value.pointer(&issue.path).is_some(), "seed {seed}: {issue:?} in {value}");
            }
        }
    }
    // Both verdicts occur.
    assert!(fine > 20_000 && wrong > 20_000, "{fine} fine, {wrong} wrong");
}
