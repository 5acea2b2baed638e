//! Running the program over a text.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::Value;

use super::value::{Item, Numeric, Scalar};
use super::{Additional, ArrayRule, Checker, Node, NodeId, NumberRule, ObjectRule, StringRule, Types};
use crate::wire::json::{Cursor, MAX_DEPTH, RawStr};

/// How deep the program may nest: there may be several schemas for one level of the text.
const DEEPEST: u32 = 3 * MAX_DEPTH;
/// How many values are checked per byte of the text before the program gives up, so that schemas that try one value
/// several times do not multiply the work at every level.
const VISITS_PER_BYTE: usize = 4;

/// Approved (`Some`) or not.
type Verdict = Option<()>;

fn approve_if(holds: bool) -> Verdict {
    holds.then_some(())
}

impl Checker {
    /// Whether the text is known to be valid. It must be one JSON value and nothing else.
    pub(crate) fn approves(&self, text: &str) -> bool {
        let mut run = Run {
            nodes: &self.nodes,
            visits_left: text.len().saturating_mul(VISITS_PER_BYTE).saturating_add(64),
        };
        run.value(0, &mut Cursor::new(text), 0).is_some()
    }
}

struct Run<'p> {
    nodes: &'p [Node],
    visits_left: usize,
}

impl<'p> Run<'p> {
    /// Checks the next value and steps over it.
    fn value(&mut self, id: NodeId, cursor: &mut Cursor<'_>, depth: u32) -> Verdict {
        let node: &'p Node = self.nodes.get(id)?;
        self.visits_left = self.visits_left.checked_sub(1)?;
        approve_if(!node.undecided && depth < DEEPEST)?;
        let mut end = None;
        for &id in &node.all {
            let mut ahead = cursor.clone();
            self.value(id, &mut ahead, depth + 1)?;
            end = Some(ahead);
        }
        for options in &node.any {
            end = Some(options.iter().find_map(|&id| {
                let mut ahead = cursor.clone();
                self.value(id, &mut ahead, depth + 1).map(|()| ahead)
            })?);
        }
        match end {
            Some(end) if node.is_only_applicators() => {
                *cursor = end;
                Some(())
            }
            _ => self.own_rules(node, cursor, depth),
        }
    }

    fn own_rules(&mut self, node: &'p Node, cursor: &mut Cursor<'_>, depth: u32) -> Verdict {
        let kind = |kind: Types| approve_if(node.types.has(kind));
        match cursor.peek()? {
            b'"' => {
                kind(Types::STRING)?;
                // Matched in place: moving a token out of its `Result` took a third of the run.
                match &cursor.string() {
                    Ok(string) => check_string(node, string),
                    Err(_) => None,
                }
            }
            b'-' | b'0'..=b'9' => {
                kind(Types::INTEGER)?;
                match &cursor.number() {
                    Ok(number) => check_number(node, Numeric::of(number)?),
                    Err(_) => None,
                }
            }
            b'n' => {
                kind(Types::NULL)?;
                cursor.literal("null").ok()?;
                is_listed(node, |scalar| *scalar == Scalar::Null)
            }
            first @ (b't' | b'f') => {
                kind(Types::BOOLEAN)?;
                cursor.literal(if first == b't' { "true" } else { "false" }).ok()?;
                is_listed(node, |scalar| *scalar == Scalar::Bool(first == b't'))
            }
            b'[' => {
                kind(Types::ARRAY)?;
                approve_if(node.values.is_none())?;
                match node.array.as_deref() {
                    Some(rule) => self.array(rule, cursor, depth),
                    None => cursor.skip_value(0).ok(),
                }
            }
            b'{' => {
                kind(Types::OBJECT)?;
                approve_if(node.values.is_none())?;
                match node.object.as_deref() {
                    Some(rule) => self.object(rule, cursor, depth),
                    None => cursor.skip_value(0).ok(),
                }
            }
            _ => None,
        }
    }

    fn array(&mut self, rule: &'p ArrayRule, cursor: &mut Cursor<'_>, depth: u32) -> Verdict {
        cursor.advance();
        let mut count = 0;
        let mut items = rule.unique.then(HashSet::new);
        while cursor.next_element(count == 0).ok()? {
            cursor.peek()?;
            let start = cursor.offset();
            match rule.prefix.get(count).copied().or(rule.items) {
                Some(id) => self.value(id, cursor, depth + 1)?,
                None => cursor.skip_value(0).ok()?,
            }
            if let Some(items) = &mut items {
                approve_if(items.insert(Item::of(cursor.since(start))?))?;
            }
            count += 1;
        }
        approve_if(rule.min_items <= count && count <= rule.max_items)
    }

