//! Messages from the server: what is sent, to whom, by which server, and the outcome.

mod anchor;
mod delivery;
mod message;
mod receivers;
mod refused;
mod spawn;

pub use anchor::Anchor;
pub use delivery::{Delivery, Undelivered};
pub use message::{Message, Outgoing};
pub use receivers::{Clients, RoomName, RoomNames};
pub use refused::Refused;
pub use spawn::spawn;
