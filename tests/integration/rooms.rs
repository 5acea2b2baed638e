//! Rooms: joining, leaving, inspecting, and what a disconnect does.

use std::sync::{Arc, Mutex};

use serde_json::json;
use zocket::{CloseCode, Server, testing::connect};

type Log = Arc<Mutex<Vec<String>>>;

#[zocket::router]
mod app {
    use super::Log;
    use zocket::{Ctx, State};

    #[outgoing]
    pub struct Said {
        pub text: String,
    }

    #[on_disconnect]
    async fn gone(ctx: Ctx<()>, State(log): State<Log>) {
        log.lock().unwrap().push(format!("left {:?}", ctx.rooms().current()));
    }

    #[incoming]
    async fn join(ctx: Ctx<()>, room: String) -> bool {
        ctx.rooms().join(&room)
    }

    #[incoming]
    async fn leave(ctx: Ctx<()>, room: String) -> bool {
        ctx.rooms().leave(&room)
    }

    #[incoming]
    async fn has(ctx: Ctx<()>, room: String) -> bool {
        ctx.rooms().has(&room)
    }

    #[incoming]
    async fn misbehave(ctx: Ctx<()>) {
        ctx.disconnect_for_good("that was rude");
    }

    #[incoming]
    async fn say(input: Say) {
        send::said(Said { text: input.text }).to_room(input.room);
    }

    #[payload]
    pub struct Say {
        pub room: String,
        pub text: String,
    }
}

fn server() -> (Server<()>, Log) {
    let log = Log::default();
    (Server::builder(app::router()).fan_out_tasks(3).state(Arc::clone(&log)).build(), log)
}

#[tokio::test]
async fn a_room_lives_from_the_first_join_to_the_last_leave() {
    let (server, _) = server();
    let mut alice = connect(&server).await.unwrap();
    let mut bob = connect(&server).await.unwrap();
    assert!(server.room("lobby").is_empty());
    assert!(alice.call::<bool>("join", "lobby").await.unwrap());
    assert!(!alice.call::<bool>("join", "lobby").await.unwrap(), "joined already");
    assert!(bob.call::<bool>("join", "lobby").await.unwrap());
    assert!(bob.call::<bool>("has", "lobby").await.unwrap());
    assert_eq!(server.room("lobby").len(), 2);
    let mut members = server.room("lobby").members();
    members.sort();
    let mut expected = [alice.client_id(), bob.client_id()];
    expected.sort();
    assert_eq!(members, expected);
    assert_eq!(alice.rooms(), ["lobby"]);

    assert!(alice.call::<bool>("leave", "lobby").await.unwrap());
    assert!(!alice.call::<bool>("leave", "lobby").await.unwrap(), "left already");
    assert!(!alice.call::<bool>("has", "lobby").await.unwrap());
    assert_eq!(server.room_names(), ["lobby"]);
    bob.close().await;
    assert!(server.room_names().is_empty());
}

#[tokio::test]
async fn on_disconnect_still_sees_the_rooms_however_the_connection_ended() {
    let (server, log) = server();
    for hang_up in [false, true] {
        let mut client = connect(&server).await.unwrap();
        client.call::<bool>("join", "b").await.unwrap();
        client.call::<bool>("join", "a").await.unwrap();
        if hang_up {
            client.hang_up().await
        } else {
            client.close().await
        }
        assert_eq!(log.lock().unwrap().drain(..).collect::<Vec<_>>(), [r#"left ["a", "b"]"#]);
    }
    assert_eq!(server.connection_count(), 0);
}

#[tokio::test]
async fn only_members_get_a_rooms_messages_and_only_while_they_are_members() {
    let (server, _) = server();
    let mut alice = connect(&server).await.unwrap();
    let mut bob = connect(&server).await.unwrap();
    let say = |text: &str| json!({"room": "lobby", "text": text});
    alice.call::<()>("say", &say("before")).await.unwrap();
    bob.call::<bool>("join", "lobby").await.unwrap();
    alice.call::<()>("say", &say("during")).await.unwrap();
    assert_eq!(bob.expect_event("said").await, json!({"text": "during"}));
    bob.call::<bool>("leave", "lobby").await.unwrap();
    alice.call::<()>("say", &say("after")).await.unwrap();
    assert!(bob.drain().await.is_empty());
    assert!(alice.drain().await.is_empty(), "a sender that is no member gets nothing");
}

#[tokio::test]
async fn the_server_sees_and_ends_connections() {
    let (server, _) = server();
    let mut alice = connect(&server).await.unwrap();
    let mut bob = connect(&server).await.unwrap();
    let mut carol = connect(&server).await.unwrap();
    for client in [&mut alice, &mut bob] {
        client.call::<bool>("join", "lobby").await.unwrap();
    }
    assert_eq!(server.connections().len(), 3);
    let connection = server.connection(carol.client_id()).unwrap();
    connection.rooms().join("hall");
    assert_eq!(carol.rooms(), ["hall"]);
    connection.disconnect(CloseCode::new(4001).unwrap(), "bye");
    assert_eq!(carol.closed().await, (4001, "bye".to_owned()));
    connection.closed().await;
    assert!(!connection.is_open());

    server.room("lobby").disconnect(CloseCode::POLICY, "closing time");
    assert_eq!(alice.closed().await, (1008, "closing time".to_owned()));
    assert_eq!(bob.closed().await, (1008, "closing time".to_owned()));
}

#[tokio::test]
async fn who_is_put_out_for_good_is_told_to_stay_away() {
    let (server, _) = server();
    let mut clients = Vec::new();
    for _ in 0..4 {
        clients.push(connect(&server).await.unwrap());
    }
    clients[2].call::<bool>("join", "lobby").await.unwrap();
    clients[3].call::<bool>("join", "lobby").await.unwrap();
    clients[0].send("misbehave", &json!(null)).await;
    server.connection(clients[1].client_id()).unwrap().disconnect_for_good("banned");
    server.room("lobby").disconnect_for_good("closed for ever");
    for (client, reason) in
        clients.iter_mut().zip(["that was rude", "banned", "closed for ever", "closed for ever"])
    {
        let (code, said) = client.closed().await;
        assert_eq!((code, said.as_str()), (4000, reason));
        assert!(CloseCode::new(code).unwrap().stays_away());
    }
}
