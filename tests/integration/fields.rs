//! One setting for the names of routes, one for those of fields, both at the router.

use serde_json::json;
use zocket::{Server, testing::connect};

#[zocket::router(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub mod app {
    #[headers]
    pub struct Headers {
        pub user_name: Option<String>,
    }

    #[on_connect]
    async fn connect(headers: Headers) {
        drop(headers.user_name);
    }

    #[payload]
    pub struct OrderNow {
        pub item_count: u8,
        #[serde(rename = "NOTE")]
        pub side_note: Option<String>,
    }

    /// Its own names go before the router's.
    #[payload]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    pub struct Ordered {
        pub order_number: u8,
    }

    #[outgoing]
    pub enum StockChanged {
        SoldOut { item_name: String },
        Left(u8),
    }

    #[error]
    pub enum Refused {
        #[error("{most_items} at most")]
        TooMany { most_items: u8 },
        #[serde(rename_all = "UPPERCASE")]
        TooFew { least: u8 },
    }

    #[incoming]
    async fn order_now(input: OrderNow) -> Result<Ordered, Refused> {
        match input.item_count {
            0 => Err(Refused::TooFew { least: 1 }),
            1..9 => {
                send::stock_changed(StockChanged::SoldOut { item_name: "a".into() }).broadcast();
                send::stock_changed(StockChanged::Left(1)).broadcast();
                Ok(Ordered { order_number: input.item_count })
            }
            _ => Err(Refused::TooMany { most_items: 8 }),
        }
    }
}

#[tokio::test]
async fn fields_are_named_as_the_router_says() {
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).header("user_name", "Ada").await.unwrap();
    let order = json!({"itemCount": 2, "NOTE": "soon"});
    let ordered: serde_json::Value = client.call("order-now", &order).await.unwrap();
    assert_eq!(ordered, json!({"ORDER_NUMBER": 2}));
    assert_eq!(client.expect_event("stock-changed").await, json!({"SoldOut": {"itemName": "a"}}));
    assert_eq!(client.expect_event("stock-changed").await, json!({"Left": 1}));

    let refused = client.call::<()>("order-now", &json!({"itemCount": 9})).await.unwrap_err();
    assert_eq!(refused.data, Some(json!({"mostItems": 8})));
    let refused = client.call::<()>("order-now", &json!({"itemCount": 0})).await.unwrap_err();
    assert_eq!(refused.data, Some(json!({"LEAST": 1})));
    let refused = client.call::<()>("order-now", &json!({"item_count": 2})).await.unwrap_err();
    assert_eq!(refused.code, "INVALID_PAYLOAD");
}
