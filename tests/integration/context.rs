//! The context, the state, extractors, middleware and guards.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};
use zocket::{Call, Error, FromCall, FromRef, Server, testing::connect};

#[derive(Clone, Default)]
pub struct Counter(Arc<AtomicUsize>);

#[derive(Clone, Default)]
pub struct AppState {
    counter: Counter,
    name: Name,
}

impl FromRef<AppState> for Counter {
    fn from_ref(state: &AppState) -> Self {
        state.counter.clone()
    }
}

#[derive(Clone, Default)]
pub struct Name(&'static str);

impl FromRef<AppState> for Name {
    fn from_ref(state: &AppState) -> Self {
        state.name.clone()
    }
}

/// A user's own extractor.
pub struct RoomCount(usize);

impl<C: Send + Sync + 'static, St: Send + Sync + 'static> FromCall<C, St> for RoomCount {
    async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
        match call.ctx().rooms().current().len() {
            0 => Err(Error::new("NOWHERE", "join a room first")),
            count => Ok(Self(count)),
        }
    }
}

#[zocket::router(state = super::AppState)]
mod app {
    use super::{Counter, Name, RoomCount};
    use std::sync::atomic::Ordering;
    use zocket::{ClientId, Ctx, Error, HandshakeParts, PeerAddr, Reject, State};

    #[headers]
    pub struct Headers {
        pub user: Option<String>,
    }

    #[context]
    pub struct Session {
        pub user: Option<String>,
    }

    #[on_connect]
    async fn connect(State(counter): State<Counter>, headers: Headers) -> Result<Session, Reject> {
        counter.0.fetch_add(1, Ordering::Relaxed);
        Ok(Session { user: headers.user })
    }

    #[middleware]
    async fn signed_in(ctx: Ctx<Session>) -> Result<String, Error> {
        ctx.user.clone().ok_or_else(Error::unauthorized)
    }

    #[middleware]
    async fn admin(#[from(signed_in)] user: String, State(name): State<Name>) -> Result<String, Error> {
        if user == "root" { Ok(format!("{user}@{}", name.0)) } else { Err(Error::forbidden()) }
    }

    #[incoming]
    async fn any_order(
        text: String,
        PeerAddr(peer): PeerAddr,
        State(counter): State<Counter>,
        parts: HandshakeParts,
        ctx: Ctx<Session>,
        client: ClientId,
    ) -> (String, String, usize, String, bool) {
        assert_eq!(ctx.client_id(), client);
        let path = parts.uri.path().to_owned();
        (text, peer.to_string(), counter.0.load(Ordering::Relaxed), path, ctx.user.is_some())
    }

    #[incoming]
    async fn whoami(#[from(signed_in)] user: String) -> String {
        user
    }

    #[incoming]
    async fn sign_in(ctx: Ctx<Session>, user: String) -> bool {
        ctx.replace_context(Session { user: Some(user) });
        // This message keeps the context that it started with.
        ctx.user.is_none()
    }

    #[incoming]
    async fn count(ctx: Ctx<Session>, room: Option<String>) -> bool {
        room.is_some_and(|room| ctx.rooms().join(room))
    }

    #[incoming]
    async fn own_extractor(RoomCount(count): RoomCount) -> usize {
        count
    }

    #[guard(signed_in)]
    pub mod members {
        use super::*;

        #[incoming]
        async fn list() -> u32 {
            1
        }

        #[incoming]
        async fn add(n: u32) -> u32 {
            n + 1
        }

        #[guard(admin)]
        pub mod admin_only {
            use super::super::*;

            #[incoming]
            async fn shut_down(#[from(admin)] admin: String) -> String {
                admin
            }
        }
    }
}

fn server() -> Server<app::Session> {
    Server::builder(app::router()).state(AppState { name: Name("here"), ..AppState::default() }).build()
}

#[tokio::test]
async fn extractors_stand_in_any_order() {
    let server = server();
    let peer: SocketAddr = "192.0.2.7:4000".parse().unwrap();
    let mut client = connect(&server).peer(peer).await.unwrap();
    let got: Value = client.call("any_order", "hi").await.unwrap();
    assert_eq!(got, json!(["hi", "192.0.2.7:4000", 1, "/ws", false]));
}

#[tokio::test]
async fn a_middleware_hands_over_its_value_or_refuses() {
    let server = server();
    let mut nobody = connect(&server).await.unwrap();
    assert_eq!(nobody.call::<String>("whoami", &()).await.unwrap_err().code, "UNAUTHORIZED");
    let mut alice = connect(&server).header("user", "alice").await.unwrap();
    assert_eq!(alice.call::<String>("whoami", &()).await.unwrap(), "alice");
}

#[tokio::test]
async fn a_replaced_context_is_seen_by_the_next_message() {
    let server = server();
    let mut client = connect(&server).await.unwrap();
    assert!(client.call::<bool>("sign_in", "bob").await.unwrap());
    assert_eq!(client.call::<String>("whoami", &()).await.unwrap(), "bob");
    assert_eq!(server.connection(client.client_id()).unwrap().context().user.as_deref(), Some("bob"));
}

