//! What is compressed, and how hard.

use crate::wire::deflate::Deflater;

/// Compressed messages for clients that support them, as set by
/// [`Builder::compression`](crate::Builder::compression).
///
/// All browsers offer it. It saves bytes on the network, especially with JSON, and costs the server about 10 µs for a
/// message of 1 KiB: once per broadcast, however many receive it, and once per reply. Connections need no more memory:
/// nothing is kept between messages.
///
/// # Secrets
/// **Do not compress a secret together with text that somebody else chooses.** The size of a compressed message reveals how
/// much of its content repeats. An attacker who can observe the sizes of encrypted messages, and can get text of his own
/// into the same message as a secret, can guess the secret piece by piece (the CRIME and BREACH attacks). Messages do not
/// influence each other here, so only the contents of a single message matter. Send such messages with
/// [`uncompressed`](crate::Message::uncompressed), mark their types `#[outgoing(uncompressed)]`, or mark the handlers that
/// reply with them `#[incoming(uncompressed)]`.
#[cfg(feature = "compression")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "these are settings: give them to `Builder::compression`"]
pub struct Compression {
    threshold: usize,
    level: u8,
}

#[cfg(feature = "compression")]
impl Compression {
    /// Level 3, for messages of 1 KiB and more.
    pub const fn new() -> Self {
        Self { threshold: 1024, level: 3 }
    }

    /// Compresses messages of at least this many bytes. Default: 1024, since a smaller message saves no packet on the
    /// network.
    pub const fn threshold(mut self, bytes: usize) -> Self {
        self.threshold = bytes;
        self
    }

    /// The level, from 1 (fast) to 9 (small); any other value is an error when the server is built. Default: 3, whose output is within
    /// some 4 % of the size at level 6, in less than half the time for large messages.
    pub const fn level(mut self, level: u8) -> Self {
        self.level = level;
        self
    }

    pub(crate) fn invalid_level(self) -> Option<u8> {
        (!(1..=9).contains(&self.level)).then_some(self.level)
    }

    /// What compresses with these settings.
    pub(crate) fn deflater(self) -> Deflater {
        Deflater::new(self.level, self.threshold)
    }
}

#[cfg(feature = "compression")]
impl Default for Compression {
    fn default() -> Self {
        Self::new()
    }
}

/// Without the feature: a type that has no value, so code that would use it compiles to nothing.
#[cfg(not(feature = "compression"))]
#[derive(Clone, Copy, Debug)]
pub(crate) enum Compression {}

#[cfg(not(feature = "compression"))]
impl Compression {
    pub(crate) fn deflater(self) -> Deflater {
        match self {}
    }
}
