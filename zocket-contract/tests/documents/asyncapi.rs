//! The contract as an AsyncAPI document. That the reference parser accepts it, `tests/programs/asyncapi.rs` shows.

use std::collections::BTreeSet;

use jsonschema::Draft;
use serde_json::{Value, json};
use zocket_contract::{AsyncApiOptions, Contract};

use crate::sample::{committed, library, unsealed};

fn document() -> Value {
    library().to_asyncapi(&AsyncApiOptions::default())
}

fn message(document: &Value, key: &str) -> Value {
    document["components"]["messages"][key].clone()
}

#[test]
fn what_it_says_of_itself() {
    let plain = document();
    assert_eq!(plain["asyncapi"], "3.0.0");
    let contract = library();
    let version = &contract.hash()[..8];
    assert_eq!(plain["info"], json!({"title": "library", "version": version, "description": "A library."}));
    assert_eq!(plain["x-zocket-hash"], library().hash());
    assert_eq!(plain.get("servers"), None);
    let options = AsyncApiOptions::default()
        .title("Library")
        .version("2.0.0")
        .description("Books, lent.")
        .address("/api/ws")
        .and_then(|options| options.server("production", "wss://books.example/v2/api/ws"))
        .and_then(|options| options.server("local", "ws://127.0.0.1:3000"))
        .unwrap();
    let told = library().to_asyncapi(&options);
    assert_eq!(told["info"], json!({"title": "Library", "version": "2.0.0", "description": "Books, lent."}));
    assert_eq!(told["channels"]["books.lend"]["address"], "/api/ws");
    assert_eq!(
        told["servers"],
        json!({
            "production": {"host": "books.example", "pathname": "/v2", "protocol": "wss"},
            "local": {"host": "127.0.0.1:3000", "protocol": "ws"},
        })
    );
}

