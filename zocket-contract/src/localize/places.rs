//! All places that a reference can lead to.

use std::collections::BTreeMap;

use serde_json::Value;

use super::error::BadReference;
use super::uri::join;
use crate::keywords::Holds;
use crate::pointer::{escape, unescape};
use crate::reference::percent_decode;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A schema that is not inside another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Root {
    Standing(usize),
    Definition(String),
}

/// A schema, identified by its root and the JSON Pointer within that.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) root: Root,
    pub(super) pointer: String,
}

impl Place {
    pub(super) fn root(root: Root) -> Self {
        Self { root, pointer: String::new() }
    }

    /// A schema in a keyword: directly, or by name or number.
    pub(super) fn below(&self, keyword: &str, step: Option<String>) -> Self {
        let mut pointer = format!("{}/{}", self.pointer, escape(keyword));
        if let (Some(step), Holds::Schemas | Holds::Members) = (step, Holds::of(keyword)) {
            pointer.push('/');
            pointer.push_str(&escape(&step));
        }
        Self { root: self.root.clone(), pointer }
    }
}

/// What `#` means to a schema: the nearest one around it that has an `$id`, or its root.
#[derive(Debug, Clone)]
struct Base {
    uri: Option<String>,
    place: Place,
    /// It comes from `generator.root_schema_for`: its `$defs` are copies of the generator's, some of which may be unfinished.
    is_generated: bool,
}

#[derive(Debug)]
pub(super) struct Places<'v> {
    roots: BTreeMap<Root, &'v Value>,
    /// Schemas with their own base, by the places where they begin.
    bases: BTreeMap<Place, Base>,
    ids: BTreeMap<String, Place>,
    /// Anchors, by the place of their base and their name.
    anchors: BTreeMap<(Place, String), Place>,
    dynamic: BTreeMap<String, usize>,
    is_local: bool,
}

impl<'v> Places<'v> {
    /// Looks through all schemas.
    pub(super) fn find(roots: BTreeMap<Root, &'v Value>) -> Result<Self, BadReference> {
        let mut places = Self {
            bases: BTreeMap::new(),
            ids: BTreeMap::new(),
            anchors: BTreeMap::new(),
            dynamic: BTreeMap::new(),
            is_local: true,
            roots: BTreeMap::new(),
        };
        for (root, schema) in &roots {
            let place = Place::root(root.clone());
            places.look(
                schema,
                &place,
                &Base { uri: None, place: place.clone(), is_generated: false },
                &roots,
            )?;
        }
        places.roots = roots;
        Ok(places)
    }

    /// Whether all references are to definitions of the contract already, and nothing else names a place.
    pub(super) fn is_local(&self) -> bool {
        self.is_local
    }

