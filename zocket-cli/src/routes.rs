//! Finding a route by a name that a person typed.

use zocket_contract::{Contract, Direction, Route};

use crate::report::{Failure, Result};

/// The call of this name.
pub(crate) fn call<'c>(contract: &'c Contract, name: &str) -> Result<Route<'c>> {
    find(contract, name, Direction::Incoming)
}

/// The event of this name.
pub(crate) fn event<'c>(contract: &'c Contract, name: &str) -> Result<Route<'c>> {
    find(contract, name, Direction::Outgoing)
}

/// The route of this name, calls first.
pub(crate) fn any<'c>(contract: &'c Contract, name: &str) -> Result<Route<'c>> {
    contract
        .route(name, Direction::Incoming)
        .or_else(|| contract.route(name, Direction::Outgoing))
        .ok_or_else(|| unknown(name, "route", contract.routes().map(|route| route.name())))
}

fn find<'c>(contract: &'c Contract, name: &str, direction: Direction) -> Result<Route<'c>> {
    if let Some(route) = contract.route(name, direction) {
        return Ok(route);
    }
    let (noun, opposite, elsewhere) = match direction {
        Direction::Incoming => (
            "call",
            Direction::Outgoing,
            "is not called: the server sends it; help: hear it with `zocket listen`",
        ),
        Direction::Outgoing => {
            ("event", Direction::Incoming, "is not heard: clients call it; help: call it with `zocket call`")
        }
    };
    if contract.route(name, opposite).is_some() {
        let (what, help) = elsewhere.split_once("; help: ").unwrap_or((elsewhere, ""));
        return Err(Failure::unusable(format_args!("the route `{name}` {what}")).help(help));
    }
    let names = contract.routes().filter(|route| route.direction() == direction).map(|route| route.name());
    Err(unknown(name, noun, names))
}

/// Says that nothing has this name, and suggests what was meant.
pub(crate) fn unknown<'n>(name: &str, noun: &str, names: impl Iterator<Item = &'n str>) -> Failure {
    let names: Vec<&str> = names.collect();
    let failure = Failure::unusable(format_args!("no {noun} `{name}`"));
    match &*nearest(name, &names) {
        [] if names.is_empty() => failure.help(format_args!("the contract has no {noun} at all")),
        [] => failure.help(format_args!("there is {}", listed(&names))),
        near => failure.help(format_args!("did you mean {}?", listed(near))),
    }
}

/// The names that may have been meant, most likely first.
fn nearest<'n>(typed: &str, names: &[&'n str]) -> Vec<&'n str> {
    let plain = |name: &str| name.to_lowercase().replace(['_', '-'], "");
    let last = |name: &str| plain(name.rsplit('.').next().unwrap_or(name));
    let wanted = plain(typed);
    let mut near: Vec<(usize, &str)> = names
        .iter()
        .filter_map(|name| {
            let distance = strsim::osa_distance(&wanted, &plain(name));
            let close = distance <= 1 + wanted.chars().count() / 5;
            // `announce` for `system.announce`.
            let same_end = last(typed) == last(name);
            (close || same_end).then_some((distance, *name))
        })
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.truncate(3);
    near.into_iter().map(|(_, name)| name).collect()
}

fn listed(names: &[&str]) -> String {
    const MOST: usize = 12;
    let mut text = names.iter().take(MOST).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        text.push_str(&format!(" and {} more", names.len() - MOST));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_fingers_finds_what_was_meant() {
        let names = ["system.announce", "chat.post", "stock.orderNow", "chat.edit"];
        for (typed, meant) in [
            ("system.anounce", &["system.announce"][..]),
            ("announce", &["system.announce"]),
            ("stock.order_now", &["stock.orderNow"]),
            ("Chat.Post", &["chat.post"]),
            ("caht.post", &["chat.post"]),
            ("something.else", &[]),
        ] {
            assert_eq!(nearest(typed, &names), meant, "{typed}");
        }
    }
}
