//! Why a reference cannot be turned into one to a definition.

use std::{error::Error, fmt};

use super::places::{Place, Root};

/// A reference that a contract cannot contain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadReference {
    message: String,
    help: &'static str,
    /// Which of the standing schemas contains it; `None` for a definition.
    pub standing: Option<usize>,
}

impl BadReference {
    fn new(place: &Place, what: impl fmt::Display, help: &'static str) -> Self {
        let (standing, of) = match &place.root {
            Root::Standing(index) => (Some(*index), String::new()),
            Root::Definition(name) => (None, format!(" of `{name}`")),
        };
        let at = if place.pointer.is_empty() { String::new() } else { format!(", at {},", place.pointer) };
        Self { message: format!("the schema{of}{at} {what}"), help, standing }
    }

    pub(super) fn nowhere(place: &Place, reference: &str) -> Self {
        Self::new(
            place,
            format_args!("refers to `{reference}`, which leads nowhere"),
            "refer to `#`, to a part of the schema itself, as `#/properties/a`, or to what `generator.subschema_for::<T>()` gives",
        )
    }

    pub(super) fn elsewhere(place: &Place, reference: &str) -> Self {
        Self::new(
            place,
            format_args!("refers to `{reference}`, which is in no contract"),
            "clients must understand the contract by itself: write what is meant into the schema, or into its own `$defs`",
        )
    }

    pub(super) fn dynamic(place: &Place, reference: &str) -> Self {
        Self::new(
            place,
            format_args!("has the `$dynamicRef` `{reference}`, which may mean several places"),
            "write `$ref` with the one that is meant",
        )
    }

    pub(super) fn ambiguous(place: &Place, reference: &str) -> Self {
        Self::new(
            place,
            format_args!(
                "refers to `{reference}`, which is both a definition of its own and one of another type"
            ),
            "give its own definition another name",
        )
    }

    pub(super) fn dialect(place: &Place, dialect: &str) -> Self {
        Self::new(
            place,
            format_args!("is of the dialect `{dialect}`"),
            "schemas of a contract are JSON Schema 2020-12: leave `$schema` out, and write what that dialect says in the words of \
             2020-12",
        )
    }

    /// What is wrong, in one sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How to fix it.
    #[must_use]
    pub fn help(&self) -> &str {
        self.help
    }
}

impl fmt::Display for BadReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\nhelp: {}", self.message, self.help)
    }
}

impl Error for BadReference {}
