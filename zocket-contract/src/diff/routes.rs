//! Comparing contracts: routes, their parts, headers.

use serde_json::{Map, Value, json};

use super::change::{Change, ChangedPart, Impact};
use super::docs;
use super::gap::{Gap, Weight, What};
use super::schema::{Engine, Term, World};
use super::words::{self, Way};
use crate::{Contract, Direction, ErrorCode, Route};

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
    compare.changes
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
            (Some(old), Some(new)) => self.schemas(place, Way::In, old, new),
            (Some(_), None) => {
                let message = "there is none any more: what clients send is ignored";
                self.tell(place, Impact::Compatible, "removed", message);
            }
            (None, Some(new)) => {
                static NULL: std::sync::LazyLock<Value> =
                    std::sync::LazyLock::new(|| json!({"type": "null"}));
                let absent = Term::new(&NULL, self.old);
                let new = Term::new(new, self.new);
                if self.engine.gaps(&absent, &new, World::Clients).iter().all(Gap::is_note) {
                    let message = "new, and may be left out";
                    self.tell(place, Impact::Compatible, "added", message);
                } else {
                    let message =
                        "there was none and one is required now: clients that send none are refused";
                    let mut change = place.change(Impact::Breaking, "added", message);
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
            (Some(old), Some(new)) => self.schemas(place, Way::Out, old, new),
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
        self.schemas(&place, Way::In, old.unwrap_or(&NONE), new.unwrap_or(&NONE));
    }

    /// Both ways: what is lost is breaking, what is gained is not.
    fn schemas(&mut self, place: &Place, way: Way, old: &'c Value, new: &'c Value) {
        let (before, now) = (Term::new(old, self.old), Term::new(new, self.new));
        let from = self.changes.len();
        if !self.same {
            let (lost, gained, world) = match way {
                Way::In => ((&before, &now), (&now, &before), World::Clients),
                Way::Out => ((&now, &before), (&before, &now), World::Servers),
            };
            for gap in self.engine.gaps(lost.0, lost.1, world).iter() {
                self.gap(place, way, true, gap);
            }
            let told = self.changes.len();
            for gap in self.engine.gaps(gained.0, gained.1, world).iter() {
                self.gap(place, way, false, gap);
            }
            // A change that goes both ways was told already.
            let (first, second) = self.changes.split_at(told);
            let same = |told: &Change, again: &Change| {
                let kind = told.kind == again.kind || (told.is_breaking() && again.kind == "property");
                told.path == again.path && kind && told.within == again.within
            };
            let keep: Vec<bool> =
                second.iter().map(|change| !first[from..].iter().any(|other| same(other, change))).collect();
            let mut index = 0;
            self.changes.retain(|_| {
                let kept = index < told || keep[index - told];
                index += 1;
                kept
            });
        }
        let mut found = Vec::new();
        docs::compare((old, self.old), (new, self.new), &mut found);
        for note in found {
            let impact = if note.wire { Impact::Compatible } else { Impact::Documentation };
            let mut change = place.change(impact, note.kind, note.message);
            change.path = note.path;
            self.changes.push(change);
        }
    }

    /// `lost` is whether old clients lose by it.
    fn gap(&mut self, place: &Place, way: Way, lost: bool, gap: &Gap) {
        let mut gap = gap.clone();
        if place.part == ChangedPart::Headers && gap.path.matches('/').count() == 1 {
            // Headers that a schema does not name are ignored, and it cannot forbid them.
            match gap.what {
                What::Closed => return,
                What::Forbidden { named: false } => {
                    gap = Gap { weight: Weight::Note, what: What::Unnamed, ..gap }
                }
                _ => {}
            }
        }
        let said = words::say(&gap.what, way, gap.weight, lost);
        let impact = if lost && !gap.is_note() { Impact::Breaking } else { Impact::Compatible };
        let mut change = place.change(impact, &said.kind, said.message);
        change.path = gap.path;
        change.within = gap.within;
        change.undecided = lost && gap.weight == Weight::Undecided;
        change.help = said.help.map(str::to_owned);
        self.changes.push(change);
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
