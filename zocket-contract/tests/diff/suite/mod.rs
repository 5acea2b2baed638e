//! Pairs of schemas over the whole vocabulary: all pairs of each family, both ways over the wire. Values judge them, held to both
//! schemas by an independent validator.

mod families;
mod values;

use std::fmt::Write;

use serde_json::Value;

use super::property::validator;
use super::random::close;
use super::{Place, compare};
use families::families;
use values::universe;

/// How many of a hundred pairs must be decided.
const DECIDED: usize = 95;

#[derive(Debug, Default)]
struct Tally {
    pairs: usize,
    undecided: usize,
    breaking: usize,
    compatible: usize,
}

/// Judges all pairs of a family; what is wrong goes into `wrong`, what is not decided into `open`.
fn judge(name: &str, schemas: &[Value], tally: &mut Tally, wrong: &mut String, open: &mut String) {
    let values = universe(schemas);
    // What each schema takes, and what is sent by those who know it.
    let takes: Vec<_> = schemas.iter().map(validator).collect();
    let sends: Vec<[_; 2]> =
        schemas.iter().map(|schema| [true, false].map(|loose| validator(&close(schema, loose)))).collect();
    for (i, old) in schemas.iter().enumerate() {
        for (j, new) in schemas.iter().enumerate().filter(|(j, _)| i != *j) {
            for place in [Place::Payload, Place::Reply] {
                let diff = compare(place, old, new);
                let (from, to) = if place == Place::Payload { (i, j) } else { (j, i) };
                let closed = &sends[from][usize::from(place == Place::Reply)];
                let refused = values.iter().find(|value| {
                    takes[from].is_valid(value) && closed.is_valid(value) && !takes[to].is_valid(value)
                });
                let pair = || format!("{name}, {place:?}:\n  old {old}\n  new {new}");
                tally.pairs += 1;
                let mut is_shown = false;
                for change in diff.changes().iter().filter(|change| change.is_breaking()) {
                    match &change.example {
                        Some(value) if takes[from].is_valid(value) && !takes[to].is_valid(value) => {
                            is_shown = true
                        }
                        Some(value) => {
                            let _ = writeln!(
                                wrong,
                                "{}\n  shown by {value}, which does not show it\n{diff}",
                                pair()
                            );
                        }
                        None if change.undecided => {}
                        None => {
                            let _ = writeln!(wrong, "{}\n  certain without an example\n{diff}", pair());
                        }
                    }
                }
                // Two contracts that differ are never said to be the same.
                if diff.is_empty() {
                    let _ = writeln!(wrong, "{}\n  no change is told", pair());
                }
                match (diff.is_breaking(), refused) {
                    (false, None) => tally.compatible += 1,
                    (false, Some(value)) => {
                        let _ = writeln!(wrong, "{}\n  compatible, but {value} is refused\n{diff}", pair());
                    }
                    (true, _) if is_shown => tally.breaking += 1,
                    (true, refused) => {
                        tally.undecided += 1;
                        let truth = refused.map_or("nothing known".to_owned(), ToString::to_string);
                        let _ = writeln!(open, "{}\n  undecided ({truth})\n{diff}", pair());
                    }
                }
            }
        }
    }
}

#[test]
fn nearly_all_pairs_are_decided_and_all_rightly() {
    let (mut tally, mut wrong, mut open) = (Tally::default(), String::new(), String::new());
    for (name, schemas) in families() {
        judge(name, &schemas, &mut tally, &mut wrong, &mut open);
    }
    // Shown by `cargo test -- --nocapture`.
    eprintln!("{tally:?}\n{open}");
    assert!(wrong.is_empty(), "{wrong}");
    let Tally { pairs, undecided, breaking, compatible } = tally;
    assert!(
        pairs >= 500 && breaking * 5 > pairs && compatible * 5 > pairs,
        "{pairs} {breaking} {compatible}"
    );
    assert!(undecided * 100 <= pairs * (100 - DECIDED), "{undecided} of {pairs} are undecided:\n{open}");
}
