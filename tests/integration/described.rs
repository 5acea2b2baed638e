//! Doc comments and `#[deprecated]` reach the contract however they are written.

use serde_json::{Value, json};
use zocket::{Server, testing::connect};

#[doc = include_str!("described.md")]
#[cfg_attr(test, doc = "\nAnd under a condition.")]
#[cfg_attr(not(test), doc = "Never.")]
#[zocket::router]
#[allow(deprecated)] // schemars names the types that it describes
mod app {
    #[doc = include_str!("described.md")]
    #[incoming]
    async fn from_a_file() {}

    /// Always,
    #[cfg_attr(test, doc = " and under a condition,", deprecated(note = "by then"))]
    #[cfg_attr(all(test, not(test)), doc = "never this,")]
    #[cfg_attr(test, cfg_attr(test, doc = "and nested."))]
    #[incoming]
    async fn conditional() {}

    #[cfg_attr(not(test), deprecated)]
    #[doc = concat!("Two", " ", "pieces.")]
    #[incoming]
    async fn not_deprecated() {}

    #[cfg_attr(test, deprecated, doc = "A message.")]
    #[outgoing]
    pub struct Told {
        #[cfg_attr(test, deprecated, doc = "A field.")]
        pub text: String,
        #[doc = include_str!("described.md")]
        pub more: String,
    }

    #[error]
    pub enum Fault {
        #[cfg_attr(test, deprecated, doc = "It is full.")]
        #[cfg_attr(test, serde(rename_all = "camelCase"))]
        Full {
            #[cfg_attr(test, deprecated, doc = "How many.", serde(rename = "mostOfThem"))]
            at_most: u32,
            so_many: u32,
        },
        #[doc = include_str!("described.md")]
        FromAFile,
        #[cfg_attr(not(test), doc = "Never.")]
        NothingSaid,
    }

    #[incoming]
    #[allow(deprecated)]
    async fn fails(which: u8) -> Result<(), Fault> {
        Err(match which {
            0 => Fault::Full { at_most: 1, so_many: 2 },
            1 => Fault::FromAFile,
            _ => Fault::NothingSaid,
        })
    }

    /// A derive that is there only under a condition goes with the one that is added.
    #[payload]
    #[cfg_attr(test, derive(Clone, serde::Serialize))]
    #[cfg_attr(not(test), derive(serde::Deserialize))]
    pub struct Derived {
        pub n: u8,
    }

    #[incoming]
    async fn derived(input: Derived) -> Derived {
        input.clone()
    }

    /// Whatever is in a deprecated namespace is deprecated.
    #[cfg_attr(test, deprecated(note = "use the rest"))]
    pub mod old {
        #[outgoing]
        pub struct Event {
            pub n: u8,
        }

        pub mod deeper {
            #[incoming]
            async fn call(_db: zocket::State<std::sync::Arc<u8>>) {}
        }
    }

    #[cfg_attr(test, cfg(not(test)))]
    #[incoming]
    async fn not_there() {}

    #[cfg_attr(not(test), cfg(not(test)))]
    #[incoming]
    async fn there() {}
}

const FILE: &str = "Written in a file of its own.\n\n    with code";

fn route(name: &str) -> Value {
    let contract = app::contract();
    let routes = contract.as_value()["routes"].as_array().unwrap();
    routes.iter().find(|route| route["route"] == name).cloned().unwrap_or_default()
}

#[test]
fn docs_of_routes_and_the_router() {
    let description = app::contract().as_value()["description"].clone();
    assert_eq!(description, format!("{FILE}\n\n\nAnd under a condition.").as_str());
    assert_eq!(route("from_a_file")["description"], FILE);
    let conditional = route("conditional");
    assert_eq!(conditional["description"], "Always,\nand under a condition,\nand nested.");
    assert_eq!(conditional["deprecated"], true);
    let plain = route("not_deprecated");
    assert_eq!((&plain["description"], plain.get("deprecated")), (&json!("Two pieces."), None));
}

#[test]
fn docs_of_messages_and_fields() {
    let told = route("told");
    assert_eq!((&told["description"], &told["deprecated"]), (&json!("A message."), &json!(true)));
    let contract = app::contract();
    let properties = &contract.as_value()["$defs"]["Told"]["properties"];
    assert_eq!(properties["text"]["description"], "A field.");
    assert_eq!(properties["text"]["deprecated"], true);
    assert_eq!(properties["more"]["description"], FILE);
}

#[tokio::test]
async fn docs_of_errors_are_their_messages_too() {
    let errors = route("fails")["errors"].clone();
    let described = |index: usize| (errors[index]["code"].clone(), errors[index]["description"].clone());
    assert_eq!(described(0), (json!("FULL"), json!("It is full.")));
    assert_eq!(errors[0]["deprecated"], true);
    let data = &errors[0]["data"]["properties"];
    assert_eq!(data["mostOfThem"]["description"], "How many.");
    assert_eq!(data["mostOfThem"]["deprecated"], true);
    assert!(data.get("soMany").is_some(), "{data}");
    assert_eq!(described(1), (json!("FROM_A_FILE"), json!(FILE)));
    assert_eq!(described(2), (json!("NOTHING_SAID"), Value::Null));

    let server = Server::builder(app::router()).state(std::sync::Arc::new(1_u8)).build();
    let mut client = connect(&server).await.unwrap();
    for (which, message) in [(0, "It is full."), (1, "Written in a file of its own."), (2, "nothing said")] {
        assert_eq!(client.call::<()>("fails", &which).await.unwrap_err().message, message);
    }
    assert_eq!(client.call::<Value>("derived", &json!({"n": 1})).await.unwrap(), json!({"n": 1}));
}

#[test]
fn conditions_of_conditions() {
    assert_eq!(route("not_there"), Value::Null);
    assert_ne!(route("there"), Value::Null);
    for name in ["old.event", "old.deeper.call"] {
        assert_eq!(route(name)["deprecated"], true, "{name}");
    }
}
