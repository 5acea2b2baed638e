//! Whole contracts: routes, errors, headers, documentation.

use serde_json::{Value, json};
use zocket_contract::{Contract, Direction};

fn contract(document: Value) -> Contract {
    let mut whole = json!({"zocket": "0.1", "router": "shop", "$defs": {}, "routes": []});
    for (key, value) in document.as_object().unwrap() {
        whole[key] = value.clone();
    }
    Contract::seal(whole)
}

fn routes(routes: Value) -> Contract {
    contract(json!({ "routes": routes }))
}

/// The changes as `impact kind: text`.
fn told(old: &Contract, new: &Contract) -> Vec<String> {
    let diff = Contract::compare(old, new);
    diff.changes()
        .iter()
        .map(|change| format!("{} {}: {change}", change.impact.as_str(), change.kind))
        .collect()
}

fn call(more: Value) -> Value {
    let mut route = json!({"route": "buy", "direction": "incoming"});
    for (key, value) in more.as_object().unwrap() {
        route[key] = value.clone();
    }
    json!([route])
}

#[track_caller]
fn case(old: Value, new: Value, expected: &[&str]) {
    assert_eq!(told(&routes(old), &routes(new)), expected);
}

#[test]
fn routes_come_and_go() {
    let incoming = || json!([{"route": "buy", "direction": "incoming"}]);
    let outgoing = || json!([{"route": "buy", "direction": "outgoing", "payload": true}]);
    let both = || json!([{"route": "buy", "direction": "incoming"}, {"route": "buy", "direction": "outgoing", "payload": true}]);
    case(json!([]), incoming(), &["compatible added: buy new: clients may call it"]);
    case(json!([]), outgoing(), &["compatible added: buy new: clients of the old contract ignore it"]);
    case(incoming(), json!([]), &["breaking removed: buy removed: clients that call it get UNKNOWN_ROUTE"]);
    case(
        outgoing(),
        json!([]),
        &["breaking removed: buy removed: clients that wait for it get nothing any more"],
    );
    case(
        incoming(),
        outgoing(),
        &[
            "breaking direction: buy clients called it, now the server sends it",
            "compatible added: buy new: clients of the old contract ignore it",
        ],
    );
    case(
        outgoing(),
        incoming(),
        &[
            "breaking direction: buy the server sent it, now clients call it",
            "compatible added: buy new: clients may call it",
        ],
    );
    case(incoming(), both(), &["compatible added: buy new: clients of the old contract ignore it"]);
    case(
        both(),
        incoming(),
        &["breaking removed: buy removed: clients that wait for it get nothing any more"],
    );
}

#[test]
fn payloads_come_and_go() {
    let with = |payload: Value| call(json!({ "payload": payload }));
    case(
        with(json!({"type": "string"})),
        call(json!({})),
        &["compatible removed: buy payload: there is none any more: what clients send is ignored"],
    );
    case(
        call(json!({})),
        with(json!({"type": "string"})),
        &[
            "breaking added: buy payload: there was none and one is required now: clients that send none are refused",
        ],
    );
    case(
        call(json!({})),
        with(json!({"type": ["string", "null"]})),
        &["compatible added: buy payload: new, and may be left out"],
    );
    let event = |payload: Option<Value>| {
        let mut route = json!({"route": "sold", "direction": "outgoing"});
        if let Some(payload) = payload {
            route["payload"] = payload;
        }
        json!([route])
    };
    case(
        event(Some(json!({"type": "string"}))),
        event(None),
        &["breaking removed: sold event: carries no payload any more: clients that read it find nothing"],
    );
    case(
        event(None),
        event(Some(json!({"type": "string"}))),
        &["compatible added: sold event: carries payload now, which clients of the old contract ignore"],
    );
    case(
        event(Some(json!({"enum": ["a"]}))),
        event(Some(json!({"enum": ["a", "b"]}))),
        &["breaking enum: sold event: clients may now receive \"b\", which they do not know"],
    );
}

#[test]
fn replies_come_and_go() {
    let with = |reply: Value| call(json!({ "reply": reply }));
    case(
        with(json!({"type": "string"})),
        call(json!({})),
        &["breaking removed: buy reply: carries no payload any more: clients that read it find nothing"],
    );
    case(
        call(json!({})),
        with(json!({"type": "string"})),
        &["compatible added: buy reply: carries payload now, which clients of the old contract ignore"],
    );
    case(
        with(json!({"type": "string"})),
        with(json!({"type": "integer"})),
        &[
            "breaking type: buy reply: was a string, now is an integer: clients may now receive an integer, which they do not know",
        ],
    );
}

#[test]
fn error_codes_come_and_go() {
    let with = |errors: Value| call(json!({ "errors": errors }));
    case(
        with(json!([])),
        with(json!([{"code": "SOLD_OUT"}])),
        &[
            "breaking code: buy error SOLD_OUT: new: clients may now be refused with a code that they do not know",
        ],
    );
    case(
        with(json!([{"code": "SOLD_OUT"}])),
        with(json!([])),
        &["compatible code: buy error SOLD_OUT: no call is refused with it any more"],
    );
    let data = |schema: Value| with(json!([{"code": "TOO_MANY", "data": schema}]));
    let bare = || with(json!([{"code": "TOO_MANY"}]));
    case(
        data(json!({"type": "integer"})),
        bare(),
        &[
            "breaking removed: buy error TOO_MANY: carries no data any more: clients that read it find nothing",
        ],
    );
    case(
        bare(),
        data(json!({"type": "integer"})),
        &["compatible added: buy error TOO_MANY: carries data now, which clients of the old contract ignore"],
    );
    case(
        data(json!({"type": "integer"})),
        data(json!({"type": "string"})),
        &[
            "breaking type: buy error TOO_MANY: was an integer, now is a string: clients may now receive a string, which they do not know",
        ],
    );
    // Their order means nothing.
    case(with(json!([{"code": "A"}, {"code": "B"}])), with(json!([{"code": "B"}, {"code": "A"}])), &[]);
}

