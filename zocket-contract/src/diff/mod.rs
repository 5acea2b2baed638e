//! What a change of a contract would break.
//!
//! Every change is judged by the direction of its messages. What a server accepts (payloads of calls, headers) may widen;
//! what it sends (replies, errors, payloads of events) may narrow. A change that goes the other way is breaking, and so is one
//! that cannot be decided; it says so.
//!
//! Where JSON Schema and practice disagree, these are the rules:
//!
//! - Nobody is taken to send properties by names that their contract does not have and the other one does. So a new optional
//!   property of a call's payload is compatible, although a client might have sent anything by that name.
//! - Else clients may send properties that nobody asked for, where they are ignored. So it is breaking to forbid them. A
//!   server only sends what its contract names.
//! - Clients ignore properties that they do not know, unless their contract rules them out. So a new property of a reply is
//!   compatible, but not where the old schema says `additionalProperties: false`: a client may hold it to that.
//! - A removed route is breaking in both directions: who listens gets nothing any more.
//! - A new error code is breaking: a client that switches on the code meets one that it does not know. A removed one is
//!   compatible.
//! - A call that had no payload is served as before if the new payload may be null, as that is what an absent one is read as.
//! - Headers that a schema does not name are ignored, whatever the schema says of them.
//!
//! One routine ([`schema`]) does all the work, twice for each part: what is lost, and what is gained. Then [`words`] say it.

mod change;
mod docs;
mod gap;
mod report;
mod routes;
mod schema;
mod words;

pub use change::{Change, ChangedPart, Impact};
pub use report::Diff;

use crate::Contract;

impl Contract {
    /// How a server that changes from the contract `old` to `new` changes for clients that were made from `old`.
    ///
    /// Contracts of the same [hash](Self::hash) differ in documentation only. The work is bounded, also for documents that
    /// somebody hostile wrote; what goes beyond the bounds counts as breaking, and says so.
    ///
    /// ```
    /// use zocket_contract::Contract;
    ///
    /// let contract = |most: u32| {
    ///     Contract::seal(serde_json::json!({"zocket": "0.1", "router": "app", "$defs": {}, "routes": [{
    ///         "route": "rate",
    ///         "direction": "incoming",
    ///         "payload": {"type": "integer", "minimum": 1, "maximum": most},
    ///     }]}))
    /// };
    /// let diff = Contract::compare(&contract(10), &contract(5));
    /// assert!(diff.is_breaking());
    /// assert_eq!(
    ///     diff.changes()[0].to_string(),
    ///     "rate payload: the maximum went from 10 to 5: clients that send 6 are refused"
    /// );
    /// assert!(!Contract::compare(&contract(10), &contract(20)).is_breaking());
    /// ```
    #[must_use]
    pub fn compare(old: &Self, new: &Self) -> Diff {
        Diff::new(routes::compare(old, new))
    }
}
