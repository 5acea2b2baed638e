//! Random schemas.

use serde_json::{Map, Value, json};

use zocket_contract::reference::needed_definitions;

use super::Random;

pub(super) const NAMES: [&str; 5] = ["a", "b", "c", "kind", "7"];
pub(super) const WORDS: [&str; 4] = ["x", "y", "zz", ""];
const PATTERNS: [&str; 3] = ["^x", "^[a-z]*$", "z"];
const FORMATS: [&str; 3] = ["ipv4", "date", "uuid"];
const KEYS: [&str; 3] = ["^(0|[1-9][0-9]*)$", "^(0|-?[1-9][0-9]*)$", "^[ab]"];
const DEFINITIONS: [&str; 3] = ["A", "B", "C"];

/// A schema with its definitions in `$defs`.
pub(crate) fn document(random: &mut Random) -> Value {
    let mut root = schema(random, 0);
    let definitions: Map<String, Value> =
        DEFINITIONS.iter().map(|name| ((*name).to_owned(), definition(random))).collect();
    if !root.is_object() {
        root = json!({"allOf": [root]});
    }
    // What is not reached says nothing.
    let reached = needed_definitions(&root, &definitions);
    root["$defs"] = reached.into();
    root
}

/// Definitions refer to each other only from within values, or they would mean nothing.
fn definition(random: &mut Random) -> Value {
    match random.below(4) {
        0 => tagged(random, 1),
        1 => json!({"type": "array", "items": schema(random, 2), "maxItems": 3}),
        _ => structure(random, 1),
    }
}

pub(super) fn schema(random: &mut Random, depth: usize) -> Value {
    let deep = depth > 3;
    match random.below(if deep { 9 } else { 26 }) {
        0 => json!({"type": "boolean"}),
        1 | 2 => integer(random),
        3 => number(random),
        4 | 5 => string(random),
        6 => json!({"type": "string", "enum": some(random, &WORDS)}),
        7 => constant(random),
        8 => match random.below(4) {
            0 => json!(true),
            1 => json!({"type": "null"}),
            2 => json!({"type": ["integer", "null"], "maximum": random.below(5)}),
            _ => json!({"type": ["string", "boolean"], "maxLength": random.below(3)}),
        },
        9..=12 => structure(random, depth),
        13 => map(random, depth),
        14 => array(random, depth),
        15 => tuple(random, depth),
        16 | 17 => tagged(random, depth),
        18 => external(random, depth),
        19 => json!({"anyOf": [schema(random, depth + 1), {"type": "null"}]}),
        20 if random.one_in(2) => json!({"anyOf": [schema(random, depth + 1), schema(random, depth + 1)]}),
        // A value may well fit both.
        20 => json!({"anyOf": [structure(random, depth + 1), structure(random, depth + 1)]}),
        21 if random.one_in(3) => json!({"oneOf": [schema(random, depth + 1), schema(random, depth + 1)]}),
        22 => flattened(random, depth),
        23 if random.one_in(3) => odd(random, depth),
        _ if depth == 0 => structure(random, depth),
        _ => json!({"$ref": format!("#/$defs/{}", random.pick(&DEFINITIONS))}),
    }
}

fn integer(random: &mut Random) -> Value {
    let mut schema = json!({"type": "integer"});
    let low = random.below(6) as i64 - 3;
    bound(random, &mut schema, ["minimum", "exclusiveMinimum"], json!(low));
    let high = low + random.below(6) as i64;
    bound(random, &mut schema, ["maximum", "exclusiveMaximum"], json!(high));
    if random.one_in(6) {
        schema["multipleOf"] = json!(random.below(3) + 1);
    }
    if random.one_in(6) {
        schema["not"] = json!({"const": 0});
    }
    if random.one_in(8) {
        schema = json!({"type": "integer", "maximum": 9_007_199_254_740_991_u64 + random.below(4) as u64});
    }
    schema
}

fn number(random: &mut Random) -> Value {
    let mut schema = json!({"type": "number"});
    let low = random.below(8) as f64 / 2.0 - 2.0;
    bound(random, &mut schema, ["minimum", "exclusiveMinimum"], json!(low));
    bound(random, &mut schema, ["maximum", "exclusiveMaximum"], json!(low + 1.5));
    schema
}

fn bound(random: &mut Random, schema: &mut Value, keywords: [&str; 2], value: Value) {
    match random.below(5) {
        0 | 1 => schema[keywords[0]] = value,
        2 => schema[keywords[1]] = value,
        _ => {}
    }
}

fn string(random: &mut Random) -> Value {
    let mut schema = json!({"type": "string"});
    if random.one_in(3) {
        schema["minLength"] = json!(random.below(3));
    }
    if random.one_in(3) {
        schema["maxLength"] = json!(random.below(4));
    }
    if random.one_in(5) {
        schema["pattern"] = json!(random.pick(&PATTERNS));
    } else if random.one_in(8) {
        schema["format"] = json!(random.pick(&FORMATS));
    }
    schema
}

