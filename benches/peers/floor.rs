//! The floor: what no server on this kernel can undercut. One thread, one epoll, no JSON.
//!
//! A message is recognized by its first bytes, whose length is the same for every message of the load generator; the
//! answer has a different beginning and the same rest. A broadcast's frame is made once, and every socket gets all
//! frames of a round in one write.
use std::{
    io::{self, ErrorKind, Read, Write},
    net::SocketAddr,
};

use mio::{
    Events, Interest, Poll, Token,
    net::{TcpListener, TcpStream},
};
use zocket_benches::{peer, wire};

const LISTENER: Token = Token(usize::MAX);
const ANNOUNCE: &[u8] = br#"{"type":"system.announce""#;
const ANNOUNCEMENT: &[u8] = br#"{"type":"system.announcement""#;
const SAY: &[u8] = br#"{"type":"echo.say""#;
const REPLY: &[u8] = br#"{"type":"__rpc_res""#;
/// `,"rpcId":"123456"}`
const TAIL: usize = 18;

struct Conn {
    socket: TcpStream,
    upgraded: bool,
    partial: Vec<u8>,
    unsent: Vec<u8>,
}

impl Conn {
    /// Writes, after what is already queued; what the kernel does not take is queued.
    fn write(&mut self, frames: &[u8]) {
        let mut rest = frames;
        if self.unsent.is_empty() {
            while !rest.is_empty() {
                match self.socket.write(rest) {
                    Ok(n) => rest = &rest[n..],
                    // A broken socket shows again when it is read.
                    Err(_) => break,
                }
            }
        }
        self.unsent.extend_from_slice(rest);
    }

    fn flush(&mut self) {
        let waiting = std::mem::take(&mut self.unsent);
        self.write(&waiting);
    }

    /// Reads once. `replies` and `broadcast` get the frames that the messages cause. Says whether the peer is there.
    fn read(&mut self, scratch: &mut [u8], replies: &mut Vec<u8>, broadcast: &mut Vec<u8>) -> bool {
        loop {
            let read = match self.socket.read(scratch) {
                Ok(0) => return false,
                Ok(n) => n,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return true,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return false,
            };
            if self.upgraded {
                wire::masked_frames(
                    &mut self.partial,
                    &mut scratch[..read],
                    |wire::Frame { opcode, payload, .. }| match opcode {
                        wire::TEXT
                            if payload.starts_with(ANNOUNCE) && payload.len() >= ANNOUNCE.len() + TAIL =>
                        {
                            let tail = payload.len() - TAIL;
                            wire::frame(broadcast, &[ANNOUNCEMENT, &payload[ANNOUNCE.len()..tail], b"}"]);
                            wire::frame(replies, &[REPLY, &payload[tail..]]);
                        }
                        wire::TEXT if payload.starts_with(SAY) => {
                            wire::frame(replies, &[REPLY, &payload[SAY.len()..]]);
                        }
                        _ => {}
                    },
                );
            } else {
                self.partial.extend_from_slice(&scratch[..read]);
                if let Some(answer) = peer::upgrade(&self.partial) {
                    self.partial = Vec::new();
                    self.upgraded = true;
                    self.write(&answer);
                }
            }
            if read < scratch.len() {
                return true;
            }
        }
    }
}

fn main() -> io::Result<()> {
    let mut listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], peer::port())))?;
    let mut poll = Poll::new()?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    peer::listening(listener.local_addr()?);
    let mut conns: Vec<Option<Conn>> = Vec::new();
    let mut events = Events::with_capacity(1024);
    let mut scratch = vec![0; 256 * 1024];
    let (mut replies, mut broadcast) = (Vec::new(), Vec::new());
    loop {
        match poll.poll(&mut events, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            other => other?,
        }
        broadcast.clear();
        let mut callers = Vec::new();
        for event in &events {
            if event.token() == LISTENER {
                while let Ok((mut socket, _)) = listener.accept() {
                    socket.set_nodelay(true)?;
                    let interest = Interest::READABLE | Interest::WRITABLE;
                    poll.registry().register(&mut socket, Token(conns.len()), interest)?;
                    let (partial, unsent) = (Vec::new(), Vec::new());
                    conns.push(Some(Conn { socket, upgraded: false, partial, unsent }));
                }
                continue;
            }
            let Token(index) = event.token();
            let Some(conn) = &mut conns[index] else { continue };
            if event.is_writable() && !conn.unsent.is_empty() {
                conn.flush();
            }
            if event.is_readable() {
                let heard = broadcast.len();
                replies.clear();
                if !conn.read(&mut scratch, &mut replies, &mut broadcast) {
                    conns[index] = None;
                } else if broadcast.len() > heard {
                    callers.push((index, std::mem::take(&mut replies)));
                } else if !replies.is_empty() {
                    conn.write(&replies);
                }
            }
        }
        if !broadcast.is_empty() {
            // Callers first: while the others are written to, they can call again.
            for (index, replies) in &callers {
                conns[*index].iter_mut().for_each(|conn| conn.write(&[&*broadcast, replies].concat()));
            }
            for (index, conn) in conns.iter_mut().enumerate() {
                let Some(conn) = conn.as_mut().filter(|conn| conn.upgraded) else { continue };
                if callers.iter().all(|(caller, _)| *caller != index) {
                    conn.write(&broadcast);
                }
            }
        }
    }
}
