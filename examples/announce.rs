//! Announcements to everybody who is connected: a whole typed WebSocket server.
//!
//! `cargo run --example announce`, then connect to `ws://127.0.0.1:3000/ws` and send
//! `{"type":"system.announce","payload":{"text":"Hello"}}`. `PORT` chooses another port, 0 any free one.
#![allow(missing_docs)] // an application, not a library

use app::{send, system::Announcement};
use std::time::Duration;

#[zocket::router]
pub mod app {
    #[headers]
    pub struct Headers {
        pub authorization: Option<String>,
    }

    #[context]
    pub struct Session {
        pub signed_in: bool,
    }

    #[on_connect]
    async fn connect(headers: Headers) -> Session {
        Session { signed_in: headers.authorization.is_some() }
    }

    #[on_disconnect]
    async fn disconnect(ctx: zocket::Ctx<Session>) {
        tracing::info!(client = %ctx.client_id(), signed_in = ctx.signed_in, "disconnected");
    }

    pub mod system {
        use super::send;

        #[outgoing]
        pub struct Announcement {
            pub text: String,
        }

        #[payload]
        pub struct Announce {
            #[schemars(length(min = 1, max = 280))]
            pub text: String,
        }

        #[incoming]
        async fn announce(input: Announce) {
            send::system::announcement(Announcement { text: input.text }).broadcast();
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt::init();
    let server = zocket::Server::builder(app::router()).build();
    let http =
        axum::Router::new().route("/ws", server.route()).route("/contract.json", server.contract_route());
    tokio::spawn(async {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            send::system::announcement(Announcement { text: "Tick".into() }).broadcast();
        }
    });
    let port: u16 = std::env::var("PORT").as_deref().unwrap_or("3000").parse()?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    Ok(zocket::serve(listener, http).drain(&server, Duration::from_secs(10)).await?)
}
