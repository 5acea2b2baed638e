//! Types of every way that serde has to read one.

#![allow(dead_code, reason = "types that are read and compared, field by field by derived code")]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

macro_rules! shapes {
    ($($(#[$attribute:meta])* $kind:ident $name:ident $body:tt)*) => {$(
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        $(#[$attribute])*
        pub $kind $name $body
    )*};
}

shapes! {
    struct Typed {
        id: u32,
        small: Option<i8>,
        ratio: f64,
        name: String,
        tags: Vec<String>,
        pair: (u8, bool),
        kind: Kind,
        by_number: BTreeMap<i16, char>,
        nested: Option<Box<Typed>>,
        #[serde(default)]
        later: u64,
    }

    #[serde(rename_all = "snake_case")]
    enum Kind {
        Unit,
        New(String),
        Two(i32, i32),
        Fields { a: u8, b: Option<String> },
    }

    struct Numbers {
        #[serde(default)] a: u8,
        #[serde(default)] b: i16,
        #[serde(default)] c: u32,
        #[serde(default)] d: i64,
        #[serde(default)] e: u64,
        #[serde(default)] f: f32,
        #[serde(default)] g: f64,
    }

    #[serde(deny_unknown_fields)]
    struct Closed { n: u32, #[serde(default)] note: Option<String> }

    #[serde(tag = "kind", rename_all = "camelCase")]
    enum Internal {
        Unit,
        New(Closed),
        Fields { a: i8, #[serde(default)] b: Option<f64> },
    }

    #[serde(tag = "t", content = "c")]
    enum Adjacent {
        New(Closed),
        Pair(i8, bool),
        Fields { a: u8 },
    }

    #[serde(untagged)]
    enum Untagged {
        Number(i32),
        Closed(Closed),
        Words(Vec<String>),
        Nothing,
    }

    struct Flat {
        own: u8,
        #[serde(flatten)]
        rest: BTreeMap<String, i16>,
    }

    struct Tree { name: String, children: Vec<Tree> }
}
