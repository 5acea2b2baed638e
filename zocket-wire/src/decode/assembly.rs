//! The decoder's slow path: frames split across reads, and messages in several frames.

use std::mem;

use super::{Event, Found, checked_length};
use crate::{
    deflate,
    error::{MAX_EMPTY_FRAGMENTS, ProtocolError},
    frame::{Header, MAX_HEADER, Opcode, Rules},
    utf8::Utf8Stream,
};

/// The first allocation for a message of unknown or larger size, in bytes.
const FIRST_ALLOCATION: usize = 1024;

/// The parts that have arrived of an incomplete frame and message.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    /// The first `header_len` bytes of a header that was cut off by the end of the input.
    header: [u8; MAX_HEADER],
    header_len: usize,
    /// The frame whose payload is arriving.
    frame: Option<OpenFrame>,
    message: Option<Message>,
    /// What is handed out besides messages in several frames: the payload of the last split control frame, or an
    /// inflated message.
    payload: Vec<u8>,
}

/// A frame whose header is known, with its key rotated to the next byte.
#[derive(Debug)]
struct OpenFrame {
    header: Header,
    left: usize,
}

#[derive(Debug)]
struct Message {
    body: Body,
    /// The length announced by the frames so far, in bytes.
    announced: usize,
    empty_fragments: u8,
    /// It has been handed out, and is released by the next call.
    complete: bool,
}

#[derive(Debug)]
enum Body {
    Text(String, Utf8Stream),
    Binary(Vec<u8>),
    /// As received: it is inflated only when it is complete, so a slow peer occupies no more memory than it
    /// has sent.
    Compressed(Vec<u8>, Opcode),
}

impl Assembly {
    /// Consumes `input` until something is complete or all of it is used up.
    pub(super) fn collect(
        &mut self,
        input: &mut [u8],
        rules: Rules,
        max_message: usize,
    ) -> Result<Found, ProtocolError> {
        let mut at = 0;
        loop {
            let mut frame = match self.frame.take() {
                Some(frame) => frame,
                None => {
                    let Some((header, used)) = self.take_header(&input[at..], rules)? else {
                        return Ok(Found::Nothing);
                    };
                    at += used;
                    let is_whole_message = self.begin(&header, max_message)?;
                    if is_whole_message && let Some(found) = Found::whole(header, at, input) {
                        return Ok(found);
                    }
                    self.open(header)
                }
            };

            let taken = frame.left.min(input.len() - at);
            let piece = &mut input[at..at + taken];
            frame.header.unmask(piece);
            frame.left -= taken;
            at += taken;

            let Header { fin, opcode, .. } = frame.header;
            let ended = frame.left == 0;
            match &mut self.message {
                Some(message) if !opcode.is_control() => {
                    message.append(piece, if fin { message.announced } else { max_message })?;
                    if ended && fin {
                        return self.finish(max_message, at);
                    }
                }
                _ => {
                    self.payload.extend_from_slice(piece);
                    if ended {
                        return Ok(Found::Payload { opcode, consumed: at });
                    }
                }
            }
            if !ended {
                self.frame = Some(frame);
                return Ok(Found::Nothing);
            }
        }
    }

    /// The next header and how much of `input` it took; `None` (and all of `input` stored) if it is
    /// incomplete.
    fn take_header(&mut self, input: &[u8], rules: Rules) -> Result<Option<(Header, usize)>, ProtocolError> {
        let kept = self.header_len;
        let copied = input.len().min(MAX_HEADER - kept);
        self.header[kept..kept + copied].copy_from_slice(&input[..copied]);
        Ok(match Header::parse(&self.header[..kept + copied], rules)? {
            Some((header, len)) => {
                self.header_len = 0;
                Some((header, len - kept))
            }
            None => {
                self.header_len = kept + copied;
                None
            }
        })
    }

    /// Checks a header against what came before and accounts for it. Returns true for a control frame and for
    /// a message in one frame.
    fn begin(&mut self, header: &Header, max_message: usize) -> Result<bool, ProtocolError> {
        if header.opcode.is_control() {
            return Ok(true);
        }
        match (&mut self.message, header.opcode == Opcode::Continuation) {
            (None, true) => Err(ProtocolError::NothingToContinue),
            (Some(_), false) => Err(ProtocolError::MessageInsideMessage),
            (None, false) => {
                checked_length(header, 0, header.compressed, max_message)?;
                Ok(header.fin)
            }
            (Some(message), true) => {
                let compressed = matches!(message.body, Body::Compressed(..));
                message.announced = checked_length(header, message.announced, compressed, max_message)?;
                message.count(header)?;
                Ok(false)
            }
        }
    }

