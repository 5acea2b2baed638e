//! Whether one value that is known is valid.

use std::collections::HashSet;
use std::rc::Rc;

use serde_json::{Number, Value, json};

use super::Engine;
use super::number::{End, Num, same_value, steps_cover};
use super::shape::Shape;
use super::term::Term;
use super::types::Types;
use crate::keywords::each_subschema;
use crate::reference::{needed_definitions, resolve};
use crate::validation::Validator;

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
            || shape.barred.iter().any(|other| same_value(other, value))
        {
            return Answer::No;
        }
        let mut answer = self.keeps_rules(shape, value);
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

    /// A validator of the term alone, as a server has it. `None` where it is none of JSON Schema, or would never end.
    pub(super) fn validator(&mut self, term: &Term<'c>) -> Option<Rc<Validator>> {
        if let Some(known) = self.validators.get(term) {
            return known.clone();
        }
        let validator = self.compile(term).map(Rc::new);
        self.validators.insert(term.clone(), validator.clone());
        validator
    }

    fn compile(&mut self, term: &Term<'c>) -> Option<Validator> {
        let definitions = term.nodes().first()?.definitions;
        if term.nodes().iter().any(|node| !std::ptr::eq(node.definitions, definitions)) {
            return None;
        }
        let schema =
            |negated: bool, schema: &Value| if negated { json!({"not": schema}) } else { schema.clone() };
        let all: Vec<Value> = term.nodes().iter().map(|node| schema(node.negated, node.schema)).collect();
        let mut schema = json!({ "allOf": all });
        schema["$defs"] = needed_definitions(&schema, definitions).into();
        self.compile = self.compile.saturating_sub(50 + size(&schema));
        (self.compile > 0 && ends(&schema)).then(|| Validator::new(&schema).ok()).flatten()
    }

    /// Whether a value of the right type keeps the rules of its type.
    fn keeps_rules(&mut self, shape: &Shape<'c>, value: &Value) -> Answer {
        let mut decided = true;
        let kept = match value {
            Value::Number(number) => {
                let exact = Num::of(number);
                let mut covers = |step: &Number| {
                    let covers =
                        steps_cover(&[number], step).or((exact.cmp(Num::Int(0)).is_eq()).then_some(true));
                    decided &= covers.is_some();
                    covers
                };
                let multiple = shape.multiples.iter().all(|step| covers(step) != Some(false));
                let other = shape.non_multiples.iter().all(|step| covers(step) != Some(true));
                let within = End::Lower.admits(shape.lower, exact) && End::Upper.admits(shape.upper, exact);
                within && multiple && other
            }
            Value::String(text) => {
                decided = shape.formats.is_empty() && shape.non_formats.is_empty();
                let mut matches = |pattern: &'c str, wanted: bool| {
                    let found = self.patterns.is_match(pattern, text);
                    decided &= found.is_some();
                    found != Some(!wanted)
                };
                shape.patterns.iter().all(|pattern| matches(pattern, true))
                    && shape.non_patterns.iter().all(|pattern| matches(pattern, false))
                    && shape.length.admits(text.chars().count())
            }
            Value::Array(items) => {
                let rules = &shape.arrays;
                decided = items.is_empty()
                    || (rules.prefix.is_empty()
                        && rules.rest.is_anything()
                        && !rules.repeats
                        && (!rules.unique || items.len() < 2)
                        && rules.contains.is_empty());
                rules.count.admits(items.len())
                    && !(rules.repeats && items.len() < 2)
                    && rules.contains.iter().all(|rule| rule.count.min <= items.len() as u64)
            }
            Value::Object(members) => {
                let rules = &shape.objects;
                decided = members.is_empty()
                    || (rules.named.values().all(Term::is_anything)
                        && rules.by_pattern.is_empty()
                        && rules.rest.term().is_anything()
                        && rules.names.is_anything());
                rules.count.admits(members.len())
                    && rules.required.iter().all(|name| members.contains_key(*name))
                    && !rules
                        .named
                        .iter()
                        .any(|(name, term)| term.is_nothing() && members.contains_key(*name))
            }
            Value::Null | Value::Bool(_) => true,
        };
        match (kept, decided) {
            (false, _) => Answer::No,
            (true, true) => Answer::Yes,
            (true, false) => Answer::Unknown,
        }
    }
}

/// How much there is to compile.
fn size(schema: &Value) -> usize {
    match schema {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// Whether no schema in it asks itself about the same value.
fn ends(root: &Value) -> bool {
    let mut done: HashSet<*const Value> = HashSet::new();
    // Each schema twice: before and after those that it asks.
    let mut open: Vec<(&Value, bool)> = Vec::new();
    let mut within: HashSet<*const Value> = HashSet::new();
    let mut roots = vec![root];
    while let Some(root_of) = roots.pop() {
        let Some(keywords) = root_of.as_object() else { continue };
        each_subschema(keywords, &mut |schema| roots.push(schema));
        open.push((root_of, false));
        while let Some((schema, after)) = open.pop() {
            let address = std::ptr::from_ref(schema);
            if after {
                within.remove(&address);
                done.insert(address);
                continue;
            }
            if within.contains(&address) {
                return false;
            }
            if done.contains(&address) {
                continue;
            }
            within.insert(address);
            open.push((schema, true));
            asked(root, schema, &mut |schema| open.push((schema, false)));
        }
    }
    true
}

/// The schemas that one asks about the same value.
fn asked<'s>(root: &'s Value, schema: &'s Value, visit: &mut dyn FnMut(&'s Value)) {
    for (keyword, held) in schema.as_object().into_iter().flatten() {
        match (keyword.as_str(), held) {
            ("$ref", Value::String(reference)) => {
                if let Some(target) = resolve(root, reference) {
                    visit(target);
                }
            }
            ("not" | "if" | "then" | "else", schema) => visit(schema),
            ("allOf" | "anyOf" | "oneOf", Value::Array(all)) => all.iter().for_each(&mut *visit),
            ("dependentSchemas", Value::Object(all)) => all.values().for_each(&mut *visit),
            _ => {}
        }
    }
}
