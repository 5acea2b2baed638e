//! zocket's targets, and whether it meets them. Every figure here comes from the runs.

use serde::Serialize;

use super::{
    cases::{FANOUT, FANOUT_KIB, FANOUT_ONE, ROOMS_FEW, ROOMS_MANY, ROOMS_SOME, RPC, RPC_ONE, SLOW},
    plan::{Mode, Wire},
    summary::{Row, Spread},
};

/// Differences below this are noise between two runs of the same peer; where a target says "the same", it is this.
const SAME: f64 = 1.2;
/// A default of zocket's: what an outbox holds at most.
const OUTBOX_MIB: f64 = 1.0;
/// Resident memory of the same server in two runs of the same load differs by less.
const MEMORY_NOISE_MIB: f64 = 4.0;

/// A target, and zocket's distance from it.
#[derive(Debug, Serialize)]
pub struct Target {
    pub what: String,
    pub figure: f64,
    /// Where the limit comes from.
    pub against: String,
    pub limit: f64,
    /// Whether less than the limit is wanted, or more.
    pub at_most: bool,
    pub unit: &'static str,
    pub reached: bool,
}

/// At most the limit is wanted.
fn at_most(what: String, figure: f64, limit: f64, against: String, unit: &'static str) -> Target {
    Target { what, figure, against, limit, at_most: true, unit, reached: figure <= limit }
}

fn at_least(what: String, figure: f64, limit: f64, against: String, unit: &'static str) -> Target {
    Target { what, figure, against, limit, at_most: false, unit, reached: figure >= limit }
}

/// All targets for which there are figures.
#[must_use]
pub fn judge(rows: &[Row]) -> Vec<Target> {
    let look = Look(rows);
    let mut targets = Vec::new();
    let mut add = |target: Option<Target>| targets.extend(target);
    for workload in [FANOUT, FANOUT_KIB] {
        add(look.cpu(workload, Mode::Pinned, "bun", 1.0));
        add(look.cpu(workload, Mode::Pinned, "floor", 1.3));
    }
    add(look.cpu(FANOUT_ONE, Mode::Pinned, "bun", 1.1));
    for workload in [FANOUT, FANOUT_KIB, FANOUT_ONE] {
        add(look.rate(workload, "bun"));
        add(look.cpu(workload, Mode::TwoWorkers, "bun", 1.1));
    }
    add(look.cpu(RPC, Mode::Pinned, "bun", 0.85));
    add(look.p99(RPC_ONE, "bun"));
    targets.extend(look.memory());
    targets.extend(look.rooms());
    targets.extend(look.slow());
    targets.extend(look.compressed());
    targets
}

struct Look<'a>(&'a [Row]);

