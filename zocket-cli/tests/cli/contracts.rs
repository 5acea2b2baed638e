//! A contract comes from anywhere.

use std::fs;

use serde_json::json;

use crate::{
    program::{Folder, zocket, zocket_with},
    router::shop,
    server::{nobody, serve, url},
};

#[test]
fn a_contract_is_read_from_a_file_from_stdin_and_from_a_server() {
    let folder = Folder::with_contract("contracts-sources");
    let path = folder.path("contract.json");
    let summary = zocket(&["check", &path]).exits(0).stdout;
    let hash = shop::contract().hash().to_owned();
    assert_eq!(summary, format!("a contract of `shop`: 7 calls, 2 events, hash {hash}\n"));

    let text = shop::contract().to_json();
    assert_eq!(zocket_with(&["check", "-"], text.as_bytes()).exits(0).stdout, summary);
    assert_eq!(zocket_with(&["check", "-"], format!("\u{feff}{text}").as_bytes()).exits(0).stdout, summary);
    for source in [
        url("http", ""),
        url("http", "/"),
        url("http", "/contract.json"),
        url("http", "/moved.json"),
        url("http", "/app"),
        url("ws", "/ws?token=secret"),
        url("ws", ""),
    ] {
        assert_eq!(zocket(&["check", &source]).exits(0).stdout, summary, "{source}");
    }
}

#[test]
fn what_a_server_answers_instead_is_said() {
    for (source, code, words) in [
        (url("http", "/page.json"), 2, &["/page.json: a page", "text/html", "not a contract", "help:"][..]),
        (url("http", "/missing.json"), 2, &["/missing.json: 404 Not Found", "contract_route"]),
        (url("http", "/empty.json"), 2, &["/empty.json:1:1: ", "empty"]),
        (url("http", "/other.json"), 2, &["/other.json:1:1: ", "`format`"]),
        (url("http", "/bytes.json"), 2, &["/bytes.json: not text: byte 0 is not UTF-8"]),
        (url("http", "/huge.json"), 2, &["larger than 16 MiB"]),
        (url("http", "/busy.json"), 3, &["/busy.json: 503 Service Unavailable"]),
        (format!("http://{}", nobody()), 3, &["cannot reach http://127.0.0.1:", "refused", "help:"]),
        (
            "http://no-such-host.invalid".into(),
            3,
            &["cannot reach http://no-such-host.invalid/contract.json"],
        ),
        ("http://".into(), 2, &["not a server's URL"]),
        ("ws://name:secret@127.0.0.1/ws".into(), 2, &["not a server's URL", "--header"]),
    ] {
        let ran = zocket(&["ts", &source]).exits(code).says(words);
        assert_eq!(ran.stdout, "", "{source}");
    }
}

#[test]
fn the_places_that_were_looked_at_are_listed() {
    let empty = serve(axum::Router::new());
    zocket(&["check", &format!("ws://{empty}/app/ws")]).exits(2).says(&[
        "the server shows no contract; tried:",
        &format!("  http://{empty}/app/contract.json: 404 Not Found"),
        &format!("  http://{empty}/contract.json: 404 Not Found"),
    ]);
}

