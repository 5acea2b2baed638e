//! A client at the byte level: it reads frame by frame, and to the last byte.

use std::{net::SocketAddr, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, WriteHalf},
    net::TcpStream,
    time::timeout,
};

use super::PATIENCE;
use crate::{
    msgpack::{pack, unpack},
    sockets::GOOD,
};

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

pub(super) struct Peer {
    pub(super) stream: Box<dyn Stream>,
    calls: u64,
    packs: bool,
}

pub(super) struct Frame {
    pub(super) opcode: u8,
    compressed: bool,
    pub(super) payload: Vec<u8>,
}

/// What arrived until the end.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) messages: Vec<Value>,
    /// The code and reason of the close frame.
    pub(super) close: Option<(u16, String)>,
    /// All bytes behind it.
    pub(super) after: Vec<u8>,
}

impl Story {
    /// The numbers of all notes, in the order in which they came.
    pub(super) fn notes(&self) -> Vec<u64> {
        let notes = self.messages.iter().filter(|message| message["type"] == "note");
        notes.map(|note| note["payload"]["n"].as_u64().unwrap()).collect()
    }

    /// The payloads of all replies, in the order in which they came.
    pub(super) fn replies(&self) -> Vec<&Value> {
        let replies = self.messages.iter().filter(|message| message["type"] == "__rpc_res");
        replies.map(|reply| &reply["payload"]).collect()
    }

    /// The codes of all errors.
    pub(super) fn errors(&self) -> Vec<&str> {
        let errors = self.messages.iter().filter(|message| message["type"] == "__rpc_err");
        errors.map(|error| error["error"]["code"].as_str().unwrap()).collect()
    }

    #[track_caller]
    pub(super) fn ends_with(&self, code: u16) {
        assert_eq!(self.close.as_ref().map(|(code, _)| *code), Some(code), "{:?}", self.close);
        assert_eq!(self.after, [0; 0], "{} bytes behind the close frame", self.after.len());
    }
}

