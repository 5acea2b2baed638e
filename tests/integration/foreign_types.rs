//! Types of other crates as payloads, by the features that bring their serde and their schemas.

use serde_json::{Value, json};
use zocket::{Server, testing::connect};

#[zocket::router]
pub mod app {
    #[payload]
    #[derive(Clone)]
    pub struct Everything {
        pub date: chrono::NaiveDate,
        pub time: chrono::NaiveTime,
        pub local: chrono::NaiveDateTime,
        pub instant: chrono::DateTime<chrono::Utc>,
        pub civil: jiff::civil::DateTime,
        pub clock: jiff::civil::Time,
        pub timestamp: jiff::Timestamp,
        pub id: uuid::Uuid,
        pub price: rust_decimal::Decimal,
        pub link: url::Url,
        pub version: semver::Version,
        pub bytes: bytes::Bytes,
        pub counts: indexmap::IndexMap<String, u8>,
    }

    #[incoming]
    async fn echo(input: Everything) -> Everything {
        input
    }
}

fn everything() -> Value {
    json!({
        "date": "2026-01-31",
        "time": "12:30:00",
        "local": "2026-01-31T12:30:00.250",
        "instant": "2026-01-31T12:30:00Z",
        "civil": "2026-01-31T12:30:00",
        "clock": "23:59:59.5",
        "timestamp": "2026-01-31T12:30:00Z",
        "id": "67e55044-10b1-426f-9247-bb680e5fe0c8",
        "price": "19.90",
        "link": "https://example.com/a",
        "version": "1.2.3-rc.1",
        "bytes": [1, 2, 255],
        "counts": {"b": 1, "a": 2},
    })
}

#[tokio::test]
async fn values_of_other_crates_go_both_ways() {
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).await.unwrap();
    assert_eq!(client.call::<Value>("echo", &everything()).await.unwrap(), everything());
    // More is accepted than is written.
    for (price, written) in [(json!("1e-5"), "0.00001"), (json!("+1"), "1"), (json!(1.5), "1.5")] {
        let mut sent = everything();
        sent["price"] = price;
        assert_eq!(client.call::<Value>("echo", &sent).await.unwrap()["price"], written);
    }
}

#[tokio::test]
async fn what_their_schemas_do_not_describe_is_refused_at_its_place() {
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).await.unwrap();
    let wrong = [
        ("date", json!("2026-02-30")),
        ("time", json!("12:30:00Z")),
        ("local", json!("2026-01-31")),
        ("instant", json!("2026-01-31T12:30:00")),
        ("civil", json!("2026-01-31T25:30:00")),
        ("clock", json!(5)),
        ("timestamp", json!("now")),
        ("id", json!("67e55044")),
        ("price", json!("1,5")),
        // These are read by the type, and refused by the schema that is published.
        ("price", json!("1_000")),
        ("price", json!(".5")),
        ("price", json!("5.")),
        ("link", json!("no link")),
        ("version", json!("1.2")),
        ("bytes", json!([256])),
        ("counts", json!({"a": -1})),
    ];
    for (name, value) in wrong {
        let mut sent = everything();
        sent[name] = value;
        let refused = client.call::<Value>("echo", &sent).await.unwrap_err();
        assert_eq!(refused.code, "INVALID_PAYLOAD", "{name}: {refused:?}");
        let shown = format!("{refused:?}");
        assert!(shown.contains(&format!("/{name}")), "{name}: {shown}");
    }
}