impl Look<'_> {
    fn row(&self, workload: &str, mode: Mode, wire: Wire, peer: &str) -> Option<&Row> {
        let matches = |row: &&Row| {
            row.case.workload == workload
                && row.case.mode == mode
                && row.case.wire == wire
                && row.peer == peer
                && row.lossy.is_none()
        };
        self.0.iter().find(matches)
    }

    fn of(&self, workload: &str, mode: Mode, peer: &str, figure: fn(&Row) -> Option<Spread>) -> Option<f64> {
        self.row(workload, mode, Wire::Plain, peer).and_then(figure).map(|spread| spread.median)
    }

    fn cpu(&self, workload: &str, mode: Mode, peer: &str, times: f64) -> Option<Target> {
        let figure = self.of(workload, mode, "zocket", |row| row.cpu_us)?;
        let other = self.of(workload, mode, peer, |row| row.cpu_us)?;
        let unit = if workload.starts_with("rpc") { "call" } else { "delivery" };
        let what = format!("`{workload}`, {}: CPU a {unit}", mode.name());
        Some(at_most(what, figure, other * times, format!("{times} × {}'s {other:.3}", name(peer)), "µs"))
    }

    fn rate(&self, workload: &str, peer: &str) -> Option<Target> {
        let figure = self.of(workload, Mode::TwoWorkers, "zocket", |row| row.per_second)?;
        let limit = self.of(workload, Mode::TwoWorkers, peer, |row| row.per_second)?;
        let what = format!("`{workload}`, {}: deliveries a second", Mode::TwoWorkers.name());
        Some(at_least(what, figure, limit, format!("{}'s", name(peer)), ""))
    }

    fn p99(&self, workload: &str, peer: &str) -> Option<Target> {
        let figure = self.of(workload, Mode::Pinned, "zocket", |row| row.p99_us)?;
        let limit = self.of(workload, Mode::Pinned, peer, |row| row.p99_us)?;
        Some(at_most(
            format!("`{workload}`: p99 of a call"),
            figure,
            limit,
            format!("{}'s", name(peer)),
            "µs",
        ))
    }

    fn memory(&self) -> Vec<Target> {
        let of_zocket = |row: &&Row| {
            row.case.is_memory()
                && row.case.wire == Wire::Plain
                && row.peer == "zocket"
                && row.lossy.is_none()
        };
        let row = self.0.iter().find(of_zocket);
        let Some(memory) = row.and_then(|row| row.memory.as_ref()) else { return Vec::new() };
        let fixed = || "fixed".to_owned();
        let quiet = format!("a quiet connection, of {}", memory.connections);
        let settled = format!("the same, {:.0} s after each has sent 60 KB", memory.settle_seconds);
        vec![
            at_most(quiet, memory.quiet, 3.0, fixed(), "KiB"),
            at_most(settled, memory.settled, 4.0, fixed(), "KiB"),
        ]
    }

    /// Ten rooms have a hundred members, whose sockets stay in the cache; a hundred rooms have all connections for members,
    /// as ten thousand do.
    fn rooms(&self) -> Vec<Target> {
        let of = |workload| self.of(workload, Mode::Pinned, "zocket", |row| row.cpu_us);
        let compare = |workload, few: &str| {
            let (many, fewer) = (of(ROOMS_MANY)?, of(workload)?);
            let against = format!("{fewer:.3} in {few} such rooms, and noise: {SAME} × that");
            let what = "10,000 rooms of 10 members: CPU a delivery".to_owned();
            Some(at_most(what, many, fewer * SAME, against, "µs"))
        };
        let few = compare(ROOMS_FEW, "10 (100 of the 1,000 connections)");
        let some = compare(ROOMS_SOME, "100 (all connections, as in 10,000)");
        [few, some].into_iter().flatten().collect()
    }

    fn slow(&self) -> Vec<Target> {
        let pair = |figure: fn(&Row) -> Option<Spread>| {
            let slow = self.of(SLOW, Mode::Pinned, "zocket", figure)?;
            Some((slow, self.of(FANOUT_KIB, Mode::Pinned, "zocket", figure)?))
        };
        let p99 = pair(|row| row.p99_us).map(|(slow, without)| {
            let what = "one slow reader among 1,000: p99 of the others' deliveries".to_owned();
            let against = format!("{without:.0} without it, and noise: {SAME} × that");
            at_most(what, slow, without * SAME, against, "µs")
        });
        let memory = pair(|row| row.resident_kib).map(|(slow, without)| {
            let against = format!("its outbox, {OUTBOX_MIB:.0}, and noise, {MEMORY_NOISE_MIB:.0}");
            let (figure, limit) = ((slow - without) / 1024.0, OUTBOX_MIB + MEMORY_NOISE_MIB);
            at_most("memory that it costs".to_owned(), figure, limit, against, "MiB")
        });
        [p99, memory].into_iter().flatten().collect()
    }

    fn compressed(&self) -> Option<Target> {
        let row = self.row(FANOUT_KIB, Mode::Pinned, Wire::Compressed, "zocket")?;
        let plain = self.of(FANOUT_KIB, Mode::Pinned, "zocket", |row| row.cpu_us)?;
        let against = format!("1.2 × its own {plain:.3}, uncompressed");
        let what = format!("`{FANOUT_KIB}`, compressed: CPU a delivery");
        Some(at_most(what, row.cpu_us?.median, plain * 1.2, against, "µs"))
    }
}

fn name(peer: &str) -> &str {
    match peer {
        "bun" => "Bun",
        "floor" => "the floor",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{plan::Case, summary::tests::row},
        *,
    };

    #[test]
    fn a_target_is_reached_or_missed_by_the_figures() {
        let case = Case::of(FANOUT, Mode::Pinned, &["zocket", "bun", "floor"]);
        let rows = [row(&case, "zocket", 0.4), row(&case, "bun", 0.39), row(&case, "floor", 0.31)];
        let targets = judge(&rows);
        let [bun, floor] = &targets[..] else { panic!("{targets:?}") };
        assert!(!bun.reached && floor.reached, "{targets:?}");
        assert!((floor.limit - 0.403).abs() < 1e-9);
    }

    #[test]
    fn a_lossy_run_reaches_nothing() {
        let case = Case::of(FANOUT, Mode::Pinned, &["zocket", "bun"]);
        let lossy = Row { lossy: Some("one is missing".to_owned()), ..row(&case, "zocket", 0.1) };
        assert!(judge(&[lossy, row(&case, "bun", 0.39)]).is_empty());
    }
}
