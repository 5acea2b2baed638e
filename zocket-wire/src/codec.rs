//! How a connection's messages are written.

use super::deflate::Window;

/// What client and server agree on at the handshake, named by a subprotocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Codec {
    /// Text frames of JSON: also the default without a subprotocol.
    #[default]
    Json,
    /// Binary frames of [MessagePack](super::msgpack).
    MsgPack,
}

impl Codec {
    /// The name in `Sec-WebSocket-Protocol`.
    #[must_use]
    pub const fn subprotocol(self) -> &'static str {
        match self {
            Self::Json => "zocket.json",
            Self::MsgPack => "zocket.msgpack",
        }
    }
}

/// What a connection's peer reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// How messages are encoded, in both directions.
    pub codec: Codec,
    /// The window with which it inflates compressed messages; `None` if messages are uncompressed in both
    /// directions.
    pub window: Option<Window>,
}
