//! Would a server take it?

use serde_json::json;

use crate::{
    program::{Folder, zocket, zocket_with},
    router::shop,
};

#[test]
fn a_payload_is_held_to_its_route() {
    let folder = Folder::with_contract("checking-payload");
    let contract = folder.path("contract.json");
    let check = |payload: &str| zocket(&["check", &contract, "--route", "stock.orderNow", payload]);
    let fine = check(r#"{"article":"tea","count":2,"payment":{"kind":"invoice","days":30}}"#).exits(0);
    assert_eq!(fine.stdout, "fine: `stock.orderNow` takes it\n");

    for (payload, line) in [
        (r#"{"article":"tea"}"#, "payload:1:1: the property `count` is required (required)"),
        (r#"{"article":"","count":1}"#, "payload:1:12: /article: "),
        (r#"{"article":"tea","count":0}"#, "payload:1:26: /count: must be at least 1 (minimum)"),
        (
            r#"{"article":"tea","count":1,"payment":{"kind":"invoice","days":61}}"#,
            "payload:1:63: /payment/days: must be at most 60 (maximum)",
        ),
        (
            r#"{"article":"tea","count":1,"payment":{"kind":"cash"}}"#,
            "payload:1:46: /payment/kind: must be one of `card`, `invoice` (enum)",
        ),
        ("7", "payload:1:1: must be an object, not a number (type)"),
    ] {
        let ran = check(payload).exits(1);
        assert!(ran.stdout.lines().any(|found| found.starts_with(line)), "{line} in {ran:#?}");
        assert!(ran.stdout.ends_with("`stock.orderNow` does not take it\n"));
    }
}

#[test]
fn what_is_wrong_in_a_file_has_its_line() {
    let folder = Folder::with_contract("checking-file");
    let contract = folder.path("contract.json");
    let order = folder.write("order.json", "{\n  \"article\": \"tea\",\n  \"count\": 101\n}\n");
    let expected = format!("{order}:3:12: /count: must be at most 100 (maximum)");
    for argument in [order.clone(), format!("@{order}")] {
        let ran = zocket(&["check", &contract, "--route", "stock.orderNow", &argument]).exits(1);
        assert_eq!(ran.stdout.lines().next(), Some(&*expected));
    }
    let ran = zocket_with(
        &["check", &contract, "--route", "stock.orderNow", "-"],
        folder.read("order.json").as_bytes(),
    );
    assert!(ran.exits(1).stdout.starts_with("stdin:3:12: /count: "));

    let ran = zocket(&["check", &contract, "--route", "stock.orderNow", &order, "--json"]).exits(1);
    let issue = json!([{"path": "/count", "message": "must be at most 100", "keyword": "maximum"}]);
    assert_eq!(ran.json(), json!({"route": "stock.orderNow", "valid": false, "issues": issue}));

    let broken = folder.write("broken.json", "{\n  \"article\": \"tea\"\n  \"count\": 1\n}");
    zocket(&["check", &contract, "--route", "stock.orderNow", &broken])
        .exits(2)
        .says(&["broken.json:3:3: not JSON: expected `,` or `}`"]);
}

#[test]
fn a_whole_message_says_itself_what_it_is() {
    let folder = Folder::with_contract("checking-message");
    let contract = folder.path("contract.json");
    let message = folder.write(
        "message.json",
        "{\"type\":\"stock.orderNow\",\n \"payload\":\n {\"article\":\"tea\",\n  \"count\":0}}",
    );
    let ran = zocket(&["check", &contract, &message]).exits(1);
    assert!(ran.stdout.starts_with(&format!("{message}:4:11: /count: ")), "{ran:?}");
    zocket(&["check", &contract, r#"{"type":"stock.orderNow","payload":{"article":"tea","count":1}}"#])
        .exits(0);
    zocket(&["check", &contract, r#"{"type":"stock.changed","payload":{"article":"tea","left":1}}"#])
        .exits(0);
    let ran = zocket(&["check", &contract, r#"{"type":"stock.orderNow"}"#]).exits(1);
    assert!(ran.stdout.contains("a payload is required (required)"), "{ran:?}");
    zocket(&["check", &contract, r#"{"payload":{}}"#]).exits(2).says(&["it has no `type`", "--route"]);
}

#[test]
fn a_route_that_is_not_there_is_guessed() {
    let contract = shop::contract().to_json();
    for (typed, meant) in [
        ("stock.orderNwo", "did you mean `stock.orderNow`?"),
        ("orderNow", "did you mean `stock.orderNow`?"),
        ("stock.order_now", "did you mean `stock.orderNow`?"),
        ("nothing.like.it", "there is `exact.echo`, "),
    ] {
        zocket_with(&["check", "-", "--route", typed, "{}"], contract.as_bytes())
            .exits(2)
            .says(&[&format!("no route `{typed}`"), meant]);
    }
    zocket(&["check", "-", "--route", "a.b", "-"]).exits(2).says(&["only one"]);
}

#[test]
fn what_the_check_says_is_what_the_server_says() {
    let folder = Folder::with_contract("checking-agreement");
    let contract = folder.path("contract.json");
    let server = crate::server::url("ws", "/ws");
    let mut differences = Vec::new();
    for payload in [
        r#"{"article":"tea","count":1}"#,
        r#"{"article":"tea","count":1.0}"#,
        r#"{"article":"tea","count":1.5}"#,
        r#"{"article":"tea","count":50,"more":true}"#,
        r#"{"article":"tea","count":101}"#,
        r#"{"article":"","count":1}"#,
        r#"{"count":1}"#,
        r#"{"article":null,"count":1}"#,
        r#"{"article":"tea","count":1,"payment":null}"#,
        r#"{"article":"tea","count":1,"payment":{"kind":"card","number":"1"}}"#,
        r#"{"article":"tea","count":1,"payment":{"kind":"cash"}}"#,
        r#"{"article":"tea","count":1,"payment":{}}"#,
        r#"{"article":"tea","count":1,"payment":[]}"#,
        r#"["tea",1]"#,
        "null",
    ] {
        let here = zocket(&["check", &contract, "--route", "stock.orderNow", payload, "--json"]).json();
        let there = zocket(&["call", &server, "stock.orderNow", payload, "--json", "--no-check"]).json();
        let of = |issues: &serde_json::Value| -> Vec<(String, String)> {
            let text =
                |issue: &serde_json::Value, key: &str| issue[key].as_str().unwrap_or_default().to_owned();
            let issues = issues.as_array().into_iter().flatten();
            let mut found: Vec<_> =
                issues.map(|issue| (text(issue, "path"), text(issue, "keyword"))).collect();
            found.sort();
            found
        };
        if here["valid"] != json!(there.get("reply").is_some())
            || of(&here["issues"]) != of(&there["error"]["issues"])
        {
            differences.push(format!("{payload}\n  here:  {here}\n  there: {there}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
