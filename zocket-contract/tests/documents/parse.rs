//! The errors for a file that is not a contract.

use proptest::prelude::*;
use serde_json::{Value, json};
use zocket_contract::{Contract, ParseContractError, ParseContractErrorKind as Kind};

use crate::sample::{committed, library, unsealed};

fn refused(text: &str) -> ParseContractError {
    Contract::parse(text).expect_err("no contract")
}

/// The line and the column at which a part of the text begins.
fn place_of(text: &str, part: &str) -> (usize, usize) {
    let at = text.find(part).unwrap_or_else(|| panic!("no {part}"));
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    (text[..at].matches('\n').count() + 1, text[line_start..at].chars().count() + 1)
}

#[test]
fn what_is_no_json() {
    for (text, says, place) in [
        ("", "the text is empty", (1, 1)),
        (" \n ", "the text is empty", (1, 1)),
        ("<!doctype html>", "not JSON: expected value", (1, 1)),
        ("{\n  \"format\": 1,\n  hash", "not JSON: key must be a string", (3, 3)),
        ("{\"format\": 1", "the JSON ends too early", (1, 12)),
        ("{\"é\": 1} x", "not JSON: trailing characters", (1, 10)),
        ("\u{0}\u{1}\u{2}", "not JSON", (1, 1)),
    ] {
        let error = refused(text);
        assert_eq!(error.kind(), Kind::NotJson, "{text:?}");
        assert!(error.message().starts_with(says), "{text:?}: {error}");
        assert_eq!((error.line(), error.column()), place, "{text:?}: {error}");
        assert!(error.pointer().is_none() && !error.help().is_empty());
    }
}

