//! The routes of a server, by name.

use std::{collections::HashMap, hash::BuildHasherDefault};

use super::{
    entries::{Guard, GuardEntry, IncomingEntry, StartFn},
    name_hash::NameHasher,
};
use crate::{
    call::Keeps,
    connection::{CallRoute, RouteSlot, StateSlot},
    contract::schema::PayloadSchema,
    error::Error,
};

/// A route that clients call.
pub(crate) struct Route {
    name: &'static str,
    pub(super) state: StateSlot,
    concurrent: bool,
    pub(super) schema: Option<PayloadSchema>,
    pub(super) guards: Box<[Guard]>,
    pub(super) keeps: Keeps,
    pub(super) start: StartFn,
    /// The data of errors, by their codes.
    errors: Box<[(String, PayloadSchema)]>,
}

/// The schemas of a route that clients call.
#[derive(Default)]
pub(super) struct RouteSchemas {
    pub(super) payload: Option<PayloadSchema>,
    /// The schema that replies are checked against, unless they are known to match.
    pub(super) reply: Option<PayloadSchema>,
    pub(super) errors: Vec<(String, PayloadSchema)>,
}

/// All of them, by name.
pub(crate) struct Table {
    routes: Box<[Route]>,
    names: HashMap<&'static str, RouteSlot, BuildHasherDefault<NameHasher>>,
}

impl Table {
    pub(super) fn new(routes: Box<[Route]>) -> Self {
        let names = (0..).zip(&routes).map(|(index, route)| (route.name, RouteSlot(index))).collect();
        Self { routes, names }
    }

    pub(crate) fn find(&self, name: &str) -> Option<RouteSlot> {
        self.names.get(name).copied()
    }

    pub(crate) fn route(&self, slot: RouteSlot) -> &Route {
        &self.routes[slot.0 as usize]
    }
}

impl Route {
    /// The route, and the part of it that its calls need.
    pub(super) fn new(
        entry: IncomingEntry,
        schemas: RouteSchemas,
        keeps: Keeps,
        guards: &[GuardEntry],
    ) -> (Self, CallRoute) {
        let (name, compress) = (entry.route.route, entry.route.compress);
        let route = Self {
            name,
            state: entry.state,
            concurrent: entry.route.concurrent,
            schema: schemas.payload,
            errors: schemas.errors.into(),
            guards: guards_of(guards, &entry).into_iter().cloned().collect(),
            keeps,
            start: entry.start,
        };
        (route, CallRoute { name, compress, reply: schemas.reply })
    }

    pub(crate) fn is_concurrent(&self) -> bool {
        self.concurrent
    }

    /// Whether [`App::start`](super::App::start) reads the whole payload before anything else happens.
    pub(crate) fn reads_at_once(&self) -> bool {
        self.schema.is_some() && self.guards.is_empty()
    }

    /// The error as it may be sent: its data must match what the contract says about its code.
    pub(crate) fn checked(&self, error: Error) -> Error {
        let schema = self.errors.iter().find(|(code, _)| code == error.code()).map(|(_, schema)| schema);
        match schema.map(|schema| schema.check_written(error.data().unwrap_or("null"))) {
            Some(Err(cause)) => Error::internal(format!("the data of the error {}: {cause}", error.code())),
            _ => error,
        }
    }
}

/// The guards before a route, from the outermost to the route's own, each once.
pub(super) fn guards_of<'r>(guards: &'r [GuardEntry], route: &'r IncomingEntry) -> Vec<&'r Guard> {
    let covers = |guard: &&GuardEntry| match guard.own {
        Some(own) => std::ptr::eq(own, route.router),
        None => is_below(guard.prefix, route.route.route),
    };
    let mut around: Vec<&GuardEntry> = guards.iter().filter(covers).collect();
    // Each prefix of a route is within the next shorter one.
    around.sort_by_key(|guard| guard.prefix.len());
    let mut found: Vec<&Guard> = Vec::new();
    for guard in around.into_iter().map(|entry| &entry.guard).chain(&route.guards) {
        if !found.iter().any(|own| (own.middleware, own.state) == (guard.middleware, guard.state)) {
            found.push(guard);
        }
    }
    found
}

/// Whether `route` is in the namespace `prefix`.
fn is_below(prefix: &str, route: &str) -> bool {
    route.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::is_below;

    #[test]
    fn a_namespace_ends_at_a_dot() {
        assert!(is_below("chat", "chat.post"));
        assert!(is_below("chat", "chat.rooms.post"));
        assert!(!is_below("chat", "chatter.post"));
        assert!(!is_below("chat", "chat"), "a route of that name stands beside the namespace");
        assert!(!is_below("chat.post", "chat"));
    }
}
