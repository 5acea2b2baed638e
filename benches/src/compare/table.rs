//! The comparison as text.

use std::fmt::Write;

use super::{
    machine::Machine,
    peers::{PEERS, REFERENCES},
    plan::{Case, Plan, Wire},
    summary::{Row, Spread},
    targets::Target,
};
use crate::load::{Memory, Report};

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

/// What the figures were measured on and with, and how.
#[must_use]
pub fn heading(plan: &Plan, machine: &Machine, rounds: usize) -> String {
    let versions: Vec<String> =
        machine.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
    format!(
        "{} · {} · {} cores · {}\n\n{}\n\nMedians of {rounds} of {} rounds of {} s, minimum and maximum in parentheses.\n",
        machine.date,
        machine.cpu,
        machine.cores,
        machine.kernel,
        versions.join(" · "),
        plan.rounds,
        plan.seconds
    )
}

/// All tables, in Markdown: what the targets say, the comparison in short, then every workload.
#[must_use]
pub fn markdown(plan: &Plan, machine: &Machine, rounds: usize, rows: &[Row], targets: &[Target]) -> String {
    let mut text = heading(plan, machine, rounds);
    judged(&mut text, targets);
    overview(&mut text, rows);
    for case in &plan.cases {
        let rows: Vec<&Row> = rows.iter().filter(|row| row.case == *case).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n### {}\n", case.title());
        if case.is_memory() {
            memory(&mut text, &rows);
        } else {
            traffic(&mut text, case.unit(), &rows);
        }
    }
    million(&mut text, rows);
    text
}

fn judged(text: &mut String, targets: &[Target]) {
    if targets.is_empty() {
        return;
    }
    let reached = targets.iter().filter(|target| target.reached).count();
    let _ = writeln!(
        text,
        "\n### Targets: {reached} of {} reached\n\n| zocket's | is | should be | which is | |\n|---|---|---|---|---|",
        targets.len()
    );
    for target in targets {
        let _ = writeln!(
            text,
            "| {} | {} {} | at {} {} | {} | {} |",
            target.what,
            short(target.figure),
            target.unit,
            if target.at_most { "most" } else { "least" },
            short(target.limit),
            target.against,
            if target.reached { "reached" } else { "**missed**" }
        );
    }
    text.push_str(
        "\nNot here: calls at most 0.5 × TypeScript zocket's, which is on no registry; and what was not run, or was LOSSY.\n",
    );
}

/// The workloads that all peers run, one column each; and zocket's ratios.
fn overview(text: &mut String, rows: &[Row]) {
    let mut cases: Vec<&Case> = Vec::new();
    for row in rows.iter().filter(|row| row.case.peers.len() == PEERS.len()) {
        if !cases.contains(&&row.case) {
            cases.push(&row.case);
        }
    }
    if cases.is_empty() {
        return;
    }
    let head = |case: &&Case| {
        let unit = if case.is_memory() { "KiB each" } else { "µs" };
        format!("`{}`, {unit}", case.workload)
    };
    let _ = writeln!(
        text,
        "\n### Server CPU a delivery or call, one pinned worker; memory a quiet connection\n\n| server | {} |\n|---|{}",
        cases.iter().map(head).collect::<Vec<_>>().join(" | "),
        "---|".repeat(cases.len())
    );
    let row = |case: &Case, peer: &str| rows.iter().find(|row| row.case == *case && row.peer == peer);
    for peer in PEERS.iter().filter(|peer| cases.iter().any(|case| row(case, peer.id).is_some())) {
        let cell = |case: &&Case| match row(case, peer.id) {
            Some(row) if row.lossy.is_some() => "LOSSY".to_owned(),
            found => found.and_then(Row::figure).map_or("–".to_owned(), |figure| format!("{figure:.2}")),
        };
        let cells: Vec<String> = cases.iter().map(cell).collect();
        let _ = writeln!(text, "| {} | {} |", peer.name, cells.join(" | "));
    }
    for (reference, name) in REFERENCES {
        let cell = |case: &&Case| {
            let ratio = row(case, "zocket").and_then(|row| row.ratios.get(reference));
            ratio.map_or("–".to_owned(), |ratio| format!("{ratio:.2} ×"))
        };
        let cells: Vec<String> = cases.iter().map(cell).collect();
        let _ = writeln!(text, "| *zocket to {name}* | {} |", cells.join(" | "));
    }
}

