//! A router of many types, each with values that it takes and values that it refuses.
#![allow(missing_docs, unreachable_pub, dead_code, deprecated, clippy::module_inception)] // a router as an application would write it

use serde_json::{Value, json};

/// Many types.
///
/// `take.<type>` takes one, and replies with it.
#[zocket::router]
pub mod catalog {
    #[headers]
    pub struct Headers {
        /// Who is there.
        #[schemars(length(min = 2))]
        pub name: Option<String>,
        #[serde(default)]
        pub level: u8,
    }

    #[error]
    pub enum Refusal {
        /// There is none left.
        SoldOut,
        #[deprecated]
        TooMany {
            /// At most so many.
            most: u32,
            tree: take::Tree,
        },
        #[error(code = "odd/größe")]
        Odd(i64),
    }

    #[outgoing]
    #[deprecated]
    pub struct Changed {
        pub tree: take::Tree,
        pub words: std::collections::BTreeMap<String, Vec<u8>>,
    }

    /// Called and heard.
    #[outgoing(rename = "nothing")]
    pub struct Heard {}

    #[incoming]
    async fn nothing() -> Result<(), Refusal> {
        Err(Refusal::SoldOut)
    }

    pub mod take {
        use std::collections::{BTreeMap, BTreeSet};

        use serde_json::Value;

        use super::Refusal;

        /// It holds itself.
        #[payload]
        pub struct Tree {
            #[schemars(length(max = 8), example = &"oak")]
            pub name: String,
            #[serde(default)]
            pub branches: Vec<Tree>,
            /// Nobody asks.
            #[deprecated]
            pub parent: Option<Box<Tree>>,
        }

        #[payload]
        pub struct Numbers {
            pub small: i8,
            pub natural: u32,
            pub large: u64,
            pub optional: Option<i16>,
            #[schemars(range(min = 0.5, max = 1.5))]
            pub real: f64,
            pub not_zero: std::num::NonZeroI32,
            #[schemars(extend("multipleOf" = 5, "x-unit" = "kg"))]
            pub weight: u16,
        }

        #[payload]
        #[serde(deny_unknown_fields)]
        pub struct Texts {
            #[schemars(length(min = 1, max = 3))]
            pub short: String,
            #[schemars(regex(pattern = r"^[a-zß]+\d?$"))]
            pub word: String,
            #[schemars(email)]
            pub mail: Option<String>,
            #[schemars(url)]
            pub link: Option<String>,
            pub letter: char,
            pub address: Option<std::net::IpAddr>,
        }

        #[payload]
        pub enum External {
            /// Nothing.
            Unit,
            Plain,
            One(u8),
            Two(u8, String),
            Named {
                value: bool,
            },
        }

        #[payload]
        #[serde(tag = "kind", rename_all = "camelCase")]
        pub enum Internal {
            FirstOne,
            Second { value: u8 },
            Third(Point),
        }

        #[payload]
        #[serde(tag = "t", content = "c")]
        pub enum Adjacent {
            A,
            B(i32),
            C { value: String },
        }

        #[payload]
        #[serde(untagged)]
        pub enum Untagged {
            Text(String),
            Count(u32),
            Point(Point),
        }

        #[payload]
        pub struct Point {
            pub x: i32,
            pub y: i32,
        }

        #[payload]
        pub struct Flat {
            pub id: u8,
            #[serde(flatten)]
            pub point: Point,
            #[serde(flatten)]
            pub rest: BTreeMap<String, bool>,
        }

        #[payload]
        pub struct Lists {
            #[schemars(length(min = 1, max = 2), inner(length(max = 2)))]
            pub few: Vec<String>,
            pub pair: (u8, bool),
            pub four: [i8; 4],
            pub set: BTreeSet<u8>,
            pub by_number: BTreeMap<u16, Point>,
        }

        #[payload]
        pub struct Anything {
            pub value: Value,
        }

        #[incoming]
        async fn tree(input: Tree) -> Tree {
            input
        }

        #[incoming]
        async fn numbers(input: Numbers) -> Result<Numbers, Refusal> {
            Ok(input)
        }

        #[incoming]
        async fn texts(input: Texts) -> Texts {
            input
        }

        #[incoming]
        async fn external(input: External) -> External {
            input
        }

        #[incoming]
        async fn internal(input: Internal) -> Internal {
            input
        }

        #[incoming]
        async fn adjacent(input: Adjacent) -> Adjacent {
            input
        }

        #[incoming]
        async fn untagged(input: Untagged) -> Untagged {
            input
        }

        #[incoming]
        async fn flat(input: Flat) -> Flat {
            input
        }

        #[incoming]
        async fn lists(input: Lists) -> Lists {
            input
        }

        #[incoming]
        async fn optional(input: Option<bool>) -> Option<bool> {
            input
        }

        #[incoming]
        async fn duration(input: std::time::Duration) -> std::time::Duration {
            input
        }

        #[incoming]
        async fn anything(input: Anything) -> Anything {
            input
        }
    }
}

