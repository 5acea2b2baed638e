//! Contracts that no Rust router makes: any content gives a file or an error, in reasonable time.

use std::fmt::Write;
use std::time::Instant;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use zocket_contract::Contract;

use super::client;

fn contract(definitions: Value, routes: Value) -> Contract {
    Contract::seal(json!({"zocket": "0.1", "router": "test", "$defs": definitions, "routes": routes}))
}

/// The declarations of some definitions.
fn declared(definitions: Value) -> Result<String, String> {
    let text = client(&contract(definitions, json!([]))).map_err(|error| error.to_string())?;
    let start = text.find("export").expect("something is declared");
    let end = text.find("export interface Calls").expect("calls are declared");
    Ok(text[start..end].trim().to_owned())
}

fn assert_declared(schema: Value, expected: &str) {
    assert_eq!(declared(json!({"T": schema})).as_deref(), Ok(expected), "{schema}");
}

#[test]
fn schemas_and_their_types() {
    for (schema, ty) in [
        (json!(true), "unknown"),
        (json!({}), "unknown"),
        (json!(false), "never"),
        (json!({"type": "null"}), "null"),
        (json!({"type": ["string", "null"]}), "string | null"),
        (
            json!({"type": ["integer", "boolean"], "minimum": 0, "maximum": 9_007_199_254_740_991_i64}),
            "number | boolean",
        ),
        (json!({"type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_992_i64}), "Integer"),
        (
            json!({"type": "integer", "exclusiveMinimum": -9_007_199_254_740_992_i64, "exclusiveMaximum": 9_007_199_254_740_992_u64}),
            "number",
        ),
        (json!({"type": "integer", "minimum": 0}), "Integer"),
        (json!({"type": "integer"}), "Integer"),
        (json!({"type": "integer", "minimum": -1e300, "maximum": 1e300}), "Integer"),
        (json!({"type": "number", "format": "double"}), "number"),
        (json!({"type": "number"}), "number | bigint"),
        (json!({"const": "a\"b"}), "\"a\\\"b\""),
        (json!({"const": -1}), "-1"),
        (json!({"const": u64::MAX}), "18446744073709551615n"),
        (json!({"const": 1e300}), "1e300"),
        (json!({"const": 0.25}), "0.25"),
        (json!({"enum": ["a", null, 1, true, "a"]}), "\"a\" | null | 1 | true"),
        (json!({"type": "string", "enum": ["a", "b"]}), "\"a\" | \"b\""),
        (json!({"type": "string", "oneOf": [{"const": "a"}, {"const": "b"}]}), "\"a\" | \"b\""),
        (json!({"anyOf": [{"type": "string"}, {"const": "a"}]}), "string"),
        (json!({"anyOf": [{"type": "string"}, true]}), "unknown"),
        (json!({"anyOf": [{"type": "string"}, false]}), "string"),
        (json!({"allOf": [{"type": "string"}, {"not": {"const": "x"}}]}), "string"),
        (json!({"type": "array"}), "unknown[]"),
        (json!({"type": "array", "items": {"type": ["string", "null"]}}), "(string | null)[]"),
        (json!({"type": "array", "prefixItems": [{"type": "string"}, true]}), "unknown[]"),
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "null"}], "items": false}),
            "(string | null)[]",
        ),
        (json!({"type": "object"}), "Record<string, unknown>"),
        (json!({"type": "object", "additionalProperties": false}), "Record<string, never>"),
        (json!({"type": "object", "additionalProperties": {"type": "string"}}), "Record<string, string>"),
        (json!({"items": {"type": "string"}}), "string[]"),
        (
            json!({"properties": {"b": true, "a": {"type": "string"}}, "required": ["b"], "additionalProperties": {"type": "boolean"}}),
            "{ b: unknown; a?: string } & Record<string, unknown>",
        ),
        (
            json!({"properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "boolean"}}),
            "{ a?: string } & Record<string, string | boolean>",
        ),
        (
            json!({"properties": {"a": true}, "allOf": [{"properties": {"b": true}}, {"properties": {"b": {"type": "string"}}}]}),
            "{ a?: unknown; b?: unknown } & { b?: string }",
        ),
        (
            json!({"type": "object", "oneOf": [{"properties": {"a": true}}, {"properties": {"b": true}}]}),
            "{ a?: unknown } | { b?: unknown }",
        ),
    ] {
        assert_declared(schema, &format!("export type T = {ty};"));
    }
}

#[test]
fn what_refers_to_itself() {
    let of = |definitions| declared(definitions);
    let node = json!({"A": {"type": "object", "properties": {"next": {"$ref": "#/$defs/A"}}}});
    assert_eq!(of(node).as_deref(), Ok("export interface A {\n  next?: A;\n}"));
    let list = json!({"A": {"type": "array", "items": {"$ref": "#/$defs/A"}}});
    assert_eq!(of(list).as_deref(), Ok("export type A = A[];"));
    let map = json!({
        "A": {"anyOf": [{"$ref": "#/$defs/B"}, {"type": "null"}]},
        "B": {"type": "object", "additionalProperties": {"$ref": "#/$defs/A"}},
    });
    assert_eq!(of(map).as_deref(), Ok("export type A = B | null;\n\nexport type B = { [key: string]: A };"));
    for nothing_else in [
        json!({"A": {"$ref": "#/$defs/A"}}),
        json!({"A": {"$ref": "#/$defs/B"}, "B": {"oneOf": [{"$ref": "#/$defs/A"}, {"type": "null"}]}}),
    ] {
        let error = of(nothing_else).expect_err("it is nothing but itself");
        assert!(error.ends_with("the definition of `A` says no more than that it is itself"), "{error}");
    }
}

