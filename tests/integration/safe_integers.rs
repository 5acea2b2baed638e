//! `safe_integers`: whole numbers as JavaScript has them, in every place that has a schema.

use serde_json::{Value, json};
use zocket::{BuildErrorKind, Contract, SchemaName, Server, Undelivered, testing::connect};

const MAX: i64 = 9_007_199_254_740_991;

#[zocket::router(safe_integers)]
pub mod app {
    #[headers]
    pub struct Headers {
        pub seat: Option<u64>,
    }

    #[payload]
    pub struct Numbers {
        pub count: u64,
        pub change: i64,
        pub wide: u128,
        pub deep: i128,
        pub size: Option<usize>,
        pub small: u8,
        #[schemars(range(max = 10))]
        pub few: u64,
        pub by_name: std::collections::BTreeMap<String, u64>,
    }

    #[outgoing]
    pub struct Present {
        pub count: u64,
    }

    #[outgoing]
    pub struct Renamed {
        pub name: String,
    }

    #[error]
    pub enum Refused {
        #[error("at most {most}")]
        TooMany { most: u64 },
    }

    #[incoming]
    async fn echo(input: Numbers) -> Numbers {
        input
    }

    /// Written as its type says, so that nothing but the router's bound speaks against it.
    #[incoming]
    async fn double(n: u64) -> u64 {
        n * 2
    }

    #[incoming]
    async fn most(most: u64) -> Result<(), Refused> {
        Err(Refused::TooMany { most: most * 2 })
    }
}

#[zocket::router(namespace = "other")]
pub mod other {
    #[incoming]
    async fn double(n: u64) -> u64 {
        n * 2
    }
}

use app::{Present, send};

fn numbers() -> Value {
    json!({
        "count": MAX, "change": -MAX, "wide": MAX, "deep": -MAX, "size": MAX, "small": 255, "few": 10, "by_name": {"a": MAX},
    })
}

fn schema(contract: &Contract, name: &str) -> Value {
    contract.schema(SchemaName::parse(name).unwrap()).unwrap()
}

#[test]
fn the_contract_has_the_bounds_and_keeps_narrower_ones() {
    let payload = schema(&app::contract(), "echo/payload");
    let bounds = |field: &str| {
        let field = &payload["properties"][field];
        assert_eq!(field.get("exclusiveMaximum"), None, "{field}");
        (field["minimum"].clone(), field["maximum"].clone())
    };
    assert_eq!(bounds("count"), (json!(0), json!(MAX)));
    assert_eq!(bounds("change"), (json!(-MAX), json!(MAX)));
    assert_eq!(bounds("wide"), (json!(0), json!(MAX)));
    assert_eq!(bounds("deep"), (json!(-MAX), json!(MAX)));
    assert_eq!(bounds("size"), (json!(0), json!(MAX)));
    assert_eq!(bounds("small"), (json!(0), json!(255)));
    assert_eq!(bounds("few"), (json!(0), json!(10)));
    assert_eq!(schema(&other::contract(), "other.double/payload")["maximum"], json!(u64::MAX));
}

#[tokio::test]
async fn what_a_number_of_javascript_has_not_exactly_does_not_come_in() {
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).await.unwrap();
    assert_eq!(client.call::<Value>("echo", &numbers()).await.unwrap(), numbers());
    for (field, beyond) in [
        ("count", json!(MAX + 1)),
        ("change", json!(-MAX - 1)),
        ("wide", json!(MAX + 1)),
        ("deep", json!(-MAX - 1)),
        ("size", json!(MAX + 1)),
        ("by_name", json!({"a": MAX + 1})),
    ] {
        let mut sent = numbers();
        sent[field] = beyond;
        let error = client.call::<Value>("echo", &sent).await.unwrap_err();
        assert_eq!(error.code, "INVALID_PAYLOAD", "{field}");
        assert!(
            error.issues[0]["path"].as_str().unwrap().starts_with(&format!("/{field}")),
            "{:?}",
            error.issues
        );
        assert!(
            error.issues[0]["message"].as_str().unwrap().contains("9007199254740991"),
            "{:?}",
            error.issues
        );
    }
    assert!(connect(&server).header("seat", "9007199254740991").await.is_ok());
    assert_eq!(connect(&server).header("seat", "9007199254740992").await.unwrap_err().status, 400);
}

#[tokio::test]
async fn nor_does_it_go_out() {
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).await.unwrap();
    assert_eq!(client.call::<i64>("double", &(MAX / 2)).await.unwrap(), MAX - 1);
    assert_eq!(client.call::<i64>("double", &MAX).await.unwrap_err().code, "INTERNAL");
    assert_eq!(client.call::<()>("most", &1).await.unwrap_err().code, "TOO_MANY");
    assert_eq!(client.call::<()>("most", &MAX).await.unwrap_err().code, "INTERNAL");
    let beyond = send::present(Present { count: 1 << 53 }).broadcast();
    assert_eq!((beyond.queued(), beyond.undelivered()), (0, Some(Undelivered::AgainstSchema)));
    assert_eq!(send::present(Present { count: (1 << 53) - 1 }).broadcast().queued(), 1);
    assert_eq!(send::renamed(app::Renamed { name: "Ann".into() }).broadcast().queued(), 1);
    assert_eq!(client.next_message().await["payload"]["count"], MAX);
}

#[test]
fn merged_routers_agree_on_it() {
    for merged in [app::router().merge(other::router()), other_first()] {
        let error = Server::builder(merged).try_build().unwrap_err();
        assert_eq!(error.kind(), BuildErrorKind::Schema);
        assert_eq!(
            error.to_string(),
            "the router `app` has `safe_integers` and `other`, merged with it, has not, though they share their types; help: \
             write `#[zocket::router(safe_integers)]` on both, or on neither"
        );
    }
}

fn other_first() -> zocket::Router<()> {
    other::router().merge(app::router())
}
