//! `examples/chat.rs` over real sockets.

use serde_json::{Value, json};

use crate::{
    client::Client,
    program::{Program, get},
};

async fn enter(server: &Program, name: &str) -> Client {
    Client::connect(server.addr(), &format!("user-name={name}")).await
}

async fn join(client: &mut Client, room: &str) -> Value {
    client.call("room.join", json!({"room": room})).await.expect("a room to join").expect("a reply")
}

async fn post(client: &mut Client, room: &str, text: &str) -> Result<Option<Value>, Value> {
    client.call("room.post", json!({"room": room, "text": text})).await
}

#[tokio::test]
async fn the_first_message_is_the_name_that_the_server_gave() {
    let server = Program::start("chat");
    let mut inside = Vec::new();
    for (query, name) in [
        ("", "Guest"),
        ("user-name=Ada", "Ada"),
        ("user-name=%20ADA%09%20", "ADA 2"),
        ("user-name=ada", "ada 3"),
        ("user-name=%20", "Guest 2"),
        ("user-name=Gr%C3%A4f%20%20Z%F0%9F%A6%80", "Gräf Z🦀"),
        ("user-name=Ev%E2%80%8Be%E2%80%AE", "Eve"),
        ("user-name=aaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaa"),
        ("user-name=aaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaa 2"),
    ] {
        let mut client = Client::connect(server.addr(), query).await;
        assert_eq!(client.event("people.welcome").await, json!({"name": name}), "{query}");
        inside.push(client);
    }
}

#[tokio::test]
async fn a_name_outside_the_schema_is_refused_before_the_upgrade() {
    let server = Program::start("chat");
    for query in ["user-name=", "user-name=aaaaaaaaaaaaaaaaaaaaaaaaa"] {
        let refusal = Client::handshake(server.addr(), query, &[]).await.err().expect("a refusal");
        assert_eq!(refusal.status(), 400, "{query}");
        let body: Value =
            serde_json::from_slice(refusal.body().as_deref().unwrap_or_default()).expect("JSON");
        assert_eq!(body["error"], "Invalid headers");
        assert_eq!(body["details"].as_array().map(Vec::len), Some(1), "{body}");
    }
}

#[tokio::test]
async fn a_room_hears_who_comes_who_speaks_and_who_goes() {
    let server = Program::start("chat");
    let (mut ada, mut grace) = (enter(&server, "Ada").await, enter(&server, "Grace").await);
    assert_eq!(join(&mut ada, "tea").await["people"], json!(["Ada"]));
    assert_eq!(join(&mut grace, "tea").await["people"], json!(["Ada", "Grace"]));
    assert_eq!(ada.event("room.entered").await, json!({"room": "tea", "name": "Grace"}));

    assert_eq!(post(&mut grace, "tea", "<b>hi</b> 👋").await, Ok(None));
    for client in [&mut ada, &mut grace] {
        let said = client.event("room.said").await;
        assert_eq!((&said["line"]["from"], &said["line"]["text"]), (&json!("Grace"), &json!("<b>hi</b> 👋")));
        assert_eq!(said["line"]["number"], 1);
    }

    ada.call("room.typing", json!({"room": "tea"})).await.expect("no refusal");
    assert_eq!(grace.event("room.typing").await["name"], "Ada");
    assert!(!ada.has_heard("room.typing"), "nobody is told that they type themselves");

    grace.close().await;
    assert_eq!(ada.event("room.left").await, json!({"room": "tea", "name": "Grace"}));
    assert_eq!(join(&mut ada, "tea").await["people"], json!(["Ada"]));
}

#[tokio::test]
async fn a_newcomer_finds_the_last_50_lines_and_so_does_who_comes_back_to_an_empty_room() {
    let server = Program::start("chat");
    let mut writers = Vec::new();
    for writer in 0..4 {
        // Each may send a burst of 20.
        let mut client = enter(&server, &format!("w{writer}")).await;
        join(&mut client, "history").await;
        for n in 0..15 {
            post(&mut client, "history", &format!("{writer}-{n}")).await.expect("no refusal");
        }
        writers.push(client);
    }
    let mut late = enter(&server, "late").await;
    let found = join(&mut late, "history").await;
    let numbers: Vec<_> =
        found["history"].as_array().expect("lines").iter().map(|line| &line["number"]).collect();
    assert_eq!(numbers.len(), 50);
    assert_eq!((numbers[0], numbers[49]), (&json!(11), &json!(60)));

    for client in writers.into_iter().chain([late]) {
        client.close().await;
    }
    let back = join(&mut enter(&server, "back").await, "history").await;
    assert_eq!((&back["epoch"], &back["history"]), (&found["epoch"], &found["history"]));
}

