//! `instructions` lists the cases; `instructions CASE RUNS` makes a case and runs it so often. `benches/callgrind` calls it.

use std::{io::Write, process::ExitCode};

use zocket_micro::{Case, RUNTIME, cases};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let _inside = RUNTIME.enter();
    match &arguments[..] {
        [] => list(),
        [name, runs] => run(name, runs),
        _ => {
            eprintln!("usage: instructions [CASE RUNS]");
            ExitCode::FAILURE
        }
    }
}

/// Name and operations a run of each case, a line each.
fn list() -> ExitCode {
    let mut out = std::io::stdout().lock();
    let written = cases::all().try_for_each(|case| writeln!(out, "{}\t{}", case.name, case.operations));
    if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run(name: &str, runs: &str) -> ExitCode {
    let case: Option<&Case> = cases::all().find(|case| case.name == name);
    let (Some(case), Ok(runs)) = (case, runs.parse::<u32>()) else {
        eprintln!(
            "error: no case `{name}`, or {runs} is no number; help: without arguments, all cases are listed"
        );
        return ExitCode::FAILURE;
    };
    let mut run = (case.make)();
    for _ in 0..runs {
        run();
    }
    ExitCode::SUCCESS
}
