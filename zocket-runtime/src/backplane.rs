//! The seam to other nodes.
//!
//! What the hub is asked to send carries all that another node needs to send it on: its receivers by name, and the
//! frame, encoded once. A backplane publishes it; on the other nodes it comes out again at
//! [`Hub::deliver`](crate::hub::Hub::deliver), which reaches the connections there and publishes nothing. No backplane is
//! built yet: the seam is held open by a test with several hubs in one process.

use bytes::Bytes;

use crate::{client_id::ClientId, hub::Target};

/// A message on its way to all nodes.
#[derive(Clone, Debug)]
pub(crate) struct Published<'a> {
    pub(crate) target: &'a Target,
    pub(crate) except: &'a [ClientId],
    /// Not compressed: each node does that for its own connections.
    pub(crate) frame: &'a Bytes,
    /// Whether it may be compressed.
    pub(crate) compress: bool,
}

/// Carries messages to the hubs of other nodes.
pub(crate) trait Backplane: Send + Sync {
    /// Hands a message on. Must not block: it is called from wherever a handler sends.
    fn publish(&self, message: &Published<'_>);
}
