//! What `call` and `listen` have in common: the server and the contract.

use std::future::Future;

use zocket_contract::Contract;

use crate::{
    args::{Contact, Pair},
    net::{Connect, ServerUrl},
    report::{Exit, Failure, Result},
    source::from_server,
};

/// The contract to use: the given one, or the server's own; none with `--no-check`.
pub(super) fn contract(contact: &Contact, server: &ServerUrl) -> Result<Option<Contract>> {
    if contact.no_check {
        return Ok(None);
    }
    let contract = match &contact.contract {
        Some(source) => source.contract(),
        None => from_server(server).map_err(|failure| match failure.exit() {
            Exit::Unusable => failure
                .help("give the contract with --contract contract.json, or go without one with --no-check"),
            _ => failure,
        }),
    };
    contract.map(Some)
}

pub(super) fn headers(contact: &Contact) -> Vec<(String, String)> {
    contact.headers.iter().map(|Pair(name, value)| (name.clone(), value.clone())).collect()
}

pub(super) fn connect<'c>(
    server: &'c ServerUrl,
    headers: &'c [(String, String)],
    contract: Option<&'c Contract>,
) -> Connect<'c> {
    Connect { server, headers, contract: contract.map(Contract::hash) }
}

/// Runs a future that needs the network.
pub(super) fn run<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::unusable(format_args!("the system refuses: {error}")))?;
    let done = runtime.block_on(work);
    // A host name that is still being resolved must not delay the exit.
    runtime.shutdown_background();
    done
}