/// A frame of a client, masked by zero.
pub(super) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap();
    let mut frame = vec![first];
    match length {
        0..126 => frame.push(0x80 | length as u8),
        _ => frame.extend([&[0x80 | 126][..], &length.to_be_bytes()].concat()),
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

pub(super) fn close(code: u16) -> Vec<u8> {
    frame(0x88, &code.to_be_bytes())
}

/// A call that does not ask for a reply.
pub(super) fn call(route: &str, payload: impl Into<Value>, rpc_id: u64) -> Vec<u8> {
    let call = json!({"type": route, "payload": payload.into(), "rpcId": rpc_id.to_string()});
    frame(0x81, call.to_string().as_bytes())
}

impl Peer {
    pub(super) async fn tcp(address: SocketAddr) -> Self {
        Self::over(TcpStream::connect(address).await.unwrap(), "").await
    }

    /// A client after its handshake.
    pub(super) fn upgraded(stream: impl Stream + 'static) -> Self {
        Self { stream: Box::new(stream), calls: 0, packs: false }
    }

    /// Does the handshake, with these additional header lines.
    pub(super) async fn over(stream: impl Stream + 'static, lines: &str) -> Self {
        let mut peer = Self::knocking(stream, "/ws", lines).await;
        let head = peer.head().await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        peer.packs = head.contains("zocket.msgpack");
        peer
    }

    /// A client that only reads, and its write half.
    pub(super) fn split(self) -> (Self, WriteHalf<Box<dyn Stream>>) {
        let (read, write) = tokio::io::split(self.stream);
        (Self { stream: Box::new(tokio::io::join(read, tokio::io::sink())), ..self }, write)
    }

    /// Sends a call, and does not wait for the answer.
    pub(super) async fn knocking(stream: impl Stream + 'static, path: &str, lines: &str) -> Self {
        let mut peer = Self::upgraded(stream);
        let request = GOOD.replace("/ws", path).replace("\r\n\r\n", &format!("\r\n{lines}\r\n"));
        peer.send(request.as_bytes()).await;
        peer
    }

    /// The head of an HTTP answer.
    pub(super) async fn head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.extend(self.exactly(1).await.expect("a head"));
        }
        String::from_utf8(head).unwrap()
    }

    pub(super) async fn send(&mut self, bytes: &[u8]) {
        timeout(PATIENCE, self.stream.write_all(bytes)).await.expect("bytes taken in time").unwrap();
    }

    /// `None` if the connection ends first.
    async fn exactly(&mut self, count: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; count];
        timeout(PATIENCE, self.stream.read_exact(&mut bytes)).await.expect("bytes in time").ok()?;
        Some(bytes)
    }

    pub(super) async fn frame(&mut self) -> Option<Frame> {
        let head = self.exactly(2).await?;
        let length = match head[1] {
            126 => usize::from(u16::from_be_bytes(self.exactly(2).await?.try_into().unwrap())),
            127 => usize::try_from(u64::from_be_bytes(self.exactly(8).await?.try_into().unwrap())).unwrap(),
            short => usize::from(short),
        };
        let payload = self.exactly(length).await?;
        Some(Frame { opcode: head[0] & 0x0f, compressed: head[0] & 0x40 != 0, payload })
    }

    fn read(frame: &Frame) -> Value {
        let payload = if frame.compressed { inflate(&frame.payload) } else { frame.payload.clone() };
        match frame.opcode {
            1 => serde_json::from_slice(&payload).unwrap(),
            2 => unpack(&payload),
            other => panic!("opcode {other} is no message"),
        }
    }

    /// The next message.
    pub(super) async fn message(&mut self) -> Value {
        loop {
            let frame = self.frame().await.expect("a message");
            match frame.opcode {
                // Pings.
                9 => {}
                _ => return Self::read(&frame),
            }
        }
    }

    /// Calls, and waits for the reply; what comes before it is not kept.
    pub(super) async fn call(&mut self, route: &str, payload: Value) -> Value {
        self.calls += 1;
        let rpc_id = format!("own-{}", self.calls);
        self.say(&json!({"type": route, "payload": payload, "rpcId": rpc_id})).await;
        loop {
            let message = self.message().await;
            if message["rpcId"] == rpc_id {
                assert_eq!(message["type"], "__rpc_res", "{message}");
                return message["payload"].clone();
            }
        }
    }

    pub(super) async fn say(&mut self, message: &Value) {
        let frame = match self.packs {
            true => frame(0x82, &pack(message)),
            false => frame(0x81, message.to_string().as_bytes()),
        };
        self.send(&frame).await;
    }

    /// Reads until the close frame, and no further.
    pub(super) async fn until_close(&mut self) -> Story {
        let mut story = Story { messages: Vec::new(), close: None, after: Vec::new() };
        while let Some(frame) = self.frame().await {
            match (frame.opcode, &frame.payload[..]) {
                (8, []) => story.close = Some((1005, String::new())),
                (8, [a, b, reason @ ..]) => {
                    let reason = String::from_utf8(reason.to_vec()).unwrap();
                    story.close = Some((u16::from_be_bytes([*a, *b]), reason));
                }
                (9 | 10, _) => continue,
                _ => {
                    story.messages.push(Self::read(&frame));
                    continue;
                }
            }
            break;
        }
        story
    }

    /// Answers the close frame, and reads to the last byte.
    pub(super) async fn read_to_the_end(&mut self, story: &mut Story) {
        let answer = story.close.as_ref().map(|(code, _)| close(*code));
        // The server may be gone, which shows when this reads.
        let _ = timeout(PATIENCE, self.stream.write_all(&answer.unwrap_or_default())).await;
        let end = timeout(PATIENCE, self.stream.read_to_end(&mut story.after)).await;
        // A reset also counts as an end.
        drop(end.expect("the end in time"));
    }

    /// Reads everything, answering a close frame at once.
    pub(super) async fn story(mut self) -> Story {
        let mut story = self.until_close().await;
        self.read_to_the_end(&mut story).await;
        story
    }

    /// Whether the server disconnects within this time, whatever it sends before.
    pub(super) async fn is_left_within(&mut self, time: Duration) -> bool {
        timeout(time, self.stream.read_to_end(&mut Vec::new())).await.is_ok()
    }
}

#[cfg(feature = "compression")]
fn inflate(payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(1 << 20);
    let whole = [payload, &[0, 0, 0xff, 0xff]].concat();
    let mut inflater = flate2::Decompress::new(false);
    inflater.decompress_vec(&whole, &mut out, flate2::FlushDecompress::Sync).unwrap();
    out
}

#[cfg(not(feature = "compression"))]
fn inflate(_: &[u8]) -> Vec<u8> {
    panic!("nobody has agreed on compressed messages")
}
