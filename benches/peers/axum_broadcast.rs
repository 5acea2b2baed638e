//! axum's chat example: two tasks per connection, and one `tokio::sync::broadcast` channel for everybody.
use axum::{
    Router,
    extract::{
        State,
        ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    routing::get,
};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::{broadcast, mpsc};
use zocket_benches::peer;

type Everybody = broadcast::Sender<Utf8Bytes>;

async fn connection(socket: WebSocket, everybody: Everybody) {
    let (mut sink, mut stream) = socket.split();
    let mut events = everybody.subscribe();
    let (own, mut replies) = mpsc::channel::<Utf8Bytes>(1024);
    let mut sending = tokio::spawn(async move {
        loop {
            let text = tokio::select! {
                biased;
                event = events.recv() => event.ok(),
                reply = replies.recv() => reply,
            };
            let Some(text) = text else { break };
            if sink.send(Message::Text(text)).await.is_err() {
                break;
            }
        }
    });
    let receiving = async {
        while let Some(Ok(message)) = stream.next().await {
            let Message::Text(text) = message else { continue };
            let Some((event, reply)) = peer::answer(&text) else { continue };
            if let Some(event) = event {
                let _ = everybody.send(event.into());
            }
            if own.send(reply.into()).await.is_err() {
                break;
            }
        }
    };
    tokio::select! {
        () = receiving => sending.abort(),
        _ = &mut sending => {}
    }
}

fn main() {
    peer::run(async {
        let (everybody, _) = broadcast::channel(1024);
        let upgrade = |upgrade: WebSocketUpgrade, State(everybody): State<Everybody>| async {
            upgrade.on_upgrade(|socket| connection(socket, everybody))
        };
        peer::serve(Router::new().route("/ws", get(upgrade)).with_state(everybody)).await;
    });
}
