//! The handshake, as the bindings of the channel.

use serde_json::{Map, Value, json};

use super::draft07::Schemas;
use crate::document::Contract;
use crate::keywords::is_http_only;
use crate::reference::definition_name;

/// The handshake. Each of the router's headers may come as an HTTP header or as a query parameter, so neither
/// place requires it, except for those that are never read from the query.
pub(super) fn bindings(contract: &Contract, schemas: &mut Schemas<'_>) -> Value {
    let headers = contract.headers().map(|schema| resolve(schema, contract.definitions()));
    let members = |key: &str| headers.and_then(|schema| schema.get(key));
    let required: Vec<&str> = members("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let (mut own, mut query) = (Map::new(), Map::new());
    for (name, schema) in members("properties").and_then(Value::as_object).into_iter().flatten() {
        let http_only = is_http_only(schema);
        let mut schema = schemas.translate(schema);
        if http_only {
            note(&mut schema, "Never read from the query.");
        } else if required.contains(&name.as_str()) {
            note(&mut schema, "Required, here or in the other of query and headers.");
        }
        if !http_only {
            query.insert(name.clone(), schema.clone());
        }
        own.insert(name.clone(), schema);
    }
    let protocol = [
        ("version", json!({"description": "The version of the client.", "examples": ["0.1.0"]})),
        (
            "contract",
            json!({
                "description": "The hash of the contract that the client was made from.",
                "examples": [contract.hash()],
            }),
        ),
        (
            "refusal",
            json!({
                "description": "`close`: the client cannot see HTTP answers. What refuses it is a close frame with the \
                                code 3000 + status.",
                "const": "close",
            }),
        ),
    ];
    for (name, mut schema) in protocol {
        schema["type"] = "string".into();
        query.insert(format!("x-zocket-{name}"), schema);
    }
    let mut bindings = json!({
        "method": "GET",
        "query": {
            "description": "What a client cannot set as HTTP headers. Where both name a value, the HTTP header is taken.",
            "type": "object",
            "properties": query,
        },
        "bindingVersion": "0.1.0",
    });
    if !own.is_empty() {
        bindings["headers"] = json!({"type": "object", "properties": own});
    }
    bindings
}

fn resolve<'a>(schema: &'a Value, definitions: &'a Map<String, Value>) -> &'a Value {
    let named = schema.get("$ref").and_then(Value::as_str).and_then(definition_name);
    named.and_then(|name| definitions.get(&name)).unwrap_or(schema)
}

/// Adds a sentence to a schema's description.
fn note(schema: &mut Value, sentence: &str) {
    if let Value::Object(keywords) = schema {
        let said = keywords.get("description").and_then(Value::as_str).unwrap_or_default();
        let text = if said.is_empty() { sentence.to_owned() } else { format!("{said}\n\n{sentence}") };
        // In draft-07, keywords next to a reference are ignored.
        if let Some(reference) = keywords.remove("$ref") {
            keywords.insert("allOf".into(), json!([{"$ref": reference}]));
        }
        keywords.insert("description".into(), text.into());
    }
}
