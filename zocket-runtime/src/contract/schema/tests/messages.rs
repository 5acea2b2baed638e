//! What a client is told.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::compiled;
use super::types::*;
use crate::contract::schema::Issue;

/// `path keyword: message` of each issue.
fn told<T: JsonSchema + DeserializeOwned>(payload: Value) -> Vec<String> {
    told_raw::<T>(Some(&payload.to_string()))
}

fn told_raw<T: JsonSchema + DeserializeOwned>(raw: Option<&str>) -> Vec<String> {
    let line = |issue: &Issue| format!("{} {}: {}", issue.path, issue.keyword, issue.message);
    match compiled::<T>().parse::<T>(raw) {
        Ok(_) => Vec::new(),
        Err(issues) => issues.iter().map(line).collect(),
    }
}

#[test]
fn all_violations_are_told_at_once_in_plain_words() {
    let payload = json!({
        "bounded": "x", "exact": "abcd", "code": "nope", "email": "a", "url": "a", "at": "now", "address": "1", "letter": "ab",
        "fixed": "x", "listed": 3, "optional": "12345",
    });
    let expected = [
        "/address anyOf: fits none of the forms that are allowed here",
        "/at format: must be in the format `date-time`",
        "/bounded minLength: must be at least 2 characters long",
        "/code pattern: must match the pattern ^[A-Z]{2}\\d+$",
        "/email format: must be in the format `email`",
        "/exact maxLength: must be at most 3 characters long",
        "/fixed const: must be `fixed`",
        "/letter maxLength: must be at most 1 character long",
        "/listed type: must be a string, not a number",
        "/optional maxLength: must be at most 4 characters long",
        "/url format: must be in the format `uri`",
    ];
    let mut told = told::<Strings>(payload);
    told.sort();
    assert_eq!(told, expected);
}

#[test]
fn numbers_and_lists_say_their_limits() {
    let payload = json!({
        "bounded": 8, "adult": 17, "wider_than_its_type": 256, "fraction": 2.75, "exclusive": 10, "fives": 7,
        "non_zero": 0, "positive": 0, "optional": 1.5,
    });
    let mut numbers = told::<Numbers>(payload);
    numbers.sort();
    assert_eq!(
        numbers,
        [
            "/adult minimum: must be at least 18",
            "/bounded maximum: must be at most 7",
            "/exclusive exclusiveMaximum: must be less than 10",
            "/fives multipleOf: must be a multiple of 5",
            "/fraction maximum: must be at most 2.5",
            "/non_zero not: must not be 0",
            "/optional type: must be an integer or null, not a number with a fraction",
            "/positive minimum: must be at least 1",
            "/wider_than_its_type maximum: must be at most 255",
        ]
    );
    let payload = json!({
        "bounded": ["abc"], "set": [1, 1], "names": [], "array": [1], "two": [1, 2, 3], "empty": [], "nested": [[{"n": "x"}]],
        "some": {},
    });
    let mut lists = told::<Lists>(payload);
    lists.sort();
    assert_eq!(
        lists,
        [
            "/array minItems: must have at least 3 items",
            "/bounded/0 maxLength: must be at most 2 characters long",
            "/nested/0/0/n type: must be an integer, not a string",
            "/set uniqueItems: must not hold the same item twice",
            "/some minProperties: must have at least 1 property",
            "/two maxItems: must have at most 2 items",
        ]
    );
}

#[test]
fn a_missing_property_is_told_of_the_object_that_lacks_it() {
    assert_eq!(
        told::<Tree>(json!({"name": "a", "children": [{"name": "b"}]})),
        ["/children/0 required: the property `children` is required"]
    );
}

#[test]
fn an_unknown_property_is_told_by_its_own_path() {
    assert_eq!(
        told::<Closed>(json!({"n": 1, "a/b": 2, "c": 3})),
        [
            "/a~1b additionalProperties: is not a known property",
            "/c additionalProperties: is not a known property",
        ]
    );
}

#[test]
fn enums_are_judged_by_the_variant_that_is_meant() {
    assert_eq!(
        told::<External>(json!("nothing")),
        [" oneOf: must be one of `unit`, `other`, `new`, `pair`, `fields`"]
    );
    assert_eq!(told::<External>(json!({"unit": null})).len(), 1);
    assert_eq!(told::<External>(json!({"new": {"n": -1}})), ["/new/n minimum: must be at least 0"]);
    assert_eq!(
        told::<External>(json!({"pair": [1, "ab"]})),
        ["/pair/1 maxLength: must be at most 1 character long"]
    );
    assert_eq!(told::<External>(json!({"fields": {}})), ["/fields required: the property `a` is required"]);
    assert_eq!(
        told::<Internal>(json!({"kind": "none"})),
        ["/kind enum: must be one of `unit`, `new`, `fields`"]
    );
    assert_eq!(told::<Internal>(json!({"n": 1})), [" required: the property `kind` is required"]);
    assert_eq!(told::<Internal>(json!({"kind": "new"})), [" required: the property `n` is required"]);
    assert_eq!(told::<Internal>(json!({"kind": "fields", "a": 200})), ["/a maximum: must be at most 127"]);
    assert_eq!(told::<Adjacent>(json!({"t": "Fields", "c": {"a": 10}})), ["/c/a maximum: must be at most 9"]);
    assert_eq!(
        told::<Adjacent>(json!({"t": "X", "c": 1})),
        ["/t enum: must be one of `New`, `Pair`, `Fields`"]
    );
    assert_eq!(told::<Units>(json!("C")), [" enum: must be one of `A`, `B`"]);
    assert_eq!(told::<Units>(json!({"A": null})), [" type: must be a string, not an object"]);
}

