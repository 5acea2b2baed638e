//! Comparing contracts: routes, their parts, headers.

mod schemas;

use serde_json::{Map, Value, json};

use super::change::{Change, ChangedPart, Impact};
use super::docs;
use super::gap::Gap;
use super::schema::{Engine, Term, World};
use super::words::Way;
use crate::document::{Contract, Direction, ErrorCode, Route};
use crate::keywords::is_http_only;
use crate::reference::definition_name;

pub(super) fn compare(old: &Contract, new: &Contract) -> Vec<Change> {
    let mut compare = Compare {
        old: old.definitions(),
        new: new.definitions(),
        // What goes over the wire is the same, so there is nothing to find.
        same: old.hash() == new.hash() && !old.hash().is_empty(),
        engine: Engine::new(),
        changes: Vec::new(),
    };
    compare.contracts(old, new);
    let told = compare.changes.iter().any(|change| change.impact != Impact::Documentation);
    if !told && old.hash() != new.hash() {
        let message = format!("written otherwise: the hash is {} now, not {}", new.hash(), old.hash());
        compare.tell(&Place::whole(ChangedPart::Contract), Impact::Compatible, "hash", message);
    }
    compare.changes
}

/// The properties of the headers.
fn properties<'c>(headers: &'c Value, definitions: &'c Map<String, Value>) -> Option<&'c Map<String, Value>> {
    let named = headers.get("$ref").and_then(Value::as_str).and_then(definition_name);
    let headers = named.and_then(|name| definitions.get(&name)).unwrap_or(headers);
    headers.get("properties")?.as_object()
}

struct Compare<'c> {
    old: &'c Map<String, Value>,
    new: &'c Map<String, Value>,
    same: bool,
    engine: Engine<'c>,
    changes: Vec<Change>,
}

/// Where changes are.
#[derive(Clone)]
struct Place {
    route: Option<(String, Direction)>,
    part: ChangedPart,
}

impl Place {
    fn of(route: Route<'_>, part: ChangedPart) -> Self {
        Self { route: Some((route.name().to_owned(), route.direction())), part }
    }

    fn whole(part: ChangedPart) -> Self {
        Self { route: None, part }
    }

    fn change(&self, impact: Impact, kind: &str, message: impl Into<String>) -> Change {
        let (route, direction) = self.route.clone().unzip();
        Change {
            route,
            direction,
            part: self.part.clone(),
            path: String::new(),
            within: Vec::new(),
            kind: kind.to_owned(),
            impact,
            undecided: false,
            example: None,
            message: message.into(),
            help: None,
        }
    }
}

impl<'c> Compare<'c> {
    fn contracts(&mut self, old: &'c Contract, new: &'c Contract) {
        let place = Place::whole(ChangedPart::Contract);
        if old.protocol() != new.protocol() {
            let message = format!("the wire protocol went from {} to {}", old.protocol(), new.protocol());
            self.tell(&place, Impact::Breaking, "protocol", message);
        }
        if old.router() != new.router() {
            let message = format!("the router is called `{}` now, not `{}`", new.router(), old.router());
            self.tell(&place, Impact::Documentation, "name", message);
        }
        self.description(&place, old.description(), new.description());
        self.headers(old.headers(), new.headers());
        for route in old.routes() {
            match new.route(route.name(), route.direction()) {
                Some(now) => self.route(route, now),
                None => self.removed(route, old, new),
            }
        }
        for route in new.routes().filter(|route| old.route(route.name(), route.direction()).is_none()) {
            let message = match route.direction() {
                Direction::Incoming => "new: clients may call it",
                Direction::Outgoing => "new: clients of the old contract ignore it",
            };
            self.tell(&Place::of(route, ChangedPart::Route), Impact::Compatible, "added", message);
        }
    }

    fn removed(&mut self, route: Route<'c>, old: &Contract, new: &Contract) {
        let (name, direction) = (route.name(), route.direction());
        let other = match direction {
            Direction::Incoming => Direction::Outgoing,
            Direction::Outgoing => Direction::Incoming,
        };
        let turned = new.route(name, other).is_some() && old.route(name, other).is_none();
        let (kind, message) = match (turned, direction) {
            (true, Direction::Incoming) => ("direction", "clients called it, now the server sends it"),
            (true, Direction::Outgoing) => ("direction", "the server sent it, now clients call it"),
            (false, Direction::Incoming) => ("removed", "removed: clients that call it get UNKNOWN_ROUTE"),
            (false, Direction::Outgoing) => {
                ("removed", "removed: clients that wait for it get nothing any more")
            }
        };
        let mut change = Place::of(route, ChangedPart::Route).change(Impact::Breaking, kind, message);
        change.help = Some(
            match direction {
                Direction::Incoming => {
                    "keep the route with #[deprecated] until no client calls it, and give the new one another name"
                }
                Direction::Outgoing => "keep sending it until no client listens for it",
            }
            .to_owned(),
        );
        self.changes.push(change);
    }

    fn route(&mut self, old: Route<'c>, new: Route<'c>) {
        let place = Place::of(old, ChangedPart::Route);
        self.description(&place, old.description(), new.description());
        match (old.is_deprecated(), new.is_deprecated()) {
            (false, true) => {
                self.tell(
                    &place,
                    Impact::Documentation,
                    "deprecated",
                    "deprecated: clients should move away",
                );
            }
            (true, false) => {
                self.tell(&place, Impact::Documentation, "deprecated", "no longer deprecated");
            }
            _ => {}
        }
        match old.direction() {
            Direction::Incoming => {
                self.received(&Place::of(old, ChangedPart::Payload), old.payload(), new.payload());
            }
            Direction::Outgoing => {
                self.sent(&Place::of(old, ChangedPart::Event), old.payload(), new.payload());
            }
        }
        self.sent(&Place::of(old, ChangedPart::Reply), old.reply(), new.reply());
        self.errors(old, new);
    }