#[test]
fn schemas_stand_alone() {
    let folder = Folder::with_contract("contracts-schemas");
    let path = folder.path("contract.json");
    let list = zocket(&["schema", &path]).exits(0).stdout;
    for name in
        ["headers", "stock.orderNow/payload", "stock.orderNow/reply", "stock.orderNow/errors/TOO_MANY"]
    {
        assert!(list.lines().any(|line| line == name), "no {name} in {list}");
    }
    let payload = zocket(&["schema", &path, "stock.orderNow"]).exits(0).json();
    assert_eq!(payload["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(payload["properties"]["count"]["maximum"], 100);
    assert!(payload["$defs"]["Payment"].is_object(), "{payload}");
    assert_eq!(zocket(&["schema", &path, "stock.orderNow/payload"]).json(), payload);

    let error = zocket(&["schema", &path, "stock.orderNow", "--part", "error:TOO_MANY"]).exits(0).json();
    assert_eq!(error["required"], json!(["most"]));
    let event = zocket(&["schema", &path, "stock.changed"]).exits(0).json();
    assert_eq!(event["required"], json!(["article", "left"]));
    assert_eq!(zocket(&["schema", &path, "stock.changed", "--part", "payload"]).json(), event);
    assert!(zocket(&["schema", &path, "--part", "headers"]).json()["properties"]["user-name"].is_object());
    assert!(zocket(&["schema", "--meta"]).exits(0).json()["properties"]["routes"].is_object());
}

#[test]
fn all_schemas_go_into_a_folder() {
    let folder = Folder::with_contract("contracts-folder");
    let path = folder.path("contract.json");
    let target = folder.path("schemas");
    zocket(&["schema", &path, "-o", &target]).exits(0);
    let list = zocket(&["schema", &path]).exits(0).stdout;
    for name in list.lines() {
        let file = fs::read_to_string(format!("{target}/{name}.json"))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(file, zocket(&["schema", &path, name]).exits(0).stdout, "{name}");
    }
    zocket(&["schema", &path, "-o", &folder.path("all.json")]).exits(2).says(&["name a folder"]);
}

#[test]
fn a_schema_that_is_not_there_says_what_is() {
    let folder = Folder::with_contract("contracts-missing");
    let path = folder.path("contract.json");
    zocket(&["schema", &path, "stock.order_now"]).exits(2).says(&["did you mean `stock.orderNow`?"]);
    zocket(&["schema", &path, "stock.leave"]).exits(1).says(&["`stock.leave` has no payload"]);
    zocket(&["schema", &path, "stock.orderNow", "--part", "error:SOLD_OUT"])
        .exits(1)
        .says(&["has no error `SOLD_OUT` with data", "stock.orderNow/errors/TOO_MANY"]);
    zocket(&["schema", &path, "stock.orderNow", "--part", "answer"]).exits(2).says(&["error:CODE"]);
    zocket(&["schema", &path, "--part", "reply"]).exits(2).says(&["which route's?"]);
}

#[test]
fn an_asyncapi_document_names_what_it_was_told() {
    let args =
        ["asyncapi", "-", "--title", "Shop", "--version", "2.1.0", "--server", "live=wss://shop.example/ws"];
    let document = zocket_with(&args, shop::contract().to_json().as_bytes()).exits(0).json();
    assert_eq!(document["asyncapi"], "3.0.0");
    assert_eq!((&document["info"]["title"], &document["info"]["version"]), (&json!("Shop"), &json!("2.1.0")));
    assert_eq!(document["servers"]["live"]["host"], "shop.example");
    let wrong = ["asyncapi", "-", "--server", "http://shop.example"];
    zocket_with(&wrong, shop::contract().to_json().as_bytes())
        .exits(2)
        .says(&["is no URL of a WebSocket", "help:"]);
}

#[test]
fn a_change_that_breaks_clients_is_told_from_one_that_does_not() {
    let folder = Folder::with_contract("contracts-diff");
    let old = folder.path("contract.json");
    zocket(&["diff", &old, &url("http", "")]).exits(0);
    let mut without: serde_json::Value = serde_json::from_str(&shop::contract().to_json()).expect("JSON");
    without["routes"].as_array_mut().expect("routes").retain(|route| route["route"] != "stock.orderNow");
    let new = folder.write("new.json", zocket_contract::Contract::seal(without).to_json());
    let ran = zocket(&["diff", &old, &new]).exits(1);
    assert!(ran.stdout.contains("stock.orderNow"), "{ran:?}");
    zocket(&["diff", &new, &old]).exits(0);
    assert!(zocket(&["diff", &old, &new, "--json"]).exits(1).json()["changes"].is_array());
    zocket(&["diff", &old, &folder.path("missing.json")]).exits(2).says(&["missing.json"]);
    zocket(&["diff", "-", "-"]).exits(2).says(&["only one"]);
}
