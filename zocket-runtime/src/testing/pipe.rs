//! The client's end of a connection in memory: frames in, frames out.

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

use crate::wire::{
    decode::{Decoder, Event, Step},
    encode,
    frame::{Opcode, Role},
};

/// What the server sent.
#[derive(Debug)]
pub(super) enum Received {
    Text(String),
    Pong(Vec<u8>),
    Close(Option<(u16, String)>),
    /// End of the stream.
    End,
}

pub(super) struct Pipe {
    stream: DuplexStream,
    decoder: Decoder,
    input: Vec<u8>,
    at: usize,
}

/// A mask hides nothing in memory; a fixed one makes failures repeat.
const MASK: [u8; 4] = [0x5a, 0xc3, 0x0f, 0x96];

impl Pipe {
    pub(super) fn new(stream: DuplexStream, inflating: bool) -> Self {
        let decoder = Decoder::new(Role::Client, usize::MAX).permessage_deflate(inflating);
        Self { stream, decoder, input: Vec::new(), at: 0 }
    }

    /// Sends a frame; what the server no longer reads is lost, as on a socket.
    pub(super) async fn send(&mut self, opcode: Opcode, payload: &[u8]) {
        let mut frame = Vec::new();
        encode::masked_frame(&mut frame, true, opcode, payload, MASK);
        self.send_bytes(&frame).await;
    }

    pub(super) async fn send_bytes(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    pub(super) async fn send_close(&mut self, code: u16, reason: &str) {
        let payload = [&code.to_be_bytes(), reason.as_bytes()].concat();
        self.send(Opcode::Close, &payload).await;
    }

    /// The next thing from the server. Pings are answered on the way. Cancellation safe: nothing read is lost.
    ///
    /// # Panics
    /// If the server breaks the protocol.
    pub(super) async fn next(&mut self) -> Received {
        loop {
            let step = self.decoder.next(&mut self.input[self.at..]);
            let Step { consumed, event } =
                step.unwrap_or_else(|error| panic!("the server broke the protocol: {error}"));
            self.at += consumed;
            let ping = match event {
                Some(Event::Text(text)) => return Received::Text(text.to_owned()),
                Some(Event::Binary(_)) => panic!("the server sent a binary frame"),
                Some(Event::Pong(payload)) => return Received::Pong(payload.to_vec()),
                Some(Event::Close(status)) => {
                    return Received::Close(status.map(|(code, reason)| (code.get(), reason.to_owned())));
                }
                Some(Event::Ping(payload)) => Some(Bytes::copy_from_slice(payload)),
                None => None,
            };
            if let Some(payload) = ping {
                self.send(Opcode::Pong, &payload).await;
                continue;
            }
            self.input.clear();
            self.at = 0;
            self.input.reserve(16 * 1024);
            if self.stream.read_buf(&mut self.input).await.unwrap_or(0) == 0 {
                return Received::End;
            }
        }
    }
}
