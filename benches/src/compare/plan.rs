//! What is measured, how often, and for how long.

use serde::Serialize;

use super::{
    cases,
    peers::{PEERS, Peer},
};

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

/// How messages travel: what a peer and the load generator are asked for besides the workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wire {
    Plain,
    /// With permessage-deflate, negotiated by every connection.
    Compressed,
    Tls,
    /// zocket's other encoding.
    MsgPack,
}

impl Wire {
    /// What the server is started with.
    #[must_use]
    pub fn variable(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Compressed => Some("COMPRESS"),
            Self::Tls => Some("TLS"),
            Self::MsgPack => Some("MSGPACK"),
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Compressed => " · compressed",
            Self::Tls => " · TLS",
            Self::MsgPack => " · MessagePack",
        }
    }
}

/// A workload, as the load generator takes it, and who runs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Case {
    pub workload: String,
    pub mode: Mode,
    pub wire: Wire,
    /// Run in the first round only: what repeats exactly, or takes long.
    #[serde(skip)]
    pub once: bool,
    /// The ids of those of which it says something.
    #[serde(skip)]
    pub peers: &'static [&'static str],
}

impl Case {
    /// A case without anything special about it.
    #[must_use]
    pub fn of(workload: impl Into<String>, mode: Mode, peers: &'static [&'static str]) -> Self {
        Self { workload: workload.into(), mode, wire: Wire::Plain, once: false, peers }
    }

    #[must_use]
    pub fn is_memory(&self) -> bool {
        self.workload.starts_with("idle")
    }

    /// Whether both are the same but for how messages travel.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let same = self.workload == other.workload || (self.is_memory() && other.is_memory());
        same && self.mode == other.mode
    }

    /// What the CPU time is for.
    #[must_use]
    pub fn unit(&self) -> &'static str {
        if self.workload.starts_with("rpc") { "call" } else { "delivery" }
    }

    #[must_use]
    pub fn title(&self) -> String {
        format!("{}{} · {}", self.workload, self.wire.suffix(), self.mode.name())
    }

    /// The first number of the workload.
    #[must_use]
    pub fn connections(&self) -> usize {
        let number = self.workload.split(' ').nth(1).and_then(|word| word.parse().ok());
        if self.workload.starts_with("rooms") { 1000 } else { number.unwrap_or(0) }
    }
}

pub struct Plan {
    pub cases: Vec<Case>,
    pub peers: Vec<&'static Peer>,
    pub rounds: usize,
    pub warm_up: f64,
    pub seconds: f64,
    pub settle: f64,
    /// How cost grows, instead of how the peers compare.
    pub scale: bool,
}

pub const USAGE: &str = "\
usage: benches/run [--quick] [--scale] [OPTION]...

  --quick            one round, and short: to see that all works
  --scale            how cost grows with connections and with payloads, instead of the comparison
  --rounds N         (3; 2 with --scale)
  --seconds S        how long each run is measured (2)
  --settle S         quiet time before memory is looked at (60)
  --idle N           connections of the memory workload (10000, or as many as may be open)
  --only ID,…        these peers
  --workloads TEXT,… these workloads, by a part of their title";

impl Plan {
    /// # Errors
    /// An option is unknown, or leaves nothing to do.
    pub fn parse(arguments: impl Iterator<Item = String>, open_files: usize) -> Result<Self, String> {
        let arguments: Vec<String> = arguments.collect();
        let given = |flag: &str| arguments.iter().any(|argument| argument == flag);
        let (quick, scale) = (given("--quick"), given("--scale"));
        let mut plan = Self {
            cases: Vec::new(),
            peers: PEERS.iter().collect(),
            rounds: if quick { 1 } else { 3 - usize::from(scale) },
            warm_up: if quick { 0.3 } else { 1.0 },
            seconds: if quick { 0.7 } else { 2.0 },
            settle: if quick { 2.0 } else { 60.0 },
            scale,
        };
        // Standard streams, epoll, the listener, and what a runtime has open itself.
        let most = open_files.saturating_sub(256);
        let mut idle = if quick { 2_000 } else { 10_000 }.min(most);
        let mut wanted = None;
        let mut rest =
            arguments.iter().filter(|argument| !matches!(argument.as_str(), "--quick" | "--scale"));
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
        plan.cases = if scale { cases::scale(most) } else { cases::comparison(idle, most) };
        if let Some(wanted) = wanted {
            plan.cases.retain(|case| wanted.split(',').any(|part| case.title().contains(part)));
        }
        if plan.cases.is_empty() {
            return Err("no workload has such a title".to_owned());
        }
        Ok(plan)
    }

    /// The peers that run a case.
    pub fn peers_of(&self, case: &Case) -> impl Iterator<Item = &'static Peer> {
        self.peers.iter().copied().filter(|peer| case.peers.contains(&peer.id))
    }

    /// How long all of it takes, in seconds, from what starting and connecting take on two ordinary cores.
    #[must_use]
    pub fn estimate(&self) -> f64 {
        const START: f64 = 0.6;
        let one = |case: &Case| {
            let connections = case.connections() as f64 * if case.wire == Wire::Tls { 5.0 } else { 1.0 };
            if case.is_memory() {
                START + connections / 1500.0 + 2.0 * self.settle.min(2.0)
            } else {
                START + connections / 4000.0 + self.warm_up + self.seconds
            }
        };
        let all = |case: &Case| {
            let rounds = if case.once { 1 } else { self.rounds };
            let settle = if case.is_memory() { self.settle } else { 0.0 };
            self.peers_of(case).count() as f64 * one(case) * rounds as f64 + settle
        };
        self.cases.iter().map(all).sum()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(words: &str) -> Result<Plan, String> {
        Plan::parse(words.split_whitespace().map(str::to_owned), 20_000)
    }

    #[test]
    fn all_of_it_takes_half_an_hour_at_most() {
        let minutes = plan("").unwrap().estimate() / 60.0;
        assert!((5.0..30.0).contains(&minutes), "{minutes}");
        assert!(plan("--quick").unwrap().estimate() < 400.0);
    }

    #[test]
    fn cases_name_peers_that_there_are() {
        for words in ["", "--scale"] {
            for case in plan(words).unwrap().cases {
                assert!(!case.peers.is_empty());
                for id in case.peers {
                    assert!(PEERS.iter().any(|peer| peer.id == *id), "{id} in {}", case.title());
                }
            }
        }
    }

    #[test]
    fn options_choose() {
        let plan = plan("--only zocket,bun --workloads compressed,idle --rounds 7").unwrap();
        assert_eq!((plan.rounds, plan.peers.len()), (7, 2));
        assert!(plan.cases.iter().all(|case| case.is_memory() || case.wire == Wire::Compressed));
        assert!(self::plan("--only nobody").is_err());
        assert!(self::plan("--workloads nothing").is_err());
        assert!(self::plan("--rounds").is_err());
    }
}
