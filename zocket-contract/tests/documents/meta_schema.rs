//! The schema of the document.

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use zocket_contract::Contract;

use crate::sample::{committed, library};

fn validator() -> Validator {
    let options = jsonschema::options().with_draft(Draft::Draft202012).offline();
    options.build(Contract::meta_schema()).expect("a JSON Schema")
}

#[test]
fn every_contract_of_this_repository_is_valid() {
    let validator = validator();
    for (path, text) in committed() {
        let document: Value = serde_json::from_str(&text).expect("JSON");
        if let Err(error) = validator.validate(&document) {
            panic!("{}: {error} at {}", path.display(), error.instance_path());
        }
        let contract = Contract::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(contract.to_json(), text, "{}", path.display());
    }
}

#[test]
fn it_is_named_and_valid_by_its_own_dialect() {
    let schema = Contract::meta_schema();
    assert_eq!(schema["$id"], format!("urn:zocket:contract:{}", zocket_contract::FORMAT));
    assert!(jsonschema::meta::is_valid(schema));
}

#[test]
fn what_no_contract_has_is_invalid() {
    type Break = fn(&mut Value);
    let table: &[(&str, Break)] = &[
        ("no format", |all| remove(all, "format")),
        ("another format", |all| all["format"] = 2.into()),
        ("format as text", |all| all["format"] = "1".into()),
        ("no hash", |all| remove(all, "hash")),
        ("a short hash", |all| all["hash"] = "ab12".into()),
        ("a hash in upper case", |all| all["hash"] = "A".repeat(32).into()),
        ("no protocol", |all| remove(all, "zocket")),
        ("a protocol that is no version", |all| all["zocket"] = "one".into()),
        ("no router", |all| remove(all, "router")),
        ("an empty router", |all| all["router"] = "".into()),
        ("an empty description", |all| all["description"] = "".into()),
        ("no routes", |all| remove(all, "routes")),
        ("routes by name", |all| all["routes"] = json!({})),
        ("no definitions", |all| remove(all, "$defs")),
        ("something else", |all| all["servers"] = json!([])),
        ("headers that are no schema", |all| all["headers"] = json!({"type": "text"})),
        ("a definition that is no schema", |all| all["$defs"]["Book"]["minLength"] = "1".into()),
        ("a definition that is no schema, deeper", |all| {
            all["$defs"]["Book"]["properties"]["title"]["minLength"] = json!(-1);
        }),
        ("a route without a name", |all| remove(&mut all["routes"][0], "route")),
        ("a route with a space", |all| all["routes"][0]["route"] = "books. lend".into()),
        ("a route with an empty segment", |all| all["routes"][0]["route"] = "books..lend".into()),
        ("a route that ends with a dot", |all| all["routes"][0]["route"] = "books.".into()),
        ("a route of the protocol", |all| all["routes"][0]["route"] = "__rpc_res".into()),
        ("a namespace of the protocol", |all| all["routes"][0]["route"] = "books.__x".into()),
        ("a route without a direction", |all| remove(&mut all["routes"][0], "direction")),
        ("another direction", |all| all["routes"][0]["direction"] = "both".into()),
        ("something else in a route", |all| all["routes"][0]["summary"] = "x".into()),
        ("deprecated: false", |all| all["routes"][0]["deprecated"] = false.into()),
        ("a payload that is no schema", |all| all["routes"][0]["payload"] = json!([])),
        ("a reply that is no schema", |all| all["routes"][0]["reply"] = json!({"required": "title"})),
        ("an event without a payload", |all| remove(&mut all["routes"][1], "payload")),
        ("an event with a reply", |all| all["routes"][1]["reply"] = json!(true)),
        ("an event with errors", |all| all["routes"][1]["errors"] = json!([{"code": "X"}])),
        ("the same route twice", |all| {
            let first = all["routes"][0].clone();
            all["routes"].as_array_mut().unwrap().push(first);
        }),
        ("errors that are none", |all| all["routes"][0]["errors"] = json!([])),
        ("an error without a code", |all| remove(&mut all["routes"][0]["errors"][0], "code")),
        ("an empty code", |all| all["routes"][0]["errors"][0]["code"] = " ".into()),
        ("a code of the protocol", |all| all["routes"][0]["errors"][0]["code"] = "INTERNAL".into()),
        ("something else in an error", |all| all["routes"][0]["errors"][0]["status"] = 404.into()),
        ("an error's data that is no schema", |all| all["routes"][0]["errors"][0]["data"] = json!("string")),
    ];
    let validator = validator();
    for (what, change) in table {
        let mut document = library().as_value().clone();
        assert!(validator.is_valid(&document));
        change(&mut document);
        assert!(!validator.is_valid(&document), "{what}");
        // And the parser reports it too, in some way.
        assert!(Contract::parse(&document.to_string()).is_err(), "{what}");
    }
}

fn remove(object: &mut Value, key: &str) {
    object.as_object_mut().expect("an object").remove(key).expect("something to remove");
}
