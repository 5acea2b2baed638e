//! `zocket call` against a running server.

use serde_json::json;

use crate::{
    program::{Folder, command, zocket, zocket_with},
    server::{nobody, serve, url},
};

const ORDER: &str = r#"{"article":"tea","count":2}"#;

#[test]
fn a_call_prints_its_reply() {
    let expected = "{\n  \"article\": \"tea\",\n  \"count\": 2,\n  \"buyer\": \"\"\n}\n";
    for server in [url("ws", "/ws"), url("ws", ""), url("http", ""), url("http", "/ws")] {
        let ran = zocket(&["call", &server, "stock.orderNow", ORDER]).exits(0);
        assert_eq!((&*ran.stdout, &*ran.stderr), (expected, ""), "{server}");
    }
    let folder = Folder::new("calling-payload");
    let file = folder.write("order.json", ORDER);
    let ws = url("ws", "/ws");
    assert_eq!(zocket(&["call", &ws, "stock.orderNow", &format!("@{file}")]).exits(0).stdout, expected);
    let ran = zocket_with(&["call", &ws, "stock.orderNow", "-", "--json"], ORDER.as_bytes()).exits(0);
    assert_eq!(ran.stdout, "{\"reply\":{\"article\":\"tea\",\"count\":2,\"buyer\":\"\"}}\n");
}

/// Behind a proxy, or nested in an application, all of a server lies in a folder.
#[test]
fn a_server_in_a_folder() {
    let app = axum::Router::new().nest("/shop/v1", crate::server::shop_alone());
    let folder = format!("{}/shop/v1", serve(app));
    for server in [
        format!("http://{folder}"),
        format!("http://{folder}/"),
        format!("ws://{folder}"),
        format!("ws://{folder}/"),
        format!("ws://{folder}/ws"),
    ] {
        assert_eq!(
            zocket(&["call", &server, "stock.orderNow", ORDER]).exits(0).json()["count"],
            2,
            "{server}"
        );
    }
    let nowhere = format!("ws://{folder}/none");
    zocket(&["call", &nowhere, "stock.orderNow", ORDER, "--no-check"])
        .exits(1)
        .says(&["/shop/v1/none refused the connection: 404 Not Found", "give the path of the WebSocket"]);
}

#[test]
fn calls_that_go_before() {
    let ws = url("ws", "/ws");
    // Its events come before the answer, and are no answer.
    let args =
        ["call", &*ws, "stock.orderNow", ORDER, "--call", "stock.watch=\"tea\"", "--call", "exact.old"];
    let ran = zocket(&args).exits(0);
    assert_eq!((ran.json()["count"].clone(), &*ran.stderr), (json!(2), ""));
    let gone = r#"stock.orderNow={"article":"gone","count":1}"#;
    let ran = zocket(&["call", &ws, "exact.never", "--call", gone]).exits(1);
    ran.says(&["`stock.orderNow`, which was to go before, was refused: SOLD_OUT"]);
    let error = zocket(&["call", &ws, "exact.never", "--call", gone, "--json"]).exits(1).json();
    assert_eq!(error["error"]["code"], "SOLD_OUT");
    zocket(&["call", &ws, "exact.old", "--call", "stock.watch=5"])
        .exits(1)
        .says(&["`stock.watch` does not take this payload; nothing was sent"]);
    zocket(&["call", &ws, "exact.old", "--call", "stock.wtch"])
        .exits(2)
        .says(&["did you mean `stock.watch`?"]);
}

#[test]
fn a_call_without_payload_and_without_reply() {
    let ws = url("ws", "/ws");
    let ran = zocket(&["call", &ws, "exact.old"]).exits(0).says(&["without a payload"]);
    assert_eq!(ran.stdout, "");
    ran.says(&["warning: `exact.old` is deprecated"]);
    assert_eq!(zocket(&["call", &ws, "exact.old", "--json"]).exits(0).stdout, "{\"reply\":null}\n");
    zocket(&["call", &ws, "exact.old", "7"]).exits(0).says(&["takes no payload"]);
}

#[test]
fn every_digit_arrives_and_comes_back() {
    let ws = url("ws", "/ws");
    for number in [
        "170141183460469231731687303715884105727",
        "-170141183460469231731687303715884105728",
        "9007199254740993",
        "0",
    ] {
        let ran = zocket(&["call", &ws, "exact.echo", "--no-check", number]).exits(0);
        assert_eq!(ran.stdout, format!("{number}\n"));
        let ran = zocket(&["call", &ws, "exact.echo", "--json", number]).exits(0);
        assert_eq!(ran.stdout, format!("{{\"reply\":{number}}}\n"));
    }
}

#[test]
fn headers_go_with_the_handshake() {
    let ws = url("ws", "/ws");
    let args = [
        "call",
        &*ws,
        "stock.orderNow",
        ORDER,
        "-H",
        "user-name=Ada & B",
        "--header",
        "authorization=secret token",
    ];
    assert_eq!(zocket(&args).exits(0).json()["buyer"], "Ada & B");
}

