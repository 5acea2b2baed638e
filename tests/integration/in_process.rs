//! What `zocket::testing` offers to the tests of users.

use std::{
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Extension, Router,
    extract::{Path, Request, State, rejection::PathRejection},
    http::StatusCode,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::FutureExt;
use serde_json::{Value, json};
use zocket::{
    Http, Server,
    testing::{Ask, AskError, Client, connect, connect_to},
};

#[zocket::router]
pub mod app {
    use super::*;
    use zocket::{Call, ClientId, Ctx, Error, FromCall};

    #[derive(Clone)]
    pub struct Tenant(pub &'static str);

    #[context]
    pub struct Guest {
        pub room: String,
        pub tenant: Option<&'static str>,
    }

    #[on_connect]
    async fn enter(
        Http(path): Http<Result<Path<String>, PathRejection>>,
        Http(tenant): Http<Option<Extension<Tenant>>>,
    ) -> Result<Guest, zocket::Reject> {
        let room = path.map_or_else(|_| "none".to_owned(), |Path(room)| room);
        if room == "full" {
            return Err(zocket::Reject::new(StatusCode::CONFLICT).with_message("no seat is left"));
        }
        Ok(Guest { room, tenant: tenant.map(|Extension(Tenant(name))| name) })
    }

    /// How a test tells where it is.
    #[incoming]
    async fn whereabouts(guest: Ctx<Guest>) -> (String, Option<String>) {
        (guest.room.clone(), guest.tenant.map(str::to_owned))
    }

    /// As a test makes one, and as a handler takes it.
    pub struct Length(usize);

    impl<C: Send + Sync + 'static, St: Send + Sync + 'static> FromCall<C, St> for Length {
        async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
            Ok(Self(call.ctx().client_id().to_string().len()))
        }
    }

    /// Behind names of its own.
    type Outcome<T> = Result<T, Error>;
    type Title = String;

    pub mod auction {
        use super::*;

        #[outgoing]
        #[payload]
        #[derive(Debug, PartialEq)]
        pub struct Outbid {
            pub by: u32,
        }

        #[payload]
        pub struct Bid {
            #[schemars(range(max = 1000))]
            pub amount: u32,
        }

        #[payload]
        #[derive(Debug, PartialEq)]
        pub struct Accepted {
            pub amount: u32,
        }

        #[derive(Debug)]
        pub struct NotRead;

        impl serde::Serialize for NotRead {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_u8(1)
            }
        }

        impl zocket::schemars::JsonSchema for NotRead {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                "NotRead".into()
            }
            fn json_schema(generator: &mut zocket::schemars::SchemaGenerator) -> zocket::schemars::Schema {
                u8::json_schema(generator)
            }
        }

        #[error]
        #[derive(Debug, PartialEq)]
        pub enum Vetoed {
            /// Once.
            Once,
        }

        #[error]
        #[derive(Debug)]
        pub enum BidError {
            /// Somebody has bid more.
            #[error("{highest} is bid already")]
            TooLow {
                #[serde(rename = "highestBid")]
                highest: u32,
                step: Option<u8>,
            },
            /// Of a kind.
            Of(String, u8),
            /// Over.
            Over,
            /// Its data is of a type that nothing can read.
            Unread { mark: NotRead },
            /// Its data is borrowed.
            Lent { text: &'static str },
            #[error(transparent)]
            Vetoed(Vetoed),
        }

        #[incoming]
        async fn bid(ctx: Ctx<Guest>, Length(length): Length, bid: Bid) -> Result<Accepted, BidError> {
            match bid.amount {
                0 => Err(BidError::Over),
                1 => Err(BidError::TooLow { highest: 7, step: None }),
                2 => Err(BidError::Of("two".into(), 2)),
                3 => Err(BidError::Unread { mark: NotRead }),
                5 => Err(BidError::Lent { text: "no" }),
                4 => Err(BidError::Vetoed(Vetoed::Once)),
                amount => {
                    assert!(length > 0);
                    send::auction::outbid(Outbid { by: amount }).except(ctx.client_id()).broadcast();
                    Ok(Accepted { amount })
                }
            }
        }

        #[middleware]
        async fn veto() -> Result<(), Vetoed> {
            Err(Vetoed::Once)
        }

        #[incoming(rename = "close-it")]
        #[guard(veto)]
        async fn r#match(title: Title) -> Outcome<Title> {
            Ok(title)
        }

        #[incoming]
        async fn look(title: Title, client: ClientId) -> Outcome<(Title, ClientId)> {
            if title.is_empty() { Err(Error::not_found()) } else { Ok((title, client)) }
        }

        #[incoming]
        async fn forget(Length(_): Length) {}

        #[incoming]
        async fn nap(seconds: u64) {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
        }
    }
}

use app::auction::{Accepted, Bid, BidError, Outbid, Vetoed};

fn server() -> Server<app::Guest> {
    Server::builder(app::router()).build()
}

async fn client() -> Client {
    connect(&server()).await.unwrap()
}

fn bid(amount: u32) -> Ask<Accepted, BidError> {
    app::calls::auction::bid(Bid { amount })
}

