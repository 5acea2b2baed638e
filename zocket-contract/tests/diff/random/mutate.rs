//! Schemas that differ a little.

use serde_json::{Value, json};

use super::Random;
use super::schemas::{NAMES, WORDS, schema};

/// Changes a schema at a few places.
pub(crate) fn mutate(random: &mut Random, root: &mut Value) {
    for _ in 0..1 + random.below(3) {
        let mut places = Vec::new();
        let all = root["$defs"].clone();
        collect(root, "", &mut places);
        let place = random.pick(&places).clone();
        if let Some(schema) = root.pointer_mut(&place) {
            let definitions = schema.as_object_mut().and_then(|keywords| keywords.remove("$defs"));
            change(random, schema, all.as_object());
            if let Some(definitions) = definitions {
                if !schema.is_object() {
                    *schema = json!({"allOf": [schema.take()]});
                }
                schema["$defs"] = definitions;
            }
        }
    }
}

/// The pointers of all schemas in a schema.
fn collect(schema: &Value, at: &str, places: &mut Vec<String>) {
    places.push(at.to_owned());
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        let here = format!("{at}/{keyword}");
        match (keyword.as_str(), value) {
            ("properties" | "patternProperties" | "$defs", Value::Object(members)) => {
                for (name, schema) in members {
                    collect(
                        schema,
                        &format!("{here}/{}", name.replace('~', "~0").replace('/', "~1")),
                        places,
                    );
                }
            }
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", Value::Array(schemas)) => {
                for (index, schema) in schemas.iter().enumerate() {
                    collect(schema, &format!("{here}/{index}"), places);
                }
            }
            ("items" | "additionalProperties" | "not" | "if" | "then" | "contains" | "propertyNames", _) => {
                collect(value, &here, places);
            }
            _ => {}
        }
    }
}

fn change(random: &mut Random, schema: &mut Value, definitions: Option<&serde_json::Map<String, Value>>) {
    let Some(keywords) = schema.as_object_mut() else {
        *schema = fresh(random);
        return;
    };
    let names: Vec<String> = keywords.keys().cloned().collect();
    if names.is_empty() || random.one_in(12) {
        *schema = fresh(random);
        return;
    }
    if random.one_in(10) {
        *schema = json!({"anyOf": [schema.take(), {"type": "null"}]});
        return;
    }
    let keyword = random.pick(&names).clone();
    let drop = random.one_in(6);
    match (keyword.as_str(), &mut keywords[&keyword]) {
        (_, _) if drop && keyword != "$defs" => {
            keywords.remove(&keyword);
        }
        ("type", kind) => {
            let kinds = [json!("integer"), json!("number"), json!("string"), json!(["integer", "null"])];
            *kind = match kind.as_str() {
                Some("integer") => json!("number"),
                Some("number") => json!("integer"),
                Some("object") => json!("object"),
                _ => random.pick(&kinds).clone(),
            };
        }
        ("properties", Value::Object(members)) => {
            let name = *random.pick(&NAMES);
            if members.remove(name).is_none() {
                members.insert(name.to_owned(), fresh(random));
            }
        }
        ("required", Value::Array(names)) => {
            let name = json!(random.pick(&NAMES));
            if names.contains(&name) { names.retain(|other| *other != name) } else { names.push(name) }
        }
        ("additionalProperties" | "unevaluatedProperties", value) => {
            *value = if *value == json!(false) { json!(true) } else { json!(false) };
        }
        ("enum", Value::Array(values)) => {
            let value = json!(random.pick(&WORDS));
            if values.len() > 1 && values.contains(&value) {
                values.retain(|other| *other != value);
            } else if !values.contains(&value) {
                values.push(value);
            }
        }
        ("const", value) => *value = json!(random.pick(&WORDS)),
        ("oneOf" | "anyOf" | "allOf" | "prefixItems", Value::Array(branches)) => match random.below(3) {
            0 if branches.len() > 1 => {
                branches.remove(random.below(branches.len()));
            }
            1 => branches.reverse(),
            _ => branches.push(fresh(random)),
        },
        ("uniqueItems", value) => *value = json!(*value == json!(false)),
        ("$ref", value) => {
            if let Some(to) = definitions.and_then(|all| all.keys().nth(random.below(all.len()))) {
                *value = json!(format!("#/$defs/{to}"));
            }
        }
        ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", value) if random.one_in(3) => {
            let value = value.take();
            keywords.remove(&keyword);
            let turned = match keyword.strip_prefix("exclusive") {
                Some(name) => name.to_lowercase(),
                None => format!("exclusive{}{}", keyword[..1].to_uppercase(), &keyword[1..]),
            };
            keywords.insert(turned, value);
        }
        ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", Value::Number(number)) => {
            let by = random.below(3) as i64 - 1;
            *number = match (number.as_i64(), number.as_f64()) {
                (Some(int), _) => (int + by).into(),
                (None, float) => {
                    serde_json::Number::from_f64(float.unwrap_or(0.0) + by as f64 / 2.0).unwrap()
                }
            };
        }
        ("multipleOf", value) => *value = json!(1 + random.below(4)),
        (
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties",
            Value::Number(number),
        ) => {
            let count = number.as_u64().unwrap_or(0) as usize;
            *number = ((count + random.below(3)).saturating_sub(1)).into();
        }
        ("pattern", value) => *value = json!(random.pick(&["^x", "z", "^[a-z]*$"])),
        _ => {
            let more = [
                ("maxLength", json!(random.below(3))),
                ("minimum", json!(random.below(3))),
                ("maxItems", json!(random.below(3))),
                ("required", json!(["a"])),
                ("maxProperties", json!(random.below(3))),
                ("uniqueItems", json!(true)),
                ("description", json!("words")),
            ];
            let (keyword, value) = random.pick(&more).clone();
            keywords.insert(keyword.to_owned(), value);
        }
    }
}

/// A schema without references, as those might lead nowhere.
fn fresh(random: &mut Random) -> Value {
    loop {
        let schema = schema(random, 3);
        if !schema.to_string().contains("$ref") {
            return schema;
        }
    }
}
