//! A chat: rooms, private messages, who is here, and a page of its own to try it with.
//!
//! `cargo run --example chat`, then open <http://127.0.0.1:3000> in two windows and talk.
//! `PORT` chooses another port (0: any free one). `HOST=0.0.0.0` lets other devices in: a phone on the same network, say.
//!
//! Everything is in memory; `chat/hall.rs` says what is kept and for how long.
#![allow(missing_docs)] // an application, not a library

use std::time::Duration;

use axum::http::header;
use axum::routing::{MethodRouter, get};

#[path = "chat/hall.rs"]
mod hall;

/// The contract: everything that a client may send, and everything that it may hear.
#[zocket::router]
#[guard(unhurried)]
pub mod app {
    use std::sync::Arc;

    use zocket::{ClientId, Ctx, Error, State};

    use crate::hall::{Hall, Pace};

    #[headers]
    pub struct Headers {
        /// What to be called. Where somebody has that name already, a number is added.
        #[serde(rename = "user-name", default = "guest")]
        #[schemars(length(min = 1, max = 24))]
        pub user_name: String,
        /// A secret of the client's own making. Who comes back with it gets the same name, at once.
        #[schemars(length(min = 16, max = 64))]
        pub visitor: Option<String>,
    }

    fn guest() -> String {
        "Guest".to_owned()
    }

    #[context]
    pub struct Session {
        pub name: String,
        pub pace: Arc<Pace>,
    }

    #[on_connect]
    async fn connect(headers: Headers, client: ClientId, State(hall): State<Hall>) -> Session {
        let (name, replaced) = hall.enter(client, &headers.user_name, headers.visitor);
        send::people::replaced(people::Replaced {}).to(replaced);
        send::people::welcome(people::Welcome { name: name.clone() }).to([client]);
        Session { name, pace: Arc::default() }
    }

    #[on_disconnect]
    async fn disconnect(ctx: Ctx<Session>, State(hall): State<Hall>) {
        if hall.depart(ctx.client_id(), &ctx.name) {
            for room in ctx.rooms().current() {
                send::room::left(room::Left { room: room.clone(), name: ctx.name.clone() }).to_room(room);
            }
        }
    }

    /// Who is calling.
    #[middleware]
    async fn caller(ctx: Ctx<Session>) -> Result<String, Error> {
        Ok(ctx.name.clone())
    }

    /// Refuses whoever sends faster than anybody types.
    #[middleware]
    async fn unhurried(ctx: Ctx<Session>) -> Result<(), Error> {
        if ctx.pace.allows_one_more() {
            Ok(())
        } else {
            Err(Error::new("SLOW_DOWN", "That was fast. Wait a moment, then try again."))
        }
    }

    pub mod people {
        use super::*;

        /// The first message of every connection: the name that it goes by.
        #[outgoing]
        pub struct Welcome {
            pub name: String,
        }

        /// The same person is here through another connection now, and this one is no longer theirs.
        #[outgoing]
        pub struct Replaced {}

        /// Somebody goes by another name from now on.
        #[outgoing]
        pub struct Renamed {
            pub from: String,
            pub to: String,
        }

        #[payload]
        pub struct Rename {
            #[schemars(length(min = 1, max = 24))]
            pub name: String,
        }

        #[error]
        pub enum RenameError {
            #[error("Somebody here is called {name} already.")]
            NameTaken { name: String },
            #[error("A name needs at least one character that can be seen.")]
            NameEmpty,
        }

        /// Takes another name, and answers with it as it was understood.
        #[incoming]
        async fn rename(
            ctx: Ctx<Session>,
            client: ClientId,
            State(hall): State<Hall>,
            input: Rename,
        ) -> Result<Welcome, RenameError> {
            let name = hall.rename(client, &ctx.name, &input.name, &ctx.rooms().current())?;
            send::people::renamed(Renamed { from: ctx.name.clone(), to: name.clone() }).broadcast();
            ctx.replace_context(Session { name: name.clone(), pace: ctx.pace.clone() });
            Ok(Welcome { name })
        }
    }

    pub mod room {
        use super::*;
        use crate::hall::{Line, MAX_ROOMS, MAX_ROOMS_EACH, OpenRoom};

        /// Somebody said something in a room that you are in.
        #[outgoing]
        pub struct Said {
            pub room: String,
            pub line: Line,
        }

        #[outgoing]
        pub struct Entered {
            pub room: String,
            pub name: String,
        }

        #[outgoing]
        pub struct Left {
            pub room: String,
            pub name: String,
        }

        #[outgoing]
        pub struct Typing {
            pub room: String,
            pub name: String,
        }

        /// The name of a room: letters, digits, `-` and `_`.
        #[payload]
        pub struct Named {
            #[schemars(regex(pattern = r"^[\p{L}\p{N}_-]{1,32}$"))]
            pub room: String,
        }

        #[payload]
        pub struct Post {
            pub room: String,
            #[schemars(length(min = 1, max = 1000), regex(pattern = r"\S"))]
            pub text: String,
        }

        /// A room as its newest member finds it.
        #[payload]
        pub struct Joined {
            /// Differs from the last time where the room was forgotten in between, and line numbers began again.
            pub epoch: u64,
            pub people: Vec<String>,
            /// The last lines, the oldest first.
            pub history: Vec<Line>,
        }

