//! Schemas that say no more than their types, which are not checked a second time, and those that promise what is never
//! accepted.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::{PayloadSchema, compiled, published, reads};

#[derive(Debug, Deserialize, JsonSchema)]
#[allow(dead_code)]
struct Coordinates(i32, i32);

types! {
    struct Generic<T> { value: T }
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Simple { some_n: u8, text: Option<String>, #[serde(default)] later: bool, letter: char }
    struct Unit {}
    #[serde(transparent)]
    struct Id { id: u64 }
    #[serde(try_from = "Simple")]
    struct Converted { some_n: u8 }
    enum Expr { Add(Box<Expr>, Box<Expr>), Neg(Box<Expr>), Let { name: String, value: Box<Expr> }, Lit(f64), Zero, One }
    struct Tree { value: i32, children: Vec<Tree>, by_name: BTreeMap<String, Tree>, next: Option<Box<Tree>> }
    struct Wider { #[schemars(with = "i64")] n: u8, #[schemars(with = "f64")] x: i32 }
    struct Docs {
        /// With words, examples and a title, which say nothing that is checked.
        #[schemars(title = "N", example = &7, extend("x-unit" = "s", "deprecated" = true))]
        n: u8,
    }
}

impl TryFrom<Simple> for Converted {
    type Error = &'static str;
    fn try_from(simple: Simple) -> Result<Self, Self::Error> {
        Ok(Self { some_n: simple.some_n })
    }
}

#[test]
fn a_schema_that_says_no_more_than_its_type_is_not_checked() {
    fn proven<T: JsonSchema + DeserializeOwned>() {
        assert!(compiled::<T>().is_proven(), "{}: {:#}", std::any::type_name::<T>(), published::<T>());
    }
    proven::<Simple>();
    proven::<Unit>();
    proven::<()>();
    proven::<Coordinates>();
    proven::<Id>();
    proven::<Converted>();
    proven::<Expr>();
    proven::<Tree>();
    proven::<Wider>();
    proven::<Docs>();
    proven::<Generic<Simple>>();
    proven::<Generic<Vec<Expr>>>();
    proven::<(bool, i8, i16, i32, i64, i128, u8, u16)>();
    proven::<(u32, u64, u128, usize, f32, f64, String)>();
    proven::<[u8; 3]>();
    proven::<Vec<Vec<[String; 2]>>>();
    proven::<HashMap<String, BTreeMap<i16, u8>>>();
    proven::<BTreeMap<u16, Tree>>();
    proven::<Option<Result<u8, String>>>();
    proven::<std::ops::Bound<i32>>();
    proven::<std::ops::Range<u8>>();
    proven::<Cow<'static, str>>();
    proven::<Box<[Simple]>>();
}

#[derive(Debug, Deserialize, JsonSchema)]
#[allow(dead_code)]
struct Recorded {
    #[serde(deserialize_with = "from_text")]
    id: u64,
    #[serde(default)]
    list: Vec<Inside>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[allow(dead_code)]
struct Inside {
    #[schemars(with = "bool")]
    flag: Option<u8>,
    #[schemars(length(max = 3), regex(pattern = "^a"))]
    text: String,
}

fn from_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

#[test]
fn a_schema_that_promises_what_is_never_taken_is_an_error_that_names_field_and_ways_out() {
    let root = published::<Recorded>();
    let error = PayloadSchema::compile(&root, Some(reads::<Recorded>)).unwrap_err().to_string();
    assert!(error.contains("field /id: the schema promises a number, but a string is read there"), "{error}");
    assert!(
        error.contains("field /list/*/flag: the schema promises a boolean, but an integer is read there"),
        "{error}"
    );
    assert!(error.contains("#[schemars(with = \"…\")]"), "{error}");
    assert_eq!(error.lines().count(), 2, "{error}");
}
