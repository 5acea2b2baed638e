//! Panicking `Drop`s of all kinds of user values: `on_disconnect` still runs exactly once.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{sync::Semaphore, time::timeout};
use zocket::{Connection, Server};

use super::{
    PATIENCE, passed,
    peer::{Peer, call},
};

/// Panics when it is dropped; not within another panic, which would end the process.
#[derive(Debug, Default)]
pub struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("a bomb was dropped");
        }
    }
}

pub struct Desk {
    began: Semaphore,
    ended: Semaphore,
}

#[zocket::router]
mod app {
    use std::sync::{Arc, Mutex};

    use super::{Bomb, Desk};
    use zocket::{Connection, Ctx, State};

    #[headers]
    pub struct Headers {
        /// Whether the context is one that cannot be dropped.
        pub bomb: Option<bool>,
        /// Whether `on_disconnect` leaves one behind.
        pub hook: Option<bool>,
    }

    #[context]
    pub struct Who {
        pub bomb: Mutex<Option<Bomb>>,
        pub hook: bool,
        pub name: String,
        /// Looked at when this is dropped.
        pub connection: Mutex<Option<Connection<Who>>>,
        pub seen: Arc<Mutex<Vec<String>>>,
    }

    impl Who {
        pub fn named(name: &str) -> Self {
            let (name, hook) = (name.to_owned(), false);
            Self { bomb: Mutex::default(), hook, name, connection: Mutex::default(), seen: Arc::default() }
        }
    }

    impl Drop for Who {
        fn drop(&mut self) {
            if let Some(connection) = self.connection.get_mut().unwrap().take() {
                self.seen.lock().unwrap().push(connection.context().name.clone());
            }
        }
    }

    #[on_connect]
    async fn connect(headers: Headers) -> Who {
        let mut who = Who::named("somebody");
        who.bomb = Mutex::new(headers.bomb.map(|_| Bomb));
        who.hook = headers.hook.is_some();
        who
    }

    #[on_disconnect]
    async fn gone(ctx: Ctx<Who>, State(desk): State<Arc<Desk>>) {
        let _bomb = ctx.hook.then(|| Bomb);
        desk.ended.add_permits(1);
    }

    #[incoming]
    async fn echo(text: String) -> String {
        text
    }

    /// Waits forever while holding a value.
    #[incoming]
    async fn stuck(State(desk): State<Arc<Desk>>) {
        let _bomb = Bomb;
        desk.began.add_permits(1);
        std::future::pending::<()>().await;
    }

    #[incoming(concurrent)]
    async fn stuck_beside(State(desk): State<Arc<Desk>>) {
        let _bomb = Bomb;
        desk.began.add_permits(1);
        std::future::pending::<()>().await;
    }

    #[payload]
    pub struct Parcel {
        pub text: String,
        #[serde(skip)]
        pub bomb: Bomb,
    }

    #[incoming]
    async fn parcel(parcel: Parcel) -> usize {
        parcel.text.len()
    }

    #[incoming]
    async fn throws() {
        std::panic::panic_any(Bomb);
    }

    #[incoming]
    async fn replaces(ctx: Ctx<Who>) {
        ctx.replace_context(Who::named("another"));
    }
}

struct House {
    server: Server<app::Who>,
    desk: Arc<Desk>,
    address: std::net::SocketAddr,
}

