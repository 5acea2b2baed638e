//! Turns references of every kind into references to the contract's `$defs`.
//!
//! A hand-written schema may refer to itself (`#`), to a part of itself (`#/properties/a`), to definitions of its own, and to
//! anchors and ids. All of these have a meaning as long as the schema is on its own. In a contract there are many schemas, and
//! `#` would mean the whole document. So each place that such a reference leads to becomes a named definition, and keywords
//! that only served to name places are removed.
//!
//! The root of each schema is known: schemars gives each type its own definition, unless it is told to inline it. If an
//! inlined schema refers to its own root, that is taken to mean the definition into which it was inlined, as in schemars
//! itself.

mod error;
mod places;
mod uri;

pub use error::BadReference;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::keywords::replace_schemas;
use crate::reference::definition_reference;
use places::{Place, Places, Root};

/// A standing schema: one that is not a definition, such as a route's payload.
#[derive(Debug)]
pub struct Standing<'v> {
    /// The name of the definition if one must be made of the whole schema.
    pub name: String,
    /// The schema.
    pub schema: &'v mut Value,
}

/// Rewrites the references of `standing` and `definitions`, and adds the definitions that they need.
///
/// # Errors
/// A reference leads nowhere, or to something that a contract cannot contain. Nothing is changed then.
pub fn localize(
    standing: &mut [Standing<'_>],
    definitions: &mut Map<String, Value>,
) -> Result<(), BadReference> {
    let roots = standing.iter().enumerate().map(|(index, root)| (Root::Standing(index), &*root.schema));
    let named = definitions.iter().map(|(name, schema)| (Root::Definition(name.clone()), schema));
    let places = Places::find(roots.chain(named).collect())?;
    if places.is_local() {
        return Ok(());
    }
    let mut rewriting = Rewriting {
        names: standing.iter().map(|root| root.name.clone()).collect(),
        taken: definitions.keys().cloned().collect(),
        given: BTreeMap::new(),
        open: Vec::new(),
        places: &places,
    };
    let mut written = Map::new();
    for name in definitions.keys() {
        let place = Place::root(Root::Definition(name.clone()));
        written.insert(name.clone(), rewriting.schema(&place)?);
    }
    let mut alone = Vec::new();
    for index in 0..standing.len() {
        alone.push(rewriting.schema(&Place::root(Root::Standing(index)))?);
    }
    while let Some((place, name)) = rewriting.open.pop() {
        let schema = rewriting.schema(&place)?;
        // A schema that has become a definition is not repeated.
        if let (Root::Standing(index), "") = (&place.root, &*place.pointer) {
            alone[*index] = json!({"$ref": definition_reference(&name)});
        }
        written.insert(name, schema);
    }
    *definitions = written;
    for (root, schema) in standing.iter_mut().zip(alone) {
        *root.schema = schema;
    }
    Ok(())
}

struct Rewriting<'p> {
    places: &'p Places<'p>,
    /// Those of the standing schemas.
    names: Vec<String>,
    taken: BTreeSet<String>,
    /// The names of the definitions that were made from places.
    given: BTreeMap<Place, String>,
    /// Those that are still to be written.
    open: Vec<(Place, String)>,
}

impl Rewriting<'_> {
    fn schema(&mut self, place: &Place) -> Result<Value, BadReference> {
        let schema = self.places.at(place).ok_or_else(|| BadReference::nowhere(place, "#"))?;
        self.rewrite(schema, place)
    }

    fn rewrite(&mut self, schema: &Value, place: &Place) -> Result<Value, BadReference> {
        let Value::Object(keywords) = schema else { return Ok(schema.clone()) };
        let mut rewritten = Map::new();
        let mut dynamic = None;
        for (keyword, value) in keywords {
            match (keyword.as_str(), value) {
                ("$ref", Value::String(reference)) => {
                    rewritten.insert(keyword.clone(), self.reference(reference, place)?.into());
                }
                ("$dynamicRef", Value::String(reference)) => {
                    self.places.only_one_dynamic(reference, place)?;
                    dynamic = Some(self.reference(reference, place)?);
                }
                // They name places, which now have other names.
                ("$id" | "$anchor" | "$dynamicAnchor" | "$schema" | "$defs" | "definitions", _) => {}
                _ => {
                    let mut failed = None;
                    let mut steps = Steps::of(value);
                    let value = replace_schemas(keyword, value, &mut |inner| {
                        let below = place.below(keyword, steps.next());
                        self.rewrite(inner, &below).unwrap_or_else(|error| {
                            failed.get_or_insert(error);
                            Value::Null
                        })
                    });
                    if let Some(error) = failed {
                        return Err(error);
                    }
                    rewritten.insert(keyword.clone(), value);
                }
            }
        }
        if let Some(dynamic) = dynamic {
            add_reference(&mut rewritten, dynamic);
        }
        Ok(rewritten.into())
    }

    /// The definition that a reference leads to, as a reference.
    fn reference(&mut self, reference: &str, from: &Place) -> Result<String, BadReference> {
        let target = self.places.target(reference, from)?;
        if let (Root::Definition(name), "") = (&target.root, &*target.pointer) {
            return Ok(definition_reference(name));
        }
        if let Some(name) = self.given.get(&target) {
            return Ok(definition_reference(name));
        }
        let name = self.fresh(&target);
        self.given.insert(target.clone(), name.clone());
        self.open.push((target, name.clone()));
        Ok(definition_reference(&name))
    }

    fn fresh(&mut self, place: &Place) -> String {
        let root = match &place.root {
            Root::Definition(name) => name,
            Root::Standing(index) => &self.names[*index],
        };
        let last = place.pointer.rsplit('/').next().unwrap_or_default();
        let base = if last.is_empty() { root.clone() } else { format!("{root}_{last}") };
        let numbered = (2..).map(|n| format!("{base}{n}"));
        let mut candidates = std::iter::once(base.clone()).chain(numbered);
        let name = candidates.find(|name| self.taken.insert(name.clone()));
        name.unwrap_or(base)
    }
}

/// A second reference, in addition to one that may already be there.
fn add_reference(keywords: &mut Map<String, Value>, reference: String) {
    if keywords.contains_key("$ref") {
        let all = keywords.entry("allOf").or_insert_with(|| json!([]));
        if let Value::Array(all) = all {
            all.push(json!({"$ref": reference}));
        }
    } else {
        keywords.insert("$ref".into(), reference.into());
    }
}

/// The steps to the schemas in a keyword, in the order in which they are replaced.
struct Steps<'v> {
    names: Option<serde_json::map::Keys<'v>>,
    index: Option<usize>,
}

impl<'v> Steps<'v> {
    fn of(value: &'v Value) -> Self {
        Self { names: value.as_object().map(Map::keys), index: value.is_array().then_some(0) }
    }

    fn next(&mut self) -> Option<String> {
        if let Some(index) = &mut self.index {
            *index += 1;
            return Some((*index - 1).to_string());
        }
        self.names.as_mut()?.next().cloned()
    }
}
