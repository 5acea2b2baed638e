//! What is wrong with a payload that its type rejected.

use zocket_contract::Issue;

use crate::wire::json::{ErrorKind, ParseError};

/// A deserialization error as an issue.
pub(crate) fn issue(error: ParseError) -> Issue {
    match error.kind {
        ErrorKind::Syntax { offset } | ErrorKind::TooDeep { offset } => {
            Issue::new(error.path, "syntax", format!("{}, at byte {offset} of the payload", error.message))
        }
        ErrorKind::Data { keyword } => Issue::new(error.path, keyword, error.message),
    }
}
