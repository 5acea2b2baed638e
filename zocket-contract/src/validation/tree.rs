//! A value that borrows from its text.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

/// A JSON value for validation: strings borrow from the text, and duplicate properties are kept.
#[derive(Debug, Clone)]
pub(super) struct Tree<'t>(pub(super) Node<'t>);

#[derive(Debug, Clone)]
pub(super) enum Node<'t> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'t, str>),
    Array(Vec<Tree<'t>>),
    Object(Vec<Member<'t>>),
}

#[derive(Debug, Clone)]
pub(super) struct Member<'t> {
    pub(super) name: Cow<'t, str>,
    pub(super) value: Tree<'t>,
}

impl Tree<'_> {
    /// The same as a value of `serde_json`.
    pub(super) fn to_value(&self) -> Value {
        match &self.0 {
            Node::Null => Value::Null,
            Node::Bool(value) => Value::Bool(*value),
            Node::Number(number) => Value::Number(number.clone()),
            Node::Text(text) => Value::String(text.clone().into_owned()),
            Node::Array(items) => items.iter().map(Self::to_value).collect(),
            Node::Object(members) => {
                let members = members.iter();
                let members = members.map(|member| (member.name.to_string(), member.value.to_value()));
                Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }

    /// How many values it consists of, itself included.
    pub(super) fn size(&self) -> usize {
        match &self.0 {
            Node::Array(items) => 1 + items.iter().map(Self::size).sum::<usize>(),
            Node::Object(members) => 1 + members.iter().map(|member| member.value.size()).sum::<usize>(),
            _ => 1,
        }
    }
}

impl Default for Tree<'_> {
    /// `null`.
    fn default() -> Self {
        Self(Node::Null)
    }
}
