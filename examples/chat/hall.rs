//! The chat's memory: who is here under which name, and what was said last.
//!
//! Everything is bounded. A room keeps its last [`MAX_LINES`] lines. It is forgotten, with its lines, when it is empty
//! *and* its place is needed for a new room, starting with the one that was left longest ago. So a person whose
//! connection drops finds what was said in the meantime, and a stranger cannot fill the memory with rooms.
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use zocket::ClientId;

use crate::app::people::RenameError;
use crate::app::room::Joined;

/// Rooms that exist at one time.
pub(crate) const MAX_ROOMS: usize = 200;
/// Rooms that one person may be in.
pub(crate) const MAX_ROOMS_EACH: usize = 10;
/// Lines that a room keeps.
const MAX_LINES: usize = 50;
/// Characters of a name, including the number that makes it unique.
const MAX_NAME: usize = 24;

/// One thing that was said in a room.
#[zocket::payload]
#[derive(Clone)]
pub struct Line {
    /// Counts up from 1 within one life of the room.
    pub number: u64,
    /// Milliseconds since 1970.
    pub at: u64,
    pub from: String,
    pub text: String,
}

/// A room that somebody is in.
#[zocket::payload]
pub struct OpenRoom {
    pub room: String,
    pub people: usize,
}

/// The whole chat; a clone is the same one.
#[derive(Clone, Default)]
pub struct Hall(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    /// By the name in lower case: `ada` and `Ada` would be confused with each other.
    people: HashMap<String, Person>,
    rooms: HashMap<String, Room>,
}

struct Person {
    client: ClientId,
    visitor: Option<String>,
}

struct Room {
    epoch: u64,
    people: BTreeSet<String>,
    lines: VecDeque<Line>,
    last_number: u64,
    touched: Instant,
}

impl Hall {
    /// Lets somebody in under the name they ask for, or the next one that is free.
    ///
    /// A lost network connection is not reported, so a person may come back before their last connection is known to
    /// be gone. A client with the same `visitor` secret gets the same name; the connection that had it is returned.
    pub fn enter(
        &self,
        client: ClientId,
        wanted: &str,
        visitor: Option<String>,
    ) -> (String, Option<ClientId>) {
        let mut inner = self.lock();
        let wanted = readable(wanted).unwrap_or_else(|| "Guest".to_owned());
        let mut name = wanted.clone();
        for number in 2_u64.. {
            match inner.people.get(&name.to_lowercase()) {
                Some(person) if visitor.is_none() || person.visitor != visitor => {}
                Some(_) | None => break,
            }
            let suffix = format!(" {number}");
            name = wanted.chars().take(MAX_NAME - suffix.len()).collect::<String>() + &suffix;
        }
        let replaced = inner.people.insert(name.to_lowercase(), Person { client, visitor });
        (name, replaced.map(|person| person.client))
    }

    /// Gives somebody another name, in all the `rooms` that they are in.
    pub fn rename(
        &self,
        client: ClientId,
        from: &str,
        wanted: &str,
        rooms: &[String],
    ) -> Result<String, RenameError> {
        let name = readable(wanted).ok_or(RenameError::NameEmpty)?;
        let mut inner = self.lock();
        if inner.people.get(&name.to_lowercase()).is_some_and(|holder| holder.client != client) {
            return Err(RenameError::NameTaken { name });
        }
        let visitor = inner.people.remove(&from.to_lowercase()).and_then(|person| person.visitor);
        inner.people.insert(name.to_lowercase(), Person { client, visitor });
        for room in rooms {
            if let Some(room) = inner.rooms.get_mut(room) {
                room.people.remove(from);
                room.people.insert(name.clone());
            }
        }
        Ok(name)
    }

    /// Frees the name of somebody who left, and removes them from all rooms. Returns whether they did leave: not if
    /// another connection has the name by now.
    pub fn depart(&self, client: ClientId, name: &str) -> bool {
        let mut inner = self.lock();
        let gone = inner.people.get(&name.to_lowercase()).is_some_and(|person| person.client == client);
        if gone {
            inner.people.remove(&name.to_lowercase());
            for room in inner.rooms.values_mut().filter(|room| room.people.contains(name)) {
                room.people.remove(name);
                room.touched = Instant::now();
            }
        }
        gone
    }

