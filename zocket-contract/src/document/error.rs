//! Why a text is not a contract.

use std::fmt;

use crate::position::Position;

/// Why a text is not a contract, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseContractError {
    pub(super) kind: ParseContractErrorKind,
    pub(super) message: String,
    pub(super) help: &'static str,
    pub(super) place: Position,
    pub(super) pointer: Option<String>,
}

/// The kind of fault that makes a text not a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParseContractErrorKind {
    /// It is longer than [`Contract::MAX_BYTES`](crate::Contract::MAX_BYTES).
    TooLarge,
    /// It is not JSON, or nested too deeply to be read.
    NotJson,
    /// It is JSON, but not a contract.
    NotAContract,
    /// It is a contract of another [`FORMAT`](crate::FORMAT).
    OtherFormat,
    /// It does not have the shape of a contract, or contains something that is not a JSON Schema.
    Invalid,
    /// It refers to a definition that does not exist.
    UnknownReference,
    /// Its hash does not match: it was edited by hand.
    Changed,
}

impl ParseContractError {
    /// The kind of fault.
    #[must_use]
    pub fn kind(&self) -> ParseContractErrorKind {
        self.kind
    }

    /// What is wrong, in one sentence, without the position.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How to fix it.
    #[must_use]
    pub fn help(&self) -> &str {
        self.help
    }

    /// The line, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.place.line
    }

    /// The column, counted from 1, in characters.
    #[must_use]
    pub fn column(&self) -> usize {
        self.place.column
    }

    /// The JSON Pointer of the invalid value; `None` if the text is not JSON.
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        self.pointer.as_deref()
    }
}

impl fmt::Display for ParseContractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, help, place: Position { line, column }, .. } = self;
        write!(f, "{message}, at line {line}, column {column}\nhelp: {help}")
    }
}

impl std::error::Error for ParseContractError {}
