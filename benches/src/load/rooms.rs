//! `rooms R M`: R rooms of M members each, and a message to a room in turn.

use std::time::Instant;

use serde_json::json;

use super::{
    calls::{CHECK_EVERY, Caller, Times},
    client::{Conns, Driver},
    dialect::{Dialect, Kind},
};
use crate::wire::{Frame, Template};

/// Calls in flight, of the poster and of each that joins, at most.
const WINDOW: u64 = 16;

fn name(room: usize) -> String {
    format!("room{room:06}")
}

/// The members of a room among `connections`, spread so that rooms differ.
fn members(room: usize, size: usize, connections: usize) -> impl Iterator<Item = usize> {
    let first = room * 613;
    (0..size).map(move |member| (first + member) % connections)
}

/// Brings every member into its rooms.
pub struct Join {
    dialect: Dialect,
    rooms: Vec<Vec<usize>>,
    callers: Vec<Caller>,
    done: u64,
}

impl Join {
    #[must_use]
    pub fn new(dialect: Dialect, connections: usize, rooms: usize, size: usize) -> Self {
        let mut of_conn = vec![Vec::new(); connections];
        for room in 0..rooms {
            members(room, size, connections).for_each(|conn| of_conn[conn].push(room));
        }
        let callers = (0..connections).map(|_| Caller::new()).collect();
        Self { dialect, rooms: of_conn, callers, done: 0 }
    }

    fn fill(&mut self, conn: usize, conns: &mut Conns) {
        let caller = &mut self.callers[conn];
        let next = caller.sent as usize;
        let end = (next + (WINDOW - caller.in_flight()) as usize).min(self.rooms[conn].len());
        let join = |&room: &usize| self.dialect.call("room.join", &json!({ "room": name(room) }));
        let calls: Vec<Template> = self.rooms[conn][next..end].iter().map(join).collect();
        if !calls.is_empty() {
            caller.send(conns, conn, &calls);
        }
    }
}

impl Driver for Join {
    fn start(&mut self, conns: &mut Conns) {
        (0..self.rooms.len()).for_each(|conn| self.fill(conn, conns));
    }

    fn message(&mut self, conn: usize, _: Kind, message: Frame<'_>, _: Instant) -> Result<(), String> {
        self.done += 1;
        self.callers[conn].reply(self.dialect, message, None, true).map(drop)
    }

    fn after(&mut self, conn: usize, conns: &mut Conns) {
        if conn < self.rooms.len() {
            self.fill(conn, conns);
        }
    }

    fn stop(&mut self) {}

    fn done(&self) -> u64 {
        self.done
    }

    fn missing(&self) -> Option<String> {
        let all = self.rooms.iter().map(Vec::len).sum::<usize>() as u64;
        (self.done < all).then(|| format!("{} joins were not answered", all - self.done))
    }
}

/// Posts to one room after another, from a connection that is in none.
pub struct Rooms {
    dialect: Dialect,
    size: usize,
    text: String,
    posts: Vec<Template>,
    /// Posts in flight: no two to the same room, or few rooms would have several posts to a write, and many would not.
    window: u64,
    caller: Caller,
    /// The last connection.
    poster: usize,
    running: bool,
    delivered: u64,
    heard: Vec<u64>,
    pub times: Times,
}

impl Rooms {
    /// The poster is the connection behind the `connections` that may be members.
    #[must_use]
    pub fn new(dialect: Dialect, connections: usize, rooms: usize, size: usize, text: String) -> Self {
        let post = |room| dialect.call("room.post", &json!({ "room": name(room), "text": text }));
        Self {
            dialect,
            size,
            posts: (0..rooms).map(post).collect(),
            text,
            window: WINDOW.min(rooms as u64),
            caller: Caller::new(),
            poster: connections,
            running: true,
            delivered: 0,
            heard: vec![0; connections],
            times: Times::default(),
        }
    }

    fn post(&mut self, conns: &mut Conns) {
        let size = self.size as u64;
        let undelivered = (self.caller.sent * size - self.delivered).div_ceil(size);
        let free = self.window.saturating_sub(undelivered.max(self.caller.in_flight()));
        if self.running && free > 0 {
            let next = self.caller.sent as usize;
            let rooms = (next..next + free as usize).map(|post| &self.posts[post % self.posts.len()]);
            self.caller.send(conns, self.poster, rooms);
        }
    }
}

impl Driver for Rooms {
    fn start(&mut self, conns: &mut Conns) {
        self.post(conns);
    }

    fn message(&mut self, conn: usize, kind: Kind, message: Frame<'_>, now: Instant) -> Result<(), String> {
        if kind == Kind::Reply {
            let check = self.caller.replied.is_multiple_of(CHECK_EVERY);
            let began = self.caller.reply(self.dialect, message, None, check)?;
            self.times.add(began, now);
            return Ok(());
        }
        if self.delivered.is_multiple_of(CHECK_EVERY) {
            self.dialect.check_event(message, &self.text)?;
        }
        *self.heard.get_mut(conn).ok_or("the poster, who is in no room, hears a post")? += 1;
        self.delivered += 1;
        Ok(())
    }

    fn after(&mut self, _: usize, conns: &mut Conns) {
        self.post(conns);
    }

    fn stop(&mut self) {
        self.running = false;
    }

    fn done(&self) -> u64 {
        self.delivered
    }

    fn missing(&self) -> Option<String> {
        let (sent, rooms) = (self.caller.sent as usize, self.posts.len());
        let lost = (sent * self.size) as u64 - self.delivered;
        if lost > 0 || self.caller.in_flight() > 0 {
            return Some(format!("{lost} deliveries are missing, and {} replies", self.caller.in_flight()));
        }
        if self.running {
            return None;
        }
        // As many as were sent have arrived: did each arrive where it should?
        let mut expected = vec![0; self.heard.len()];
        for room in 0..rooms {
            let posts = (sent / rooms + usize::from(room < sent % rooms)) as u64;
            members(room, self.size, expected.len()).for_each(|conn| expected[conn] += posts);
        }
        let wrong = expected.iter().zip(&self.heard).filter(|(expected, heard)| expected != heard).count();
        (wrong > 0).then(|| format!("{wrong} connections heard other rooms' posts"))
    }
}