    /// The connection of the person with this name.
    pub fn find(&self, name: &str) -> Option<ClientId> {
        self.lock().people.get(&name.to_lowercase()).map(|person| person.client)
    }

    /// Adds somebody to a room, which is created if necessary; `None` if there is no place for another room.
    pub fn join(&self, name: &str, person: &str) -> Option<Joined> {
        let mut inner = self.lock();
        if !inner.rooms.contains_key(name) {
            if inner.rooms.len() >= MAX_ROOMS {
                let empty = inner.rooms.iter().filter(|(_, room)| room.people.is_empty());
                let forgotten = empty.min_by_key(|(_, room)| room.touched)?.0.clone();
                inner.rooms.remove(&forgotten);
            }
            inner.rooms.insert(name.to_owned(), Room::new());
        }
        let room = inner.rooms.get_mut(name)?;
        room.people.insert(person.to_owned());
        room.touched = Instant::now();
        Some(Joined {
            epoch: room.epoch,
            people: room.people.iter().cloned().collect(),
            history: room.lines.iter().cloned().collect(),
        })
    }

    /// Takes somebody out of a room.
    pub fn part(&self, room: &str, person: &str) {
        if let Some(room) = self.lock().rooms.get_mut(room) {
            room.people.remove(person);
            room.touched = Instant::now();
        }
    }

    /// Adds a line to a room that its author is in.
    pub fn say(&self, room: &str, from: String, text: String) -> Line {
        let mut inner = self.lock();
        let room = inner.rooms.entry(room.to_owned()).or_insert_with(Room::new);
        room.last_number += 1;
        let line = Line { number: room.last_number, at: now(), from, text };
        if room.lines.len() == MAX_LINES {
            room.lines.pop_front();
        }
        room.lines.push_back(line.clone());
        line
    }

    /// The rooms with somebody in them, the fullest first.
    pub fn open_rooms(&self) -> Vec<OpenRoom> {
        let inner = self.lock();
        let occupied = inner.rooms.iter().filter(|(_, room)| !room.people.is_empty());
        let mut rooms: Vec<_> =
            occupied.map(|(name, room)| OpenRoom { room: name.clone(), people: room.people.len() }).collect();
        rooms.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.room.cmp(&b.room)));
        rooms
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // No method leaves the maps half changed, so a panic in one does not spoil them for the next.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    fn new() -> Self {
        Self {
            epoch: now(),
            people: BTreeSet::new(),
            lines: VecDeque::new(),
            last_number: 0,
            touched: Instant::now(),
        }
    }
}

/// A token bucket: a burst of 20 messages, and 4 a second from then on.
pub struct Pace(Mutex<(f64, Instant)>);

impl Pace {
    const BURST: f64 = 20.0;
    const PER_SECOND: f64 = 4.0;

    pub fn allows_one_more(&self) -> bool {
        let mut bucket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (tokens, filled) = *bucket;
        let refilled = (tokens + filled.elapsed().as_secs_f64() * Self::PER_SECOND).min(Self::BURST);
        let allowed = refilled >= 1.0;
        *bucket = (if allowed { refilled - 1.0 } else { refilled }, Instant::now());
        allowed
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self(Mutex::new((Self::BURST, Instant::now())))
    }
}

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// A name without invisible characters, and without leading, trailing or repeated spaces; `None` if nothing is left.
fn readable(name: &str) -> Option<String> {
    let visible = name.chars().filter(|c| !is_invisible(*c)).map(|c| if c.is_control() { ' ' } else { c });
    let words = visible.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = words.chars().take(MAX_NAME).collect();
    name.chars().any(|c| c != JOINER).then_some(name)
}

/// Joins emoji into one (a family, say), so it stays in a name that has more than this.
const JOINER: char = '\u{200d}';

/// Zero-width characters and those that change the text direction: with them two names can look the same.
fn is_invisible(c: char) -> bool {
    let invisible =
        ['\u{200b}'..='\u{200f}', '\u{202a}'..='\u{202e}', '\u{2060}'..='\u{206f}', '\u{feff}'..='\u{feff}'];
    c != JOINER && invisible.iter().any(|range| range.contains(&c))
}
