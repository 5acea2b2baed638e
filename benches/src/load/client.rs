//! Many connections on one thread.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream as Blocking},
    time::{Duration, Instant},
};

use mio::{Events, Interest, Poll, Token, net::TcpStream};
use socket2::{Domain, Protocol, Socket, Type};

use super::{
    dialect::{Dialect, Kind},
    stream::Stream,
};
use crate::wire::{self, BINARY, Frame, TEXT};

/// Handshakes under way at a time: fewer than any listener's backlog.
const AT_ONCE: usize = 64;
/// Connections from one address: fewer than there are free ports, even for several load generators.
const PER_ADDRESS: usize = 8_000;
const PATIENCE: Duration = Duration::from_secs(20);

/// Where to connect to, and what to say there.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub server: SocketAddr,
    pub dialect: Dialect,
    pub tls: bool,
    /// Offers to read compressed messages.
    pub deflate: bool,
}

/// What a workload does with what arrives.
pub trait Driver {
    /// Sends the first calls.
    fn start(&mut self, conns: &mut Conns);

    /// # Errors
    /// It is not the message that should come.
    fn message(&mut self, conn: usize, kind: Kind, message: Frame<'_>, now: Instant) -> Result<(), String>;

    /// Everything from a connection has been read; it may be given more to do.
    fn after(&mut self, conn: usize, conns: &mut Conns);

    /// Makes no more calls.
    fn stop(&mut self);

    /// Deliveries or calls done so far.
    fn done(&self) -> u64;

    /// What has not arrived; `None` if everything has.
    fn missing(&self) -> Option<String>;
}

struct Conn {
    stream: Stream<TcpStream>,
    partial: Vec<u8>,
    unsent: Vec<u8>,
}

impl Conn {
    fn is_behind(&self) -> bool {
        !self.unsent.is_empty() || self.stream.holds_back()
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut written = 0;
        while written < self.unsent.len() {
            match self.stream.write(&self.unsent[written..]) {
                Ok(n) => written += n,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if written == self.unsent.len() {
            self.unsent = Vec::new();
        } else {
            self.unsent.drain(..written);
        }
        match self.stream.flush() {
            Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
            _ => Ok(()),
        }
    }
}

/// The connections' sending side.
pub struct Conns {
    list: Vec<Conn>,
}

impl Conns {
    fn len(&self) -> usize {
        self.list.len()
    }

    /// Sends the frames that `encode` appends, in one write.
    pub fn send(&mut self, conn: usize, encode: impl FnOnce(&mut Vec<u8>)) {
        let conn = &mut self.list[conn];
        let idle = !conn.is_behind();
        encode(&mut conn.unsent);
        if idle {
            // A broken socket shows again when it is read.
            let _ = conn.flush();
        }
    }
}

pub struct Client {
    poll: Poll,
    events: Events,
    buffer: Vec<u8>,
    conns: Conns,
    deaf: Vec<Stream<Blocking>>,
    target: Target,
    /// Reads that returned something: with the messages read, it says how many a server puts into one write.
    pub reads: u64,
}

impl Client {
    /// # Errors
    /// The kernel gives no epoll.
    pub fn new(target: Target) -> io::Result<Self> {
        Ok(Self {
            poll: Poll::new()?,
            events: Events::with_capacity(1024),
            buffer: vec![0; 256 * 1024],
            conns: Conns { list: Vec::new() },
            deaf: Vec::new(),
            target,
            reads: 0,
        })
    }

    /// Opens more connections.
    ///
    /// # Errors
    /// The server refuses one, or sends nothing for 20 s.
    pub fn connect(&mut self, count: usize) -> Result<(), String> {
        let end = self.conns.len() + count;
        while self.conns.len() < end {
            let first = self.conns.len();
            let some = (end - first).min(AT_ONCE);
            let opened: io::Result<Vec<_>> =
                (first..first + some).map(|index| open(self.target, index)).collect();
            for mut stream in opened.map_err(|error| format!("connection {first}: {error}"))? {
                let index = self.conns.len();
                let partial = handshake(&mut stream, self.target)
                    .map_err(|error| format!("handshake {index}: {error}"))?;
                let mut stream = stream.into_non_blocking().map_err(|error| error.to_string())?;
                let interest = Interest::READABLE | Interest::WRITABLE;
                let registered = self.poll.registry().register(stream.socket(), Token(index), interest);
                registered.map_err(|error| error.to_string())?;
                self.conns.list.push(Conn { stream, partial, unsent: Vec::new() });
            }
        }
        Ok(())
    }

    /// Opens a connection that is never read.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub fn connect_deaf(&mut self) -> Result<(), String> {
        let deaf = open(self.target, 0).and_then(|mut stream| {
            handshake(&mut stream, self.target)?;
            Ok(stream)
        });
        self.deaf.push(deaf.map_err(|error| format!("the slow connection: {error}"))?);
        Ok(())
    }

    pub fn conns(&mut self) -> &mut Conns {
        &mut self.conns
    }

    /// Waits for something to arrive, and passes it on.
    ///
    /// # Errors
    /// A connection has ended, or the driver did not expect a message.
    pub fn turn(&mut self, wait: Duration, driver: &mut impl Driver) -> Result<(), String> {
        match self.poll.poll(&mut self.events, Some(wait)) {
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(()),
            other => other.map_err(|error| error.to_string())?,
        }
        for event in &self.events {
            let Token(index) = event.token();
            if event.is_writable() && self.conns.list[index].is_behind() {
                self.conns.list[index].flush().map_err(|error| format!("connection {index}: {error}"))?;
            }
            if !event.is_readable() {
                continue;
            }
            let now = Instant::now();
            loop {
                let conn = &mut self.conns.list[index];
                let read = match conn.stream.read(&mut self.buffer) {
                    Ok(0) => return Err(format!("the server has closed connection {index}")),
                    Ok(read) => read,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) => return Err(format!("connection {index}: {error}")),
                };
                self.reads += 1;
                let (dialect, mut fault) = (self.target.dialect, None);
                let unsent = &mut conn.unsent;
                wire::frames(&mut conn.partial, &self.buffer[..read], |frame| {
                    let payload = frame.payload;
                    let outcome = match frame.opcode {
                        TEXT | BINARY => dialect.kind(frame).and_then(|kind| match kind {
                            Kind::Ping => {
                                wire::masked_frame(unsent, TEXT, b"3");
                                Ok(())
                            }
                            kind => driver.message(index, kind, frame, now),
                        }),
                        wire::PING => {
                            wire::masked_frame(unsent, wire::PONG, payload);
                            Ok(())
                        }
                        wire::CLOSE => {
                            Err(format!("the server closes connection {index}: {}", close_reason(payload)))
                        }
                        other => Err(format!("a frame with opcode {other}")),
                    };
                    fault = fault.take().or(outcome.err());
                });
                if let Some(fault) = fault {
                    return Err(fault);
                }
                if !conn.unsent.is_empty() {
                    conn.flush().map_err(|error| format!("connection {index}: {error}"))?;
                }
                // Epoll is edge-triggered, and a read of a stream that is not full has emptied it.
                if read < self.buffer.len() && conn.stream.reads_all() {
                    break;
                }
            }
            driver.after(index, &mut self.conns);
        }
        Ok(())
    }

