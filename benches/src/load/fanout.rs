//! `fanout N W S`: one connection announces, and all of them receive it.

use std::{collections::VecDeque, time::Instant};

use super::{
    calls::{CHECK_EVERY, Caller, Times},
    client::{Conns, Driver},
    dialect::{Dialect, Kind},
};
use crate::wire::{Frame, Template};

/// One delivery in so many is timed.
const TIME_EVERY: u64 = 61;

/// An announcement is in flight until its reply has come; in addition, no more than W·N deliveries are ever
/// outstanding. Without the second rule a server that replies before it delivers would accumulate undelivered
/// messages, and be measured at a larger W than the others.
pub struct Fanout {
    dialect: Dialect,
    window: u64,
    call: Template,
    text: String,
    caller: Caller,
    running: bool,
    delivered: u64,
    per_conn: Vec<u64>,
    /// When the announcements were made that some connection may still miss; the first of them has this number.
    began: VecDeque<Instant>,
    first: u64,
    pub times: Times,
}

impl Fanout {
    #[must_use]
    pub fn new(dialect: Dialect, connections: usize, window: u64, text: String) -> Self {
        Self {
            dialect,
            window,
            call: dialect.call("system.announce", &serde_json::json!({ "text": text })),
            text,
            caller: Caller::new(),
            running: true,
            delivered: 0,
            per_conn: vec![0; connections],
            began: VecDeque::new(),
            first: 0,
            times: Times::default(),
        }
    }

    fn announce(&mut self, conns: &mut Conns) {
        let receivers = self.per_conn.len() as u64;
        let outstanding = self.caller.sent * receivers - self.delivered;
        let undelivered = outstanding.div_ceil(receivers);
        let free = self.window.saturating_sub(undelivered.max(self.caller.in_flight()));
        if !self.running || free == 0 {
            return;
        }
        let now = Instant::now();
        self.began.extend((0..free).map(|_| now));
        // No connection can be further behind than all deliveries that are outstanding.
        while self.began.len() as u64 > self.window * receivers + self.window {
            self.began.pop_front();
            self.first += 1;
        }
        self.caller.send(conns, 0, (0..free).map(|_| &self.call));
    }
}

impl Driver for Fanout {
    fn start(&mut self, conns: &mut Conns) {
        self.announce(conns);
    }

    fn message(&mut self, conn: usize, kind: Kind, message: Frame<'_>, now: Instant) -> Result<(), String> {
        if kind == Kind::Reply {
            let check = self.caller.replied.is_multiple_of(CHECK_EVERY);
            return self.caller.reply(self.dialect, message, None, check).map(drop);
        }
        let heard = self.per_conn.get_mut(conn).ok_or("an event for a connection that is none of ours")?;
        if *heard == self.caller.sent {
            return Err(format!("connection {conn} hears more than was announced"));
        }
        if self.delivered.is_multiple_of(CHECK_EVERY) {
            self.dialect.check_event(message, &self.text)?;
        }
        if self.delivered.is_multiple_of(TIME_EVERY) {
            self.times.add(self.began[(*heard - self.first) as usize], now);
        }
        *heard += 1;
        self.delivered += 1;
        Ok(())
    }

    fn after(&mut self, _: usize, conns: &mut Conns) {
        self.announce(conns);
    }

    fn stop(&mut self) {
        self.running = false;
    }

    fn done(&self) -> u64 {
        self.delivered
    }

    fn missing(&self) -> Option<String> {
        let (sent, replied) = (self.caller.sent, self.caller.replied);
        let behind = self.per_conn.iter().filter(|&&heard| heard != sent).count();
        let lost = sent * self.per_conn.len() as u64 - self.delivered;
        (lost > 0 || replied < sent).then(|| {
            format!("{lost} deliveries to {behind} connections are missing, and {} replies", sent - replied)
        })
    }
}
