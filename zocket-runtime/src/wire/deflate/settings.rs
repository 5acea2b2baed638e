//! What is compressed, and how hard.

/// Compressed messages for clients that can read them, as set by
/// [`Builder::compression`](crate::Builder::compression).
///
/// All browsers ask for it by themselves. It saves bytes on the network, most of all with JSON, and costs the server about
/// 10 µs for a message of 1 KiB: once for a broadcast, however many receive it, and once for every reply. A receiver's
/// memory does not grow: nothing is kept between messages.
///
/// # Secrets
/// **Do not compress a secret together with text that somebody else chooses.** The size of a compressed message tells how
/// much of its contents repeats. Whoever can watch the sizes of encrypted messages, and can have text of his own put next to
/// a secret in the same message, can guess the secret piece by piece (the attacks CRIME and BREACH). Messages do not
/// influence each other here, so only what is inside of one message matters. Send such messages with
/// [`uncompressed`](crate::Message::uncompressed), mark their types `#[outgoing(uncompressed)]`, or mark the handlers that
/// reply with them `#[incoming(uncompressed)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "these are settings: give them to `Builder::compression`"]
pub struct Compression {
    pub(super) threshold: usize,
    pub(super) level: u8,
}

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

    /// How hard to try, from 1 (fast) to 9 (small); other values mean the nearest of them. Default: 3, which comes within
    /// some 4 % of the size that 6 reaches, in less than half the time for large messages.
    pub const fn level(mut self, level: u8) -> Self {
        self.level = match level {
            0 => 1,
            1..=9 => level,
            _ => 9,
        };
        self
    }
}

impl Default for Compression {
    fn default() -> Self {
        Self::new()
    }
}
