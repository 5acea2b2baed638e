//! Malicious or nonsensical contracts: the comparison ends soon, without a panic, and reports a break whenever it cannot
//! rule one out.

use std::{
    fs,
    sync::LazyLock,
    time::{Duration, Instant},
};

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use zocket_contract::Diff;

use super::random::{Random, document};
use super::{Place, compare};

/// Compares, and checks that it ends: in less than a second if optimized and alone on the machine.
fn soon(old: &Value, new: &Value) -> Diff {
    let start = worked();
    let diff = compare(Place::Payload, old, new);
    let took = worked() - start;
    assert!(took < Duration::from_secs(60), "took {took:?}");
    diff
}

/// How long this thread has run so far. Where the system does not say, how long this program has: on a busy machine that is more.
fn worked() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let scheduled = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let on_cpu = scheduled.as_deref().and_then(|line| line.split(' ').next()?.parse().ok());
    on_cpu.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// Definitions `D0` to `Dn`, each made of the name of the next.
fn chain(count: usize, link: impl Fn(&str) -> Value, last: Value) -> Value {
    let mut definitions: Map<String, Value> =
        (0..count).map(|n| (format!("D{n}"), link(&format!("#/$defs/D{}", n + 1)))).collect();
    definitions.insert(format!("D{count}"), last);
    json!({"$ref": "#/$defs/D0", "$defs": definitions})
}

fn limited(diff: &Diff) -> bool {
    diff.changes().iter().any(|change| change.undecided && change.kind == "limits")
}

#[test]
fn schemas_deeper_than_the_limit_are_not_followed() {
    let link =
        |next: &str| json!({"type": "object", "properties": {"next": {"$ref": next}}, "required": ["next"]});
    let of = |most: u8| chain(3000, link, json!({"type": "integer", "maximum": most}));
    let diff = soon(&of(5), &of(6));
    assert!(diff.is_breaking() && limited(&diff), "{diff}");
    assert!(soon(&of(5), &of(5)).is_empty());
    // Within the limit, it is found.
    let of = |most: u8| chain(40, link, json!({"type": "integer", "maximum": most}));
    let diff = soon(&of(6), &of(5));
    assert_eq!(diff.changes()[0].path, "/next".repeat(40));
    assert_eq!(diff.changes()[0].kind, "maximum");
    assert!(!soon(&of(5), &of(6)).is_breaking());
}

#[test]
fn references_that_go_in_circles_mean_nothing() {
    for circle in [
        json!({"$ref": "#/$defs/A"}),
        json!({"allOf": [{"$ref": "#/$defs/A"}]}),
        json!({"not": {"$ref": "#/$defs/A"}}),
    ] {
        let of = |most: u8| json!({"type": "array", "maxItems": most, "items": {"$ref": "#/$defs/A"}, "$defs": {"A": circle}});
        let beside = |most: u8| json!({"type": "array", "items": {"allOf": [{"$ref": "#/$defs/A"}, {"maximum": most}]}, "$defs": {"A": circle}});
        assert!(soon(&of(5), &of(4)).is_breaking());
        assert!(!soon(&of(4), &of(5)).is_breaking(), "what has not changed is no matter");
        assert!(soon(&beside(5), &beside(4)).is_breaking());
    }
}

#[test]
fn forms_that_are_closed_over_themselves_are_no_trouble() {
    // Found by the property test: to close the one, the other was looked at, and so on.
    let of = |most: u8| {
        json!({"$ref": "#/$defs/A", "$defs": {"A": {"oneOf": [
            {"type": "object", "properties": {"kind": {"const": "x"}, "n": {"maximum": most}}, "required": ["kind"]},
            {"type": "object", "properties": {"a": {"type": "object", "properties": {
                "c": {"$ref": "#/$defs/A", "type": "object", "unevaluatedProperties": false},
            }, "required": ["c"]}}, "required": ["a"]},
        ]}}})
    };
    assert!(soon(&of(5), &of(4)).is_breaking());
    assert!(soon(&of(5), &of(5)).is_empty());
}

#[test]
fn references_that_lead_nowhere_are_undecided_where_something_changes() {
    let of = |most: u8| json!({"allOf": [{"$ref": "#/$defs/Missing"}, {"maximum": most}]});
    assert!(soon(&of(4), &of(5)).is_breaking());
    let of = |most: u8| json!({"type": "array", "maxItems": most, "items": {"$ref": "#/elsewhere"}});
    assert!(soon(&of(4), &of(5)).changes().iter().any(|change| change.undecided));
}

#[test]
fn the_same_definition_by_many_ways_is_compared_once() {
    // 2^60 ways lead to the last one.
    let link =
        |next: &str| json!({"type": "object", "properties": {"a": {"$ref": next}, "b": {"$ref": next}}});
    let of = |most: u8| chain(60, link, json!({"type": "integer", "maximum": most}));
    let diff = soon(&of(5), &of(4));
    assert!(diff.is_breaking());
    assert!(diff.changes().len() <= 200, "{}", diff.changes().len());
    assert!(!soon(&of(4), &of(5)).is_breaking());
}

