//! Untrusted contracts, and what is generated from them.

use serde_json::Value;
use zocket_contract::{
    AsyncApiOptions, Contract, Direction, SchemaName,
    reference::{each_reference, needed_definitions},
};

/// Reads `data` as a contract, or as two with a zero byte between them: as they are, and with the `hash` that they should
/// have, which no fuzzer finds.
///
/// # Panics
/// If something panics, what was read and written again is not the same, or a contract breaks itself.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (old, new) = text.split_once('\0').map_or((text, None), |(old, new)| (old, Some(new)));
    let old = read(old);
    if let Some(new) = new.and_then(read)
        && let Some(old) = old
    {
        compare(&old, &new);
        compare(&new, &old);
    }
}

fn read(text: &str) -> Option<Contract> {
    if let Some(contract) = parse(text) {
        look_at(&contract);
        return Some(contract);
    }
    let Ok(mut document @ Value::Object(_)) = serde_json::from_str::<Value>(text) else { return None };
    // As a server would have made it.
    document["zocket"] = "0.1".into();
    let sealed = Contract::seal(document);
    let contract = parse(&sealed.to_json())?;
    assert_eq!(contract, sealed);
    look_at(&contract);
    Some(contract)
}

fn parse(text: &str) -> Option<Contract> {
    match Contract::parse(text) {
        Ok(contract) => Some(contract),
        Err(error) => {
            let lines = text.split('\n').count();
            assert!((1..=lines).contains(&error.line()), "line {} of {lines}: {error}", error.line());
            assert!(
                error.column() >= 1 && !error.message().is_empty() && !error.help().is_empty(),
                "{error:?}"
            );
            None
        }
    }
}

fn look_at(contract: &Contract) {
    let again = Contract::parse(&contract.to_json()).expect("what was read can be read again");
    assert_eq!(again, *contract);
    assert_eq!(again.to_json(), contract.to_json());
    assert_eq!(contract.hash().len(), 32);
    for route in contract.routes() {
        let found = contract.route(route.name(), route.direction());
        assert!(found.is_some(), "a route that cannot be found");
        assert!(matches!(route.direction(), Direction::Incoming | Direction::Outgoing));
        for error in route.errors() {
            assert!(!error.code().is_empty());
        }
    }
    for name in contract.schema_names() {
        let text = name.to_string();
        assert_eq!(SchemaName::parse(&text), Some(name), "{text}");
        let schema = contract.schema(name).expect("a schema that has a name");
        let own = schema["$defs"].as_object().cloned().unwrap_or_default();
        let needed = needed_definitions(&schema, contract.definitions());
        each_reference(&schema, &mut |name| assert!(own.contains_key(name), "{text} lacks {name}"));
        assert!(needed.keys().all(|name| own.contains_key(name)), "{text} is not self-contained");
    }
    assert!(contract.to_asyncapi(&AsyncApiOptions::default()).is_object());
    let diff = Contract::compare(contract, &again);
    assert!(diff.is_empty() && !diff.is_breaking(), "it differs from itself: {diff}");
}

fn compare(old: &Contract, new: &Contract) {
    let diff = Contract::compare(old, new);
    assert_eq!(diff.is_empty(), diff.changes().is_empty());
    assert_eq!(diff.to_string().is_empty(), diff.is_empty());
    assert!(diff.to_json().is_object());
    let is_the_same_on_the_wire = old.hash() == new.hash();
    assert!(!(is_the_same_on_the_wire && diff.is_breaking()), "the same on the wire, but breaking: {diff}");
}
