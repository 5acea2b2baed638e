//! The end of a connection, observed by clients that keep every byte: what was sent before a close was requested comes before
//! the close frame, nothing comes after it, and the code is the one that was chosen.

mod drains;
mod drops;
mod gone;
mod order;
mod peer;
mod slow;

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use tokio::{sync::Semaphore, task::JoinHandle, time::timeout};
use zocket::{Builder, ClientId, CloseCode, Connection, Server};

use peer::Peer;

/// For things that should happen at once.
const PATIENCE: Duration = Duration::from_secs(30);

const KICKED: CloseCode = CloseCode::new(4001).expect("a code of the application's");

/// What hooks and handlers have done, and what they wait for if they are told to.
pub struct Desk {
    /// `on_connect`s and handlers that wait.
    began: Semaphore,
    gate: Semaphore,
    /// Handlers that have been told of the end of their connection.
    told: Semaphore,
    /// `on_disconnect`s, and the rooms that each saw.
    ended: Semaphore,
    rooms: Mutex<Vec<Vec<String>>>,
    connected: AtomicUsize,
    /// `on_disconnect` never ends.
    hangs: AtomicBool,
    /// It blocks its thread for a while.
    blocks: AtomicBool,
}

impl Desk {
    fn new() -> Arc<Self> {
        let none = || Semaphore::new(0);
        Arc::new(Self {
            began: none(),
            gate: none(),
            told: none(),
            ended: none(),
            rooms: Mutex::default(),
            connected: AtomicUsize::new(0),
            hangs: AtomicBool::new(false),
            blocks: AtomicBool::new(false),
        })
    }

    fn connected(&self) -> usize {
        self.connected.load(Ordering::SeqCst)
    }

    async fn wait(&self) {
        self.began.add_permits(1);
        self.gate.acquire().await.expect("never closed").forget();
    }
}

/// Waits until this many have passed.
async fn passed(count: usize, semaphore: &Semaphore) {
    let permits = timeout(PATIENCE, semaphore.acquire_many(u32::try_from(count).unwrap())).await;
    permits.unwrap_or_else(|_| panic!("only {} of {count}", semaphore.available_permits())).unwrap().forget();
}

#[zocket::router]
mod app {
    use std::sync::{Arc, atomic::Ordering};

    use super::{Desk, KICKED};
    use zocket::{Ctx, Reject, State};

    #[headers]
    pub struct Headers {
        pub plan: Option<String>,
    }

    #[outgoing]
    pub struct Note {
        pub n: u64,
    }

    #[outgoing]
    pub struct Block {
        pub n: usize,
        pub text: String,
    }

