//! Everything sent earlier comes before the close frame, and nothing after it.

use std::time::Duration;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UnixListener, UnixStream},
    time::timeout,
};

use super::{
    House, KICKED, PATIENCE, Traffic, app,
    peer::{Peer, Story, call, close, frame},
};

/// Who requests the close, and from where.
#[derive(Clone, Copy, Debug)]
enum By {
    Handler,
    Connection,
    Room,
    AxumRoute,
}

const ALL: [By; 4] = [By::Handler, By::Connection, By::Room, By::AxumRoute];

/// Disconnects a client during broadcasts: what it received before the close frame, and what came after.
async fn kicked(house: &House, traffic: &Traffic, mut peer: Peer, by: By) -> Story {
    let connection = house.connection(&mut peer).await;
    let id = connection.client_id();
    match by {
        By::Handler => peer.say(&json!({"type": "kick_me", "payload": 5})).await,
        By::Connection | By::Room => {
            peer.call("join", json!("here")).await;
            for n in 1..=5 {
                app::send::note(app::Note { n }).via(&house.server).to([id]);
            }
            match by {
                By::Room => house.server.room("here").disconnect(KICKED, "enough"),
                _ => connection.disconnect(KICKED, "enough"),
            }
        }
        By::AxumRoute => get(house, &format!("/kick/{id}")).await,
    }
    let mut story = peer.until_close().await;
    // Others still receive events, and so would this one.
    traffic.goes_on(100).await;
    peer.read_to_the_end(&mut story).await;
    story
}

