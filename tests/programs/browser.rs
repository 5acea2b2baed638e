//! `examples/chat.rs` in a real browser. The script is `tests/browser/chat.mjs`.

use std::process::Command;

use crate::program::{example_path, report_folder, run};

#[test]
fn two_browser_windows_chat() {
    let mut node = Command::new("node");
    node.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser"));
    node.args([
        "chat.mjs".as_ref(),
        report_folder("screenshots").as_os_str(),
        example_path("chat").as_os_str(),
    ]);
    let (succeeded, _) = run(&mut node);
    assert!(succeeded, "see above; help: what the script needs is installed by tests/run");
}
