//! zocket's bench server with what it has off by default: `COMPRESS=1`, `MSGPACK=1`, `TLS=1`.
#[allow(dead_code)] // Its own `main`, and what that calls.
#[path = "../../examples/bench_server.rs"]
mod bench_server;

use bench_server::app;
use zocket::Compression;
use zocket_benches::peer;

fn main() {
    peer::run(async {
        let mut server = zocket::Server::builder(app::router());
        if peer::asked_for("COMPRESS") {
            server = server.compression(Compression::new());
        }
        let server = if peer::asked_for("MSGPACK") { server.msgpack() } else { server };
        let server = server.build();
        let http = axum::Router::new().route("/ws", server.route());
        if peer::asked_for("TLS") {
            return peer::serve(http).await;
        }
        // As `bench_server` does: zocket sets `TCP_NODELAY` itself, and knows the socket.
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", peer::port())).await.expect("a free port");
        peer::listening(listener.local_addr().expect("an address"));
        axum::serve(listener, http).await.expect("serving does not end");
    });
}
