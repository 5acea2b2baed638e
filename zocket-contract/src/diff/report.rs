//! All changes together, for people and for programs.

use std::fmt;

use serde_json::{Value, json};

use super::change::{Change, Impact, Plain};

/// How two contracts differ. Returned by [`Contract::compare`](crate::Contract::compare).
///
/// `Display` prints a report for people, grouped by impact; [`to_json`](Self::to_json) is for programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    changes: Vec<Change>,
}

impl Diff {
    pub(super) fn new(mut changes: Vec<Change>) -> Self {
        // Stable: within a route, changes stand in the order in which they were found.
        changes.sort_by(|a, b| {
            let key = |change: &Change| (change.impact, change.route.clone(), change.direction);
            key(a).cmp(&key(b))
        });
        Self { changes }
    }

    /// The changes: breaking ones first, then by route.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether clients of the old contract may fail against a server of the new one.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        self.changes.iter().any(Change::is_breaking)
    }

    /// Whether there are no visible changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// `{"breaking": …, "changes": [{"route": …, "direction": …, "part": …, "path": …, "within": …, "kind": …,
    /// "impact": …, "breaking": …, "undecided": …, "example": …, "message": …, "help": …}]}`. An example is `null` where
    /// there is none, and where null is the example.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let changes: Vec<Value> = self.changes.iter().map(Change::to_json).collect();
        json!({"breaking": self.is_breaking(), "changes": changes})
    }
}

impl serde::Serialize for Diff {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

/// A line of a change, in its route.
struct Line<'a>(&'a Change);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt_in_route(f)
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("no changes");
        }
        let groups = [
            (Impact::Breaking, "breaking change", "breaking changes"),
            (Impact::Compatible, "compatible change", "compatible changes"),
            (Impact::Documentation, "change of documentation only", "changes of documentation only"),
        ];
        let mut first = true;
        for (impact, one, many) in groups {
            let changes = self.changes.iter().filter(|change| change.impact == impact);
            let count = changes.clone().count();
            if count == 0 {
                continue;
            }
            if !first {
                f.write_str("\n\n")?;
            }
            first = false;
            write!(f, "{count} {}", if count == 1 { one } else { many })?;
            let mut route = None;
            for change in changes {
                let own = change.route.as_deref().map(|name| (name, change.direction));
                if own != route {
                    if let Some((name, direction)) = own {
                        let name = Plain(name);
                        write!(f, "\n  {name} ({})", direction.map_or("", |direction| direction.as_str()))?;
                    }
                    route = own;
                }
                let indent = if own.is_some() { "    " } else { "  " };
                write!(f, "\n{indent}{}", Line(change))?;
                if let Some(help) = &change.help {
                    write!(f, "\n{indent}  help: {help}")?;
                }
            }
        }
        Ok(())
    }
}