#[test]
fn what_is_json_and_no_contract() {
    for (text, says) in [
        ("[]", "not a contract: a contract is a JSON object, and this is an array"),
        ("null", "not a contract: a contract is a JSON object, and this is null"),
        ("{}", "not a contract: it has no `format`"),
        (
            r#"{"asyncapi": "3.0.0"}"#,
            "not a contract: it has no `format`; this looks like an AsyncAPI document",
        ),
        (
            r#"{"$schema": "x", "type": "object"}"#,
            "not a contract: it has no `format`; this looks like a JSON Schema",
        ),
        (r#"{"format": "date"}"#, "not a contract: its `format` is no whole number"),
    ] {
        let error = refused(text);
        assert_eq!((error.kind(), error.message()), (Kind::NotAContract, says));
    }
}

#[test]
fn another_format() {
    let error = refused("{\n  \"format\": 2,\n  \"whatever\": []\n}");
    assert_eq!(error.kind(), Kind::OtherFormat);
    assert_eq!(error.message(), "a contract of format 2, made by a newer zocket; this one reads format 1");
    assert_eq!((error.line(), error.column(), error.pointer()), (2, 13, Some("/format")));
    assert!(error.help().contains("update"), "{error}");
    assert!(refused("{\"format\": 0}").message().contains("which no zocket reads any more"));
}

#[test]
fn what_is_missing_or_wrong_is_named_with_its_place() {
    type Break = fn(&mut Value);
    // What is broken, what is said, and the text that the place points to; "" is the whole document.
    let table: &[(Break, &str, &str)] = &[
        (|all| remove(all, "routes"), "the contract has no `routes`", "{"),
        (
            |all| remove(&mut all["routes"][1], "payload"),
            "`/routes/1` has no `payload`",
            "{\n      \"deprecated\"",
        ),
        (
            |all| all["servers"] = json!([]),
            "the contract has a property `servers`, which no contract has there",
            "\"servers\"",
        ),
        (
            |all| all["routes"][0]["sum"] = 1.into(),
            "`/routes/0` has a property `sum`, which no contract has there",
            "\"sum\"",
        ),
        (
            |all| all["routes"][1]["reply"] = true.into(),
            "`/routes/1/reply` is not for outgoing routes",
            "true,\n      \"route\": \"books.lent\"",
        ),
        (
            |all| all["routes"][0]["route"] = "a b".into(),
            "`/routes/0/route` is no name of a route",
            "\"a b\"",
        ),
        (|all| all["hash"] = "xyz".into(), "`/hash` must be 32 hexadecimal digits in lower case", "\"xyz\""),
        (
            |all| all["routes"][0]["errors"][1]["code"] = "TIMEOUT".into(),
            "`/routes/0/errors/1/code` is one of the protocol's own codes",
            "\"TIMEOUT\"",
        ),
        (
            |all| all["router"] = 7.into(),
            "`/router` is wrong: value is not of type \"string\"",
            "7,\n  \"routes\"",
        ),
        (
            |all| all["$defs"]["Book"]["required"] = "title".into(),
            "`/$defs/Book/required` is no JSON Schema: value is not of type \"array\"",
            "\"title\",\n      \"type\"",
        ),
        (
            |all| all["$defs"]["A/b c"]["minimum"] = "0".into(),
            "`/$defs/A~1b c/minimum` is no JSON Schema: value is not of type \"number\"",
            "\"0\"",
        ),
        (
            |all| all["routes"][3]["route"] = "books.lent".into(),
            "the outgoing route `books.lent` comes twice",
            "\"books.lent\"\n    },\n    {\n      \"direction\": \"incoming\",\n      \"reply\"",
        ),
    ];
    for (change, says, points_to) in table {
        let mut document = library().as_value().clone();
        change(&mut document);
        document.sort_all_objects();
        let text = format!("{document:#}");
        let error = refused(&text);
        assert_eq!((error.kind(), error.message()), (Kind::Invalid, *says));
        assert_eq!((error.line(), error.column()), place_of(&text, points_to), "{error}");
        let line = error.line();
        assert!(error.to_string().starts_with(&format!("{says}, at line {line}, column ")), "{error}");
    }
}

#[test]
fn references_that_lead_nowhere() {
    type Break = fn(&mut Value);
    let table: &[(Break, &str, &str)] = &[
        (
            |all| remove(&mut all["$defs"], "Loan"),
            "there is no definition `Loan` in the contract's `$defs`",
            "/routes/0/payload/$ref",
        ),
        (
            |all| all["$defs"]["Book"]["properties"]["sequel"]["anyOf"][0]["$ref"] = "#/$defs/X~1y".into(),
            "there is no definition `X/y` in the contract's `$defs`",
            "/$defs/Book/properties/sequel/anyOf/0/$ref",
        ),
        (
            |all| all["headers"]["$ref"] = "https://example.com/schema".into(),
            "the reference `https://example.com/schema` leads out of the contract's `$defs`",
            "/headers/$ref",
        ),
        (
            |all| all["routes"][0]["errors"][0]["data"] = json!({"items": {"$ref": "#/routes"}}),
            "the reference `#/routes` leads out of the contract's `$defs`",
            "/routes/0/errors/0/data/items/$ref",
        ),
    ];
    for (change, says, pointer) in table {
        let mut document = unsealed();
        change(&mut document);
        let text = Contract::seal(document).to_json();
        let error = refused(&text);
        assert_eq!(
            (error.kind(), error.message(), error.pointer()),
            (Kind::UnknownReference, *says, Some(*pointer))
        );
        let line = text.lines().nth(error.line() - 1).unwrap_or_default();
        assert!(line.trim_start().starts_with("\"$ref\": "), "{line}");
        assert_eq!(error.column(), line.find("\": ").unwrap() + 4);
    }
}

#[test]
fn data_that_looks_like_a_reference_is_none() {
    let mut document = unsealed();
    document["$defs"]["Book"]["default"] = json!({"$ref": "#/$defs/Nowhere"});
    document["$defs"]["Book"]["properties"]["$ref"] = json!({"type": "string"});
    let contract = Contract::seal(document);
    assert_eq!(Contract::parse(&contract.to_json()), Ok(contract));
}

#[test]
fn a_change_by_hand() {
    let text = library().to_json().replace("\"maximum\": 255", "\"maximum\": 254");
    let error = refused(&text);
    assert_eq!(error.kind(), Kind::Changed);
    assert_eq!((error.line(), error.column()), place_of(&text, &format!("\"{}\"", library().hash())));
    assert!(error.message().contains("changed by hand"), "{error}");
    assert!(error.help().contains("assert_contract"), "{error}");
}

#[test]
fn the_text_may_be_laid_out_in_any_way() {
    let contract = library();
    let compact = contract.to_string();
    let reversed = reversed(contract.as_value());
    for text in
        [compact.clone(), format!("\u{feff}{compact}\n"), contract.to_json().replace('\n', "\r\n"), reversed]
    {
        let read = Contract::parse(&text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(read.to_json(), contract.to_json());
        assert_eq!(read.to_string(), compact);
        assert_eq!(serde_json::to_string(&read).unwrap(), compact);
        assert_eq!(text.parse(), Ok(read));
    }
}

/// The same document with the keys of each object from back to front. A map that keeps the order of insertion, as
/// `serde_json` has it where a crate of the build asks for `preserve_order`, would give them back so.
fn reversed(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort_unstable_by(|a, b| b.cmp(a));
            let members = keys.iter().map(|key| format!("{}:{}", json!(key), reversed(&members[*key])));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(reversed).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

#[test]
fn documents_too_deep_or_too_long() {
    let deep =
        |levels: usize| format!("{{\"format\": 1, \"x\": {}1{}}}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(refused(&deep(100)).kind(), Kind::Invalid);
    for levels in [128, 100_000] {
        let error = refused(&deep(levels));
        assert_eq!((error.kind(), error.message()), (Kind::NotJson, "nested too deeply to be read"));
    }
    let long = format!("{}{}", library().to_json(), " ".repeat(Contract::MAX_BYTES));
    assert_eq!(refused(&long).kind(), Kind::TooLarge);
}

#[test]
fn schemas_as_deep_as_can_be_read() {
    for wrap in
        [|inner| json!({"not": inner}), |inner| json!({"items": inner}), |inner| json!({"allOf": [inner]})]
    {
        let mut document = unsealed();
        let mut schema = json!({"type": "string"});
        let mut last = None;
        while let Ok(contract) = {
            document["$defs"]["Deep"] = schema.clone();
            Contract::parse(&Contract::seal(document.clone()).to_json())
        } {
            last = Some(contract);
            schema = wrap(schema);
        }
        let last = last.expect("one that can be read");
        assert!(last.to_asyncapi(&Default::default())["asyncapi"].is_string());
        let error = Contract::parse(&Contract::seal(document).to_json()).unwrap_err();
        assert_eq!(error.message(), "nested too deeply to be read");
    }
}

fn remove(object: &mut Value, key: &str) {
    object.as_object_mut().expect("an object").remove(key).expect("something to remove");
}

/// A value, anywhere in a document, is replaced by another or removed.
fn mutated(document: &Value, at: usize, with: &Value) -> Value {
    fn visit(value: &mut Value, left: &mut usize, with: &Value) {
        if *left == 0 {
            *value = with.clone();
        }
        *left = left.wrapping_sub(1);
        match value {
            Value::Object(members) => members.values_mut().for_each(|member| visit(member, left, with)),
            Value::Array(items) => items.iter_mut().for_each(|item| visit(item, left, with)),
            _ => {}
        }
    }
    let mut mutant = document.clone();
    visit(&mut mutant, &mut { at }, with);
    mutant
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z$/#~é]{0,6}".prop_map(Value::from),
        Just(json!("#/$defs/Book")),
        Just(json!({"$ref": "#/$defs/Book"})),
        Just(json!({"$ref": "#/$defs/%"})),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let key = prop_oneof![
            "[a-z]{1,4}",
            Just("$ref".to_owned()),
            Just("items".to_owned()),
            Just("type".to_owned())
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..4).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Everything can be generated from whatever is read as a contract.
fn use_all(contract: &Contract) {
    for name in contract.schema_names() {
        assert!(contract.schema(name).is_some(), "{name}");
    }
    let _ = contract.to_asyncapi(&Default::default());
    assert_eq!(Contract::parse(&contract.to_json()).as_ref(), Ok(contract));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_values(which in any::<prop::sample::Index>(), at in 0_usize..400, with in any_json()) {
        let all = committed();
        let (_, text) = &all[which.index(all.len())];
        let document: Value = serde_json::from_str(text).unwrap();
        let mutant = mutated(&document, at, &with);
        if let Err(error) = Contract::parse(&mutant.to_string()) {
            prop_assert!(error.line() == 1 && !error.message().is_empty());
        }
        // Sealed anew, it gets past the hash.
        if mutant.is_object() {
            let sealed = Contract::seal(mutant).to_json();
            match Contract::parse(&sealed) {
                Ok(contract) => use_all(&contract),
                Err(error) => prop_assert!(error.line() <= sealed.matches('\n').count() + 1),
            }
        }
    }

    #[test]
    fn mutated_bytes(at in any::<prop::sample::Index>(), length in 0_usize..4, with in "[\\[\\]{}\",:a0é\\\\]{0,3}") {
        let text = library().to_json();
        let at = at.index(text.len());
        let end = (at + length).min(text.len());
        if text.is_char_boundary(at) && text.is_char_boundary(end) {
            let mutant = format!("{}{with}{}", &text[..at], &text[end..]);
            match Contract::parse(&mutant) {
                Ok(contract) => use_all(&contract),
                Err(error) => prop_assert!(error.line() <= mutant.matches('\n').count() + 1, "{error}"),
            }
        }
    }

    #[test]
    fn any_text(text in ".{0,200}") {
        prop_assert!(Contract::parse(&text).is_err());
    }

    /// Floats are read exactly as written, or the hash would not match.
    #[test]
    fn any_bound(bound in any::<f64>().prop_filter("a JSON number", |bound| bound.is_finite())) {
        let mut document = unsealed();
        document["$defs"]["A/b c"]["maximum"] = bound.into();
        let contract = Contract::seal(document);
        prop_assert_eq!(Contract::parse(&contract.to_json()), Ok(contract));
    }
}