#[test]
fn operations_are_seen_from_the_server() {
    let document = document();
    let operations = document["operations"].as_object().unwrap();
    let keys: Vec<&String> = operations.keys().collect();
    assert_eq!(
        keys,
        ["__ping", "__rpc_err", "books.lend", "books.lent", "close", "close_2", "shelf.gr__e"],
        "a name in both directions has two, and letters that keys cannot have are replaced"
    );
    let lend = &operations["books.lend"];
    assert_eq!((&lend["action"], &lend["title"]), (&json!("receive"), &json!("books.lend")));
    assert_eq!(
        (&lend["summary"], &lend["description"]),
        (&json!("Lends a book."), &json!("For four weeks."))
    );
    assert_eq!(lend["tags"], json!([{"name": "books"}]));
    assert_eq!(lend["messages"], json!([{"$ref": "#/channels/books.lend/messages/books.lend"}]));
    let replies: Vec<&str> = lend["reply"]["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["$ref"].as_str().unwrap().rsplit('/').next().unwrap())
        .collect();
    assert_eq!(replies, ["__rpc_res.books.lend", "__rpc_err.LENT", "__rpc_err.UNKNOWN_BOOK", "__rpc_err"]);
    let lent = &operations["books.lent"];
    assert_eq!((&lent["action"], lent.get("reply")), (&json!("send"), None));
    assert_eq!(lent["description"], "**Deprecated.**");
    assert_eq!(message(&document, "books.lent")["deprecated"], true);
    assert_eq!(message(&document, "__rpc_err.UNKNOWN_BOOK")["deprecated"], true);
    assert_eq!(message(&document, "close_2")["payload"]["properties"]["payload"], true);
}

/// Each message of the channel describes what really goes over the wire: no other's.
#[test]
fn messages_are_envelopes() {
    let document = document();
    let texts = [
        ("books.lend", json!({"type": "books.lend", "payload": {"title": "Emma"}, "rpcId": "a"})),
        ("books.lend", json!({"type": "books.lend", "payload": {"title": "Emma"}})),
        ("__rpc_res.books.lend", json!({"type": "__rpc_res", "rpcId": "a", "payload": {"title": "Emma"}})),
        (
            "__rpc_err.LENT",
            json!({"type": "__rpc_err", "rpcId": "a",
                "error": {"code": "LENT", "message": "no", "data": {"until": "2026-01-01"}}}),
        ),
        (
            "__rpc_err.UNKNOWN_BOOK",
            json!({"type": "__rpc_err", "rpcId": "a", "error": {"code": "UNKNOWN_BOOK", "message": "no"}}),
        ),
        (
            "__rpc_err",
            json!({"type": "__rpc_err", "route": "books.lend", "error": {"code": "INVALID_PAYLOAD", "message": "no",
                "issues": [{"path": "/title", "message": "missing", "keyword": "required"}]}}),
        ),
        ("books.lent", json!({"type": "books.lent", "payload": {"title": "Emma"}})),
        // `null` may be left out.
        ("close", json!({"type": "close", "rpcId": "a"})),
        ("close", json!({"type": "close", "payload": "now", "rpcId": "a"})),
        ("__rpc_res", json!({"type": "__rpc_res", "rpcId": "a"})),
        ("shelf.gr__e", json!({"type": "shelf.größe", "rpcId": "a"})),
        ("__rpc_res.shelf.gr__e", json!({"type": "__rpc_res", "rpcId": "a", "payload": 7})),
        ("__ping", json!({"type": "__ping"})),
        ("__pong", json!({"type": "__pong"})),
    ];
    let valid =
        |key: &str, text: &Value| draft07(&document, &message(&document, key)["payload"]).is_valid(text);
    for (key, text) in &texts {
        assert!(valid(key, text), "{key}: {text}");
    }
    for (key, text) in [
        ("books.lend", json!({"type": "books.lend"})),
        ("books.lend", json!({"type": "books.lent", "payload": {"title": "Emma"}})),
        ("books.lend", json!({"type": "books.lend", "payload": {"title": "Emma", "card": "1"}})),
        ("books.lend", json!({"type": "books.lend", "payload": {"title": "Emma"}, "rpcId": 1})),
        ("__rpc_res.books.lend", json!({"type": "__rpc_res", "payload": {"title": "Emma"}})),
        ("__rpc_res.books.lend", json!({"type": "__rpc_res", "rpcId": "a"})),
        (
            "__rpc_err.LENT",
            json!({"type": "__rpc_err", "rpcId": "a", "error": {"code": "LENT", "message": "no"}}),
        ),
        ("__rpc_err", json!({"type": "__rpc_err", "rpcId": "a", "error": {"code": "LENT", "message": "no"}})),
        ("books.lent", json!({"type": "books.lent"})),
        ("__ping", json!({"type": "__pong"})),
    ] {
        assert!(!valid(key, &text), "{key}: {text}");
    }
    // Messages are told apart by `type` and code; replies by their `rpcId`, and a name in both directions by who sends.
    let keys = document["components"]["messages"].as_object().unwrap().keys();
    let is_apart = |key: &str| !key.starts_with("__rpc_res") && !key.starts_with("close");
    let apart: Vec<&String> = keys.filter(|key| is_apart(key)).collect();
    for (expected, text) in texts.iter().filter(|(key, _)| is_apart(key)) {
        let fitting: Vec<_> = apart.iter().filter(|key| valid(key, text)).collect();
        assert_eq!(fitting, [&expected], "{text}");
    }
}

#[test]
fn errors_of_the_same_code_and_data_are_one_message() {
    let mut sealed = unsealed();
    let errors = sealed["routes"][0]["errors"].clone();
    sealed["routes"][2]["errors"] = errors;
    sealed["routes"][4]["errors"] = json!([{"code": "LENT"}]);
    let document = Contract::seal(sealed).to_asyncapi(&AsyncApiOptions::default());
    let keys = document["components"]["messages"].as_object().unwrap().keys();
    let errors: Vec<&String> = keys.filter(|key| key.starts_with("__rpc_err")).collect();
    assert_eq!(errors, ["__rpc_err", "__rpc_err.LENT", "__rpc_err.LENT_2", "__rpc_err.UNKNOWN_BOOK"]);
    assert!(
        message(&document, "__rpc_err.LENT_2")["payload"]["properties"]["error"]["properties"]
            .get("data")
            .is_none()
    );
}

#[test]
fn the_handshake_is_in_the_bindings() {
    let ws = document()["components"]["channelBindings"]["socket"]["ws"].clone();
    let authorization = "A token.\n\nRequired, here or in the other of query and headers.";
    assert_eq!(ws["query"]["properties"]["authorization"]["description"], authorization);
    assert_eq!(ws["headers"]["properties"]["authorization"]["description"], authorization);
    assert_eq!(ws["headers"]["properties"]["lang"], json!({"$ref": "#/components/schemas/Language"}));
    assert_eq!((&ws["query"]["type"], &ws["headers"]["type"]), (&json!("object"), &json!("object")));
    assert!(ws["query"]["properties"]["x-zocket-version"].is_object());
    let mut without = unsealed();
    without.as_object_mut().unwrap().remove("headers");
    let without = Contract::seal(without).to_asyncapi(&AsyncApiOptions::default());
    let ws = &without["components"]["channelBindings"]["socket"]["ws"];
    assert_eq!((ws.get("headers"), ws["query"]["properties"].as_object().unwrap().len()), (None, 3));
}

#[test]
fn all_references_lead_somewhere_and_all_components_are_used() {
    for (path, text) in committed() {
        let document = Contract::parse(&text).unwrap().to_asyncapi(&AsyncApiOptions::default());
        let mut used = BTreeSet::new();
        each_reference(&document, &mut |reference| {
            let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
            assert!(target.is_some(), "{}: {reference}", path.display());
            used.insert(reference.to_owned());
        });
        for kind in ["messages", "schemas", "correlationIds"] {
            for key in document["components"][kind].as_object().into_iter().flat_map(|all| all.keys()) {
                let key = format!("#/components/{kind}/{key}");
                assert!(used.contains(&key), "{}: nothing refers to {key}", path.display());
            }
        }
    }
}

fn each_reference(value: &Value, visit: &mut dyn FnMut(&str)) {
    match value {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                visit(reference);
                assert_eq!(members.len(), 1, "beside a reference nothing is read: {value}");
            }
            members.values().for_each(|member| each_reference(member, visit));
        }
        Value::Array(items) => items.iter().for_each(|item| each_reference(item, visit)),
        _ => {}
    }
}

