//! The rooms of a crate from the ground up, as ARCHITECTURE.md lists them.

use std::collections::{BTreeMap, BTreeSet};

use crate::imports::Import;

pub(crate) struct Floors(BTreeMap<String, u32>);

impl Floors {
    /// Reads the rows below the heading that ends in the crate's name, up to the next heading.
    pub(crate) fn read(markdown: &str, name: &str) -> Result<Self, String> {
        let heading = format!("Floors of `{name}`");
        let section = markdown
            .lines()
            .skip_while(|line| !(line.starts_with('#') && line.ends_with(&heading)))
            .skip(1)
            .take_while(|line| !line.starts_with('#'));
        let mut floors = BTreeMap::new();
        for row in section.filter(|line| line.starts_with('|')).skip(2) {
            let cells: Vec<_> = row.trim_matches('|').splitn(3, '|').map(str::trim).collect();
            let [floor, room, sentence] = cells[..] else {
                return Err(format!("{name}: no row of three: {row}"));
            };
            let floor =
                floor.parse().map_err(|_| format!("{name}: `{floor}` is no number of a floor: {row}"))?;
            let room = room.trim_matches('`');
            if sentence.split_whitespace().count() < 3 {
                return Err(format!("{name}: ARCHITECTURE.md lacks a sentence on `{room}`"));
            }
            if floors.insert(room.to_owned(), floor).is_some() {
                return Err(format!("{name}: `{room}` is on two floors"));
            }
        }
        match floors.is_empty() {
            true => {
                Err(format!("{name}: ARCHITECTURE.md has no heading \"{heading}\" with a row for each room"))
            }
            false => Ok(Self(floors)),
        }
    }

    /// Rooms without a row, and rows without a room.
    pub(crate) fn differ_from(&self, rooms: &BTreeSet<String>) -> Vec<String> {
        let new = rooms.iter().filter(|room| !self.0.contains_key(*room));
        let gone = self.0.keys().filter(|room| !rooms.contains(*room));
        new.map(|room| format!("`{room}` has no row in ARCHITECTURE.md"))
            .chain(gone.map(|room| format!("ARCHITECTURE.md has a row for `{room}`, which is not there")))
            .collect()
    }
}

/// What is wrong with an import: it does not lead to a lower floor.
pub(crate) fn up(floors: &Floors, import: &Import) -> Option<String> {
    let Import { from, to, path } = import;
    let Some(to) = to else {
        return Some(format!("`{path}` takes from the root of the crate, which is above: name the room"));
    };
    let (here, there) = (floors.0.get(from)?, floors.0.get(to)?);
    (there >= here).then(|| format!("`{path}` leads from `{from}`, floor {here}, to floor {there}"))
}
