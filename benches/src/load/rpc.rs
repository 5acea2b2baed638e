//! `rpc C D S`: every connection calls, with D calls in flight.

use std::time::Instant;

use super::{
    calls::{CHECK_EVERY, Caller, Times},
    client::{Conns, Driver},
    dialect::{Dialect, Kind},
};
use crate::wire::{Frame, Template};

pub struct Rpc {
    dialect: Dialect,
    depth: u64,
    call: Template,
    text: String,
    callers: Vec<Caller>,
    /// Calls that each connection makes in all.
    quota: u64,
    /// Connections that call at the same time; the others follow as these have made their quota.
    at_once: usize,
    running: bool,
    done: u64,
    pub times: Times,
}

impl Rpc {
    /// Every connection goes on until it is stopped.
    #[must_use]
    pub fn new(dialect: Dialect, connections: usize, depth: u64, text: String) -> Self {
        Self {
            dialect,
            depth,
            call: dialect.call("echo.say", &serde_json::json!({ "text": text })),
            text,
            callers: (0..connections).map(|_| Caller::new()).collect(),
            quota: u64::MAX,
            at_once: connections,
            running: true,
            done: 0,
            times: Times::default(),
        }
    }

    /// Every connection makes one call, some of them at a time.
    #[must_use]
    pub fn once(dialect: Dialect, connections: usize, text: String) -> Self {
        Self { quota: 1, at_once: connections.min(32), ..Self::new(dialect, connections, 1, text) }
    }

    fn fill(&mut self, conn: usize, conns: &mut Conns) {
        let caller = &mut self.callers[conn];
        let free = (self.depth - caller.in_flight()).min(self.quota - caller.sent);
        if self.running && free > 0 {
            caller.send(conns, conn, (0..free).map(|_| &self.call));
        }
    }
}

impl Driver for Rpc {
    fn start(&mut self, conns: &mut Conns) {
        (0..self.at_once).for_each(|conn| self.fill(conn, conns));
    }

    fn message(&mut self, conn: usize, kind: Kind, message: Frame<'_>, now: Instant) -> Result<(), String> {
        if kind != Kind::Reply {
            return Err("an event where only replies should come".to_owned());
        }
        let check = self.done.is_multiple_of(CHECK_EVERY);
        let began = self.callers[conn].reply(self.dialect, message, Some(&self.text), check)?;
        self.times.add(began, now);
        self.done += 1;
        Ok(())
    }

    fn after(&mut self, conn: usize, conns: &mut Conns) {
        if self.callers[conn].replied == self.quota && conn + self.at_once < self.callers.len() {
            self.fill(conn + self.at_once, conns);
        } else {
            self.fill(conn, conns);
        }
    }

    fn stop(&mut self) {
        self.running = false;
    }

    fn done(&self) -> u64 {
        self.done
    }

    fn missing(&self) -> Option<String> {
        let quota = if self.quota == u64::MAX { 0 } else { self.quota };
        let missing: u64 = self.callers.iter().map(|caller| caller.sent.max(quota) - caller.replied).sum();
        (missing > 0).then(|| format!("{missing} replies are missing"))
    }
}