#[test]
fn an_alternative_is_judged_alone_where_only_it_can_be_meant() {
    assert_eq!(told::<Untagged>(json!({"n": -1})), ["/n minimum: must be at least 0"]);
    assert_eq!(told::<Untagged>(json!([1])), ["/0 type: must be a string, not a number"]);
    let types = " type: must be an integer, an array, an object or null, not a boolean";
    assert_eq!(told::<Untagged>(json!(true)), [types]);
    assert_eq!(told::<Option<Leaf>>(json!({"n": -1})), ["/n minimum: must be at least 0"]);
}

#[test]
fn an_absent_payload_is_null_to_those_who_take_it_and_missing_to_others() {
    assert_eq!(told_raw::<()>(None), [""; 0]);
    assert_eq!(told_raw::<Option<Leaf>>(None), [""; 0]);
    for told in [told_raw::<Leaf>(None), told_raw::<Strings>(None), told_raw::<Internal>(None)] {
        assert_eq!(told, [" required: a payload is required"]);
    }
}

#[test]
fn what_only_the_type_knows_is_told_as_the_type_says_it() {
    assert_eq!(told_raw::<Leaf>(Some(r#"{"n":1,"n":2}"#)), [" duplicate: the property `n` is given twice"]);
    assert_eq!(
        told_raw::<Leaf>(Some(r#"{"n":01}"#)),
        ["/n syntax: a number must not begin with a zero, at byte 5 of the payload"]
    );
    assert_eq!(
        told_raw::<std::collections::BTreeMap<u8, u8>>(Some(r#"{"300":1}"#)),
        ["/300 propertyNames: the property name must be an integer"]
    );
}

#[test]
fn the_number_of_issues_and_the_length_of_paths_are_bounded() {
    let violations =
        compiled::<Vec<u8>>().parse::<Vec<u8>>(Some(&json!(vec![-1; 1_000]).to_string())).unwrap_err();
    assert_eq!((violations.iter().len(), violations.count()), (20, 1_000));
    let violations = compiled::<std::collections::BTreeMap<String, u8>>()
        .parse::<std::collections::BTreeMap<String, u8>>(Some(&json!({"k".repeat(50_000): -1}).to_string()))
        .unwrap_err();
    assert!(violations.issues()[0].path.len() < 600);
}

#[test]
fn no_message_repeats_a_value() {
    let secret = json!("s3cret");
    let mut payloads = vec![secret.clone(), json!([secret]), json!({"kind": secret}), json!({"s3cret": 1})];
    for name in [
        "bounded", "code", "email", "at", "address", "letter", "fixed", "listed", "optional", "t", "c", "n",
        "own",
    ] {
        payloads.push(json!({name: "s3cret"}));
    }
    for payload in payloads {
        let mut all = told::<Strings>(payload.clone());
        all.extend(told::<Numbers>(payload.clone()));
        all.extend(told::<External>(payload.clone()));
        all.extend(told::<Internal>(payload.clone()));
        all.extend(told::<Adjacent>(payload.clone()));
        all.extend(told::<Untagged>(payload.clone()));
        all.extend(told::<Flat>(payload.clone()));
        all.extend(told::<Std>(payload));
        assert!(all.iter().all(|line| !line.contains("s3cret")), "{all:?}");
    }
}

#[test]
fn nesting_to_the_limit_is_judged_without_overflow() {
    let nested = |depth: usize| {
        let open = r#"{"name":"a","children":["#;
        format!("{}{}", open.repeat(depth), "]}".repeat(depth))
    };
    assert_eq!(told_raw::<Tree>(Some(&nested(64))), [""; 0]);
    assert!(told_raw::<Tree>(Some(&nested(65)))[0].contains("nested too deep"));
    assert!(told_raw::<Tree>(Some(&nested(10_000)))[0].contains("nested too deep"));
}

#[test]
fn the_ends_of_the_widest_types_are_taken_and_what_lies_beyond_is_not() {
    /// The pattern has the validator run.
    #[derive(serde::Deserialize, JsonSchema)]
    #[allow(dead_code)]
    struct Wide {
        signed: i128,
        unsigned: u128,
        float: f32,
        #[schemars(length(max = 1))]
        text: String,
    }
    let payload = |signed: &str, unsigned: &str, float: &str| {
        format!(r#"{{"signed":{signed},"unsigned":{unsigned},"float":{float},"text":""}}"#)
    };
    let (most, least, unsigned) = (i128::MAX.to_string(), i128::MIN.to_string(), u128::MAX.to_string());
    for float in [f32::MAX, f32::MIN] {
        let float = serde_json::to_string(&float).unwrap();
        for signed in [&most, &least] {
            assert_eq!(told_raw::<Wide>(Some(&payload(signed, &unsigned, &float))), [""; 0]);
        }
    }
    let beyond = [
        payload("170141183460469231731687303715884105728", "0", "0"),
        payload("0", "340282366920938463463374607431768211456", "0"),
        payload("0", "0", "3.4028236e38"),
    ];
    for payload in beyond {
        assert_eq!(told_raw::<Wide>(Some(&payload)).len(), 1, "{payload}");
    }
}
