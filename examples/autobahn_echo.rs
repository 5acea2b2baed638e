//! An echo server on zocket's connection layer, for WebSocket conformance suites such as Autobahn's.
//!
//! `cargo run --features compression,testing --example autobahn_echo`; `PORT` chooses the port (default 9001, 0 any free
//! one).
#![allow(missing_docs)] // an application, not a library

use zocket::Compression;

#[zocket::router]
mod nothing {}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt::init();
    const LARGEST: usize = 64 * 1024 * 1024;
    let builder = zocket::Server::builder(nothing::router()).max_message_bytes(LARGEST).outbox_bytes(LARGEST);
    // Whatever shrinks, however short: the suite is to see it.
    let builder = builder.compression(Compression::new().threshold(0));
    let server = builder.echo().build();
    let http = axum::Router::new().route("/", server.route());
    let port: u16 = std::env::var("PORT").as_deref().unwrap_or("9001").parse()?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    Ok(zocket::serve(listener, http).await?)
}
