//! Contracts that somebody else wrote.

use serde_json::Value;
use zocket_contract::{Contract, Direction};

/// Reads `data` as a contract: once as it is, and once with the `hash` that it should have, which no fuzzer finds.
///
/// # Panics
/// If something panics, or what was read and written again is not the same.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(contract) = parse(text) {
        look_at(&contract);
    }
    let Ok(mut document @ Value::Object(_)) = serde_json::from_str::<Value>(text) else { return };
    // As a server would have made it.
    document["zocket"] = "0.1".into();
    let sealed = Contract::seal(document);
    if let Some(contract) = parse(&sealed.to_json()) {
        assert_eq!(contract, sealed);
        look_at(&contract);
    }
}

fn parse(text: &str) -> Option<Contract> {
    match Contract::parse(text) {
        Ok(contract) => Some(contract),
        Err(error) => {
            assert!(!error.to_string().is_empty());
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
        let _ = (route.description(), route.is_deprecated(), route.payload(), route.reply());
        for error in route.errors() {
            let _ = (error.code(), error.description(), error.data());
        }
    }
    let _ = (contract.protocol(), contract.router(), contract.description(), contract.headers());
    let _ = contract.definitions().len();
}
