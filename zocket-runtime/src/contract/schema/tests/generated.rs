//! What is published.

use std::net::IpAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::types::*;
use super::{compiled, published};
use crate::contract::schema::{Integers, PayloadSchema, Schemas, reads};

fn of<T: JsonSchema>() -> Value {
    Schemas::new(Integers::All).inbound::<T>()
}

#[test]
fn integers_are_published_with_the_bounds_of_their_types() {
    assert_eq!(
        of::<i32>(),
        json!({"type": "integer", "format": "int32", "minimum": i32::MIN, "maximum": i32::MAX})
    );
    assert_eq!(
        of::<u64>(),
        json!({"type": "integer", "format": "uint64", "minimum": 0, "maximum": u64::MAX})
    );
    assert_eq!(of::<i64>()["minimum"], json!(i64::MIN));
    assert_eq!(of::<Option<u32>>()["maximum"], json!(u32::MAX));
    assert_eq!(of::<Vec<u32>>()["items"]["maximum"], json!(u32::MAX));
    assert_eq!(of::<u128>()["exclusiveMaximum"], json!(2_f64.powi(128)));
    assert_eq!(of::<f32>()["maximum"], json!(3.402_823_5e38));
    assert_eq!(of::<f64>().get("maximum"), None);
}

#[test]
fn bounds_that_are_said_win_where_they_are_narrower() {
    let numbers = &published::<Numbers>()["$defs"]["Numbers"]["properties"];
    assert_eq!((&numbers["bounded"]["minimum"], &numbers["bounded"]["maximum"]), (&json!(-3), &json!(7)));
    assert_eq!((&numbers["adult"]["minimum"], &numbers["adult"]["maximum"]), (&json!(18), &json!(255)));
    assert_eq!(numbers["wider_than_its_type"]["maximum"], json!(255));
    assert_eq!(numbers["positive"]["minimum"], json!(1));
}

#[test]
fn an_address_is_published_in_formats_that_exist() {
    assert_eq!(of::<IpAddr>(), json!({"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]}));
}

#[test]
fn a_type_that_is_written_as_it_is_read_is_published_once() {
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Same {
        n: u8,
    }
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Differs {
        #[serde(default)]
        n: u8,
    }
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Holder {
        differs: Differs,
        same: Same,
    }
    let mut schemas = Schemas::new(Integers::All);
    let inbound = [schemas.inbound::<Same>(), schemas.inbound::<Holder>()];
    let mut outbound = [schemas.outbound::<Same>(), schemas.outbound::<Vec<Holder>>()];
    let definitions = schemas.finish(&mut outbound);
    assert_eq!(inbound[1], json!({"$ref": "#/$defs/Holder"}));
    assert_eq!(outbound[0], json!({"$ref": "#/$defs/Same"}));
    assert_eq!(outbound[1]["items"], json!({"$ref": "#/$defs/HolderOutput"}));
    let names: Vec<&str> = definitions.keys().map(String::as_str).collect();
    assert_eq!(names, ["Differs", "DiffersOutput", "Holder", "HolderOutput", "Same"]);
    assert_eq!(
        definitions["HolderOutput"]["properties"]["differs"],
        json!({"$ref": "#/$defs/DiffersOutput"})
    );
    assert_eq!(definitions["HolderOutput"]["properties"]["same"], json!({"$ref": "#/$defs/Same"}));
    assert_eq!(definitions["DiffersOutput"]["required"], json!(["n"]));
    assert_eq!(definitions["Differs"].get("required"), None);
}

#[test]
fn what_reading_for_the_type_settles_is_not_checked_again() {
    assert!(compiled::<Plain>().is_proven());
    assert!(compiled::<Closed>().is_proven());
    assert!(compiled::<u64>().is_proven());
    assert!(compiled::<()>().is_proven());
    assert!(compiled::<(u8, String)>().is_proven());
    assert!(compiled::<Result<u8, String>>().is_proven());
    assert!(!compiled::<Numbers>().is_proven());
    assert!(!compiled::<Strings>().is_proven());
    assert!(!compiled::<Lists>().is_proven());
    assert!(!compiled::<Tree>().is_proven());
    assert!(!compiled::<Adjacent>().is_proven());
    assert!(!compiled::<Option<std::num::NonZeroU8>>().is_proven());
}

#[test]
fn a_length_on_one_definition_does_not_touch_payloads_that_do_not_refer_to_it() {
    let mut root = published::<Closed>();
    root["$defs"]["Tree"] = published::<Tree>()["$defs"]["Tree"].clone();
    assert!(PayloadSchema::compile(&root, Some(reads::<Closed>)).unwrap().is_proven());
}

#[test]
fn what_nobody_would_enforce_is_an_error_that_names_field_and_ways_out() {
    #[derive(Deserialize, JsonSchema)]
    struct Inner {
        #[schemars(extend("format" = "phone"))]
        _at: String,
        #[schemars(regex(pattern = "(["))]
        _code: String,
    }
    #[derive(Deserialize, JsonSchema)]
    struct Outer {
        _inner: Vec<Inner>,
    }
    let error = PayloadSchema::compile(&published::<Outer>(), None).unwrap_err().to_string();
    assert!(error.contains("field /_inner/*/_at: the schema promises the format `phone`"), "{error}");
    assert!(error.contains("#[schemars(with = \"String\")]"), "{error}");
    assert!(
        error.contains("field /_inner/*/_code: the pattern `([` cannot be enforced: a class is not closed"),
        "{error}"
    );
    let error = PayloadSchema::compile(&json!({"type": "strin"}), None).unwrap_err().to_string();
    assert!(error.contains("the schema is invalid at /type"), "{error}");
    let error = PayloadSchema::compile(&json!({"$ref": "#/$defs/Missing"}), None).unwrap_err().to_string();
    assert!(error.contains("the schema is invalid"), "{error}");
    let error =
        PayloadSchema::compile(&json!({"$ref": "http://example.com/x"}), None).unwrap_err().to_string();
    assert!(error.contains("the schema is invalid"), "{error}");
}
