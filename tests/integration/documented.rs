//! What the contract takes over from the Rust source: words, examples, deprecations, and the bounds of every number.
#![allow(deprecated)] // the routers here use what they deprecate

use serde_json::{Value, json};
use zocket::{Contract, Direction, Error, Server, testing::connect};

/// A garden.
///
/// It has *beds*.
#[zocket::router]
mod garden {
    /// Who comes in.
    #[headers]
    pub struct Headers {
        /// The gate's key.
        pub key: Option<String>,
        /// How to say hello.
        #[deprecated]
        pub greeting: Option<String>,
    }

    /// A bed.
    #[payload]
    #[schemars(example = bed())]
    pub struct Bed {
        /// In metres.
        #[schemars(example = 4, example = 8)]
        pub length: u8,
        /// Measured by hand.
        #[deprecated(note = "it is always 1")]
        pub width: Option<u8>,
        #[schemars(extend("x-unit" = "cm", "examples" = [30]))]
        pub depth: u16,
    }

    fn bed() -> Bed {
        Bed { length: 4, width: None, depth: 30 }
    }

    /// What grows.
    #[payload]
    pub enum Plant {
        /// Comes back.
        Shrub,
        #[deprecated]
        Weed,
        Tree {
            /// In years.
            age: u32,
        },
    }

    #[error]
    pub enum Fault {
        /// There is no room.
        Full,
        #[deprecated]
        Frozen,
        /// Too many.
        #[deprecated = "plants are no longer counted"]
        Crowded {
            /// How many there are.
            most: u32,
        },
    }

    /// A plant has died.
    #[outgoing]
    #[deprecated(since = "1.2.0", note = "listen to `changed`")]
    pub struct Died {
        pub plant: Plant,
    }

    /// Something has changed.
    #[outgoing]
    pub struct Changed {
        pub bed: Bed,
    }

    /// Plants something.
    #[incoming]
    async fn plant(_input: Plant) -> Result<Bed, Fault> {
        Err(Fault::Crowded { most: 3 })
    }

    #[incoming]
    #[deprecated]
    async fn weed() -> Result<(), Fault> {
        Err(Fault::Frozen)
    }
}

fn definition(contract: &Contract, name: &str) -> Value {
    contract.definitions()[name].clone()
}

#[test]
fn descriptions_come_from_doc_comments() {
    let contract = garden::contract();
    assert_eq!(contract.description(), "A garden.\n\nIt has *beds*.");
    assert_eq!(definition(&contract, "Headers")["description"], "Who comes in.");
    assert_eq!(definition(&contract, "Headers")["properties"]["key"]["description"], "The gate's key.");
    assert_eq!(definition(&contract, "Bed")["description"], "A bed.");
    assert_eq!(definition(&contract, "Bed")["properties"]["length"]["description"], "In metres.");
    let plant = contract.route("plant", Direction::Incoming).unwrap();
    assert_eq!(plant.description(), "Plants something.");
    let full = plant.errors().find(|error| error.code() == "FULL").unwrap();
    assert_eq!(full.description(), "There is no room.");
    let crowded = contract.schema_of("plant", zocket::Part::Error("CROWDED")).unwrap();
    assert_eq!(crowded["properties"]["most"]["description"], "How many there are.");
    let branches = definition(&contract, "Plant")["oneOf"].clone();
    let shrub = branches.as_array().unwrap().iter().find(|branch| branch["const"] == "Shrub").unwrap();
    assert_eq!(shrub["description"], "Comes back.");
}

#[test]
fn examples_are_taken_over() {
    let contract = garden::contract();
    let bed = definition(&contract, "Bed");
    assert_eq!(bed["examples"], json!([{"length": 4, "width": null, "depth": 30}]));
    assert_eq!(bed["properties"]["length"]["examples"], json!([4, 8]));
    assert_eq!(bed["properties"]["depth"]["examples"], json!([30]));
    assert_eq!(bed["properties"]["depth"]["x-unit"], "cm");
}

