//! The part of RFC 6455 and RFC 7692 that a benchmark needs: whole frames.

use std::{
    borrow::Cow,
    io::{self, Read},
};

pub const TEXT: u8 = 1;
pub const BINARY: u8 = 2;
pub const CLOSE: u8 = 8;
pub const PING: u8 = 9;
pub const PONG: u8 = 10;

/// Any key will do: it protects proxies, of which there are none here.
const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A frame, unmasked.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    pub opcode: u8,
    /// The payload is compressed, with no context from the frames before.
    pub compressed: bool,
    pub payload: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The payload as it was before it was compressed.
    ///
    /// # Errors
    /// It is no DEFLATE stream, or holds more than a mebibyte.
    pub fn inflated(self) -> io::Result<Cow<'a, [u8]>> {
        const MOST: u64 = 1024 * 1024;
        if !self.compressed {
            return Ok(Cow::Borrowed(self.payload));
        }
        // What the sender has left out (RFC 7692, 7.2.1), and an empty last block: zlib ends with the stream only.
        let tail: &[u8] = &[0, 0, 0xff, 0xff, 1, 0, 0, 0xff, 0xff];
        let mut inflated = Vec::new();
        flate2::read::DeflateDecoder::new(self.payload.chain(tail))
            .take(MOST + 1)
            .read_to_end(&mut inflated)?;
        if inflated.len() as u64 > MOST {
            return Err(io::Error::other("a message of more than a mebibyte"));
        }
        Ok(Cow::Owned(inflated))
    }
}

struct Head {
    opcode: u8,
    compressed: bool,
    /// Bytes before the payload.
    head: usize,
    length: usize,
    key: Option<[u8; 4]>,
}

/// The head of the frame that `bytes` begin with, once it is there.
fn head(bytes: &[u8]) -> Option<Head> {
    let (&first, &second) = (bytes.first()?, bytes.get(1)?);
    assert!(first & 0xb0 == 0x80, "a fragmented frame, which no peer has a reason to send");
    let (mut head, length) = match second & 0x7f {
        126 => (4, u64::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)),
        short => (2, u64::from(short)),
    };
    let mut key = None;
    if second & 0x80 != 0 {
        key = Some(bytes.get(head..head + 4)?.try_into().ok()?);
        head += 4;
    }
    Some(Head {
        opcode: first & 0xf,
        compressed: first & 0x40 != 0,
        head,
        length: usize::try_from(length).ok()?,
        key,
    })
}

