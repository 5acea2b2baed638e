//! Keywords that are rules by themselves.

use serde_json::{Map, Value};

use super::number::{Bound, End, Num, same_value};
use super::shape::{Contains, Rest, Shape, Span};
use super::term::{Node, Term};
use super::types::Types;
use super::{Engine, is_annotation};

impl<'c> Engine<'c> {
    /// Adds a keyword to a shape. `None` where it is no such keyword, or was not understood.
    pub(super) fn plain(
        &mut self,
        node: Node<'c>,
        keyword: &str,
        keywords: &'c Map<String, Value>,
        own: &mut Shape<'c>,
    ) -> Option<()> {
        let value = &keywords[keyword];
        let term = || Term::of(node.child(value));
        match keyword {
            "type" => own.types = Types::of_keyword(value)?,
            "const" => own.values = Some(listed(own.values.take(), std::slice::from_ref(value))),
            "enum" => own.values = Some(listed(own.values.take(), value.as_array()?)),
            "minimum" | "exclusiveMinimum" => {
                own.lower = End::Lower.narrower(own.lower, Some(bound(keyword, value)?));
            }
            "maximum" | "exclusiveMaximum" => {
                own.upper = End::Upper.narrower(own.upper, Some(bound(keyword, value)?));
            }
            "multipleOf" => own.multiples.push(value.as_number()?),
            "minLength" => own.length.min = count(value)?,
            "maxLength" => own.length.max = Some(count(value)?),
            "pattern" => own.patterns.extend([value.as_str()?]),
            "format" => self.format(value.as_str()?, keywords, own)?,
            "minItems" => own.arrays.count.min = count(value)?,
            "maxItems" => own.arrays.count.max = Some(count(value)?),
            "uniqueItems" => own.arrays.unique = value.as_bool()?,
            "items" => own.arrays.rest = term(),
            "prefixItems" => {
                own.arrays.prefix = value.as_array()?.iter().map(|item| Term::of(node.child(item))).collect();
            }
            "minProperties" => own.objects.count.min = count(value)?,
            "maxProperties" => own.objects.count.max = Some(count(value)?),
            "required" => own.objects.required = strings(value)?.into_iter().collect(),
            "propertyNames" => own.objects.names = term(),
            "properties" => self.properties(node, value.as_object()?, keywords, own)?,
            "patternProperties" => self.by_pattern(node, value.as_object()?, own)?,
            "additionalProperties" => own.objects.rest = Rest::Said(term()),
            "contains" => own.arrays.contains.push(contained(term(), keywords)?),
            "minContains" | "maxContains" => count(value).map(drop)?,
            keyword => return is_annotation(keyword).then_some(()),
        }
        Some(())
    }

    fn properties(
        &mut self,
        node: Node<'c>,
        named: &'c Map<String, Value>,
        keywords: &'c Map<String, Value>,
        own: &mut Shape<'c>,
    ) -> Option<()> {
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        for (name, schema) in named {
            let mut term = Term::of(node.child(schema));
            for (pattern, schema) in patterns.into_iter().flatten() {
                if self.patterns.is_match(pattern, name)? {
                    term = term.and(&Term::of(node.child(schema)));
                }
            }
            own.objects.named.insert(name, term);
        }
        Some(())
    }

    fn by_pattern(
        &mut self,
        node: Node<'c>,
        patterns: &'c Map<String, Value>,
        own: &mut Shape<'c>,
    ) -> Option<()> {
        for (pattern, schema) in patterns {
            self.patterns.is_match(pattern, "")?;
            own.objects.by_pattern.insert(pattern, Term::of(node.child(schema)));
        }
        Some(())
    }

    /// Formats are of strings, but for those that schemars gives numbers.
    fn format(&mut self, name: &'c str, keywords: &Map<String, Value>, own: &mut Shape<'c>) -> Option<()> {
        if is_text_format(name, keywords) {
            // What nobody asserts, nobody here understands.
            self.patterns.is_format(name).then(|| own.formats.insert(name))?;
        }
        Some(())
    }
}

/// Whether a format is of strings.
pub(super) fn is_text_format(name: &str, keywords: &Map<String, Value>) -> bool {
    let types = keywords.get("type").and_then(Types::of_keyword);
    types.is_none_or(|types| types.has(Types::STRING)) && !is_numeric_format(name)
}

/// The formats that schemars gives numbers. What they mean stands beside them, as bounds.
fn is_numeric_format(name: &str) -> bool {
    let bits = name.strip_prefix('u').unwrap_or(name).strip_prefix("int");
    matches!(name, "float" | "double")
        || bits.is_some_and(|bits| ["", "8", "16", "32", "64", "128"].contains(&bits))
}

/// `contains`, with how often.
fn contained<'c>(item: Term<'c>, keywords: &Map<String, Value>) -> Option<Contains<'c>> {
    let min = keywords.get("minContains").map_or(Some(1), count)?;
    let max = keywords.get("maxContains").map(|max| count(max).ok_or(())).transpose().ok()?;
    Some(Contains { item, count: Span { min, max } })
}

pub(super) fn bound(keyword: &str, value: &Value) -> Option<Bound> {
    let Value::Number(number) = value else { return None };
    Some(Bound { at: Num::of(number), exclusive: keyword.starts_with("exclusive") })
}

pub(super) fn count(value: &Value) -> Option<u64> {
    let Value::Number(number) = value else { return None };
    match Num::of(number) {
        Num::Int(count) => count.try_into().ok(),
        Num::Float(_) => None,
    }
}

fn listed<'c>(before: Option<Vec<&'c Value>>, values: &'c [Value]) -> Vec<&'c Value> {
    match before {
        Some(before) => before.into_iter().filter(|a| values.iter().any(|b| same_value(a, b))).collect(),
        None => values.iter().collect(),
    }
}

pub(super) fn strings(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}
