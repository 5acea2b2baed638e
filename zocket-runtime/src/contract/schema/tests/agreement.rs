//! The published schema is the enforced schema: a payload is accepted if and only if an independent validator finds it
//! valid against the published schema.
//!
//! Known differences, left out: duplicate properties (the type rejects them, JSON Schema cannot see them); property names
//! that are integers beyond the range of a map's key type (the schema says integer, not which); integers beyond 2^53 that
//! are written with a fraction or an exponent (validators round them, here they are exact); `content` for an adjacently
//! tagged variant that has none (serde rejects anything but null there, schemars does not mention it).

use jsonschema::{Draft, Validator};
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::samples::{Random, Sampler};
use super::types::*;
use super::{compiled, published};
use crate::contract::schema::PayloadSchema;
use crate::contract::schema::fast::Checker;

struct Subject {
    name: &'static str,
    root: Value,
    schema: PayloadSchema,
    checker: Checker,
    oracle: Validator,
    takes: fn(&PayloadSchema, &str) -> Result<(), String>,
}

fn subject<T: JsonSchema + DeserializeOwned>(name: &'static str) -> Subject {
    let root = published::<T>();
    Subject {
        name,
        schema: compiled::<T>(),
        checker: Checker::compile(&root),
        oracle: jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .build(&root)
            .unwrap(),
        takes: |schema, text| match schema.parse::<T>(Some(text)) {
            Ok(_) => Ok(()),
            Err(issues) => {
                assert!(issues.iter().len() > 0, "refused without a reason");
                Err(format!("{issues:?}"))
            }
        },
        root,
    }
}

fn subjects() -> Vec<Subject> {
    vec![
        subject::<Plain>("Plain"),
        subject::<Closed>("Closed"),
        subject::<Numbers>("Numbers"),
        subject::<Strings>("Strings"),
        subject::<Lists>("Lists"),
        subject::<External>("External"),
        subject::<Units>("Units"),
        subject::<Internal>("Internal"),
        subject::<Adjacent>("Adjacent"),
        subject::<Untagged>("Untagged"),
        subject::<Flat>("Flat"),
        subject::<FlatMap>("FlatMap"),
        subject::<Tree>("Tree"),
        subject::<Std>("Std"),
        subject::<All>("All"),
        subject::<Vec<Option<External>>>("Vec<Option<External>>"),
    ]
}

/// The results for the texts, to show that both occur.
#[derive(Default, Debug)]
struct Tally {
    valid: usize,
    invalid: usize,
    approved: usize,
}

fn judge(subject: &Subject, text: &str, tally: &mut Tally) -> Result<(), TestCaseError> {
    let value: Value = serde_json::from_str(text).expect("JSON");
    let valid = subject.oracle.is_valid(&value);
    let taken = (subject.takes)(&subject.schema, text);
    prop_assert_eq!(taken.is_ok(), valid, "{}: {} {:?}", subject.name, text, taken);
    let approved = subject.checker.approves(text);
    prop_assert!(valid || !approved, "{}: {} was approved", subject.name, text);
    tally.valid += usize::from(valid);
    tally.invalid += usize::from(!valid);
    tally.approved += usize::from(approved);
    Ok(())
}

#[test]
fn a_payload_is_taken_if_and_only_if_the_published_schema_says_it_is_valid() {
    let subjects = subjects();
    let mut tallies: Vec<Tally> = subjects.iter().map(|_| Tally::default()).collect();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(600));
    let tallies_cell = std::cell::RefCell::new(&mut tallies);
    let outcome = runner.run(&any::<u64>(), |seed| {
        for (subject, tally) in subjects.iter().zip(tallies_cell.borrow_mut().iter_mut()) {
            for fault_in in [1_000_000, 60, 12] {
                let mut sampler = Sampler { root: &subject.root, random: Random(seed), fault_in };
                let text = sampler.value(&subject.root, 0).to_string();
                judge(subject, &text, tally)?;
            }
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    for (subject, tally) in subjects.iter().zip(&tallies) {
        // Drawn by chance, so far below what is usual.
        assert!(
            tally.valid > 200 && tally.invalid > 10,
            "{}: one side was hardly met: {tally:?}",
            subject.name
        );
        // The program is there to spare valid payloads the tree: it must know nearly all of them.
        let undecidable = subject.name == "Quarters";
        assert!(
            undecidable || tally.approved * 10 >= tally.valid * 9,
            "{}: few are approved: {tally:?}",
            subject.name
        );
    }
}
