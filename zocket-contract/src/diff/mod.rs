//! What a change to a contract would break.
//!
//! Every change is judged by the direction of its messages. What a server accepts (payloads of calls, headers) may widen; what
//! it sends (replies, errors, payloads of events) may narrow. A change in the other direction is breaking, and so is one that
//! cannot be decided, which the report says.
//!
//! What is called compatible is proven. What is called breaking is shown, by a value that the one schema has taken and the other
//! refused, as the validators of a server judge; no sentence asserts what no value shows. All else is undecided.
//!
//! Where JSON Schema and practice disagree, these are the rules:
//!
//! - It is assumed that nobody sends properties whose names only the other contract has. So a new optional property of a
//!   call's payload is compatible, although a client might have sent anything under that name.
//! - Otherwise clients may send unknown properties where these are ignored. So forbidding them is breaking. A server
//!   only sends what its contract names.
//! - Clients ignore properties that they do not know, unless their contract forbids them. So a new property of a reply is
//!   compatible, except if the old schema says `additionalProperties: false`, which a client may enforce.
//! - A removed route is breaking in both directions: clients that listen to it get nothing any more.
//! - A new error code is breaking: a client that switches on the code meets one that it does not know. A removed one is
//!   compatible.
//! - A call that had no payload works as before if the new payload may be null, since an absent one is read as null.
//! - Headers that a schema does not name are ignored, whatever the schema says about them.
//!
//! One routine ([`schema`]) does all the work, twice for each part: what is lost, and what is gained. Then a value is sought that
//! shows each difference, and [`words`] say it.

mod change;
mod docs;
mod gap;
mod report;
mod routes;
mod schema;
mod words;

pub use change::{Change, ChangedPart, Impact};
pub use report::Diff;

use crate::document::Contract;

impl Contract {
    /// What changing a server's contract from `old` to `new` means for clients that were generated from `old`.
    ///
    /// Contracts of the same [hash](Self::hash) differ in documentation only, and those of another have a change that is more.
    /// What breaks is shown by a value, [`Change::example`]; what can be neither shown nor ruled out counts as breaking and is
    /// marked as [undecided](Change::undecided). The work is bounded, also for documents that
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
