//! A router that uses everything a payload can be made of, random values of all its types, and a book of what was sent.

pub(crate) mod foreign;
pub(crate) mod ledger;
pub(crate) mod messages;
pub(crate) mod random;
pub(crate) mod router;
