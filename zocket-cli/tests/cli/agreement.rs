//! `zocket check` says the same about a payload as a server: the same violations, in the same words and order.

#![allow(unreachable_pub)] // as a user writes it

use serde_json::{Map, Value, json};
use zocket::{Server, testing};

use crate::program::{Folder, zocket};

/// Payloads of every shape that schemars writes.
#[zocket::router]
mod shapes {
    use std::collections::{BTreeMap, BTreeSet};
    use std::net::IpAddr;

    #[payload]
    pub struct Leaf {
        pub n: u32,
    }

    #[payload]
    pub enum Unit {
        A,
        /// Described, so it stands apart.
        B,
        C,
    }

    #[payload]
    pub struct Scalars {
        #[schemars(range(min = -3, max = 7))]
        pub bounded: i32,
        #[schemars(extend("multipleOf" = 5))]
        pub fives: i64,
        pub fraction: f32,
        #[schemars(length(min = 2, max = 5))]
        pub text: String,
        #[schemars(regex(pattern = "^[A-Z]{2}[0-9]+$"))]
        pub code: String,
        #[schemars(email)]
        pub email: Option<String>,
        pub address: IpAddr,
        pub unit: Unit,
        pub wide: i128,
    }

    #[payload]
    pub struct Lists {
        #[schemars(length(min = 1, max = 3), inner(length(max = 2)))]
        pub words: Vec<String>,
        pub set: BTreeSet<u8>,
        pub units: Vec<Unit>,
        pub pair: (u8, String),
        pub three: [i8; 3],
        pub by_name: BTreeMap<String, Leaf>,
        #[schemars(extend("minProperties" = 1, "maxProperties" = 2))]
        pub some: BTreeMap<String, u8>,
    }

    #[payload]
    pub enum External {
        Unit,
        New(Leaf),
        Pair(i8, bool),
        Fields {
            a: u8,
            #[schemars(length(max = 2))]
            b: Option<String>,
        },
    }

    #[payload]
    #[serde(tag = "kind")]
    pub enum Internal {
        Unit,
        New(Leaf),
        Fields { a: i8 },
    }

    #[payload]
    #[serde(tag = "t", content = "c")]
    pub enum Adjacent {
        New(Leaf),
        Pair(i8, bool),
    }

    #[payload]
    #[serde(untagged)]
    pub enum Untagged {
        Number(i32),
        Leaf(Leaf),
        Words(Vec<String>),
    }

    #[payload]
    pub struct Enums {
        pub external: Vec<External>,
        pub internal: Option<Internal>,
        pub adjacent: Adjacent,
        pub untagged: Untagged,
    }

    #[payload]
    #[serde(deny_unknown_fields)]
    pub struct Closed {
        pub leaf: Option<Leaf>,
        #[serde(default)]
        pub note: String,
    }

    #[payload]
    pub struct Flat {
        pub own: u8,
        #[serde(flatten)]
        pub leaf: Leaf,
        #[serde(flatten)]
        pub kind: Internal,
    }

    #[payload]
    pub struct Tree {
        #[schemars(length(max = 2))]
        pub name: String,
        pub children: Vec<Tree>,
        pub next: Option<Box<Tree>>,
    }

    #[incoming]
    async fn scalars(_input: Scalars) {}
    #[incoming]
    async fn lists(_input: Lists) {}
    #[incoming]
    async fn enums(_input: Enums) {}
    #[incoming]
    async fn closed(_input: Closed) {}
    #[incoming]
    async fn flat(_input: Flat) {}
    #[incoming]
    async fn tree(_input: Tree) {}
}

/// For each route a payload that is taken.
fn samples() -> Vec<(&'static str, Value)> {
    vec![
        (
            "scalars",
            json!({"bounded": 1, "fives": 5, "fraction": 0.5, "text": "abc", "code": "AB1", "email": "a@b.example",
                "address": "::1", "unit": "A", "wide": 1}),
        ),
        (
            "lists",
            json!({"words": ["a", "b"], "set": [1, 2], "units": ["A", "B"], "pair": [1, "x"], "three": [1, 2, 3],
                "by_name": {"a/b": {"n": 1}}, "some": {"a": 1}}),
        ),
        (
            "enums",
            json!({"external": ["Unit", {"New": {"n": 1}}, {"Pair": [1, true]}, {"Fields": {"a": 1, "b": "x"}}],
                "internal": {"kind": "New", "n": 1}, "adjacent": {"t": "Pair", "c": [1, false]}, "untagged": {"n": 3}}),
        ),
        ("closed", json!({"leaf": {"n": 1}, "note": "x"})),
        ("flat", json!({"own": 1, "n": 2, "kind": "Fields", "a": 3})),
        (
            "tree",
            json!({"name": "a", "children": [{"name": "b", "children": [], "next": null}],
                "next": {"name": "c", "children": [], "next": null}}),
        ),
    ]
}