        #[error]
        pub enum JoinError {
            #[error("You are in {max} rooms already. Leave one of them first.")]
            TooManyRooms { max: usize },
            #[error("All {max} rooms are in use. Join one of those, or come back later.")]
            NoRoomLeft { max: usize },
        }

        #[error]
        pub enum PostError {
            #[error("You are not in the room {room}. Join it first.")]
            NotInRoom { room: String },
        }

        /// The rooms that somebody is in.
        #[incoming]
        async fn list(State(hall): State<Hall>) -> Vec<OpenRoom> {
            hall.open_rooms()
        }

        #[incoming]
        async fn join(
            ctx: Ctx<Session>,
            State(hall): State<Hall>,
            Named { room }: Named,
        ) -> Result<Joined, JoinError> {
            let rooms = ctx.rooms();
            if !rooms.has(&room) && rooms.current().len() >= MAX_ROOMS_EACH {
                return Err(JoinError::TooManyRooms { max: MAX_ROOMS_EACH });
            }
            // Join before listing the room's people: those who join later are announced.
            let is_new = rooms.join(&room);
            let Some(joined) = hall.join(&room, &ctx.name) else {
                rooms.leave(&room);
                return Err(JoinError::NoRoomLeft { max: MAX_ROOMS });
            };
            if is_new {
                let entered = Entered { room: room.clone(), name: ctx.name.clone() };
                send::room::entered(entered).except(ctx.client_id()).to_room(room);
            }
            Ok(joined)
        }

        #[incoming]
        async fn leave(ctx: Ctx<Session>, State(hall): State<Hall>, Named { room }: Named) {
            if ctx.rooms().leave(&room) {
                hall.part(&room, &ctx.name);
                send::room::left(Left { room: room.clone(), name: ctx.name.clone() }).to_room(room);
            }
        }

        #[incoming]
        async fn post(
            ctx: Ctx<Session>,
            State(hall): State<Hall>,
            Post { room, text }: Post,
        ) -> Result<(), PostError> {
            if !ctx.rooms().has(&room) {
                return Err(PostError::NotInRoom { room });
            }
            let line = hall.say(&room, ctx.name.clone(), text);
            send::room::said(Said { room: room.clone(), line }).to_room(room);
            Ok(())
        }

        #[incoming]
        async fn typing(ctx: Ctx<Session>, Named { room }: Named) {
            if ctx.rooms().has(&room) {
                let typing = Typing { room: room.clone(), name: ctx.name.clone() };
                send::room::typing(typing).except(ctx.client_id()).to_room(room);
            }
        }
    }

    pub mod direct {
        use super::*;
        use crate::hall::now;

        /// A message for you alone.
        #[outgoing]
        pub struct Message {
            pub from: String,
            pub text: String,
            /// Milliseconds since 1970.
            pub at: u64,
        }

        #[payload]
        pub struct Tell {
            /// The name of the one to read it.
            pub to: String,
            #[schemars(length(min = 1, max = 1000), regex(pattern = r"\S"))]
            pub text: String,
        }

        #[payload]
        pub struct Told {
            /// Milliseconds since 1970.
            pub at: u64,
        }

        #[error]
        pub enum TellError {
            #[error("{name} is not here any more.")]
            NotHere { name: String },
        }

        #[incoming]
        async fn tell(
            #[from(caller)] from: String,
            State(hall): State<Hall>,
            Tell { to, text }: Tell,
        ) -> Result<Told, TellError> {
            let at = now();
            let delivery = send::direct::message(Message { from, text, at }).to(hall.find(&to));
            if delivery.queued() == 0 {
                return Err(TellError::NotHere { name: to });
            }
            Ok(Told { at })
        }
    }
}

fn page(content_type: &'static str, body: &'static str) -> MethodRouter {
    get(move || async move {
        let headers = [
            (header::CONTENT_TYPE, content_type),
            (header::CONTENT_SECURITY_POLICY, "default-src 'self'; img-src data:; base-uri 'none'"),
            (header::CACHE_CONTROL, "no-cache"),
        ];
        (headers, body)
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt::init();
    let server = zocket::Server::builder(app::router()).state(hall::Hall::default()).build();
    let http = axum::Router::new()
        .route("/", page("text/html; charset=utf-8", include_str!("chat/index.html")))
        .route("/chat.css", page("text/css; charset=utf-8", include_str!("chat/chat.css")))
        .route("/chat.js", page("text/javascript; charset=utf-8", include_str!("chat/chat.js")))
        .route("/view.js", page("text/javascript; charset=utf-8", include_str!("chat/view.js")))
        .route("/socket.js", page("text/javascript; charset=utf-8", include_str!("chat/socket.js")))
        .route("/ws", server.route())
        .route("/contract.json", server.contract_route());
    let host = std::env::var("HOST").unwrap_or_else(|_| "127.0.0.1".to_owned());
    let port: u16 = std::env::var("PORT").as_deref().unwrap_or("3000").parse()?;
    let listener = tokio::net::TcpListener::bind((host.as_str(), port)).await?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    Ok(zocket::serve(listener, http).drain(&server, Duration::from_secs(10)).await?)
}
