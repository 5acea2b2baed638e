//! What a change to a contract breaks, and what it does not.
#![allow(missing_docs)]

mod bounds;
mod contracts;
mod property;
mod random;
mod report;
mod suite;
mod table;

use serde_json::{Value, json};
use zocket_contract::{Contract, Diff};

/// Where a schema stands in the contract of one route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// What clients send.
    Payload,
    /// What clients receive.
    Reply,
    Headers,
}

/// A contract with the schema at that place.
fn contract(place: Place, schema: &Value, definitions: &Value) -> Contract {
    let mut document = json!({"zocket": "0.1", "router": "app", "$defs": definitions, "routes": [
        {"route": "call", "direction": "incoming"},
    ]});
    match place {
        Place::Payload => document["routes"][0]["payload"] = schema.clone(),
        Place::Reply => document["routes"][0]["reply"] = schema.clone(),
        Place::Headers => document["headers"] = schema.clone(),
    }
    Contract::seal(document)
}

/// Compares two schemas at that place. Each may bring `$defs` of its own.
fn compare(place: Place, old: &Value, new: &Value) -> Diff {
    let sealed = |schema: &Value| {
        let mut schema = schema.clone();
        let definitions = schema.as_object_mut().and_then(|keywords| keywords.remove("$defs"));
        contract(place, &schema, &definitions.unwrap_or_else(|| json!({})))
    };
    Contract::compare(&sealed(old), &sealed(new))
}
