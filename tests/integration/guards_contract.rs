//! The errors of guards and middleware, in the contract.

use zocket::Contract;

use crate::guards::{app, later};

fn codes(contract: &Contract, route: &str) -> Vec<String> {
    let routes = contract.as_value()["routes"].as_array().unwrap().iter();
    let route = routes.into_iter().find(|own| own["route"] == route).unwrap();
    let errors = route["errors"].as_array().into_iter().flatten();
    errors.map(|error| error["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_middleware_and_guards_refuse_with_is_in_the_contract_of_the_routes_they_cover() {
    let contract = app::router().merge(later::router()).contract();
    let denied = ["SIGN_IN", "BANNED"];
    for (route, expected) in [
        ("open", &[][..]),
        ("members", &[]),
        ("three", &[]),
        ("guarded", &denied),
        ("asked_twice", &denied),
        ("members.list", &denied),
        ("members.later.added", &denied),
        ("handed_over", &["NOT_AN_ADMIN", "SIGN_IN", "BANNED"]),
        ("members.admins.shut_down", &["SIGN_IN", "BANNED", "NOT_AN_ADMIN"]),
    ] {
        assert_eq!(codes(&contract, route), expected, "{route}");
    }
    let text = contract.to_json();
    let read = Contract::parse(&text).unwrap();
    assert_eq!(read.as_value(), contract.as_value());
    let route = read.as_value()["routes"].as_array().unwrap().iter().find(|own| own["route"] == "guarded");
    let errors = &route.unwrap()["errors"];
    assert_eq!(errors[0]["description"], "Sign in first.");
    assert_eq!(errors[0]["data"]["properties"]["at"]["type"], "string");
    assert_eq!(errors[1]["deprecated"], true);
}

/// The same guard, some days later: its code has another name.
mod gate {
    #[zocket::router]
    pub mod before {
        #[error]
        pub enum Closed {
            Closed,
        }

        #[middleware]
        async fn open_hours() -> Result<(), Closed> {
            Ok(())
        }

        #[guard(open_hours)]
        pub mod shop {
            #[incoming]
            async fn buy() {}
        }
    }

    #[zocket::router]
    pub mod after {
        #[error]
        pub enum Closed {
            #[error(code = "NOT_OPEN")]
            Closed,
        }

        #[middleware]
        async fn open_hours() -> Result<(), Closed> {
            Ok(())
        }

        #[guard(open_hours)]
        pub mod shop {
            #[incoming]
            async fn buy() {}
        }
    }
}

#[test]
fn a_guard_that_renames_its_error_breaks_clients() {
    let (before, after) = (gate::before::contract(), gate::after::contract());
    assert_ne!(before.hash(), after.hash());
    // What `zocket diff` compares: read from documents.
    let read = |contract: &Contract| Contract::parse(&contract.to_json()).unwrap();
    let diff = Contract::compare(&read(&before), &read(&after));
    assert!(diff.is_breaking());
    let text = diff.to_string();
    assert!(text.contains("shop.buy") && text.contains("NOT_OPEN"), "{text}");
    assert!(!Contract::compare(&before, &before).is_breaking());
}