/// By route: values that it takes, and values that it refuses.
pub(crate) fn values() -> Vec<(&'static str, Vec<Value>, Vec<Value>)> {
    let numbers = |key: &str, value: Value| {
        let mut numbers =
            json!({"small": -128, "natural": 7, "large": 1, "real": 1.5, "not_zero": -1, "weight": 10});
        numbers[key] = value;
        numbers
    };
    let texts = |key: &str, value: Value| {
        let mut texts = json!({"short": "abc", "word": "maß7", "letter": "é"});
        texts[key] = value;
        texts
    };
    let lists = |key: &str, value: Value| {
        let mut lists =
            json!({"few": ["a"], "pair": [1, true], "four": [1, 2, 3, -4], "set": [1, 2], "by_number": {}});
        lists[key] = value;
        lists
    };
    vec![
        (
            "take.tree",
            vec![
                json!({"name": "oak"}),
                json!({"name": "", "branches": [{"name": "a", "branches": [{"name": "b"}]}], "parent": null}),
                json!({"name": "éééééééé", "parent": {"name": "x"}, "more": 1}),
            ],
            vec![
                json!({}),
                json!([]),
                json!({"name": "ééééééééé"}),
                json!({"name": "a", "branches": [{"name": 1}]}),
            ],
        ),
        (
            "take.numbers",
            vec![
                numbers("small", json!(127)),
                numbers("natural", json!(u32::MAX)),
                numbers("large", json!(9_007_199_254_740_991_u64)),
                numbers("optional", json!(null)),
                numbers("real", json!(0.5)),
                numbers("weight", json!(0)),
            ],
            vec![
                numbers("small", json!(128)),
                numbers("natural", json!(-1)),
                numbers("natural", json!(4_294_967_296_u64)),
                numbers("large", json!("1")),
                numbers("optional", json!(40_000)),
                numbers("real", json!(1.75)),
                numbers("not_zero", json!(0)),
                numbers("weight", json!(7)),
                numbers("small", json!(1.5)),
            ],
        ),
        (
            "take.texts",
            vec![
                texts("short", json!("🦀🦀🦀")),
                texts("mail", json!("a@example.com")),
                texts("link", json!("https://example.com/a?b")),
                texts("address", json!("127.0.0.1")),
                texts("address", json!("::1")),
                texts("mail", json!(null)),
            ],
            vec![
                texts("short", json!("")),
                texts("short", json!("abcd")),
                texts("word", json!("7")),
                texts("mail", json!("a")),
                texts("link", json!("no link")),
                texts("letter", json!("ab")),
                texts("letter", json!("")),
                texts("address", json!("127.0.0")),
                texts("more", json!(1)),
            ],
        ),
        (
            "take.external",
            vec![
                json!("Unit"),
                json!("Plain"),
                json!({"One": 1}),
                json!({"Two": [1, "x"]}),
                json!({"Named": {"value": true}}),
            ],
            vec![
                json!("Other"),
                json!({"Unit": null}),
                json!({"One": 256}),
                json!({"Two": [1]}),
                json!({"Two": [1, "x", 2]}),
                json!({"One": 1, "Two": [1, "x"]}),
                json!({}),
            ],
        ),
        (
            "take.internal",
            vec![
                json!({"kind": "firstOne"}),
                json!({"kind": "second", "value": 3}),
                json!({"kind": "third", "x": 1, "y": 2}),
            ],
            vec![
                json!({"kind": "second"}),
                json!({"kind": "fourth"}),
                json!({"value": 3}),
                json!("firstOne"),
            ],
        ),
        (
            "take.adjacent",
            vec![json!({"t": "A"}), json!({"t": "B", "c": -1}), json!({"t": "C", "c": {"value": ""}})],
            vec![json!({"t": "B"}), json!({"t": "B", "c": "x"}), json!({"t": "D"}), json!({"c": 1})],
        ),
        (
            "take.untagged",
            vec![json!("x"), json!(1), json!({"x": 1, "y": 2})],
            vec![json!(-1), json!(null), json!({"x": 1}), json!([1, 2])],
        ),
        (
            "take.flat",
            vec![json!({"id": 1, "x": 1, "y": 2}), json!({"id": 1, "x": 1, "y": 2, "on": true})],
            vec![json!({"id": 1, "x": 1}), json!({"id": 1, "x": 1, "y": 2, "on": 1})],
        ),
        (
            "take.lists",
            vec![
                lists("few", json!(["a", "bc"])),
                lists("set", json!([])),
                lists("by_number", json!({"7": {"x": 1, "y": 2}})),
            ],
            vec![
                lists("few", json!([])),
                lists("few", json!(["a", "b", "c"])),
                lists("few", json!(["abc"])),
                lists("pair", json!([1])),
                lists("pair", json!([1, true, 2])),
                lists("pair", json!([true, 1])),
                lists("four", json!([1, 2, 3])),
                lists("by_number", json!({"x": {"x": 1, "y": 2}})),
            ],
        ),
        ("take.optional", vec![json!(true), json!(null)], vec![json!(0), json!("true")]),
        (
            "take.duration",
            vec![json!({"secs": 1, "nanos": 999_999_999})],
            vec![
                json!({"secs": 1}),
                json!({"secs": 1, "nanos": 1_000_000_000}),
                json!({"secs": 1, "nanos": 0, "x": 1}),
            ],
        ),
        ("take.anything", vec![json!({"value": null}), json!({"value": [{}]})], vec![json!({}), json!(1)]),
    ]
}