#[test]
fn faults_are_said_with_their_place() {
    for (definitions, routes, expected) in [
        (
            json!({"A": {"items": {"$ref": "#/$defs/B"}}}),
            json!([]),
            "the definition `A`: the contract refers to `#/$defs/B`, which",
        ),
        (
            json!({}),
            json!([{"route": "a.b", "reply": {"$ref": "elsewhere"}}]),
            "the route `a.b`: the contract refers to `elsewhere`",
        ),
        (json!({}), json!([{"route": "a"}, {"route": "a"}]), "the route `a` twice"),
        (json!({}), json!([{}]), "a route without a name"),
        (json!({}), json!([{"route": ".".repeat(5000)}]), "more than 100 namespaces"),
    ] {
        let error = client(&contract(definitions, routes)).expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
    }
}

/// A contract with `many` of everything that there can be many of.
fn large(many: usize) -> Contract {
    let names: Vec<String> = (0..many).map(|n| format!("member{n}")).collect();
    let mut definitions = Map::new();
    definitions.insert("Literals".into(), json!({"enum": names}));
    definitions.insert("Object".into(), json!({"required": names, "properties": {}}));
    let part = |name: &String| json!({"required": [name], "type": "object", "description": name});
    let parts: Vec<Value> = names.iter().map(part).collect();
    definitions.insert("Parts".into(), json!({"allOf": parts}));
    definitions.insert("Choices".into(), json!({"oneOf": parts}));
    for n in 0..many {
        // A chain of definitions, and all with one name.
        let name = |n: usize| format!("same{}", "_".repeat(n % 100) + &" ".repeat(n / 100));
        let next =
            if n + 1 < many { json!({"$ref": format!("#/$defs/{}", name(n + 1))}) } else { json!(true) };
        definitions.insert(name(n), json!({"properties": {"next": next}}));
    }
    let routes: Vec<Value> =
        names.iter().map(|name| json!({"route": name, "direction": "incoming"})).collect();
    contract(definitions.into(), routes.into())
}

#[test]
fn large_contracts_take_no_more_than_their_size() {
    let time = |many: usize| {
        let contract = large(many);
        let start = Instant::now();
        let text = client(&contract).expect("a client");
        assert!(text.contains(&format!("export interface Same{many} {{\n")));
        start.elapsed()
    };
    // Ten times as much; a hundred times the time is the square. One round that is undisturbed is enough.
    let mut rounds = (0..5).map(|_| (time(2_000), time(20_000)));
    assert!(
        rounds.any(|(small, large)| large < small * 40),
        "five rounds, and not one within forty times as long"
    );
}

/// JSON that has much of a schema, and is none often enough.
fn hostile() -> impl Strategy<Value = Value> {
    let keyword = prop::sample::select(
        "type properties required items prefixItems minItems maxItems additionalProperties patternProperties oneOf anyOf allOf \
            $ref enum const not if contains description default examples deprecated minimum maximum format pattern code data \
            route direction payload reply errors"
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>(),
    );
    let text = prop_oneof![
        prop::sample::select(vec!["object", "array", "string", "integer", "number", "null", "boolean"])
            .prop_map(str::to_owned),
        prop::sample::select(vec!["#/$defs/a", "#/$defs/b%20c", "#/$defs/", "#", "incoming", "outgoing"])
            .prop_map(str::to_owned),
        any::<String>(),
    ];
    let leaf = prop_oneof![
        text.prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|float| serde_json::Number::from_f64(float).map_or(Value::Null, Value::Number)),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        let key = prop_oneof![4 => keyword.clone(), 1 => any::<String>()];
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            3 => prop::collection::vec((key, inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_contract_makes_a_client_or_an_error(a in hostile(), b in hostile(), routes in hostile(), headers in hostile()) {
        let routes = match routes {
            Value::Object(_) => json!([{"route": "x.y", "payload": routes, "errors": [routes, routes]}]),
            other => other,
        };
        let document = json!({"router": a, "description": b, "$defs": {"a": a, "b c": b}, "headers": headers, "routes": routes});
        let contract = Contract::seal(document);
        let made = client(&contract);
        prop_assert_eq!(&made, &client(&contract));
        if let Ok(text) = made {
            // No comment ends early: outside of comments and the runtime, there is no line of a comment.
            let mut open = false;
            for line in text.lines() {
                let line = line.trim_start();
                let is_comment = line.starts_with("/*") || (open && line.starts_with('*'));
                prop_assert!(is_comment || !open, "a comment is left open: {}", text);
                open = is_comment && !line.ends_with("*/");
                let inside = line.trim_start_matches("/*").trim_end_matches("*/");
                prop_assert!(!is_comment || !inside.contains("*/"), "a comment ends early: {}", line);
            }
        }
    }

    #[test]
    fn any_value_of_an_enum_is_in_its_type(values in prop::collection::vec(hostile(), 1..5)) {
        let text = declared(json!({"T": {"enum": values}})).expect("a type");
        let mut all = String::new();
        for value in values.iter().filter_map(Value::as_str) {
            write!(all, "{}", super::names::quoted(value)).expect("a String");
            prop_assert!(text.contains(&super::names::quoted(value)), "{} lacks {}", text, value);
        }
    }
}
