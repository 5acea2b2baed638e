//! Reading a document that somebody else wrote.

use std::fmt;

use serde_json::Value;

use super::{Contract, FORMAT, hash};

/// Why a text is no contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseContractError {
    message: String,
}

impl fmt::Display for ParseContractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ParseContractError {}

impl Contract {
    /// Reads a document.
    ///
    /// # Errors
    /// The text is not JSON, no contract, of another format version, or was changed by hand.
    pub fn parse(text: &str) -> Result<Self, ParseContractError> {
        let fail = |message: String| ParseContractError { message };
        let document: Value = serde_json::from_str(text).map_err(|error| fail(error.to_string()))?;
        let format = document.get("format").ok_or_else(|| fail("no contract: it has no `format`".into()))?;
        if *format != FORMAT {
            return Err(fail(format!("a contract of format {format}; this version reads format {FORMAT}")));
        }
        if document["hash"] != hash::of(&document) {
            return Err(fail("the contract was changed by hand: its `hash` does not fit".into()));
        }
        Ok(Self(document))
    }
}
