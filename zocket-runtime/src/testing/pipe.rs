//! The client's end of a connection in memory: frames in, frames out.
//!
//! Two tasks read and write, as those of a browser do: a client is there though its test is elsewhere, and answers pings.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf},
    select,
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};

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
    Close(u16, String),
    /// End of the stream.
    End,
    /// Nothing follows what the client cannot read.
    Unreadable(String),
}

/// Dropping it disconnects.
pub(super) struct Pipe {
    writes: mpsc::UnboundedSender<Write>,
    received: mpsc::UnboundedReceiver<Received>,
    reads: watch::Sender<bool>,
    /// Whether a close frame has been sent.
    closing: Arc<AtomicBool>,
    tasks: [JoinHandle<()>; 2],
}

/// What is to be written, and who waits until it has been.
struct Write(Vec<u8>, Option<oneshot::Sender<()>>);

/// A mask hides nothing in memory; a fixed one makes failures repeat.
const MASK: [u8; 4] = [0x5a, 0xc3, 0x0f, 0x96];

/// A close frame without a code, and an end without a close frame (RFC 6455, 7.4.1).
const NO_CODE: u16 = 1005;

impl Pipe {
    pub(super) fn new(stream: impl AsyncRead + AsyncWrite + Send + 'static, inflating: bool) -> Self {
        let (read, write) = tokio::io::split(stream);
        let (writes, to_write) = mpsc::unbounded_channel();
        let (to_client, received) = mpsc::unbounded_channel();
        let (reads, is_read) = watch::channel(true);
        let closing = Arc::new(AtomicBool::new(false));
        let reader = Reader {
            stream: read,
            decoder: Decoder::new(Role::Client, usize::MAX).permessage_deflate(inflating),
            input: Vec::new(),
            reads: is_read,
            answers: writes.clone(),
            closing: Arc::clone(&closing),
            to_client,
        };
        let tasks = [tokio::spawn(reader.run()), tokio::spawn(write_all(write, to_write))];
        Self { writes, received, reads, closing, tasks }
    }

    /// Sends a frame, and waits until the transport has taken it; what the server no longer reads is lost, as on a socket.
    pub(super) fn send(&self, opcode: Opcode, payload: &[u8]) -> impl Future<Output = ()> + use<> {
        self.send_bytes(masked(opcode, payload))
    }

    pub(super) fn send_bytes(&self, bytes: Vec<u8>) -> impl Future<Output = ()> + use<> {
        let (written, is_written) = oneshot::channel();
        let sent = self.writes.send(Write(bytes, Some(written)));
        async move {
            if sent.is_ok() {
                let _ = is_written.await;
            }
        }
    }

    pub(super) fn send_close(&self, code: u16) -> impl Future<Output = ()> + use<> {
        self.closing.store(true, Ordering::Release);
        self.send(Opcode::Close, &code.to_be_bytes())
    }

    /// The next thing from the server. Cancellation safe: nothing read is lost.
    pub(super) async fn next(&mut self) -> Received {
        self.reads.send_if_modified(|reads| !std::mem::replace(reads, true));
        self.received.recv().await.unwrap_or(Received::End)
    }

    /// Reads no more, and so answers no pings, until something is waited for.
    pub(super) fn stop_reading(&self) {
        self.reads.send_replace(false);
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

fn masked(opcode: Opcode, payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::new();
    encode::masked_frame(&mut frame, true, opcode, payload, MASK);
    frame
}

async fn write_all(mut stream: WriteHalf<impl AsyncWrite>, mut writes: mpsc::UnboundedReceiver<Write>) {
    while let Some(Write(bytes, written)) = writes.recv().await {
        // What the server no longer reads is lost.
        let _ = stream.write_all(&bytes).await;
        let _ = stream.flush().await;
        if let Some(written) = written {
            let _ = written.send(());
        }
    }
}

struct Reader<S> {
    stream: ReadHalf<S>,
    decoder: Decoder,
    input: Vec<u8>,
    reads: watch::Receiver<bool>,
    answers: mpsc::UnboundedSender<Write>,
    closing: Arc<AtomicBool>,
    to_client: mpsc::UnboundedSender<Received>,
}

impl<S: AsyncRead> Reader<S> {
    async fn run(mut self) {
        let end = loop {
            if let Err(error) = self.decode() {
                break Received::Unreadable(error);
            }
            match self.read().await {
                Some(0) => break Received::End,
                Some(_) => {}
                // The client has been dropped.
                None => return,
            }
        };
        let _ = self.to_client.send(end);
    }

    /// More bytes, as soon as the client reads.
    async fn read(&mut self) -> Option<usize> {
        self.input.clear();
        self.input.reserve(16 * 1024);
        loop {
            self.reads.wait_for(|reads| *reads).await.ok()?;
            select! {
                biased;
                changed = self.reads.changed() => changed.ok()?,
                read = self.stream.read_buf(&mut self.input) => return Some(read.unwrap_or(0)),
            }
        }
    }

    /// Hands on what is in the bytes that have been read.
    fn decode(&mut self) -> Result<(), String> {
        let mut at = 0;
        loop {
            let step = self.decoder.next(&mut self.input[at..]);
            let Step { consumed, event } =
                step.map_err(|error| format!("the server broke the protocol: {error}"))?;
            at += consumed;
            let received = match event {
                None => return Ok(()),
                Some(Event::Ping(payload)) => {
                    let _ = self.answers.send(Write(masked(Opcode::Pong, payload), None));
                    continue;
                }
                Some(Event::Text(text)) => Received::Text(text.to_owned()),
                Some(Event::Binary(_)) => return Err("the server sent a binary frame".to_owned()),
                Some(Event::Pong(payload)) => Received::Pong(payload.to_vec()),
                Some(Event::Close(status)) => {
                    let code = status.map_or(NO_CODE, |(code, _)| code.get());
                    if !self.closing.swap(true, Ordering::AcqRel) {
                        let answer = if code == NO_CODE { 1000_u16 } else { code };
                        let _ = self.answers.send(Write(masked(Opcode::Close, &answer.to_be_bytes()), None));
                    }
                    Received::Close(code, status.map_or_else(String::new, |(_, reason)| reason.to_owned()))
                }
            };
            let _ = self.to_client.send(received);
        }
    }
}
