//! The routes of a server, ready to be called.

use std::{
    collections::{BTreeMap, HashMap, btree_map::Entry},
    hash::BuildHasherDefault,
    sync::Arc,
};

use serde_json::{Map, Value};

use super::{
    RpcId,
    build_error::{BuildError, Fault},
    call::{Parts, StateSlot},
    name_hash::NameHasher,
    registry::{GuardFn, StartFn},
    router::{AnyState, GuardEntry, HeadersEntry, Router, Source},
};
use crate::{
    contract::{
        self, Contract, Describe, Described, Direction, Facts, RouteFacts,
        schema::{Issue, PayloadSchema, SchemaError},
    },
    handler::{Error, Handling},
    session::ConnLink,
};

/// A route that clients call.
pub(crate) struct Route {
    name: Box<str>,
    state: StateSlot,
    concurrent: bool,
    compress: bool,
    schema: Option<PayloadSchema>,
    guards: Box<[(StateSlot, Arc<GuardFn>)]>,
    start: StartFn,
}

/// All of them, by name.
pub(crate) struct Table {
    routes: Box<[Route]>,
    names: HashMap<Box<str>, u32, BuildHasherDefault<NameHasher>>,
}

impl Table {
    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.names.get(name).copied()
    }

    pub(crate) fn route(&self, index: u32) -> &Route {
        &self.routes[index as usize]
    }

    /// Begins a message while its frame is at hand. Without guards the payload is parsed from it at once; guards come
    /// before that, so that who is refused costs no parsing, and learns of the refusal first.
    pub(crate) fn start(
        &self,
        index: u32,
        link: Arc<ConnLink>,
        rpc_id: Option<RpcId>,
        payload: Option<&str>,
    ) -> Result<Handling, Error> {
        let route = self.route(index);
        let parts = Parts { link, state: route.state, route: Some(index), rpc_id };
        if route.guards.is_empty() {
            return (route.start)(parts, payload, route.schema.as_ref());
        }
        let payload: Option<Box<str>> = payload.map(Into::into);
        Ok(Box::pin(async move {
            let core = Arc::clone(parts.link.attachment().core());
            let route = core.table.route(index);
            for (state, guard) in &route.guards {
                let link = Arc::clone(&parts.link);
                guard(Parts { link, state: *state, route: Some(index), rpc_id: None }).await?;
            }
            let handler = (route.start)(parts, payload.as_deref(), route.schema.as_ref())?;
            handler.await
        }))
    }
}

impl Route {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn is_concurrent(&self) -> bool {
        self.concurrent
    }

    /// Whether [`Table::start`] reads the payload, all of it, before anything else happens.
    pub(crate) fn reads_at_once(&self) -> bool {
        self.schema.is_some() && self.guards.is_empty()
    }

    /// Whether its replies may be compressed.
    pub(crate) fn compresses(&self) -> bool {
        self.compress
    }
}

/// What the handshake's headers must look like.
pub(crate) struct HeadersSchema {
    schema: PayloadSchema,
    pub(crate) root: Value,
    check: fn(&PayloadSchema, &str) -> Result<(), Vec<Issue>>,
}

impl HeadersSchema {
    /// Holds the handshake's headers, as a JSON object, against the router's headers type.
    pub(crate) fn check(&self, headers: &str) -> Result<(), Vec<Issue>> {
        (self.check)(&self.schema, headers)
    }
}

/// A router's contract and the schemas that enforce it.
pub(super) struct DescribedRouter {
    pub(super) contract: Contract,
    /// For each incoming entry, in order.
    schemas: Vec<Option<PayloadSchema>>,
    headers: Option<HeadersSchema>,
    keeps_handshake: bool,
}

pub(super) fn describe<C, St>(router: &Router<C, St>) -> Result<DescribedRouter, BuildError> {
    unique(router)?;
    let mut describe = Describe::new();
    let mut routes = Vec::new();
    let mut keeps_handshake = false;
    for entry in &router.incoming {
        (entry.describe)(&mut describe);
        let described = describe.take();
        keeps_handshake |= described.keeps_handshake;
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
            describe.take().payload.map(|schema| (entry, schema))
        }
        None => None,
    };
    let payloads: Vec<Option<Value>> =
        routes.iter().take(router.incoming.len()).map(|route| route.described.payload.clone()).collect();
    let (contract, definitions) = contract::write(
        Facts {
            name: router.anchors[0].name().to_owned(),
            description: router.description.clone(),
            headers: headers.as_ref().map(|(_, schema)| schema.clone()),
            routes,
        },
        describe,
    );
    let mut schemas = Vec::with_capacity(payloads.len());
    for (entry, payload) in router.incoming.iter().zip(payloads) {
        schemas.push(match payload {
            Some(payload) => Some(compile(&payload, &definitions).map_err(|error| Fault::Schema {
                route: entry.route.route.to_owned(),
                at: Some(entry.route.at),
                error,
            })?),
            None => None,
        });
    }
    let headers = match headers {
        Some((entry, schema)) => Some(HeadersSchema {
            schema: compile(&schema, &definitions).map_err(|error| Fault::Schema {
                route: "#[headers]".to_owned(),
                at: None,
                error,
            })?,
            root: contract::self_contained(&schema, &definitions),
            check: entry.check,
        }),
        None => None,
    };
    Ok(DescribedRouter { contract, schemas, headers, keeps_handshake })
}

