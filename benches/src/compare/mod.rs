//! Runs the peers one after another, again and again, and tells how they compare.

mod chart;
mod machine;
mod peers;
mod plan;
mod summary;
mod table;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use peers::{Peer, Server};
pub use plan::USAGE;
use plan::{Case, Plan};
use serde::Serialize;

use crate::load::Report;

/// One run of one peer.
#[derive(Serialize)]
struct Run {
    #[serde(flatten)]
    case: Case,
    peer: &'static str,
    round: usize,
    #[serde(flatten)]
    report: Report,
}

/// Runs the comparison that the arguments ask for, from the folder that holds `peers` and `results`.
///
/// # Errors
/// The arguments make no sense, or a file cannot be written. A peer that fails is reported in the table.
pub fn main(arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let plan =
        Plan::parse(arguments, machine::open_files()).map_err(|fault| format!("{fault}\n\n{}", USAGE))?;
    let binaries = std::env::current_exe().ok().and_then(|own| own.parent().map(Path::to_path_buf));
    let binaries = binaries.ok_or("where this program is cannot be found out")?;
    let machine = machine::look();
    let runs = all(&plan, &binaries);
    let summary = summary::summarize(&plan, &runs);
    let table = table::markdown(&plan, &machine, &summary);
    println!("{table}");
    write(&plan, &machine, &runs, &summary, &table)
        .map_err(|error| format!("the results are not written: {error}"))
}

fn all(plan: &Plan, binaries: &Path) -> Vec<Run> {
    let mut runs = Vec::new();
    for round in 0..plan.rounds {
        for case in &plan.cases {
            // Memory repeats exactly, and takes a minute a peer.
            if case.is_memory() && round > 0 {
                continue;
            }
            for &peer in plan.peers.iter().filter(|peer| peer.has_rooms || !case.is_rooms()) {
                let report = one(plan, case, peer, binaries)
                    .unwrap_or_else(|error| Report { lossy: Some(error.to_string()), ..Report::default() });
                eprintln!("round {} · {} · {}: {}", round + 1, case.title(), peer.id, table::line(&report));
                runs.push(Run { case: case.clone(), peer: peer.id, round, report });
            }
        }
    }
    runs
}

fn one(plan: &Plan, case: &Case, peer: &Peer, binaries: &Path) -> io::Result<Report> {
    let server = Server::start(peer, case.mode, binaries)?;
    let output = peers::command(binaries.join("load"), case.mode.client_core())
        .args(["--addr", &server.address, "--pid", &server.pid().to_string()])
        .args(["--dialect", if peer.socket_io { "socket.io" } else { "zocket" }])
        .args(["--warm-up", &plan.warm_up.to_string(), "--seconds", &plan.seconds.to_string()])
        .args(["--settle", &plan.settle.to_string()])
        .args(case.workload.split(' '))
        .output()?;
    serde_json::from_slice(&output.stdout)
        .map_err(|_| io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
}

fn write(
    plan: &Plan,
    machine: &machine::Machine,
    runs: &[Run],
    summary: &[summary::Row],
    table: &str,
) -> io::Result<()> {
    let folder = PathBuf::from("results");
    fs::create_dir_all(&folder)?;
    let document = serde_json::json!({
        "machine": machine,
        "rounds": plan.rounds,
        "seconds": plan.seconds,
        "summary": summary,
        "runs": runs,
    });
    fs::write(folder.join("latest.json"), format!("{document:#}\n"))?;
    fs::write(folder.join("latest.md"), table)?;
    fs::write(folder.join("latest.svg"), chart::svg(plan, machine, summary))
}
