//! Saying what a gap means, in the words of who reads it.

mod rules;

use serde_json::Value;

use super::gap::{Weight, What};
use super::schema::Types;

/// Which way the values go, seen from the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    In,
    Out,
}

/// What is said of a gap.
pub(super) struct Said {
    pub(super) kind: String,
    pub(super) message: String,
    pub(super) help: Option<&'static str>,
}

/// What is said of what is not known.
const UNDECIDED: &str = " cannot be decided, so it counts as breaking";
/// How many values are listed in a sentence.
const MOST_VALUES: usize = 8;
/// How long a value or a rule may be in a sentence, in characters.
const LONGEST: usize = 60;

/// Says what a gap means. `lost` is whether it was found looking for what is lost: then `sub` is what clients sent so far, or
/// what the server sends from now on. Otherwise it is the other way round.
pub(super) fn say(what: &What, way: Way, weight: Weight, lost: bool) -> Said {
    let undecided = lost && weight == Weight::Undecided;
    let voice = Voice { way, lost, undecided };
    match what {
        What::Types { refused, sub, sup } => voice.or_not(voice.types(*refused, *sub, *sup)),
        What::Values { refused, listed } => voice.values(refused, *listed),
        What::Listed { sup } => voice.listed(sup),
        What::Rule { keyword, sub, sup, example } => {
            rules::rule(voice, keyword, sub.as_deref(), sup, example.as_deref())
        }
        What::Required { known } => voice.required(*known),
        What::Forbidden { .. } => voice.or_not(voice.forbidden()),
        What::Closed => voice.or_not(voice.closed()),
        What::Sealed => voice.sealed(),
        What::Unnamed => voice.unnamed(),
        What::Branch { name } => voice.or_not(voice.branch(name.as_deref())),
        What::Opaque { keyword } => {
            let kind = if keyword.contains(' ') { "limits" } else { keyword };
            voice.unclear(kind, &format!("what changed about `{}`", shorten(keyword)))
        }
        What::Overlap => voice.unclear("oneOf", "whether a value fits more than one of the forms"),
        What::Excluded => voice.unclear("not", "whether a value is one that `not` excludes"),
        What::TooLarge => voice.unclear("limits", "the schemas are too large or too deep: what changed"),
    }
}

#[derive(Clone, Copy)]
struct Voice {
    way: Way,
    lost: bool,
    undecided: bool,
}

impl Voice {
    /// One of four texts: clients are refused, clients meet something new, more is accepted, less is sent.
    fn pick<T>(self, refused: T, met: T, accepted: T, spared: T) -> T {
        match (self.way, self.lost) {
            (Way::In, true) => refused,
            (Way::Out, true) => met,
            (Way::In, false) => accepted,
            (Way::Out, false) => spared,
        }
    }

    /// `sub` and `sup`, as the old one and the new one.
    fn in_time<T: Clone>(self, sub: T, sup: T) -> (T, T) {
        let (there, back) = ((sub.clone(), sup.clone()), (sup, sub));
        self.pick(there.clone(), back.clone(), back, there)
    }

    fn said(kind: &str, message: impl Into<String>, help: Option<&'static str>) -> Said {
        Said { kind: kind.to_owned(), message: message.into(), help }
    }

    fn types(self, refused: Types, sub: Types, sup: Types) -> Said {
        let (old, new) = self.in_time(sub, sup);
        let kind = if refused == Types::NULL { "null" } else { "type" };
        let change = format!("was {old}, now is {new}");
        let message = match (kind, self.way, self.lost) {
            ("null", Way::In, true) => {
                "null is not accepted any more: clients that send it are refused".into()
            }
            ("null", Way::Out, true) => "clients may now receive null, which they do not know".into(),
            ("null", Way::In, false) => "null is accepted too".into(),
            ("null", Way::Out, false) => "null is not sent any more".into(),
            (_, Way::In, true) => format!("{change}: clients that send {refused} are refused"),
            (_, Way::Out, true) => {
                format!("{change}: clients may now receive {refused}, which they do not know")
            }
            (_, Way::In, false) => format!("{change}: {refused} is accepted too"),
            (_, Way::Out, false) => format!("{change}: {refused} is not sent any more"),
        };
        Self::said(kind, message, None)
    }

