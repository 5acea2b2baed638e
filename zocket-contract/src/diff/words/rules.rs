//! Rules with a limit: bounds, lengths, counts, patterns, formats.

use serde_json::Value;

use super::{Said, UNDECIDED, Voice, Way, shorten};

/// Says what became of a rule. `sup` has it, `sub` has it less strictly or not at all.
pub(super) fn rule(
    voice: Voice<'_>,
    keyword: &'static str,
    sub: Option<&str>,
    sup: &str,
    example: Option<&Value>,
) -> Said {
    let (sub, sup) = (sub.map(shorten), shorten(sup));
    let change = change(voice, keyword, sub.as_deref(), &sup);
    let count = match (example, unit(keyword)) {
        (_, "") | (None, _) => None,
        (Some(Value::String(text)), _) => Some(text.chars().count()),
        (Some(Value::Array(items)), _) => Some(items.len()),
        (Some(Value::Object(members)), _) => Some(members.len()),
        _ => None,
    };
    let outside = match (count, voice.example) {
        (Some(count), _) => with_unit(&count.to_string(), unit(keyword)),
        (None, Some(example)) => example.to_owned(),
        (None, None) => outside(keyword, &sup),
    };
    let message = match (voice.lost, voice.undecided, voice.way) {
        (false, ..) => change,
        (true, true, Way::In) => format!("{change}: whether that refuses anything{UNDECIDED}"),
        (true, true, Way::Out) => format!("{change}: whether that brings anything new{UNDECIDED}"),
        (true, false, Way::In) => format!("{change}: clients that send {outside} are refused"),
        (true, false, Way::Out) => format!("{change}: clients may now receive {outside}"),
    };
    Voice::said(keyword, message, None)
}

/// What has changed, without what follows.
fn change(voice: Voice<'_>, keyword: &str, sub: Option<&str>, sup: &str) -> String {
    // The stricter of the two is `sup`: is it the new one?
    let came = voice.pick(true, false, false, true);
    let (name, least) = match keyword {
        "minimum" => ("minimum", true),
        "maximum" => ("maximum", false),
        "multipleOf" => ("step", true),
        "minLength" => ("least length", true),
        "maxLength" => ("greatest length", false),
        "minItems" => ("least number of items", true),
        "maxItems" => ("greatest number of items", false),
        "minProperties" => ("least number of properties", true),
        "maxProperties" => ("greatest number of properties", false),
        "uniqueItems" if came => return "items must differ now".to_owned(),
        "uniqueItems" => return "items need not differ any more".to_owned(),
        "propertyNames" if came => return "the names of properties are held to a rule now".to_owned(),
        "propertyNames" => return "the names of properties are held to a looser rule or to none".to_owned(),
        "pattern" | "format" => return of_text(voice, keyword, sub, sup, came),
        other => (other, true),
    };
    let unit = unit(keyword);
    match (sub, came) {
        (Some(sub), _) => {
            let (old, new) = voice.in_time(sub, sup);
            format!("the {name} went from {old} to {new}")
        }
        (None, true) if unit.is_empty() => format!("a {name} of {sup} was added"),
        (None, false) if unit.is_empty() => format!("the {name} of {sup} is gone"),
        (None, came) => {
            let limit = if least { "at least" } else { "at most" };
            let since = if came { "from now on" } else { "no longer" };
            let limit = format!("{limit} {}", with_unit(sup, unit));
            if came { format!("{limit} {since}") } else { format!("{since} {limit}") }
        }
    }
}

fn of_text(voice: Voice<'_>, keyword: &str, sub: Option<&str>, sup: &str, came: bool) -> String {
    match (sub, came) {
        // One of several, in a union: the others stay.
        (Some(sub), _) if !voice.lost => {
            let end = if voice.way == Way::In { "is accepted too" } else { "is not sent any more" };
            format!("text of the {keyword} `{sub}` {end}")
        }
        (Some(sub), _) => {
            let (old, new) = voice.in_time(sub, sup);
            format!("the {keyword} went from `{old}` to `{new}`")
        }
        (None, true) => format!("the {keyword} `{sup}` was added"),
        (None, false) => format!("the {keyword} `{sup}` is gone"),
    }
}

/// What such a rule refuses, where no example is at hand.
fn outside(keyword: &str, sup: &str) -> String {
    match keyword {
        "minimum" => "less".to_owned(),
        "maximum" => "more".to_owned(),
        "multipleOf" => format!("what is no multiple of {sup}"),
        "pattern" => "text that does not match".to_owned(),
        "format" => "text of another format".to_owned(),
        "uniqueItems" => "an item twice".to_owned(),
        _ => "others".to_owned(),
    }
}

fn unit(keyword: &str) -> &'static str {
    match keyword {
        "minLength" | "maxLength" => "character",
        "minItems" | "maxItems" => "item",
        "minProperties" | "maxProperties" => "propert",
        _ => "",
    }
}

fn with_unit(count: &str, unit: &str) -> String {
    match (unit, count) {
        ("", _) => count.to_owned(),
        ("propert", "1") => "1 property".to_owned(),
        ("propert", _) => format!("{count} properties"),
        (_, "1") => format!("1 {unit}"),
        _ => format!("{count} {unit}s"),
    }
}
