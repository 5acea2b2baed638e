//! Payload types with every constraint and every way that serde has to write a type.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::num::{NonZeroI16, NonZeroU8};
use std::time::{Duration, SystemTime};

use schemars::JsonSchema;
use serde::Deserialize;

macro_rules! payloads {
    ($($(#[$attribute:meta])* $kind:ident $name:ident $body:tt)*) => {$(
        #[derive(Debug, Deserialize, JsonSchema)]
        #[allow(dead_code)]
        $(#[$attribute])*
        pub(super) $kind $name $body
    )*};
}

payloads! {
    #[serde(rename_all = "camelCase")]
    struct Plain {
        a_bool: bool,
        an_i8: i8,
        an_i32: i32,
        an_i64: i64,
        a_u16: u16,
        a_u32: u32,
        a_u64: u64,
        an_f32: f32,
        an_f64: f64,
        text: String,
        unit: (),
        list: Vec<i16>,
        optional: Option<u8>,
        twice: Option<Option<i32>>,
        boxed: Box<Leaf>,
        by_name: HashMap<String, i32>,
        by_number: BTreeMap<i16, bool>,
        by_unsigned: BTreeMap<u16, bool>,
        pair: (u8, String),
        #[serde(default)]
        later: u32,
        #[serde(rename = "a/b~c d%")]
        odd: u8,
    }

    struct Leaf { n: u32 }

    struct More { m: u32, #[serde(default)] o: Option<String> }

    #[serde(deny_unknown_fields)]
    struct Closed { n: u32, #[serde(default)] note: Option<Leaf> }

    struct Numbers {
        #[schemars(range(min = -3, max = 7))]
        bounded: i32,
        #[schemars(range(min = 18))]
        adult: u8,
        #[schemars(range(max = 1000))]
        wider_than_its_type: u8,
        #[schemars(range(min = 0.5, max = 2.5))]
        fraction: f64,
        #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 10))]
        exclusive: i64,
        #[schemars(extend("multipleOf" = 5))]
        fives: i32,
        non_zero: NonZeroI16,
        positive: NonZeroU8,
        #[schemars(range(min = 1, max = 2))]
        optional: Option<i64>,
    }

    struct Quarters {
        #[schemars(extend("multipleOf" = 0.25))]
        quarters: f64,
    }

    struct Strings {
        #[schemars(length(min = 2, max = 5))]
        bounded: String,
        #[schemars(length(equal = 3))]
        exact: String,
        #[schemars(regex(pattern = "^[A-Z]{2}\\d+$"))]
        code: String,
        #[schemars(email)]
        email: String,
        #[schemars(url)]
        url: String,
        #[schemars(extend("format" = "date-time"))]
        at: String,
        address: IpAddr,
        letter: char,
        #[schemars(extend("const" = "fixed"))]
        fixed: String,
        #[schemars(extend("enum" = ["one", "two"]))]
        listed: String,
        #[schemars(length(max = 4))]
        optional: Option<String>,
    }

    struct Lists {
        #[schemars(length(min = 1, max = 3), inner(length(max = 2)))]
        bounded: Vec<String>,
        set: BTreeSet<u8>,
        names: BTreeSet<String>,
        array: [u8; 3],
        #[schemars(length(equal = 2))]
        two: Vec<u8>,
        empty: [u8; 0],
        nested: Vec<Vec<Leaf>>,
        #[schemars(extend("minProperties" = 1, "maxProperties" = 2))]
        some: BTreeMap<String, u8>,
    }

    #[serde(rename_all = "snake_case")]
    enum External {
        Unit,
        /// With a description, it stands apart in the schema.
        Other,
        New(Leaf),
        Pair(i8, #[schemars(length(max = 1))] String),
        Fields { a: u8, b: Option<String> },
    }

    enum Units { A, B }

    #[serde(tag = "kind", rename_all = "camelCase")]
    enum Internal {
        Unit,
        New(Leaf),
        Fields { a: i8, #[serde(default)] b: Option<String> },
    }

    #[serde(tag = "t", content = "c")]
    enum Adjacent {
        New(Leaf),
        Pair(i8, bool),
        Fields { #[schemars(range(max = 9))] a: u8 },
    }

    #[serde(untagged)]
    enum Untagged {
        Number(i32),
        Leaf(Leaf),
        Words(Vec<String>),
        Nothing,
    }

    struct Flat {
        own: u8,
        #[serde(flatten)]
        more: More,
        #[serde(flatten)]
        kind: Internal,
    }

    struct FlatMap {
        own: u8,
        #[serde(flatten)]
        rest: BTreeMap<String, i16>,
    }

    struct Tree {
        #[schemars(length(max = 2))]
        name: String,
        children: Vec<Tree>,
        next: Option<Box<Tree>>,
    }

    struct Std {
        duration: Duration,
        since: SystemTime,
        result: Result<u8, String>,
        bound: std::ops::Bound<i8>,
        range: std::ops::Range<u8>,
        anything: serde_json::Value,
    }

    struct All {
        external: External,
        units: Units,
        maybe_units: Option<Units>,
        by_unit: Vec<External>,
        internal: Internal,
        adjacent: Adjacent,
        untagged: Option<Untagged>,
        tree: Tree,
        closed: Closed,
    }
}