    fn values(self, refused: &[Value], listed: bool) -> Said {
        let values = list(refused);
        let (is, it) = if refused.len() == 1 { ("is", "it") } else { ("are", "them") };
        let message = match (self.undecided, self.way) {
            (true, Way::In) => format!("whether {values} {is} still accepted{UNDECIDED}"),
            (true, Way::Out) => format!("whether {values} {is} new to clients{UNDECIDED}"),
            (false, _) => self.pick(
                format!("{values} {is} not accepted any more: clients that send {it} are refused"),
                format!("clients may now receive {values}, which they do not know"),
                format!("{values} {is} accepted too"),
                format!("{values} {is} not sent any more"),
            ),
        };
        Self::said(if listed { "enum" } else { "value" }, message, None)
    }

    fn listed(self, values: &[Value]) -> Said {
        let values = list(values);
        let message = self.pick(
            format!("only {values} is accepted now: clients that send anything else are refused"),
            format!("clients may now receive other values than {values}"),
            format!("other values than {values} are accepted too"),
            format!("only {values} is sent now"),
        );
        Self::said("enum", message, None)
    }

    fn required(self, known: bool) -> Said {
        let message = match (self.way, self.lost, known) {
            (Way::In, true, true) => "is required now: clients that leave it out are refused",
            (Way::In, true, false) => "new, and required: clients that do not know it are refused",
            (Way::Out, true, true) => "may be left out now: clients that rely on it find nothing",
            (Way::Out, true, false) => "is gone: clients that read it find nothing",
            (Way::In, false, true) => "may be left out now",
            (Way::In, false, false) => "is not read any more: what clients send there is ignored",
            (Way::Out, false, true) => "is always there now",
            (Way::Out, false, false) => "new: clients of the old contract ignore it",
        };
        let help = self.pick(
            Some("make it an Option, or give it a default with #[serde(default)]"),
            Some("keep sending it, or send it under a new route"),
            None,
            None,
        );
        Self::said(if known { "required" } else { "property" }, message, help)
    }

    fn forbidden(self) -> Said {
        let message = self.pick(
            "is forbidden now: clients that send it are refused",
            "is sent now, and the old contract forbids it: clients that check what they receive refuse it",
            "may be sent now",
            "is not sent any more",
        );
        let help = self.pick(Some("keep the property and ignore it"), None, None, None);
        Self::said("property", message, help)
    }

    fn closed(self) -> Said {
        let message = self.pick(
            "properties that are not named are forbidden now: clients that send any are refused",
            "clients may now receive properties that the old contract forbids",
            "properties that are not named are accepted too",
            "properties that are not named are not sent any more",
        );
        Self::said("additionalProperties", message, None)
    }

    fn sealed(self) -> Said {
        let message = if self.lost {
            "the contract no longer rules out properties that it does not name"
        } else {
            "the contract rules out properties that it does not name"
        };
        Self::said("additionalProperties", message, None)
    }

    /// Nothing is lost here: one of them names a property, the other ignores it.
    fn unnamed(self) -> Said {
        let message = self.pick(
            "is not read any more: what clients send there is ignored",
            "new: clients of the old contract ignore it",
            "new, and may be left out",
            "is not sent any more: it could always be left out",
        );
        Self::said("property", message, None)
    }

    fn branch(self, name: Option<&str>) -> Said {
        let name = name.map_or("one of the forms".to_owned(), |name| format!("`{}`", shorten(name)));
        let message = self.pick(
            format!("{name} is not accepted any more: clients that send it are refused"),
            format!("clients may now receive {name}, which they do not know"),
            format!("{name} is accepted too"),
            format!("{name} is not sent any more"),
        );
        Self::said("branch", message, None)
    }

    fn unclear(self, kind: &str, what: &str) -> Said {
        let message =
            if self.lost { format!("{what}{UNDECIDED}") } else { format!("the rule `{kind}` has changed") };
        Self::said(kind, message, None)
    }

    /// What is only so if a property's name is of two patterns at once.
    fn or_not(self, mut said: Said) -> Said {
        if self.undecided {
            said.message.push_str(", unless the patterns of names keep them apart, which cannot be decided");
        }
        said
    }
}

fn list(values: &[Value]) -> String {
    let mut shown: Vec<String> =
        values.iter().take(MOST_VALUES).map(|value| shorten(&value.to_string())).collect();
    if values.len() > MOST_VALUES {
        shown.push(format!("{} more", values.len() - MOST_VALUES));
    }
    match shown.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => shown.concat(),
    }
}

/// What somebody else wrote, short.
fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
