//! From keywords to shapes: references followed, `allOf` merged, `anyOf` and `oneOf` spread out.

use std::rc::Rc;

use serde_json::{Map, Value};

use super::Engine;
use super::negate::{with_property, without_property};
use super::number::same_value;
use super::plain::strings;
use super::shape::{Opaque, Others, Rest, Shape};
use super::term::{Node, Term};
use super::types::Types;

/// How many shapes one schema may have.
const MOST_SHAPES: usize = 1024;
const TOO_MANY: &str = "too many combinations";
/// Of how many branches each is looked at without the others.
const FEW_BRANCHES: usize = 4;
/// How deep schemas may lie in each other at one place of a value.
const DEEPEST: usize = 48;

/// Keywords that mean something together, by the first of them that is there, and the types that they are about.
const GROUPS: &[(&[&str], Types)] =
    &[(&["if", "then", "else"], Types::ALL), (&["contains", "minContains", "maxContains"], Types::ARRAY)];

impl<'c> Engine<'c> {
    /// The forms that a value of a term may have: it is valid if and only if it has one of them.
    pub(super) fn shapes(&mut self, term: &Term<'c>) -> Rc<[Shape<'c>]> {
        if let Some(known) = self.shapes.get(term) {
            return known.clone();
        }
        let shapes: Rc<[Shape<'c>]> = self.conjunction(term.nodes(), &mut Vec::new()).into();
        // What was given up for want of work is no answer for others.
        if self.budget > 0 {
            self.shapes.insert(term.clone(), shapes.clone());
        }
        shapes
    }

    fn conjunction(&mut self, nodes: &[Node<'c>], within: &mut Vec<Node<'c>>) -> Vec<Shape<'c>> {
        nodes.iter().fold(vec![Shape::default()], |shapes, node| {
            let more = self.node(*node, within);
            self.product(shapes, &more)
        })
    }

    pub(super) fn product(&mut self, a: Vec<Shape<'c>>, b: &[Shape<'c>]) -> Vec<Shape<'c>> {
        let given_up = |shapes: &[Shape<'c>]| matches!(shapes, [shape] if shape.is_unknown(TOO_MANY));
        if given_up(&a) || given_up(b) || a.len() * b.len() > MOST_SHAPES || !self.afford(a.len() * b.len()) {
            return vec![Shape::unknown(TOO_MANY)];
        }
        let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b)));
        let merged = pairs.map(|(a, b)| a.and(b, &mut self.patterns));
        merged.filter(|shape| !shape.types.is_empty() && shape.values.as_ref() != Some(&Vec::new())).collect()
    }

    /// `within` are the schemas that speak of the same value and lead here.
    pub(super) fn node(&mut self, node: Node<'c>, within: &mut Vec<Node<'c>>) -> Vec<Shape<'c>> {
        let keywords = match node.schema {
            Value::Bool(all) if *all != node.negated => return vec![Shape::default()],
            Value::Bool(_) => return Vec::new(),
            Value::Object(keywords) => keywords,
            _ => return vec![Shape::unknown("no schema")],
        };
        if within.contains(&node) {
            return vec![Shape::unknown("a schema that refers to itself")];
        }
        if within.len() > DEEPEST {
            return vec![Shape::unknown("too deep")];
        }
        if !self.afford(1) {
            return vec![Shape::unknown(TOO_MANY)];
        }
        within.push(node);
        let shapes = if node.negated {
            self.inverse(node.inverse(), keywords, within)
        } else {
            self.keywords(node, keywords, within)
        };
        within.pop();
        shapes
    }

    fn keywords(
        &mut self,
        node: Node<'c>,
        keywords: &'c Map<String, Value>,
        within: &mut Vec<Node<'c>>,
    ) -> Vec<Shape<'c>> {
        let mut own = Shape::default();
        let mut applied: Vec<Vec<Shape<'c>>> = Vec::new();
        let mut unevaluated = None;
        for (keyword, value) in keywords {
            let understood = match keyword.as_str() {
                "$ref" => match node.target(value) {
                    Some(target) => {
                        applied.push(self.node(node.child(target), within));
                        true
                    }
                    None => false,
                },
                "allOf" | "anyOf" | "oneOf" => match value {
                    Value::Array(branches) => {
                        self.branches(node, keyword, branches, within, &mut applied);
                        true
                    }
                    _ => false,
                },
                "not" => {
                    applied.push(self.node(node.child(value).inverse(), within));
                    true
                }
                "if" => self.condition(node, keywords, within, &mut applied),
                "then" | "else" if !keywords.contains_key("if") => true,
                "dependentRequired" => self.dependent_names(value, &mut applied).is_some(),
                "dependentSchemas" => self.dependent_schemas(node, value, within, &mut applied).is_some(),
                "unevaluatedProperties" => {
                    unevaluated = Some(Term::of(node.child(value)));
                    true
                }
                _ => self.plain(node, keyword, keywords, &mut own).is_some(),
            };
            if !understood && is_first(keyword, keywords) {
                own.opaque.push(opaque(node, keyword, keywords));
            }
        }
        if own.opaque.iter().any(|rule| matches!(rule.keyword, "patternProperties" | "properties")) {
            // Which names are left to the rest is not known.
            own.objects.by_pattern.clear();
            own.objects.rest = Rest::Said(Term::anything());
        }
        let start = if own.types.is_empty() { Vec::new() } else { vec![Shape::default()] };
        let start = self.product(start, &[own]);
        let mut shapes = applied.into_iter().fold(start, |shapes, more| self.product(shapes, &more));
        if let Some(term) = unevaluated {
            self.close(node, term, &mut shapes);
        }
        shapes
    }

    fn branches(
        &mut self,
        node: Node<'c>,
        keyword: &str,
        branches: &'c [Value],
        within: &mut Vec<Node<'c>>,
        applied: &mut Vec<Vec<Shape<'c>>>,
    ) {
        if keyword == "allOf" {
            applied.extend(branches.iter().map(|branch| self.node(node.child(branch), within)));
            return;
        }
        let terms: Vec<Term<'c>> = branches.iter().map(|branch| Term::of(node.child(branch))).collect();
        let terms = Rc::new(terms);
        let mut spread = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            for mut shape in self.node(node.child(branch), within) {
                if keyword == "oneOf" && branches.len() > 1 {
                    match self.only(&shape, node, branches, index, within) {
                        Some(only) => shape = only,
                        None => shape.excluded.push(Others::new(terms.clone(), Some(index))),
                    }
                }
                spread.push(shape);
            }
        }
        applied.push(spread);
    }

    /// What of a form is of no other branch, where that is one form of plain values.
    fn only(
        &mut self,
        shape: &Shape<'c>,
        node: Node<'c>,
        branches: &'c [Value],
        index: usize,
        within: &mut Vec<Node<'c>>,
    ) -> Option<Shape<'c>> {
        if branches.len() > FEW_BRANCHES || shape.types.has(Types::ARRAY | Types::OBJECT) {
            return None;
        }
        let mut left = vec![shape.clone()];
        for (_, other) in branches.iter().enumerate().filter(|(other, _)| *other != index) {
            let inverse = self.node(node.child(other).inverse(), within);
            left = self.product(left, &inverse);
            left.retain(|shape| shape.opaque.is_empty() && shape.excluded.is_empty());
        }
        match &left[..] {
            [only] if only.types == shape.types => left.pop(),
            _ => None,
        }
    }

    /// Either what the condition allows and what follows, or what it does not allow and what follows otherwise.
    fn condition(
        &mut self,
        node: Node<'c>,
        keywords: &'c Map<String, Value>,
        within: &mut Vec<Node<'c>>,
        applied: &mut Vec<Vec<Shape<'c>>>,
    ) -> bool {
        if !keywords.contains_key("then") && !keywords.contains_key("else") {
            return true;
        }
        let condition = node.child(&keywords["if"]);
        let mut spread = Vec::new();
        for (keyword, condition) in [("then", condition), ("else", condition.inverse())] {
            let holds = self.node(condition, within);
            let follows = keywords.get(keyword).map(|schema| self.node(node.child(schema), within));
            spread.extend(self.product(holds, &follows.unwrap_or_else(|| vec![Shape::default()])));
        }
        let known = spread.iter().all(|shape| shape.opaque.is_empty());
        if known {
            applied.push(spread);
        }
        known
    }

    /// Either a property is not there, or others are as well.
    fn dependent_names(&mut self, value: &'c Value, applied: &mut Vec<Vec<Shape<'c>>>) -> Option<()> {
        let mut spread = Vec::new();
        for (name, needed) in value.as_object()? {
            let mut with = with_property(name);
            with.objects.required.extend(strings(needed)?);
            spread.push(vec![absent(name), with]);
        }
        applied.extend(spread);
        Some(())
    }

    fn dependent_schemas(
        &mut self,
        node: Node<'c>,
        value: &'c Value,
        within: &mut Vec<Node<'c>>,
        applied: &mut Vec<Vec<Shape<'c>>>,
    ) -> Option<()> {
        for (name, schema) in value.as_object()? {
            let follows = self.node(node.child(schema), within);
            let mut spread = vec![absent(name)];
            spread.extend(self.product(vec![with_property(name)], &follows));
            applied.push(spread);
        }
        Some(())
    }

    /// `unevaluatedProperties`: the names that none of the forms has spoken of.
    fn close(&mut self, node: Node<'c>, term: Term<'c>, shapes: &mut [Shape<'c>]) {
        // A value that has two of the forms may have the names of both, which no form alone could say.
        let apart = (0..shapes.len()).all(|i| {
            let (before, from) = shapes.split_at(i);
            before.iter().all(|other| self.plainly_apart(&from[0], other))
        });
        // What a condition speaks of is not known here.
        let known = shapes
            .iter()
            .all(|shape| !shape.unseen && shape.opaque.iter().all(|rule| rule.types == Types::ARRAY));
        for shape in shapes {
            if apart && known {
                if matches!(shape.objects.rest, Rest::Silent) {
                    shape.objects.rest = Rest::Said(term.clone());
                }
            } else {
                let parts = vec![("", node)];
                shape.opaque.push(Opaque { keyword: "unevaluatedProperties", parts, types: Types::OBJECT });
            }
        }
    }

    /// Whether nothing has a form, at first sight.
    pub(super) fn plainly_empty(&mut self, shape: &Shape<'c>) -> bool {
        shape.types.each().all(|one| match one {
            Types::OBJECT => shape.objects.required.iter().any(|name| {
                let term = shape.objects.member(name, &mut self.patterns).term();
                let lists: Vec<Vec<&Value>> = term.each_literals().collect();
                let met =
                    |value: &Value, list: &Vec<&Value>| list.iter().any(|other| same_value(other, value));
                let none = |first: &Vec<&Value>| {
                    !first.iter().any(|value| lists.iter().all(|list| met(value, list)))
                };
                term.is_nothing() || lists.first().is_some_and(none)
            }),
            Types::STRING => shape.length.is_empty(),
            Types::ARRAY => shape.arrays.count.is_empty(),
            _ => false,
        })
    }

    /// Whether no object has both forms, as far as their tags say at first sight: shapes are still being made here.
    fn plainly_apart(&mut self, a: &Shape<'c>, b: &Shape<'c>) -> bool {
        if !(a.types & b.types).has(Types::OBJECT) {
            return true;
        }
        let required = &a.objects.required | &b.objects.required;
        required.into_iter().any(|name| {
            let own = a.objects.member(name, &mut self.patterns).term();
            let theirs = b.objects.member(name, &mut self.patterns).term();
            let tags = (own.literals(), theirs.literals());
            let differ = |own: &[&Value], theirs: &[&Value]| {
                own.iter().all(|own| !theirs.iter().any(|theirs| same_value(own, theirs)))
            };
            own.is_nothing() || theirs.is_nothing() || matches!(tags, (Some(a), Some(b)) if differ(&a, &b))
        })
    }
}

