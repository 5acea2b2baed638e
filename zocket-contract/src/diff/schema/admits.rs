//! Whether one value that is known is valid.

use std::rc::Rc;

use serde_json::{Value, json};

use super::Engine;
use super::number::{End, Num, multiple_covers, same_value};
use super::patterns::options;
use super::shape::Shape;
use super::term::Term;
use super::types::Types;
use crate::reference::needed_definitions;

/// How many `not` and `oneOf` are looked through.
const DEEPEST: usize = 4;

/// What is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    Unknown,
}

impl<'c> Engine<'c> {
    /// Whether a value is valid. Where the shapes cannot say, the validator can, unless the schema is none.
    pub(super) fn admits(&mut self, term: &Term<'c>, value: &Value) -> Answer {
        let shapes = self.shapes(term);
        let mut answer = Answer::No;
        for shape in shapes.iter() {
            match self.shape_admits(shape, value) {
                Answer::Yes => return Answer::Yes,
                Answer::Unknown => answer = Answer::Unknown,
                Answer::No => {}
            }
        }
        if answer == Answer::No {
            return Answer::No;
        }
        match self.validator(term) {
            Some(validator) if validator.is_valid(value) => Answer::Yes,
            Some(_) => Answer::No,
            None => Answer::Unknown,
        }
    }

    pub(super) fn shape_admits(&mut self, shape: &Shape<'c>, value: &Value) -> Answer {
        self.shape_admits_within(shape, value, 0)
    }

    /// `depth` is how many `not` and `oneOf` led here.
    fn shape_admits_within(&mut self, shape: &Shape<'c>, value: &Value, depth: usize) -> Answer {
        if !shape.types.has(Types::of_value(value))
            || shape
                .values
                .as_ref()
                .is_some_and(|values| !values.iter().any(|other| same_value(other, value)))
        {
            return Answer::No;
        }
        let mut answer = keeps_rules(shape, value);
        if !shape.excluded.is_empty() && (depth > DEEPEST || !self.afford(1)) {
            return if answer == Answer::No { Answer::No } else { Answer::Unknown };
        }
        for others in &shape.excluded {
            for term in others.each() {
                let shapes = self.shapes(term);
                for excluded in shapes.iter() {
                    match self.shape_admits_within(excluded, value, depth + 1) {
                        Answer::Yes => return Answer::No,
                        Answer::Unknown if answer == Answer::Yes => answer = Answer::Unknown,
                        _ => {}
                    }
                }
            }
        }
        if answer == Answer::Yes && !shape.opaque.is_empty() { Answer::Unknown } else { answer }
    }

    /// A validator of the term alone.
    fn validator(&mut self, term: &Term<'c>) -> Option<Rc<jsonschema::Validator>> {
        let compile = || {
            let definitions = term.nodes().first()?.definitions;
            let all: Vec<Value> = term.nodes().iter().map(|node| node.schema.clone()).collect();
            let mut schema = json!({ "allOf": all });
            schema["$defs"] = needed_definitions(&schema, definitions).into();
            options().build(&schema).ok().map(Rc::new)
        };
        self.validators.entry(term.clone()).or_insert_with(compile).clone()
    }
}

/// Whether a value of the right type keeps the rules of its type.
fn keeps_rules(shape: &Shape<'_>, value: &Value) -> Answer {
    let (kept, decided) = match value {
        Value::Number(number) => {
            let exact = Num::of(number);
            let within = End::Lower.admits(shape.lower, exact) && End::Upper.admits(shape.upper, exact);
            let multiples: Vec<_> =
                shape.multiples.iter().map(|multiple| multiple_covers(number, multiple)).collect();
            (within && !multiples.contains(&Some(false)), !multiples.contains(&None))
        }
        Value::String(text) => {
            let decided = shape.patterns.is_empty() && shape.formats.is_empty();
            (shape.length.admits(text.chars().count()), decided)
        }
        Value::Array(items) => {
            let rules = &shape.arrays;
            let decided =
                rules.prefix.is_empty() && rules.rest.is_anything() && (!rules.unique || items.len() < 2);
            (rules.count.admits(items.len()), decided)
        }
        Value::Object(members) => {
            let rules = &shape.objects;
            let kept = rules.count.admits(members.len())
                && rules.required.iter().all(|name| members.contains_key(*name));
            let decided = rules.named.values().all(Term::is_anything)
                && rules.by_pattern.is_empty()
                && rules.rest.term().is_anything()
                && rules.names.is_anything();
            (kept, decided)
        }
        Value::Null | Value::Bool(_) => (true, true),
    };
    match (kept, decided) {
        (false, _) => Answer::No,
        (true, true) => Answer::Yes,
        (true, false) => Answer::Unknown,
    }
}
