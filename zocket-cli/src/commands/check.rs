//! `zocket check`: a contract, or a message against it.

use std::{collections::BTreeMap, fmt::Write};

use serde_json::{json, value::RawValue};
use zocket_contract::{Contract, Direction, Part, Position, Route, SchemaName, Violations};

use crate::{
    args::CheckArgs,
    output::{print, say},
    payload::Payload,
    report::{Exit, Failure, Result},
    routes,
};

pub(crate) fn run(args: &CheckArgs) -> Result<Exit> {
    if args.source.is_stdin() && args.message.as_deref() == Some("-") {
        return Err(Failure::unusable("only one of the contract and the message can be read from stdin"));
    }
    let contract = args.source.contract()?;
    let Some(message) = &args.message else { return well_formed(&contract, args.json) };
    let message = Payload::read(message)?;
    let (route, pointer, payload) = match &args.route {
        Some(route) => (routes::any(&contract, route)?, "", Some(&*message.text)),
        None => {
            let (route, payload) = envelope(&message)?;
            (routes::any(&contract, &route)?, "/payload", payload)
        }
    };
    let objection = objection(&contract, route, payload)?;
    if args.json {
        let issues = objection.as_ref().map_or(&[][..], Violations::issues);
        let mut verdict = json!({"route": route.name(), "valid": objection.is_none(), "issues": issues});
        if let Some(violations) = objection.as_ref().filter(|violations| violations.more() > 0) {
            verdict["issueCount"] = violations.count().into();
        }
        print(&format!("{verdict}\n"))?;
    } else {
        say(&in_words(route, objection.as_ref(), &message, pointer))?;
    }
    Ok(if objection.is_none() { Exit::Fine } else { Exit::No })
}

fn well_formed(contract: &Contract, json: bool) -> Result<Exit> {
    let count = |direction| contract.routes().filter(|route| route.direction() == direction).count();
    let (calls, events) = (count(Direction::Incoming), count(Direction::Outgoing));
    let (router, hash) = (contract.router(), contract.hash());
    if json {
        let summary =
            json!({"valid": true, "router": router, "hash": hash, "calls": calls, "events": events});
        print(&format!("{summary}\n"))?;
    } else {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let (calls_s, events_s) = (plural(calls), plural(events));
        say(&format!(
            "a contract of `{router}`: {calls} call{calls_s}, {events} event{events_s}, hash {hash}\n"
        ))?;
    }
    Ok(Exit::Fine)
}

/// The route of a whole message, and its payload as written.
fn envelope(message: &Payload) -> Result<(String, Option<&str>)> {
    let members: Option<BTreeMap<String, &RawValue>> = serde_json::from_str(&message.text).ok();
    let member = |name: &str| members.as_ref()?.get(name).copied();
    match member("type").and_then(|route| serde_json::from_str(route.get()).ok()) {
        Some(route) => Ok((route, member("payload").map(RawValue::get))),
        None => Err(Failure::unusable(format_args!(
            "{}: no message: it has no `type` that is a text",
            message.name
        ))
        .help("a payload alone is checked with --route, as --route stock.orderNow")),
    }
}

/// What a server of this contract would object to.
pub(crate) fn objection(
    contract: &Contract,
    route: Route<'_>,
    payload: Option<&str>,
) -> Result<Option<Violations>> {
    let part = match route.direction() {
        Direction::Incoming => Part::Payload,
        _ => Part::Event,
    };
    // A payload for a call that takes none is ignored.
    let Some(validator) = contract.validator(SchemaName::Message { route: route.name(), part }) else {
        return Ok(None);
    };
    let validator = validator
        .map_err(|error| Failure::unusable(format_args!("the contract's schema cannot be used: {error}")))?;
    Ok(match payload {
        Some(payload) => validator.check(payload),
        None => validator.check_absent(),
    }
    .err())
}

/// One violation per line, below what they belong to.
pub(crate) fn indented(violations: &Violations) -> String {
    violations.to_string().lines().map(|line| format!("\n  {line}")).collect()
}

fn in_words(route: Route<'_>, objection: Option<&Violations>, message: &Payload, pointer: &str) -> String {
    let name = route.name();
    let Some(violations) = objection else { return format!("fine: `{name}` takes it\n") };
    let mut text = String::new();
    for issue in violations {
        let place = Position::of_value(&message.text, &format!("{pointer}{}", issue.path));
        let _ = writeln!(text, "{}:{place}: {issue}", message.name);
    }
    if violations.more() > 0 {
        let _ = writeln!(text, "and {} more", violations.more());
    }
    let _ = writeln!(text, "`{name}` does not take it");
    text
}
