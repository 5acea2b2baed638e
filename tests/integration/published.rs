//! The contract's documents over HTTP: the contract, single schemas, AsyncAPI.

use std::{collections::BTreeMap, net::SocketAddr};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use zocket::{AsyncApiOptions, Contract, Server};

#[zocket::router]
mod shop {
    #[headers]
    pub struct Headers {
        pub token: Option<String>,
    }

    pub mod stock {
        #[payload]
        pub struct Order {
            #[schemars(length(min = 1))]
            pub article: String,
        }

        #[error]
        pub enum Fault {
            SoldOut,
            TooMany { most: u32 },
        }

        #[outgoing]
        pub struct Changed {
            pub left: u32,
        }

        #[incoming]
        async fn order(_input: Order) -> Result<u32, Fault> {
            Err(Fault::TooMany { most: 3 })
        }

        #[incoming(rename = "größe")]
        async fn size() -> u8 {
            8
        }
    }
}

/// Serves all documents of the shop.
async fn serve() -> SocketAddr {
    let server = Server::builder(shop::router()).build();
    let options = AsyncApiOptions::default().server("production", "wss://shop.example").unwrap();
    let http = axum::Router::new()
        .route("/contract.json", server.contract_route())
        .route("/asyncapi.json", server.asyncapi_route(&options))
        .nest_service("/schemas", server.schemas_route());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, http).await });
    addr
}

struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

async fn ask(addr: SocketAddr, method: &str, path: &str, headers: &str) -> Answer {
    let mut socket = TcpStream::connect(addr).await.unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\n{headers}\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    socket.read_to_string(&mut text).await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers =
        lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.into(), value.into()));
    Answer { status, headers: headers.collect(), body: body.into() }
}

async fn get(addr: SocketAddr, path: &str) -> Answer {
    ask(addr, "GET", path, "").await
}

#[tokio::test]
async fn documents_are_asked_for_once() {
    let addr = serve().await;
    for (path, kind) in [
        ("/contract.json", "application/json"),
        ("/asyncapi.json", "application/json"),
        ("/schemas", "application/json"),
        ("/schemas/stock.order/payload", "application/schema+json"),
        ("/schemas/contract", "application/schema+json"),
    ] {
        let first = get(addr, path).await;
        assert_eq!((first.status, first.headers["content-type"].as_str()), (200, kind), "{path}");
        assert_eq!(first.headers["cache-control"], "no-cache", "{path}");
        assert!(first.body.ends_with("}\n") && first.json().is_object(), "{path}");
        let etag = &first.headers["etag"];

        let again = ask(addr, "GET", path, &format!("if-none-match: W/{etag}\r\n")).await;
        assert_eq!((again.status, again.body.as_str(), &again.headers["etag"]), (304, "", etag), "{path}");
        assert!(!again.headers.contains_key("content-type"), "{path}");
        let other = ask(addr, "GET", path, "if-none-match: \"other\"\r\n").await;
        assert_eq!((other.status, other.body), (200, first.body.clone()), "{path}");

        let head = ask(addr, "HEAD", path, "").await;
        assert_eq!((head.status, head.body.as_str(), &head.headers["etag"]), (200, "", etag), "{path}");
        assert_eq!(head.headers["content-length"], first.body.len().to_string(), "{path}");
        let post = ask(addr, "POST", path, "content-length: 0\r\n").await;
        assert_eq!((post.status, post.headers["allow"].as_str()), (405, "GET,HEAD"), "{path}");
    }
}

#[tokio::test]
async fn the_documents_are_those_of_the_contract() {
    let addr = serve().await;
    let contract = shop::contract();
    assert_eq!(get(addr, "/contract.json").await.body, contract.to_json());
    assert_eq!(Contract::parse(&get(addr, "/contract.json").await.body), Ok(contract.clone()));
    assert_eq!(get(addr, "/schemas/contract").await.json(), *Contract::meta_schema());
    let asyncapi = get(addr, "/asyncapi.json").await.json();
    assert_eq!(asyncapi["servers"]["production"]["host"], "shop.example");
    assert_eq!(asyncapi["x-zocket-hash"], contract.hash());
    let names: Vec<_> = contract.schema_names().collect();
    assert_eq!(names.len(), 6);
    for name in names {
        let path = format!("/schemas/{name}").replace('ö', "%C3%B6").replace('ß', "%c3%9f");
        assert_eq!(get(addr, &path).await.json(), contract.schema(name).unwrap(), "{name}");
    }
}

#[tokio::test]
async fn the_index_leads_to_all_schemas() {
    let addr = serve().await;
    let index = get(addr, "/schemas").await.json();
    assert_eq!(get(addr, "/schemas/").await.json(), index);
    assert_eq!(
        index,
        json!({
            "hash": shop::contract().hash(),
            "contract": "contract",
            "headers": "headers",
            "routes": [
                {"route": "stock.changed", "direction": "outgoing", "event": "stock.changed/event"},
                {"route": "stock.größe", "direction": "incoming", "reply": "stock.gr%C3%B6%C3%9Fe/reply"},
                {
                    "route": "stock.order",
                    "direction": "incoming",
                    "payload": "stock.order/payload",
                    "reply": "stock.order/reply",
                    "errors": {"TOO_MANY": "stock.order/errors/TOO_MANY"},
                },
            ],
        })
    );
}

#[tokio::test]
async fn what_is_not_there_is_answered_with_what_is() {
    let addr = serve().await;
    for path in [
        "stock.order",
        "stock.changed/payload",
        "stock.order/errors/SOLD_OUT",
        "x/y/z",
        "%ff%00",
        "contract/",
    ] {
        let answer = get(addr, &format!("/schemas/{path}")).await;
        if path == "contract/" {
            assert_eq!(answer.status, 200);
            continue;
        }
        assert_eq!(
            (answer.status, answer.headers["content-type"].as_str()),
            (404, "application/json"),
            "{path}"
        );
        assert_eq!(
            answer.json(),
            json!({
                "error": "there is no such schema",
                "schemas": [
                    "headers",
                    "stock.changed/event",
                    "stock.größe/reply",
                    "stock.order/payload",
                    "stock.order/reply",
                    "stock.order/errors/TOO_MANY",
                ],
            }),
            "{path}"
        );
        assert!(!answer.headers.contains_key("etag"), "{path}");
    }
}