fn constant(random: &mut Random) -> Value {
    let constants =
        [json!(1), json!(1.0), json!(2), json!(true), json!("x"), json!(null), json!({"a": 1}), json!([1])];
    if random.one_in(2) {
        json!({"const": random.pick(&constants)})
    } else {
        json!({"enum": some(random, &constants)})
    }
}

fn structure(random: &mut Random, depth: usize) -> Value {
    let mut properties = Map::new();
    for name in some(random, &NAMES) {
        properties.insert(name.to_owned(), schema(random, depth + 1));
    }
    let names: Vec<String> = properties.keys().cloned().collect();
    let required: Vec<&String> = names.iter().filter(|_| random.one_in(2)).collect();
    let mut schema = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    match random.below(12) {
        0 | 1 => schema["additionalProperties"] = json!(false),
        2 => schema["additionalProperties"] = self::schema(random, depth + 2),
        3 => schema["maxProperties"] = json!(random.below(4)),
        4 => schema["minProperties"] = json!(random.below(3)),
        5 => schema["unevaluatedProperties"] = json!(false),
        _ => {}
    }
    schema
}

fn map(random: &mut Random, depth: usize) -> Value {
    let values = schema(random, depth + 1);
    match random.below(4) {
        0 => {
            json!({"type": "object", "additionalProperties": values, "propertyNames": {"maxLength": random.below(3)}})
        }
        1 => json!({"type": "object", "additionalProperties": values}),
        2 => json!({"type": "object", "patternProperties": {*random.pick(&KEYS): values}}),
        _ => {
            json!({"type": "object", "patternProperties": {*random.pick(&KEYS): values}, "additionalProperties": false})
        }
    }
}

fn array(random: &mut Random, depth: usize) -> Value {
    let mut schema = json!({"type": "array", "items": schema(random, depth + 1)});
    if random.one_in(3) {
        schema["minItems"] = json!(random.below(3));
    }
    if random.one_in(3) {
        schema["maxItems"] = json!(random.below(4));
    }
    if random.one_in(4) {
        schema["uniqueItems"] = json!(true);
    }
    if random.one_in(12) {
        schema["contains"] = self::schema(random, depth + 2);
    }
    schema
}

fn tuple(random: &mut Random, depth: usize) -> Value {
    let count = 1 + random.below(2);
    let items: Vec<Value> = (0..count).map(|_| schema(random, depth + 1)).collect();
    match random.below(3) {
        0 => json!({"type": "array", "prefixItems": items, "items": false}),
        1 => json!({"type": "array", "prefixItems": items, "items": schema(random, depth + 2)}),
        _ => json!({"type": "array", "prefixItems": items, "minItems": count, "maxItems": count}),
    }
}

fn tagged(random: &mut Random, depth: usize) -> Value {
    let branches: Vec<Value> = some(random, &WORDS)
        .into_iter()
        .map(|name| {
            let mut branch = structure(random, depth + 1);
            if random.one_in(3) {
                // Adjacent: the content in a property of its own.
                branch = json!({"type": "object", "properties": {"a": branch}, "required": ["a"]});
            }
            branch["properties"]["kind"] = json!({"type": "string", "const": name});
            let mut required = branch["required"].as_array().cloned().unwrap_or_default();
            required.retain(|name| name != "kind");
            required.push(json!("kind"));
            branch["required"] = required.into();
            branch
        })
        .collect();
    json!({ "oneOf": branches })
}

fn external(random: &mut Random, depth: usize) -> Value {
    let mut branches = vec![json!({"type": "string", "enum": some(random, &WORDS)})];
    for name in some(random, &NAMES) {
        let content = schema(random, depth + 1);
        branches.push(
            json!({"type": "object", "properties": {name: content}, "required": [name], "additionalProperties": false}),
        );
    }
    json!({ "oneOf": branches })
}

fn flattened(random: &mut Random, depth: usize) -> Value {
    let mut schema = structure(random, depth);
    match random.below(3) {
        0 => schema["$ref"] = json!("#/$defs/A"),
        1 => schema["oneOf"] = tagged(random, depth + 1)["oneOf"].take(),
        _ => schema["allOf"] = json!([structure(random, depth + 1), tagged(random, depth + 1)]),
    }
    if random.one_in(3) {
        schema["unevaluatedProperties"] = json!(false);
    }
    schema
}

/// What schemars does not write by itself.
fn odd(random: &mut Random, depth: usize) -> Value {
    let mut schema = structure(random, depth);
    match random.below(4) {
        0 => {
            schema["if"] = structure(random, depth + 1);
            schema["then"] = structure(random, depth + 1);
        }
        1 => schema["dependentRequired"] = json!({"a": ["b"]}),
        2 => schema["dependentSchemas"] = json!({"a": structure(random, depth + 1)}),
        _ => schema["not"] = structure(random, depth + 1),
    }
    schema
}

/// At least one of these, in their order.
pub(super) fn some<T: Clone>(random: &mut Random, from: &[T]) -> Vec<T> {
    let chosen: Vec<T> = from.iter().filter(|_| random.one_in(2)).cloned().collect();
    if chosen.is_empty() { vec![random.pick(from).clone()] } else { chosen }
}