#[tokio::test]
async fn a_guard_covers_everything_below_its_namespace_outside_in() {
    let server = server();
    let mut nobody = connect(&server).await.unwrap();
    let mut alice = connect(&server).header("user", "alice").await.unwrap();
    let mut root = connect(&server).header("user", "root").await.unwrap();
    assert_eq!(nobody.call::<u32>("members.list", &()).await.unwrap_err().code, "UNAUTHORIZED");
    assert_eq!(alice.call::<u32>("members.list", &()).await.unwrap(), 1);
    let route = "members.admin_only.shut_down";
    assert_eq!(nobody.call::<String>(route, &()).await.unwrap_err().code, "UNAUTHORIZED");
    assert_eq!(alice.call::<String>(route, &()).await.unwrap_err().code, "FORBIDDEN");
    assert_eq!(root.call::<String>(route, &()).await.unwrap(), "root@here");
}

#[tokio::test]
async fn a_guard_refuses_before_the_payload_is_looked_at() {
    let server = server();
    let mut nobody = connect(&server).await.unwrap();
    let mut alice = connect(&server).header("user", "alice").await.unwrap();
    assert_eq!(nobody.call::<u32>("members.add", &"not a number").await.unwrap_err().code, "UNAUTHORIZED");
    assert_eq!(alice.call::<u32>("members.add", &"not a number").await.unwrap_err().code, "INVALID_PAYLOAD");
    assert_eq!(alice.call::<u32>("members.add", &41).await.unwrap(), 42);
}

#[tokio::test]
async fn an_extractor_of_ones_own_extracts_and_refuses() {
    let server = server();
    let mut client = connect(&server).await.unwrap();
    assert_eq!(client.call::<usize>("own_extractor", &()).await.unwrap_err().code, "NOWHERE");
    assert!(client.call::<bool>("count", "hall").await.unwrap());
    assert_eq!(client.call::<usize>("own_extractor", &()).await.unwrap(), 1);
}

pub struct Shared;

#[zocket::router(context = super::Shared)]
mod outer {
    use super::Shared;
    use zocket::Error;

    #[on_connect]
    async fn connect() -> Shared {
        Shared
    }

    #[middleware]
    async fn nobody() -> Result<(), Error> {
        Err(Error::forbidden())
    }

    #[guard(nobody)]
    pub mod closed {
        #[incoming]
        async fn here() {}
    }
}

#[zocket::router(context = super::Shared, namespace = "closed.later")]
mod inner {
    #[incoming]
    async fn added() {}
}

#[zocket::router(context = super::Shared, namespace = "open", state = super::Counter)]
mod counted {
    use super::Counter;
    use std::sync::atomic::Ordering;
    use zocket::State;

    #[outgoing]
    pub struct Counted {
        pub n: usize,
    }

    #[incoming]
    async fn count(State(counter): State<Counter>) -> usize {
        let n = counter.0.fetch_add(1, Ordering::Relaxed);
        send::counted(Counted { n }).broadcast();
        n
    }
}

#[tokio::test]
async fn routers_merge_and_guards_cover_what_is_merged_below_them() {
    let counter = Counter::default();
    let router = counted::router().merge(outer::router()).merge(inner::router());
    let server = Server::builder(router).state(counter.clone()).build();
    let mut client = connect(&server).await.unwrap();
    for route in ["closed.here", "closed.later.added"] {
        assert_eq!(client.call::<()>(route, &()).await.unwrap_err().code, "FORBIDDEN", "{route}");
    }
    assert_eq!(client.call::<usize>("open.count", &()).await.unwrap(), 0);
    assert_eq!(client.expect_event("open.counted").await, json!({"n": 0}));
    assert_eq!(counter.0.load(Ordering::Relaxed), 1);
    // Each of the merged routers sends through the one server.
    assert_eq!(counted::send::counted(counted::Counted { n: 7 }).broadcast().queued(), 1);
    assert_eq!(client.expect_event("open.counted").await, json!({"n": 7}));
}

#[test]
fn a_route_in_two_routers_is_an_error_that_names_both() {
    let error = Server::builder(inner::router().merge(outer::router()).merge(inner::router()))
        .try_build()
        .unwrap_err();
    let text = error.to_string();
    assert!(text.contains("the incoming route `closed.later.added` is declared twice"), "{text}");
    assert_eq!(text.matches("`added` at ").count(), 2, "{text}");
}

#[test]
fn a_missing_state_or_context_is_an_error_with_a_way_out() {
    let text = Server::builder(app::router()).try_build().unwrap_err().to_string();
    assert!(text.contains("AppState") && text.contains(".state(..)"), "{text}");
    let text = Server::builder(inner::router()).try_build().unwrap_err().to_string();
    assert!(text.contains("Shared") && text.contains("#[on_connect]"), "{text}");
}