/// The same payload with one thing changed, in every way and at every place.
fn changed(value: &Value, all: &mut Vec<Value>) {
    let others = [
        json!(null),
        json!(true),
        json!(-9),
        json!(1.5),
        json!(1e30),
        json!(""),
        json!("something longer"),
        json!([]),
        json!([1, 1]),
        json!({}),
        json!({"n": -1}),
        json!({"kind": "none"}),
    ];
    all.extend(others);
    let within = |all: &mut Vec<Value>, inner: &Value, put: &dyn Fn(Value) -> Value| {
        let mut inside = Vec::new();
        changed(inner, &mut inside);
        all.extend(inside.into_iter().map(put));
    };
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                let without: Map<_, _> = members
                    .iter()
                    .filter(|(other, _)| *other != name)
                    .map(|(k, v)| (k.clone(), v.clone()))
                    .collect();
                all.push(without.clone().into());
                all.push(Value::from_iter(
                    without.into_iter().chain([(format!("{name}~/ x"), inner.clone())]),
                ));
                within(all, inner, &|inner| {
                    let mut changed = value.clone();
                    changed[name] = inner;
                    changed
                });
            }
        }
        Value::Array(items) => {
            all.push(items.iter().chain(items).chain(items).cloned().collect());
            for (index, inner) in items.iter().enumerate() {
                within(all, inner, &|inner| {
                    let mut changed = value.clone();
                    changed[index] = inner;
                    changed
                });
            }
        }
        _ => {}
    }
}

#[test]
fn the_command_line_and_the_server_say_the_same() {
    let folder = Folder::new("agreement");
    let contract = folder.write("contract.json", shapes::contract().to_json());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut client = runtime.block_on(async {
        let server = Server::builder(shapes::router()).build();
        testing::connect(&server).await.expect("a connection")
    });
    let mut compared = 0;
    let mut differences = Vec::new();
    for (route, sample) in samples() {
        let mut payloads = vec![sample.clone()];
        changed(&sample, &mut payloads);
        // Every third: each takes a start of the program.
        for payload in payloads.iter().take(1).chain(payloads.iter().skip(1).step_by(3)) {
            let there = runtime.block_on(client.call::<()>(route, payload));
            let there = there.map_err(|error| json!(error.issues));
            let text = payload.to_string();
            let here = zocket(&["check", &contract, "--route", route, &text, "--json"]).json();
            let here = if here["valid"] == true { Ok(()) } else { Err(here["issues"].clone()) };
            compared += 1;
            if here != there {
                differences.push(format!("{route} {payload}\n  here:  {here:?}\n  there: {there:?}"));
            }
        }
    }
    assert!(differences.is_empty(), "{} of {compared}:\n{}", differences.len(), differences.join("\n"));
    assert!(compared > 200, "{compared}");
}

#[test]
fn more_violations_than_are_listed_are_counted_by_both() {
    let server = Server::builder(shapes::router()).build();
    let app = axum::Router::new().route("/ws", server.route());
    let server = format!("ws://{}/ws", crate::server::serve(app));
    let folder = Folder::new("agreement-many");
    let contract = folder.write("contract.json", shapes::contract().to_json());
    let payload = json!({"words": vec!["too long"; 3], "set": [], "units": vec!["none"; 5_000], "pair": [1, ""], "three": [1, 2, 3],
        "by_name": {}, "some": {"a": 1}});
    let payload = payload.to_string();
    let here = zocket(&["check", &contract, "--route", "lists", &payload, "--json"]).exits(1).json();
    let there = zocket(&["call", &server, "lists", &payload, "--json", "--no-check"]).exits(1).json();
    assert_eq!(here["issues"], there["error"]["issues"]);
    assert_eq!((&here["issueCount"], &there["error"]["issueCount"]), (&json!(5_003), &json!(5_003)));
    zocket(&["call", &server, "lists", &payload, "--no-check"]).exits(1).says(&["and 4983 more"]);
    let ran = zocket(&["check", &contract, "--route", "lists", &payload]).exits(1);
    assert!(ran.stdout.contains("and 4983 more"), "{ran:?}");
}
