//! The write half of a socket, and a single write to it.

use std::io::{self, IoSlice};

use bytes::Bytes;

#[cfg(zocket_races)]
pub(super) use super::races::Socket;
#[cfg(not(zocket_races))]
pub(super) use tokio::net::tcp::OwnedWriteHalf as Socket;

/// The maximum number of pieces in one vectored write. Few in a race test, so that few pieces are enough to
/// exceed it.
pub(super) const PIECES: usize = if cfg!(zocket_races) { 2 } else { 32 };

/// One write of the first pieces, vectored if there are several.
pub(super) fn try_write<'a>(
    socket: &Socket,
    mut pieces: impl Iterator<Item = &'a Bytes>,
) -> io::Result<usize> {
    let (Some(first), second) = (pieces.next(), pieces.next()) else { return Ok(0) };
    let Some(second) = second else { return nonzero(socket.try_write(first)) };
    let mut slices = [IoSlice::new(&[]); PIECES];
    slices[0] = IoSlice::new(first);
    slices[1] = IoSlice::new(second);
    let mut count = 2;
    for (slice, piece) in slices[2..].iter_mut().zip(pieces) {
        *slice = IoSlice::new(piece);
        count += 1;
    }
    nonzero(socket.try_write_vectored(&slices[..count]))
}

/// Writing zero bytes of a non-empty buffer means that the socket is gone.
pub(super) fn nonzero(written: io::Result<usize>) -> io::Result<usize> {
    match written {
        Ok(0) => Err(io::ErrorKind::WriteZero.into()),
        other => other,
    }
}
