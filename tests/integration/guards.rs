//! Guards over real sockets: a guard covers the item that it is on and everything below it, and runs once per call; its
//! value goes to those that ask for it.

use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};
use zocket::Server;

/// Which middleware have run, in order, and what the slow ones wait for.
#[derive(Clone)]
pub struct Log {
    ran: Arc<Mutex<Vec<&'static str>>>,
    began: Arc<Semaphore>,
    gate: Arc<Semaphore>,
}

impl Default for Log {
    fn default() -> Self {
        Self { ran: Arc::default(), began: Arc::new(Semaphore::new(0)), gate: Arc::new(Semaphore::new(0)) }
    }
}

impl Log {
    fn ran(&self, name: &'static str) {
        self.ran.lock().unwrap().push(name);
    }

    fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.ran.lock().unwrap())
    }
}

#[zocket::router]
pub mod app {
    use super::Log;
    use std::sync::Arc;
    use zocket::{Ctx, Error, State};

    #[headers]
    pub struct Headers {
        pub user: Option<String>,
    }

    #[context]
    pub struct Session {
        pub user: Option<String>,
    }

    #[on_connect]
    async fn connect(headers: Headers) -> Session {
        Session { user: headers.user }
    }

    /// Lets through callers with a name. Its value is `Clone`.
    #[middleware]
    pub async fn signed_in(ctx: Ctx<Session>, State(log): State<Log>) -> Result<Arc<str>, Denied> {
        log.ran("signed_in");
        ctx.user.as_deref().map(Into::into).ok_or(Denied::SignIn { at: "/login" })
    }

    /// Why a message was not let through.
    #[error]
    pub enum Denied {
        /// Sign in first.
        SignIn { at: &'static str },
        #[deprecated]
        Banned,
    }

    #[middleware]
    pub async fn admin(
        #[from(signed_in)] user: Arc<str>,
        State(log): State<Log>,
    ) -> Result<Admin, AdminsOnly> {
        log.ran("admin");
        if *user == *"root" { Ok(Admin(user)) } else { Err(AdminsOnly::NotAnAdmin) }
    }

    /// Is not `Clone`.
    pub struct Admin(pub Arc<str>);

    #[error]
    pub enum AdminsOnly {
        NotAnAdmin,
    }

    #[middleware]
    async fn first(State(log): State<Log>) -> Result<(), Error> {
        log.ran("first");
        Ok(())
    }

    #[middleware]
    async fn second(State(log): State<Log>) -> Result<(), Error> {
        log.ran("second");
        Ok(())
    }

    #[middleware]
    async fn third(State(log): State<Log>) -> Result<(), Error> {
        log.ran("third");
        Ok(())
    }

    #[incoming]
    async fn open() -> u8 {
        1
    }

    #[incoming]
    #[guard(signed_in)]
    async fn guarded(n: u8) -> u8 {
        n
    }

    #[incoming]
    #[guard(first, second)]
    #[guard(third)]
    async fn three() {}

    #[incoming]
    #[guard(admin)]
    async fn handed_over(#[from(admin)] admin: Admin, #[from(signed_in)] user: Arc<str>) -> (String, String) {
        (admin.0.to_string(), user.to_string())
    }

    #[incoming]
    async fn asked_twice(#[from(signed_in)] a: Arc<str>, #[from(signed_in)] b: Arc<str>) -> bool {
        Arc::ptr_eq(&a, &b)
    }

    /// A value that is not `Clone` goes to the first that asks; for the second it is made again.
    #[incoming]
    #[guard(admin)]
    async fn not_clone(#[from(admin)] a: Admin, #[from(admin)] b: Admin) -> bool {
        a.0 == b.0
    }

    #[incoming(concurrent)]
    #[guard(slow)]
    async fn slow_call(#[from(slow)] n: Arc<u64>) -> u64 {
        *n
    }

