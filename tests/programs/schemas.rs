//! The schemas that a server publishes, used with ajv: its verdict on a value is the server's.

use std::process::Command;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use zocket::Server;

use crate::{
    catalog::{catalog, values},
    client::Client,
    program::{report_folder, run},
};

#[tokio::test(flavor = "multi_thread")]
async fn ajv_and_the_server_agree() {
    let server = Server::builder(catalog::router()).build();
    let http = axum::Router::new()
        .route("/ws", server.route())
        .route("/contract.json", server.contract_route())
        .nest_service("/schemas", server.schemas_route());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, http).await });

    let mut client = Client::connect(addr, "").await;
    let mut asked: Vec<Value> = Vec::new();
    let mut expected: Vec<bool> = Vec::new();
    for (route, fine, wrong) in values() {
        for (value, is_fine) in
            fine.iter().map(|value| (value, true)).chain(wrong.iter().map(|value| (value, false)))
        {
            let answer = client.call(route, value.clone()).await;
            assert_eq!(answer.is_ok(), is_fine, "{route} {value}: {answer:?}");
            asked.push(json!([format!("{route}/payload"), value]));
            expected.push(is_fine);
            // What comes back is as promised.
            if let Ok(reply) = answer {
                asked.push(json!([format!("{route}/reply"), reply]));
                expected.push(true);
            }
        }
    }
    asked.push(json!(["nothing/errors/odd/größe", -1]));
    asked.push(json!(["headers", {"name": "A"}]));
    expected.extend([true, false]);

    let file = report_folder("schemas").join("values.json");
    std::fs::write(&file, Value::from(asked.clone()).to_string()).expect("a file for the values");
    let mut node = Command::new("node");
    node.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients"));
    node.args(["schemas.mjs", &format!("http://{addr}/schemas")]).arg(file);
    let (succeeded, printed) =
        tokio::task::spawn_blocking(move || run(&mut node)).await.expect("node to run");
    assert!(succeeded, "see above; help: what the script needs is installed by tests/run");

    let said: Value = serde_json::from_str(&printed).expect("JSON");
    let mut names: Vec<String> = server.contract().schema_names().map(|name| name.to_string()).collect();
    names.sort();
    assert_eq!(said["schemas"], json!(names));
    assert_eq!(said["contract"], true, "the contract is valid by its own schema");
    let verdicts = said["verdicts"].as_array().expect("verdicts");
    assert_eq!(verdicts.len(), expected.len());
    for ((asked, said), expected) in asked.iter().zip(verdicts).zip(expected) {
        assert_eq!(*said, expected, "{asked}");
    }
}
