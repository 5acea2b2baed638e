//! A connection to a zocket server.

use std::{io, time::Duration};

use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};
use zocket_wire::{
    close::CloseCode,
    decode::{Decoder, Event, Step},
    encode::masked_frame,
    error::ProtocolError,
    frame::{Opcode, Role},
};

use super::Connect;
use crate::{
    report::{Failure, Result},
    system::in_words,
};

/// A connection that is silent for this long is pinged, and given up after the same time again.
const SILENCE: Duration = Duration::from_secs(30);
/// How long closing may take.
const FAREWELL: Duration = Duration::from_secs(1);
/// The largest message that is accepted from a server, in bytes.
const MAX_MESSAGE: usize = 64 << 20;
/// Room for one read, in bytes.
const READ: usize = 16 * 1024;

/// An open connection.
pub(crate) struct Socket {
    stream: TokioIo<Upgraded>,
    decoder: Decoder,
    /// What was read; the part before `at` has been processed.
    input: Vec<u8>,
    at: usize,
    /// Frames that are not written yet.
    output: Vec<u8>,
    calls: u64,
    asked: bool,
}

/// What arrives over a connection.
#[derive(Debug)]
pub(crate) enum Told {
    Message(String),
    /// The server has closed the connection, for this reason.
    Closed(String),
    /// The connection was lost without a close frame.
    Lost(String),
}

/// What was read from the stream.
enum Heard {
    Text(String),
    Ping(Vec<u8>),
    Close(Option<(CloseCode, String)>),
    Violation(ProtocolError),
    /// Nothing relevant, or an incomplete message.
    Else,
    End,
}

impl Socket {
    /// Connects.
    ///
    /// # Errors
    /// The server cannot be reached, or refuses; then the error has its answer as text.
    pub(crate) async fn open(connect: &Connect<'_>) -> Result<Self> {
        Ok(Self {
            stream: connect.open().await?,
            decoder: Decoder::new(Role::Client, MAX_MESSAGE),
            input: Vec::new(),
            at: 0,
            output: Vec::new(),
            calls: 0,
            asked: false,
        })
    }