fn put_head(out: &mut Vec<u8>, opcode: u8, length: usize, mask: u8) {
    out.push(0x80 | opcode);
    match length {
        0..=125 => out.push(mask | length as u8),
        126..=0xffff => {
            out.push(mask | 126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        _ => {
            out.push(mask | 127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
}

fn mask(bytes: &mut [u8], key: [u8; 4]) {
    let wide = u32::from_ne_bytes(key);
    let mut chunks = bytes.chunks_exact_mut(4);
    for chunk in &mut chunks {
        let masked = u32::from_ne_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]) ^ wide;
        chunk.copy_from_slice(&masked.to_ne_bytes());
    }
    for (byte, key) in chunks.into_remainder().iter_mut().zip(key) {
        *byte ^= key;
    }
}

/// Appends a server's text frame, its payload given in parts.
pub fn frame(out: &mut Vec<u8>, parts: &[&[u8]]) {
    put_head(out, TEXT, parts.iter().map(|part| part.len()).sum(), 0);
    parts.iter().for_each(|part| out.extend_from_slice(part));
}

/// Appends a client's frame.
pub fn masked_frame(out: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
    put_head(out, opcode, payload.len(), 0x80);
    out.extend_from_slice(&KEY);
    let start = out.len();
    out.extend_from_slice(payload);
    mask(&mut out[start..], KEY);
}

/// A client's text frame, made once, of which only a few bytes differ from one sending to the next.
pub struct Template {
    frame: Vec<u8>,
    payload: usize,
    variable: usize,
}

impl Template {
    /// `variable` is where, in `text`, the bytes are that differ.
    pub fn new(text: &str, variable: usize) -> Self {
        Self::of(TEXT, text.as_bytes(), variable)
    }

    /// The same with an opcode.
    #[must_use]
    pub fn of(opcode: u8, message: &[u8], variable: usize) -> Self {
        let mut frame = Vec::new();
        masked_frame(&mut frame, opcode, message);
        let payload = frame.len() - message.len();
        Self { frame, payload, variable }
    }

    /// Appends the frame with `bytes` in it.
    pub fn put(&self, out: &mut Vec<u8>, bytes: &[u8]) {
        let start = out.len() + self.payload + self.variable;
        out.extend_from_slice(&self.frame);
        for (at, byte) in bytes.iter().enumerate() {
            out[start + at] = byte ^ KEY[(self.variable + at) % 4];
        }
    }
}

/// Reads a server's frames: `partial` is an incomplete frame from before, `read` is new input.
pub fn frames(partial: &mut Vec<u8>, read: &[u8], mut each: impl FnMut(Frame<'_>)) {
    let mut walk = |bytes: &[u8]| {
        let mut at = 0;
        while let Some(Head { opcode, compressed, head, length, .. }) = head(&bytes[at..]) {
            let Some(payload) = bytes.get(at + head..at + head + length) else { break };
            each(Frame { opcode, compressed, payload });
            at += head + length;
        }
        at
    };
    if partial.is_empty() {
        let used = walk(read);
        partial.extend_from_slice(&read[used..]);
    } else {
        partial.extend_from_slice(read);
        let used = walk(partial);
        partial.drain(..used);
    }
    if partial.is_empty() {
        *partial = Vec::new();
    }
}

/// Reads a client's frames, unmasked in place.
pub fn masked_frames(partial: &mut Vec<u8>, read: &mut [u8], mut each: impl FnMut(Frame<'_>)) {
    let mut walk = |bytes: &mut [u8]| {
        let mut at = 0;
        while let Some(Head { opcode, compressed, head, length, key }) = head(&bytes[at..]) {
            let Some(payload) = bytes.get_mut(at + head..at + head + length) else { break };
            mask(payload, key.unwrap_or_default());
            each(Frame { opcode, compressed, payload });
            at += head + length;
        }
        at
    };
    if partial.is_empty() {
        let used = walk(read);
        partial.extend_from_slice(&read[used..]);
    } else {
        partial.extend_from_slice(read);
        let used = walk(partial);
        partial.drain(..used);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(lengths: &[usize]) -> (Vec<Vec<u8>>, Vec<u8>, Vec<u8>) {
        let texts: Vec<Vec<u8>> =
            lengths.iter().map(|&n| (0..n).map(|i| b'a' + (i % 26) as u8).collect()).collect();
        let (mut server, mut client) = (Vec::new(), Vec::new());
        for text in &texts {
            frame(&mut server, &[&text[..text.len() / 2], &text[text.len() / 2..]]);
            masked_frame(&mut client, TEXT, text);
        }
        (texts, server, client)
    }

    #[test]
    fn frames_survive_every_cut() {
        let (texts, server, client) = sent(&[0, 3, 125, 126, 300, 70_000]);
        for step in [1, 2, 7, 129, 1000, 100_000] {
            let (mut heard, mut partial) = (Vec::new(), Vec::new());
            for chunk in server.chunks(step) {
                frames(&mut partial, chunk, |frame| heard.push(frame.payload.to_vec()));
            }
            assert!(heard == texts && partial.is_empty(), "server frames in steps of {step}");
            let (mut heard, mut client) = (Vec::new(), client.clone());
            for chunk in client.chunks_mut(step) {
                masked_frames(&mut partial, chunk, |frame| heard.push(frame.payload.to_vec()));
            }
            assert!(heard == texts && partial.is_empty(), "client frames in steps of {step}");
        }
    }

    #[test]
    fn a_compressed_frame_is_inflated_and_a_bad_one_is_told() {
        use flate2::{Compress, Compression, FlushCompress};
        let text = b"what is said once, is said once more, and once more".repeat(20);
        let mut packed = Vec::with_capacity(4096);
        let mut deflate = Compress::new(Compression::fast(), false);
        deflate.compress_vec(&text, &mut packed, FlushCompress::Sync).unwrap();
        assert!(packed.ends_with(&[0, 0, 0xff, 0xff]));
        packed.truncate(packed.len() - 4);
        let mut server = Vec::new();
        frame(&mut server, &[&packed]);
        server[0] |= 0x40;
        let (mut partial, mut heard) = (Vec::new(), 0);
        frames(&mut partial, &server, |frame| {
            assert_eq!(frame.inflated().unwrap(), text);
            heard += 1;
        });
        assert_eq!(heard, 1);
        let bad = Frame { opcode: TEXT, compressed: true, payload: &[0xff; 40] };
        assert!(bad.inflated().is_err());
        let plain = Frame { opcode: TEXT, compressed: false, payload: b"as it is" };
        assert_eq!(&*plain.inflated().unwrap(), b"as it is");
    }

    #[test]
    fn a_template_is_the_frame_with_other_bytes() {
        for at in 0..8 {
            let template = Template::new("0123456789abcd", at);
            let (mut made, mut expected) = (Vec::new(), Vec::new());
            template.put(&mut made, b"xyz");
            let mut text = b"0123456789abcd".to_vec();
            text[at..at + 3].copy_from_slice(b"xyz");
            masked_frame(&mut expected, TEXT, &text);
            assert_eq!(made, expected);
        }
    }
}
