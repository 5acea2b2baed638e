//! The shapes, each with valid items of it.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use zocket_runtime::internals::Schema;

use super::types::*;

/// A shape of schema.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    /// Valid ones.
    pub(crate) items: &'static [&'static str],
    /// Makes what says whether a list of such items is taken.
    pub(crate) make: fn() -> Box<dyn Fn(&str) -> bool>,
}

impl Shape {
    const fn of<T: JsonSchema + DeserializeOwned + 'static>(
        name: &'static str,
        items: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            items,
            make: || {
                let schema = Schema::of::<Vec<T>>();
                Box::new(move |text| schema.parse::<Vec<T>>(text).is_ok())
            },
        }
    }
}

pub(crate) const SHAPES: &[Shape] = &[
    Shape::of::<u8>("u8", &["7", "255"]),
    Shape::of::<f64>("f64", &["0.5", "123.25"]),
    Shape::of::<String>("String", &[r#""""#, r#""text""#, r#""a longer text that has a few words""#]),
    Shape::of::<Units>("Units", &[r#""A""#, r#""B""#]),
    Shape::of::<Plain>(
        "Plain",
        &[
            r#"{"aBool":true,"anI8":1,"anI32":-5,"anI64":12,"aU16":3,"aU32":4,"aU64":5,"anF32":0.5,"anF64":1.5,"text":"abc",
            "unit":null,"list":[1,2,3],"optional":null,"twice":1,"boxed":{"n":1},"byName":{"a":1,"b":2},"byNumber":{"-7":true},
            "byUnsigned":{"7":true},"pair":[1,"x"],"later":5,"a/b~c d%":1}"#,
        ],
    ),
    Shape::of::<Closed>("Closed", &[r#"{"n":1,"note":{"n":2}}"#, r#"{"n":1}"#]),
    Shape::of::<Numbers>(
        "Numbers",
        &[
            r#"{"bounded":1,"adult":18,"wider_than_its_type":7,"fraction":1.5,"exclusive":5,"fives":10,"non_zero":1,"positive":1,
            "optional":1}"#,
        ],
    ),
    Shape::of::<Quarters>("Quarters", &[r#"{"quarters":0.75}"#]),
    Shape::of::<Strings>(
        "Strings",
        &[
            r#"{"bounded":"abc","exact":"abc","code":"AB123","email":"a@b.example","url":"https://a.example/b",
            "at":"2026-11-24T20:03:57Z","address":"127.0.0.1","letter":"x","fixed":"fixed","listed":"one","optional":"abc"}"#,
        ],
    ),
    Shape::of::<Lists>(
        "Lists",
        &[r#"{"bounded":["a","b"],"set":[1,2,3],"names":["a","b"],"array":[1,2,3],"two":[1,2],"empty":[],
            "nested":[[{"n":1}],[]],"some":{"a":1}}"#],
    ),
    Shape::of::<External>(
        "External",
        &[
            r#""unit""#,
            r#""other""#,
            r#"{"new":{"n":1}}"#,
            r#"{"pair":[1,"x"]}"#,
            r#"{"fields":{"a":1,"b":"x"}}"#,
        ],
    ),
    Shape::of::<Internal>(
        "Internal",
        &[r#"{"kind":"unit"}"#, r#"{"kind":"new","n":1}"#, r#"{"kind":"fields","a":1,"b":"x"}"#],
    ),
    Shape::of::<Adjacent>(
        "Adjacent",
        &[r#"{"t":"New","c":{"n":1}}"#, r#"{"t":"Pair","c":[1,true]}"#, r#"{"t":"Fields","c":{"a":1}}"#],
    ),
    Shape::of::<Untagged>("Untagged", &["1", r#"{"n":1}"#, r#"["a","b"]"#, "null"]),
    Shape::of::<Flat>(
        "Flat",
        &[r#"{"own":1,"m":2,"kind":"unit"}"#, r#"{"own":1,"m":2,"o":"x","kind":"fields","a":1}"#],
    ),
    Shape::of::<FlatMap>("FlatMap", &[r#"{"own":1,"a":2,"b":3}"#]),
    Shape::of::<Tree>(
        "Tree",
        &[r#"{"name":"a","children":[{"name":"b","children":[],"next":null}],
            "next":{"name":"c","children":[],"next":{"name":"d","children":[],"next":null}}}"#],
    ),
    Shape::of::<Std>(
        "Std",
        &[
            r#"{"duration":{"secs":1,"nanos":2},"since":{"secs_since_epoch":1,"nanos_since_epoch":2},"result":{"Ok":1},
            "bound":"Unbounded","range":{"start":1,"end":2},"anything":{"a":[1,{}]}}"#,
        ],
    ),
    Shape::of::<All>(
        "All",
        &[r#"{"external":{"new":{"n":1}},"units":"A","maybe_units":"B","by_unit":["unit",{"pair":[1,"x"]}],
            "internal":{"kind":"new","n":1},"adjacent":{"t":"New","c":{"n":1}},"untagged":{"n":1},
            "tree":{"name":"a","children":[],"next":null},"closed":{"n":1}}"#],
    ),
];
