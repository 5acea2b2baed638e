//! Access to the routes of a contract.

use serde_json::Value;

/// The direction of a message, seen from the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Clients call it.
    Incoming,
    /// The server sends it.
    Outgoing,
}

impl Direction {
    /// As in the document: `incoming` or `outgoing`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Incoming => "incoming",
            Self::Outgoing => "outgoing",
        }
    }
}

/// One route of a contract.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Route<'c>(&'c Value);

impl<'c> Route<'c> {
    pub(super) fn new(route: &'c Value) -> Self {
        Self(route)
    }

    /// The route's name, namespaces joined by dots.
    #[must_use]
    pub fn name(&self) -> &'c str {
        self.0["route"].as_str().unwrap_or_default()
    }

    /// The direction of its messages.
    #[must_use]
    pub fn direction(&self) -> Direction {
        if self.0["direction"] == "outgoing" { Direction::Outgoing } else { Direction::Incoming }
    }

    /// The doc comment; empty if there is none.
    #[must_use]
    pub fn description(&self) -> &'c str {
        self.0["description"].as_str().unwrap_or_default()
    }

    /// Whether it is deprecated.
    #[must_use]
    pub fn is_deprecated(&self) -> bool {
        self.0["deprecated"] == true
    }

    /// The payload's schema. `None` for a call that takes none: whatever is sent is ignored.
    #[must_use]
    pub fn payload(&self) -> Option<&'c Value> {
        self.0.get("payload")
    }

    /// The schema of a call's reply. `None` if the reply carries no payload.
    #[must_use]
    pub fn reply(&self) -> Option<&'c Value> {
        self.0.get("reply")
    }

    /// The codes that a call may be refused with, besides those built into the protocol.
    pub fn errors(&self) -> impl ExactSizeIterator<Item = ErrorCode<'c>> + Clone + use<'c> {
        self.0["errors"].as_array().map_or(&[][..], Vec::as_slice).iter().map(ErrorCode)
    }
}

/// One code that a call may be refused with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErrorCode<'c>(&'c Value);

impl<'c> ErrorCode<'c> {
    /// The code, such as `SOLD_OUT`.
    #[must_use]
    pub fn code(&self) -> &'c str {
        self.0["code"].as_str().unwrap_or_default()
    }

    /// The doc comment; empty if there is none.
    #[must_use]
    pub fn description(&self) -> &'c str {
        self.0["description"].as_str().unwrap_or_default()
    }

    /// Whether it is deprecated.
    #[must_use]
    pub fn is_deprecated(&self) -> bool {
        self.0["deprecated"] == true
    }

    /// The schema of the data that comes with the code. `None` if there is none.
    #[must_use]
    pub fn data(&self) -> Option<&'c Value> {
        self.0.get("data")
    }
}
