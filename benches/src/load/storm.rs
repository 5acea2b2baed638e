//! `storm N W S`: a fan-out, and sixteen of its connections make calls beside it, one at a time.

use std::time::Instant;

use super::{
    calls::{CHECK_EVERY, Caller, Times},
    client::{Conns, Driver},
    dialect::{Dialect, Kind},
    fanout::Fanout,
};
use crate::wire::{Frame, Template};

const CALLERS: usize = 16;

/// What is counted are the deliveries, what is timed are the calls.
pub struct Storm {
    dialect: Dialect,
    fanout: Fanout,
    /// Connections from here on call.
    first: usize,
    callers: Vec<Caller>,
    call: Template,
    text: String,
    running: bool,
    pub times: Times,
}

impl Storm {
    /// `text` is both the announcement's and the calls'.
    #[must_use]
    pub fn new(dialect: Dialect, connections: usize, window: u64, text: String) -> Self {
        let first = connections.saturating_sub(CALLERS).max(1);
        Self {
            dialect,
            fanout: Fanout::new(dialect, connections, window, text.clone()),
            first,
            callers: (first..connections).map(|_| Caller::new()).collect(),
            call: dialect.call("echo.say", &serde_json::json!({ "text": text })),
            text,
            running: true,
            times: Times::default(),
        }
    }

    fn fill(&mut self, conn: usize, conns: &mut Conns) {
        let caller = &mut self.callers[conn - self.first];
        if self.running && caller.in_flight() == 0 {
            caller.send(conns, conn, [&self.call]);
        }
    }
}

impl Driver for Storm {
    fn start(&mut self, conns: &mut Conns) {
        self.fanout.start(conns);
        (self.first..self.first + self.callers.len()).for_each(|conn| self.fill(conn, conns));
    }

    fn message(&mut self, conn: usize, kind: Kind, message: Frame<'_>, now: Instant) -> Result<(), String> {
        if kind != Kind::Reply || conn < self.first {
            return self.fanout.message(conn, kind, message, now);
        }
        let caller = &mut self.callers[conn - self.first];
        let check = caller.replied.is_multiple_of(CHECK_EVERY);
        let began = caller.reply(self.dialect, message, Some(&self.text), check)?;
        self.times.add(began, now);
        Ok(())
    }

    fn after(&mut self, conn: usize, conns: &mut Conns) {
        self.fanout.after(conn, conns);
        if conn >= self.first {
            self.fill(conn, conns);
        }
    }

    fn stop(&mut self) {
        self.running = false;
        self.fanout.stop();
    }

    fn done(&self) -> u64 {
        self.fanout.done()
    }

    fn missing(&self) -> Option<String> {
        let unanswered: u64 = self.callers.iter().map(Caller::in_flight).sum();
        self.fanout
            .missing()
            .or_else(|| (unanswered > 0).then(|| format!("{unanswered} replies are missing")))
    }
}