#[tokio::test]
async fn only_members_write_in_a_room() {
    let server = Program::start("chat");
    let mut ada = enter(&server, "Ada").await;
    let refused = post(&mut ada, "tea", "hi").await.expect_err("a refusal");
    assert_eq!(refused["code"], "NOT_IN_ROOM");
    assert_eq!(refused["message"], "You are not in the room tea. Join it first.");
    assert_eq!(refused["data"], json!({"room": "tea"}));

    join(&mut ada, "tea").await;
    ada.call("room.leave", json!({"room": "tea"})).await.expect("no refusal");
    assert_eq!(post(&mut ada, "tea", "hi").await.expect_err("a refusal")["code"], "NOT_IN_ROOM");
}

#[tokio::test]
async fn a_text_or_a_room_outside_the_schema_is_refused() {
    let server = Program::start("chat");
    let mut ada = enter(&server, "Ada").await;
    join(&mut ada, "tea").await;
    for (text, keyword) in [("", "minLength"), (" \n ", "pattern"), (&*"🦀".repeat(1001), "maxLength")] {
        let refused = post(&mut ada, "tea", text).await.expect_err("a refusal");
        assert_eq!(refused["code"], "INVALID_PAYLOAD");
        assert_eq!(refused["issues"][0]["path"], "/text");
        let keywords: Vec<_> =
            refused["issues"].as_array().expect("issues").iter().map(|i| &i["keyword"]).collect();
        assert!(keywords.contains(&&json!(keyword)), "{refused}");
    }
    assert_eq!(post(&mut ada, "tea", &"🦀".repeat(1000)).await, Ok(None));
    for room in ["", "two words", "<tea>", &*"x".repeat(33)] {
        let refused = ada.call("room.join", json!({"room": room})).await.expect_err("a refusal");
        assert_eq!(refused["issues"][0]["keyword"], "pattern", "{room}");
    }
    join(&mut ada, "茶-und-Tee_1").await;
}

#[tokio::test]
async fn one_person_is_in_ten_rooms_at_most() {
    let server = Program::start("chat");
    let mut ada = enter(&server, "Ada").await;
    for n in 0..10 {
        join(&mut ada, &format!("room-{n}")).await;
    }
    let refused = ada.call("room.join", json!({"room": "room-10"})).await.expect_err("a refusal");
    assert_eq!((&refused["code"], &refused["data"]), (&json!("TOO_MANY_ROOMS"), &json!({"max": 10})));
    join(&mut ada, "room-3").await;
    let rooms = ada.call("room.list", Value::Null).await.expect("no refusal").expect("a list");
    assert_eq!(rooms.as_array().map(Vec::len), Some(10));
    assert_eq!(rooms[0], json!({"room": "room-0", "people": 1}));
}

#[tokio::test]
async fn a_private_message_goes_to_one_and_comes_back_where_nobody_has_the_name() {
    let server = Program::start("chat");
    let (mut ada, mut grace, mut linus) =
        (enter(&server, "Ada").await, enter(&server, "Grace").await, enter(&server, "Linus").await);
    let told = ada.call("direct.tell", json!({"to": "grace", "text": "psst"})).await.expect("no refusal");
    let heard = grace.event("direct.message").await;
    assert_eq!((&heard["from"], &heard["text"]), (&json!("Ada"), &json!("psst")));
    assert_eq!(heard["at"], told.expect("a reply")["at"]);

    let refused =
        ada.call("direct.tell", json!({"to": "Nobody", "text": "psst"})).await.expect_err("a refusal");
    assert_eq!((&refused["code"], &refused["data"]), (&json!("NOT_HERE"), &json!({"name": "Nobody"})));
    linus.call("room.list", Value::Null).await.expect("no refusal");
    assert!(!linus.has_heard("direct.message") && !ada.has_heard("direct.message"));
}

