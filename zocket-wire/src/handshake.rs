//! What both ends of the opening handshake compute (RFC 6455, section 4). HTTP itself is not part of this
//! crate.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha1::{Digest, Sha1};

/// The `Sec-WebSocket-Accept` that proves that a server understood the client's `Sec-WebSocket-Key`: 28 characters of
/// base64.
///
/// ```
/// use zocket_wire::handshake::accept_key;
///
/// // The example of RFC 6455, section 1.3.
/// assert_eq!(accept_key(b"dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
/// ```
#[must_use]
pub fn accept_key(key: &[u8]) -> String {
    const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    STANDARD.encode(Sha1::new().chain_update(key).chain_update(GUID).finalize())
}
