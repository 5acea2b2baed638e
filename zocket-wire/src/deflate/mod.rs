//! Compressed messages (permessage-deflate, RFC 7692), without context takeover: every message is independent.
//!
//! So one compressed frame serves every receiver of a broadcast, a message can be sent uncompressed whenever that is
//! better, and a connection owns neither a compressor nor a window: they belong to the server ([`Deflater`]) and to the
//! worker thread ([`inflate`]).

use std::num::NonZero;

#[cfg(feature = "compression")]
mod deflater;
#[cfg(feature = "compression")]
mod inflate;
#[cfg(not(feature = "compression"))]
mod off;

#[cfg(not(feature = "compression"))]
pub use off::{Deflater, inflate};
#[cfg(feature = "compression")]
pub use {deflater::Deflater, inflate::inflate};

/// A peer's window size for inflating: 2 to the power of 8 to 15 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window(NonZero<u8>);

impl Window {
    /// The largest that DEFLATE has, and the size for every client that does not ask for a smaller one.
    pub const LARGEST: Self = Self(NonZero::new(15).unwrap());

    /// A window of 2 to the power of `bits` bytes; `None` if the RFC has no such window.
    #[must_use]
    pub fn from_bits(bits: u8) -> Option<Self> {
        NonZero::new(bits).filter(|bits| (8..=15).contains(&bits.get())).map(Self)
    }

    /// The base-2 logarithm of its size in bytes, as the handshake states it.
    #[must_use]
    pub fn bits(self) -> u8 {
        self.0.get()
    }

    /// Whether a frame that was `plain` bytes before it was compressed can be inflated with this window.
    ///
    /// The compressor always uses the largest window. But nothing in a message can refer further back than its
    /// beginning, so a message that is no longer than a small window fits into it. Longer messages are sent
    /// uncompressed.
    #[inline]
    #[must_use]
    pub fn holds(self, plain: usize) -> bool {
        self == Self::LARGEST || plain <= 1 << self.bits()
    }
}

/// How many bytes a compressed message may have on the wire if its contents may have `limit`: incompressible data grows
/// a little.
pub(super) fn compressed_limit(limit: usize) -> usize {
    limit.saturating_add(limit / 16).saturating_add(64)
}