#[tokio::test]
async fn calls_have_the_types_of_their_handlers() {
    let server = server();
    let (mut alice, mut bob) = (connect(&server).await.unwrap(), connect(&server).await.unwrap());
    assert_eq!(alice.ask(bid(10)).await.unwrap(), Accepted { amount: 10 });
    assert_eq!(bob.expect::<Outbid>().await, Outbid { by: 10 });
    // No reply is asked for, and none comes.
    alice.tell(bid(11)).await;
    assert_eq!(bob.expect::<Outbid>().await, Outbid { by: 11 });
    assert!(alice.drain().await.is_empty());
    // Behind aliases, beside extractors, without a payload, and with another name on the wire.
    let title = alice.ask(app::calls::auction::look("Momo".to_owned())).await.unwrap();
    assert_eq!(title, ("Momo".to_owned(), alice.client_id()));
    alice.ask(app::calls::auction::forget(())).await.unwrap();
    assert_eq!(alice.ask(app::calls::whereabouts()).await.unwrap().0, "none");
    assert_eq!(app::calls::auction::r#match(String::new()).route(), "auction.close-it");
}

#[tokio::test]
async fn errors_have_the_types_of_their_handlers() {
    let mut alice = client().await;
    let handler = |error: AskError<BidError>| match error {
        AskError::Handler(error) => error,
        AskError::Other(error) => panic!("{error}"),
    };
    let error = handler(alice.ask(bid(0)).await.unwrap_err());
    assert!(matches!(error, BidError::Over), "{error:?}");
    let error = handler(alice.ask(bid(1)).await.unwrap_err());
    assert!(matches!(error, BidError::TooLow { highest: 7, step: None }), "{error:?}");
    let error = handler(alice.ask(bid(2)).await.unwrap_err());
    assert!(matches!(&error, BidError::Of(text, 2) if text == "two"), "{error:?}");
    let error = handler(alice.ask(bid(4)).await.unwrap_err());
    assert!(matches!(error, BidError::Vetoed(Vetoed::Once)), "{error:?}");
    // zocket's own error has any code.
    let error = alice.ask(app::calls::auction::look(String::new())).await.unwrap_err();
    assert!(matches!(&error, AskError::Handler(error) if error.code() == "NOT_FOUND"), "{error}");
}

#[tokio::test]
async fn errors_of_others_are_as_they_came() {
    let mut alice = client().await;
    let other = |error: AskError<BidError>| match error {
        AskError::Handler(error) => panic!("{error}"),
        AskError::Other(error) => error,
    };
    let invalid = other(alice.ask(bid(2000)).await.unwrap_err());
    assert_eq!((invalid.code.as_str(), invalid.issues.len()), ("INVALID_PAYLOAD", 1));
    assert_eq!(invalid.issues[0]["path"], "/amount");
    // What the error could be read as, if its types could be read.
    for (amount, data, name) in [(3, json!({"mark": 1}), "Unread"), (5, json!({"text": "no"}), "Lent")] {
        let unread = other(alice.ask(bid(amount)).await.unwrap_err());
        assert_eq!(unread.data, Some(data));
        let advice = format!("derive `serde::Deserialize` for the types in `BidError::{name}`");
        assert!(unread.to_string().contains(&advice), "{unread}");
    }
    // A guard's.
    let vetoed = alice.call::<String>("auction.close-it", &"x").await.unwrap_err();
    assert_eq!(vetoed.read::<Vetoed>(), Some(Vetoed::Once));
    assert!(vetoed.read::<BidError>().is_some_and(|error| matches!(error, BidError::Vetoed(Vetoed::Once))));
    let unknown = alice.call::<()>("auction.none", &()).await.unwrap_err();
    assert_eq!((unknown.read::<Vetoed>(), unknown.code.as_str()), (None, "UNKNOWN_ROUTE"));
}

/// Where a future panics, and what it says.
async fn panicked(future: impl Future) -> (String, u32, String) {
    type Place = Arc<Mutex<Option<(String, u32)>>>;
    static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _only = ONE_AT_A_TIME.lock().await;
    let (place, thread) = (Place::default(), std::thread::current().id());
    let hook: Arc<dyn Fn(&panic::PanicHookInfo<'_>) + Send + Sync> = panic::take_hook().into();
    let (noted, usual) = (Arc::clone(&place), Arc::clone(&hook));
    panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() != thread {
            return usual(info);
        }
        *noted.lock().unwrap() = info.location().map(|at| (at.file().to_owned(), at.line()));
    }));
    let result = AssertUnwindSafe(future).catch_unwind().await;
    panic::set_hook(Box::new(move |info| hook(info)));
    let text = result.map(drop).expect_err("a panic").downcast::<String>().expect("a text");
    let (file, line) = place.lock().unwrap().clone().expect("a place");
    (file, line, *text)
}

