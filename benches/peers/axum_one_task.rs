//! axum with one task per connection and a read buffer of 4 KiB: less memory than two tasks and 128 KiB.
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::{
        State,
        ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    routing::get,
};
use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::sync::mpsc;
use zocket_benches::peer;

#[derive(Default)]
struct Hub {
    next: u64,
    members: HashMap<u64, mpsc::Sender<Utf8Bytes>>,
}

type Shared = Arc<Mutex<Hub>>;

/// Handles a message and everything else that has arrived; the replies go out in one write.
async fn received(socket: &mut WebSocket, first: Message, hub: &Shared) -> Option<()> {
    let mut message = first;
    loop {
        if let Message::Text(text) = &message
            && let Some((event, reply)) = peer::answer(text)
        {
            if let Some(event) = event {
                let event = Utf8Bytes::from(event);
                for member in hub.lock().unwrap().members.values() {
                    // Who reads too slowly misses a message.
                    let _ = member.try_send(event.clone());
                }
            }
            socket.feed(Message::Text(reply.into())).await.ok()?;
        }
        match socket.next().now_or_never() {
            Some(next) => message = next?.ok()?,
            None => return socket.flush().await.ok(),
        }
    }
}

async fn converse(socket: &mut WebSocket, mut queue: mpsc::Receiver<Utf8Bytes>, hub: &Shared) -> Option<()> {
    loop {
        tokio::select! {
            message = socket.next() => received(socket, message?.ok()?, hub).await?,
            event = queue.recv() => {
                socket.feed(Message::Text(event?)).await.ok()?;
                while let Ok(event) = queue.try_recv() {
                    socket.feed(Message::Text(event)).await.ok()?;
                }
                socket.flush().await.ok()?;
            }
        }
    }
}

async fn connection(mut socket: WebSocket, hub: Shared) {
    let (own, queue) = mpsc::channel(1024);
    let id = {
        let mut hub = hub.lock().unwrap();
        hub.next += 1;
        let id = hub.next;
        hub.members.insert(id, own);
        id
    };
    converse(&mut socket, queue, &hub).await;
    hub.lock().unwrap().members.remove(&id);
}

fn main() {
    peer::run(async {
        let upgrade = |upgrade: WebSocketUpgrade, State(hub): State<Shared>| async {
            upgrade.read_buffer_size(4096).on_upgrade(|socket| connection(socket, hub))
        };
        peer::serve(Router::new().route("/ws", get(upgrade)).with_state(Shared::default())).await;
    });
}