/// A schema of the document, with what it refers to.
fn draft07(document: &Value, schema: &Value) -> jsonschema::Validator {
    let root = json!({"allOf": [schema], "components": {"schemas": document["components"]["schemas"]}});
    jsonschema::options().with_draft(Draft::Draft7).offline().build(&root).expect("a schema of draft-07")
}

/// The translation of a schema, and both as validators.
fn translated(schema: &Value, definitions: &Value) -> (Value, jsonschema::Validator, jsonschema::Validator) {
    let contract = Contract::seal(json!({
        "zocket": "0.1",
        "router": "r",
        "routes": [{"route": "x", "direction": "outgoing", "payload": schema}],
        "$defs": definitions,
    }));
    let document = contract.to_asyncapi(&AsyncApiOptions::default());
    let translated = message(&document, "x")["payload"]["properties"]["payload"].clone();
    let new = draft07(&document, &translated);
    let whole = json!({"allOf": [schema], "$defs": definitions});
    let old = jsonschema::options().with_draft(Draft::Draft202012).offline().build(&whole).expect("a schema");
    (translated, old, new)
}

/// What 2020-12 says and draft-07 says otherwise: the same values are valid under both.
#[test]
fn schemas_are_translated_to_draft_07() {
    let definitions = json!({"N": {"type": "integer", "maximum": 9}, "List": {"type": "object",
        "properties": {"n": {"$ref": "#/$defs/N"}, "next": {"$ref": "#/$defs/List"}}, "required": ["n"]}});
    let schemas = [
        json!({"$ref": "#/$defs/N", "minimum": 3}),
        json!({"$ref": "#/$defs/N", "allOf": [{"minimum": 3}], "description": "x"}),
        json!({"$ref": "#/$defs/List"}),
        json!({"prefixItems": [{"$ref": "#/$defs/N"}, {"type": "string"}]}),
        json!({"prefixItems": [{"$ref": "#/$defs/N"}], "items": false}),
        json!({"prefixItems": [{"type": "null"}], "items": {"$ref": "#/$defs/N"}}),
        json!({"items": {"$ref": "#/$defs/N"}, "minItems": 1}),
        json!({"dependentRequired": {"n": ["next"]}}),
        json!({"dependentSchemas": {"n": {"required": ["next"]}}}),
        json!({"dependentRequired": {"n": ["next"]}, "dependentSchemas": {"n": {"maxProperties": 2}, "next": false}}),
        json!({"contains": {"$ref": "#/$defs/N"}}),
        json!({"contains": {"$ref": "#/$defs/N"}, "minContains": 1}),
        json!({"patternProperties": {"^n": {"$ref": "#/$defs/N"}}, "additionalProperties": false}),
        json!({"propertyNames": {"maxLength": 1}}),
        json!({"if": {"type": "string"}, "then": {"maxLength": 1}, "else": {"$ref": "#/$defs/N"}}),
        json!({"not": {"$ref": "#/$defs/N"}}),
        json!({"oneOf": [{"const": 1}, {"enum": ["n", null]}, {"type": ["array", "boolean"]}]}),
        json!({"exclusiveMaximum": 9, "exclusiveMinimum": 1}),
        json!({"default": {"$id": "x"}, "const": {"$ref": 1}}),
        json!(true),
        json!(false),
    ];
    let n = [json!(1), json!(4), json!(9), json!(10), json!("n"), json!("no"), json!(null), json!(true)];
    let mut values: Vec<Value> = n.to_vec();
    for first in &n {
        values.push(json!([first]));
        values.push(json!({"n": first}));
        values.push(json!({"n": first, "next": {"n": 1}}));
        values.push(json!({"next": first}));
        values.push(json!({"n": 1, "next": {"n": first}, "x": 1}));
        values.extend(n.iter().map(|second| json!([first, second])));
        values.extend(n.iter().map(|second| json!([first, second, 4])));
    }
    values.extend([json!([]), json!({}), json!({"$ref": 1})]);
    for schema in &schemas {
        let (translated, old, new) = translated(schema, &definitions);
        let mut verdicts = BTreeSet::new();
        for value in &values {
            assert_eq!(old.is_valid(value), new.is_valid(value), "{schema} became {translated}: {value}");
            verdicts.insert(new.is_valid(value));
        }
        assert!(verdicts.len() == 2 || schema.is_boolean(), "{schema}: the values tell nothing");
    }
}

