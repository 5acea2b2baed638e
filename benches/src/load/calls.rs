//! The calls of one connection, and what they took.

use std::{collections::VecDeque, time::Instant};

use super::{
    client::Conns,
    dialect::{Dialect, id},
};
use crate::wire::{Frame, Template};

/// One message in so many is parsed and compared.
pub const CHECK_EVERY: u64 = 1000;

/// Calls of one kind, pipelined on one connection.
pub struct Caller {
    pub sent: u64,
    pub replied: u64,
    began: VecDeque<Instant>,
}

impl Caller {
    #[must_use]
    pub fn new() -> Self {
        Self { sent: 0, replied: 0, began: VecDeque::new() }
    }

    #[must_use]
    pub fn in_flight(&self) -> u64 {
        self.sent - self.replied
    }

    /// Sends calls, in one write.
    pub fn send<'t>(
        &mut self,
        conns: &mut Conns,
        conn: usize,
        calls: impl IntoIterator<Item = &'t Template>,
    ) {
        let now = Instant::now();
        conns.send(conn, |out| {
            for template in calls {
                template.put(out, &id(self.sent));
                self.sent += 1;
                self.began.push_back(now);
            }
        });
    }

    /// A reply has come. Gives when its call was made.
    ///
    /// # Errors
    /// It is not the reply to the oldest call.
    pub fn reply(
        &mut self,
        dialect: Dialect,
        message: Frame<'_>,
        expected: Option<&str>,
        check: bool,
    ) -> Result<Instant, String> {
        let began = self.began.pop_front().ok_or("a reply to no call")?;
        if check {
            dialect.check_reply(message, self.replied, self.sent, expected)?;
        }
        self.replied += 1;
        Ok(began)
    }
}

impl Default for Caller {
    fn default() -> Self {
        Self::new()
    }
}

/// How long things took, in nanoseconds.
#[derive(Default)]
pub struct Times(Vec<u32>);

impl Times {
    pub fn add(&mut self, from: Instant, to: Instant) {
        let nanos = to.saturating_duration_since(from).as_nanos();
        self.0.push(u32::try_from(nanos).unwrap_or(u32::MAX));
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// In microseconds; `None` when nothing was measured.
    pub fn percentile(&mut self, percent: f64) -> Option<f64> {
        self.0.sort_unstable();
        let last = self.0.len().checked_sub(1)?;
        Some(f64::from(self.0[(last as f64 * percent / 100.0).round() as usize]) / 1000.0)
    }
}
