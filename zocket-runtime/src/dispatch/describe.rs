//! A router's contract, and the schemas that enforce it.

use std::collections::{BTreeMap, btree_map::Entry};

use serde_json::{Map, Value};

use super::{
    build_error::{BuildError, Fault, SchemaFault},
    entries::{At, HeadersEntry},
    headers::{HeaderFields, HeadersSchema},
    router::Router,
    table::{RouteSchemas, guards_of},
};
use crate::{
    call::Keeps,
    contract::{
        self, Contract, Describe, Described, Direction, Facts, Part, RouteFacts,
        schema::{Integers, PayloadSchema, Reads, SchemaError, has_wide_integers},
    },
};

/// A router's contract and the schemas that enforce it.
pub(super) struct DescribedRouter {
    pub(super) contract: Contract,
    /// For each incoming entry, in order.
    pub(super) schemas: Vec<RouteSchemas>,
    /// As the routes have it, for each incoming entry, in order.
    pub(super) keeps: Vec<Keeps>,
    pub(super) headers: Option<HeadersSchema>,
    pub(super) keeps_handshake: bool,
}

pub(super) fn describe<C, St>(router: &Router<C, St>) -> Result<DescribedRouter, BuildError> {
    unique(router)?;
    let integers = integers(router)?;
    let mut describe = Describe::new(integers);
    let mut routes = Vec::new();
    let mut keeps_handshake = false;
    let mut keeps = Vec::with_capacity(router.incoming.len());
    for entry in &router.incoming {
        (entry.describe)(&mut describe);
        for guard in guards_of(&router.guards, entry) {
            (guard.describe)(&mut describe);
        }
        let described = describe.take();
        keeps_handshake |= described.keeps_handshake;
        keeps.push(Keeps { shared: described.shared_middleware(), payload: described.keeps_payload });
        routes.push(facts(
            entry.route.route,
            Direction::Incoming,
            entry.route.docs,
            entry.route.deprecated,
            described,
        ));
    }
    for entry in &router.outgoing {
        (entry.describe)(&mut describe);
        routes.push(facts(entry.route, Direction::Outgoing, entry.docs, entry.deprecated, describe.take()));
    }
    let headers = match router.headers.first() {
        Some(entry) => {
            (entry.describe)(&mut describe);
            let described = describe.take();
            described.payload.map(|schema| (entry, schema, described.reads))
        }
        None => None,
    };
    let reads: Vec<Option<Reads>> =
        routes.iter().take(router.incoming.len()).map(|route| route.described.reads).collect();
    let faithful_replies: Vec<bool> =
        routes.iter().take(router.incoming.len()).map(|route| route.described.faithful_reply).collect();
    let (contract, definitions) = contract::write(
        Facts {
            name: router.anchors[0].name().to_owned(),
            description: router.description.clone(),
            headers: headers.as_ref().map(|(_, schema, _)| schema.clone()),
            routes,
        },
        describe,
    )
    .map_err(|error| Fault::Contract {
        message: error.message().to_owned(),
        help: error.help().to_owned(),
    })?;
    let mut compiler = Compiler { definitions, faults: Vec::new() };
    // Taken from the contract: there, references in hand-written schemas have been adapted to it.
    let incoming = router.incoming.iter().zip(reads);
    let mut schemas: Vec<RouteSchemas> = incoming
        .map(|(entry, reads)| {
            let what = || format!("the payload of `{}`", entry.route.route);
            let route = contract.route(entry.route.route, Direction::Incoming);
            let compile = |payload| compiler.inbound(what, Some(entry.route.at), payload, reads);
            let payload = route.as_ref().and_then(|route| route.payload()).and_then(compile);
            RouteSchemas { payload, ..RouteSchemas::default() }
        })
        .collect();
    let headers = match headers.zip(contract.headers()) {
        Some(((entry, _, reads), schema)) => {
            let root = contract::self_contained(schema, &compiler.definitions);
            let fields =
                HeaderFields::of(&root).map_err(|why| Fault::Headers { router: entry.router.name(), why })?;
            let schema = compiler.inbound(|| "the handshake's headers".to_owned(), None, schema, reads);
            schema.map(|schema| HeadersSchema { schema, fields, check: entry.check })
        }
        None => None,
    };
    // Bounds that the types themselves do not have.
    let is_bounded = |root: &Value| integers == Integers::Safe && has_wide_integers(root);
    for (index, (entry, faithful_reply)) in router.incoming.iter().zip(faithful_replies).enumerate() {
        let (route, at) = (entry.route.route, entry.route.at);
        let mut compile = |part: Part<'_>| {
            let what = match part {
                Part::Error(code) => format!("the data of the error {code} of `{route}`"),
                _ => format!("the reply of `{route}`"),
            };
            let root = contract.enforced_schema_of(route, part)?;
            let is_known = part == Part::Reply && faithful_reply && !is_bounded(&root);
            if is_known { None } else { compiler.outbound(what, at, &root) }
        };
        schemas[index].reply = compile(Part::Reply);
        let errors = contract.route(route, Direction::Incoming).into_iter().flat_map(|route| route.errors());
        for code in errors.map(|error| error.code()) {
            if let Some(schema) = compile(Part::Error(code)) {
                schemas[index].errors.push((code.to_owned(), schema));
            }
        }
    }
    for entry in &router.outgoing {
        let Some(root) = contract.enforced_schema_of(entry.route, Part::Event) else { continue };
        if entry.is_faithful && !is_bounded(&root) {
            continue;
        }
        let what = format!("the message `{}`", entry.route);
        if let Some(schema) = compiler.outbound(what, entry.at, &root) {
            entry.schema.set(schema);
        }
    }
    if !compiler.faults.is_empty() {
        return Err(Fault::Schemas(compiler.faults).into());
    }
    // Makes sure that what is published can be read by the command line, by generators and for comparison.
    if let Err(error) = Contract::parse(&contract.to_json()) {
        let (message, help) = (error.message().to_owned(), CORRECT.to_owned());
        return Err(Fault::Contract { message, help }.into());
    }
    Ok(DescribedRouter { contract, schemas, keeps, headers, keeps_handshake })
}

