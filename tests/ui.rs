//! What the macro accepts and what it refuses, and how the compiler says so.
//!
//! `ui/fail/<topic>/<fault>.rs` is named after its fault; what the compiler prints is beside it.
//! `TRYBUILD=overwrite cargo test --test ui` writes the texts anew: read them before keeping them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Half of the texts are rustc's own, and change with its versions.
const TEXTS_OF: &str = "rustc 1.95.";

#[test]
fn ui() {
    let tests = trybuild::TestCases::new();
    tests.pass("tests/ui/pass/*/*.rs");
    // What is written for tests of a router is there with the feature alone.
    if cfg!(feature = "testing") {
        tests.pass("tests/ui/testing/pass/*.rs");
    }
    let compiler = rustc_version();
    if compiler.starts_with(TEXTS_OF) {
        tests.compile_fail("tests/ui/fail/*/*.rs");
        if cfg!(feature = "testing") {
            tests.compile_fail("tests/ui/testing/fail/*.rs");
        }
    } else {
        eprintln!(
            "the texts of the errors are not compared: they are those of {TEXTS_OF}x, this is {compiler}"
        );
    }
}

/// A case holds one mistake, or says in its first line how many: `//! Mistakes: 2.`
#[test]
fn every_mistake_is_one_error() {
    let cases = cases();
    assert!(cases.len() > 80, "only {} cases found", cases.len());
    for case in cases {
        let source = std::fs::read_to_string(&case).expect("a case");
        let mistakes = source.strip_prefix("//! Mistakes: ").map_or(1, |rest| {
            let number = rest.split('.').next().unwrap_or_default();
            number.parse().unwrap_or_else(|_| panic!("{}: no number", case.display()))
        });
        let printed = std::fs::read_to_string(case.with_extension("stderr")).expect("what is printed");
        let errors = printed.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(errors, mistakes, "{}\n{printed}", case.display());
    }
}

/// `tests/ui/fail/<topic>/<fault>.rs`, and those that need the feature `testing`.
fn cases() -> Vec<PathBuf> {
    let within = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).expect("a folder");
        entries.map(|entry| entry.expect("an entry").path()).collect()
    };
    let fail = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/fail");
    let topics = within(&fail).into_iter().chain([fail.with_file_name("testing/fail")]);
    let files = topics.flat_map(|topic| within(&topic));
    files.filter(|file| file.extension().is_some_and(|extension| extension == "rs")).collect()
}

fn rustc_version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("rustc runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
