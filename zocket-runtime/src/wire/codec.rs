//! How a connection's messages are written.

use super::deflate::Window;

/// What client and server agree on at the handshake, by the name of a subprotocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Codec {
    /// Text frames of JSON: also without a subprotocol.
    #[default]
    Json,
    /// Binary frames of [MessagePack](super::msgpack).
    MsgPack,
}

impl Codec {
    /// The name in `Sec-WebSocket-Protocol`.
    pub(crate) const fn subprotocol(self) -> &'static str {
        match self {
            Self::Json => "zocket.json",
            Self::MsgPack => "zocket.msgpack",
        }
    }
}

/// What a connection's peer reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reads {
    pub(crate) codec: Codec,
    /// With what window it inflates compressed messages; `None` where only plain ones go out, and come in.
    pub(crate) window: Option<Window>,
}
