//! Medians of the rounds, and the ratios between peers.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Run,
    peers::REFERENCES,
    plan::{Case, Plan, Wire},
};
use crate::load::{Memory, Traffic};

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

/// A peer in a workload, over all rounds.
#[derive(Serialize)]
pub struct Row {
    #[serde(flatten)]
    pub case: Case,
    pub peer: &'static str,
    /// What went wrong, in any round.
    pub lossy: Option<String>,
    pub per_second: Option<Spread>,
    pub cpu_us: Option<Spread>,
    /// Of that, in the kernel.
    pub system_us: Option<Spread>,
    pub p50_us: Option<Spread>,
    pub p99_us: Option<Spread>,
    pub per_read: Option<Spread>,
    pub client_busy: Option<Spread>,
    pub resident_kib: Option<Spread>,
    pub memory: Option<Memory>,
    /// CPU (or memory, quiet) in multiples of the references'.
    pub ratios: BTreeMap<&'static str, f64>,
    /// And of what the same peer needs for the same without TLS, compression or MessagePack.
    pub to_plain: Option<f64>,
}

impl Row {
    /// What the row is judged by: CPU, or memory.
    #[must_use]
    pub fn figure(&self) -> Option<f64> {
        if self.lossy.is_some() {
            return None;
        }
        self.cpu_us.map(|cpu| cpu.median).or_else(|| self.memory.as_ref().map(|memory| memory.quiet))
    }
}

fn spread(mut values: Vec<f64>) -> Option<Spread> {
    values.sort_by(f64::total_cmp);
    let (&least, &most) = (values.first()?, values.last()?);
    let middle = values.len() / 2;
    let median = if values.len() % 2 == 1 {
        values[middle]
    } else {
        f64::midpoint(values[middle - 1], values[middle])
    };
    Some(Spread { median, least, most })
}

/// One row for each workload and peer, in the plan's order.
#[must_use]
pub fn summarize(plan: &Plan, runs: &[Run]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for case in &plan.cases {
        let first = rows.len();
        rows.extend(plan.peers_of(case).filter_map(|peer| row(case, peer.id, runs)));
        let rows = &mut rows[first..];
        for (reference, _) in REFERENCES {
            let base = rows.iter().find(|row| row.peer == reference).and_then(Row::figure);
            let Some(base) = base.filter(|&base| base > 0.0) else { continue };
            for row in rows.iter_mut() {
                if let Some(figure) = row.figure() {
                    row.ratios.insert(reference, figure / base);
                }
            }
        }
    }
    let plain: Vec<(Case, &str, f64)> = rows
        .iter()
        .filter(|row| row.case.wire == Wire::Plain)
        .filter_map(|row| row.figure().map(|figure| (row.case.clone(), row.peer, figure)))
        .collect();
    for row in rows.iter_mut().filter(|row| row.case.wire != Wire::Plain) {
        let base = plain.iter().find(|(case, peer, _)| case.is_like(&row.case) && *peer == row.peer);
        row.to_plain = base.and_then(|(_, _, base)| Some(row.figure()? / base));
    }
    rows
}

fn row(case: &Case, peer: &'static str, runs: &[Run]) -> Option<Row> {
    let runs: Vec<&Run> = runs.iter().filter(|run| run.case == *case && run.peer == peer).collect();
    let last = runs.last()?;
    let of = |figure: fn(&Traffic) -> f64| {
        spread(runs.iter().filter_map(|run| run.report.traffic.as_ref()).map(figure).collect())
    };
    Some(Row {
        case: case.clone(),
        peer,
        lossy: runs.iter().find_map(|run| run.report.lossy.clone()),
        per_second: of(|traffic| traffic.per_second),
        cpu_us: of(|traffic| traffic.cpu_us),
        system_us: of(|traffic| traffic.system_us),
        p50_us: of(|traffic| traffic.p50_us),
        p99_us: of(|traffic| traffic.p99_us),
        per_read: of(|traffic| traffic.per_read),
        client_busy: of(|traffic| traffic.client_busy),
        resident_kib: of(|traffic| traffic.resident_kib),
        memory: last.report.memory.clone(),
        ratios: BTreeMap::new(),
        to_plain: None,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A row of which only the CPU is known.
    pub(in super::super) fn row(case: &Case, peer: &'static str, cpu: f64) -> Row {
        Row {
            case: case.clone(),
            peer,
            lossy: None,
            per_second: None,
            cpu_us: spread(vec![cpu]),
            system_us: None,
            p50_us: None,
            p99_us: None,
            per_read: None,
            client_busy: None,
            resident_kib: None,
            memory: None,
            ratios: BTreeMap::new(),
            to_plain: None,
        }
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(spread(vec![]), None);
        assert_eq!(spread(vec![3.0, 1.0, 2.0]), Some(Spread { median: 2.0, least: 1.0, most: 3.0 }));
        assert_eq!(spread(vec![4.0, 1.0]), Some(Spread { median: 2.5, least: 1.0, most: 4.0 }));
    }
}
