//! Runs the peers one after another, repeatedly, and compares them.

mod cases;
mod chart;
mod machine;
mod peers;
mod plan;
mod scale;
mod scale_chart;
mod summary;
mod table;
mod targets;
mod work;

use std::{fs, io, path::Path, time::Instant};

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

/// Runs the comparison that the arguments ask for, from the folder that holds `peers` and `results`. The results are
/// written after each round, so that what ends it early costs one round.
///
/// # Errors
/// The arguments are invalid, or a file cannot be written. A peer that fails is reported in the table.
pub fn main(arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let plan =
        Plan::parse(arguments, machine::open_files()).map_err(|fault| format!("{fault}\n\n{}", USAGE))?;
    let own = std::env::current_exe().ok();
    let binaries =
        own.as_deref().and_then(Path::parent).ok_or("where this program is cannot be found out")?;
    let machine = machine::look();
    let began = Instant::now();
    eprintln!("about {:.0} minutes", (plan.estimate() / 60.0).ceil());
    let (mut runs, mut text) = (Vec::new(), String::new());
    for round in 0..plan.rounds {
        work::round(&plan, round, binaries, &mut runs);
        text = write(&plan, &machine, round + 1, &runs)
            .map_err(|error| format!("the results are not written: {error}"))?;
        eprintln!("round {} done after {:.1} minutes", round + 1, began.elapsed().as_secs_f64() / 60.0);
    }
    println!("{text}");
    Ok(())
}

/// Writes what there is so far. Gives the text.
fn write(plan: &Plan, machine: &machine::Machine, rounds: usize, runs: &[Run]) -> io::Result<String> {
    let rows = summary::summarize(plan, runs);
    let targets = targets::judge(&rows);
    let (name, text, picture) = if plan.scale {
        (
            "scale",
            scale::markdown(plan, machine, rounds, &rows),
            scale_chart::svg(machine, &scale::panels(&rows)),
        )
    } else {
        ("latest", table::markdown(plan, machine, rounds, &rows, &targets), chart::svg(plan, machine, &rows))
    };
    let folder = Path::new("results");
    fs::create_dir_all(folder)?;
    let document = serde_json::json!({
        "machine": machine,
        "rounds": rounds,
        "seconds": plan.seconds,
        "targets": if plan.scale { &[][..] } else { &targets[..] },
        "summary": rows,
        "runs": runs,
    });
    fs::write(folder.join(name).with_extension("json"), format!("{document:#}\n"))?;
    fs::write(folder.join(name).with_extension("md"), &text)?;
    fs::write(folder.join(name).with_extension("svg"), picture)?;
    Ok(text)
}
