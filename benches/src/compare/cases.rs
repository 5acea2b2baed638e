//! Which workloads there are, and for which peers: a row that says nothing about its peer wastes a minute.

use super::plan::{Case, Mode, Wire};

/// The workloads that the targets are about, under one pinned worker. Memory is another.
pub const FANOUT: &str = "fanout 1000 16 64";
pub const FANOUT_KIB: &str = "fanout 1000 16 1024";
pub const FANOUT_ONE: &str = "fanout 1000 1 64";
pub const RPC: &str = "rpc 64 8 64";
pub const RPC_ONE: &str = "rpc 64 1 64";
pub const ROOMS_FEW: &str = "rooms 10 10";
pub const ROOMS_SOME: &str = "rooms 100 10";
pub const ROOMS_MANY: &str = "rooms 10000 10";
pub const SLOW: &str = "slow 1000 16 1024";

const EVERYBODY: &[&str] = &[
    "floor",
    "zocket",
    "bun",
    "axum_mpsc",
    "axum_one_task",
    "axum_broadcast",
    "socketioxide",
    "ws",
    "socket_io",
];
/// A design each: ours, the fastest, and what a Rust user would write.
const DESIGNS: &[&str] = &["zocket", "bun", "axum_mpsc"];
const WITH_ROOMS: &[&str] = &["zocket", "bun", "socketioxide"];
const DEFLATING: &[&str] = &["zocket", "bun", "ws"];
const TLS: &[&str] = &["zocket", "axum_mpsc"];
const SCALED: &[&str] = &["floor", "zocket", "bun"];

/// The comparison. `idle` connections are quiet; `most` is how many may be open.
#[must_use]
pub fn comparison(idle: usize, most: usize) -> Vec<Case> {
    let pinned = |workload: &str, peers| Case::of(workload, Mode::Pinned, peers);
    let once = |workload: String, peers| Case { once: true, ..Case::of(workload, Mode::Pinned, peers) };
    let over = |wire, workload: &str, peers| Case { wire, ..Case::of(workload, Mode::Pinned, peers) };
    let mut cases: Vec<Case> = [FANOUT, FANOUT_KIB].map(|it| pinned(it, EVERYBODY)).into();
    // Next to what they are compared with, since machines drift.
    cases.push(over(Wire::Compressed, FANOUT_KIB, DEFLATING));
    cases.push(pinned(SLOW, DESIGNS));
    cases.extend([FANOUT_ONE, RPC, RPC_ONE].map(|it| pinned(it, EVERYBODY)));
    cases.push(once(format!("idle {idle}"), EVERYBODY));
    cases.extend([FANOUT, FANOUT_KIB, FANOUT_ONE, RPC].map(|it| Case::of(it, Mode::TwoWorkers, DESIGNS)));
    cases.extend([ROOMS_FEW, ROOMS_SOME, ROOMS_MANY, "rooms 10 100"].map(|it| pinned(it, WITH_ROOMS)));
    cases.push(pinned("storm 1000 16 64", DESIGNS));
    // The calls' p99 beside a broadcast to as many as this machine lets one process hold.
    cases.push(once(format!("storm {} 1 64", (2 * idle).min(most)), DESIGNS));
    cases.extend([FANOUT, FANOUT_KIB, RPC].map(|it| over(Wire::Tls, it, TLS)));
    cases.push(Case { once: true, ..over(Wire::Tls, &format!("idle {}", idle.min(1000)), TLS) });
    cases.extend([FANOUT, RPC].map(|it| over(Wire::MsgPack, it, &["zocket"])));
    if (2 * idle).min(most) > idle {
        cases.push(once(format!("idle {}", (2 * idle).min(most)), SCALED));
    }
    cases
}

/// How many connections, and how long the texts, of the plots.
const CONNECTIONS: [usize; 4] = [10, 100, 1_000, 10_000];
/// A message of 64 KiB is the longest that a zocket server takes by default; the rest of it is the envelope.
const BYTES: [usize; 7] = [16, 64, 256, 1024, 4096, 16_384, 60_000];

/// How cost grows.
#[must_use]
pub fn scale(most: usize) -> Vec<Case> {
    let mut cases = Vec::new();
    for (window, mode) in [(16, Mode::Pinned), (1, Mode::Pinned), (16, Mode::TwoWorkers)] {
        for connections in CONNECTIONS.into_iter().filter(|&connections| connections <= most) {
            cases.push(Case::of(format!("fanout {connections} {window} 64"), mode, SCALED));
        }
    }
    for bytes in BYTES {
        cases.push(Case::of(format!("fanout 100 16 {bytes}"), Mode::Pinned, SCALED));
        cases.push(Case::of(format!("rpc 64 8 {bytes}"), Mode::Pinned, SCALED));
    }
    // One of them is in both series.
    let mut seen: Vec<Case> = Vec::new();
    for case in cases {
        if !seen.contains(&case) {
            seen.push(case);
        }
    }
    seen
}
