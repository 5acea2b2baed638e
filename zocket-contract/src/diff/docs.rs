//! What only people read: descriptions, examples, deprecations, names of types. And defaults, which the server fills in.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::number::same_value;
use crate::reference::definition_name;

/// How deep schemas are followed, and how many are.
const DEEPEST: usize = 64;
const MOST_SCHEMAS: usize = 50_000;

/// A change that no schema shows.
pub(super) struct Note {
    pub(super) path: String,
    pub(super) kind: &'static str,
    pub(super) message: String,
    /// Whether it shows in what goes over the wire.
    pub(super) wire: bool,
}

type Side<'c> = (&'c Value, &'c Map<String, Value>);

/// Compares what is said beside the rules, wherever both schemas have the same place.
pub(super) fn compare<'c>(old: Side<'c>, new: Side<'c>, notes: &mut Vec<Note>) {
    let mut walk = Walk { old: old.1, new: new.1, met: HashSet::new(), notes };
    walk.schemas(old.0, new.0, "", 0);
}

/// How a description has changed, if it has.
pub(super) fn described(old: &str, new: &str) -> Option<&'static str> {
    match (old.is_empty(), new.is_empty()) {
        _ if old == new => None,
        (true, _) => Some("described now"),
        (_, true) => Some("no longer described"),
        _ => Some("described otherwise"),
    }
}

struct Walk<'c, 'n> {
    old: &'c Map<String, Value>,
    new: &'c Map<String, Value>,
    met: HashSet<(*const Value, *const Value)>,
    notes: &'n mut Vec<Note>,
}

impl<'c> Walk<'c, '_> {
    fn schemas(&mut self, old: &'c Value, new: &'c Value, path: &str, depth: usize) {
        let (Value::Object(before), Value::Object(now)) = (old, new) else { return };
        let pair = (std::ptr::from_ref(old), std::ptr::from_ref(new));
        if depth > DEEPEST || self.met.len() > MOST_SCHEMAS || !self.met.insert(pair) {
            return;
        }
        self.annotations(before, now, path);
        self.references(before, now, path, depth);
        for (keyword, old) in before {
            let Some(new) = now.get(keyword) else { continue };
            match (keyword.as_str(), old, new) {
                ("properties", Value::Object(old), Value::Object(new)) => {
                    for (name, old) in old {
                        if let Some(new) = new.get(name) {
                            let step = name.replace('~', "~0").replace('/', "~1");
                            self.schemas(old, new, &format!("{path}/{step}"), depth + 1);
                        }
                    }
                }
                ("patternProperties", Value::Object(old), Value::Object(new)) => {
                    for (pattern, old) in old {
                        if let Some(new) = new.get(pattern) {
                            self.schemas(old, new, &format!("{path}/*"), depth + 1);
                        }
                    }
                }
                ("items" | "additionalProperties" | "unevaluatedProperties" | "contains", _, _) => {
                    self.schemas(old, new, &format!("{path}/*"), depth + 1);
                }
                ("prefixItems", Value::Array(old), Value::Array(new)) => {
                    for (index, (old, new)) in old.iter().zip(new).enumerate() {
                        self.schemas(old, new, &format!("{path}/{index}"), depth + 1);
                    }
                }
                ("allOf" | "anyOf" | "oneOf", Value::Array(old), Value::Array(new)) => {
                    for (index, old) in old.iter().enumerate() {
                        // A branch is found again by its name, or by its place. Several may have one name: then its place
                        // goes first.
                        let named = name_of(old).and_then(|name| {
                            let is_it = |new: &&Value| name_of(new) == Some(name);
                            new.get(index).filter(is_it).or_else(|| new.iter().find(is_it))
                        });
                        let placed =
                            || new.get(index).filter(|_| old.get("$ref").is_some() || name_of(old).is_none());
                        if let Some(new) = named.or_else(placed) {
                            self.schemas(old, new, path, depth + 1);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn references(
        &mut self,
        old: &'c Map<String, Value>,
        new: &'c Map<String, Value>,
        path: &str,
        depth: usize,
    ) {
        let name = |keywords: &Map<String, Value>| definition_name(keywords.get("$ref")?.as_str()?);
        let (Some(before), Some(now)) = (name(old), name(new)) else { return };
        if before != now {
            let message = format!("the type is called {now} now, not {before}");
            self.note(path, "typeName", message, false);
        }
        if let (Some(old), Some(new)) = (self.old.get(&before), self.new.get(&now)) {
            self.schemas(old, new, path, depth + 1);
        }
    }

    fn annotations(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, path: &str) {
        for (kind, name) in [("description", "described"), ("title", "titled")] {
            let text = |keywords: &Map<String, Value>| {
                keywords.get(kind).and_then(Value::as_str).unwrap_or_default().to_owned()
            };
            if let Some(message) = described(&text(old), &text(new)) {
                self.note(path, kind, message.replace("described", name), false);
            }
        }
        let is_deprecated =
            |keywords: &Map<String, Value>| keywords.get("deprecated") == Some(&Value::Bool(true));
        match (is_deprecated(old), is_deprecated(new)) {
            (false, true) => self.note(path, "deprecated", "deprecated: clients should move away", false),
            (true, false) => self.note(path, "deprecated", "no longer deprecated", false),
            _ => {}
        }
        if old.get("examples") != new.get("examples") {
            self.note(path, "examples", "the examples are others", false);
        }
        match (old.get("default"), new.get("default")) {
            (Some(old), Some(new)) if !same_value(old, new) => {
                let message = format!("left out, it is {} now, not {}", short(new), short(old));
                self.note(path, "default", message, true);
            }
            (None, Some(new)) => self.note(path, "default", format!("left out, it is {}", short(new)), true),
            (Some(old), None) => {
                self.note(path, "default", format!("left out, it is no longer {}", short(old)), true);
            }
            _ => {}
        }
    }

    fn note(&mut self, path: &str, kind: &'static str, message: impl Into<String>, wire: bool) {
        self.notes.push(Note { path: path.to_owned(), kind, message: message.into(), wire });
    }
}

/// What a branch of a union is called: its constant, the constant of its tag, or its only property.
fn name_of(branch: &Value) -> Option<&str> {
    if let Some(name) = branch.get("const").and_then(Value::as_str) {
        return Some(name);
    }
    let properties = branch.get("properties")?.as_object()?;
    let tag = properties.values().find_map(|schema| schema.get("const")?.as_str());
    let sole = properties.keys().next().filter(|_| properties.len() == 1).map(String::as_str);
    tag.or(sole)
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    let short: String = text.chars().take(60).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
