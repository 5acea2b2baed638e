//! `anyOf` and `oneOf`: which of the branches a value is meant for.

use super::equal::equals;
use super::program::{Choice, NodeId, ToldBy};
use super::run::{Place, Run};
use super::tree::{Node, Tree};
use super::types::Types;
use super::words;

impl<'p> Run<'p> {
    /// Checks a value against several branches. Violations are reported for the branch that it is meant for.
    pub(super) fn choose(&mut self, choice: &'p Choice, value: &Tree<'_>, at: &Place<'_>) -> bool {
        match (&choice.told_by, &value.0) {
            (ToldBy::Tag { name, values }, Node::Object(members)) => {
                let Some(tag) = members.iter().rev().find(|member| *member.name == **name) else {
                    return self.note(at, "required", || format!("the property `{name}` is required"));
                };
                match values.iter().find(|(listed, _)| equals(&tag.value, listed)) {
                    Some((_, index)) => self.visit(choice.branches[*index], value, at),
                    None => self.note(&at.name(name), "enum", || {
                        words::one_of(values.iter().map(|(value, _)| value))
                    }),
                }
            }
            (ToldBy::Variant { texts, properties, names }, node) => {
                let meant = match node {
                    Node::Text(name) => texts.get(&**name),
                    Node::Object(members) if members.len() == 1 => properties.get(&*members[0].name),
                    _ => None,
                };
                match meant {
                    Some(index) => self.visit(choice.branches[*index], value, at),
                    None => {
                        self.note(at, choice.keyword, || format!("must be {}", words::choices(names.iter())))
                    }
                }
            }
            _ => self.choose_by_trying(choice, value, at),
        }
    }

    fn choose_by_trying(&mut self, choice: &'p Choice, value: &Tree<'_>, at: &Place<'_>) -> bool {
        let heads = || choice.branches.iter().map(|id| self.schema(*id).head);
        let fitting: Vec<NodeId> = choice
            .branches
            .iter()
            .zip(heads())
            .filter(|(_, head)| head.admits(value))
            .map(|(id, _)| *id)
            .collect();
        match fitting[..] {
            [] => match heads().fold(Types::NONE, Types::or) {
                Types::NONE => self.note(at, choice.keyword, || words::NO_FORM.into()),
                types => self.note_type(at, types, value),
            },
            // The others accept other types, so the violations of this one are the relevant ones.
            [only] => self.visit(only, value, at),
            _ => {
                let mut holding = 0;
                for id in fitting {
                    holding += u32::from(self.probe(id, value, at));
                    if self.gave_up || (holding > 0 && choice.keyword == "anyOf") {
                        return true;
                    }
                }
                match holding {
                    0 => self.note(at, choice.keyword, || words::NO_FORM.into()),
                    1 => true,
                    _ => self.note(at, choice.keyword, || {
                        "fits more than one of the forms that exclude each other".into()
                    }),
                }
            }
        }
    }
}