    fn errors(&mut self, old: Route<'c>, new: Route<'c>) {
        let place = |error: &ErrorCode<'_>| Place::of(old, ChangedPart::Error(error.code().to_owned()));
        let find = |route: Route<'c>, code: &str| route.errors().find(|error| error.code() == code);
        for error in old.errors() {
            match find(new, error.code()) {
                Some(now) => {
                    self.description(&place(&error), error.description(), now.description());
                    self.sent(&place(&error), error.data(), now.data());
                }
                None => self.tell(
                    &place(&error),
                    Impact::Compatible,
                    "code",
                    "no call is refused with it any more",
                ),
            }
        }
        for error in new.errors().filter(|error| find(old, error.code()).is_none()) {
            let message = "new: clients may now be refused with a code that they do not know";
            let mut change = place(&error).change(Impact::Breaking, "code", message);
            change.help =
                Some("answer old clients with a code that they know, or use a new route".to_owned());
            self.changes.push(change);
        }
    }

    /// What clients send with a call.
    fn received(&mut self, place: &Place, old: Option<&'c Value>, new: Option<&'c Value>) {
        match (old, new) {
            (None, None) => {}
            (Some(old), Some(new)) => {
                let from = self.changes.len();
                self.schemas(place, Way::In, old, new);
                self.otherwise(place, Way::In, old, new, from);
            }
            (Some(_), None) => {
                let message = "there is none any more: what clients send is ignored";
                self.tell(place, Impact::Compatible, "removed", message);
            }
            (None, Some(new)) => {
                static NULL: std::sync::LazyLock<Value> =
                    std::sync::LazyLock::new(|| json!({"type": "null"}));
                let absent = Term::new(&NULL, self.old);
                let new = Term::new(new, self.new);
                let gaps = self.engine.gaps(&absent, &new, World::Clients);
                if gaps.iter().all(Gap::is_note) {
                    let message = "new, and may be left out";
                    self.tell(place, Impact::Compatible, "added", message);
                } else {
                    let refused = gaps
                        .iter()
                        .any(|gap| self.engine.witness(&absent, &new, World::Clients, gap).is_some());
                    let message = if refused {
                        "there was none and one is required now: clients that send none are refused"
                    } else {
                        "there was none, and whether one is required now cannot be decided, so it counts as breaking"
                    };
                    let mut change = place.change(Impact::Breaking, "added", message);
                    change.undecided = !refused;
                    change.example = refused.then_some(Value::Null);
                    change.help = Some("take an Option of the payload, or use a new route".to_owned());
                    self.changes.push(change);
                }
            }
        }
    }

    /// What clients receive.
    fn sent(&mut self, place: &Place, old: Option<&'c Value>, new: Option<&'c Value>) {
        let what = if matches!(place.part, ChangedPart::Error(_)) { "data" } else { "payload" };
        match (old, new) {
            (None, None) => {}
            (Some(old), Some(new)) => {
                let from = self.changes.len();
                self.schemas(place, Way::Out, old, new);
                self.otherwise(place, Way::Out, old, new, from);
            }
            (None, Some(_)) => {
                let message = format!("carries {what} now, which clients of the old contract ignore");
                self.tell(place, Impact::Compatible, "added", message);
            }
            (Some(_), None) => {
                let message = format!("carries no {what} any more: clients that read it find nothing");
                self.tell(place, Impact::Breaking, "removed", message);
            }
        }
    }

    /// The handshake's headers: as a payload, but for what the schema does not name.
    fn headers(&mut self, old: Option<&'c Value>, new: Option<&'c Value>) {
        // Clients of a contract without headers send none.
        static NONE: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| json!({"type": "object"}));
        let place = Place::whole(ChangedPart::Headers);
        if old.is_none() && new.is_none() {
            return;
        }
        let (old, new) = (old.unwrap_or(&NONE), new.unwrap_or(&NONE));
        let from = self.changes.len();
        self.schemas(&place, Way::In, old, new);
        let (before, now) = (properties(old, self.old), properties(new, self.new));
        for (name, schema) in now.into_iter().flatten() {
            // What is new is not missed in the query.
            let Some(earlier) = before.and_then(|before| before.get(name)) else { continue };
            let (impact, message) = match (is_http_only(earlier), is_http_only(schema)) {
                (false, true) => (
                    Impact::Breaking,
                    "is read from the HTTP header alone now: what clients send in the query is ignored",
                ),
                (true, false) => (Impact::Compatible, "is read from the query as well"),
                _ => continue,
            };
            let mut change = place.change(impact, "http-only", message);
            change.path = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
            self.changes.push(change);
        }
        self.otherwise(&place, Way::In, old, new, from);
    }

    fn description(&mut self, place: &Place, old: &str, new: &str) {
        if let Some(message) = docs::described(old, new) {
            let whose = if place.part == ChangedPart::Contract { "the router is " } else { "" };
            self.tell(place, Impact::Documentation, "description", format!("{whose}{message}"));
        }
    }

    fn tell(&mut self, place: &Place, impact: Impact, kind: &str, message: impl Into<String>) {
        self.changes.push(place.change(impact, kind, message));
    }
}