const CORRECT: &str =
    "correct the `JsonSchema` implementation or the `#[schemars(…)]` attributes that the schema comes from";

/// Prepares schemas, and records those that cannot be enforced.
struct Compiler {
    definitions: Map<String, Value>,
    faults: Vec<SchemaFault>,
}

impl Compiler {
    /// The schema of what clients send.
    fn inbound(
        &mut self,
        what: impl FnOnce() -> String,
        at: Option<At>,
        schema: &Value,
        reads: Option<Reads>,
    ) -> Option<PayloadSchema> {
        let root = contract::self_contained(schema, &self.definitions);
        self.noted(PayloadSchema::compile(&root, reads), what, at)
    }

    /// The schema of what the server sends.
    fn outbound(&mut self, what: String, at: At, root: &Value) -> Option<PayloadSchema> {
        self.noted(PayloadSchema::compile(root, None), || what, Some(at))
    }

    fn noted(
        &mut self,
        compiled: Result<PayloadSchema, SchemaError>,
        what: impl FnOnce() -> String,
        at: Option<At>,
    ) -> Option<PayloadSchema> {
        compiled.map_err(|error| self.faults.push(SchemaFault { what: what(), at, error })).ok()
    }
}

fn facts(
    route: &str,
    direction: Direction,
    docs: contract::Docs,
    deprecated: bool,
    described: Described,
) -> RouteFacts {
    let (route, description) = (route.to_owned(), contract::joined(docs));
    RouteFacts { route, direction, description, deprecated, described }
}

/// What the merged routers say of integers. They share definitions, so they must say the same.
fn integers<C, St>(router: &Router<C, St>) -> Result<Integers, BuildError> {
    let safe = router.integers.iter().find(|(_, integers)| *integers == Integers::Safe);
    let all = router.integers.iter().find(|(_, integers)| *integers == Integers::All);
    match (safe, all) {
        (Some((safe, _)), Some((other, _))) => {
            Err(Fault::IntegersDiffer { safe: safe.name(), other: other.name() }.into())
        }
        (Some(_), None) => Ok(Integers::Safe),
        _ => Ok(Integers::All),
    }
}

/// Merged routers must not contradict each other.
fn unique<C, St>(router: &Router<C, St>) -> Result<(), BuildError> {
    let incoming =
        router.incoming.iter().map(|entry| (Direction::Incoming, entry.route.route, entry.route.at));
    let outgoing = router.outgoing.iter().map(|entry| (Direction::Outgoing, entry.route, entry.at));
    let mut seen = BTreeMap::new();
    for (direction, route, second) in incoming.chain(outgoing) {
        match seen.entry((direction as u8, route)) {
            Entry::Vacant(entry) => drop(entry.insert(second)),
            Entry::Occupied(entry) => {
                let (route, first) = (route.to_owned(), *entry.get());
                return Err(Fault::RouteTwice { route, direction, first, second }.into());
            }
        }
    }
    if let [first, second, ..] = &router.on_connect[..] {
        return Err(Fault::HookTwice { hook: "on_connect", first: first.at, second: second.at }.into());
    }
    if let [first, second, ..] = &router.on_disconnect[..] {
        return Err(Fault::HookTwice { hook: "on_disconnect", first: first.at, second: second.at }.into());
    }
    if let [first, second, ..] = &router.headers[..] {
        let name = |entry: &HeadersEntry| entry.router.name();
        return Err(Fault::HeadersTwice { first: name(first), second: name(second) }.into());
    }
    Ok(())
}
