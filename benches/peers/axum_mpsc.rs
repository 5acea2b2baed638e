//! axum with a bounded queue per connection: the writing task feeds everything that waits, then flushes once.
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
use futures_util::{SinkExt, StreamExt, stream::SplitSink};
use tokio::sync::mpsc;
use zocket_benches::peer;

#[derive(Default)]
struct Hub {
    next: u64,
    members: HashMap<u64, mpsc::Sender<Utf8Bytes>>,
}

type Shared = Arc<Mutex<Hub>>;

async fn write(mut sink: SplitSink<WebSocket, Message>, mut queue: mpsc::Receiver<Utf8Bytes>) -> Option<()> {
    loop {
        sink.feed(Message::Text(queue.recv().await?)).await.ok()?;
        while let Ok(text) = queue.try_recv() {
            sink.feed(Message::Text(text)).await.ok()?;
        }
        sink.flush().await.ok()?;
    }
}

async fn connection(socket: WebSocket, hub: Shared) {
    let (sink, mut stream) = socket.split();
    let (own, queue) = mpsc::channel(1024);
    let id = {
        let mut hub = hub.lock().unwrap();
        hub.next += 1;
        let id = hub.next;
        hub.members.insert(id, own.clone());
        id
    };
    let mut writing = tokio::spawn(write(sink, queue));
    let reading = async {
        while let Some(Ok(message)) = stream.next().await {
            let Message::Text(text) = message else { continue };
            let Some((event, reply)) = peer::answer(&text) else { continue };
            if let Some(event) = event {
                let event = Utf8Bytes::from(event);
                for member in hub.lock().unwrap().members.values() {
                    // Who reads too slowly misses a message.
                    let _ = member.try_send(event.clone());
                }
            }
            if own.send(reply.into()).await.is_err() {
                break;
            }
        }
    };
    tokio::select! {
        () = reading => writing.abort(),
        _ = &mut writing => {}
    }
    hub.lock().unwrap().members.remove(&id);
}

fn main() {
    peer::run(async {
        let upgrade = |upgrade: WebSocketUpgrade, State(hub): State<Shared>| async {
            upgrade.on_upgrade(|socket| connection(socket, hub))
        };
        peer::serve(Router::new().route("/ws", get(upgrade)).with_state(Shared::default())).await;
    });
}