#[test]
fn deprecations_are_taken_over() {
    let contract = garden::contract();
    let is_deprecated = |name, direction| contract.route(name, direction).unwrap().is_deprecated();
    assert!(is_deprecated("died", Direction::Outgoing));
    assert!(!is_deprecated("changed", Direction::Outgoing));
    assert!(is_deprecated("weed", Direction::Incoming));
    assert!(!is_deprecated("plant", Direction::Incoming));
    let plant = contract.route("plant", Direction::Incoming).unwrap();
    let codes: Vec<_> = plant.errors().map(|error| (error.code(), error.is_deprecated())).collect();
    assert_eq!(codes, [("FULL", false), ("FROZEN", true), ("CROWDED", true)]);
    assert_eq!(definition(&contract, "Headers")["properties"]["greeting"]["deprecated"], true);
    assert_eq!(definition(&contract, "Bed")["properties"]["width"]["deprecated"], true);
    let branches = definition(&contract, "Plant")["oneOf"].clone();
    let weed = branches.as_array().unwrap().iter().find(|branch| branch["const"] == "Weed").unwrap();
    assert_eq!(weed["deprecated"], true);
    assert_eq!(definition(&contract, "Died")["deprecated"], true);
}

#[test]
fn what_people_read_is_not_in_the_hash() {
    #[zocket::router]
    mod silent {
        #[headers]
        pub struct Headers {
            pub key: Option<String>,
            pub greeting: Option<String>,
        }

        #[payload]
        pub struct Flowerbed {
            pub depth: u16,
            pub width: Option<u8>,
            pub length: u8,
        }

        #[payload]
        pub enum Plant {
            Shrub,
            Weed,
            Tree { age: u32 },
        }

        #[error]
        pub enum Problem {
            Crowded { most: u32 },
            Full,
            Frozen,
        }

        #[outgoing]
        pub struct Died {
            pub plant: Plant,
        }

        #[outgoing]
        pub struct Changed {
            pub bed: Flowerbed,
        }

        #[incoming]
        async fn plant(_input: Plant) -> Result<Flowerbed, Problem> {
            Err(Problem::Full)
        }

        #[incoming]
        async fn weed() -> Result<(), Problem> {
            Err(Problem::Frozen)
        }
    }
    assert_ne!(garden::contract().to_json(), silent::contract().to_json());
    assert_eq!(garden::contract().hash(), silent::contract().hash());
}

/// The same codes from two error types of one handler.
#[zocket::router]
mod twice {
    #[error]
    pub enum Inner {
        /// Full.
        Full,
        Odd {
            by: u32,
        },
    }

    #[error]
    pub enum Other {
        /// Full.
        Full,
        Odd {
            why: String,
        },
    }

    #[error]
    pub enum Outer {
        #[error(transparent)]
        Inner(Inner),
        #[error(transparent)]
        Other(Other),
    }

    #[incoming]
    async fn try_it() -> Result<(), Outer> {
        Ok(())
    }
}

#[test]
fn a_code_is_listed_once_with_the_same_data() {
    let contract = twice::contract();
    let route = contract.routes().next().unwrap();
    assert_eq!(route.errors().map(|error| error.code()).collect::<Vec<_>>(), ["FULL", "ODD", "ODD"]);
    let odd = contract.schema_of("try_it", zocket::Part::Error("ODD")).unwrap();
    assert_eq!(odd["anyOf"].as_array().unwrap().len(), 2, "{odd}");
}

#[zocket::router]
mod numbers {
    use std::num::*;

    #[payload]
    pub struct Numbers {
        pub i8: i8,
        pub i16: i16,
        pub i32: i32,
        pub i64: i64,
        pub i128: i128,
        pub isize: isize,
        pub u8: u8,
        pub u16: u16,
        pub u32: u32,
        pub u64: u64,
        pub u128: u128,
        pub usize: usize,
        pub non_zero_i8: NonZeroI8,
        pub non_zero_i16: NonZeroI16,
        pub non_zero_i32: NonZeroI32,
        pub non_zero_i64: NonZeroI64,
        pub non_zero_i128: NonZeroI128,
        pub non_zero_isize: NonZeroIsize,
        pub non_zero_u8: NonZeroU8,
        pub non_zero_u16: NonZeroU16,
        pub non_zero_u32: NonZeroU32,
        pub non_zero_u64: NonZeroU64,
        pub non_zero_u128: NonZeroU128,
        pub non_zero_usize: NonZeroUsize,
        pub letter: char,
        pub time: std::time::Duration,
    }

    #[incoming]
    async fn take(_input: Numbers) {}

    #[incoming]
    async fn take_i64(_input: i64) {}

    #[incoming]
    async fn take_u128(_input: u128) {}