    #[middleware]
    async fn slow(State(log): State<Log>) -> Result<Arc<u64>, Error> {
        log.ran("slow");
        log.began.add_permits(1);
        log.gate.acquire().await?.forget();
        static MADE: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        Ok(Arc::new(MADE.fetch_add(1, std::sync::atomic::Ordering::Relaxed)))
    }

    /// A route beside the namespace of its name, not in it.
    #[incoming(rename = "members")]
    async fn beside() -> u8 {
        2
    }

    #[guard(signed_in)]
    pub mod members {
        use super::*;

        #[incoming]
        async fn list() -> u8 {
            3
        }

        #[incoming]
        #[guard(signed_in, first)]
        async fn again(#[from(signed_in)] user: Arc<str>) -> String {
            user.to_string()
        }

        #[guard(admin)]
        pub mod admins {
            use super::super::*;

            #[incoming]
            #[guard(second)]
            async fn shut_down(#[from(signed_in)] user: Arc<str>) -> String {
                user.to_string()
            }
        }
    }
}

/// Without a namespace, and a guard on the whole of it.
#[zocket::router(context = super::app::Session, state = super::Log)]
#[guard(here)]
mod whole {
    use super::Log;
    use zocket::{Error, State};

    #[middleware]
    async fn here(State(log): State<Log>) -> Result<(), Error> {
        log.ran("here");
        Ok(())
    }

    #[incoming]
    async fn covered() {}

    pub mod deep {
        use super::*;

        #[incoming]
        #[guard(here)]
        async fn covered() {}
    }
}

/// Merged into a namespace of `app`, with one of its guards named once more.
#[zocket::router(context = super::app::Session, state = super::Log, namespace = "members.later")]
#[guard(signed_in)]
pub mod later {
    use super::app::signed_in;
    use std::sync::Arc;

    #[incoming]
    async fn added(#[from(signed_in)] user: Arc<str>) -> String {
        user.to_string()
    }
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn serve(log: &Log) -> String {
    let router = app::router().merge(whole::router()).merge(later::router());
    let server = Server::builder(router).state(log.clone()).build();
    let http = axum::Router::new().route("/ws", server.route());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, http).await });
    format!("ws://{address}/ws")
}

async fn connect(url: &str, user: &str) -> Socket {
    let url = if user.is_empty() { url.to_owned() } else { format!("{url}?user={user}") };
    tokio_tungstenite::connect_async(url).await.unwrap().0
}

async fn send(socket: &mut Socket, route: &str, payload: Value, id: &str) {
    let message = json!({"type": route, "payload": payload, "rpcId": id}).to_string();
    socket.send(Message::text(message)).await.unwrap();
}

/// The answer: a reply's payload, or the code of an error.
async fn answer(socket: &mut Socket) -> Value {
    let text = socket.next().await.unwrap().unwrap();
    let answer: Value = serde_json::from_str(text.to_text().unwrap()).unwrap();
    match answer["type"].as_str() {
        Some("__rpc_res") => answer["payload"].clone(),
        Some("__rpc_err") => answer["error"]["code"].clone(),
        _ => panic!("{answer}"),
    }
}

async fn call(socket: &mut Socket, route: &str) -> Value {
    send(socket, route, Value::Null, "1").await;
    answer(socket).await
}

#[tokio::test]
async fn a_guard_on_one_fn_covers_that_fn_alone() {
    let log = Log::default();
    let url = serve(&log).await;
    let mut nobody = connect(&url, "").await;
    assert_eq!(call(&mut nobody, "open").await, 1);
    assert_eq!(call(&mut nobody, "members").await, 2);
    assert_eq!(log.take(), [""; 0]);
    assert_eq!(call(&mut nobody, "guarded").await, "SIGN_IN");
    assert_eq!(log.take(), ["signed_in"]);
    let mut ann = connect(&url, "ann").await;
    assert_eq!(call(&mut ann, "three").await, Value::Null);
    assert_eq!(log.take(), ["first", "second", "third"]);
}