#[test]
fn unions_that_multiply_are_given_up() {
    let union = |n: usize| {
        let branches: Vec<Value> = (0..4)
            .map(|k| json!({"properties": {format!("p{n}"): {"const": k}}, "required": [format!("p{n}")]}))
            .collect();
        json!({ "anyOf": branches })
    };
    let of = |most: u8| {
        let mut all: Vec<Value> = (0..16).map(union).collect();
        all.push(json!({"maxProperties": most}));
        json!({ "allOf": all })
    };
    let diff = soon(&of(20), &of(21));
    assert!(limited(&diff), "{diff}");
    assert!(soon(&of(20), &of(20)).is_empty());
}

#[test]
fn work_ends_with_the_budget() {
    // A thousand forms on both sides, none of which rules another out.
    let union = |n: usize, most: u64| {
        let branches: Vec<Value> = (0..1000)
            .map(|k| {
                let properties: Map<String, Value> = (0..n)
                    .map(|n| {
                        (format!("p{n}"), json!({"type": "integer", "minimum": k % 7, "maximum": most + k}))
                    })
                    .collect();
                json!({"type": "object", "properties": properties})
            })
            .collect();
        json!({ "anyOf": branches })
    };
    let diff = soon(&union(10, 100), &union(10, 99));
    assert!(diff.is_breaking());
}

#[test]
fn an_enum_of_many_variants_is_no_trouble() {
    let of = |count: usize, most: u8| {
        let branches: Vec<Value> = (0..count)
            .map(|n| {
                json!({"type": "object", "required": ["kind"], "properties": {
                    "kind": {"type": "string", "const": format!("k{n}")}, "n": {"type": "integer", "maximum": most}}})
            })
            .collect();
        json!({ "oneOf": branches })
    };
    let diff = soon(&of(200, 5), &of(201, 6));
    assert!(!diff.is_breaking(), "{diff}");
    let diff = soon(&of(200, 5), &of(199, 5));
    let told: Vec<String> = diff.changes().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["call payload /kind: `k199` is not accepted any more: clients that send it are refused"]
    );
}

#[test]
fn many_differences_are_not_all_told() {
    let of = |most: u8| {
        let properties: Map<String, Value> =
            (0..5000).map(|n| (format!("p{n}"), json!({"type": "integer", "maximum": most}))).collect();
        json!({"type": "object", "properties": properties})
    };
    let diff = soon(&of(5), &of(4));
    assert!(diff.is_breaking());
    assert!(diff.changes().len() < 1000, "{}", diff.changes().len());
}

#[test]
fn what_is_no_schema_is_undecided() {
    let strange = [
        json!(5),
        json!(null),
        json!({"type": 5}),
        json!({"type": "strin"}),
        json!({"properties": []}),
        json!({"type": "string", "allOf": [3]}),
        json!({"required": "a"}),
        json!({"required": [1]}),
        json!({"minimum": "a"}),
        json!({"maxLength": -1}),
        json!({"maxLength": 1.5}),
        json!({"multipleOf": 0}),
        json!({"oneOf": {}}),
        json!({"pattern": "(["}),
        json!({"patternProperties": {"([": {"type": "string"}}}),
        json!({"enum": 1}),
        json!({"prefixItems": {}}),
        json!({"items": []}),
        json!({"$ref": 1}),
        json!({"not": 1}),
        json!({"format": "colour"}),
    ];
    for schema in strange {
        let of = |schema: &Value| json!({"type": "object", "properties": {"a": schema}});
        assert!(soon(&of(&json!(true)), &of(&schema)).is_breaking(), "{schema}");
        assert!(soon(&of(&schema), &of(&schema)).is_empty(), "{schema}");
    }
}

/// Any JSON, with the words of schemas in it.
fn wild() -> impl Strategy<Value = Value> {
    let keyword = prop::sample::select(vec![
        "type",
        "properties",
        "items",
        "prefixItems",
        "$ref",
        "oneOf",
        "anyOf",
        "allOf",
        "not",
        "enum",
        "const",
        "minimum",
        "maxLength",
        "required",
        "additionalProperties",
        "patternProperties",
        "propertyNames",
        "unevaluatedProperties",
        "if",
        "then",
        "contains",
        "multipleOf",
        "format",
        "pattern",
        "uniqueItems",
        "default",
        "description",
        "$defs",
        "a",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec!["object", "string", "integer", "#/$defs/A", "a", "([", "uuid"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(keyword.clone(), inner, 0..6).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<Map<_, _>>()
                .into()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn nothing_panics(old in wild(), new in wild(), seed: u64) {
        let with = |schema: &Value| json!({"allOf": [schema], "$defs": {"A": new}});
        let diff = compare(Place::Payload, &with(&old), &with(&new));
        prop_assert_eq!(diff.to_json()["breaking"].as_bool(), Some(diff.is_breaking()));
        let _ = diff.to_string();
        let drawn = document(&mut Random(seed));
        let _ = compare(Place::Reply, &drawn, &with(&new)).to_string();
        let _ = compare(Place::Headers, &with(&old), &drawn).to_string();
        prop_assert!(compare(Place::Payload, &with(&old), &with(&old)).is_empty());
    }
}
