//! Hand-written schemas: those with which a router builds are enforced as written, and can be read by our own tools.

use std::cell::RefCell;

use serde_json::{Map, Value, json};
use zocket::__private::{
    schemars::{JsonSchema, Schema, SchemaGenerator},
    serde::{Deserialize, Deserializer, Serialize, Serializer},
};
use zocket::{Contract, Part, SchemaName, Server, testing::connect};

thread_local! {
    /// What the type's schema is.
    static SCHEMA: RefCell<Value> = const { RefCell::new(Value::Null) };
}

/// Any JSON, with a schema that somebody has written.
#[derive(Debug)]
pub struct Hand(Value);

impl Serialize for Hand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Hand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self)
    }
}

impl JsonSchema for Hand {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Hand".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = SCHEMA.with_borrow(Value::clone);
        // What a hand-written schema asks the generator for.
        if schema["properties"].get("other").is_some() {
            schema["properties"]["other"] = generator.subschema_for::<app::Other>().to_value();
        }
        schema.try_into().expect("an object or a boolean")
    }
}

#[zocket::router]
mod app {
    use super::Hand;

    #[payload]
    pub struct Other {
        #[schemars(range(max = 5))]
        pub count: u8,
        pub hand: Option<Box<Hand>>,
    }

    #[payload]
    pub struct Holder {
        pub before: u8,
        pub hand: Hand,
        pub more: Vec<Hand>,
    }

    #[incoming]
    async fn alone(_input: Hand) {}
    #[incoming]
    async fn held(_input: Holder) -> u8 {
        1
    }
    #[incoming]
    async fn listed(_input: Vec<Hand>) {}
    #[outgoing]
    #[payload]
    pub struct Told {
        pub hand: Hand,
    }
}

/// Numbers that depend only on the seed (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

const NAMES: [&str; 4] = ["a", "b/c", "next", "%7E"];

/// References that may lead somewhere: to the root, to parts of it, to its own definitions, to anchors, by its id.
fn reference(random: &mut Random) -> &'static str {
    random.pick(&[
        "#",
        "#",
        "#/properties/a",
        "#/properties/next",
        "#/properties/b~1c",
        "#/properties/%257E",
        "#/$defs/local",
        "#/$defs/a%20b",
        "#/$defs/local/items",
        "#mark",
        "tree.json",
        "tree.json#/$defs/local",
        "https://example.com/schemas/tree.json#mark",
    ])
}

fn schema(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth > 2 { 7 } else { 12 }) {
        0 => json!({"type": "integer", "minimum": random.below(3)}),
        1 => json!({"type": "string", "maxLength": random.below(3) + 1}),
        2 => json!({"type": ["null", "boolean"]}),
        3 => json!({"enum": [1, "x", null]}),
        4 | 5 => json!({"anyOf": [{"type": "null"}, {"$ref": reference(random)}]}),
        6 => json!({"type": "array", "items": {"$ref": reference(random)}, "maxItems": 3}),
        7 => json!({"type": "array", "items": schema(random, depth + 1)}),
        8 => json!({"oneOf": [schema(random, depth + 1), {"const": "only"}]}),
        9 => json!({"not": schema(random, depth + 1)}),
        _ => object(random, depth),
    }
}

fn object(random: &mut Random, depth: usize) -> Value {
    let mut properties = Map::new();
    for name in NAMES {
        if random.below(2) == 0 {
            properties.insert(name.into(), schema(random, depth + 1));
        }
    }
    let mut object = json!({"type": "object", "properties": properties});
    match random.below(5) {
        0 => object["additionalProperties"] = false.into(),
        1 => object["additionalProperties"] = json!({"$ref": reference(random)}),
        2 => object["required"] = json!(["a"]),
        _ => {}
    }
    object
}

/// A whole document, as one would write it into a file.
fn document(random: &mut Random) -> Value {
    let mut root = object(random, 0);
    if random.below(2) == 0 {
        root["$defs"] = json!({
            "local": {"type": "array", "items": schema(random, 2)},
            "a b": schema(random, 1),
            "marked": {"$anchor": "mark", "type": "object", "properties": {"a": schema(random, 2)}},
        });
    }
    match random.below(4) {
        0 => root["$id"] = "https://example.com/schemas/tree.json".into(),
        1 => root["$schema"] = "https://json-schema.org/draft/2020-12/schema".into(),
        _ => {}
    }
    root
}

fn value(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth > 3 { 6 } else { 10 }) {
        0 => Value::Null,
        1 => json!(random.below(4)),
        2 => json!(random.pick(&["", "x", "only", "long text"])),
        3 => json!(true),
        4 => json!([]),
        5 => json!({}),
        6 => (0..random.below(4)).map(|_| value(random, depth + 1)).collect(),
        _ => {
            let names = NAMES.iter().filter(|_| random.0 & 1 == 0 || depth == 0);
            let names: Vec<&str> = names.copied().collect();
            Value::Object(names.into_iter().map(|name| (name.to_owned(), value(random, depth + 1))).collect())
        }
    }
}

/// As the author meant it: the document on its own.
fn meant(document: &Value) -> Option<jsonschema::Validator> {
    jsonschema::options().with_draft(jsonschema::Draft::Draft202012).offline().build(document).ok()
}