#[tokio::test(start_paused = true)]
async fn failures_are_shown_at_the_line_of_the_test() {
    let mut alice = client().await;
    let (file, line, text) = panicked(async { alice.expect::<Outbid>().await }).await;
    assert_eq!((file.as_str(), line), (file!(), line!() - 1), "{text}");
    assert!(text.contains("waited 5s for the event `auction.outbid`; until then came: nothing"), "{text}");

    let (_, line, text) = panicked(async { alice.call::<u8>("auction.look", &"Momo").await }).await;
    assert_eq!(line, line!() - 1, "{text}");
    assert!(text.starts_with("the reply of `auction.look` does not fit its type"), "{text}");

    // Where something else polls, the text says who called.
    let (file, _, text) = panicked(tokio::time::timeout(Duration::from_secs(60), alice.expect_error())).await;
    assert_ne!(file, file!());
    assert!(text.starts_with(&format!("{}:{}:", file!(), line!() - 2)), "{text}");

    let unwritable = std::collections::HashMap::from([(vec![1], 2)]);
    let (_, line, text) = panicked(async { alice.send("auction.bid", &unwritable).await }).await;
    assert_eq!(line, line!() - 1, "{text}");
    assert!(text.starts_with("the payload for `auction.bid` cannot be written as JSON"), "{text}");
}

/// A client answers pings though its test does something else, and however far a paused clock jumps.
#[tokio::test(start_paused = true)]
async fn an_idle_client_stays_connected_for_hours() {
    let server = server();
    let mut idle = connect(&server).await.unwrap();
    let mut over_http = connect_to(&Router::new().route("/ws", server.route()), "/ws").await.unwrap();
    let mut hung = connect(&server).await.unwrap();
    hung.stop_reading();
    tokio::time::sleep(Duration::from_secs(24 * 3600)).await;
    assert_eq!(server.connection_count(), 2, "all but the one that does not read");
    for client in [&mut idle, &mut over_http] {
        assert_eq!(client.ask(app::calls::whereabouts()).await.unwrap().0, "none");
    }
    assert_eq!(hung.closed().await.0, 1006);
    // A jump of the test's own, past every limit at once.
    tokio::time::advance(Duration::from_secs(3600)).await;
    assert_eq!(idle.ask(app::calls::whereabouts()).await.unwrap().0, "none");
}

/// The deadline is in tokio's time, as the handler's sleep is.
#[tokio::test(start_paused = true)]
async fn a_deadline_can_be_longer_than_a_handlers_sleep() {
    let mut patient = connect(&server()).deadline(Duration::from_secs(7200)).await.unwrap();
    patient.ask(app::calls::auction::nap(3600)).await.unwrap();
}

async fn at_night(request: Request, next: Next) -> Response {
    if request.headers().contains_key("x-night") {
        return (StatusCode::SERVICE_UNAVAILABLE, "we sleep").into_response();
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert("x-seen", "yes".parse().unwrap());
    response
}

async fn with_tenant(State(name): State<&'static str>, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(app::Tenant(name));
    next.run(request).await
}

#[tokio::test]
async fn an_application_is_tested_with_its_routes_and_layers() {
    let server = server();
    let http = Router::new()
        .route("/ws/{room}", server.route())
        .layer(axum::middleware::from_fn_with_state("Acme", with_tenant))
        .route("/plain/{room}", server.route())
        .route("/page", get(|| async { "a page" }))
        .layer(from_fn(at_night));
    let mut client = connect_to(&http, "/ws/lobby").await.unwrap();
    let whereabouts = app::calls::whereabouts;
    assert_eq!(client.ask(whereabouts()).await.unwrap(), ("lobby".into(), Some("Acme".into())));
    // An extension as whatever accepts connections sets it, where no layer does.
    let mut client = connect_to(&http, "/plain/a%20b?x=1").extension(app::Tenant("Own")).await.unwrap();
    assert_eq!(client.ask(whereabouts()).await.unwrap(), ("a b".into(), Some("Own".into())));
    // The same client in every other way.
    assert_eq!(server.connection(client.client_id()).unwrap().client_id(), client.client_id());
    assert_eq!((client.rooms(), client.drain().await), (vec![], Vec::<Value>::new()));
    client.close().await;
    assert_eq!(server.connection_count(), 1);

    // Refused by on_connect, by a layer, by a route that is something else, by none.
    let refused = connect_to(&http, "/ws/full").await.unwrap_err();
    assert_eq!((refused.status, refused.body["error"].as_str()), (409, Some("no seat is left")));
    let refused = connect_to(&http, "/ws/lobby").http_header("x-night", "1").await.unwrap_err();
    assert_eq!((refused.status, refused.body), (503, json!("we sleep")));
    let refused = connect_to(&http, "/page").await.unwrap_err();
    assert_eq!((refused.status, refused.body), (200, json!("a page")));
    assert_eq!(connect_to(&http, "/nowhere").await.unwrap_err().status, 404);
}

/// A router with a namespace `calls` keeps it.
#[zocket::router]
mod telephone {
    pub mod calls {
        #[incoming]
        async fn ring() -> u8 {
            3
        }
    }
}

#[tokio::test]
async fn a_namespace_may_be_called_calls() {
    let server = Server::builder(telephone::router()).build();
    assert_eq!(connect(&server).await.unwrap().call::<u8>("calls.ring", &()).await.unwrap(), 3);
}
