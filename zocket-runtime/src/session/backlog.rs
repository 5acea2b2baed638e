//! Input that was read but is not decoded yet.

/// Keeps the rest of a read when a connection stops taking events because a handler is still running, so that
/// the scratch buffer that it was read into can serve another connection.
///
/// A frame split across reads is not kept here: the decoder keeps it. While nothing is kept, no memory is
/// owned.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    bytes: Vec<u8>,
    /// The offset of the first byte that is not decoded yet.
    start: usize,
}

impl Backlog {
    /// Appends `rest` to what is already kept.
    pub(super) fn keep(&mut self, rest: &[u8]) {
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
    pub(super) fn pending(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..]
    }

    /// Marks the first `count` pending bytes (or all, if there are fewer) as decoded; frees the memory with
    /// the last of them.
    pub(super) fn consume(&mut self, count: usize) {
        self.start = self.start.saturating_add(count);
        if self.start >= self.bytes.len() {
            *self = Self::default();
        }
    }

    /// How many bytes are kept.
    pub(super) fn len(&self) -> usize {
        self.bytes.len() - self.start
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
        assert_eq!(backlog.len(), 4);
        backlog.consume(4);
        assert_eq!(backlog.len(), 0);
        assert_eq!((backlog.pending().len(), backlog.bytes.capacity()), (0, 0));
    }

    #[test]
    fn keeping_nothing_allocates_nothing() {
        let mut backlog = Backlog::default();
        backlog.keep(b"");
        assert_eq!(backlog.bytes.capacity(), 0);
        assert_eq!(backlog.len(), 0);
    }
}