    /// Makes room for the payload of a frame that [`Self::begin`] let pass.
    fn open(&mut self, header: Header) -> OpenFrame {
        // It was checked against a limit that is a usize, or is a control frame.
        let left = header.payload as usize;
        match header.opcode {
            Opcode::Continuation => {}
            opcode if header.compressed => {
                self.message = Some(Message::new(Body::Compressed(Vec::new(), opcode), &header));
            }
            Opcode::Text => {
                self.message = Some(Message::new(Body::Text(String::new(), Utf8Stream::default()), &header));
            }
            Opcode::Binary => self.message = Some(Message::new(Body::Binary(Vec::new()), &header)),
            Opcode::Close | Opcode::Ping | Opcode::Pong => {
                self.payload.clear();
                self.payload.reserve_exact(left);
            }
        }
        OpenFrame { header, left }
    }

    /// The last frame of the message has ended, at `consumed`.
    fn finish(&mut self, max_message: usize, consumed: usize) -> Result<Found, ProtocolError> {
        if let Some(Message { body: Body::Compressed(payload, opcode), .. }) = &mut self.message {
            let (payload, opcode) = (mem::take(payload), *opcode);
            self.message = None;
            self.inflate(&payload, max_message)?;
            return Ok(Found::Payload { opcode, consumed });
        }
        if let Some(message) = &mut self.message {
            message.finish()?;
        }
        Ok(Found::Message { consumed })
    }

    /// Inflates a message, to be handed out as [`Self::payload`].
    pub(super) fn inflate(&mut self, payload: &[u8], max_message: usize) -> Result<(), ProtocolError> {
        self.payload = deflate::inflate(payload, max_message)?;
        Ok(())
    }

    /// Whether a frame or message is incomplete.
    pub(super) fn is_waiting(&self) -> bool {
        self.header_len > 0
            || self.frame.is_some()
            || self.message.as_ref().is_some_and(|message| !message.complete)
    }

    /// How many of the next bytes belong to a frame that has begun; `None` if its header needs more bytes.
    pub(super) fn left(&self, next: &[u8], rules: Rules) -> Option<usize> {
        if let Some(frame) = &self.frame {
            return Some(frame.left);
        }
        if self.header_len == 0 {
            return Some(0);
        }
        let mut header = self.header;
        let more = next.len().min(MAX_HEADER - self.header_len);
        let known = self.header_len + more;
        header[self.header_len..known].copy_from_slice(&next[..more]);
        let (header, length) = Header::parse(&header[..known], rules).ok()??;
        usize::try_from(header.payload).ok()?.checked_add(length - self.header_len)
    }

    /// The message, where [`Found::Message`] announced it.
    pub(super) fn message(&self) -> Option<Event<'_>> {
        self.message.as_ref().and_then(|message| match &message.body {
            Body::Text(text, _) => Some(Event::Text(text)),
            Body::Binary(bytes) => Some(Event::Binary(bytes)),
            Body::Compressed(..) => None,
        })
    }

    /// What [`Found::Payload`] announced.
    pub(super) fn payload(&self) -> &[u8] {
        &self.payload
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let message = self.message.as_ref().map_or(0, |message| match &message.body {
            Body::Text(text, _) => text.capacity(),
            Body::Binary(bytes) | Body::Compressed(bytes, _) => bytes.capacity(),
        });
        message + self.payload.capacity()
    }
}

impl Message {
    fn new(body: Body, first: &Header) -> Self {
        let empty_fragments = u8::from(first.payload == 0);
        Self { body, announced: first.payload as usize, empty_fragments, complete: false }
    }

    /// Counts a continuation frame that adds nothing to the message.
    fn count(&mut self, header: &Header) -> Result<(), ProtocolError> {
        if header.payload == 0 && !header.fin {
            if self.empty_fragments == MAX_EMPTY_FRAGMENTS {
                return Err(ProtocolError::TooManyEmptyFragments);
            }
            self.empty_fragments += 1;
        }
        Ok(())
    }

    /// Appends the next bytes of a message that grows to at most `ceiling` bytes.
    fn append(&mut self, piece: &[u8], ceiling: usize) -> Result<(), ProtocolError> {
        match &mut self.body {
            Body::Binary(bytes) | Body::Compressed(bytes, _) => {
                bytes.reserve_exact(growth(bytes.len(), bytes.capacity(), piece.len(), ceiling));
                bytes.extend_from_slice(piece);
            }
            Body::Text(text, utf8) => {
                let needed = utf8.waiting() + piece.len();
                text.reserve_exact(growth(text.len(), text.capacity(), needed, ceiling));
                utf8.append(piece, text)?;
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), ProtocolError> {
        if let Body::Text(_, utf8) = &self.body {
            utf8.finish()?;
        }
        self.complete = true;
        Ok(())
    }
}

/// How much to reserve for `needed` more bytes in a buffer that grows to at most `ceiling`.
///
/// The capacity doubles, so n bytes in small pieces cost O(n). It follows what has arrived, not what a header
/// announces, so a peer must send data to occupy memory here. It stops at the ceiling.
fn growth(len: usize, capacity: usize, needed: usize, ceiling: usize) -> usize {
    let min = len + needed;
    if min <= capacity {
        return 0;
    }
    let target = capacity.saturating_mul(2).max(min.saturating_mul(2)).max(FIRST_ALLOCATION);
    target.min(ceiling).max(min) - len
}