#[test]
fn headers_come_and_go() {
    let with = |headers: Value| contract(json!({ "headers": headers }));
    let none = || contract(json!({}));
    let optional = || with(json!({"type": "object", "properties": {"token": {"type": "string"}}}));
    let required = || {
        with(json!({"type": "object", "properties": {"token": {"type": "string"}}, "required": ["token"]}))
    };
    assert_eq!(told(&none(), &optional()), ["compatible property: headers /token: new, and may be left out"]);
    assert_eq!(
        told(&none(), &required()),
        ["breaking property: headers /token: new, and required: clients that do not know it are refused"]
    );
    assert_eq!(
        told(&required(), &none()),
        ["compatible property: headers /token: is not read any more: what clients send there is ignored"]
    );
}

#[test]
fn headers_that_leave_the_query() {
    let with = |token: Value| {
        let headers = json!({"$ref": "#/$defs/Headers"});
        let definition = json!({"type": "object", "properties": {"x-user": token}});
        contract(json!({"headers": headers, "$defs": {"Headers": definition}}))
    };
    let both = with(json!({"type": "string"}));
    let http_only = with(json!({"type": "string", "x-zocket-http-only": true}));
    assert_ne!(both.hash(), http_only.hash());
    assert_eq!(
        told(&both, &http_only),
        [
            "breaking http-only: headers /x-user: is read from the HTTP header alone now: what clients send in the query is ignored"
        ]
    );
    assert_eq!(
        told(&http_only, &both),
        ["compatible http-only: headers /x-user: is read from the query as well"]
    );
    assert_eq!(told(&http_only, &http_only), [""; 0]);
}

#[test]
fn the_wire_protocol_is_part_of_the_contract() {
    let new = contract(json!({"zocket": "0.2"}));
    assert_eq!(told(&routes(json!([])), &new), ["breaking protocol: the wire protocol went from 0.1 to 0.2"]);
}

#[test]
fn words_are_documentation_only() {
    let old = contract(json!({"description": "A shop.", "routes": call(json!({"errors": [{"code": "A"}]}))}));
    let new = contract(json!({"router": "store", "routes": call(json!({
        "description": "Buys.", "deprecated": true, "errors": [{"code": "A", "description": "No."}],
    }))}));
    assert_eq!(old.hash(), new.hash());
    assert_eq!(
        told(&old, &new),
        [
            "documentation name: the router is called `store` now, not `shop`",
            "documentation description: the router is no longer described",
            "documentation description: buy described now",
            "documentation deprecated: buy deprecated: clients should move away",
            "documentation description: buy error A: described now",
        ]
    );
}

#[test]
fn a_definition_is_judged_by_the_way_that_it_goes() {
    let both = |most: u8| {
        contract(json!({
            "$defs": {"Note": {"type": "object", "properties": {"text": {"type": "string", "maxLength": most}}}},
            "routes": call(json!({"payload": {"$ref": "#/$defs/Note"}, "reply": {"$ref": "#/$defs/Note"}})),
        }))
    };
    assert_eq!(
        told(&both(10), &both(20)),
        [
            "breaking maxLength: buy reply /text: the greatest length went from 10 to 20: clients may now receive 11 characters",
            "compatible maxLength: buy payload /text: the greatest length went from 10 to 20",
        ]
    );
}

#[test]
fn contracts_that_are_no_contracts_are_compared_without_a_panic() {
    for strange in
        [json!({}), json!({"routes": 5}), json!({"routes": [1, {"route": 3}]}), json!({"$defs": []})]
    {
        let strange = Contract::seal(strange);
        let ordinary = routes(json!([{"route": "buy", "direction": "incoming"}]));
        assert!(Contract::compare(&ordinary, &strange).is_breaking());
        let _ = Contract::compare(&strange, &ordinary).to_string();
        assert!(Contract::compare(&strange, &strange).is_empty());
        assert_eq!(ordinary.route("buy", Direction::Incoming).map(|route| route.name()), Some("buy"));
    }
}

/// `Holder` is fine as long as `Node` is, which is found out only later: what rests on it must not be remembered.
#[test]
fn what_rests_on_a_change_that_breaks_breaks_too() {
    let of = |most: u8| {
        contract(json!({
            "$defs": {
                "Holder": {"type": "object", "properties": {"node": {"$ref": "#/$defs/Node"}}},
                "Node": {"type": "object", "properties": {
                    "holder": {"$ref": "#/$defs/Holder"},
                    "number": {"type": "integer", "maximum": most},
                }},
            },
            "routes": [
                {"route": "a", "direction": "incoming", "payload": {"$ref": "#/$defs/Node"}},
                {"route": "b", "direction": "incoming", "payload": {"$ref": "#/$defs/Holder"}},
            ],
        }))
    };
    assert_eq!(
        told(&of(5), &of(4)),
        [
            "breaking maximum: a payload /number: the maximum went from 5 to 4: clients that send 5 are refused",
            "breaking maximum: b payload /node/number: the maximum went from 5 to 4: clients that send 5 are refused",
        ]
    );
    assert!(!Contract::compare(&of(4), &of(5)).is_breaking());
}
