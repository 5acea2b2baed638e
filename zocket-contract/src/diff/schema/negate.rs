//! What a schema does not allow, as shapes: a value is refused if it breaks one of the rules.

use std::rc::Rc;

use serde_json::{Map, Value};

use super::normalize::is_first;
use super::number::Bound;
use super::plain::{bound, count, is_text_format, strings};
use super::shape::{Arrays, Objects, Others, Shape, Span};
use super::term::{Node, Term};
use super::types::Types;
use super::{Engine, is_annotation};

/// How many shapes a negation may have. What would have more is excluded as a whole.
const MOST_SHAPES: usize = 48;
/// Of how many branches no two may fit, for them to be looked at pair by pair.
const MOST_BRANCHES: usize = 4;
/// How many properties and items are looked at one by one.
const MOST_MEMBERS: usize = 24;

impl<'c> Engine<'c> {
    /// The shapes of what a schema does not allow. `node` is the schema itself, not negated.
    pub(super) fn inverse(
        &mut self,
        node: Node<'c>,
        keywords: &'c Map<String, Value>,
        within: &mut Vec<Node<'c>>,
    ) -> Vec<Shape<'c>> {
        let mut shapes = Vec::new();
        for keyword in keywords.keys() {
            if !is_first(keyword, keywords) || is_annotation(keyword) {
                continue;
            }
            match self.broken(node, keyword, keywords, within) {
                Some(more) if shapes.len() + more.len() <= MOST_SHAPES => shapes.extend(more),
                _ => return vec![without(node)],
            }
        }
        shapes
    }

    /// The shapes of what breaks one rule. `None` where there are too many, or nothing here can say.
    fn broken(
        &mut self,
        node: Node<'c>,
        keyword: &'c str,
        keywords: &'c Map<String, Value>,
        within: &mut Vec<Node<'c>>,
    ) -> Option<Vec<Shape<'c>>> {
        let value = &keywords[keyword];
        let of = |types: Types| Shape { types, ..Shape::default() };
        let shape = match keyword {
            "type" => of(Types::ALL.without(Types::of_keyword(value)?)),
            "const" => Shape { barred: vec![value], ..Shape::default() },
            "enum" => Shape { barred: value.as_array()?.iter().collect(), ..Shape::default() },
            "minimum" | "exclusiveMinimum" => {
                Shape { upper: Some(beyond(bound(keyword, value)?)), ..of(Types::NUMBER) }
            }
            "maximum" | "exclusiveMaximum" => {
                Shape { lower: Some(beyond(bound(keyword, value)?)), ..of(Types::NUMBER) }
            }
            "multipleOf" => Shape { non_multiples: vec![value.as_number()?], ..of(Types::NUMBER) },
            "minLength" | "maxLength" => match outside(keyword, count(value)?) {
                Some(length) => Shape { length, ..of(Types::STRING) },
                None => return Some(Vec::new()),
            },
            "pattern" => Shape { non_patterns: [value.as_str()?].into(), ..of(Types::STRING) },
            "format" => {
                let name = value.as_str()?;
                if !is_text_format(name, keywords) {
                    return Some(Vec::new());
                }
                self.patterns.is_format(name).then_some(())?;
                Shape { non_formats: [name].into(), ..of(Types::STRING) }
            }
            "minItems" | "maxItems" => match outside(keyword, count(value)?) {
                Some(count) => array(Arrays { count, ..Arrays::default() }),
                None => return Some(Vec::new()),
            },
            "uniqueItems" if *value == Value::Bool(false) => return Some(Vec::new()),
            "uniqueItems" if *value == Value::Bool(true) => {
                array(Arrays { repeats: true, ..Arrays::default() })
            }
            "minProperties" | "maxProperties" => match outside(keyword, count(value)?) {
                Some(count) => object(Objects { count, ..Objects::default() }),
                None => return Some(Vec::new()),
            },
            _ => return self.broken_parts(node, keyword, keywords, within),
        };
        Some(vec![shape])
    }

    /// Those of rules that hold schemas or names.
    fn broken_parts(
        &mut self,
        node: Node<'c>,
        keyword: &'c str,
        keywords: &'c Map<String, Value>,
        within: &mut Vec<Node<'c>>,
    ) -> Option<Vec<Shape<'c>>> {
        let value = &keywords[keyword];
        let shapes = match keyword {
            "prefixItems" => {
                let items = value.as_array().filter(|items| items.len() <= MOST_MEMBERS)?;
                let broken = |(index, item): (usize, &'c Value)| {
                    let mut prefix = vec![Term::anything(); index];
                    prefix.push(Term::of(node.child(item).inverse()));
                    let count = Span { min: index as u64 + 1, max: None };
                    array(Arrays { prefix, count, ..Arrays::default() })
                };
                items.iter().enumerate().map(broken).collect()
            }
            "items" => {
                let offset =
                    keywords.get("prefixItems").map_or(Some(0), |list| Some(list.as_array()?.len()))?;
                let item = Term::of(node.child(value).inverse());
                if offset == 0 {
                    let count = Span { min: 1, max: None };
                    vec![array(Arrays {
                        contains: vec![super::shape::Contains { item, count }],
                        ..Arrays::default()
                    })]
                } else if Term::of(node.child(value)).is_nothing() {
                    let count = Span { min: offset as u64 + 1, max: None };
                    vec![array(Arrays { count, ..Arrays::default() })]
                } else {
                    return None;
                }
            }
            "contains" => {
                // Only the plain case: some item is, or at least none is.
                let plain = !keywords.contains_key("minContains") && !keywords.contains_key("maxContains");
                let item = Term::of(node.child(value).inverse());
                plain.then(|| vec![array(Arrays { rest: item, ..Arrays::default() })])?
            }
            "required" => {
                let names = strings(value).filter(|names| names.len() <= MOST_MEMBERS)?;
                names.into_iter().map(without_property).collect()
            }
            "properties" => {
                let members = value.as_object().filter(|members| members.len() <= MOST_MEMBERS)?;
                let broken =
                    members.iter().map(|(name, schema)| (name, Term::of(node.child(schema).inverse())));
                broken
                    .filter(|(_, term)| !term.is_nothing())
                    .map(|(name, term)| Shape {
                        unseen: true,
                        ..object(Objects {
                            required: [name.as_str()].into(),
                            named: [(name.as_str(), term)].into(),
                            ..Objects::default()
                        })
                    })
                    .collect()
            }
            "dependentRequired" => {
                let mut shapes = Vec::new();
                for (name, needed) in value.as_object().filter(|all| all.len() <= MOST_MEMBERS)? {
                    for missing in strings(needed).filter(|all| all.len() <= MOST_MEMBERS)? {
                        let mut shape = without_property(missing);
                        shape.objects.required.insert(name);
                        shapes.push(shape);
                    }
                }
                shapes
            }
            "dependentSchemas" => {
                let mut shapes = Vec::new();
                for (name, schema) in value.as_object().filter(|all| all.len() <= MOST_MEMBERS)? {
                    let broken = self.node(node.child(schema).inverse(), within);
                    shapes.extend(self.product(vec![with_property(name)], &broken));
                }
                shapes
            }
            "not" => self.node(node.child(value), within),
            "$ref" => self.node(node.child(node.target(value)?).inverse(), within),
            "allOf" => {
                let mut shapes = Vec::new();
                for branch in value.as_array()? {
                    shapes.extend(self.node(node.child(branch).inverse(), within));
                    if shapes.len() > MOST_SHAPES {
                        return None;
                    }
                }
                shapes
            }
            "anyOf" => self.none_of(node, value.as_array()?, within),
            "oneOf" => {
                let branches = value.as_array()?;
                let mut shapes = self.none_of(node, branches, within);
                for (index, first) in branches.iter().enumerate() {
                    for second in &branches[index + 1..] {
                        let (a, b) =
                            (self.node(node.child(first), within), self.node(node.child(second), within));
                        let both: Vec<Shape<'c>> = self.product(a, &b);
                        let both = both.into_iter().filter(|shape| !self.plainly_empty(shape));
                        shapes.extend(both.collect::<Vec<_>>());
                    }
                    if branches.len() > MOST_BRANCHES && shapes.len() > MOST_SHAPES {
                        return None;
                    }
                }
                shapes
            }
            "if" => {
                let condition = node.child(value);
                let mut shapes = Vec::new();
                for (keyword, condition) in [("then", condition), ("else", condition.inverse())] {
                    let Some(schema) = keywords.get(keyword) else { continue };
                    let broken = self.node(node.child(schema).inverse(), within);
                    let holds = self.node(condition, within);
                    shapes.extend(self.product(holds, &broken));
                }
                shapes
            }
            // Without an `if`, or a `contains`, they say nothing.
            "then" | "else" | "minContains" | "maxContains" => Vec::new(),
            "additionalProperties" | "patternProperties" | "propertyNames" => {
                return self.broken_names(node, keyword, keywords);
            }
            _ => return None,
        };
        Some(shapes)
    }

    /// Of what properties are called that are not named.
    fn broken_names(
        &mut self,
        node: Node<'c>,
        keyword: &str,
        keywords: &'c Map<String, Value>,
    ) -> Option<Vec<Shape<'c>>> {
        // Anything goes, so nothing is broken.
        let plain = |schema: &'c Value| Term::of(node.child(schema)).is_anything();
        let none = match (keyword, &keywords[keyword]) {
            ("patternProperties", Value::Object(members)) => members.values().all(plain),
            (_, schema) => plain(schema),
        };
        none.then(Vec::new)
    }

    fn none_of(
        &mut self,
        node: Node<'c>,
        branches: &'c [Value],
        within: &mut Vec<Node<'c>>,
    ) -> Vec<Shape<'c>> {
        branches.iter().fold(vec![Shape::default()], |shapes, branch| {
            let more = self.node(node.child(branch).inverse(), within);
            self.product(shapes, &more)
        })
    }
}

