//! A hand-written client that does its own compression.

use std::{net::SocketAddr, time::Duration};

use flate2::{Compress, Decompress, FlushCompress, FlushDecompress};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// A frame from the server.
pub(super) struct Frame {
    pub(super) first: u8,
    pub(super) payload: Vec<u8>,
}

impl Frame {
    pub(super) fn is_compressed(&self) -> bool {
        self.first & 0x40 != 0
    }

    pub(super) fn text(&self) -> String {
        assert_eq!(self.first & 0xbf, 0x81, "a text message in one frame");
        let bytes = if self.is_compressed() { inflate(&self.payload) } else { self.payload.clone() };
        String::from_utf8(bytes).unwrap()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text()).unwrap()
    }

    /// The code of a close frame.
    pub(super) fn closes(&self) -> u16 {
        assert_eq!(self.first, 0x88, "{:?}", String::from_utf8_lossy(&self.payload));
        u16::from_be_bytes([self.payload[0], self.payload[1]])
    }
}

fn inflate(payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(1 << 20);
    let whole = [payload, &[0, 0, 0xff, 0xff]].concat();
    Decompress::new(false).decompress_vec(&whole, &mut out, FlushDecompress::Sync).unwrap();
    out
}

pub(super) fn deflate(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    let mut out = Vec::with_capacity(bytes.len() + 1000);
    Compress::new(flate2::Compression::best(), false)
        .compress_vec(bytes, &mut out, FlushCompress::Sync)
        .unwrap();
    out.truncate(out.len() - 4);
    out
}

pub(super) struct Client(pub(super) TcpStream);

impl Client {
    /// The handshake's status line and, in lower case, its headers; and what comes after them.
    pub(super) async fn knock(address: SocketAddr, lines: &[&str]) -> (String, Self) {
        let mut client = Self(TcpStream::connect(address).await.unwrap());
        let lines: String =
            lines.iter().map(|line| format!("Sec-WebSocket-Extensions: {line}\r\n")).collect();
        let request = format!(
            "GET /ws HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{lines}\r\n"
        );
        client.0.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.extend(client.bytes(1).await);
        }
        (String::from_utf8(head).unwrap(), client)
    }

    pub(super) async fn new(address: SocketAddr, offer: Option<&str>) -> Self {
        let (head, client) = Self::knock(address, offer.as_slice()).await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        assert_eq!(head.contains("sec-websocket-extensions: permessage-deflate"), offer.is_some(), "{head}");
        client
    }

    pub(super) async fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        timeout(PATIENCE, self.0.read_exact(&mut bytes)).await.expect("bytes in time").unwrap();
        bytes
    }

    /// Sends a frame masked by zero.
    pub(super) async fn send(&mut self, first: u8, payload: &[u8]) {
        let length = u16::try_from(payload.len()).unwrap();
        let mut frame = vec![first];
        match length {
            0..126 => frame.push(0x80 | length as u8),
            _ => frame.extend([&[0x80 | 126][..], &length.to_be_bytes()].concat()),
        }
        frame.extend([0; 4]);
        frame.extend(payload);
        self.0.write_all(&frame).await.unwrap();
    }

    pub(super) async fn call(&mut self, route: &str, payload: Value) {
        let call = json!({"type": route, "payload": payload, "rpcId": "1"});
        self.send(0x81, call.to_string().as_bytes()).await;
    }

    pub(super) async fn frame(&mut self) -> Frame {
        let head = self.bytes(2).await;
        let length = match head[1] {
            126 => usize::from(u16::from_be_bytes(self.bytes(2).await.try_into().unwrap())),
            127 => usize::try_from(u64::from_be_bytes(self.bytes(8).await.try_into().unwrap())).unwrap(),
            short => usize::from(short),
        };
        Frame { first: head[0], payload: self.bytes(length).await }
    }
}
