//! Input that was read and is not decoded yet.

/// Keeps what is left of a read when a connection stops taking events, because a handler is still at work, so
/// that the scratch buffer it was read into can serve another connection.
///
/// A frame that the end of a read cuts needs no place here: the decoder keeps that itself. Nothing is owned
/// while nothing is kept.
#[derive(Debug, Default)]
pub(crate) struct Backlog {
    bytes: Vec<u8>,
    /// Where the bytes begin that are not decoded yet.
    start: usize,
}

impl Backlog {
    /// Keeps `rest` behind what is kept already.
    pub(crate) fn keep(&mut self, rest: &[u8]) {
        if rest.is_empty() {
            return;
        }
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        self.bytes.reserve_exact(rest.len());
        self.bytes.extend_from_slice(rest);
    }

    /// The kept bytes, oldest first, to be decoded in place.
    pub(crate) fn pending(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..]
    }

    /// Marks the first `count` pending bytes (or all, where it is more) as decoded; frees the memory with the
    /// last of them.
    pub(crate) fn consume(&mut self, count: usize) {
        self.start = self.start.saturating_add(count);
        if self.start >= self.bytes.len() {
            *self = Self::default();
        }
    }

    /// Whether nothing is kept.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_in_order_and_the_memory_goes_with_the_last() {
        let mut backlog = Backlog::default();
        backlog.keep(b"abc");
        backlog.consume(2);
        backlog.keep(b"def");
        assert_eq!(backlog.pending(), b"cdef");
        assert!(!backlog.is_empty());
        backlog.consume(4);
        assert!(backlog.is_empty());
        assert_eq!((backlog.pending().len(), backlog.bytes.capacity()), (0, 0));
    }

    #[test]
    fn keeping_nothing_allocates_nothing() {
        let mut backlog = Backlog::default();
        backlog.keep(b"");
        assert_eq!(backlog.bytes.capacity(), 0);
        assert!(backlog.is_empty());
    }
}
