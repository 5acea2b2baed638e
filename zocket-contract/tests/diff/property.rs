//! For pairs of random schemas that are called compatible, the new one rejects no value that the old one accepts, and the
//! other way round for what is sent. An independent validator decides.

use std::cell::RefCell;

use jsonschema::{Draft, Validator};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use zocket_contract::{Contract, Impact};

use super::random::{Random, Values, close, document, mutate};
use super::{Place, compare, contract};

/// How many values are tried for each pair.
const VALUES: usize = 60;

pub(super) fn validator(schema: &Value) -> Validator {
    let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
    options.build(schema).unwrap_or_else(|error| panic!("{error}: {schema}"))
}

/// What was found, to show that the test covers something.
#[derive(Debug, Default)]
struct Tally {
    pairs: usize,
    /// Said to be the same.
    unchanged: usize,
    /// Called compatible, though their schemas differ in more than words.
    compatible: usize,
    /// Values of those pairs that peers of one contract send.
    values: usize,
    breaking: usize,
    /// Called breaking without a doubt.
    certain: usize,
    /// Those of them for which a value was met that shows it.
    shown: usize,
}

/// Draws a pair of schemas, close to each other or not, and judges the change and its reverse, both ways over the wire.
fn judge(seed: u64, tally: &mut Tally) -> Result<(), TestCaseError> {
    let mut random = Random(seed);
    let old = document(&mut random);
    let mut new = if random.one_in(12) { document(&mut random) } else { old.clone() };
    mutate(&mut random, &mut new);
    for (old, new) in [(&old, &new), (&new, &old)] {
        let place = if random.one_in(2) { Place::Payload } else { Place::Reply };
        judge_change(place, old, new, &mut random, tally)?;
    }
    Ok(())
}

fn judge_change(
    place: Place,
    old: &Value,
    new: &Value,
    random: &mut Random,
    tally: &mut Tally,
) -> Result<(), TestCaseError> {
    let diff = compare(place, old, new);
    let (sends, takes) = if place == Place::Payload { (old, new) } else { (new, old) };
    let (sender, closed, receiver) =
        (validator(sends), validator(&close(sends, place == Place::Payload)), validator(takes));
    let mut refused = None;
    let mut sent = 0;
    for round in 0..VALUES {
        let root = if round % 3 == 2 { takes } else { sends };
        let value = Values { root, fault_in: if round % 2 == 0 { 1000 } else { 12 } }.draw(random);
        if sender.is_valid(&value) && closed.is_valid(&value) {
            sent += 1;
            if !receiver.is_valid(&value) {
                refused = Some(value);
            }
        }
    }
    for change in diff.changes().iter().filter(|change| change.is_breaking()) {
        let Some(value) = &change.example else {
            prop_assert!(change.undecided, "{place:?} without an example:\nold {old}\nnew {new}\n{diff}");
            continue;
        };
        let shows = sender.is_valid(value) && !receiver.is_valid(value);
        prop_assert!(shows, "{place:?}:\nold {old}\nnew {new}\n{value} does not show it:\n{diff}");
    }
    tally.pairs += 1;
    tally.unchanged += usize::from(diff.is_empty());
    if diff.is_breaking() {
        tally.breaking += 1;
        if diff.changes().iter().any(|change| change.is_breaking() && !change.undecided) {
            tally.certain += 1;
            tally.shown += usize::from(refused.is_some());
        }
        return Ok(());
    }
    if diff.changes().iter().any(|change| change.impact == Impact::Compatible) {
        tally.compatible += 1;
        tally.values += sent;
    }
    prop_assert!(
        refused.is_none(),
        "{place:?} called compatible:\nold {old}\nnew {new}\nbut {} is refused\n{diff}",
        refused.unwrap_or_default()
    );
    Ok(())
}