    fn look(
        &mut self,
        schema: &Value,
        place: &Place,
        around: &Base,
        roots: &BTreeMap<Root, &Value>,
    ) -> Result<(), BadReference> {
        let Some(keywords) = schema.as_object() else { return Ok(()) };
        let text = |keyword: &str| keywords.get(keyword).and_then(Value::as_str);
        if let Some(dialect) = text("$schema").filter(|dialect| dialect.trim_end_matches('#') != DIALECT) {
            return Err(BadReference::dialect(place, dialect));
        }
        let mut base = around.clone();
        // A whole document inside another, as returned by `generator.root_schema_for`, is a root as well.
        if text("$id").is_some() || text("$schema").is_some() {
            let uri = text("$id").map(|id| join(around.uri.as_deref(), id.trim_end_matches('#')));
            let is_generated = text("$id").is_none();
            base = Base { uri: uri.clone().or(base.uri), place: place.clone(), is_generated };
            self.bases.insert(place.clone(), base.clone());
            if let Some(uri) = uri {
                self.ids.insert(uri, place.clone());
            }
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = text(keyword) {
                self.anchors.insert((base.place.clone(), name.to_owned()), place.clone());
            }
        }
        if let Some(name) = text("$dynamicAnchor") {
            *self.dynamic.entry(name.to_owned()).or_default() += 1;
        }
        let is_shared = |reference: &str| {
            let name = crate::reference::definition_name(reference);
            name.is_some_and(|name| roots.contains_key(&Root::Definition(name)))
        };
        let names_places =
            ["$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "$schema", "$defs", "definitions"];
        self.is_local &= text("$ref").is_none_or(is_shared)
            && !names_places.iter().any(|keyword| keywords.contains_key(*keyword));
        for (keyword, value) in keywords {
            match (Holds::of(keyword), value) {
                (Holds::Schema, inner) => self.look(inner, &place.below(keyword, None), &base, roots)?,
                (Holds::Schemas, Value::Array(all)) => {
                    for (index, inner) in all.iter().enumerate() {
                        self.look(inner, &place.below(keyword, Some(index.to_string())), &base, roots)?;
                    }
                }
                (Holds::Members, Value::Object(members)) => {
                    for (name, inner) in members {
                        self.look(inner, &place.below(keyword, Some(name.clone())), &base, roots)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The schema at a place.
    pub(super) fn at(&self, place: &Place) -> Option<&'v Value> {
        let found = self.roots.get(&place.root)?.pointer(&place.pointer)?;
        (found.is_object() || found.is_boolean()).then_some(found)
    }

    /// Where a reference leads.
    pub(super) fn target(&self, reference: &str, from: &Place) -> Result<Place, BadReference> {
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let base = self.base(from);
        let is_own = uri.is_empty();
        let document = match uri {
            "" => base.place.clone(),
            uri => match self.ids.get(&join(base.uri.as_deref(), uri)) {
                Some(place) => place.clone(),
                None => return Err(BadReference::elsewhere(from, reference)),
            },
        };
        let fragment = percent_decode(fragment);
        let found = match &*fragment {
            "" => Some(document),
            pointer if pointer.starts_with('/') => {
                let own =
                    Place { root: document.root.clone(), pointer: format!("{}{pointer}", document.pointer) };
                let own = Some(own).filter(|own| self.at(own).is_some());
                let shared = if is_own { self.shared(pointer) } else { None };
                match (own, shared) {
                    (Some(own), Some(shared)) if !base.is_generated => {
                        if own != shared && self.at(&own) != self.at(&shared) {
                            return Err(BadReference::ambiguous(from, reference));
                        }
                        Some(shared)
                    }
                    (own, shared) => shared.or(own),
                }
            }
            name => self.anchors.get(&(document, name.to_owned())).cloned(),
        };
        found.filter(|place| self.at(place).is_some()).ok_or_else(|| BadReference::nowhere(from, reference))
    }

    /// One of the contract's definitions, or a part of it: what `generator.subschema_for` refers to.
    fn shared(&self, pointer: &str) -> Option<Place> {
        let rest = pointer.strip_prefix("/$defs/")?;
        let (name, below) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
        let root = Root::Definition(unescape(name).into_owned());
        Some(Place { root, pointer: below.to_owned() }).filter(|place| self.at(place).is_some())
    }

    fn base(&self, place: &Place) -> Base {
        let mut around = place.clone();
        loop {
            if let Some(base) = self.bases.get(&around) {
                return base.clone();
            }
            let Some(slash) = around.pointer.rfind('/') else {
                return Base { uri: None, place: around, is_generated: false };
            };
            around.pointer.truncate(slash);
        }
    }

    /// A `$dynamicRef` is a plain reference if nothing else has the name.
    pub(super) fn only_one_dynamic(&self, reference: &str, from: &Place) -> Result<(), BadReference> {
        let name = reference.rsplit('#').next().unwrap_or_default();
        match self.dynamic.get(name) {
            Some(count) if *count > 1 => Err(BadReference::dynamic(from, reference)),
            _ => Ok(()),
        }
    }
}