#[test]
fn what_draft_07_cannot_say_is_kept_for_people_and_makes_a_schema_wider() {
    let definitions = json!({"N": {"type": "integer"}});
    for (schema, wider) in [
        (json!({"properties": {"a": true}, "unevaluatedProperties": false}), json!({"b": 1})),
        (json!({"prefixItems": [true], "unevaluatedItems": {"$ref": "#/$defs/N"}}), json!([1, "x"])),
        (json!({"contains": {"type": "null"}, "maxContains": 1}), json!([null, null])),
        (json!({"contains": {"type": "null"}, "minContains": 2}), json!([null])),
    ] {
        let (translated, old, new) = translated(&schema, &definitions);
        assert!(!old.is_valid(&wider) && new.is_valid(&wider), "{schema} became {translated}");
        assert!(translated["x-json-schema-2020-12"].is_object(), "{translated}");
    }
    // As many as you like, none included: nothing is left to say.
    let (translated, old, new) =
        translated(&json!({"contains": {"type": "null"}, "minContains": 0}), &definitions);
    assert!(old.is_valid(&json!([])) && new.is_valid(&json!([])), "{translated}");
}

#[test]
fn the_same_contract_gives_the_same_bytes() {
    let again = Contract::parse(&library().to_json()).unwrap();
    assert_eq!(document().to_string(), again.to_asyncapi(&AsyncApiOptions::default()).to_string());
}