/// What one connection more costs, of two numbers of quiet connections, and what a million would.
fn million(text: &mut String, rows: &[Row]) {
    let mut lines = String::new();
    for peer in &PEERS {
        let mut measured: Vec<&Memory> = rows
            .iter()
            .filter(|row| row.peer == peer.id && row.case.wire == Wire::Plain && row.lossy.is_none())
            .filter_map(|row| row.memory.as_ref())
            .collect();
        measured.sort_by_key(|memory| memory.connections);
        let [few, .., many] = measured[..] else { continue };
        if few.connections == many.connections {
            continue;
        }
        let (fixed, each) = line_through(few, many);
        let _ = writeln!(
            lines,
            "| {} | {:.2} × {} | {:.2} × {} | {each:.2} | {:.1} | {:.2} | {} |",
            peer.name,
            few.quiet,
            few.connections,
            many.quiet,
            many.connections,
            fixed / 1024.0,
            (fixed + each * 1e6) / 1024.0 / 1024.0,
            kernel(many)
        );
    }
    if !lines.is_empty() {
        let _ = writeln!(
            text,
            "\n### A million quiet connections, extrapolated\n\n\
             | server | KiB × connections | KiB × connections | KiB for one more | MiB besides | GiB for a million \
             | kernel's KiB each, both ends |\n|---|---|---|---|---|---|---|\n{lines}\n\
             Resident memory beyond the server's without connections. *One more* is the difference of the first two \
             products by the difference of the connections, *besides* is what that leaves of the first product, and a \
             million is *besides* + *one more* × 1,000,000. The kernel's part is the growth of the objects in its slabs and of \
             TCP's buffers (`/proc/slabinfo`, `/proc/net/sockstat`, of the whole machine) while the connections were opened; \
             about half is a server's, and no process's resident memory has it."
        );
    }
}

fn kernel(memory: &Memory) -> String {
    memory.kernel.map_or("–".to_owned(), |kib| format!("{kib:.1}"))
}

/// KiB that are there without a connection, and with each one more.
fn line_through(few: &Memory, many: &Memory) -> (f64, f64) {
    let total = |memory: &Memory| memory.quiet * memory.connections as f64;
    let each = (total(many) - total(few)) / (many.connections as f64 - few.connections as f64);
    (total(few) - each * few.connections as f64, each)
}

/// The heads of the columns of ratios: to those references that are among the rows, and to plain messages.
fn references(rows: &[&Row]) -> String {
    let mut heads: String = present(rows).map(|(_, name)| format!(" × {name} |")).collect();
    if rows.iter().any(|row| row.to_plain.is_some()) {
        heads.push_str(" × its own, plain |");
    }
    heads
}

fn present(rows: &[&Row]) -> impl Iterator<Item = (&'static str, &'static str)> {
    REFERENCES.into_iter().filter(|(id, _)| rows.iter().any(|row| row.ratios.contains_key(id)))
}

fn ratios(row: &Row, rows: &[&Row]) -> String {
    let cell = |ratio: Option<f64>| ratio.map_or(" – |".to_owned(), |ratio| format!(" {ratio:.2} |"));
    let mut cells: String = present(rows).map(|(id, _)| cell(row.ratios.get(id).copied())).collect();
    if rows.iter().any(|row| row.to_plain.is_some()) {
        cells.push_str(&cell(row.to_plain));
    }
    cells
}

/// The line below the heads: `columns`, and those of ratios.
fn rule(columns: usize, rows: &[&Row]) -> String {
    format!("|{}", "---|".repeat(columns + references(rows).matches('|').count()))
}

fn traffic(text: &mut String, unit: &str, rows: &[&Row]) {
    let _ = writeln!(
        text,
        "| server | CPU µs a {unit} |{} a second | p50 µs | p99 µs | messages a read | load generator busy | MiB |\n{}",
        references(rows),
        rule(8, rows)
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
            "| {name} | {:.3} ({:.3}–{:.3}) |{} {} | {:.0} | {:.0} | {:.1} | {:.0} % | {:.0} |",
            cpu.median,
            cpu.least,
            cpu.most,
            ratios(row, rows),
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
        "| server | KiB a quiet connection |{} after a call | after 60 KB | {settle:.0} s later | kernel's, both ends |\n{}",
        references(rows),
        rule(6, rows)
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
            "| {name} | {:.1} |{} {:.1} | {:.1} | {:.1} | {} |",
            memory.quiet,
            ratios(row, rows),
            memory.after_a_call,
            memory.after_60_kb,
            memory.settled,
            kernel(memory)
        );
    }
}

/// Any number, short.
fn short(number: f64) -> String {
    match number.abs() {
        1e5.. => count(number),
        100.0.. => format!("{number:.0}"),
        10.0.. => format!("{number:.1}"),
        _ => format!("{number:.3}"),
    }
}

/// A large number, short.
pub fn count(number: f64) -> String {
    match number {
        1e6.. => format!("{:.2} M", number / 1e6),
        1e3.. => format!("{:.0} k", number / 1e3),
        _ => format!("{number:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_through_both_counts() {
        let memory = |connections, quiet| Memory { connections, quiet, ..Memory::default() };
        // 500 KiB, and 2 more for each.
        let (fixed, each) = line_through(&memory(1000, 2.5), &memory(2000, 2.25));
        assert!((fixed - 500.0).abs() < 1e-6 && (each - 2.0).abs() < 1e-9, "{fixed} {each}");
    }
}