impl House {
    async fn new() -> Self {
        let desk = Arc::new(Desk { began: Semaphore::new(0), ended: Semaphore::new(0) });
        let server = Server::builder(app::router()).state(Arc::clone(&desk));
        let server = server.disconnect_grace(Duration::from_millis(50)).build();
        let http = axum::Router::new().route("/ws", server.route());
        let listener = zocket::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, http).await });
        Self { server, desk, address }
    }

    async fn peer(&self, query: &str) -> Peer {
        let stream = tokio::net::TcpStream::connect(self.address).await.unwrap();
        let mut peer = Peer::knocking(stream, &format!("/ws?{query}"), "").await;
        let head = peer.head().await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        peer
    }

    /// One more `on_disconnect`, not a second one; and the server keeps serving others.
    async fn ended_once(&self) {
        passed(1, &self.desk.ended).await;
        let mut other = self.peer("").await;
        assert_eq!(other.call("echo", json!("hi")).await, "hi");
        drop(other);
        passed(1, &self.desk.ended).await;
        timeout(PATIENCE, self.server.drain(PATIENCE)).await.unwrap();
        assert_eq!(self.desk.ended.available_permits(), 0);
    }
}

/// The answer to a call, whatever it is.
async fn answer(peer: &mut Peer, route: &str, payload: impl Into<Value>) -> Value {
    peer.send(&call(route, payload, 1)).await;
    peer.message().await
}

#[tokio::test]
async fn of_a_handler_that_is_dropped() {
    for route in ["stuck", "stuck_beside"] {
        let house = House::new().await;
        let mut peer = house.peer("").await;
        peer.send(&call(route, json!(null), 1)).await;
        passed(1, &house.desk.began).await;
        drop(peer);
        house.ended_once().await;
    }
}

#[tokio::test]
async fn of_a_handler_that_a_drain_drops() {
    let house = House::new().await;
    let mut peer = house.peer("").await;
    peer.send(&[call("stuck_beside", json!(null), 1), call("stuck", json!(null), 1)].concat()).await;
    passed(2, &house.desk.began).await;
    let drained = timeout(PATIENCE, house.server.drain(Duration::from_millis(200))).await;
    assert_eq!(drained.expect("the drain to end").cut_off, 1);
    passed(1, &house.desk.ended).await;
    assert_eq!(house.desk.ended.available_permits(), 0);
}

#[tokio::test]
async fn of_a_payload_and_of_what_is_thrown() {
    let house = House::new().await;
    let mut peer = house.peer("").await;
    for (route, payload) in [("parcel", json!({"text": "hi"})), ("throws", json!(null))] {
        let answer = answer(&mut peer, route, payload).await;
        assert_eq!(answer["error"]["code"], "INTERNAL", "{answer}");
        // It is the only answer, and the connection stays open.
        assert_eq!(peer.call("echo", json!("hi")).await, "hi");
    }
    drop(peer);
    house.ended_once().await;
}

#[tokio::test]
async fn of_a_context() {
    let house = House::new().await;
    let mut peer = house.peer("bomb=true").await;
    assert_eq!(peer.call("echo", json!("hi")).await, "hi");
    drop(peer);
    house.ended_once().await;
    // The one that is replaced.
    let house = House::new().await;
    let mut peer = house.peer("bomb=true").await;
    peer.send(&call("replaces", json!(null), 1)).await;
    peer.message().await;
    assert_eq!(house.server.connections()[0].context().name, "another");
    drop(peer);
    house.ended_once().await;
}

#[tokio::test]
async fn of_what_on_disconnect_leaves_behind() {
    let house = House::new().await;
    drop(house.peer("hook=true").await);
    house.ended_once().await;
}

/// A context that looks at its connection when it is dropped sees its replacement.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_context_that_is_replaced_is_not_dropped_under_the_lock() {
    let house = House::new().await;
    let _peer = house.peer("").await;
    let connection: Connection<app::Who> = house.server.connections().remove(0);
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let mut looking = app::Who::named("looking");
    looking.connection = Mutex::new(Some(connection.clone()));
    looking.seen = Arc::clone(&seen);
    connection.replace_context(looking);
    // In a separate thread: one that waits for itself would wait forever.
    let (done, is_done) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        connection.replace_context(app::Who::named("new"));
        done.send(())
    });
    timeout(PATIENCE, is_done).await.expect("it waits for itself").unwrap();
    assert_eq!(*seen.lock().unwrap(), ["new"]);
}
