//! Writing the contract document.

use serde_json::{Map, Value, json};
use zocket_contract::{
    Contract, Direction,
    localize::{BadReference, Standing, localize},
    reference::needed_definitions,
};

use super::{
    describe::{Describe, Described, ErrorFacts},
    http_only,
};
use crate::wire::PROTOCOL_VERSION;

/// One route, with everything that the contract says about it.
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
/// Also returns the definitions, which the validators need.
///
/// # Errors
/// A schema refers to something that a contract cannot contain.
pub(crate) fn write(
    mut facts: Facts,
    describe: Describe,
) -> Result<(Contract, Map<String, Value>), BadReference> {
    let outbound = facts.routes.iter_mut().flat_map(|RouteFacts { direction, described, .. }| {
        let payload = described.payload.as_mut().filter(|_| *direction == Direction::Outgoing);
        payload
            .into_iter()
            .chain(&mut described.reply)
            .chain(described.errors.iter_mut().filter_map(|e| e.data.as_mut()))
    });
    let mut definitions = describe.finish(outbound);
    localize(&mut standing(&mut facts), &mut definitions)?;
    if let Some(headers) = &mut facts.headers {
        http_only::mark(headers, &mut definitions);
    }
    facts.routes.sort_by(|a, b| (&a.route, a.direction as u8).cmp(&(&b.route, b.direction as u8)));

    let mut document = json!({
        "zocket": PROTOCOL_VERSION,
        "router": facts.name,
        "routes": facts.routes.iter().map(route).collect::<Vec<_>>(),
        "$defs": &definitions,
    });
    set_text(&mut document, "description", &facts.description);
    if let Some(headers) = facts.headers {
        document["headers"] = headers;
    }
    Ok((Contract::seal(document), definitions))
}

/// All schemas that are not definitions, with the names that they would have as definitions.
fn standing(facts: &mut Facts) -> Vec<Standing<'_>> {
    let mut all = Vec::new();
    if let Some(schema) = &mut facts.headers {
        all.push(Standing { name: "Headers".into(), schema });
    }
    for RouteFacts { route, direction, described, .. } in &mut facts.routes {
        // `stock.order_now` becomes `StockOrderNow`.
        let words = route.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let capital = |word: &str| {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
        };
        let route: String = words.map(capital).collect();
        let payload = if *direction == Direction::Incoming { "Payload" } else { "Event" };
        let parts = described.payload.iter_mut().map(|schema| (payload, schema));
        let parts = parts.chain(described.reply.iter_mut().map(|schema| ("Reply", schema)));
        let data = described.errors.iter_mut().filter_map(|error| error.data.as_mut());
        let parts = parts.chain(data.map(|schema| ("Error", schema)));
        all.extend(parts.map(|(part, schema)| Standing { name: format!("{route}{part}"), schema }));
    }
    all
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
        // Several error types of a handler may share one.
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

/// A self-contained schema: with the definitions that it refers to, and theirs.
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
