//! The server that zocket's benchmark measures; any WebSocket load generator can be pointed at it.
//!
//! `PORT=3000 WORKERS=2 cargo run --release --example bench_server`, then connect to `ws://127.0.0.1:3000/ws`.
//! `PORT=0` takes any free port; `WORKERS` is the number of threads. All limits are the defaults.
#![allow(missing_docs)] // an application, not a library

#[zocket::router]
pub mod app {
    pub mod system {
        use super::send;

        #[outgoing]
        pub struct Announcement {
            pub text: String,
        }

        #[payload]
        pub struct Announce {
            #[schemars(length(min = 1, max = 60_000))]
            pub text: String,
        }

        /// Tells everybody.
        #[incoming]
        async fn announce(input: Announce) {
            send::system::announcement(Announcement { text: input.text }).broadcast();
        }
    }

    pub mod echo {
        #[payload]
        pub struct Say {
            #[schemars(length(min = 1, max = 60_000))]
            pub text: String,
        }

        #[payload]
        pub struct Said {
            pub text: String,
        }

        /// Returns the text.
        #[incoming]
        async fn say(input: Say) -> Said {
            Said { text: input.text }
        }
    }

    pub mod room {
        use super::send;
        use zocket::Ctx;

        #[outgoing]
        pub struct Message {
            pub text: String,
        }

        #[payload]
        pub struct Join {
            #[schemars(length(min = 1, max = 64))]
            pub room: String,
        }

        #[payload]
        pub struct Post {
            #[schemars(length(min = 1, max = 64))]
            pub room: String,
            #[schemars(length(min = 1, max = 60_000))]
            pub text: String,
        }

        #[incoming]
        async fn join(ctx: Ctx<()>, input: Join) {
            ctx.rooms().join(input.room);
        }

        /// Tells the members of a room.
        #[incoming]
        async fn post(input: Post) {
            send::room::message(Message { text: input.text }).to_room(input.room);
        }
    }
}

/// A number from the environment.
fn number<N: std::str::FromStr>(name: &str, default: N) -> Result<N, N::Err> {
    std::env::var(name).map_or(Ok(default), |value| value.parse())
}

async fn serve(port: u16) -> std::io::Result<()> {
    let server = zocket::Server::builder(app::router()).build();
    let http =
        axum::Router::new().route("/ws", server.route()).route("/contract.json", server.contract_route());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    zocket::serve(listener, http).await
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt::init();
    let (port, workers) = (number("PORT", 3000)?, number("WORKERS", 2)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
    Ok(runtime.block_on(serve(port))?)
}