#[tokio::test]
async fn a_new_name_is_told_to_all_and_used_from_the_next_message_on() {
    let server = Program::start("chat");
    let (mut ada, mut grace) = (enter(&server, "Ada").await, enter(&server, "Grace").await);
    join(&mut ada, "tea").await;
    let refused = ada.call("people.rename", json!({"name": "GRACE"})).await.expect_err("a refusal");
    assert_eq!(refused["code"], "NAME_TAKEN");
    let reply = ada.call("people.rename", json!({"name": "  Ada   L. "})).await;
    assert_eq!(reply, Ok(Some(json!({"name": "Ada L."}))));
    assert_eq!(grace.event("people.renamed").await, json!({"from": "Ada", "to": "Ada L."}));

    post(&mut ada, "tea", "hi").await.expect("no refusal");
    assert_eq!(ada.event("room.said").await["line"]["from"], "Ada L.");
    assert_eq!(join(&mut grace, "tea").await["people"], json!(["Ada L.", "Grace"]));
    ada.close().await;
    assert_eq!(grace.event("room.left").await["name"], "Ada L.");
    grace.call("people.rename", json!({"name": "Ada"})).await.expect("the old name to be free");
}

#[tokio::test]
async fn who_comes_back_before_they_are_missed_keeps_their_name_and_place() {
    let server = Program::start("chat");
    let mut grace = enter(&server, "Grace").await;
    join(&mut grace, "tea").await;
    let mut before = enter(&server, "Ada&visitor=0123456789abcdef").await;
    join(&mut before, "tea").await;
    let mut other = enter(&server, "Ada&visitor=fedcba9876543210").await;
    assert_eq!(other.event("people.welcome").await["name"], "Ada 2");

    let mut after = enter(&server, "Ada&visitor=0123456789abcdef").await;
    assert_eq!(after.event("people.welcome").await["name"], "Ada");
    assert_eq!(before.event("people.replaced").await, json!({}));
    join(&mut after, "tea").await;
    before.close().await;
    // If the end of the first connection removed the name, this would find nobody.
    grace.call("direct.tell", json!({"to": "Ada", "text": "still there?"})).await.expect("no refusal");
    assert_eq!(after.event("direct.message").await["text"], "still there?");
    assert!(!grace.has_heard("room.left"));

    let short = Client::handshake(server.addr(), "visitor=short", &[]).await.err().expect("a refusal");
    assert_eq!(short.status(), 400);
}

#[tokio::test]
async fn who_floods_is_slowed_down_and_stays_connected() {
    let server = Program::start("chat");
    let mut ada = enter(&server, "Ada").await;
    join(&mut ada, "tea").await;
    // All at once: at 4 a second, a server would have to take most of a minute for them to let all pass.
    const FLOOD: usize = 200;
    let mut calls = Vec::new();
    for n in 0..FLOOD {
        calls.push(ada.send_call("room.post", json!({"room": "tea", "text": n.to_string()})).await);
    }
    let mut refusals = Vec::new();
    for id in &calls {
        refusals.extend(ada.answer(id).await.err());
    }
    assert!(!refusals.is_empty());
    assert!(refusals.iter().all(|refused| refused["code"] == "SLOW_DOWN"), "{refusals:?}");
    let said = FLOOD - refusals.len();
    // Of twenty; the room took one to join.
    assert!(said >= 15, "a burst passes, {said} of it");
    for _ in 0..said {
        ada.event("room.said").await;
    }
}

#[tokio::test]
async fn the_page_is_served_whole_and_asks_for_nothing_from_elsewhere() {
    let server = Program::start("chat");
    let page = get(server.addr(), "/");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("content-security-policy: default-src 'self'"));
    for (path, content_type) in [
        ("/", "text/html"),
        ("/chat.css", "text/css"),
        ("/chat.js", "text/javascript"),
        ("/socket.js", "text/javascript"),
        ("/view.js", "text/javascript"),
    ] {
        let answer = get(server.addr(), path);
        assert!(answer.contains(&format!("content-type: {content_type}; charset=utf-8")), "{path}");
        assert!(!answer.replace("http://www.w3.org/2000/svg", "").contains("http://"), "{path}");
        assert!(!answer.contains("https://"), "{path}");
    }
}
