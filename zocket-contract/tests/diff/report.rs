//! What people and programs get to see.

use serde_json::json;
use zocket_contract::{ChangedPart, Contract, Direction, Impact};

fn contracts() -> (Contract, Contract) {
    let contract = |most: u32, more: serde_json::Value| {
        let mut document = json!({
            "zocket": "0.1",
            "router": "shop",
            "$defs": {"Order": {"type": "object", "required": ["price"], "properties": {
                "price": {"type": "integer", "maximum": most},
                "note": {"type": "string"},
            }}},
            "routes": [
                {"route": "shop.order", "direction": "incoming", "payload": {"$ref": "#/$defs/Order"}},
                {"route": "shop.sold", "direction": "outgoing", "payload": {"type": "string"}},
            ],
        });
        if let Some(routes) = more.as_array() {
            document["routes"].as_array_mut().unwrap().extend(routes.clone());
            document["$defs"]["Order"]["required"] = json!(["price", "note"]);
            document["routes"][1]["description"] = json!("Sold.");
        }
        Contract::seal(document)
    };
    (contract(100, json!(null)), contract(50, json!([{"route": "shop.view", "direction": "incoming"}])))
}

#[test]
fn people_read_it_by_impact_and_route() {
    let (old, new) = contracts();
    let expected = "\
2 breaking changes
  shop.order (incoming)
    payload /note: is required now: clients that leave it out are refused
      help: make it an Option, or give it a default with #[serde(default)]
    payload /price: the maximum went from 100 to 50: clients that send 51 are refused

1 compatible change
  shop.view (incoming)
    new: clients may call it

1 change of documentation only
  shop.sold (outgoing)
    described now";
    assert_eq!(Contract::compare(&old, &new).to_string(), expected);
    assert_eq!(Contract::compare(&old, &old).to_string(), "no changes");
}

#[test]
fn programs_read_fields() {
    let (old, new) = contracts();
    let diff = Contract::compare(&old, &new);
    let json = diff.to_json();
    assert_eq!(json["breaking"], true);
    assert_eq!(
        json["changes"][1],
        json!({
            "route": "shop.order",
            "direction": "incoming",
            "part": "payload",
            "path": "/price",
            "within": [],
            "kind": "maximum",
            "impact": "breaking",
            "breaking": true,
            "undecided": false,
            "example": {"note": "", "price": 51},
            "message": "the maximum went from 100 to 50: clients that send 51 are refused",
            "help": null,
        })
    );
    assert_eq!(json["changes"].as_array().unwrap().len(), 4);
    assert_eq!(serde_json::to_value(&diff).unwrap(), json);
    assert_eq!(Contract::compare(&old, &old).to_json(), json!({"breaking": false, "changes": []}));
    let change = &diff.changes()[0];
    assert_eq!((change.route.as_deref(), change.direction), (Some("shop.order"), Some(Direction::Incoming)));
    assert_eq!((&change.part, change.impact), (&ChangedPart::Payload, Impact::Breaking));
}

#[test]
fn the_same_contracts_give_the_same_report() {
    let (old, new) = contracts();
    let text = Contract::compare(&old, &new).to_string();
    let again = |contract: &Contract| Contract::parse(&contract.to_json()).unwrap();
    assert_eq!(Contract::compare(&again(&old), &again(&new)).to_string(), text);
}

#[test]
fn what_others_wrote_does_not_reach_the_terminal_raw() {
    let with = |text: &str, most: u8| {
        Contract::seal(json!({"zocket": "0.1", "router": "app", "$defs": {}, "routes": [
            {"route": format!("say{text}"), "direction": "incoming"},
            {"route": "put", "direction": "incoming", "payload": {"type": "object", "properties": {
                text: {"type": "string", "pattern": text, "maxLength": most}}}},
        ]}))
    };
    let escape = "a\u{1b}[31m";
    let text = Contract::compare(&with(escape, 5), &with("b", 4)).to_string();
    assert!(text.contains("saya\u{fffd}[31m") && !text.contains('\u{1b}'), "{text:?}");
    let text = Contract::compare(&with(escape, 5), &with(escape, 4)).to_string();
    assert!(text.contains("/a\u{fffd}[31m") && !text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn long_rules_are_cut() {
    let with = |pattern: &str| {
        Contract::seal(json!({"zocket": "0.1", "router": "app", "$defs": {}, "routes": [
            {"route": "say", "direction": "incoming", "payload": {"type": "string", "pattern": pattern}},
        ]}))
    };
    let text = Contract::compare(&with(&"a".repeat(5000)), &with("b")).to_string();
    assert!(text.len() < 500, "{text}");
}