/// Anything that does not have the property.
fn absent(name: &str) -> Shape<'_> {
    Shape { types: Types::ALL, ..without_property(name) }
}

/// Whether no other keyword of its group was there before it.
pub(super) fn is_first(keyword: &str, keywords: &Map<String, Value>) -> bool {
    let group = GROUPS.iter().find(|(group, _)| group.contains(&keyword));
    group.is_none_or(|(group, _)| group.iter().find(|name| keywords.contains_key(**name)) == Some(&keyword))
}

fn opaque<'c>(node: Node<'c>, keyword: &'c str, keywords: &'c Map<String, Value>) -> Opaque<'c> {
    let mut names = vec![keyword];
    let mut types = match keyword {
        "dependentRequired" | "dependentSchemas" => Types::OBJECT,
        "unevaluatedItems" => Types::ARRAY,
        "format" => Types::STRING,
        _ => Types::ALL,
    };
    if let Some((group, about)) = GROUPS.iter().find(|(group, _)| group.contains(&keyword)) {
        names = group.to_vec();
        types = *about;
    }
    // What is evaluated depends on everything beside it; what patterns say, on the names beside them.
    let whole = matches!(keyword, "unevaluatedItems" | "patternProperties" | "properties");
    // What a reference means that leads out of the definitions is not known either.
    let parts = if keyword.starts_with('$') {
        Vec::new()
    } else if whole {
        vec![("", node)]
    } else {
        let part = |name: &&'c str| Some((*name, Node { schema: keywords.get(*name)?, ..node }));
        names.iter().filter_map(part).collect()
    };
    Opaque { keyword, parts, types }
}
