//! The interface to other nodes.
//!
//! A message for the hub carries everything that another node needs to forward it: its receivers by name, and the frame,
//! encoded once. A backplane publishes it; on the other nodes it arrives at `Hub::deliver`, which reaches the
//! connections there and publishes nothing. There is no backplane yet: a test with several hubs in one process keeps the
//! interface working.

use bytes::Bytes;

use crate::client_id::ClientId;

/// The receivers of a message, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    All,
    Clients(Vec<ClientId>),
    Rooms(Vec<String>),
}

/// A frame and its receivers.
#[derive(Clone, Debug)]
pub(crate) struct Addressed<'a> {
    pub(crate) target: &'a Target,
    pub(crate) except: &'a [ClientId],
    /// Not compressed: each node does that for its own connections.
    pub(crate) frame: &'a Bytes,
    /// Whether it may be compressed.
    pub(crate) compress: bool,
}

/// Carries messages to the hubs of other nodes.
pub(crate) trait Backplane: Send + Sync {
    /// Publishes a message. Must not block: it is called wherever a handler sends.
    fn publish(&self, message: &Addressed<'_>);
}