    /// Sends a call. Its answer has the id that this returns.
    ///
    /// # Errors
    /// The connection is gone.
    pub(crate) async fn call(&mut self, route: &str, payload: Option<&str>) -> Result<String> {
        self.calls += 1;
        let id = self.calls.to_string();
        let route = Value::from(route);
        // The text of the payload is sent unchanged, to the last digit.
        let message = match payload {
            Some(payload) => format!(r#"{{"type":{route},"payload":{payload},"rpcId":"{id}"}}"#),
            None => json!({"type": route, "rpcId": id}).to_string(),
        };
        let sent = self.send(Opcode::Text, message.as_bytes()).await;
        sent.map_err(|error| {
            Failure::unreachable(format_args!("the call was not sent: {}", in_words(&error)))
        })?;
        Ok(id)
    }

    /// The next message. Cancellation loses nothing.
    pub(crate) async fn next(&mut self) -> Told {
        loop {
            match timeout(SILENCE, self.hear()).await {
                Ok(Ok(heard)) => {
                    self.asked = false;
                    match heard {
                        Heard::Text(text) => return Told::Message(text),
                        Heard::Close(status) => {
                            let code = status.as_ref().map(|(code, _)| *code);
                            self.part(code).await;
                            return Told::Closed(closed(status));
                        }
                        Heard::Violation(error) => {
                            self.part(Some(error.close_code())).await;
                            return Told::Lost(format!("the server broke the protocol: {error}"));
                        }
                        Heard::End => return Told::Lost("the connection was cut off".into()),
                        // It is written before the next read.
                        Heard::Ping(payload) => {
                            if let Err(error) = self.queue(Opcode::Pong, &payload) {
                                return Told::Lost(in_words(&error));
                            }
                        }
                        Heard::Else => {}
                    }
                }
                Ok(Err(error)) => return Told::Lost(in_words(&error)),
                Err(_) if self.asked => {
                    return Told::Lost(format!("nothing was heard for {} s", 2 * SILENCE.as_secs()));
                }
                Err(_) => {
                    self.asked = true;
                    if let Err(error) = self.queue(Opcode::Ping, &[]) {
                        return Told::Lost(in_words(&error));
                    }
                }
            }
        }
    }

    /// Closes the connection with a close handshake.
    pub(crate) async fn close(mut self) {
        let farewell = async {
            self.send(Opcode::Close, &[]).await?;
            // The server's answer ends the stream, after whatever was on its way.
            while !matches!(self.hear().await?, Heard::End | Heard::Violation(_)) {}
            self.stream.shutdown().await
        };
        // The result is already there, so errors no longer matter.
        let _ = timeout(FAREWELL, farewell).await;
    }

    /// Answers a close frame, or ends a connection whose server violated the protocol.
    async fn part(&mut self, code: Option<CloseCode>) {
        let payload = code.map(|code| code.get().to_be_bytes());
        let farewell = async {
            self.send(Opcode::Close, payload.as_ref().map_or(&[], |code| &code[..])).await?;
            self.stream.shutdown().await
        };
        let _ = timeout(FAREWELL, farewell).await;
    }

    /// Writes what is pending, then takes the next event from what was read, or reads once. Cancellation loses
    /// nothing.
    async fn hear(&mut self) -> io::Result<Heard> {
        self.flush().await?;
        let Step { consumed, event } = match self.decoder.next(&mut self.input[self.at..]) {
            Ok(step) => step,
            Err(error) => return Ok(Heard::Violation(error)),
        };
        self.at += consumed;
        match event {
            Some(Event::Text(text)) => return Ok(Heard::Text(text.to_owned())),
            Some(Event::Ping(payload)) => return Ok(Heard::Ping(payload.to_vec())),
            Some(Event::Close(status)) => {
                return Ok(Heard::Close(status.map(|(code, reason)| (code, reason.to_owned()))));
            }
            Some(Event::Binary(_) | Event::Pong(_)) => return Ok(Heard::Else),
            None => {}
        }
        self.input.clear();
        self.at = 0;
        self.input.reserve(READ);
        let read = self.stream.read_buf(&mut self.input).await?;
        Ok(if read == 0 { Heard::End } else { Heard::Else })
    }

    async fn send(&mut self, opcode: Opcode, payload: &[u8]) -> io::Result<()> {
        self.queue(opcode, payload)?;
        self.flush().await
    }

    fn queue(&mut self, opcode: Opcode, payload: &[u8]) -> io::Result<()> {
        let mut key = [0; 4];
        getrandom::fill(&mut key).map_err(|error| io::Error::other(error.to_string()))?;
        masked_frame(&mut self.output, true, opcode, payload, key);
        Ok(())
    }

    /// Writes what is pending. If it is cancelled, the rest stays pending.
    async fn flush(&mut self) -> io::Result<()> {
        while !self.output.is_empty() {
            let written = self.stream.write(&self.output).await?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.output.drain(..written);
        }
        self.stream.flush().await
    }
}

/// A close frame as text.
fn closed(status: Option<(CloseCode, String)>) -> String {
    let Some((code, reason)) = status else { return "the server closed the connection".into() };
    let meaning = match code {
        CloseCode::NORMAL => "done",
        CloseCode::GOING_AWAY => "it is going away",
        CloseCode::POLICY => "its policy was violated",
        CloseCode::TOO_LARGE => "a message was too large",
        CloseCode::INTERNAL => "it met an error",
        CloseCode::RESTART => "it is restarting",
        CloseCode::TRY_AGAIN_LATER => "try again later",
        code if code.get() >= 4000 => "a reason of the application's own",
        _ => "",
    };
    let reason = if reason.is_empty() { meaning } else { &reason };
    match reason {
        "" => format!("the server closed the connection: {code}"),
        reason => format!("the server closed the connection: {code} ({reason})"),
    }
}