    #[on_connect]
    async fn connect(headers: Headers, State(desk): State<Arc<Desk>>) -> Result<(), Reject> {
        if headers.plan.as_deref() == Some("wait") {
            desk.wait().await;
        }
        desk.connected.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    #[on_disconnect]
    async fn gone(ctx: Ctx<()>, State(desk): State<Arc<Desk>>) {
        desk.rooms.lock().unwrap().push(ctx.rooms().current());
        desk.ended.add_permits(1);
        if desk.blocks.load(Ordering::SeqCst) {
            std::thread::sleep(std::time::Duration::from_secs(1));
        }
        if desk.hangs.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
    }

    #[incoming]
    async fn whoami(ctx: Ctx<()>) -> String {
        ctx.client_id().to_string()
    }

    #[incoming]
    async fn say(n: u64) -> u64 {
        send::note(Note { n }).broadcast();
        n
    }

    #[incoming]
    async fn hold(n: u64, State(desk): State<Arc<Desk>>) -> u64 {
        desk.wait().await;
        n
    }

    #[incoming]
    async fn until_closed(ctx: Ctx<()>, State(desk): State<Arc<Desk>>) {
        desk.began.add_permits(1);
        ctx.closed().await;
        desk.told.add_permits(1);
    }

    #[incoming]
    async fn text(length: usize) -> String {
        "x".repeat(length)
    }

    #[incoming]
    async fn blocks(count: usize) {
        for n in 0..count {
            send::block(Block { n, text: "x".repeat(10_000) }).broadcast();
        }
    }

    /// Sends this many to the caller only, and then disconnects it.
    #[incoming]
    async fn kick_me(count: u64, ctx: Ctx<()>) {
        for n in 1..=count {
            send::note(Note { n }).to([ctx.client_id()]);
        }
        ctx.disconnect(KICKED, "enough");
    }

    /// The same, and then keeps sending to everybody.
    #[incoming(concurrent)]
    async fn kick_me_and_talk_on(count: u64, ctx: Ctx<()>, State(desk): State<Arc<Desk>>) {
        for n in 1..=count {
            send::note(Note { n }).to([ctx.client_id()]);
        }
        ctx.disconnect(KICKED, "enough");
        while desk.gate.available_permits() == 0 {
            send::note(Note { n: 1_000_000 }).broadcast();
            tokio::task::yield_now().await;
        }
    }

    #[incoming]
    async fn join(ctx: Ctx<()>, room: String) -> bool {
        ctx.rooms().join(&room)
    }

    /// Says something in a room, and leaves it.
    #[incoming]
    async fn goodbye(room: String, ctx: Ctx<()>) {
        send::note(Note { n: 7 }).to_room(&room);
        ctx.rooms().leave(&room);
    }
}

/// A server, and where it listens.
struct House {
    server: Server<()>,
    desk: Arc<Desk>,
    address: SocketAddr,
}

impl House {
    async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    async fn with(settings: impl FnOnce(Builder<(), Arc<Desk>>) -> Builder<(), Arc<Desk>>) -> Self {
        let desk = Desk::new();
        // On a busy machine, a client that reads must not count as slow.
        let builder = Server::builder(app::router()).state(Arc::clone(&desk)).outbox_bytes(64 * 1024 * 1024);
        let server = settings(builder).build();
        let http = axum::Router::new().route("/ws", server.route()).route("/kick/{id}", {
            let server = server.clone();
            axum::routing::get(async move |id: axum::extract::Path<String>| kick(&server, &id))
        });
        let listener = zocket::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, http).await });
        Self { server, desk, address }
    }

    async fn peer(&self) -> Peer {
        Peer::tcp(self.address).await
    }

    /// The connection of a client.
    async fn connection(&self, peer: &mut Peer) -> Connection<()> {
        let id = peer.call("whoami", json!(null)).await;
        let id: ClientId = id.as_str().expect("an id").parse().unwrap();
        self.server.connection(id).expect("a connection")
    }

    /// Waits until no connection is left.
    async fn emptied(&self, ended: usize) {
        passed(ended, &self.desk.ended).await;
    }

    fn draining(&self, deadline: Duration) -> JoinHandle<zocket::Drained> {
        let server = self.server.clone();
        tokio::spawn(async move { server.drain(deadline).await })
    }
}

/// An axum route that sends a last message to a client, and disconnects it.
fn kick(server: &Server<()>, id: &str) -> &'static str {
    let id: ClientId = id.parse().unwrap();
    app::send::note(app::Note { n: 42 }).via(server).to([id]);
    server.connection(id).expect("a connection").disconnect(KICKED, "enough");
    "done"
}

/// Broadcasts without a pause, as fast as a client that listens can follow.
struct Traffic {
    more: Arc<Semaphore>,
    tasks: [JoinHandle<()>; 2],
}

/// How many broadcasts may be on their way.
const ON_THE_WAY: usize = 32;

impl Traffic {
    async fn through(house: &House) -> Self {
        let more = Arc::new(Semaphore::new(0));
        let room = Arc::new(Semaphore::new(ON_THE_WAY));
        let mut listener = house.peer().await;
        let listening = {
            let (more, room) = (Arc::clone(&more), Arc::clone(&room));
            tokio::spawn(async move {
                while listener.frame().await.is_some_and(|frame| frame.opcode == 1) {
                    more.add_permits(1);
                    room.add_permits(1);
                }
                // A drain closes this one as well, but the traffic must go on.
                room.add_permits(1_000_000);
            })
        };
        let server = house.server.clone();
        let talking = tokio::spawn(async move {
            for n in 1_000_000.. {
                room.acquire().await.unwrap().forget();
                app::send::note(app::Note { n }).via(&server).broadcast();
                tokio::task::yield_now().await;
            }
        });
        Self { more, tasks: [listening, talking] }
    }

    /// Waits until this many more have been delivered.
    async fn goes_on(&self, count: usize) {
        self.more.forget_permits(usize::MAX >> 4);
        passed(count, &self.more).await;
    }
}

impl Drop for Traffic {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
