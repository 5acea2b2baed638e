//! serde's attributes and the resulting schemas: whatever the schema rejects is rejected, whatever it allows is accepted, and
//! it allows what serde writes. Exceptions are in [`STRICTER`].

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use jsonschema::Validator;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::samples::{Random, Sampler};
use super::{compiled, published, published_written};

macro_rules! types {
    ($($(#[$attribute:meta])* $kind:ident $name:ident $(<$type:ident>)? {$($body:tt)*})*) => {$(
        #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
        #[allow(dead_code)]
        $(#[$attribute])*
        $kind $name $(<$type>)? {$($body)*}
    )*};
}

types! {
    struct Leaf { n: u32 }
    struct Alias { #[serde(alias = "m")] n: u32, #[serde(alias = "x", default)] y: Option<String> }
    #[derive(Default)]
    #[serde(default)]
    struct Defaults { a: u8, b: String }
    #[serde(deny_unknown_fields)]
    struct Shut { n: u32 }
    struct FlatShut { own: u8, #[serde(flatten)] shut: Shut }
    #[serde(deny_unknown_fields)]
    struct ShutFlat { own: u8, #[serde(flatten)] leaf: Leaf }
    #[serde(deny_unknown_fields)]
    struct ShutFlatMap { own: u8, #[serde(flatten)] rest: BTreeMap<String, u8> }
    struct FlatInternal { own: u8, #[serde(flatten)] kind: Internal }
    struct FlatNewtype { own: u8, #[serde(flatten)] leaf: Wrapped }
    #[serde(transparent)]
    struct Wrapped { leaf: Leaf }
    struct FlatDefault { own: u8, #[serde(flatten)] leaf: Defaults }
    struct OptionDefault { #[serde(default)] a: Option<Leaf>, b: Option<Leaf>, #[serde(default = "five")] c: u8 }
    #[serde(tag = "t")]
    enum InternalAlias { #[serde(alias = "a")] A { #[serde(alias = "m")] n: u8 }, B }
    #[serde(tag = "t")]
    enum InternalUnits { A, B }
    #[serde(tag = "t")]
    enum TaggedMore { A(BTreeMap<String, u8>), C(Wrapped), D(()) }
    #[serde(untagged)]
    enum UntaggedMore { A(()), B(Vec<u8>), C([u8; 2]), D { x: Option<u8> }, E(Box<str>) }
    enum One { Only(u8) }
    enum Single { Only }
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    enum Documented {
        /// First.
        One,
        /// Second.
        Two(u8),
        Three,
    }
    struct FlatOption { own: u8, #[serde(flatten)] leaf: Option<Leaf> }
    struct FlatExternal { own: u8, #[serde(flatten)] kind: External }
    struct FlatAdjacent { own: u8, #[serde(flatten)] kind: Adjacent }
    struct FlatUntagged { own: u8, #[serde(flatten)] kind: Untagged }
    struct FlatTwice { #[serde(flatten)] leaf: Leaf, #[serde(flatten)] more: BTreeMap<String, serde_json::Value> }
    struct FlatDeep { #[serde(flatten)] deep: FlatExternal }
    enum External { Unit, New(Leaf), Tuple(u8, bool), Fields { a: u8 } }
    #[serde(tag = "t", content = "c")]
    enum Adjacent { Unit, New(Leaf), Tuple(u8, bool), Fields { a: u8 } }
    #[serde(tag = "t")]
    enum Internal { Unit, New(Leaf), Fields { a: u8 } }
    #[serde(tag = "t")]
    enum InternalOther { A, B { n: u8 }, #[serde(other)] Other }
    #[serde(tag = "t", deny_unknown_fields)]
    enum InternalShut { A, B { n: u8 } }
    #[serde(tag = "t", content = "c", deny_unknown_fields)]
    enum AdjacentShut { A, B { n: u8 } }
    #[serde(tag = "outer")]
    enum InternalNested { A(Internal), B(FlatExternal) }
    #[serde(tag = "t", content = "c")]
    enum AdjacentOther { A(u8), #[serde(other)] Other }
    #[serde(untagged)]
    enum Untagged { A { a: u8 }, B { b: String } }
    #[serde(untagged)]
    enum Scalars { Null, Bool(bool), Int(i64), Float(f64), Text(String), List(Vec<Scalars>) }
    enum PartlyUntagged { A(u8), #[serde(untagged)] Rest(String) }
    #[serde(tag = "t")]
    enum TagUntagged { A { n: u8 }, #[serde(untagged)] Rest { m: u8 } }
    #[serde(tag = "type")]
    struct Tagged { n: u8 }
    #[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
    enum Renamed { FirstOne { some_field: u8 }, SecondOne }
    enum Skips { A, #[serde(skip)] B, #[serde(skip_deserializing)] C }
    struct SkipsFields { a: u8, #[serde(skip)] b: u8, #[serde(skip_deserializing)] c: u8, #[serde(skip_serializing)] d: u8 }
    struct Unit {}
    enum Empty {}
    struct Maps { by_enum: HashMap<Names, u8>, by_bool: BTreeMap<bool, u8>, by_char: BTreeMap<char, u8>, by_int: BTreeMap<i64, u8>, by_newtype: BTreeMap<Id, u8> }
    #[derive(PartialEq, Eq, Hash, PartialOrd, Ord)]
    enum Names { One, Two }
    #[serde(transparent)]
    #[derive(PartialEq, Eq, PartialOrd, Ord)]
    struct Id { id: String }
    struct Library { deque: VecDeque<u8>, cow: Cow<'static, str>, boxed: Box<[u8]>, set: BTreeSet<String>, phantom: std::marker::PhantomData<u8>, nested: Option<Option<Option<u8>>>, unit: (), one: (u8,), path: std::path::PathBuf, wrapping: std::num::Wrapping<u8>, cell: std::cell::Cell<u8>, nz: std::num::NonZeroI8, range: std::ops::RangeInclusive<u8>, reverse: Vec<std::time::Duration> }
    #[serde(try_from = "Leaf")]
    struct Tried { n: u32 }
    #[serde(from = "Leaf")]
    struct Made { n: u32 }
    #[serde(bound = "T: DeserializeOwned + JsonSchema + Serialize")]
    struct Generic<T> { value: T, #[serde(default)] list: Vec<T> }
}

fn five() -> u8 {
    5
}

impl TryFrom<Leaf> for Tried {
    type Error = &'static str;
    fn try_from(leaf: Leaf) -> Result<Self, &'static str> {
        Ok(Self { n: leaf.n })
    }
}

impl From<Leaf> for Made {
    fn from(leaf: Leaf) -> Self {
        Self { n: leaf.n }
    }
}

/// Types that reject what their schemas allow, with a clear error: names of a map that are not keys of its type, and what is
/// next to the tag of a variant that contains `()`.
const STRICTER: &[&str] = &["Maps", "TaggedMore"];

fn agree<T: JsonSchema + DeserializeOwned + Serialize>(name: &str) {
    let (schema, root) = (compiled::<T>(), published::<T>());
    let oracle = |root: &Value| -> Validator {
        jsonschema::draft202012::options().should_validate_formats(true).build(root).unwrap()
    };
    let (read, written) = (oracle(&root), oracle(&published_written::<T>()));
    let mut taken = 0;
    for (seed, fault_in) in (0..200).flat_map(|seed| [1_000_000, 30, 8].map(|fault_in| (seed, fault_in))) {
        let mut sampler = Sampler { root: &root, random: Random(seed), fault_in };
        let value = sampler.value(&root, 0);
        let text = value.to_string();
        match (schema.parse::<T>(Some(&text)), read.is_valid(&value)) {
            (Ok(value), true) => {
                taken += 1;
                let mut out = Vec::new();
                crate::wire::json::append(&mut out, &value).unwrap_or_else(|error| panic!("{name}: {error}"));
                let out: Value = serde_json::from_slice(&out).expect("JSON");
                assert!(written.is_valid(&out), "{name}: {text} goes out as {out}, against its schema");
            }
            (Ok(_), false) => panic!("{name}: {text} was taken against the schema {root:#}"),
            (Err(violations), true) => {
                assert!(STRICTER.contains(&name), "{name}: {text} was refused: {violations:?}");
            }
            (Err(_), false) => {}
        }
    }
    assert!(taken > 50, "{name}: only {taken} values were taken");
}

#[test]
fn attributes_of_serde_are_in_the_schema() {
    macro_rules! all_agree {
        ($($type:ty)*) => {$(agree::<$type>(stringify!($type));)*};
    }
    all_agree!(
        Alias Defaults Shut FlatShut ShutFlat ShutFlatMap FlatInternal FlatNewtype FlatDefault OptionDefault InternalAlias InternalUnits TaggedMore UntaggedMore One Single Documented FlatOption FlatExternal FlatAdjacent FlatUntagged FlatTwice FlatDeep External Adjacent Internal InternalOther InternalShut AdjacentShut InternalNested AdjacentOther Untagged Scalars PartlyUntagged TagUntagged Tagged Renamed Skips SkipsFields Unit Maps Library Tried Made Generic<Leaf> Generic<External> Wrapped
    );
    // Some are written as nothing but `null`.
    assert!(compiled::<Option<Empty>>().parse::<Option<Empty>>(Some("null")).is_ok());
}
