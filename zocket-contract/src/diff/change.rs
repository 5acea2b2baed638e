//! One change between two contracts.

use std::fmt::{self, Write};

use serde_json::{Value, json};

use crate::document::Direction;

/// What a change means for clients that were generated from the old contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// They may fail, or it could not be proven that they do not.
    Breaking,
    /// What goes over the wire changes, but they can handle it.
    Compatible,
    /// Only what people read has changed.
    Documentation,
}

impl Impact {
    /// As JSON has it: `breaking`, `compatible` or `documentation`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Compatible => "compatible",
            Self::Documentation => "documentation",
        }
    }
}

/// The part of a contract that a change affects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ChangedPart {
    /// The contract as a whole.
    Contract,
    /// The handshake's headers.
    Headers,
    /// The route as a whole.
    Route,
    /// What a call carries.
    Payload,
    /// What an event carries.
    Event,
    /// The reply to a call.
    Reply,
    /// The error of this code, or its data.
    Error(String),
}

/// As JSON has it: `payload`, `errors/SOLD_OUT` and so on.
impl fmt::Display for ChangedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contract => f.write_str("contract"),
            Self::Headers => f.write_str("headers"),
            Self::Route => f.write_str("route"),
            Self::Payload => f.write_str("payload"),
            Self::Event => f.write_str("event"),
            Self::Reply => f.write_str("reply"),
            Self::Error(code) => write!(f, "errors/{code}"),
        }
    }
}

/// One change between two contracts: where it is, what it is, what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The route's name. `None` for the contract as a whole and the headers.
    pub route: Option<String>,
    /// The route's direction, if there is a route.
    pub direction: Option<Direction>,
    /// The part that it is in.
    pub part: ChangedPart,
    /// Where in the value: a JSON Pointer, with `*` for any item or any property that is not named. Empty for the whole
    /// value.
    pub path: String,
    /// The union branches that lead there, by name, from the outside in.
    pub within: Vec<String>,
    /// What has changed, as a word for programs: the keyword of JSON Schema (`maximum`, `required`, …) or one of `added`,
    /// `removed`, `direction`, `property`, `branch`, `code`, `description` and so on.
    pub kind: String,
    /// What it means for clients of the old contract.
    pub impact: Impact,
    /// Whether it counts as breaking only because it could not be decided.
    pub undecided: bool,
    /// A value that shows it, of the whole part: sent so far and refused from now on, or new to clients that receive it. Both
    /// contracts have judged it. `None` where it is not breaking, is undecided, or is about no schema.
    pub example: Option<Value>,
    /// What has changed and what follows from it, as a sentence without a full stop.
    pub message: String,
    /// How to fix it, if there is a way.
    pub help: Option<String>,
}

impl Change {
    /// Whether it may make clients of the old contract fail.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        self.impact == Impact::Breaking
    }

    /// For programs: all fields by their names, and whether it is breaking.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "route": self.route,
            "direction": self.direction.map(Direction::as_str),
            "part": self.part.to_string(),
            "path": self.path,
            "within": self.within,
            "kind": self.kind,
            "impact": self.impact.as_str(),
            "breaking": self.is_breaking(),
            "undecided": self.undecided,
            "example": self.example,
            "message": self.message,
            "help": self.help,
        })
    }
}

/// `stock.order payload /article/price: …`, without the help.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(route) = &self.route {
            write!(f, "{} ", Plain(route))?;
        }
        self.fmt_in_route(f)
    }
}

impl Change {
    /// As above, for people who know the route.
    pub(super) fn fmt_in_route(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.part {
            ChangedPart::Contract | ChangedPart::Route => {}
            ChangedPart::Error(code) => write!(f, "error {}", Plain(code))?,
            part => write!(f, "{part}")?,
        }
        if !self.path.is_empty() {
            write!(f, " {}", Plain(&self.path))?;
        }
        if !self.within.is_empty() {
            write!(f, " (in {})", Plain(&self.within.join(", ")))?;
        }
        if !matches!(self.part, ChangedPart::Contract | ChangedPart::Route) {
            f.write_str(": ")?;
        }
        write!(f, "{}", Plain(&self.message))
    }
}

/// Untrusted text, without terminal control characters.
pub(super) struct Plain<'t>(pub(super) &'t str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| f.write_char(if c.is_control() { '\u{fffd}' } else { c }))
    }
}