    /// Turns until `until`, or all is there, or nothing has happened for `patience`. Says whether the first two.
    ///
    /// # Errors
    /// As [`turn`](Self::turn).
    pub fn run(&mut self, driver: &mut impl Driver, until: Option<Instant>) -> Result<bool, String> {
        let patience = Duration::from_secs(10);
        let (mut done, mut progress) = (driver.done(), Instant::now());
        loop {
            let now = Instant::now();
            if until.is_some_and(|until| now >= until) || (until.is_none() && driver.missing().is_none()) {
                return Ok(true);
            }
            if driver.done() != done {
                (done, progress) = (driver.done(), now);
            } else if now - progress > patience {
                return Ok(false);
            }
            let wait = until.map_or(Duration::from_millis(100), |until| until - now);
            self.turn(wait.min(Duration::from_millis(100)), driver)?;
        }
    }
}

fn close_reason(payload: &[u8]) -> String {
    match payload.split_at_checked(2) {
        Some((code, reason)) => {
            format!("{} {}", u16::from_be_bytes([code[0], code[1]]), String::from_utf8_lossy(reason))
        }
        None => "no code".to_owned(),
    }
}

/// Connects, and asks for the upgrade.
fn open(target: Target, index: usize) -> io::Result<Stream<Blocking>> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    // Leave no socket behind that waits for a minute: there are only so many ports.
    socket.set_linger(Some(Duration::ZERO))?;
    socket.set_tcp_nodelay(true)?;
    if index >= PER_ADDRESS {
        // Of its own, since other load generators may hold as many connections at the same time.
        let address =
            Ipv4Addr::new(127, 1 + (std::process::id() % 254) as u8, 0, (index / PER_ADDRESS) as u8);
        socket.bind(&SocketAddr::from((IpAddr::V4(address), 0)).into())?;
    }
    socket.connect(&target.server.into())?;
    let socket = Blocking::from(socket);
    socket.set_read_timeout(Some(PATIENCE))?;
    let mut stream = Stream::new(socket, target.tls)?;
    let mut options = String::new();
    if target.dialect == Dialect::MsgPack {
        options.push_str("Sec-WebSocket-Protocol: zocket.msgpack\r\n");
    }
    if target.deflate {
        options.push_str(
            "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; \
             client_no_context_takeover\r\n",
        );
    }
    let (path, server) = (target.dialect.target(), target.server);
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{options}\r\n"
    );
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    Ok(stream)
}

