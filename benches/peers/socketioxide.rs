//! socketioxide: Socket.IO on axum, over the WebSocket transport.
use axum::Router;
use serde::{Deserialize, Serialize};
use socketioxide::{
    SocketIo,
    extract::{AckSender, Data, SocketRef},
};
use zocket_benches::peer::{self, Text};

#[derive(Deserialize, Serialize)]
struct Join {
    room: String,
}

#[derive(Deserialize, Serialize)]
struct Post {
    room: String,
    text: String,
}

async fn connected(socket: SocketRef) {
    socket.on("system.announce", async |io: SocketIo, Data::<Text>(text), ack: AckSender| {
        let _ = io.emit("system.announcement", &text).await;
        let _ = ack.send(&());
    });
    socket.on("echo.say", async |Data::<Text>(text), ack: AckSender| {
        let _ = ack.send(&text);
    });
    socket.on("room.join", async |socket: SocketRef, Data::<Join>(join), ack: AckSender| {
        socket.join(join.room);
        let _ = ack.send(&());
    });
    socket.on("room.post", async |io: SocketIo, Data::<Post>(post), ack: AckSender| {
        let _ = io.to(post.room).emit("room.message", &Text { text: post.text }).await;
        let _ = ack.send(&());
    });
}

fn main() {
    peer::run(async {
        // The default buffer of 128 packets would drop some of what a room workload sends at once.
        let (layer, io) = SocketIo::builder().max_buffer_size(1024).build_layer();
        io.ns("/", connected);
        peer::serve(Router::new().layer(layer)).await;
    });
}
