//! What changes a contract's hash, and what does not.

use serde_json::{Value, json};
use zocket_contract::Contract;

use crate::sample::{library, unsealed};

/// The hash after a change.
fn hash_after(change: impl FnOnce(&mut Value)) -> String {
    let mut document = unsealed();
    change(&mut document);
    Contract::seal(document).hash().to_owned()
}

type Change = (&'static str, fn(&mut Value));

#[test]
fn what_people_read_does_not_change_it() {
    let changes: &[Change] = &[
        ("nothing", |_| {}),
        ("the router's name", |all| all["router"] = "bibliothek".into()),
        ("the router's description", |all| all["description"] = "Books.".into()),
        ("a route's description", |all| all["routes"][0]["description"] = "Lend!".into()),
        ("a route's deprecation", |all| all["routes"][0]["deprecated"] = true.into()),
        ("an error's description", |all| all["routes"][0]["errors"][0]["description"] = "Gone.".into()),
        ("an error's deprecation", |all| all["routes"][0]["errors"][0]["deprecated"] = true.into()),
        ("the order of errors", |all| {
            all["routes"][0]["errors"].as_array_mut().unwrap().reverse();
        }),
        ("a type's description", |all| all["$defs"]["Book"]["description"] = "Pages.".into()),
        ("a field's description", |all| {
            all["$defs"]["Book"]["properties"]["title"]["description"] = "T".into()
        }),
        ("a title", |all| all["$defs"]["Book"]["title"] = "Book".into()),
        ("an example", |all| all["$defs"]["Book"]["examples"] = json!([{"title": "Emma"}])),
        ("a field's deprecation", |all| {
            all["$defs"]["Book"]["properties"]["title"]["deprecated"] = true.into()
        }),
        ("a keyword of one's own", |all| all["$defs"]["Book"]["x-shelf"] = 4.into()),
        ("a comment", |all| all["$defs"]["Book"]["$comment"] = "later".into()),
        ("readOnly", |all| all["$defs"]["Book"]["properties"]["title"]["readOnly"] = true.into()),
        ("the order of what is required", |all| {
            all["$defs"]["Loan"]["required"].as_array_mut().unwrap().reverse();
        }),
        ("the order of an enum", |all| {
            all["$defs"]["Language"]["enum"].as_array_mut().unwrap().reverse();
        }),
        ("the order of types", |all| all["routes"][2]["payload"]["type"] = json!(["null", "string"])),
        ("doc comments of an enum's names", |all| {
            all["$defs"]["Language"] = json!({"oneOf": [
                {"type": "string", "const": "en", "description": "English"},
                {"type": "string", "enum": ["de"]},
            ]});
        }),
        ("a definition that nothing refers to", |all| all["$defs"]["Unused"] = json!({"type": "null"})),
        ("the name of a type", |all| {
            let definition = all["$defs"].as_object_mut().unwrap().remove("Loan").unwrap();
            all["$defs"]["Ausleihe"] = definition;
            all["routes"][0]["payload"]["$ref"] = "#/$defs/Ausleihe".into();
        }),
    ];
    for (what, change) in changes {
        assert_eq!(hash_after(change), library().hash(), "{what}");
    }
}

#[test]
fn what_goes_over_the_wire_changes_it() {
    let changes: &[Change] = &[
        ("the protocol", |all| all["zocket"] = "0.2".into()),
        ("a route's name", |all| all["routes"][0]["route"] = "books.borrow".into()),
        ("a route's direction", |all| all["routes"][2]["direction"] = "outgoing".into()),
        ("a route less", |all| drop(all["routes"].as_array_mut().unwrap().remove(4))),
        ("a payload", |all| all["routes"][2]["payload"] = json!({"type": "string"})),
        ("a payload less", |all| drop(all["routes"][2].as_object_mut().unwrap().remove("payload"))),
        ("a reply", |all| all["routes"][0]["reply"] = json!({"$ref": "#/$defs/Loan"})),
        ("a reply less", |all| drop(all["routes"][0].as_object_mut().unwrap().remove("reply"))),
        ("an error's code", |all| all["routes"][0]["errors"][0]["code"] = "GONE".into()),
        ("an error less", |all| drop(all["routes"][0]["errors"].as_array_mut().unwrap().pop())),
        ("an error's data", |all| all["routes"][0]["errors"][0]["data"] = json!({"type": "null"})),
        ("no headers", |all| drop(all.as_object_mut().unwrap().remove("headers"))),
        ("a header", |all| all["$defs"]["Headers"]["properties"]["age"] = json!({"type": "integer"})),
        ("a field's type", |all| all["$defs"]["Book"]["properties"]["title"]["type"] = "number".into()),
        ("a field's name", |all| {
            let fields = all["$defs"]["Book"]["properties"].as_object_mut().unwrap();
            let field = fields.remove("title").unwrap();
            fields.insert("name".into(), field);
        }),
        ("a field named as a keyword that people read", |all| {
            all["$defs"]["Book"]["properties"]["description"] = json!({"type": "string"});
        }),
        ("what is required", |all| all["$defs"]["Book"]["required"] = json!([])),
        ("a bound", |all| all["$defs"]["A/b c"]["maximum"] = 254.into()),
        ("a bound deep in an array", |all| {
            all["$defs"]["Book"]["properties"]["size"]["prefixItems"][0]["minimum"] = 0.into();
        }),
        ("a default", |all| all["$defs"]["Book"]["properties"]["title"]["default"] = "?".into()),
        ("a name in an enum", |all| all["$defs"]["Language"]["enum"] = json!(["de", "en", "fr"])),
        ("the order of a tuple", |all| {
            all["$defs"]["Book"]["properties"]["size"]["prefixItems"].as_array_mut().unwrap().reverse();
        }),
        ("where a reference leads", |all| all["routes"][1]["payload"]["$ref"] = "#/$defs/Loan".into()),
        ("what a dependency asks for", |all| {
            all["$defs"]["Loan"]["dependentRequired"] = json!({"pin": ["card"]})
        }),
    ];
    let mut seen = vec![library().hash().to_owned()];
    for (what, change) in changes {
        let hash = hash_after(change);
        assert!(!seen.contains(&hash), "{what}");
        assert!(hash.len() == 32 && hash.bytes().all(|digit| digit.is_ascii_hexdigit()), "{hash}");
        seen.push(hash);
    }
}

/// Clients carry hashes, and servers look them up for as long as they support those clients.
#[test]
fn it_stays_what_it_is_from_one_version_of_zocket_to_the_next() {
    assert_eq!(library().hash(), "7e35af395d3b9cbea3c3f7e7e72055e6");
}
