//! Comparing the versions of client and server, and how a client that cannot see HTTP responses learns of a
//! refusal.

use std::{net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{net::TcpListener, time::timeout};
use tokio_tungstenite::{connect_async, tungstenite::Message};
use zocket::{Builder, Contract, NoState, OtherContracts, Server, testing::connect};

/// The contract of last month: replies had no `id`, and `edit` was still to come.
#[zocket::router]
mod compatible {
    use zocket::Reject;

    #[headers]
    pub struct Headers {
        #[schemars(length(min = 3))]
        pub token: Option<String>,
    }

    #[on_connect]
    async fn connect(_headers: Headers) -> Result<(), Reject> {
        Ok(())
    }

    #[payload]
    pub struct Posted {
        pub text: String,
    }

    #[incoming]
    async fn post(text: String) -> Posted {
        Posted { text }
    }
}

/// The contract of today.
#[zocket::router]
mod app {
    use zocket::Reject;

    #[headers]
    pub struct Headers {
        #[schemars(length(min = 3))]
        pub token: Option<String>,
    }

    #[on_connect]
    async fn connect(headers: Headers) -> Result<(), Reject> {
        match headers.token.as_deref() {
            Some("stale") => Err(Reject::unauthorized().with_message("the token has expired")),
            Some("long") => Err(Reject::forbidden().with_message("ä".repeat(200))),
            Some("panic") => panic!("secret"),
            _ => Ok(()),
        }
    }

    #[payload]
    pub struct Posted {
        pub text: String,
        pub id: u32,
    }

    #[incoming]
    async fn post(text: String) -> Posted {
        Posted { text, id: 1 }
    }

    #[incoming]
    async fn edit(_id: u32) {}
}

/// The contract of last year: it had a call that no longer exists.
#[zocket::router]
mod broken {
    #[incoming]
    async fn publish(_text: String) {}
}

const UNKNOWN: &str = "0123456789abcdef0123456789abcdef";

fn builder() -> Builder<(), NoState> {
    let committed = |contract: Contract| Contract::parse(&contract.to_json()).unwrap();
    Server::builder(app::router())
        .known_contract(committed(compatible::contract()))
        .known_contract(committed(broken::contract()))
}

async fn serve(server: &Server<()>) -> SocketAddr {
    let http = axum::Router::new().route("/ws", server.route());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, http).await });
    address
}

#[tokio::test]
async fn each_policy_lets_in_whom_it_says() {
    let policies = [
        (OtherContracts::Accept, [true, true, true, true]),
        (OtherContracts::Warn, [true, true, true, true]),
        (OtherContracts::RefuseBroken, [true, true, true, false]),
        (OtherContracts::RefuseUnknown, [true, true, false, false]),
    ];
    let hashes = [
        app::contract().hash().to_owned(),
        compatible::contract().hash().to_owned(),
        UNKNOWN.to_owned(),
        broken::contract().hash().to_owned(),
    ];
    for (policy, expected) in policies {
        let server = builder().other_contracts(policy).build();
        for (hash, expected) in hashes.iter().zip(expected) {
            match connect(&server).header("x-zocket-contract", hash).await {
                Ok(mut client) => {
                    assert!(expected, "{policy:?} {hash}");
                    let posted: Value = client.call("post", &"hi").await.unwrap();
                    assert_eq!(posted["text"], "hi");
                }
                Err(refused) => {
                    assert!(!expected, "{policy:?} {hash}: {refused}");
                    assert_eq!(refused.status, 426);
                    assert_eq!(refused.body["contract"], app::contract().hash());
                }
            }
        }
        assert!(connect(&server).await.is_ok(), "{policy:?}: a client that names no contract");
    }
}

/// The close frame of a connection that was refused, after nothing else.
async fn closed(address: SocketAddr, query: &str) -> (u16, String) {
    let (mut socket, _) =
        connect_async(format!("ws://{address}/ws?x-zocket-refusal=close&{query}")).await.unwrap();
    let message = timeout(Duration::from_secs(60), socket.next()).await.unwrap().unwrap().unwrap();
    let Message::Close(Some(frame)) = message else { panic!("no close frame: {message:?}") };
    // The socket answers the close automatically; then nothing is left.
    assert!(timeout(Duration::from_secs(60), socket.next()).await.unwrap().is_none());
    (frame.code.into(), frame.reason.to_string())
}

#[tokio::test]
async fn who_asks_for_it_is_refused_by_a_close_frame() {
    let server = builder().other_contracts(OtherContracts::RefuseUnknown).build();
    let address = serve(&server).await;
    let (code, reason) = closed(address, &format!("x-zocket-contract={UNKNOWN}")).await;
    assert_eq!(code, 3426);
    assert!(reason.contains("another version"), "{reason}");
    assert_eq!(closed(address, "token=x").await, (3400, "Invalid headers".to_owned()));
    assert_eq!(closed(address, "token=stale").await, (3401, "the token has expired".to_owned()));
    assert_eq!(closed(address, "token=panic").await, (3500, "Internal Server Error".to_owned()));
    let (code, reason) = closed(address, "token=long").await;
    assert_eq!((code, reason), (3403, "ä".repeat(61)), "as much as a close frame holds");
    assert_eq!(server.connection_count(), 0);
    server.drain(Duration::from_secs(1)).await;
    assert_eq!(closed(address, "").await, (3503, "the server is restarting".to_owned()));
}

#[tokio::test]
async fn who_does_not_ask_gets_an_http_answer() {
    let server = builder().other_contracts(OtherContracts::RefuseUnknown).build();
    let address = serve(&server).await;
    for (query, status) in [(format!("x-zocket-contract={UNKNOWN}"), 426), ("token=stale".to_owned(), 401)] {
        let refused = connect_async(format!("ws://{address}/ws?{query}")).await.unwrap_err();
        let tokio_tungstenite::tungstenite::Error::Http(response) = refused else { panic!("{refused}") };
        assert_eq!(response.status(), status);
        assert_eq!(status == 426, response.headers().contains_key("upgrade"));
        let body: Value = serde_json::from_slice(response.body().as_deref().unwrap_or_default()).unwrap();
        assert!(body["error"].is_string(), "{body}");
    }
}

#[tokio::test]
async fn a_page_can_ask_whether_the_server_is_there() {
    let address = serve(&builder().build()).await;
    let (mut socket, _) = connect_async(format!("ws://{address}/ws")).await.unwrap();
    socket.send(Message::text(r#"{"type":"__ping"}"#)).await.unwrap();
    let answer = timeout(Duration::from_secs(60), socket.next()).await.unwrap().unwrap().unwrap();
    assert_eq!(serde_json::from_str::<Value>(answer.to_text().unwrap()).unwrap(), json!({"type": "__pong"}));
}
