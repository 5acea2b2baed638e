//! The comparison as text.

use std::fmt::Write;

use super::{
    machine::Machine,
    peers::{PEERS, REFERENCES},
    plan::Plan,
    summary::{Row, Spread},
};
use crate::load::Report;

/// One run in a line.
#[must_use]
pub fn line(report: &Report) -> String {
    if let Some(lossy) = &report.lossy {
        return format!("LOSSY: {lossy}");
    }
    if let Some(memory) = &report.memory {
        return format!(
            "{:.1} KiB quiet, {:.1} after a call, {:.1} after 60 KB, {:.1} settled",
            memory.quiet, memory.after_a_call, memory.after_60_kb, memory.settled
        );
    }
    let Some(traffic) = &report.traffic else { return "nothing".to_owned() };
    format!(
        "{}/s, {:.3} µs of CPU ({:.3} user), p99 {:.0} µs, {:.1} a read",
        count(traffic.per_second),
        traffic.cpu_us,
        traffic.user_us,
        traffic.p99_us,
        traffic.per_read
    )
}

/// The name of a peer.
#[must_use]
pub fn name(id: &str) -> &'static str {
    PEERS.iter().find(|peer| peer.id == id).map_or("", |peer| peer.name)
}

/// All tables, in Markdown.
#[must_use]
pub fn markdown(plan: &Plan, machine: &Machine, rows: &[Row]) -> String {
    let mut text = String::new();
    let versions: Vec<String> =
        machine.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
    let _ = writeln!(
        text,
        "{} · {} · {} cores · {}\n{}\nMedians of {} rounds of {} s, least and most in parentheses.",
        machine.date,
        machine.cpu,
        machine.cores,
        machine.kernel,
        versions.join(" · "),
        plan.rounds,
        plan.seconds
    );
    for case in &plan.cases {
        let rows: Vec<&Row> = rows.iter().filter(|row| row.case == *case).collect();
        let _ = writeln!(text, "\n### {}\n", case.title());
        if case.is_memory() {
            memory(&mut text, &rows);
        } else {
            traffic(&mut text, case.unit(), &rows);
        }
    }
    text
}

fn references() -> String {
    REFERENCES.map(|(_, name)| format!("× {name}")).join(" | ")
}

fn ratios(row: &Row) -> String {
    let ratio = |(id, _)| row.ratios.get(id).map_or("–".to_owned(), |ratio| format!("{ratio:.2}"));
    REFERENCES.map(ratio).join(" | ")
}

fn traffic(text: &mut String, unit: &str, rows: &[&Row]) {
    let _ = writeln!(
        text,
        "| server | CPU µs a {unit} | {} | a second | p50 µs | p99 µs | messages a read | load generator busy | MiB |\n\
         |---|---|---|---|---|---|---|---|---|---|---|",
        references()
    );
    for row in rows {
        let name = name(row.peer);
        if let Some(lossy) = &row.lossy {
            let _ = writeln!(text, "| {name} | LOSSY: {lossy} |");
            continue;
        }
        let median = |spread: Option<Spread>| spread.map_or(0.0, |spread| spread.median);
        let cpu = row.cpu_us.unwrap_or(Spread { median: 0.0, least: 0.0, most: 0.0 });
        let _ = writeln!(
            text,
            "| {name} | {:.3} ({:.3}–{:.3}) | {} | {} | {:.0} | {:.0} | {:.1} | {:.0} % | {:.0} |",
            cpu.median,
            cpu.least,
            cpu.most,
            ratios(row),
            count(median(row.per_second)),
            median(row.p50_us),
            median(row.p99_us),
            median(row.per_read),
            median(row.client_busy) * 100.0,
            median(row.resident_kib) / 1024.0,
        );
    }
}

fn memory(text: &mut String, rows: &[&Row]) {
    let settle = rows.iter().find_map(|row| row.memory.as_ref()).map_or(0.0, |memory| memory.settle_seconds);
    let _ = writeln!(
        text,
        "| server | KiB a quiet connection | {} | after a call | after 60 KB | {settle:.0} s later |\n\
         |---|---|---|---|---|---|---|---|",
        references()
    );
    for row in rows {
        let name = name(row.peer);
        let Some(memory) = row.memory.as_ref().filter(|_| row.lossy.is_none()) else {
            let _ =
                writeln!(text, "| {name} | LOSSY: {} |", row.lossy.as_deref().unwrap_or("nothing measured"));
            continue;
        };
        let _ = writeln!(
            text,
            "| {name} | {:.1} | {} | {:.1} | {:.1} | {:.1} |",
            memory.quiet,
            ratios(row),
            memory.after_a_call,
            memory.after_60_kb,
            memory.settled
        );
    }
}

/// A large number, short.
fn count(number: f64) -> String {
    match number {
        1e6.. => format!("{:.2} M", number / 1e6),
        1e3.. => format!("{:.0} k", number / 1e3),
        _ => format!("{number:.0}"),
    }
}