fn facts(
    route: &str,
    direction: Direction,
    docs: &str,
    deprecated: bool,
    described: Described,
) -> RouteFacts {
    let (route, description) = (route.to_owned(), docs.trim().to_owned());
    RouteFacts { route, direction, description, deprecated, described }
}

fn compile(schema: &Value, definitions: &Map<String, Value>) -> Result<PayloadSchema, SchemaError> {
    PayloadSchema::compile(&contract::self_contained(schema, definitions))
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

/// A router, made ready to serve.
pub(crate) struct Compiled {
    pub(crate) table: Table,
    pub(crate) contract: Contract,
    pub(crate) headers: Option<HeadersSchema>,
    pub(crate) keeps_handshake: bool,
    pub(crate) states: Box<[AnyState]>,
    pub(crate) on_connect: Option<(StateSlot, super::ConnectFn)>,
    pub(crate) on_disconnect: Option<(StateSlot, super::DisconnectFn)>,
    pub(crate) anchors: Vec<&'static crate::send::Anchor>,
}

impl<C: Send + Sync + 'static, St: Send + Sync + 'static> Router<C, St> {
    /// Checks the router and compiles its schemas. `state` is the server's, where it has one.
    pub(crate) fn compile(self, state: Option<St>) -> Result<Compiled, BuildError> {
        let described = describe(&self)?;
        if self.on_connect.is_empty() && !contract::is_unit::<C>() {
            return Err(Fault::NoContext { context: std::any::type_name::<C>() }.into());
        }
        let state =
            state.or_else(no_state::<St>).ok_or(Fault::NoState { state: std::any::type_name::<St>() })?;
        let state = Arc::new(state);
        let states = self.sources.iter().map(|source| match source {
            Source::Own => Arc::clone(&state) as AnyState,
            Source::Part(part) => part(&state),
        });
        let states = states.collect();
        let guards = self.guards;
        let routes: Box<[Route]> = self
            .incoming
            .into_iter()
            .zip(described.schemas)
            .map(|(entry, schema)| Route {
                name: entry.route.route.into(),
                state: entry.state,
                concurrent: entry.route.concurrent,
                compress: entry.route.compress,
                schema,
                guards: guards_of(&guards, entry.route.route, entry.router),
                start: entry.start,
            })
            .collect();
        let names = (0..).zip(&routes).map(|(index, route)| (route.name.clone(), index)).collect();
        Ok(Compiled {
            table: Table { routes, names },
            contract: described.contract,
            headers: described.headers,
            keeps_handshake: described.keeps_handshake,
            states,
            on_connect: self.on_connect.into_iter().next().map(|hook| (hook.state, hook.run)),
            on_disconnect: self.on_disconnect.into_iter().next().map(|hook| (hook.state, hook.run)),
            anchors: self.anchors,
        })
    }
}

/// The state of a router that needs none.
fn no_state<St: 'static>() -> Option<St> {
    let state: Box<dyn std::any::Any> = Box::new(crate::extract::NoState);
    state.downcast().ok().map(|state| *state)
}

/// The guards before a route, outside in: those of whole modules first, then by the depth of their namespace.
fn guards_of(
    guards: &[GuardEntry],
    route: &str,
    router: &'static crate::send::Anchor,
) -> Box<[(StateSlot, Arc<GuardFn>)]> {
    let covers = |guard: &&GuardEntry| match guard.own {
        Some(own) => std::ptr::eq(own, router),
        None => covers(guard.prefix, route),
    };
    let mut found: Vec<&GuardEntry> = guards.iter().filter(covers).collect();
    found.sort_by_key(|guard| guard.prefix.len());
    found.iter().map(|guard| (guard.state, Arc::clone(&guard.run))).collect()
}

/// Whether `route` is `prefix` or lies below it.
fn covers(prefix: &str, route: &str) -> bool {
    route
        .strip_prefix(prefix)
        .is_some_and(|rest| prefix.is_empty() || rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_prefix_ends_at_a_dot() {
        assert!(covers("", "chat.post"));
        assert!(covers("chat", "chat.post"));
        assert!(covers("chat.post", "chat.post"));
        assert!(!covers("chat", "chatter.post"));
        assert!(!covers("chat.post", "chat"));
    }
}