#[test]
fn what_is_called_compatible_refuses_nothing() {
    let tally = RefCell::new(Tally::default());
    let mut runner =
        TestRunner::new(ProptestConfig { max_shrink_iters: 0, ..ProptestConfig::with_cases(cases()) });
    let outcome = runner.run(&any::<u64>(), |seed| judge(seed, &mut tally.borrow_mut()));
    let tally = tally.into_inner();
    if let Err(error) = outcome {
        panic!("{error}");
    }
    // Shown by `cargo test -- --nocapture`.
    eprintln!("{tally:?}");
    let Tally { pairs, compatible, values, breaking, certain, shown, .. } = tally;
    assert!(compatible * 8 > pairs, "few pairs are compatible: {tally:?}");
    assert!(values > compatible * 10, "few values were tried: {tally:?}");
    assert!(breaking * 10 > pairs, "few pairs are breaking: {tally:?}");
    assert!(shown * 2 > certain, "what is called breaking is seldom shown to be: {tally:?}");
}

/// `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(500)
}

/// The document with its definitions under other names, and words added.
fn renamed(document: &Value) -> Value {
    let text = document.to_string();
    let text = text.replace("#/$defs/A", "#/$defs/Zed").replace("#/$defs/B", "#/$defs/Aha");
    let mut document: Value = serde_json::from_str(&text).unwrap();
    let definitions = document["$defs"].as_object_mut().unwrap();
    for (old, new) in [("A", "Zed"), ("B", "Aha")] {
        if let Some(definition) = definitions.remove(old) {
            definitions.insert(new.to_owned(), definition);
        }
    }
    document["description"] = "words".into();
    document
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_has_changed_where_nothing_has(seed: u64) {
        let document = document(&mut Random(seed));
        let other = serde_json::from_str(&document.to_string()).unwrap();
        for place in [Place::Payload, Place::Reply, Place::Headers] {
            let diff = compare(place, &document, &other);
            prop_assert!(diff.is_empty(), "{diff}");
        }
    }

    #[test]
    fn contracts_of_one_hash_differ_in_words_only(seed: u64) {
        let old = document(&mut Random(seed));
        let new = renamed(&old);
        let sealed = |schema: &Value| {
            let mut schema = schema.clone();
            let definitions = schema["$defs"].take();
            schema.as_object_mut().unwrap().remove("$defs");
            contract(Place::Reply, &schema, &definitions)
        };
        let (old, new) = (sealed(&old), sealed(&new));
        prop_assert_eq!(old.hash(), new.hash());
        let diff = Contract::compare(&old, &new);
        prop_assert!(diff.changes().iter().all(|change| change.impact == Impact::Documentation), "{diff}");
        prop_assert!(!diff.is_empty());
    }
}

/// Two branches of a union by one name, each of which refers to another definition.
#[test]
fn branches_of_one_name_are_told_apart_by_their_place() {
    let branch = |name: &str| json!({"properties": {"c": {"$ref": format!("#/$defs/{name}")}}});
    let document = json!({
        "anyOf": [branch("A"), branch("B")],
        "$defs": {"A": {"type": "string"}, "B": {"type": "integer"}},
    });
    let other = document.clone();
    assert!(compare(Place::Payload, &document, &other).is_empty());
}

/// Words and the names of definitions make no difference to the routine itself either, where the hashes differ.
#[test]
fn other_words_and_names_are_never_breaking() {
    for seed in 0..400 {
        let old = document(&mut Random(seed));
        let new = renamed(&old);
        let beside = |schema: &Value, most: u8| {
            let mut schema = schema.clone();
            let definitions = schema["$defs"].take();
            schema.as_object_mut().unwrap().remove("$defs");
            json!({"type": "array", "maxItems": most, "items": schema, "$defs": definitions})
        };
        let diff = compare(Place::Payload, &beside(&old, 4), &beside(&new, 5));
        assert!(!diff.is_breaking(), "{seed}: {old}\n{diff}");
    }
}
