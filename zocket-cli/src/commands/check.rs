//! `zocket check`: a contract, or a message against it.

use std::fmt::Write;

use serde_json::{Value, json};
use zocket_contract::{Contract, Direction, Route};

use crate::{
    args::CheckArgs,
    json::find,
    output::{print, say},
    payload::Payload,
    report::{Exit, Failure, Result},
    routes,
    validate::{Issue, violations},
};

pub(crate) fn run(args: &CheckArgs) -> Result<Exit> {
    if args.source.is_stdin() && args.message.as_deref() == Some("-") {
        return Err(Failure::unusable("only one of the contract and the message can be read from stdin"));
    }
    let contract = args.source.contract()?;
    let Some(message) = &args.message else { return well_formed(&contract, args.json) };
    let message = Payload::read(message)?;
    let (route, pointer, payload) = match &args.route {
        Some(route) => (routes::any(&contract, route)?, "", Some(&message.value)),
        None => {
            let route = route_of(&contract, &message)?;
            (route, "/payload", message.value.get("payload"))
        }
    };
    let issues = payload_issues(&contract, route, payload)?;
    let exit = if issues.is_empty() { Exit::Fine } else { Exit::No };
    if args.json {
        print(&format!(
            "{}\n",
            json!({"route": route.name(), "valid": issues.is_empty(), "issues": issues})
        ))?;
    } else {
        say(&in_words(route, &issues, &message, pointer))?;
    }
    Ok(exit)
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

/// The route that a whole message is for.
fn route_of<'c>(contract: &'c Contract, message: &Payload) -> Result<Route<'c>> {
    match message.value.get("type") {
        Some(Value::String(route)) => routes::any(contract, route),
        _ => Err(Failure::unusable(format_args!(
            "{}: no message: it has no `type` that is a text",
            message.name
        ))
        .help("a payload alone is checked with --route, as --route stock.orderNow")),
    }
}

/// What a server of this contract would object to.
pub(crate) fn payload_issues(
    contract: &Contract,
    route: Route<'_>,
    payload: Option<&Value>,
) -> Result<Vec<Issue>> {
    // What is sent to a call that takes nothing is ignored.
    let Some(schema) = route.payload() else { return Ok(Vec::new()) };
    let issues = violations(contract, schema, payload.unwrap_or(&Value::Null))?;
    if payload.is_none() && !issues.is_empty() {
        let message = "a payload is required".into();
        return Ok(vec![Issue { path: String::new(), message, keyword: "required".into() }]);
    }
    Ok(issues)
}

fn in_words(route: Route<'_>, issues: &[Issue], message: &Payload, pointer: &str) -> String {
    let name = route.name();
    if issues.is_empty() {
        return format!("fine: `{name}` takes it\n");
    }
    let mut text = String::new();
    for issue in issues {
        let place = find(&message.text, &format!("{pointer}{}", issue.path));
        let place = place.map(|place| format!(":{place}")).unwrap_or_default();
        let _ = writeln!(text, "{}{place}: {issue}", message.name);
    }
    let _ = writeln!(text, "`{name}` does not take it");
    text
}
