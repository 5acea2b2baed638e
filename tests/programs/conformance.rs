//! The session's WebSocket against the cases of the Autobahn TestSuite, run by `tests/conformance/run.py`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::program::{Program, report_folder, run};

/// The total: fewer in a run mean that some were lost, not that all is well.
const CASES: usize = 517;

#[test]
fn the_autobahn_cases_pass() {
    let server = Program::start("autobahn_echo");
    let mut python = Command::new(python());
    python.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/run.py"));
    python.arg(server.addr().to_string()).arg(report_folder("autobahn"));
    let (succeeded, printed) = run(&mut python);
    let summary = printed.lines().last().unwrap_or("nothing");
    assert!(succeeded, "{summary}; the report is target/autobahn/index.html");
    assert!(summary.starts_with(&format!("{CASES} cases: ")), "not all cases ran: {summary}");
}

/// The interpreter that has the cases: of the environment that `tests/run` makes, or of `ZOCKET_TEST_VENV`.
fn python() -> PathBuf {
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-venv");
    let venv = std::env::var_os("ZOCKET_TEST_VENV").map_or(made, PathBuf::from);
    let python = venv.join("bin/python");
    assert!(python.exists(), "no {}; help: run tests/run, which makes it", python.display());
    python
}
