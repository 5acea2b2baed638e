//! What is measured, how often, and for how long.

use serde::Serialize;

use super::peers::{PEERS, Peer};

/// Where server and load generator run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The server on core 0 with one worker thread, the load generator on core 1.
    Pinned,
    /// The server with two worker threads; nothing is pinned.
    TwoWorkers,
}

impl Mode {
    #[must_use]
    pub fn workers(self) -> u32 {
        match self {
            Self::Pinned => 1,
            Self::TwoWorkers => 2,
        }
    }

    #[must_use]
    pub fn server_core(self) -> Option<u32> {
        (self == Self::Pinned).then_some(0)
    }

    #[must_use]
    pub fn client_core(self) -> Option<u32> {
        (self == Self::Pinned).then_some(1)
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pinned => "one pinned worker",
            Self::TwoWorkers => "two free workers",
        }
    }
}

/// A workload, as the load generator takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Case {
    pub workload: String,
    pub mode: Mode,
}

impl Case {
    #[must_use]
    pub fn is_memory(&self) -> bool {
        self.workload.starts_with("idle")
    }

    #[must_use]
    pub fn is_rooms(&self) -> bool {
        self.workload.starts_with("rooms")
    }

    /// What the CPU time is for.
    #[must_use]
    pub fn unit(&self) -> &'static str {
        if self.workload.starts_with("rpc") { "call" } else { "delivery" }
    }

    #[must_use]
    pub fn title(&self) -> String {
        format!("{} · {}", self.workload, self.mode.name())
    }
}

pub struct Plan {
    pub cases: Vec<Case>,
    pub peers: Vec<&'static Peer>,
    pub rounds: usize,
    pub warm_up: f64,
    pub seconds: f64,
    pub settle: f64,
}

pub const USAGE: &str = "\
usage: benches/run [--quick] [OPTION]...

  --quick            one round, and short: to see that all works
  --rounds N         (3)
  --seconds S        how long each run is measured (3)
  --settle S         quiet time before memory is looked at (60)
  --idle N           connections of the memory workload (10000, or as many as may be open)
  --only ID,…        these peers
  --workloads TEXT,… these workloads, by a part of their title";

impl Plan {
    /// # Errors
    /// An option is unknown, or leaves nothing to do.
    pub fn parse(arguments: impl Iterator<Item = String>, open_files: usize) -> Result<Self, String> {
        let arguments: Vec<String> = arguments.collect();
        let quick = arguments.iter().any(|argument| argument == "--quick");
        let mut plan = Self {
            cases: Vec::new(),
            peers: PEERS.iter().collect(),
            rounds: if quick { 1 } else { 3 },
            warm_up: if quick { 0.5 } else { 1.0 },
            seconds: if quick { 1.0 } else { 3.0 },
            settle: if quick { 2.0 } else { 60.0 },
        };
        let mut idle = if quick { 2_000 } else { 10_000 }.min(open_files.saturating_sub(256));
        let mut wanted = None;
        let mut rest = arguments.iter().filter(|argument| *argument != "--quick");
        while let Some(option) = rest.next() {
            let value = rest.next().ok_or_else(|| format!("{option} needs a value"))?;
            let number = || value.parse::<f64>().map_err(|_| format!("{option} needs a number, not {value}"));
            match option.as_str() {
                "--rounds" => plan.rounds = number()?.max(1.0) as usize,
                "--seconds" => plan.seconds = number()?,
                "--settle" => plan.settle = number()?,
                "--idle" => idle = number()? as usize,
                "--only" => plan.peers = peers(value)?,
                "--workloads" => wanted = Some(value),
                _ => return Err(format!("there is no {option}")),
            }
        }
        plan.cases = cases(idle);
        if let Some(wanted) = wanted {
            plan.cases.retain(|case| wanted.split(',').any(|part| case.title().contains(part)));
        }
        if plan.cases.is_empty() {
            return Err("no workload has such a title".to_owned());
        }
        Ok(plan)
    }
}

fn peers(ids: &str) -> Result<Vec<&'static Peer>, String> {
    let find = |id: &str| {
        PEERS.iter().find(|peer| peer.id == id).ok_or_else(|| {
            let known: Vec<&str> = PEERS.iter().map(|peer| peer.id).collect();
            format!("there is no peer {id}; there are {}", known.join(", "))
        })
    };
    ids.split(',').map(find).collect()
}

fn cases(idle: usize) -> Vec<Case> {
    let of = |mode, workload: &str| Case { workload: workload.to_owned(), mode };
    let pinned = [
        "fanout 1000 16 64",
        "fanout 1000 16 1024",
        "fanout 1000 1 64",
        "rpc 64 8 64",
        "rpc 64 1 64",
        "rooms 10 10",
        "rooms 100 10",
        "rooms 10000 10",
        "rooms 10 100",
        "storm 1000 16 64",
        "slow 1000 16 1024",
    ];
    let two_workers = ["fanout 1000 16 64", "fanout 1000 16 1024", "fanout 1000 1 64", "rpc 64 8 64"];
    let mut cases: Vec<Case> = pinned.iter().map(|workload| of(Mode::Pinned, workload)).collect();
    cases.extend(two_workers.iter().map(|workload| of(Mode::TwoWorkers, workload)));
    cases.push(of(Mode::Pinned, &format!("idle {idle}")));
    cases
}