    #[incoming]
    async fn take_non_zero(_input: NonZeroI16) {}

    #[incoming]
    async fn take_letter(_input: char) {}

    #[incoming]
    async fn take_time(_input: std::time::Duration) {}
}

#[test]
fn every_integer_has_its_bounds() {
    let contract = numbers::contract();
    let properties = definition(&contract, "Numbers")["properties"].clone();
    let two_to = |exponent: i32| 2_f64.powi(exponent);
    let table = [
        ("i8", json!(i8::MIN), json!(i8::MAX)),
        ("i16", json!(i16::MIN), json!(i16::MAX)),
        ("i32", json!(i32::MIN), json!(i32::MAX)),
        ("i64", json!(i64::MIN), json!(i64::MAX)),
        ("isize", json!(isize::MIN), json!(isize::MAX)),
        ("u8", json!(0), json!(u8::MAX)),
        ("u16", json!(0), json!(u16::MAX)),
        ("u32", json!(0), json!(u32::MAX)),
        ("u64", json!(0), json!(u64::MAX)),
        ("usize", json!(0), json!(usize::MAX)),
    ];
    for (name, minimum, maximum) in table {
        let schema = &properties[name];
        assert_eq!((&schema["minimum"], &schema["maximum"]), (&minimum, &maximum), "{name}: {schema}");
        let Some(schema) = properties.get(format!("non_zero_{name}")) else { continue };
        let least = if minimum == json!(0) { json!(1) } else { minimum };
        assert_eq!((&schema["minimum"], &schema["maximum"]), (&least, &maximum), "non-zero {name}: {schema}");
        let excludes_zero = schema["not"] == json!({"const": 0}) || schema["minimum"] == 1;
        assert!(excludes_zero, "non-zero {name}: {schema}");
    }
    // No JSON number that everybody reads alike is their maximum: the bound is the power of two that they stay below.
    for (name, minimum, end) in [("i128", json!(-two_to(127)), two_to(127)), ("u128", json!(0), two_to(128))]
    {
        let schema = &properties[name];
        assert_eq!((&schema["minimum"], &schema["exclusiveMaximum"]), (&minimum, &json!(end)), "{schema}");
        assert_eq!(properties[format!("non_zero_{name}")]["exclusiveMaximum"], end);
    }
    assert_eq!(
        (&properties["letter"]["minLength"], &properties["letter"]["maxLength"]),
        (&json!(1), &json!(1))
    );
    let time = definition(&contract, "Duration");
    assert_eq!(time["properties"]["secs"]["maximum"], u64::MAX);
    assert_eq!(time["properties"]["nanos"]["maximum"], 999_999_999);
    assert_eq!(time["additionalProperties"], false);
}

#[tokio::test]
async fn the_bounds_are_enforced_to_the_last_digit() {
    let server = Server::builder(numbers::router()).build();
    let mut client = connect(&server).await.unwrap();
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    for (route, fine, wrong) in [
        ("take_i64", "9223372036854775807", "9223372036854775808"),
        ("take_i64", "-9223372036854775808", "-9223372036854775809"),
        ("take_u128", "18446744073709551616", "-1"),
        ("take_non_zero", "-1", "0"),
        ("take_letter", "\"é\"", "\"ab\""),
        ("take_time", r#"{"secs":1,"nanos":999999999}"#, r#"{"secs":1,"nanos":1000000000}"#),
    ] {
        // `serde_json` stores what is beyond 64 bits as a float, not an integer; zocket's own reader is not involved.
        if route != "take_u128" {
            client
                .call::<Value>(route, &parse(fine))
                .await
                .unwrap_or_else(|error| panic!("{route} {fine}: {error:?}"));
        }
        let error = client.call::<Value>(route, &parse(wrong)).await.unwrap_err();
        assert_eq!(error.code, "INVALID_PAYLOAD", "{route} {wrong}");
    }
}

#[test]
fn a_typed_error_that_is_deprecated_still_answers() {
    let error: Error = garden::Fault::Crowded { most: 3 }.into();
    assert_eq!((error.code(), error.data()), ("CROWDED", Some(r#"{"most":3}"#)));
}

#[test]
fn the_contract_reads_itself() {
    for contract in [garden::contract(), numbers::contract(), twice::contract()] {
        let read = Contract::parse(&contract.to_json()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(read, contract);
    }
}
