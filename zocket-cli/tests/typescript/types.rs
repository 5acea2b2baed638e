//! The types: how they look, that they are correct, and that wrong uses do not compile.

use std::path::Path;

use serde_json::json;
use zocket::Contract;

use crate::everything::router::everything;
use crate::tools::Project;

const RUNTIME: &str = "// ---- The runtime";

/// So that tests which do not know this router see its contract too: of AsyncAPI documents, of schemas.
#[test]
fn the_contract_is_the_committed_one() {
    zocket::testing::assert_contract("tests/everything/everything.contract.json", &everything::contract());
}

/// The generated part of the file matches the committed one, which is rewritten if `UPDATE_SNAPSHOTS` is set.
#[test]
fn the_file_reads_as_it_did() {
    let text = Project::of(&everything::contract(), "snapshot").read("zocket.ts");
    let (generated, runtime) =
        text.split_at(text.find(RUNTIME).expect("the runtime begins with its heading"));
    assert!(runtime.contains("export function connect"), "the runtime is missing");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/everything/snapshot.ts");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, generated).expect("the snapshot can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let changed = generated.lines().zip(committed.lines()).position(|(now, then)| now != then);
    assert!(
        committed == generated,
        "it has changed from line {} on; run with UPDATE_SNAPSHOTS=1 and look at the difference",
        changed.map_or(generated.lines().count().min(committed.lines().count()), |line| line + 1)
    );
}

#[test]
fn what_is_right_compiles_and_what_is_wrong_does_not() {
    let project = Project::of(&everything::contract(), "uses");
    project.add("right.ts");
    project.add("wrong.ts");
    project.check(&["zocket.ts", "right.ts", "wrong.ts"]);
}

/// The check above can fail.
#[test]
fn every_wrong_use_is_found() {
    let project = Project::of(&everything::contract(), "wrong");
    project.add("wrong.ts");
    let text = project.read("wrong.ts");
    let marks = text.matches("// @ts-expect-error").count();
    project.write("wrong.ts", &text.replace("// @ts-expect-error", "//"));
    let complaints = project.complaints(&["wrong.ts"]);
    let found = complaints.lines().filter(|line| line.starts_with("wrong.ts(")).count();
    assert!(marks > 30 && found == marks, "{found} of {marks}:\n{complaints}");
}

/// A header that must be there makes the options so.
#[test]
fn required_headers_are_required() {
    let headers =
        json!({"type": "object", "properties": {"token": {"type": "string"}}, "required": ["token"]});
    let contract = json!({"zocket": "0.1", "router": "r", "$defs": {}, "headers": headers, "routes": []});
    let project = Project::of(&Contract::seal(contract), "headers");
    project.write(
        "headers.ts",
        "import { createZocketClient } from \"./zocket.ts\";
createZocketClient(\"/ws\", { headers: { token: \"x\" } });
createZocketClient(\"/ws\", { headers: () => ({ token: \"x\" }) });
// @ts-expect-error no options
createZocketClient(\"/ws\");
// @ts-expect-error no headers
createZocketClient(\"/ws\", {});
// @ts-expect-error no headers after all
createZocketClient(\"/ws\", { headers: undefined });
// @ts-expect-error no token
createZocketClient(\"/ws\", { headers: {} });
",
    );
    project.check(&["headers.ts"]);
}
