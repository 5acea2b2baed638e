//! Calls that go before, as to enter a room.

use zocket_contract::Contract;

use super::check;
use crate::{
    payload::Payload,
    report::{Failure, Result},
    routes,
};

/// A call to send first.
pub(super) struct FirstCall {
    pub(super) route: String,
    pub(super) payload: Option<Payload>,
}

impl FirstCall {
    /// Reads `ROUTE` or `ROUTE=PAYLOAD`.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let (route, payload) = match text.split_once('=') {
            Some((route, payload)) => (route, Some(Payload::read(payload)?)),
            None => (text, None),
        };
        Ok(Self { route: route.to_owned(), payload })
    }
}

/// Says what is mistyped before anything is sent.
pub(super) fn check(contract: &Contract, calls: &[FirstCall]) -> Result<()> {
    for FirstCall { route, payload } in calls {
        let route = routes::call(contract, route)?;
        if let Some(violations) =
            check::objection(contract, route, payload.as_ref().map(|payload| &*payload.text))?
        {
            let (name, lines) = (route.name(), check::indented(&violations));
            return Err(Failure::no(format_args!(
                "`{name}` does not take this payload; nothing was sent{lines}"
            )));
        }
    }
    Ok(())
}
