//! Comparing the versions of client and server.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use serde_json::{Map, Value};

use super::Contract;
use crate::target;
use crate::wire::CLIENT_VERSION;

/// What a server does with clients that were generated from a contract other than its own.
///
/// Clients send their contract's hash at the handshake. Those that send none, such as `@zocket/client` 0.1.0, are let in
/// under every policy. See [`Builder::known_contract`](crate::Builder::known_contract).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum OtherContracts {
    /// They are let in.
    Accept,
    /// They are let in. A warning is logged, once for each contract that is unknown, or that is known to be
    /// incompatible.
    #[default]
    Warn,
    /// Those of a known contract that the server's own would break are refused with 426 Upgrade Required. Those of an
    /// unknown one are let in with a warning, so that new clients can connect to old servers during a rollout.
    RefuseBroken,
    /// Those of an unknown contract are refused as well.
    RefuseUnknown,
}

/// How many unknown contracts are logged: what clients send must not fill the log.
const WARNINGS: usize = 64;

/// The contracts that a server knows.
pub(crate) struct Versions {
    own: String,
    /// By hash: whether clients generated from it are served as they expect.
    known: BTreeMap<String, bool>,
    policy: OtherContracts,
    warned: Mutex<BTreeSet<String>>,
}

impl Versions {
    pub(crate) fn new(own: &Contract, known: &[Contract], policy: OtherContracts) -> Self {
        let known =
            known.iter().map(|old| (old.hash().to_owned(), !Contract::compare(old, own).is_breaking()));
        Self { own: own.hash().to_owned(), known: known.collect(), policy, warned: Mutex::default() }
    }

    /// The hash of the server's own contract.
    pub(crate) fn own(&self) -> &str {
        &self.own
    }

    /// Compares the versions in a client's handshake with the server's, and warns if they differ. `false` if the client
    /// must not be let in.
    pub(crate) fn admits(&self, headers: &Map<String, Value>) -> bool {
        let named = |key| headers.get(key).and_then(Value::as_str);
        if let Some(version) = named("x-zocket-version") {
            warn_of_client_version(version);
        }
        named("x-zocket-contract").is_none_or(|hash| self.admits_contract(hash))
    }

    fn admits_contract(&self, hash: &str) -> bool {
        if hash == self.own || self.policy == OtherContracts::Accept {
            return true;
        }
        let known = self.known.get(hash).copied();
        let refused = match known {
            Some(true) => return true,
            Some(false) => self.policy >= OtherContracts::RefuseBroken,
            None => self.policy >= OtherContracts::RefuseUnknown,
        };
        if self.is_news(hash) {
            let is = if known.is_some() { "breaks" } else { "does not know" };
            let then = if refused { "refused" } else { "let in" };
            // A malformed hash does not come from a generated client.
            let hash: String = hash.chars().filter(char::is_ascii_hexdigit).take(32).collect();
            tracing::warn!(target: target::HANDSHAKE, client = hash,
                server = self.own,
                "a client of a contract that this server {is}: {then}"
            );
        }
        !refused
    }

    fn is_news(&self, hash: &str) -> bool {
        let mut warned = self.warned.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        warned.len() < WARNINGS && hash.len() <= 64 && warned.insert(hash.to_owned())
    }
}

/// A client of another version is let in: the protocol has rules for what is unknown.
fn warn_of_client_version(version: &str) {
    if version != CLIENT_VERSION {
        let version: String = version.chars().filter(|c| c.is_ascii_graphic()).take(32).collect();
        tracing::warn!(target: target::HANDSHAKE, client = version, server = CLIENT_VERSION, "a client of another version connects");
    }
}
