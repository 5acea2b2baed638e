//! Explaining what is wrong with a value while it is read.
//!
//! A message of 60 KB may consist of 30,000 wrong items, or of as many nested lists where a number should be. Storing them
//! all before looking at the first would cost more than everything else. So if only one schema looks into an array or
//! object, its items are checked one by one as they are read, and nothing is stored; what no schema looks into is skipped.
//! Only if several schemas look into the same value, it is [read completely](super::read).

use super::containers::Seen;
use super::glance::Sight;
use super::program::{ArrayRule, NodeId, ObjectRule};
use super::run::{Place, Run};
use super::text::{Result, Text, Token};
use super::tree::{Member, Node, Tree};

/// Checks the next value of a text against a schema while reading it.
pub(super) fn check(run: &mut Run<'_>, text: &mut Text<'_>, id: NodeId, at: &Place<'_>) -> Result<()> {
    if run.gave_up {
        return text.skip();
    }
    let schema = run.schema(id);
    let glance = &schema.glance;
    match text.next()? {
        Token::Null => scalar(run, id, at, glance.null, || Node::Null),
        Token::Bool(value) => scalar(run, id, at, glance.boolean, || Node::Bool(value)),
        Token::Number(number) => {
            let sight = match number.as_i64() {
                Some(integer) => glance.integer(integer),
                None if number.is_f64() => glance.number,
                None => Sight::Unclear,
            };
            scalar(run, id, at, sight, || Node::Number(number));
        }
        Token::Text(string) => {
            let sight = match &schema.listed {
                Some(listed) if glance.only_listed => {
                    let has = match string.plain() {
                        Some(text) => listed.has_text(text),
                        None => listed.has_text(&string.text()),
                    };
                    if has { Sight::Holds } else { Sight::Fails }
                }
                _ => glance.text,
            };
            scalar(run, id, at, sight, || Node::Text(string.text()));
        }
        Token::Array if glance.array == Sight::Fails => {
            text.skip()?;
            // It has the wrong type, whatever it contains.
            scalar(run, id, at, Sight::Fails, || Node::Array(Vec::new()));
        }
        Token::Array => {
            return match schema.inside.map(|inside| run.schema(inside).array.as_deref()) {
                Some(None) => text.skip(),
                Some(Some(rule)) if !rule.unique => items(run, text, rule, at),
                _ => whole(run, text, id, at),
            };
        }
        Token::Object if glance.object == Sight::Fails => {
            text.skip()?;
            scalar(run, id, at, Sight::Fails, || Node::Object(Vec::new()));
        }
        Token::Object => {
            return match schema.inside.map(|inside| run.schema(inside).object.as_deref()) {
                Some(None) => text.skip(),
                Some(Some(rule)) if rule.takes_members_one_by_one => members(run, text, rule, at),
                _ => whole(run, text, id, at),
            };
        }
    }
    Ok(())
}

/// Takes what is known of a scalar at first sight; only otherwise a node is made of it.
#[inline]
fn scalar<'t>(run: &mut Run<'_>, id: NodeId, at: &Place<'_>, sight: Sight, node: impl FnOnce() -> Node<'t>) {
    if !run.sees(sight) {
        run.met(1);
        run.visit(id, &Tree(node()), at);
    }
}

fn whole(run: &mut Run<'_>, text: &mut Text<'_>, id: NodeId, at: &Place<'_>) -> Result<()> {
    let value = text.tree_for(run.program, Some(id))?;
    run.met(value.size());
    run.visit(id, &value, at);
    // The next value may have the same address.
    run.hashes.clear();
    Ok(())
}

fn items<'p>(run: &mut Run<'p>, text: &mut Text<'_>, rule: &'p ArrayRule, at: &Place<'_>) -> Result<()> {
    run.met(1);
    let others = rule.items.filter(|id| !run.schema(*id).never);
    let length = text.items(|text, index| match rule.prefix.get(index).copied().or(others) {
        Some(id) => check(run, text, id, &at.index(index)),
        None => text.skip(),
    })?;
    run.length(rule, length as u64, at);
    Ok(())
}

fn members<'p>(run: &mut Run<'p>, text: &mut Text<'_>, rule: &'p ObjectRule, at: &Place<'_>) -> Result<()> {
    run.met(1);
    let mut seen = Seen::new(rule.properties.len());
    text.members(|text, name| {
        if run.gave_up {
            return text.skip();
        }
        let name = name.text();
        if !rule.patterns.is_empty() {
            let member = Member { name, value: text.tree()? };
            run.met(member.value.size());
            run.member(rule, &member, &mut seen, at);
            run.hashes.clear();
            return Ok(());
        }
        let index = rule.property(&name);
        if index.is_some_and(|index| !seen.insert(index)) {
            run.note_repeated(at, &name);
        }
        let here = at.name(&name);
        match index.map(|index| rule.properties[index].1).or(rule.additional) {
            Some(id) if index.is_none() && run.schema(id).never => {
                text.skip()?;
                run.met(1);
                run.unknown(&here);
                Ok(())
            }
            Some(id) => check(run, text, id, &here),
            None => text.skip(),
        }
    })?;
    run.required(rule, &seen, &[], at);
    Ok(())
}