/// A request to the axum app, and its answer.
async fn get(house: &House, path: &str) {
    let mut http = TcpStream::connect(house.address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
    http.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(PATIENCE, http.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert!(answer.ends_with("done"), "{answer}");
}

#[track_caller]
fn heard_all(story: &Story, by: By) {
    story.ends_with(4001);
    assert_eq!(story.close.as_ref().unwrap().1, "enough");
    let own: Vec<u64> = story.notes().into_iter().filter(|n| *n < 1_000_000).collect();
    match by {
        By::AxumRoute => assert_eq!(own, [42], "{by:?}"),
        _ => assert_eq!(own, [1, 2, 3, 4, 5], "{by:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_are_put_out_while_everybody_is_talked_to() {
    let house = House::new().await;
    let traffic = Traffic::through(&house).await;
    for by in ALL.into_iter().cycle().take(30) {
        heard_all(&kicked(&house, &traffic, house.peer().await, by).await, by);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_in_messagepack_and_compressed() {
    let house = House::with(|builder| {
        #[cfg(feature = "compression")]
        let builder = builder.compression(zocket::Compression::new().threshold(1));
        builder.msgpack()
    })
    .await;
    let traffic = Traffic::through(&house).await;
    for lines in [
        "Sec-WebSocket-Protocol: zocket.msgpack\r\n",
        "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n",
    ] {
        for by in ALL {
            let peer = Peer::over(TcpStream::connect(house.address).await.unwrap(), lines).await;
            heard_all(&kicked(&house, &traffic, peer, by).await, by);
        }
    }
}

/// Only the session can write to a stream that is not a bare TCP socket.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_over_a_plain_stream() {
    let house = House::new().await;
    let traffic = Traffic::through(&house).await;
    let path = std::env::temp_dir().join(format!("zocket-closing-{}.sock", std::process::id()));
    let listener = UnixListener::bind(&path).unwrap();
    let http = axum::Router::new().route("/ws", house.server.route());
    tokio::spawn(async move { axum::serve(listener, http).await });
    for by in ALL.into_iter().cycle().take(12) {
        let peer = Peer::over(UnixStream::connect(&path).await.unwrap(), "").await;
        heard_all(&kicked(&house, &traffic, peer, by).await, by);
    }
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_hear_the_last_word_of_an_axum_route() {
    let house = House::new().await;
    for _ in 0..40 {
        let mut peer = house.peer().await;
        let id = house.connection(&mut peer).await.client_id();
        get(&house, &format!("/kick/{id}")).await;
        heard_all(&peer.story().await, By::AxumRoute);
    }
}

/// What its handler sends after requesting the close is not waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_that_talks_on_does_not_put_off_the_close() {
    // Too long to be what ends it.
    let house = House::with(|builder| builder.close_within(Duration::from_secs(600))).await;
    let mut peer = house.peer().await;
    peer.say(&json!({"type": "kick_me_and_talk_on", "payload": 5})).await;
    let mut story = peer.until_close().await;
    peer.read_to_the_end(&mut story).await;
    heard_all(&story, By::Handler);
    house.desk.gate.add_permits(1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_breaks_the_protocol_hears_of_it_and_of_nothing_else() {
    let house = House::new().await;
    let traffic = Traffic::through(&house).await;
    for _ in 0..10 {
        let mut peer = house.peer().await;
        // Its answer comes before the close frame, like everything sent earlier.
        peer.send(&[call("say", 5, 1), frame(0xf1, b"?")].concat()).await;
        let mut story = peer.until_close().await;
        traffic.goes_on(100).await;
        peer.read_to_the_end(&mut story).await;
        story.ends_with(1002);
        assert_eq!(story.replies(), [5]);
        assert!(story.notes().contains(&5), "{story:?}");
    }
}

/// A client that calls and closes at once gets its answers, and what its calls sent to it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_closes_is_answered_first() {
    let house = House::new().await;
    for _ in 0..20 {
        let mut peer = house.peer().await;
        let calls = (1..=20).map(|n| call("say", n, n)).collect::<Vec<_>>().concat();
        peer.send(&[calls, close(1000)].concat()).await;
        let story = peer.story().await;
        story.ends_with(1000);
        assert_eq!(story.replies(), (1..=20).collect::<Vec<u64>>());
        assert_eq!(story.notes(), (1..=20).collect::<Vec<u64>>());
    }
}

/// Both close at the same time: the page gets the application's code.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_applications_code_goes_before_the_answer_to_a_peers_own() {
    let house = House::new().await;
    for _ in 0..20 {
        let mut peer = house.peer().await;
        peer.send(&[call("kick_me", 5, 1), close(1000)].concat()).await;
        heard_all(&peer.story().await, By::Handler);
    }
    // While calls from before the peer's close are still running.
    let mut peer = house.peer().await;
    let connection = house.connection(&mut peer).await;
    peer.send(&[call("hold", 1, 1), close(1000)].concat()).await;
    timeout(PATIENCE, connection.closed()).await.expect("the peer has closed");
    connection.disconnect(KICKED, "enough");
    peer.story().await.ends_with(4001);
    house.desk.gate.add_permits(1);
}

/// A peer's close, seen as soon as it is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_closed_is_in_no_room_and_hears_nothing_new() {
    let house = House::new().await;
    let mut peer = house.peer().await;
    peer.call("join", json!("here")).await;
    let connection = house.connection(&mut peer).await;
    peer.send(&[call("hold", 1, 1), close(1000)].concat()).await;
    timeout(PATIENCE, connection.closed()).await.expect("the peer has closed");
    assert_eq!((house.server.connection_count(), house.server.room("here").len()), (0, 0));
    assert!(!connection.is_open() && house.server.connection(connection.client_id()).is_none());
    assert_eq!(app::send::note(app::Note { n: 1 }).via(&house.server).broadcast().queued(), 0);
    house.desk.gate.add_permits(1);
    let story = peer.story().await;
    story.ends_with(1000);
    assert_eq!((story.replies(), story.notes()), (vec![&json!(1)], vec![]));
    house.emptied(1).await;
    assert_eq!(*house.desk.rooms.lock().unwrap(), [["here"]]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_to_a_room_and_leaves_it_is_still_sent_to() {
    let house = House::new().await;
    let _traffic = Traffic::through(&house).await;
    let mut peer = house.peer().await;
    for _ in 0..20 {
        peer.call("join", json!("here")).await;
        peer.say(&json!({"type": "goodbye", "payload": "here", "rpcId": "bye"})).await;
        let mut heard = Vec::new();
        loop {
            let message = peer.message().await;
            if message["rpcId"] == "bye" {
                break;
            }
            heard.push(message["payload"]["n"].as_u64().unwrap());
        }
        assert!(heard.contains(&7), "the sender has left, and not heard itself");
        assert!(house.server.room("here").is_empty());
    }
}
