//! Schemas that are stricter than their types, through every attribute that can make one so: what they reject is rejected.
//! Each has a value that both accept. Also types whose schemas say no more than they do, which are not checked twice.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::{compiled, published};

/// The texts that are taken, and those that the schema alone refuses: the type would take them.
fn stricter<T: JsonSchema + DeserializeOwned>(name: &str, taken: &[&str], refused: &[&str]) {
    let (schema, root) = (compiled::<T>(), published::<T>());
    let oracle = jsonschema::draft202012::options().should_validate_formats(true).build(&root).unwrap();
    let valid = |text: &str| oracle.is_valid(&serde_json::from_str(text).expect(text));
    assert!(!schema.is_proven(), "{name}: {root:#}");
    for text in taken {
        assert!(valid(text), "{name}: the schema refuses {text}: {root:#}");
        schema.parse::<T>(Some(text)).map(drop).unwrap_or_else(|issues| panic!("{name}: {text}: {issues:?}"));
    }
    for text in refused {
        assert!(!valid(text), "{name}: the schema takes {text}: {root:#}");
        assert!(crate::wire::json::from_str::<T>(text).is_ok(), "{name}: the type refuses {text} by itself");
        let issues = schema.parse::<T>(Some(text)).map(drop).expect_err(&format!("{name}: {text} was taken"));
        assert!(!issues.issues().is_empty());
    }
}

macro_rules! tuples {
    ($($name:ident $body:tt;)*) => {$(
        #[derive(Debug, Deserialize, JsonSchema)]
        #[allow(dead_code)]
        struct $name $body;
    )*};
}

tuples! {
    Pair(u8, Leaf);
    Newtype(#[schemars(length(max = 1))] String);
}

fn even(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "multipleOf": 2})
}

fn close(schema: &mut Schema) {
    schema.insert("additionalProperties".into(), false.into());
}

fn at_most_ten(schema: &mut Schema) {
    if let Some(properties) = schema.get_mut("properties") {
        properties["n"]["maximum"] = 10.into();
    }
}

fn null_is_zero<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

fn whatever_fails_is_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    Ok(u8::deserialize(deserializer).ok())
}

/// Described by hand as a number up to 9, read as any.
#[derive(Debug, Deserialize)]
struct ByHand(#[allow(dead_code)] u8);

impl JsonSchema for ByHand {
    fn schema_name() -> Cow<'static, str> {
        "ByHand".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": 0, "maximum": 9})
    }
}

/// Read by hand, and more than its schema says: strings as well.
#[derive(Debug, JsonSchema)]
#[allow(dead_code)]
struct ReadByHand {
    n: u8,
}

impl<'de> Deserialize<'de> for ReadByHand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = ReadByHand;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("struct ReadByHand")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<ReadByHand, A::Error> {
                let mut n = None;
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "n" => n = Some(map.next_value()?),
                        "text" => n = map.next_value::<String>()?.parse().ok(),
                        _ => drop(map.next_value::<serde::de::IgnoredAny>()?),
                    }
                }
                n.map(|n| ReadByHand { n }).ok_or_else(|| serde::de::Error::missing_field("n"))
            }
        }
        deserializer.deserialize_struct("ReadByHand", &["n"], Visitor)
    }
}

