//! Encodes frames into buffers that the caller owns. A server's frames are not masked, so the bytes of one
//! frame serve every receiver of a broadcast.

use super::{
    close::{self, CloseCode},
    frame::{FIN, LENGTH_16, LENGTH_64, MASK, MAX_CONTROL, Opcode},
    mask,
};

/// The length of the header of an unmasked frame with `payload` bytes: 2, 4 or 10.
#[inline]
fn header_len(payload: usize) -> usize {
    match payload {
        0..=125 => 2,
        126..=0xffff => 4,
        _ => 10,
    }
}

/// A frame whose payload is being written in place, after room for its header.
///
/// The room is [`Self::ROOM`] bytes, which fits payloads of 126 to 65,535. Otherwise the payload is moved: by
/// two bytes if it is shorter (at most 125 bytes: a few nanoseconds), by six if it is longer. A smaller guess
/// would move kilobytes, a larger one would move every message.
#[derive(Debug)]
#[must_use = "the header is written by `finish`"]
pub(crate) struct FrameStart {
    at: usize,
}

impl FrameStart {
    /// The room left for a header in bytes.
    pub(super) const ROOM: usize = 4;

    /// Begins a frame at the end of `buffer`; append its payload next.
    #[inline]
    pub(crate) fn reserve(buffer: &mut Vec<u8>) -> Self {
        let at = buffer.len();
        buffer.extend_from_slice(&[0; Self::ROOM]);
        Self { at }
    }

    /// Ends the frame: what was appended since is its payload.
    ///
    /// # Panics
    /// If `buffer` is shorter than when the frame began.
    #[inline]
    pub(crate) fn finish(self, buffer: &mut Vec<u8>, opcode: Opcode) {
        let (room_end, end) = (self.at + Self::ROOM, buffer.len());
        let payload = end - room_end;
        let header = header_len(payload);
        if header != Self::ROOM {
            let body = self.at + header;
            buffer.resize(end.max(body + payload), 0);
            buffer.copy_within(room_end..end, body);
            buffer.truncate(body + payload);
        }
        write_header(&mut buffer[self.at..self.at + header], opcode, payload);
    }

    /// Removes the frame and what was appended to it, because encoding its payload failed.
    pub(crate) fn abandon(self, buffer: &mut Vec<u8>) {
        buffer.truncate(self.at);
    }
}

/// Appends a whole frame, as a server sends it. A control frame may carry 125 bytes at most: [`pong`] and [`close()`] ensure
/// that.
#[inline]
pub fn frame(out: &mut Vec<u8>, opcode: Opcode, payload: &[u8]) {
    let (at, header) = (out.len(), header_len(payload.len()));
    out.reserve(header + payload.len());
    out.resize(at + header, 0);
    write_header(&mut out[at..], opcode, payload.len());
    out.extend_from_slice(payload);
}

/// Appends a pong; of `payload`, the first 125 bytes (a ping never has more).
pub fn pong(out: &mut Vec<u8>, payload: &[u8]) {
    frame(out, Opcode::Pong, &payload[..payload.len().min(MAX_CONTROL)]);
}

/// Appends a close frame, empty for `None`. The reason is truncated to the [123 bytes](close::MAX_REASON) that fit,
/// at a character boundary.
pub fn close(out: &mut Vec<u8>, status: Option<(CloseCode, &str)>) {
    let start = FrameStart::reserve(out);
    if let Some((code, reason)) = status {
        out.extend_from_slice(&code.get().to_be_bytes());
        out.extend_from_slice(close::fit_reason(reason).as_bytes());
    }
    start.finish(out, Opcode::Close);
}

/// Opcode and payload of a message's frame, as a server writes it.
pub(super) fn payload_of(frame: &[u8]) -> Option<(Opcode, &[u8])> {
    let opcode = match frame.first()? & 0x0f {
        0x1 => Opcode::Text,
        0x2 => Opcode::Binary,
        _ => return None,
    };
    let header = match *frame.get(1)? {
        LENGTH_16 => 4,
        LENGTH_64 => 10,
        _ => 2,
    };
    Some((opcode, frame.get(header..)?))
}