#[test]
fn a_refused_handshake_is_told_in_words_and_without_the_token() {
    let ws = url("ws", "/ws");
    let ran = zocket(&["call", &ws, "stock.orderNow", ORDER, "--header", "authorization=hunter2"])
        .exits(1)
        .says(&["refused the connection: 401 Unauthorized: this token is not known", "--header"]);
    assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
    zocket(&["call", &ws, "stock.orderNow", ORDER, "--header", "user-name=much too long"])
        .exits(1)
        .says(&["400 Bad Request: Invalid headers", "user-name: "]);
    zocket(&["call", &url("ws", "/elsewhere"), "stock.orderNow", ORDER])
        .exits(1)
        .says(&["404 Not Found", "/ws"]);
    zocket(&["call", &url("ws", "/page.json"), "stock.orderNow", ORDER]).exits(1).says(&["200 OK", "/ws"]);
}

#[test]
fn a_typed_error_is_told_in_words() {
    let ws = url("ws", "/ws");
    let ran = zocket(&["call", &ws, "stock.orderNow", r#"{"article":"gone","count":1}"#]).exits(1);
    assert_eq!((&*ran.stdout, &*ran.stderr), ("", "error: SOLD_OUT: The article is sold out.\n"));
    let many = r#"{"article":"tea","count":51}"#;
    zocket(&["call", &ws, "stock.orderNow", many])
        .exits(1)
        .says(&["error: TOO_MANY: at most 50 of these\n  data: {\"most\":50}\n"]);
    let error = zocket(&["call", &ws, "stock.orderNow", many, "--json"]).exits(1).json();
    assert_eq!(
        error,
        json!({"error": {"code": "TOO_MANY", "message": "at most 50 of these", "data": {"most": 50}}})
    );
}

#[test]
fn a_payload_outside_the_contract_is_not_sent() {
    let ws = url("ws", "/ws");
    let wrong = r#"{"article":"tea","count":0}"#;
    let ran = zocket(&["call", &ws, "stock.orderNow", wrong]).exits(1);
    let said = "error: `stock.orderNow` does not take this payload; nothing was sent\n  \
                /count: must be at least 1 (minimum)\n";
    assert_eq!((&*ran.stdout, &*ran.stderr), ("", said));
    let error = zocket(&["call", &ws, "stock.orderNow", wrong, "--json"]).exits(1).json();
    assert_eq!(
        (&error["error"]["code"], &error["error"]["issues"][0]["path"]),
        (&json!("INVALID_PAYLOAD"), &json!("/count"))
    );

    // Without the check, it is the server that says it.
    zocket(&["call", &ws, "stock.orderNow", wrong, "--no-check"])
        .exits(1)
        .says(&["error: INVALID_PAYLOAD", "/count: must be at least 1 (minimum)"]);
    zocket(&["call", &ws, "stock.orderNow"]).exits(1).says(&["a payload is required"]);
}

#[test]
fn a_mistyped_route_is_guessed() {
    let ws = url("ws", "/ws");
    zocket(&["call", &ws, "stock.orderNwo", ORDER])
        .exits(2)
        .says(&["no call `stock.orderNwo`", "did you mean `stock.orderNow`?"]);
    zocket(&["call", &ws, "stock.changed"]).exits(2).says(&["the server sends it", "zocket listen"]);
    zocket(&["call", &ws, "stock.orderNwo", ORDER, "--no-check"]).exits(1).says(&["error: UNKNOWN_ROUTE"]);
}

#[test]
fn the_contract_may_come_from_elsewhere() {
    let folder = Folder::with_contract("calling-contract");
    let contract = folder.path("contract.json");
    let server = zocket::Server::builder(crate::router::shop::router()).build();
    let hidden = serve(axum::Router::new().route("/ws", server.route()));
    let ws = format!("ws://{hidden}/ws");
    zocket(&["call", &ws, "stock.orderNow", ORDER])
        .exits(2)
        .says(&["/contract.json: 404 Not Found", "--no-check"]);
    zocket(&["call", &ws, "stock.orderNow", ORDER, "--contract", &contract]).exits(0);
    zocket(&["call", &ws, "stock.orderNow", ORDER, "--no-check"]).exits(0);
}

#[test]
fn a_server_that_is_not_there_or_does_not_answer() {
    let gone = format!("ws://{}/ws", nobody());
    zocket(&["call", &gone, "stock.orderNow", ORDER]).exits(3).says(&["cannot reach ", "refused"]);
    zocket(&["call", &gone, "stock.orderNow", ORDER, "--no-check"])
        .exits(3)
        .says(&["cannot reach ", "refused"]);
    let ws = url("ws", "/ws");
    zocket(&["call", &ws, "exact.never", "--timeout", "300ms"])
        .exits(3)
        .says(&["did not answer within 300ms"]);
    zocket(&["call", &ws, "stock.leave"])
        .exits(3)
        .says(&["no answer: the server closed the connection: 4001 (closing time)"]);
}

#[test]
fn colours_are_for_terminals_and_what_a_server_sends_cannot_control_one() {
    let ws = url("ws", "/ws");
    let hostile = "\"\\u009b2J\\u001b[31m \u{202e}x\"";
    let ran = zocket(&["call", &ws, "exact.text", hostile]).exits(0);
    assert_eq!(ran.stdout, "\"\\u009b2J\\u001b[31m \\u202ex\"\n");
    let forced =
        command(&["call", &ws, "exact.text", "\"x\""]).env("CLICOLOR_FORCE", "1").output().expect("a run");
    assert_eq!(forced.stdout, b"\x1b[32m\"x\"\x1b[0m\n");
    let both = command(&["call", &ws, "exact.text", "\"x\""])
        .env("CLICOLOR_FORCE", "1")
        .env("NO_COLOR", "1")
        .output();
    assert_eq!(both.expect("a run").stdout, b"\"x\"\n");
}
