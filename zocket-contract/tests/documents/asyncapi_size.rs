//! An AsyncAPI document grows with its routes and no faster.

use serde_json::{Value, json};
use zocket_contract::{AsyncApiOptions, Contract};

/// A router of so many calls, each with a reply, two errors and types of its own.
fn large(calls: usize) -> Contract {
    let (mut definitions, mut routes) = (serde_json::Map::new(), Vec::new());
    for n in 0..calls {
        definitions.insert(
            format!("Order{n}"),
            json!({"type": "object", "required": ["items"], "properties": {
                "note": {"type": "string"},
                "items": {"type": "array", "items": {"$ref": format!("#/$defs/Item{n}")}},
            }}),
        );
        definitions.insert(
            format!("Item{n}"),
            json!({"type": "object", "required": ["sku"], "properties": {"sku": {"type": "string"}}}),
        );
        let item = json!({"$ref": format!("#/$defs/Item{n}")});
        routes.push(json!({
            "route": format!("shop.order{n}"),
            "direction": "incoming",
            "payload": {"$ref": format!("#/$defs/Order{n}")},
            "reply": item,
            "errors": [{"code": "SOLD_OUT"}, {"code": format!("REFUSED_{n}"), "data": item}],
        }));
    }
    Contract::seal(json!({"zocket": "0.1", "router": "shop", "$defs": definitions, "routes": routes}))
}

/// How long the document is as tools hold it: with each reference replaced by what it refers to.
fn followed(root: &Value, value: &Value) -> usize {
    match value {
        Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
            Some(reference) => followed(root, root.pointer(&reference[1..]).expect("a target")),
            None => members.iter().map(|(name, member)| name.len() + 4 + followed(root, member)).sum(),
        },
        Value::Array(items) => items.iter().map(|item| 1 + followed(root, item)).sum(),
        other => other.to_string().len(),
    }
}

/// Tools follow references and so repeat what they refer to: an operation may refer to no more than its own messages.
#[test]
fn a_document_grows_with_its_routes_and_no_faster() {
    let size = |calls| {
        let document = large(calls).to_asyncapi(&AsyncApiOptions::default());
        followed(&document, &document)
    };
    let (one, ten) = (size(20), size(200));
    assert!(ten < one * 11, "{one} of 20 routes, {ten} of 200");
    assert!(ten < 200 * 60_000, "{ten}");
    // Each operation has its own messages and no others.
    let document = large(200).to_asyncapi(&AsyncApiOptions::default());
    for (key, channel) in document["channels"].as_object().unwrap() {
        let messages = channel["messages"].as_object().unwrap().len();
        assert!(messages <= 5 || key == "__rpc_err", "{key}: {messages}");
    }
}
