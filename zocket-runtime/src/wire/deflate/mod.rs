//! Compressed messages (permessage-deflate, RFC 7692), without context takeover: every message stands for itself.
//!
//! So one compressed frame serves every receiver of a broadcast, a message may go out plain whenever that is better, and a
//! connection owns neither a compressor nor a window: they belong to the server ([`Deflater`]) and to the worker thread
//! ([`inflate`]).

#[cfg(feature = "compression")]
mod inflate;
#[cfg(not(feature = "compression"))]
mod off;
#[cfg(feature = "compression")]
mod pack;
#[cfg(feature = "compression")]
mod settings;

#[cfg(not(feature = "compression"))]
pub(crate) use off::{Compression, Deflater, inflate};
#[cfg(feature = "compression")]
pub use settings::Compression;
#[cfg(feature = "compression")]
pub(crate) use {inflate::inflate, pack::Deflater};

/// How far back a peer can look in what it has inflated: 2 to the power of 8 to 15 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window(std::num::NonZero<u8>);

impl Window {
    /// The largest that DEFLATE knows, and what every client has that asks for no smaller one.
    pub(crate) const LARGEST: Self = Self(std::num::NonZero::new(15).unwrap());

    /// `None` where the RFC has no such window.
    pub(crate) fn from_bits(bits: u8) -> Option<Self> {
        std::num::NonZero::new(bits).filter(|bits| (8..=15).contains(&bits.get())).map(Self)
    }

    pub(crate) fn bits(self) -> u8 {
        self.0.get()
    }

    /// Whether a frame that was `plain` bytes before it was compressed can be inflated with this window.
    ///
    /// The compressor always uses the largest window; but nothing in a message can point further back than to its
    /// beginning, so what is no longer than a small window fits into it. Longer messages go out plain.
    #[inline]
    pub(crate) fn holds(self, plain: usize) -> bool {
        self == Self::LARGEST || plain <= 1 << self.bits()
    }
}

/// How many bytes a compressed message may have on the wire where its contents may have `limit`: what no compressor can
/// shrink grows a little.
pub(super) fn compressed_limit(limit: usize) -> usize {
    limit.saturating_add(limit / 16).saturating_add(64)
}
