//! `examples/announce.rs` and a client that behaves on the wire as the TypeScript one does: `tests/browser/wire_twin.mjs`.

use std::process::Command;

use crate::program::{example_path, run};

#[test]
fn a_client_that_speaks_as_the_typescript_one_does() {
    let mut node = Command::new("node");
    node.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser"));
    node.args(["wire_twin.mjs".as_ref(), example_path("announce").as_os_str()]);
    let (succeeded, _) = run(&mut node);
    assert!(succeeded, "see above; help: what the script needs is installed by tests/run");
}
