//! Self-contained schemas.

use jsonschema::Draft;
use serde_json::{Value, json};
use zocket_contract::{Contract, Part, SchemaName};

use crate::sample::{committed, library, unsealed};

fn schema(name: &str) -> Value {
    let name = SchemaName::parse(name).unwrap_or_else(|| panic!("{name} is no name"));
    library().schema(name).unwrap_or_else(|| panic!("there is no {name}"))
}

#[test]
fn all_of_them_by_name() {
    let contract = library();
    let names: Vec<String> = contract.schema_names().map(|name| name.to_string()).collect();
    assert_eq!(
        names,
        [
            "headers",
            "books.lend/payload",
            "books.lend/reply",
            "books.lend/errors/LENT",
            "books.lent/event",
            "close/payload",
            "close/event",
            "shelf.größe/reply",
        ]
    );
    for name in contract.schema_names() {
        assert_eq!(SchemaName::parse(&name.to_string()), Some(name));
    }
}

#[test]
fn what_there_is_not() {
    let contract = library();
    for (route, part) in [
        ("books.lend", Part::Event),
        ("books.lent", Part::Payload),
        ("books.lend", Part::Error("UNKNOWN_BOOK")),
        ("books.lend", Part::Error("NEVER")),
        ("close", Part::Reply),
        ("nowhere", Part::Payload),
    ] {
        assert_eq!(contract.schema_of(route, part), None, "{route} {part}");
    }
    for text in ["", "books.lend", "books.lend/data", "books.lend/errors", "header"] {
        assert_eq!(SchemaName::parse(text), None, "{text}");
    }
}

#[test]
fn a_schema_shows_what_it_is_at_its_head() {
    assert_eq!(
        schema("books.lend/payload"),
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "books.lend payload",
            "type": "object",
            "properties": {"title": {"type": "string"}, "card": {"type": "string"}, "pin": {"type": "string"}},
            "required": ["title"],
            "dependentRequired": {"card": ["pin"]},
            "unevaluatedProperties": false,
        })
    );
}

#[test]
fn only_the_definitions_that_it_needs() {
    let headers = schema("headers");
    assert_eq!(headers["properties"]["lang"]["$ref"], "#/$defs/Language");
    assert_eq!(
        headers["$defs"],
        json!({"Language": {"title": "Language", "type": "string", "enum": ["de", "en"]}})
    );
    assert_eq!(schema("shelf.größe/reply")["type"], "integer");
    assert_eq!(schema("shelf.größe/reply").get("$defs"), None);
}

#[test]
fn a_type_that_refers_to_itself_stays_a_definition() {
    let book = schema("books.lend/reply");
    assert_eq!(book["$ref"], "#/$defs/Book");
    assert_eq!(book["description"], "The book that was lent.");
    let definitions: Vec<&String> = book["$defs"].as_object().unwrap().keys().collect();
    assert_eq!(definitions, ["A_b_c", "Book"]);
}

#[test]
fn what_a_use_says_goes_before_what_the_type_says() {
    let mut document = unsealed();
    document["routes"][4]["reply"]["description"] = "How big.".into();
    document["$defs"]["A/b c"]["description"] = "A byte.".into();
    document["$defs"]["A/b c"]["title"] = "Byte".into();
    let size = Contract::seal(document).schema_of("shelf.größe", Part::Reply).unwrap();
    assert_eq!((&size["description"], &size["title"]), (&json!("How big."), &json!("Byte")));
}

#[test]
fn schemas_that_are_booleans() {
    assert_eq!(
        schema("close/event"),
        json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "close event"})
    );
    let mut document = unsealed();
    document["routes"][3]["payload"] = false.into();
    let never = Contract::seal(document).schema_of("close", Part::Event).unwrap();
    assert!(!jsonschema::is_valid(&never, &json!(1)));
}

#[test]
fn the_same_code_with_other_data() {
    let mut document = unsealed();
    let again = json!({"code": "LENT", "data": {"type": "integer"}});
    document["routes"][0]["errors"].as_array_mut().unwrap().push(again);
    let contract = Contract::seal(document);
    let data = contract.schema_of("books.lend", Part::Error("LENT")).unwrap();
    assert!(
        jsonschema::is_valid(&data, &json!(4))
            && jsonschema::is_valid(&data, &json!({"until": "2026-01-01"}))
    );
    assert!(!jsonschema::is_valid(&data, &json!("4")));
    assert_eq!(contract.schema_names().filter(|name| name.to_string().ends_with("LENT")).count(), 1);
}

/// Every schema of every contract compiles by itself, and says of values what the whole contract says.
#[test]
fn they_stand_alone() {
    let values =
        [json!(null), json!(1), json!("x"), json!([]), json!({}), json!({"title": "Emma", "text": "hi"})];
    for (path, text) in committed() {
        let contract = Contract::parse(&text).unwrap();
        for name in contract.schema_names() {
            let alone = contract.schema(name).unwrap();
            let options = || jsonschema::options().with_draft(Draft::Draft202012).offline();
            let validator =
                options().build(&alone).unwrap_or_else(|error| panic!("{}: {name}: {error}", path.display()));
            let whole = options().build(&in_place(&contract, name)).unwrap();
            for value in &values {
                assert_eq!(validator.is_valid(value), whole.is_valid(value), "{name}: {value}");
            }
        }
    }
}

/// The schema as the document has it, with all definitions beside it.
fn in_place(contract: &Contract, name: SchemaName<'_>) -> Value {
    let schema = match name {
        SchemaName::Headers => contract.headers().unwrap().clone(),
        SchemaName::Message { route, part } => {
            let route = contract.route(route, part.direction()).unwrap();
            match part {
                Part::Payload | Part::Event => route.payload().unwrap().clone(),
                Part::Reply => route.reply().unwrap().clone(),
                Part::Error(code) => {
                    let data = route.errors().filter(|error| error.code() == code);
                    json!({"anyOf": data.filter_map(|error| error.data()).collect::<Vec<_>>()})
                }
            }
        }
    };
    json!({"allOf": [schema], "$defs": contract.definitions()})
}