    fn object(&mut self, rule: &'p ObjectRule, cursor: &mut Cursor<'_>, depth: u32) -> Verdict {
        cursor.advance();
        let mut seen = 0_u128;
        let mut count = 0;
        let mut hint = &rule.first;
        while cursor.next_member(count == 0).ok()? {
            count += 1;
            if let Some((index, id)) = eat_expected(rule, hint.get(), cursor) {
                seen |= 1 << index;
                hint = &rule.properties[index].next;
                self.value(id, cursor, depth + 1)?;
                continue;
            }
            let Ok(key) = cursor.key() else { return None };
            let text = key.text();
            let start = cursor.clone();
            let mut checked = false;
            let found = rule.properties.iter().position(|property| *property.name == *text);
            if let Some(index) = found {
                seen |= 1 << index;
                hint.set(index);
                hint = &rule.properties[index].next;
                if let Some(id) = rule.properties[index].node {
                    self.value(id, cursor, depth + 1)?;
                    checked = true;
                }
            }
            let mut matched = found.is_some();
            for &(pattern, id) in &rule.patterns {
                if pattern.matches(&text) {
                    *cursor = start.clone();
                    self.value(id, cursor, depth + 1)?;
                    (matched, checked) = (true, true);
                }
            }
            match rule.additional {
                _ if matched => {}
                Additional::Allowed => {}
                Additional::Refused => return None,
                Additional::Checked(id) => {
                    self.value(id, cursor, depth + 1)?;
                    checked = true;
                }
            }
            if !checked {
                cursor.skip_value(0).ok()?;
            }
        }
        approve_if(
            seen & rule.required == rule.required
                && count <= rule.max_properties
                && !(rule.not_empty && count == 0),
        )
    }
}

/// Steps over the key of the expected property, if it comes next and only its value has to be checked.
#[inline]
fn eat_expected(rule: &ObjectRule, index: usize, cursor: &mut Cursor<'_>) -> Option<(usize, NodeId)> {
    let property = rule.properties.get(index).filter(|_| rule.patterns.is_empty())?;
    let node = property.node?;
    cursor.eat(&property.written).then_some((index, node))
}

fn check_string(node: &Node, string: &RawStr<'_>) -> Verdict {
    is_listed(node, |scalar| matches!(scalar, Scalar::Str(text) if is_text(string, text)))?;
    node.string.as_deref().map_or(Some(()), |rule| rule.check(string))
}

fn check_number(node: &Node, number: Numeric) -> Verdict {
    let integer = match number {
        Numeric::Int(integer) => Some(integer),
        Numeric::Float(_) => None,
    };
    approve_if(integer.is_some() || node.types.has(Types::NUMBER))?;
    is_listed(node, |scalar| matches!(scalar, Scalar::Int(listed) if Some(*listed) == integer))?;
    // A float that is not a small integer may still be the excluded one after rounding.
    approve_if(integer.is_some() || node.never.is_none())?;
    node.number.as_deref().map_or(Some(()), |rule| rule.check(number))
}

fn is_text(string: &RawStr<'_>, text: &str) -> bool {
    match string.plain() {
        Some(plain) => plain == text,
        None => string.text() == text,
    }
}

fn is_listed(node: &Node, is: impl Fn(&Scalar) -> bool) -> Verdict {
    let listed = node.values.as_ref().is_none_or(|values| values.iter().any(&is));
    approve_if(listed && !node.never.as_ref().is_some_and(&is))
}

impl NumberRule {
    fn check(&self, number: Numeric) -> Verdict {
        let holds = |bound, allowed: fn(Ordering) -> bool| match bound {
            Some(bound) => number.compare(bound).is_some_and(allowed),
            None => true,
        };
        approve_if(
            holds(self.minimum, Ordering::is_ge)
                && holds(self.maximum, Ordering::is_le)
                && holds(self.exclusive_minimum, Ordering::is_gt)
                && holds(self.exclusive_maximum, Ordering::is_lt)
                && self.multiple_of.is_none_or(|step| number.is_multiple_of(step)),
        )
    }
}

impl StringRule {
    fn check(&self, string: &RawStr<'_>) -> Verdict {
        let text = string.text();
        // A code point has one to four bytes, so counting is rarely necessary.
        let certain = text.len() / 4 >= self.min_length && text.len() <= self.max_length;
        if !certain {
            let length = text.chars().count();
            approve_if(self.min_length <= length && length <= self.max_length)?;
        }
        match &self.other {
            Some(validator) => approve_if(validator.is_valid(&Value::String(text.into_owned()))),
            None => Some(()),
        }
    }
}
