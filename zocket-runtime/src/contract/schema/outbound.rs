//! Checking what the server sends against its schema.

use std::sync::OnceLock;

use serde::ser::Error as _;

use super::{PayloadSchema, Violations};

/// The schema of one type of message, reachable from anywhere that sends it. Generated code has one for each type.
#[derive(Debug, Default)]
pub struct MessageSchema(OnceLock<Box<PayloadSchema>>);

impl MessageSchema {
    /// Nothing is checked until a server is built, without which nothing is sent.
    #[must_use]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Makes all further messages be checked. The first call wins: a type has one schema.
    pub(crate) fn set(&self, schema: PayloadSchema) {
        let _ = self.0.set(Box::new(schema));
    }

    /// `None` if nothing needs to be checked.
    #[inline]
    pub(crate) fn get(&self) -> Option<&PayloadSchema> {
        self.0.get().map(|schema| &**schema)
    }
}

impl PayloadSchema {
    /// Checks the serialized message against the schema.
    ///
    /// # Errors
    /// Everything that is wrong with it, as text.
    pub(crate) fn check_written(&self, json: &str) -> Result<(), serde_json::Error> {
        self.holds(json).map_err(|violations| serde_json::Error::custom(AgainstSchema(&violations)))
    }
}

/// As shown in the log: places and rules, no values.
struct AgainstSchema<'v>(&'v Violations);

impl std::fmt::Display for AgainstSchema<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it does not fit its published schema: ")?;
        for (index, issue) in self.0.issues().iter().enumerate() {
            write!(f, "{}{issue}", if index == 0 { "" } else { "; " })?;
        }
        match self.0.more() {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}
