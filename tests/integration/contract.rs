//! The contract document: whole, stable, and true.

use std::path::Path;

use serde_json::{Value, json};
use zocket::{Contract, Server, testing::connect};

/// A shop.
#[zocket::router(rename_all = "camelCase")]
mod shop {
    use std::collections::BTreeMap;
    use zocket::{ClientId, Error};

    #[headers]
    pub struct Headers {
        /// Who is buying.
        #[serde(rename = "user-name", default)]
        pub user_name: String,
    }

    /// What is for sale.
    #[payload]
    #[derive(Clone)]
    pub struct Article {
        #[schemars(length(min = 1, max = 40))]
        pub name: String,
        pub price: u32,
        /// Left out by old clients.
        #[serde(default)]
        pub tags: Vec<String>,
    }

    /// How to pay.
    #[payload]
    #[serde(tag = "kind", rename_all = "snake_case")]
    pub enum Payment {
        Card {
            #[schemars(regex(pattern = "^[0-9]{16}$"))]
            number: String,
        },
        Invoice {
            #[schemars(range(min = 1, max = 60))]
            days: u8,
        },
    }

    /// Why an order was refused.
    #[error]
    pub enum OrderError {
        /// The article is sold out.
        SoldOut,
        #[error("at most {most} of these")]
        TooMany { most: u32 },
        #[error(transparent)]
        Other(Error),
    }

    pub mod stock {
        use super::*;

        /// The stock has changed.
        #[outgoing]
        pub struct Changed {
            pub article: Article,
            pub left: BTreeMap<String, u32>,
        }

        /// Orders an article.
        #[incoming]
        async fn order_now(input: Order) -> Result<Receipt, OrderError> {
            Ok(Receipt { article: input.article, paid: matches!(input.payment, Payment::Card { .. }) })
        }

        #[payload]
        pub struct Order {
            pub article: Article,
            pub payment: Payment,
            pub for_client: Option<ClientId>,
        }

        #[payload]
        pub struct Receipt {
            pub article: Article,
            pub paid: bool,
        }

        /// Use `orderNow`.
        #[incoming(rename = "order")]
        #[deprecated]
        async fn order_old() {}
    }
}

/// Compares a text with the committed one, or rewrites that if `UPDATE_SNAPSHOTS` is set.
fn assert_snapshot(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/snapshots").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == actual,
        "{name} has changed; run with UPDATE_SNAPSHOTS=1 and look at the difference:\n{actual}"
    );
}

#[test]
fn the_whole_document() {
    assert_snapshot("shop.contract.json", &shop::contract().to_json());
}

#[test]
fn the_same_router_gives_the_same_bytes() {
    let contract: Contract = shop::contract();
    assert_eq!(contract.to_json(), shop::contract().to_json());
    assert_eq!(contract, *Server::builder(shop::router()).build().contract());
}

#[test]
fn what_is_written_differently_than_read_has_two_definitions() {
    let contract = shop::contract();
    let definitions = &contract.as_value()["$defs"];
    assert_eq!(definitions["Article"]["required"], json!(["name", "price"]));
    assert_eq!(definitions["ArticleOutput"]["required"], json!(["name", "price", "tags"]));
    assert_eq!(definitions["Receipt"]["properties"]["article"]["$ref"], "#/$defs/ArticleOutput");
}

#[tokio::test]
async fn values_on_both_sides_of_a_tagged_enums_constraints() {
    let server = Server::builder(shop::router()).build();
    let mut client = connect(&server).await.unwrap();
    let order = |payment: Value| json!({"article": {"name": "x", "price": 1}, "payment": payment, "for_client": null});
    for (payment, path) in [
        (json!({"kind": "invoice", "days": 1}), None),
        (json!({"kind": "invoice", "days": 60}), None),
        (json!({"kind": "card", "number": "0123456789012345"}), None),
        (json!({"kind": "invoice", "days": 0}), Some("/payment/days")),
        (json!({"kind": "invoice", "days": 61}), Some("/payment/days")),
        (json!({"kind": "card", "number": "012345678901234"}), Some("/payment/number")),
        (json!({"kind": "cash"}), Some("/payment/kind")),
        (json!({"kind": "card"}), Some("/payment")),
    ] {
        let answer = client.call::<Value>("stock.orderNow", &order(payment.clone())).await;
        match path {
            None => assert_eq!(answer.unwrap()["article"]["tags"], json!([]), "{payment}"),
            Some(path) => {
                let issues = answer.unwrap_err().issues;
                let paths: Vec<&str> = issues.iter().map(|issue| issue["path"].as_str().unwrap()).collect();
                assert_eq!(paths, [path], "{payment}: {issues:?}");
            }
        }
    }
}

#[test]
fn a_format_that_nothing_enforces_is_an_error_when_the_server_is_built() {
    let text = Server::builder(unenforced::router()).try_build().unwrap_err().to_string();
    for part in ["`order`", "at tests/integration/contract.rs:", "colour", "/favourite"] {
        assert!(text.contains(part), "no {part} in: {text}");
    }
}

#[zocket::router]
mod unenforced {
    #[payload]
    pub struct Order {
        #[schemars(extend("format" = "colour"))]
        pub favourite: String,
    }

    #[incoming]
    async fn order(_input: Order) {}
}
