//! Messages from the server: what is sent, to whom, by which server, and what became of it.

mod anchor;
mod current;
mod delivery;
mod message;

pub use anchor::Anchor;
pub use current::spawn;
pub use delivery::{Delivery, Undelivered};
pub use message::{Message, Outgoing};

pub(crate) use current::Current;
