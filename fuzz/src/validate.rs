//! Payloads and their schemas: our reader and checker compared with jsonschema over a tree.

use std::sync::LazyLock;

use jsonschema::{Draft, Validator};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use zocket_runtime::internals::Schema;
use zocket_wire::json::from_str;

// The types of the runtime's own tests: one set serves both.
#[path = "../../zocket-runtime/src/contract/schema/tests/types.rs"]
#[allow(dead_code, missing_docs, unreachable_pub, reason = "shared with tests that use all of it")]
mod types;

use types::*;

struct Subject {
    schema: Schema,
    oracle: Validator,
    takes: fn(&Schema, &str) -> bool,
}

impl Subject {
    fn of<T: JsonSchema + DeserializeOwned>() -> Self {
        let schema = Schema::of::<T>();
        let oracle = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .offline()
            .build(schema.document())
            .expect("a schema that was compiled before");
        let takes = |schema: &Schema, text: &str| match schema.parse::<T>(text) {
            Ok(_) => true,
            Err(issues) => {
                assert!(issues.iter().len() > 0, "refused without a reason: {text:?}");
                false
            }
        };
        Self { schema, oracle, takes }
    }
}

static SUBJECTS: LazyLock<[Subject; 16]> = LazyLock::new(|| {
    [
        Subject::of::<Plain>(),
        Subject::of::<Closed>(),
        Subject::of::<Numbers>(),
        Subject::of::<Strings>(),
        Subject::of::<Lists>(),
        Subject::of::<External>(),
        Subject::of::<Units>(),
        Subject::of::<Internal>(),
        Subject::of::<Adjacent>(),
        Subject::of::<Untagged>(),
        Subject::of::<Flat>(),
        Subject::of::<FlatMap>(),
        Subject::of::<Tree>(),
        Subject::of::<Std>(),
        Subject::of::<All>(),
        Subject::of::<Quarters>(),
    ]
});

/// Checks `data`, after its first byte, against the schema that the first byte chooses.
///
/// # Panics
/// If an invalid payload is approved or accepted, or a valid one is rejected.
pub fn run(data: &[u8]) {
    let Some((which, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let subject = &SUBJECTS[usize::from(which % 16)];
    let taken = (subject.takes)(&subject.schema, text);
    let approved = subject.schema.approves(text);
    let Ok(json) = from_str::<Value>(text) else {
        // A number too large for a tree is still JSON where it is not looked at.
        return;
    };
    let valid = subject.oracle.is_valid(&json.value);
    assert!(valid || !approved, "approved, but invalid: {text:?}");
    assert!(valid || !taken, "taken, but invalid: {text:?}");

    // The other way round, without what only a text has: a property given twice, a number of more digits than a tree holds.
    let plain = json.value.to_string();
    let taken = (subject.takes)(&subject.schema, &plain);
    assert_eq!(taken, valid, "taken and valid differ: {plain}");
}
