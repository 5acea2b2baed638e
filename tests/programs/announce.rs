//! `examples/announce.rs` over real sockets.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    client::Client,
    program::{Program, get},
};

const ANNOUNCEMENT: &str = "system.announcement";

fn says(text: &str) -> impl Fn(&Value) -> bool {
    move |payload| payload["text"] == text
}

#[tokio::test]
async fn an_announcement_reaches_everybody_before_its_call_is_answered() {
    let server = Program::start("announce");
    let mut caller = Client::connect(server.addr(), "x-zocket-version=0.1.0").await;
    let mut other = Client::connect(server.addr(), "").await;

    let reply = caller.call("system.announce", json!({"text": "Hello 🦀"})).await;

    assert_eq!(reply, Ok(None), "a handler that returns nothing is answered without a payload");
    assert!(caller.has_heard(ANNOUNCEMENT), "the caller hears the event before the reply");
    caller.event_where(ANNOUNCEMENT, says("Hello 🦀")).await;
    other.event_where(ANNOUNCEMENT, says("Hello 🦀")).await;
}

#[tokio::test]
async fn the_timer_ticks_from_outside_any_handler() {
    let server = Program::start("announce");
    let mut client = Client::connect(server.addr(), "").await;
    for _ in 0..2 {
        assert_eq!(client.event(ANNOUNCEMENT).await, json!({"text": "Tick"}));
    }
}

#[tokio::test]
async fn a_payload_outside_the_schema_is_refused_with_its_path_and_the_connection_goes_on() {
    let server = Program::start("announce");
    let mut client = Client::connect(server.addr(), "").await;
    for (payload, path, keyword) in [
        (json!({"text": ""}), "/text", "minLength"),
        (json!({"text": "x".repeat(281)}), "/text", "maxLength"),
        (json!({"text": 5}), "/text", "type"),
        (json!({}), "", "required"),
        (Value::Null, "", "type"),
        (json!(["x"]), "", "type"),
    ] {
        let error = client.call("system.announce", payload.clone()).await.expect_err("a refusal");
        assert_eq!(error["code"], "INVALID_PAYLOAD", "{payload}");
        assert_eq!(error["issues"][0]["path"], path, "{error}");
        assert_eq!(error["issues"][0]["keyword"], keyword, "{error}");
    }
    assert_eq!(client.call("system.announce", json!({"text": "x".repeat(280)})).await, Ok(None));
}

#[tokio::test]
async fn what_is_no_message_is_answered_and_the_connection_goes_on() {
    let server = Program::start("announce");
    let mut client = Client::connect(server.addr(), "").await;
    let is_error = |message: &Value| message["type"] == "__rpc_err";
    for text in
        ["", "{", "5", "null", "[]", "\"text\"", "{}", r#"{"type":7}"#, r#"{"type":null,"payload":{}}"#]
    {
        client.send(Message::text(text)).await;
        assert_eq!(client.find(is_error).await["error"]["code"], "BAD_MESSAGE", "{text}");
    }
    client.send(Message::binary(vec![0xff, 0x00, 0x80])).await;
    assert_eq!(client.find(is_error).await["error"]["code"], "BAD_MESSAGE", "a binary frame");

    let error = client.call("system.nowhere", json!({})).await.expect_err("a refusal");
    assert_eq!(error["code"], "UNKNOWN_ROUTE");
    assert_eq!(client.call("system.announce", json!({"text": "still here"})).await, Ok(None));
}

#[tokio::test]
async fn a_refusal_of_a_message_that_awaits_no_answer_names_the_route() {
    let server = Program::start("announce");
    let mut client = Client::connect(server.addr(), "").await;
    client.send(Message::text(r#"{"payload":{"text":""},"type":"system.announce"}"#)).await;
    let refusal = client.find(|message| message["type"] == "__rpc_err").await;
    assert_eq!(refusal["route"], "system.announce");
    assert_eq!(refusal.get("rpcId"), None);
    assert_eq!(refusal["error"]["code"], "INVALID_PAYLOAD");
}

#[tokio::test]
async fn a_token_is_taken_from_a_header_or_the_query_and_never_logged() {
    let server = Program::start("announce");
    let header = [("authorization", "Bearer secret-1")];
    let by_header = Client::handshake(server.addr(), "", &header).await.expect("accepted");
    by_header.close().await;
    server.logged(&["disconnected", "signed_in=true"]);

    Client::connect(server.addr(), "authorization=secret-2").await.close().await;
    Client::connect(server.addr(), "x-zocket-version=0.1.0").await.close().await;
    server.logged(&["disconnected", "signed_in=false"]);
    assert!(!server.log().contains("secret"), "{}", server.log());
}

#[tokio::test]
async fn a_client_of_another_version_is_let_in_with_a_warning() {
    let server = Program::start("announce");
    let mut client = Client::connect(server.addr(), "x-zocket-version=7.1.0").await;
    assert_eq!(client.call("system.announce", json!({"text": "hi"})).await, Ok(None));
    server.logged(&["WARN", "7.1.0"]);
}

#[tokio::test]
async fn a_page_of_another_site_is_refused_and_one_of_this_site_is_not() {
    let server = Program::start("announce");
    let refusal =
        Client::handshake(server.addr(), "", &[("origin", "https://elsewhere.example")]).await.err();
    assert_eq!(refusal.expect("a refusal").status(), 403);

    let here = format!("http://{}", server.addr());
    assert!(Client::handshake(server.addr(), "", &[("origin", &here)]).await.is_ok());
}

#[tokio::test]
async fn the_contract_lists_both_directions() {
    let server = Program::start("announce");
    let contract = get(server.addr(), "/contract.json");
    for expected in ["\"system.announce\"", ANNOUNCEMENT, "280", "authorization"] {
        assert!(contract.contains(expected), "no {expected} in {contract}");
    }
}

#[tokio::test]
async fn a_server_told_to_end_closes_its_connections_as_restarting_and_ends_well() {
    let server = Program::start("announce");
    let mut client = Client::connect(server.addr(), "").await;
    assert_eq!(client.call("system.announce", json!({"text": "before"})).await, Ok(None));
    server.terminate();
    let frame = client.closed().await.expect("a close code");
    assert_eq!(u16::from(frame.code), 1012);
    drop(client);
    assert!(server.wait().success());
}