/// Anything but what a schema allows, which is not looked into.
fn without<'c>(node: Node<'c>) -> Shape<'c> {
    let excluded = vec![Others::new(Rc::new(vec![Term::of(node)]), None)];
    Shape { excluded, ..Shape::default() }
}

/// Objects without a property.
pub(super) fn without_property(name: &str) -> Shape<'_> {
    object(Objects { named: [(name, Term::nothing())].into(), ..Objects::default() })
}

/// Objects with a property.
pub(super) fn with_property(name: &str) -> Shape<'_> {
    object(Objects { required: [name].into(), ..Objects::default() })
}

fn object(objects: Objects<'_>) -> Shape<'_> {
    Shape { types: Types::OBJECT, objects, ..Shape::default() }
}

fn array(arrays: Arrays<'_>) -> Shape<'_> {
    Shape { types: Types::ARRAY, arrays, ..Shape::default() }
}

/// The bound of what is beyond another one.
pub(super) fn beyond(bound: Bound) -> Bound {
    Bound { exclusive: !bound.exclusive, ..bound }
}

/// The counts that a limit does not allow.
fn outside(keyword: &str, limit: u64) -> Option<Span> {
    if keyword.starts_with("min") {
        Some(Span { min: 0, max: Some(limit.checked_sub(1)?) })
    } else {
        Some(Span { min: limit.checked_add(1)?, max: None })
    }
}
