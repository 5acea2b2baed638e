//! The envelope around a client's payload: `{"type":"chat.post","payload":{…},"rpcId":"k3j9x"}`.

use std::borrow::Cow;

mod fault;
mod glance;
mod parse;
mod rpc_id;
#[cfg(test)]
mod tests;

pub use fault::{BadMessage, Fault};
pub use glance::glance;
pub use parse::parse;
pub use rpc_id::{RpcId, RpcIdRef};

/// The longest `rpcId` that is echoed, in bytes as sent, quotes included.
const MAX_RPC_ID: usize = 256;

/// One message of a client. Its whole text is well-formed JSON; apart from that, the payload has not been
/// read.
#[derive(Debug, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// `type`, unescaped.
    pub route: Cow<'a, str>,
    /// The text of `payload`, if there is one.
    pub payload: Option<&'a str>,
    /// `rpcId`, if the client wants a reply.
    pub rpc_id: Option<RpcIdRef<'a>>,
}
