//! Writing the contract document.

use serde_json::{Map, Value, json};
use zocket_contract::{Contract, Direction, reference::needed_definitions};

use super::describe::{Describe, Described, ErrorFacts};

/// One route, with all that the contract says of it.
pub(crate) struct RouteFacts {
    pub(crate) route: String,
    pub(crate) direction: Direction,
    pub(crate) description: String,
    pub(crate) deprecated: bool,
    pub(crate) described: Described,
}

/// What the contract is written from.
pub(crate) struct Facts {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) headers: Option<Value>,
    pub(crate) routes: Vec<RouteFacts>,
}

/// Writes the document. `describe` must have seen every route of `facts`.
///
/// Also gives back the definitions, which validators are compiled with.
pub(crate) fn write(mut facts: Facts, describe: Describe) -> (Contract, Map<String, Value>) {
    let outbound = facts.routes.iter_mut().flat_map(|RouteFacts { direction, described, .. }| {
        let payload = described.payload.as_mut().filter(|_| *direction == Direction::Outgoing);
        payload
            .into_iter()
            .chain(&mut described.reply)
            .chain(described.errors.iter_mut().filter_map(|e| e.data.as_mut()))
    });
    let definitions = describe.finish(outbound);
    facts.routes.sort_by(|a, b| (&a.route, a.direction as u8).cmp(&(&b.route, b.direction as u8)));

    let mut document = json!({
        "zocket": crate::PROTOCOL_VERSION,
        "router": facts.name,
        "routes": facts.routes.iter().map(route).collect::<Vec<_>>(),
        "$defs": &definitions,
    });
    set_text(&mut document, "description", &facts.description);
    if let Some(headers) = facts.headers {
        document["headers"] = headers;
    }
    (Contract::seal(document), definitions)
}

fn route(facts: &RouteFacts) -> Value {
    let mut route = json!({"route": facts.route, "direction": facts.direction.as_str()});
    set_text(&mut route, "description", &facts.description);
    if facts.deprecated {
        route["deprecated"] = true.into();
    }
    if let Some(payload) = &facts.described.payload {
        route["payload"] = payload.clone();
    }
    if let Some(reply) = &facts.described.reply {
        route["reply"] = reply.clone();
    }
    let mut errors: Vec<Value> = Vec::new();
    for error in facts.described.errors.iter().map(error) {
        // Several error types that a handler answers with may share one.
        if !errors.contains(&error) {
            errors.push(error);
        }
    }
    if !errors.is_empty() {
        route["errors"] = errors.into();
    }
    route
}

fn error(facts: &ErrorFacts) -> Value {
    let mut error = json!({"code": facts.code});
    set_text(&mut error, "description", &facts.description);
    if facts.deprecated {
        error["deprecated"] = true.into();
    }
    if let Some(data) = &facts.data {
        error["data"] = data.clone();
    }
    error
}

fn set_text(document: &mut Value, key: &str, text: &str) {
    if !text.is_empty() {
        document[key] = text.into();
    }
}

/// A schema that stands alone: with the definitions it refers to, and theirs.
pub(crate) fn self_contained(schema: &Value, definitions: &Map<String, Value>) -> Value {
    let needed = needed_definitions(schema, definitions);
    let mut root = match schema {
        Value::Object(object) => object.clone(),
        // `true`: anything goes.
        other => Map::from_iter([("allOf".to_owned(), json!([other]))]),
    };
    root.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    if !needed.is_empty() {
        root.insert("$defs".into(), needed.into());
    }
    root.into()
}
