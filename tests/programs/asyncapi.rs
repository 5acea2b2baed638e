//! AsyncAPI documents, read by the reference parser.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use zocket::{AsyncApiOptions, Contract};

use crate::{
    catalog::catalog,
    program::{Program, get, report_folder, run},
};

fn options() -> AsyncApiOptions {
    AsyncApiOptions::default().server("production", "wss://example.com/v1").expect("a server")
}

/// The parser's result for each document: its objections, and what it found in it.
fn parsed(folder: &str, documents: &[(String, Value)]) -> Vec<(Value, Value)> {
    let folder = report_folder("asyncapi").join(folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let files: Vec<PathBuf> = documents
        .iter()
        .map(|(name, document)| {
            let file = folder.join(format!("{name}.json"));
            std::fs::write(&file, document.to_string()).expect("a file for the document");
            file
        })
        .collect();
    let mut node = Command::new("node");
    node.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients"));
    let (succeeded, printed) = run(node.arg("asyncapi.mjs").args(&files));
    assert!(succeeded, "see above; help: what the script needs is installed by tests/run");
    let lines: Vec<Value> =
        printed.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert_eq!(lines.len(), documents.len());
    lines.into_iter().map(|line| (line["against"].clone(), line["seen"].clone())).collect()
}

/// Every contract that is committed, those of the examples, and the catalog's.
fn contracts() -> Vec<(String, Contract)> {
    let mut all = vec![("catalog".to_owned(), catalog::contract())];
    for example in ["announce", "chat"] {
        let answer = get(Program::start(example).addr(), "/contract.json");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        all.push((example.to_owned(), Contract::parse(body).expect("a contract")));
    }
    for folder in ["tests/integration/snapshots", "zocket-cli/tests/everything"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for entry in std::fs::read_dir(&folder).expect("a folder of snapshots") {
            let path = entry.expect("an entry").path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()?.strip_suffix("contract.json"))
            else {
                continue;
            };
            let contract = Contract::parse(&std::fs::read_to_string(&path).expect("a text"));
            all.push((
                format!("committed-{name}"),
                contract.unwrap_or_else(|error| panic!("{name}: {error}")),
            ));
        }
    }
    all
}

#[test]
fn the_parser_has_nothing_against_our_documents() {
    let contracts = contracts();
    let documents: Vec<(String, Value)> =
        contracts.iter().map(|(name, contract)| (name.clone(), contract.to_asyncapi(&options()))).collect();
    for ((name, contract), (against, seen)) in contracts.iter().zip(parsed("sound", &documents)) {
        assert_eq!(against, json!([]), "{name}");
        // Each operation has a channel, at the one address and with the handshake.
        let channels = seen["channels"].as_array().expect("channels");
        assert!(channels.iter().all(|channel| *channel == json!(["/ws", true])), "{name}: {channels:?}");
        assert_eq!(channels.len(), contract.routes().len() + 2, "{name}");
        assert_eq!(seen["servers"], json!(["wss://example.com/v1"]), "{name}");
        // A route is an operation; the ping and errors without a call are two more.
        let operations = seen["operations"].as_object().expect("operations");
        assert_eq!(operations.len(), contract.routes().len() + 2, "{name}");
        for operation in operations.values() {
            assert!(
                operation["messages"].as_array().is_some_and(|messages| !messages.is_empty()),
                "{name}: {operation}"
            );
        }
        assert!(seen["correlated"].as_u64() > Some(0), "{name}: the rpcId correlates");
    }
    let (_, seen) = &parsed("sound", &documents[..1])[0];
    assert_eq!(
        seen["operations"]["take.numbers"],
        json!({
            "action": "receive",
            "messages": ["take.numbers"],
            "reply": [
                "__rpc_res.take.numbers",
                "__rpc_err.SOLD_OUT",
                "__rpc_err.TOO_MANY",
                "__rpc_err.odd_gr__e",
                "__rpc_err",
            ],
        })
    );
    assert_eq!(
        seen["operations"]["changed"],
        json!({"action": "send", "messages": ["changed"], "reply": null})
    );
}

/// The check that accepts ours finds what is wrong with others.
#[test]
fn the_parser_finds_what_is_broken() {
    type Break = (&'static str, fn(&mut Value));
    let breaks: &[Break] = &[
        ("no version", |all| drop(all["info"].as_object_mut().unwrap().remove("version"))),
        ("another action", |all| all["operations"]["take.tree"]["action"] = "publish".into()),
        ("no such channel", |all| {
            all["operations"]["take.tree"]["channel"]["$ref"] = "#/channels/other".into()
        }),
        ("a message that the channel has not", |all| {
            all["channels"]["take.tree"]["messages"].as_object_mut().unwrap().remove("take.tree");
        }),
        ("a reply that the channel has not", |all| {
            all["operations"]["take.tree"]["reply"]["messages"][0]["$ref"] =
                "#/channels/take.tree/messages/none".into();
        }),
        ("a schema that is none", |all| all["components"]["schemas"]["Tree"]["type"] = "tree".into()),
        ("a schema that is missing", |all| {
            drop(all["components"]["schemas"].as_object_mut().unwrap().remove("Tree"))
        }),
        ("a binding that is none", |all| {
            all["components"]["channelBindings"]["socket"]["ws"]["method"] = "PUT".into()
        }),
        ("a server without a host", |all| {
            all["servers"]["production"].as_object_mut().unwrap().remove("host");
        }),
        ("a key that is none", |all| all["operations"]["take.tree"]["deprecated"] = true.into()),
    ];
    let documents: Vec<(String, Value)> = breaks
        .iter()
        .map(|(name, change)| {
            let mut document = catalog::contract().to_asyncapi(&options());
            change(&mut document);
            ((*name).to_owned(), document)
        })
        .collect();
    for ((name, _), (against, _)) in breaks.iter().zip(parsed("broken", &documents)) {
        let errors =
            against.as_array().expect("a list").iter().filter(|found| found["severity"] == "error").count();
        assert!(errors > 0, "{name}: {against}");
    }
}

/// Tools follow references; where each repeats all messages, a document of 20 routes takes them a minute.
#[test]
fn the_parser_reads_two_hundred_routes() {
    let mut document = catalog::contract().as_value().clone();
    let tree =
        document["routes"].as_array().expect("routes").iter().find(|route| route["route"] == "take.tree");
    let tree = tree.expect("the route").clone();
    let more = (0..200).map(|n| {
        let mut route = tree.clone();
        route["route"] = format!("more.tree{n}").into();
        route
    });
    document["routes"].as_array_mut().expect("routes").extend(more);
    let document = Contract::seal(document).to_asyncapi(&options());
    let [(against, seen)] = &parsed("large", &[("large".to_owned(), document)])[..] else {
        panic!("one document")
    };
    assert_eq!(*against, json!([]));
    assert!(seen["operations"].as_object().is_some_and(|operations| operations.len() > 200));
    // As it is once all references are followed, in bytes.
    assert!(seen["followed"].as_u64().is_some_and(|size| size < 20_000_000), "{}", seen["followed"]);
}
