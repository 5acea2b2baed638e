//! Why a text is no contract.

use std::fmt;

use super::locate::Place;

/// Why a text is no contract, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseContractError {
    pub(super) kind: ParseContractErrorKind,
    pub(super) message: String,
    pub(super) help: &'static str,
    pub(super) place: Place,
    pub(super) pointer: Option<String>,
}

/// What kind of fault a text has that is no contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParseContractErrorKind {
    /// It is longer than [`Contract::MAX_BYTES`](crate::Contract::MAX_BYTES).
    TooLarge,
    /// It is not JSON, or nested too deeply to be read.
    NotJson,
    /// It is JSON, but something else than a contract.
    NotAContract,
    /// It is a contract of another [`FORMAT`](crate::FORMAT).
    OtherFormat,
    /// It does not have the shape of a contract, or holds something that is no JSON Schema.
    Invalid,
    /// It refers to a definition that it does not have.
    UnknownReference,
    /// Its hash does not fit: somebody changed it by hand.
    Changed,
}

impl ParseContractError {
    /// What kind of fault it is.
    #[must_use]
    pub fn kind(&self) -> ParseContractErrorKind {
        self.kind
    }

    /// What is wrong, in one sentence, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// A way out.
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

    /// The JSON pointer of the value that is wrong; `None` where the text is no JSON.
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        self.pointer.as_deref()
    }
}

impl fmt::Display for ParseContractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, help, place: Place { line, column }, .. } = self;
        write!(f, "{message}, at line {line}, column {column}\nhelp: {help}")
    }
}

impl std::error::Error for ParseContractError {}