#[tokio::test]
async fn a_guard_on_a_namespace_covers_all_below_it_and_runs_once() {
    let log = Log::default();
    let url = serve(&log).await;
    let mut nobody = connect(&url, "").await;
    for route in ["members.list", "members.again", "members.admins.shut_down", "members.later.added"] {
        assert_eq!(call(&mut nobody, route).await, "SIGN_IN", "{route}");
        assert_eq!(log.take(), ["signed_in"], "{route}");
    }
    let mut ann = connect(&url, "ann").await;
    let mut root = connect(&url, "root").await;
    assert_eq!(call(&mut ann, "members.list").await, 3);
    assert_eq!(log.take(), ["signed_in"]);
    assert_eq!(call(&mut ann, "members.again").await, "ann");
    assert_eq!(log.take(), ["signed_in", "first"]);
    assert_eq!(call(&mut ann, "members.admins.shut_down").await, "NOT_AN_ADMIN");
    assert_eq!(log.take(), ["signed_in", "admin"]);
    assert_eq!(call(&mut root, "members.admins.shut_down").await, "root");
    assert_eq!(log.take(), ["signed_in", "admin", "second"]);
    // Even if the second that names it is a separate router.
    assert_eq!(call(&mut ann, "members.later.added").await, "ann");
    assert_eq!(log.take(), ["signed_in"]);
}

#[tokio::test]
async fn a_guard_on_a_router_without_a_namespace_covers_that_router_alone() {
    let log = Log::default();
    let url = serve(&log).await;
    let mut nobody = connect(&url, "").await;
    for route in ["covered", "deep.covered"] {
        assert_eq!(call(&mut nobody, route).await, Value::Null, "{route}");
        assert_eq!(log.take(), ["here"], "{route}");
    }
    assert_eq!(call(&mut nobody, "open").await, 1);
    assert_eq!(log.take(), [""; 0]);
}

#[tokio::test]
async fn what_a_guard_has_made_is_handed_over() {
    let log = Log::default();
    let url = serve(&log).await;
    let mut root = connect(&url, "root").await;
    assert_eq!(call(&mut root, "handed_over").await, json!(["root", "root"]));
    assert_eq!(log.take(), ["signed_in", "admin"]);
    assert_eq!(call(&mut root, "asked_twice").await, true);
    assert_eq!(log.take(), ["signed_in"]);
    assert_eq!(call(&mut root, "not_clone").await, true);
    assert_eq!(log.take(), ["signed_in", "admin", "admin"]);
    // The next call begins anew.
    assert_eq!(call(&mut root, "asked_twice").await, true);
    assert_eq!(log.take(), ["signed_in"]);
}

#[tokio::test]
async fn guards_run_before_the_payload_is_looked_at() {
    let log = Log::default();
    let url = serve(&log).await;
    for (user, code) in [("", "SIGN_IN"), ("ann", "INVALID_PAYLOAD")] {
        let mut socket = connect(&url, user).await;
        send(&mut socket, "guarded", json!("not a number"), "1").await;
        assert_eq!(answer(&mut socket).await, code);
        assert_eq!(log.take(), ["signed_in"]);
    }
}

#[tokio::test]
async fn each_of_several_calls_at_once_has_its_own_values() {
    let log = Log::default();
    let url = serve(&log).await;
    let mut socket = connect(&url, "").await;
    for id in ["1", "2", "3"] {
        send(&mut socket, "slow_call", Value::Null, id).await;
    }
    // All three guards are running at once.
    log.began.acquire_many(3).await.unwrap().forget();
    log.gate.add_permits(3);
    let mut values = Vec::new();
    for _ in 0..3 {
        values.push(answer(&mut socket).await.as_u64().unwrap());
    }
    values.sort_unstable();
    values.dedup();
    assert_eq!(values.len(), 3);
    assert_eq!(log.take(), ["slow"; 3]);
}