types! {
    #[schemars(extend("oneOf" = [{"required": ["a"]}, {"required": ["b"]}]))]
    struct EitherOr { a: Option<u8>, b: Option<u8> }

    struct With { #[schemars(with = "u8")] n: i64 }
    struct WithText { #[schemars(with = "char")] text: String }
    struct WithNested { #[schemars(with = "Vec<i8>")] list: Vec<i64> }
    struct WithValue { #[schemars(with = "u8")] any: serde_json::Value }
    struct WithRequired { #[schemars(with = "u8")] n: Option<u8> }

    #[schemars(deny_unknown_fields)]
    struct Closed { n: u8 }
    #[schemars(transform = close)]
    struct ClosedByTransform { n: u8 }
    #[schemars(transform = at_most_ten)]
    struct BoundedByTransform { n: u8 }
    struct Even { #[schemars(schema_with = "even")] n: i64 }
    struct Required { #[schemars(required)] n: Option<u8> }
    struct Excluded { #[schemars(extend("not" = {"const": 7}))] n: u8 }
    struct Fixed { #[schemars(extend("const" = "on"))] mode: String }
    struct Listed { #[schemars(extend("enum" = ["on", "off"]))] mode: String }
    struct Bounded { #[schemars(range(min = 1))] n: u8 }
    struct Tighter { #[schemars(extend("maximum" = 254))] n: u8 }
    #[schemars(extend("minProperties" = 2))]
    struct Two { a: Option<u8>, b: Option<u8> }
    #[schemars(extend("dependentRequired" = {"a": ["b"]}))]
    struct Dependent { a: Option<u8>, b: Option<u8> }
    #[schemars(extend("propertyNames" = {"maxLength": 1}))]
    struct ShortNames { a: Option<u8> }
    #[schemars(rename_all = "camelCase")]
    struct Renamed { #[serde(default)] some_text: String }
    struct RenamedField { #[schemars(rename = "number")] #[serde(default)] n: u8 }
    struct Aliased { #[serde(alias = "m", default)] n: u8 }
    struct AliasedRequired { #[serde(alias = "m")] n: u8 }

    struct Leaf { #[schemars(length(max = 1))] text: String }
    struct Nested { leaf: Leaf }
    struct Listing { leaves: Vec<Leaf> }
    struct Maps { leaves: BTreeMap<String, Leaf> }
    struct Maybe { leaf: Option<Leaf> }
    struct Boxed { leaf: Box<Leaf>, #[serde(default)] next: Option<Box<Boxed>> }
    #[serde(transparent)]
    struct Transparent { #[schemars(length(max = 1))] text: String }
    #[schemars(inline)]
    struct InlineLeaf { #[schemars(length(max = 1))] text: String }
    struct Inlined { leaf: InlineLeaf }
    struct Flat { #[serde(flatten)] leaf: Leaf }
    struct Generic<T> { value: T }

    enum External { Unit, Tuple(#[schemars(range(max = 9))] u8, u8), Fields { leaf: Leaf }, New(Leaf) }
    #[schemars(extend("enum" = ["A"]))]
    enum Names { A, B }
    #[serde(tag = "t")]
    enum Internal { A { #[schemars(range(max = 9))] n: u8 } }
    #[serde(tag = "t", content = "c")]
    enum Adjacent { A(#[schemars(range(max = 9))] u8) }
    #[serde(untagged)]
    enum Untagged { A(Leaf), B(Vec<Leaf>) }
    #[serde(rename_all = "lowercase")]
    enum AliasedVariant { #[serde(alias = "uno")] One, Two }

    struct Sets { numbers: BTreeSet<u8> }
    struct Lengths { #[schemars(length(min = 1, max = 2))] list: Vec<u8> }
    struct Keys { #[schemars(extend("propertyNames" = {"pattern": "^[a-z]$"}))] map: HashMap<String, u8> }
    struct SizedMap { #[schemars(extend("maxProperties" = 1))] map: HashMap<String, u8> }

    struct NullIsZero { #[serde(deserialize_with = "null_is_zero")] n: u8 }
    struct Swallowed { #[serde(default, deserialize_with = "whatever_fails_is_none")] #[schemars(with = "u8")] n: Option<u8> }
    struct HoldsByHand { n: ByHand, list: Vec<ByHand> }

    struct Wide { n: i64 }
    #[serde(from = "Wide")]
    #[schemars(with = "Narrow")]
    struct FromWide { n: i64 }
    struct Narrow { n: u8 }

    struct Elsewhere { #[schemars(with = "Inner")] children: Vec<Other> }
    #[serde(transparent)]
    struct Inner { #[allow(dead_code)] list: Vec<Twin> }
    struct Twin { n: u8, #[serde(default)] next: Option<Box<Twin>> }
    struct Other { n: i64, #[serde(default)] next: Option<Box<Other>> }
}

impl From<Wide> for FromWide {
    fn from(wide: Wide) -> Self {
        Self { n: wide.n }
    }
}

/// A schema of which the second level is stricter than the type, and the first is not.
#[derive(Debug, Deserialize, JsonSchema)]
#[allow(dead_code)]
struct Outer {
    n: u8,
    #[schemars(with = "Option<Box<Outer>>")]
    next: Option<Box<WiderOuter>>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct WiderOuter {
    n: i64,
    next: Option<Box<WiderOuter>>,
}

#[test]
fn what_the_schema_alone_refuses_is_refused() {
    stricter::<EitherOr>("oneOf on a struct", &[r#"{"a":1}"#, r#"{"b":1}"#], &["{}", r#"{"a":1,"b":1}"#]);
    stricter::<With>("with", &[r#"{"n":255}"#], &[r#"{"n":256}"#, r#"{"n":-1}"#]);
    stricter::<WithText>(
        "with another string",
        &[r#"{"text":"a"}"#],
        &[r#"{"text":""}"#, r#"{"text":"ab"}"#],
    );
    stricter::<WithNested>("with, nested", &[r#"{"list":[]}"#, r#"{"list":[1]}"#], &[r#"{"list":[1,128]}"#]);
    stricter::<WithValue>("with on anything", &[r#"{"any":1}"#], &[r#"{"any":"x"}"#, r#"{"any":256}"#]);
    stricter::<WithRequired>("with on an optional", &[r#"{"n":1}"#], &["{}", r#"{"n":null}"#]);
    stricter::<Closed>("deny_unknown_fields", &[r#"{"n":1}"#], &[r#"{"n":1,"m":2}"#]);
    stricter::<ClosedByTransform>("transform that closes", &[r#"{"n":1}"#], &[r#"{"n":1,"m":2}"#]);
    stricter::<BoundedByTransform>("transform that bounds", &[r#"{"n":10}"#], &[r#"{"n":11}"#]);
    stricter::<Even>("schema_with", &[r#"{"n":2}"#], &[r#"{"n":3}"#]);
    stricter::<Required>("required", &[r#"{"n":1}"#], &["{}", r#"{"n":null}"#]);
    stricter::<Excluded>("not", &[r#"{"n":6}"#], &[r#"{"n":7}"#]);
    stricter::<Fixed>("const", &[r#"{"mode":"on"}"#], &[r#"{"mode":"off"}"#]);
    stricter::<Listed>("enum on a string", &[r#"{"mode":"on"}"#], &[r#"{"mode":"up"}"#]);
    stricter::<Bounded>("range", &[r#"{"n":1}"#], &[r#"{"n":0}"#]);
    stricter::<Tighter>("a bound by one", &[r#"{"n":254}"#], &[r#"{"n":255}"#]);
    stricter::<Two>("minProperties", &[r#"{"a":1,"b":2}"#], &[r#"{"a":1}"#]);
    stricter::<Dependent>("dependentRequired", &["{}", r#"{"a":1,"b":2}"#], &[r#"{"a":1}"#]);
    stricter::<ShortNames>("propertyNames on a struct", &[r#"{"a":1}"#], &[r#"{"long":1}"#]);
    stricter::<Renamed>("rename_all of schemars alone", &[r#"{"someText":"x"}"#], &[r#"{"someText":1}"#]);
    stricter::<RenamedField>("rename of schemars alone", &[r#"{"number":1}"#], &[r#"{"number":"x"}"#]);
    stricter::<AliasedRequired>("alias for a required field", &[r#"{"n":1}"#], &[r#"{"m":1}"#]);
    stricter::<ByHand>("a JsonSchema by hand", &["9"], &["10"]);
    stricter::<HoldsByHand>("one that is held", &[r#"{"n":9,"list":[]}"#], &[r#"{"n":9,"list":[10]}"#]);
    stricter::<ReadByHand>("a Deserialize by hand", &[r#"{"n":9}"#], &[r#"{"text":"9"}"#]);
    stricter::<NullIsZero>("null by deserialize_with", &[r#"{"n":9}"#], &[r#"{"n":null}"#]);
    stricter::<Swallowed>("errors that are swallowed", &[r#"{"n":9}"#], &[r#"{"n":300}"#]);
    stricter::<FromWide>("from, and with", &[r#"{"n":255}"#], &[r#"{"n":256}"#]);
    let deep = r#"{"children":[{"n":1,"next":{"n":256}}]}"#;
    stricter::<Elsewhere>("another type of the same shape", &[r#"{"children":[{"n":1}]}"#], &[deep]);
    let deep = r#"{"n":1,"next":{"n":256}}"#;
    stricter::<Outer>("stricter at the second level", &[r#"{"n":1,"next":{"n":2}}"#], &[deep]);
}

#[test]
fn a_constraint_is_found_wherever_it_is() {
    let (short, long) = (r#"{"text":"a"}"#, r#"{"text":"ab"}"#);
    let around = |before: &str, after: &str| {
        let around = |leaf: &str| format!("{before}{leaf}{after}");
        (around(short), around(long))
    };
    fn check<T: JsonSchema + DeserializeOwned>(name: &str, (taken, refused): (String, String)) {
        stricter::<T>(name, &[&taken], &[&refused]);
    }
    check::<Leaf>("the type itself", around("", ""));
    check::<Nested>("nested", around(r#"{"leaf":"#, "}"));
    check::<Listing>("in a list", around(r#"{"leaves":["#, "]}"));
    check::<Maps>("in a map", around(r#"{"leaves":{"x":"#, "}}"));
    check::<Maybe>("optional", around(r#"{"leaf":"#, "}"));
    check::<Boxed>("in a type that holds itself", around(r#"{"leaf":{"text":""},"next":{"leaf":"#, "}}"));
    check::<Pair>("in a tuple", around("[1,", "]"));
    check::<Inlined>("inlined", around(r#"{"leaf":"#, "}"));
    check::<Flat>("flattened", around("", ""));
    check::<Generic<Leaf>>("generic", around(r#"{"value":"#, "}"));
    check::<Generic<Vec<Option<Leaf>>>>("generic, and deeper", around(r#"{"value":[null,"#, "]}"));
    check::<External>("in a variant's field", around(r#"{"Fields":{"leaf":"#, "}}"));
    check::<External>("in a newtype variant", around(r#"{"New":"#, "}"));
    check::<Untagged>("untagged", around("", ""));
    check::<Untagged>("untagged, in a list", around("[", "]"));
    check::<Result<u8, Leaf>>("in a Result", around(r#"{"Err":"#, "}"));
    check::<(u8, Option<Leaf>)>("in a pair", around("[1,", "]"));
    stricter::<Transparent>("transparent", &[r#""a""#], &[r#""ab""#]);
    stricter::<Newtype>("a newtype", &[r#""a""#], &[r#""ab""#]);
    stricter::<External>(
        "in a tuple variant",
        &[r#"{"Tuple":[9,10]}"#, r#""Unit""#],
        &[r#"{"Tuple":[10,9]}"#],
    );
    stricter::<Names>("fewer names", &[r#""A""#], &[r#""B""#]);
    stricter::<AliasedVariant>("an alias of a variant", &[r#""one""#], &[r#""uno""#]);
    stricter::<Internal>("internally tagged", &[r#"{"t":"A","n":9}"#], &[r#"{"t":"A","n":10}"#]);
    stricter::<Adjacent>("adjacently tagged", &[r#"{"t":"A","c":9}"#], &[r#"{"t":"A","c":10}"#]);
    stricter::<Sets>("a set", &[r#"{"numbers":[1,2]}"#], &[r#"{"numbers":[1,1]}"#]);
    stricter::<Lengths>("lengths", &[r#"{"list":[1]}"#], &[r#"{"list":[]}"#, r#"{"list":[1,2,3]}"#]);
    stricter::<Keys>("names of a map", &[r#"{"map":{"a":1}}"#], &[r#"{"map":{"A":1}}"#]);
    stricter::<SizedMap>("the size of a map", &[r#"{"map":{"a":1}}"#], &[r#"{"map":{"a":1,"b":2}}"#]);
}

/// What `alias` adds is not in the schema, but additional properties are allowed, so this is valid and
/// accepted.
#[test]
fn an_alias_of_a_field_that_may_be_absent_is_another_property_to_the_schema() {
    let schema = compiled::<Aliased>();
    assert!(schema.parse::<Aliased>(Some(r#"{"m":1}"#)).is_ok());
}
