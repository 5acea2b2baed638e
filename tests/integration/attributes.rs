//! Other crates' attributes next to zocket's own: the schema reflects what they do to reading and writing.

use serde_json::{Value, json};
use zocket::{Server, testing::connect};

#[zocket::router]
mod app {
    use serde_with::{DisplayFromStr, serde_as, skip_serializing_none};
    use std::collections::BTreeMap;

    /// Below the helper.
    #[payload]
    #[serde_as]
    #[serde(rename_all = "camelCase")]
    pub struct Order {
        #[serde_as(as = "DisplayFromStr")]
        pub item_id: u64,
        #[serde_as(as = "Vec<DisplayFromStr>")]
        pub amounts: Vec<u8>,
    }

    /// Above it, and above the attributes for the derives.
    #[serde(deny_unknown_fields)]
    #[serde_as]
    #[payload]
    pub struct Sizes {
        #[serde_as(as = "BTreeMap<DisplayFromStr, _>")]
        pub by_id: BTreeMap<u8, u8>,
    }

    #[incoming]
    async fn order(input: Order) -> Order {
        input
    }

    #[incoming]
    async fn sizes(input: Sizes) -> usize {
        input.by_id.len()
    }

    /// Another attribute macro that changes what is written.
    #[outgoing]
    #[skip_serializing_none]
    pub struct Told {
        pub note: Option<String>,
    }

    #[incoming]
    async fn tell(client: zocket::ClientId) {
        send::told(Told { note: None }).to([client]);
    }

    /// Read by a function, with the type that it reads named for the schema.
    #[payload]
    pub struct Flag {
        #[serde(deserialize_with = "yes_or_no")]
        #[schemars(with = "String", regex(pattern = "^(yes|no)$"))]
        pub on: bool,
    }

    fn yes_or_no<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        Ok(text == "yes")
    }

    #[incoming]
    async fn flag(input: Flag) -> bool {
        input.on
    }
}

#[tokio::test]
async fn what_serde_as_reads_is_what_the_schema_says() {
    let contract = app::contract();
    let order = &contract.as_value()["$defs"]["Order"]["properties"];
    assert_eq!(
        (&order["itemId"]["type"], &order["amounts"]["items"]["type"]),
        (&json!("string"), &json!("string"))
    );

    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).await.unwrap();
    let payload = json!({"itemId": "12", "amounts": ["1", "2"]});
    assert_eq!(client.call::<Value>("order", &payload).await.unwrap(), payload);
    let plain = json!({"itemId": 12, "amounts": []});
    let error = client.call::<Value>("order", &plain).await.unwrap_err();
    assert_eq!((error.code.as_str(), &error.issues[0]["path"]), ("INVALID_PAYLOAD", &json!("/itemId")));
    assert_eq!(client.call::<usize>("sizes", &json!({"by_id": {"1": 2}})).await.unwrap(), 1);
    assert!(client.call::<usize>("sizes", &json!({"by_id": {}, "more": 1})).await.is_err());
}

#[tokio::test]
async fn other_attribute_macros_come_before_the_derives() {
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).await.unwrap();
    client.call::<()>("tell", &()).await.unwrap();
    assert_eq!(client.expect_event("told").await, json!({}));
    let told = &app::contract().as_value()["$defs"]["Told"].clone();
    assert_eq!(told.get("required"), None, "{told}");
}

#[tokio::test]
async fn a_function_that_reads_something_else_with_the_schema_of_that() {
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).await.unwrap();
    assert!(client.call::<bool>("flag", &json!({"on": "yes"})).await.unwrap());
    for wrong in [json!(true), json!("maybe")] {
        let error = client.call::<bool>("flag", &json!({"on": wrong})).await.unwrap_err();
        assert_eq!((error.code.as_str(), &error.issues[0]["path"]), ("INVALID_PAYLOAD", &json!("/on")));
    }
}
