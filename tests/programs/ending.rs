//! How connections end in a real browser, during broadcasts and with a long latency. The script is
//! `tests/browser/ending.mjs`.
#![allow(missing_docs, unreachable_pub)] // a router as an application would write it

use std::{collections::VecDeque, io, net::SocketAddr, process::Command, sync::Arc, time::Duration};

use axum::{extract::Path, response::Html, routing::get};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Instant, interval, sleep_until},
};
use zocket::Server;

use crate::program::run;

#[zocket::router]
mod app {
    use zocket::{CloseCode, Ctx};

    const KICKED: CloseCode = CloseCode::new(4001).expect("a code of the application's");

    #[outgoing]
    pub struct Note {
        pub n: u64,
    }

    /// Sends a last message, and disconnects.
    #[incoming]
    async fn kick_me(ctx: Ctx<()>) {
        for n in 1..=5 {
            send::note(Note { n }).to([ctx.client_id()]);
        }
        ctx.disconnect(KICKED, "enough");
    }
}

/// The delay of each piece, in either direction.
const DELAY: Duration = Duration::from_millis(25);

/// Servers to drain, besides the one that is not drained.
const DRAINED: usize = 20;

/// Broadcasts on a server for as long as the test runs.
async fn talk(server: Server<()>) {
    let mut ticks = interval(Duration::from_millis(2));
    for n in 1_000_000.. {
        ticks.tick().await;
        app::send::note(app::Note { n }).via(&server).broadcast();
    }
}

/// Passes bytes on, each piece when its time has come.
async fn relay(mut from: impl AsyncReadExt + Unpin, mut to: impl AsyncWriteExt + Unpin) -> io::Result<()> {
    let mut pieces: VecDeque<(Instant, Vec<u8>)> = VecDeque::new();
    let mut is_open = true;
    while is_open || !pieces.is_empty() {
        let due = pieces.front().map(|(due, _)| *due);
        let mut buffer = vec![0; 16 * 1024];
        tokio::select! {
            read = from.read(&mut buffer), if is_open => {
                let length = read.unwrap_or(0);
                is_open = length > 0;
                buffer.truncate(length);
                pieces.push_back((Instant::now() + DELAY, buffer));
            }
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                match pieces.pop_front() {
                    Some((_, piece)) if !piece.is_empty() => to.write_all(&piece).await?,
                    _ => to.shutdown().await?,
                }
            }
        }
    }
    Ok(())
}

async fn long_way(listener: TcpListener, server: SocketAddr) {
    while let Ok((client, _)) = listener.accept().await {
        tokio::spawn(async move {
            let server = TcpStream::connect(server).await?;
            for socket in [&client, &server] {
                socket.set_nodelay(true)?;
            }
            let ((from_client, to_client), (from_server, to_server)) =
                (client.into_split(), server.into_split());
            tokio::try_join!(relay(from_client, to_server), relay(from_server, to_client))
        });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_sees_the_code_that_was_chosen_and_a_clean_end() {
    let servers: Arc<[Server<()>]> = (0..=DRAINED).map(|_| Server::builder(app::router()).build()).collect();
    let mut http = axum::Router::new().route("/", get(|| async { Html("<!doctype html>") }));
    for (n, server) in servers.iter().enumerate() {
        http = http.route(&format!("/ws/{n}"), server.route());
        tokio::spawn(talk(server.clone()));
    }
    let drained = Arc::clone(&servers);
    http = http.route(
        "/drain/{n}",
        get(|Path(n): Path<usize>| async move {
            let drained = drained[n].drain(Duration::from_secs(20)).await;
            drained.cut_off.to_string()
        }),
    );
    let near = zocket::bind("127.0.0.1:0").expect("a port");
    let far = zocket::bind("127.0.0.1:0").expect("a port");
    let (server, address) = (near.local_addr().expect("bound"), far.local_addr().expect("bound"));
    tokio::spawn(async move { axum::serve(near, http).await });
    tokio::spawn(long_way(far, server));

    let story = tokio::task::spawn_blocking(move || {
        let mut node = Command::new("node");
        node.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser"));
        node.args(["ending.mjs", &format!("http://{address}/"), &DRAINED.to_string()]);
        run(&mut node)
    });
    let (succeeded, _) = story.await.expect("a story");
    assert!(succeeded, "see above; help: what the script needs is installed by tests/run");
}