#[tokio::test]
async fn what_builds_is_read_by_our_tools_and_enforced_as_it_was_written() {
    let (mut built, mut taken, mut refused, mut unusable) = (0, 0, 0, 0);
    for seed in 0..600 {
        let mut random = Random(seed);
        let document = document(&mut random);
        SCHEMA.set(document.clone());
        let server = match Server::builder(app::router()).try_build() {
            Ok(server) => server,
            Err(error) => {
                // A schema that cannot be enforced even on its own is rejected with an error.
                assert!(meant(&document).is_none(), "seed {seed}: {document}: {error}");
                assert!(
                    error.to_string().contains("help: ") || error.to_string().contains("orrect"),
                    "{error}"
                );
                unusable += 1;
                continue;
            }
        };
        built += 1;
        let text = app::contract().to_json();
        let contract =
            Contract::parse(&text).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{document}"));
        let validator = |route| {
            let name = SchemaName::Message { route, part: Part::Payload };
            contract.validator(name).expect("a route").expect("a schema")
        };
        // An unreferenced definition may be invalid; it is left out.
        let Some(oracle) = meant(&document) else { continue };
        let (alone, held, listed) = (validator("alone"), validator("held"), validator("listed"));
        let mut client = connect(&server).await.expect("a connection");
        for _ in 0..10 {
            let value = value(&mut random, 0);
            let valid = oracle.is_valid(&value);
            *if valid { &mut taken } else { &mut refused } += 1;
            let holder = json!({"before": 1, "hand": value, "more": [value]});
            let list = json!([value]);
            for (route, payload, validator) in
                [("alone", &value, &alone), ("held", &holder, &held), ("listed", &list, &listed)]
            {
                let checked = validator.check(&payload.to_string());
                assert_eq!(
                    checked.is_ok(),
                    valid,
                    "seed {seed}, {route}: {value} of {document}: {checked:?}"
                );
                let answer = client.call::<Value>(route, payload).await;
                assert_eq!(answer.is_ok(), valid, "seed {seed}, {route}: {value} of {document}: {answer:?}");
                if let (Err(checked), Err(answer)) = (checked, answer) {
                    assert_eq!(json!(checked.issues()), json!(answer.issues), "seed {seed}, {route}");
                }
            }
        }
    }
    assert!(built > 300 && unusable > 20, "{built} built, {unusable} unusable");
    assert!(taken > 200 && refused > 500, "{taken} taken, {refused} refused");
}

#[tokio::test]
async fn a_schema_that_refers_to_itself_and_to_another_type_means_both() {
    SCHEMA.set(json!({
        "type": "object",
        "properties": {"name": {"type": "string"}, "next": {"$ref": "#"}, "other": null},
        "required": ["name"],
    }));
    let server = Server::builder(app::router()).build();
    let contract = Contract::parse(&app::contract().to_json()).expect("a contract");
    assert_eq!(contract.definitions()["Hand"]["properties"]["next"], json!({"$ref": "#/$defs/Hand"}));
    let mut client = connect(&server).await.expect("a connection");
    let fine = json!({"name": "a", "next": {"name": "b", "other": {"count": 5, "hand": {"name": "c"}}}});
    client.call::<()>("alone", &fine).await.expect("taken");
    for (wrong, path) in [
        (json!({"name": "a", "next": {}}), "/next"),
        (json!({"name": "a", "other": {"count": 6}}), "/other/count"),
        (json!({"name": "a", "other": {"count": 5, "hand": {"next": {"name": "b"}}}}), "/other/hand"),
    ] {
        let refused = client.call::<()>("alone", &wrong).await.expect_err("refused");
        assert_eq!(refused.issues[0]["path"], path, "{refused:?}");
        let held = json!({"before": 1, "hand": wrong, "more": []});
        let refused = client.call::<u8>("held", &held).await.expect_err("refused");
        assert_eq!(refused.issues[0]["path"], format!("/hand{path}"), "{refused:?}");
    }
}

#[test]
fn what_no_contract_can_hold_does_not_build_and_says_what_to_do() {
    for (schema, says) in [
        (
            json!({"$ref": "#/$defs/nowhere"}),
            "the schema of `Hand` refers to `#/$defs/nowhere`, which leads nowhere",
        ),
        (json!({"$ref": "#anchor"}), "leads nowhere"),
        (
            json!({"$ref": "https://example.com/schema"}),
            "which is in no contract; help: clients must understand",
        ),
        (json!({"$ref": "https://json-schema.org/draft/2020-12/schema"}), "which is in no contract"),
        (
            json!({"$schema": "http://json-schema.org/draft-07/schema#"}),
            "is of the dialect `http://json-schema.org/draft-07/schema#`",
        ),
        (
            json!({"$dynamicRef": "#n", "$defs": {"a": {"$dynamicAnchor": "n"}, "b": {"$id": "b", "$dynamicAnchor": "n"}}}),
            "may mean several places; help: write `$ref`",
        ),
        (json!({"properties": {"x": {"type": "strin"}}}), "/properties/x/type"),
        (
            json!({"properties": {"other": null}, "$defs": {"Other": {"type": "null"}}}),
            "both a definition of its own and one of another type; help: give its own definition another name",
        ),
    ] {
        SCHEMA.set(schema.clone());
        let error = Server::builder(app::router()).try_build().expect_err(&schema.to_string()).to_string();
        assert!(error.contains(says), "{schema}: {error}");
    }
    // Even if only the server sends it.
    SCHEMA.set(json!({"required": "a"}));
    let error = Server::builder(told::router()).try_build().expect_err("no schema").to_string();
    assert!(error.contains("the message `told`") && error.contains("/$defs/Hand/required"), "{error}");
    SCHEMA.set((0..130).fold(json!({}), |inner, _| json!({"items": inner})));
    let error = Server::builder(told::router()).try_build().expect_err("too deep").to_string();
    assert!(error.contains("nested too deeply to be read"), "{error}");
}

#[zocket::router]
mod told {
    #[outgoing]
    #[payload]
    pub struct Told {
        pub hand: super::Hand,
    }
}
