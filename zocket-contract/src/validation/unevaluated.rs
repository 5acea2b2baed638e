//! `unevaluatedProperties` and `unevaluatedItems`: what no other schema of the same value has looked at.

use super::containers::has;
use super::program::NodeId;
use super::run::{Place, Run};
use super::tree::{Node, Tree};

impl Run<'_> {
    /// Checks the values that no other schema has looked at.
    pub(super) fn unevaluated(&mut self, id: NodeId, value: &Tree<'_>, at: &Place<'_>) -> bool {
        let schema = self.schema(id);
        let mut holds = true;
        match &value.0 {
            Node::Object(members) => {
                let Some(others) = schema.object.as_deref().and_then(|rule| rule.unevaluated) else {
                    return true;
                };
                let mut marks = vec![false; members.len()];
                self.mark(id, true, value, at, &mut marks);
                for (member, _) in members.iter().zip(&marks).filter(|(_, marked)| !**marked) {
                    if self.is_done(holds) {
                        break;
                    }
                    let here = at.name(&member.name);
                    holds &= if self.schema(others).never {
                        self.note(&here, "unevaluatedProperties", || "is not a known property".into())
                    } else {
                        self.visit(others, &member.value, &here)
                    };
                }
            }
            Node::Array(items) => {
                let Some(others) = schema.array.as_deref().and_then(|rule| rule.unevaluated) else {
                    return true;
                };
                let mut marks = vec![false; items.len()];
                self.mark(id, true, value, at, &mut marks);
                for (index, item) in items.iter().enumerate().filter(|(index, _)| !marks[*index]) {
                    if self.is_done(holds) {
                        break;
                    }
                    let here = at.index(index);
                    holds &= if self.schema(others).never {
                        self.note(&here, "unevaluatedItems", || "is an item that is not allowed".into())
                    } else {
                        self.visit(others, item, &here)
                    };
                }
            }
            _ => {}
        }
        holds
    }

    /// Marks the properties or items that a schema looks at, directly or through schemas that apply to the same value.
    /// `is_own` is the schema whose unevaluated ones are wanted.
    fn mark(&mut self, id: NodeId, is_own: bool, value: &Tree<'_>, at: &Place<'_>, marks: &mut [bool]) {
        if !self.spend(1) || marks.iter().all(|marked| *marked) {
            return;
        }
        let schema = self.schema(id);
        match &value.0 {
            Node::Object(members) => {
                if let Some(rule) = &schema.object {
                    let all = rule.additional.is_some() || (!is_own && rule.unevaluated.is_some());
                    for (member, mark) in members.iter().zip(marks.iter_mut()) {
                        *mark |= all
                            || rule.property(&member.name).is_some()
                            || rule.patterns.iter().any(|(pattern, _)| pattern.matches(&member.name));
                    }
                }
                for (_, id) in schema.dependent.iter().filter(|(name, _)| has(members, name)) {
                    self.mark(*id, false, value, at, marks);
                }
            }
            Node::Array(items) => {
                if let Some(rule) = &schema.array {
                    let all = rule.items.is_some() || (!is_own && rule.unevaluated.is_some());
                    for (index, mark) in marks.iter_mut().enumerate() {
                        *mark |= all || index < rule.prefix.len();
                    }
                    if let Some(contains) = &rule.contains {
                        for (index, item) in items.iter().enumerate() {
                            if !marks[index] {
                                marks[index] = self.probe(contains.node, item, &at.index(index));
                            }
                        }
                    }
                }
            }
            _ => return,
        }
        for id in &schema.all {
            self.mark(*id, false, value, at, marks);
        }
        for id in schema.choices.iter().flat_map(|choice| &choice.branches) {
            if self.probe(*id, value, at) {
                self.mark(*id, false, value, at, marks);
            }
        }
        if let Some(condition) = &schema.condition {
            let met = self.probe(condition.when, value, at);
            if met {
                self.mark(condition.when, false, value, at, marks);
            }
            if let Some(id) = if met { condition.then } else { condition.otherwise } {
                self.mark(id, false, value, at, marks);
            }
        }
    }
}
