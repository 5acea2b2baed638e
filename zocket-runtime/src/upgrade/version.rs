//! Where the versions of client and server meet.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use serde_json::{Map, Value};

use super::Refusal;
use crate::contract::Contract;

/// What a server does with clients that were generated from another contract than its own.
///
/// Clients say which by the contract's hash, at the handshake. Those that say nothing, such as `@zocket/client` 0.1.0, are
/// let in under each policy. See [`Builder::known_contract`](crate::Builder::known_contract).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum OtherContracts {
    /// They are let in.
    Accept,
    /// They are let in. The log has a warning, once for each contract that is not known, or is known and would break.
    #[default]
    Warn,
    /// Those of a known contract that the server's own would break are refused, with 426 Upgrade Required; those of an
    /// unknown one are let in with a warning, so that new clients can meet old servers while a new version is rolled out.
    RefuseBroken,
    /// Those of an unknown contract are refused as well.
    RefuseUnknown,
}

/// How many unknown contracts are warned of: what clients send must not fill the log.
const WARNINGS: usize = 64;

/// The contracts that a server knows.
pub(crate) struct Versions {
    own: String,
    /// By hash: whether clients made from it are served as they expect.
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

    /// Holds the contract that a client names against those that are known.
    pub(super) fn check(&self, headers: &Map<String, Value>) -> Result<(), Refusal> {
        let Some(hash) = headers.get("x-zocket-contract").and_then(Value::as_str) else { return Ok(()) };
        if hash == self.own || self.policy == OtherContracts::Accept {
            return Ok(());
        }
        let known = self.known.get(hash).copied();
        let refused = match known {
            Some(true) => return Ok(()),
            Some(false) => self.policy >= OtherContracts::RefuseBroken,
            None => self.policy >= OtherContracts::RefuseUnknown,
        };
        if self.is_news(hash) {
            let is = if known.is_some() { "breaks" } else { "does not know" };
            let then = if refused { "refused" } else { "let in" };
            // A hash that is none comes from no client of ours.
            let hash: String = hash.chars().filter(char::is_ascii_hexdigit).take(32).collect();
            tracing::warn!(
                client = hash,
                server = self.own,
                "a client of a contract that this server {is}: {then}"
            );
        }
        if refused { Err(Refusal::upgrade_required(&self.own)) } else { Ok(()) }
    }

    fn is_news(&self, hash: &str) -> bool {
        let mut warned = self.warned.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        warned.len() < WARNINGS && hash.len() <= 64 && warned.insert(hash.to_owned())
    }
}