#[test]
fn types_have_names_and_no_format_is_unknown() {
    let contract = Contract::seal(json!({"zocket": "0.1", "router": "r", "routes": [
        {"route": "shop.pay", "direction": "incoming", "payload": {"$ref": "#/$defs/Payment%20way"}, "reply": {"type": "object", "properties": {
            "receipt": {"type": "object", "properties": {"n": {"type": "integer", "format": "uint64"}}}}},
            "errors": [{"code": "POOR", "data": {"enum": ["a", "b"]}}]},
    ], "$defs": {"Payment way": {"oneOf": [
        {"type": "object", "properties": {"kind": {"type": "string", "const": "Card"}}, "required": ["kind"]},
        {"type": "object", "properties": {"kind": {"type": "string", "const": "Cash"}}, "required": ["kind"]},
    ]}}}));
    let document = contract.to_asyncapi(&AsyncApiOptions::default());
    let payment = &document["components"]["schemas"]["Payment_way"];
    assert_eq!(payment["oneOf"][0]["title"], "Payment_way.Card");
    assert_eq!(message(&document, "shop.pay")["payload"]["title"], "shop.pay");
    let reply = message(&document, "__rpc_res.shop.pay")["payload"].clone();
    assert_eq!(reply["title"], "shop.pay.reply");
    let receipt = &reply["properties"]["payload"]["properties"]["receipt"];
    assert_eq!(receipt["title"], "shop.pay.reply.payload.receipt");
    assert_eq!(receipt["properties"]["n"], json!({"type": "integer"}));
    let refused = message(&document, "__rpc_err.POOR")["payload"].clone();
    assert_eq!(refused["properties"]["error"]["properties"]["data"]["title"], "POOR.error.error.data");
    let alone = contract.schema_of("shop.pay", zocket_contract::Part::Payload).unwrap();
    assert_eq!(alone["oneOf"][1]["title"], "shop.pay payload.Cash");
}

/// The reference parser looks at nothing in a schema of 2020-12, and at little in others: so the meta-schemas do.
#[test]
fn all_schemas_are_valid_by_their_meta_schemas() {
    for (path, text) in committed() {
        let contract = Contract::parse(&text).unwrap();
        let whole = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": contract.definitions()});
        assert!(jsonschema::meta::is_valid(&whole), "{}", path.display());
        for name in contract.schema_names() {
            let schema = contract.schema(name).unwrap();
            let valid = jsonschema::draft202012::meta::validate(&schema);
            assert!(valid.is_ok(), "{} {name}: {:?}", path.display(), valid.err());
        }
        let document = contract.to_asyncapi(&AsyncApiOptions::default());
        let schemas = document["components"]["schemas"].as_object().into_iter().flat_map(|all| all.values());
        let messages = document["components"]["messages"].as_object().unwrap().values();
        for schema in schemas.chain(messages.map(|message| &message["payload"])) {
            let valid = jsonschema::draft7::meta::validate(schema);
            assert!(valid.is_ok(), "{}: {:?}: {schema}", path.display(), valid.err());
        }
    }
    let nonsense = json!({"type": "tree"});
    assert!(jsonschema::draft7::meta::validate(&nonsense).is_err());
    assert!(jsonschema::draft202012::meta::validate(&nonsense).is_err());
}
