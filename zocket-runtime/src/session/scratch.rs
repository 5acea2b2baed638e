//! The buffers that sockets are read into: one a worker thread, not one a connection.

use std::cell::Cell;

/// Large enough that one read takes what a burst has left in the kernel.
const SIZE: usize = 64 * 1024;

thread_local! {
    static SCRATCH: Cell<Option<Box<[u8]>>> = const { Cell::new(None) };
}

/// This thread's buffer; another one where it is in use (a handler that blocks in place may poll a second session).
pub(super) fn take() -> Box<[u8]> {
    SCRATCH.take().unwrap_or_else(|| vec![0; SIZE].into_boxed_slice())
}

pub(super) fn give_back(buffer: Box<[u8]>) {
    SCRATCH.set(Some(buffer));
}