/// Writes a header into `target`, which must have the length that [`header_len`] returns.
#[inline]
fn write_header(target: &mut [u8], opcode: Opcode, payload: usize) {
    target[0] = FIN | opcode as u8;
    match target.len() {
        2 => target[1] = payload as u8,
        4 => {
            target[1] = LENGTH_16;
            target[2..].copy_from_slice(&(payload as u16).to_be_bytes());
        }
        _ => {
            target[1] = LENGTH_64;
            target[2..].copy_from_slice(&(payload as u64).to_be_bytes());
        }
    }
}

/// Appends a frame as a client sends it, masked with `key`; `fin` is false for all but the last of a message.
pub fn masked_frame(out: &mut Vec<u8>, fin: bool, opcode: Opcode, payload: &[u8], key: [u8; 4]) {
    let at = out.len();
    let header = header_len(payload.len());
    out.resize(at + header, 0);
    write_header(&mut out[at..], opcode, payload.len());
    out[at + 1] |= MASK;
    if !fin {
        out[at] &= !FIN;
    }
    out.extend_from_slice(&key);
    let body = out.len();
    out.extend_from_slice(payload);
    mask::apply(key, &mut out[body..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Payload lengths on both sides of every change of the header.
    const LENGTHS: [usize; 8] = [0, 1, 125, 126, 127, 0xffff, 0x1_0000, 0x1_0001];

    #[test]
    fn a_frame_built_in_place_equals_one_made_of_a_ready_payload() {
        for len in LENGTHS {
            let payload: Vec<u8> = (0..=250).cycle().take(len).collect();
            let mut built = b"before".to_vec();
            let start = FrameStart::reserve(&mut built);
            built.extend_from_slice(&payload);
            start.finish(&mut built, Opcode::Text);

            let mut copied = b"before".to_vec();
            frame(&mut copied, Opcode::Text, &payload);
            assert!(built == copied, "{len}");
            assert_eq!(built.len(), 6 + header_len(len) + len);
            assert!(built.ends_with(&payload));
        }
    }

    #[test]
    fn headers_carry_the_length_in_its_shortest_form() {
        let header = |len: usize| {
            let mut out = Vec::new();
            frame(&mut out, Opcode::Binary, &vec![0; len]);
            out.truncate(header_len(len));
            out
        };
        assert_eq!(header(5), [0x82, 5]);
        assert_eq!(header(125), [0x82, 125]);
        assert_eq!(header(126), [0x82, 126, 0, 126]);
        assert_eq!(header(0xffff), [0x82, 126, 0xff, 0xff]);
        assert_eq!(header(0x1_0000), [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn an_abandoned_frame_leaves_the_buffer_as_it_was() {
        let mut buffer = b"kept".to_vec();
        let start = FrameStart::reserve(&mut buffer);
        buffer.extend_from_slice(b"half a payl");
        start.abandon(&mut buffer);
        assert_eq!(buffer, b"kept");
    }

    #[test]
    fn control_frames_never_carry_more_than_125_bytes() {
        let mut out = Vec::new();
        pong(&mut out, &[7; 200]);
        assert_eq!((out.len(), out[1]), (127, 125));
        let mut out = Vec::new();
        close(&mut out, Some((CloseCode::NORMAL, &"é".repeat(100))));
        assert_eq!((out.len(), out[1]), (126, 124), "61 characters of two bytes and the code");
    }

    #[test]
    fn close_frames_are_as_the_rfc_draws_them() {
        let mut out = Vec::new();
        close(&mut out, None);
        close(&mut out, Some((CloseCode::GOING_AWAY, "bye")));
        assert_eq!(out, b"\x88\x00\x88\x05\x03\xe9bye");
    }

    #[test]
    fn the_masked_hello_of_the_rfc() {
        let mut out = Vec::new();
        masked_frame(&mut out, true, Opcode::Text, b"Hello", [0x37, 0xfa, 0x21, 0x3d]);
        assert_eq!(out, [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]);
    }
}
