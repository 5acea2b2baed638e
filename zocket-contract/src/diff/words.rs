//! Saying what a gap means, in the words of who reads it.

mod rules;

use serde_json::Value;

use super::gap::{Gap, Weight, What};
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
pub(super) fn say(gap: &Gap, way: Way, lost: bool) -> Said {
    let undecided = gap.weight == Weight::Undecided;
    let example = gap.example.as_ref().map(Value::to_string).filter(|text| text.chars().count() <= LONGEST);
    let voice = Voice { way, lost, undecided, example: example.as_deref() };
    match &gap.what {
        What::Types { refused, sub, sup } => voice.types(*refused, *sub, *sup),
        What::Values { refused, listed } => voice.values(refused, *listed),
        What::Listed { sup } => voice.listed(sup),
        What::Rule { keyword, sub, sup, .. } => {
            rules::rule(voice, keyword, sub.as_deref(), sup, gap.example.as_ref())
        }
        What::Required { known } => voice.required(*known),
        What::Forbidden { .. } => voice.forbidden(),
        What::Closed => voice.closed(),
        What::Sealed => voice.sealed(),
        What::Unnamed => voice.unnamed(),
        What::Branch { name } => voice.branch(name.as_deref()),
        What::Opaque { keyword } => {
            let kind = if keyword.contains(' ') { "limits" } else { keyword };
            let change = format!("the rule `{}` has changed", shorten(keyword));
            voice.unclear(kind, &change, &format!("what changed about `{}`", shorten(keyword)))
        }
        What::Overlap => voice.unclear(
            "oneOf",
            "the rule `oneOf` has changed, that a value fits one of the forms only",
            "whether a value fits more than one of the forms",
        ),
        What::Excluded => {
            voice.unclear("not", "the rule `not` has changed", "whether a value is one that `not` excludes")
        }
        What::Unfit => match &gap.example {
            Some(value) => voice.values(std::slice::from_ref(value), false),
            None => voice.unclear(
                "value",
                "some values are judged otherwise",
                voice.pick("whether all is still accepted", "whether anything new is sent", "", ""),
            ),
        },
        What::TooLarge => voice.unclear(
            "limits",
            "some values are judged otherwise",
            "the schemas are too large or too deep: what changed",
        ),
    }
}

#[derive(Clone, Copy)]
struct Voice<'t> {
    way: Way,
    lost: bool,
    undecided: bool,
    /// A value that shows it, as JSON.
    example: Option<&'t str>,
}

impl Voice<'_> {
    /// Where nobody knows: what changed, and that it is not known what follows.
    fn doubt(self, change: &str, refuses: &str, brings: &str) -> Option<String> {
        let open = if self.way == Way::In { refuses } else { brings };
        let comma = if change.is_empty() { "" } else { ": " };
        (self.undecided && self.lost).then(|| format!("{change}{comma}{open}{UNDECIDED}"))
    }

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
        let doubt = self.doubt(&change, "whether that refuses anything", "whether that brings anything new");
        if let Some(message) = doubt {
            return Self::said(kind, message, None);
        }
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
        let accepted = format!("whether {values} {is} still accepted");
        let doubt = self.doubt("", &accepted, &format!("whether {values} {is} new to clients"));
        let message = doubt.unwrap_or_else(|| {
            self.pick(
                format!("{values} {is} not accepted any more: clients that send {it} are refused"),
                format!("clients may now receive {values}, which they do not know"),
                format!("{values} {is} accepted too"),
                format!("{values} {is} not sent any more"),
            )
        });
        Self::said(if listed { "enum" } else { "value" }, message, None)
    }

    fn listed(self, values: &[Value]) -> Said {
        let values = list(values);
        let (only, other) =
            (format!("only {values} is accepted now"), self.example.unwrap_or("anything else"));
        let doubt = self.doubt(
            "",
            &format!("whether anything but {values} was accepted"),
            &format!("whether anything but {values} is sent"),
        );
        let message = doubt.unwrap_or_else(|| {
            self.pick(
                format!("{only}: clients that send {other} are refused"),
                match self.example {
                    Some(other) => {
                        format!("clients may now receive other values than {values}, such as {other}")
                    }
                    None => format!("clients may now receive other values than {values}"),
                },
                format!("other values than {values} are accepted too"),
                format!("only {values} is sent now"),
            )
        });
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
        let doubt = self.doubt("", "whether it may still be left out", "whether it is still always there");
        let message = doubt.as_deref().unwrap_or(message);
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
        let doubt = self.doubt("", "whether it is still accepted", "whether it is sent now");
        let message = doubt.as_deref().unwrap_or(message);
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
        let doubt = self.doubt(
            "",
            "whether properties that are not named are still accepted",
            "whether properties that are not named are sent now",
        );
        let message = doubt.as_deref().unwrap_or(message);
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
        let accepted = format!("whether {name} is still accepted");
        let doubt = self.doubt("", &accepted, &format!("whether {name} is new to clients"));
        let message = doubt.unwrap_or_else(|| {
            self.pick(
                format!("{name} is not accepted any more: clients that send it are refused"),
                format!("clients may now receive {name}, which they do not know"),
                format!("{name} is accepted too"),
                format!("{name} is not sent any more"),
            )
        });
        Self::said("branch", message, None)
    }

    /// What has changed in a rule that no short sentence tells.
    fn unclear(self, kind: &str, change: &str, open: &str) -> Said {
        let other = self.example.unwrap_or("some of what was right");
        let message = match self.doubt("", open, open) {
            Some(doubt) => doubt,
            None if self.lost && self.way == Way::In => {
                format!("{change}: clients that send {other} are refused")
            }
            None if self.lost => format!("{change}: clients may now receive {other}"),
            None => format!("the rule `{kind}` has changed"),
        };
        Self::said(kind, message, None)
    }
}

fn list(values: &[Value]) -> String {
    let mut shown: Vec<String> =
        values.iter().take(MOST_VALUES).map(|value| shorten(&value.to_string())).collect();
    if values.len() > MOST_VALUES {
        shown.push(format!("{} more", values.len() - MOST_VALUES));
    }
    match shown.split_last() {
        None => "nothing".to_owned(),
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