/// Reads the answer. Gives what came behind it.
fn handshake(stream: &mut Stream<Blocking>, target: Target) -> io::Result<Vec<u8>> {
    const END: &[u8] = b"\r\n\r\n";
    let mut heard = Vec::new();
    let end = loop {
        if let Some(end) = heard.windows(END.len()).position(|window| window == END) {
            break end + END.len();
        }
        more(stream, &mut heard)?;
    };
    let answer = String::from_utf8_lossy(&heard[..end]).to_ascii_lowercase();
    let agreed =
        |part: &str| answer.lines().any(|line| line.starts_with("sec-websocket-") && line.contains(part));
    if !answer.starts_with("http/1.1 101")
        || (target.deflate && !agreed("server_no_context_takeover"))
        || (target.dialect == Dialect::MsgPack && !agreed("zocket.msgpack"))
    {
        return Err(io::Error::other(answer));
    }
    heard.drain(..end);
    if target.dialect == Dialect::SocketIo {
        // The server opens Engine.IO, the client a namespace, which the server acknowledges.
        await_text(stream, &mut heard, b"0")?;
        let mut connect = Vec::new();
        wire::masked_frame(&mut connect, TEXT, b"40");
        stream.write_all(&connect)?;
        await_text(stream, &mut heard, b"40")?;
    }
    Ok(heard)
}

fn await_text(stream: &mut Stream<Blocking>, heard: &mut Vec<u8>, start: &[u8]) -> io::Result<()> {
    let mut partial = Vec::new();
    loop {
        let (mut found, mut other, mut pongs) = (false, None, Vec::new());
        wire::frames(&mut partial, heard, |Frame { payload, .. }| match payload {
            b"2" => wire::masked_frame(&mut pongs, TEXT, b"3"),
            _ if payload.starts_with(start) => found = true,
            _ => other = Some(String::from_utf8_lossy(payload).into_owned()),
        });
        stream.write_all(&pongs)?;
        heard.clear();
        if let Some(other) = other {
            return Err(io::Error::other(format!("unexpected Engine.IO packet {other}")));
        }
        if found {
            *heard = partial;
            return Ok(());
        }
        more(stream, heard)?;
    }
}

fn more(stream: &mut Stream<Blocking>, heard: &mut Vec<u8>) -> io::Result<()> {
    let mut chunk = [0; 4096];
    match stream.read(&mut chunk)? {
        0 => Err(ErrorKind::UnexpectedEof.into()),
        read => {
            heard.extend_from_slice(&chunk[..read]);
            Ok(())
        }
    }
}
