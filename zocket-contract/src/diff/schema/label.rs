//! The names of a union's branches: what a reader would call them by.

use super::Engine;
use super::shape::{Rest, Shape};
use super::types::Types;

/// What a form is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// The property that holds the name. `None` where the name is a property itself.
    pub(super) tag: Option<String>,
    pub(super) name: String,
}

impl Label {
    /// The path to what says the name.
    pub(super) fn path(&self) -> String {
        super::objects::step(self.tag.as_ref().unwrap_or(&self.name))
    }
}

impl<'c> Engine<'c> {
    /// The name of an object's form: the constant in its tag, or its only property.
    pub(super) fn label(&mut self, shape: &Shape<'c>) -> Option<Label> {
        if !shape.types.has(Types::OBJECT) || shape.values.is_some() {
            return None;
        }
        let objects = &shape.objects;
        for name in &objects.required {
            let Some(term) = objects.named.get(name) else { continue };
            let shapes = self.shapes(term);
            if let [shape] = &shapes[..]
                && let Some([value]) = shape.values.as_deref()
                && let Some(value) = value.as_str()
            {
                return Some(Label { tag: Some((*name).to_owned()), name: value.to_owned() });
            }
        }
        let closed = matches!(&objects.rest, Rest::Said(term) if term.is_nothing());
        match (objects.named.len(), objects.named.keys().next()) {
            (1, Some(name)) if closed && objects.required.contains(name) => {
                Some(Label { tag: None, name: (*name).to_owned() })
            }
            _ => None,
        }
    }
}
