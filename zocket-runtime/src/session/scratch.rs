//! The buffers for reading from sockets and for rewriting messages: one of each per worker thread, not per
//! connection.

use std::cell::Cell;

/// Large enough for one read to take what a burst left in the kernel.
pub(super) const SIZE: usize = 64 * 1024;

thread_local! {
    static SCRATCH: Cell<Option<Box<[u8]>>> = const { Cell::new(None) };
    static TEXT: Cell<String> = const { Cell::new(String::new()) };
}

/// This thread's buffer, or another one if it is in use (a handler that blocks in place may poll a second session).
pub(super) fn take() -> Box<[u8]> {
    SCRATCH.take().unwrap_or_else(|| vec![0; SIZE].into_boxed_slice())
}

pub(super) fn give_back(buffer: Box<[u8]>) {
    SCRATCH.set(Some(buffer));
}

/// This thread's text, empty, or another one if it is in use.
pub(super) fn take_text() -> String {
    TEXT.take()
}

pub(super) fn give_back_text(mut text: String) {
    text.clear();
    text.shrink_to(SIZE);
    TEXT.set(text);
}
