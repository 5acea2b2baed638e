//! How cost grows, as series of points and as a table.

use std::fmt::Write;

use super::{
    machine::Machine,
    plan::{Mode, Plan},
    summary::{Row, Spread},
    table,
};

/// What the axis of a panel counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    Connections,
    Bytes,
}

/// A plot: a line for each peer.
pub struct Panel {
    pub title: &'static str,
    pub x: Axis,
    /// Peer, and its points: where, CPU in µs, messages a read.
    pub lines: Vec<(&'static str, Vec<Point>)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub cpu: f64,
    pub per_read: f64,
}

struct Series {
    title: &'static str,
    x: Axis,
    mode: Mode,
    /// A workload with the number that changes left out.
    pattern: [Option<&'static str>; 4],
}

const SERIES: [Series; 5] = [
    Series {
        title: "fan-out of 64 B, 16 in flight",
        x: Axis::Connections,
        mode: Mode::Pinned,
        pattern: [Some("fanout"), None, Some("16"), Some("64")],
    },
    Series {
        title: "fan-out of 64 B, 1 in flight",
        x: Axis::Connections,
        mode: Mode::Pinned,
        pattern: [Some("fanout"), None, Some("1"), Some("64")],
    },
    Series {
        title: "fan-out of 64 B, 16 in flight, two workers",
        x: Axis::Connections,
        mode: Mode::TwoWorkers,
        pattern: [Some("fanout"), None, Some("16"), Some("64")],
    },
    Series {
        title: "fan-out to 100, 16 in flight",
        x: Axis::Bytes,
        mode: Mode::Pinned,
        pattern: [Some("fanout"), Some("100"), Some("16"), None],
    },
    Series {
        title: "calls, 64 connections with 8 in flight",
        x: Axis::Bytes,
        mode: Mode::Pinned,
        pattern: [Some("rpc"), Some("64"), Some("8"), None],
    },
];

impl Series {
    /// The number that changes, where a row belongs here.
    fn x(&self, row: &Row) -> Option<f64> {
        let words: Vec<&str> = row.case.workload.split(' ').collect();
        if row.case.mode != self.mode || words.len() != self.pattern.len() {
            return None;
        }
        let mut x = None;
        for (word, wanted) in words.iter().zip(self.pattern) {
            match wanted {
                None => x = word.parse().ok(),
                Some(wanted) if wanted != *word => return None,
                Some(_) => {}
            }
        }
        x
    }
}

/// All plots for which there are figures.
#[must_use]
pub fn panels(rows: &[Row]) -> Vec<Panel> {
    let panel = |series: &Series| {
        let mut lines: Vec<(&'static str, Vec<Point>)> = Vec::new();
        for row in rows.iter().filter(|row| row.lossy.is_none()) {
            let (Some(x), Some(cpu), Some(per_read)) = (series.x(row), row.cpu_us, row.per_read) else {
                continue;
            };
            let point = Point { x, cpu: cpu.median, per_read: per_read.median };
            match lines.iter_mut().find(|(peer, _)| *peer == row.peer) {
                Some((_, points)) => points.push(point),
                None => lines.push((row.peer, vec![point])),
            }
        }
        for (_, points) in &mut lines {
            points.sort_by(|a, b| a.x.total_cmp(&b.x));
        }
        Panel { title: series.title, x: series.x, lines }
    };
    SERIES.iter().map(panel).filter(|panel| !panel.lines.is_empty()).collect()
}

/// The figures behind the plots.
#[must_use]
pub fn markdown(plan: &Plan, machine: &Machine, rounds: usize, rows: &[Row]) -> String {
    let mut text = table::heading(plan, machine, rounds);
    for series in &SERIES {
        let mut rows: Vec<(f64, &Row)> = rows.iter().filter_map(|row| Some((series.x(row)?, row))).collect();
        if rows.is_empty() {
            continue;
        }
        rows.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let axis = match series.x {
            Axis::Connections => "connections",
            Axis::Bytes => "bytes of text",
        };
        let _ = writeln!(
            text,
            "\n### {} · {}\n\n\
             | {axis} | server | CPU µs | of it in the kernel | ns of CPU a byte | messages a read | a second \
             | load generator busy | MiB |\n|---|---|---|---|---|---|---|---|---|",
            series.title,
            series.mode.name()
        );
        for (x, row) in rows {
            if let Some(lossy) = &row.lossy {
                let _ = writeln!(text, "| {x} | {} | LOSSY: {lossy} |", table::name(row.peer));
                continue;
            }
            let median = |spread: Option<Spread>| spread.map_or(0.0, |spread| spread.median);
            let bytes: f64 =
                row.case.workload.rsplit(' ').next().and_then(|word| word.parse().ok()).unwrap_or(1.0);
            let _ = writeln!(
                text,
                "| {x} | {} | {:.3} | {:.3} | {:.2} | {:.2} | {} | {:.0} % | {:.0} |",
                table::name(row.peer),
                median(row.cpu_us),
                median(row.system_us),
                median(row.cpu_us) * 1000.0 / bytes,
                median(row.per_read),
                table::count(median(row.per_second)),
                median(row.client_busy) * 100.0,
                median(row.resident_kib) / 1024.0,
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            plan::Case,
            summary::{Spread, tests::row},
        },
        *,
    };

    #[test]
    fn rows_find_their_plot() {
        let one = Some(Spread { median: 1.0, least: 1.0, most: 1.0 });
        let make = |workload: &str, mode, cpu| Row {
            per_read: one,
            ..row(&Case::of(workload, mode, &["zocket"]), "zocket", cpu)
        };
        let rows = [
            make("fanout 1000 16 64", Mode::Pinned, 2.0),
            make("fanout 100 16 64", Mode::Pinned, 1.0),
            make("fanout 100 16 64", Mode::TwoWorkers, 5.0),
            make("rpc 64 8 16", Mode::Pinned, 3.0),
        ];
        let panels = panels(&rows);
        let points = |title: &str| -> Vec<(f64, f64)> {
            let panel = panels.iter().find(|panel| panel.title.starts_with(title)).unwrap();
            panel.lines[0].1.iter().map(|point| (point.x, point.cpu)).collect()
        };
        assert_eq!(points("fan-out of 64 B, 16 in flight"), [(100.0, 1.0), (1000.0, 2.0)]);
        assert_eq!(points("fan-out of 64 B, 16 in flight, two"), [(100.0, 5.0)]);
        assert_eq!(points("fan-out to 100"), [(64.0, 1.0)]);
        assert_eq!(points("calls"), [(16.0, 3.0)]);
        assert_eq!(panels.len(), 4);
    }
}
