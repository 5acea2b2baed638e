//! What the macro accepts and what it refuses, and how the compiler says so.
//!
//! `ui/fail/<topic>/<fault>.rs` is named after its fault; what the compiler prints is beside it.
//! `TRYBUILD=overwrite cargo test --test ui` writes the texts anew: read them before keeping them.

use std::process::Command;

/// Half of the texts are rustc's own, and change with its versions.
const TEXTS_OF: &str = "rustc 1.95.";

#[test]
fn ui() {
    let tests = trybuild::TestCases::new();
    tests.pass("tests/ui/pass/*/*.rs");
    let compiler = rustc_version();
    if compiler.starts_with(TEXTS_OF) {
        tests.compile_fail("tests/ui/fail/*/*.rs");
    } else {
        eprintln!(
            "the texts of the errors are not compared: they are those of {TEXTS_OF}x, this is {compiler}"
        );
    }
}

fn rustc_version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("rustc runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
