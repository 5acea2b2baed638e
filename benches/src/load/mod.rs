//! The load generator: one thread, many connections.

mod calls;
mod client;
mod dialect;
mod fanout;
mod process;
mod rooms;
mod rpc;
mod storm;
mod stream;
mod text;

use std::time::{Duration, Instant};

pub use client::Target;
use client::{Client, Conns, Driver};
pub use dialect::Dialect;
use dialect::Kind;
use process::Cpu;
use serde::{Deserialize, Serialize};
use text::text;

use crate::wire::Frame;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    Fanout {
        connections: usize,
        window: u64,
        bytes: usize,
    },
    /// A fan-out with one more connection, which never reads.
    Slow {
        connections: usize,
        window: u64,
        bytes: usize,
    },
    Storm {
        connections: usize,
        window: u64,
        bytes: usize,
    },
    Rpc {
        connections: usize,
        depth: u64,
        bytes: usize,
    },
    Idle {
        connections: usize,
    },
    Rooms {
        rooms: usize,
        members: usize,
    },
}

/// What the load generator prints to stderr when it only has to wait.
pub const SETTLING: &str = "settling";

#[derive(Clone, Debug)]
pub struct Settings {
    pub target: Target,
    /// The server's process.
    pub pid: String,
    pub warm_up: Duration,
    pub measure: Duration,
    /// How long connections stay quiet before their memory is looked at, after a large message.
    pub settle: Duration,
    /// Open connections in the rooms workload.
    pub room_connections: usize,
}

/// The result of a workload. All times are in microseconds.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Report {
    /// What did not arrive, or what went wrong: the other figures mean nothing then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lossy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic: Option<Traffic>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<Memory>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Traffic {
    /// Deliveries or calls.
    pub per_second: f64,
    /// The server's CPU for each of them.
    pub cpu_us: f64,
    pub user_us: f64,
    pub system_us: f64,
    /// From a call to its reply; in fan-outs but storms, to its delivery.
    pub p50_us: f64,
    pub p99_us: f64,
    /// Messages that one read of the load generator returned.
    pub per_read: f64,
    /// The share of a core that the load generator used: near 1, the rate is its own and not the server's.
    pub client_busy: f64,
    pub resident_kib: f64,
}

/// Resident memory of the server, in KiB a connection.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Memory {
    pub connections: usize,
    pub quiet: f64,
    pub after_a_call: f64,
    pub after_60_kb: f64,
    /// After `settle_seconds` more.
    pub settled: f64,
    pub settle_seconds: f64,
    /// What the kernel keeps for a quiet connection, of both its ends, which is in nobody's resident memory; `None` where
    /// it tells only root.
    pub kernel: Option<f64>,
}

/// Runs a workload.
#[must_use]
pub fn run(workload: Workload, settings: &Settings) -> Report {
    let outcome = match workload {
        Workload::Fanout { connections, window, bytes } => {
            let fanout = fanout::Fanout::new(settings.target.dialect, connections, window, text(bytes));
            greeted(settings, connections)
                .and_then(|client| traffic(client, fanout, settings, |fanout| &mut fanout.times))
        }
        Workload::Slow { connections, window, bytes } => {
            let fanout = fanout::Fanout::new(settings.target.dialect, connections, window, text(bytes));
            greeted(settings, connections).and_then(|mut client| {
                client.connect_deaf()?;
                traffic(client, fanout, settings, |fanout| &mut fanout.times)
            })
        }
        Workload::Storm { connections, window, bytes } => {
            let storm = storm::Storm::new(settings.target.dialect, connections, window, text(bytes));
            greeted(settings, connections)
                .and_then(|client| traffic(client, storm, settings, |storm| &mut storm.times))
        }
        Workload::Rpc { connections, depth, bytes } => {
            let rpc = rpc::Rpc::new(settings.target.dialect, connections, depth, text(bytes));
            greeted(settings, connections)
                .and_then(|client| traffic(client, rpc, settings, |rpc| &mut rpc.times))
        }
        Workload::Rooms { rooms, members } => {
            let connections = settings.room_connections.max(members);
            let mut join = rooms::Join::new(settings.target.dialect, connections, rooms, members);
            let posts = rooms::Rooms::new(settings.target.dialect, connections, rooms, members, text(64));
            connected(settings, connections + 1).and_then(|mut client| {
                complete(&mut client, &mut join)?;
                traffic(client, posts, settings, |posts| &mut posts.times)
            })
        }
        Workload::Idle { connections } => memory(connections, settings),
    };
    outcome.unwrap_or_else(|fault| Report { lossy: Some(fault), ..Report::default() })
}

fn connected(settings: &Settings, connections: usize) -> Result<Client, String> {
    let mut client = Client::new(settings.target).map_err(|error| error.to_string())?;
    client.connect(connections)?;
    Ok(client)
}

/// Connections that the server has answered: those it knows, and would send a broadcast to.
fn greeted(settings: &Settings, connections: usize) -> Result<Client, String> {
    let mut client = connected(settings, connections)?;
    complete(&mut client, &mut rpc::Rpc::once(settings.target.dialect, connections, text(64)))?;
    Ok(client)
}

/// Runs a driver that ends by itself.
fn complete(client: &mut Client, driver: &mut impl Driver) -> Result<(), String> {
    driver.start(client.conns());
    client.run(driver, None)?;
    driver.missing().map_or(Ok(()), Err)
}

fn traffic<D: Driver>(
    mut client: Client,
    mut driver: D,
    settings: &Settings,
    times: impl Fn(&mut D) -> &mut calls::Times,
) -> Result<Report, String> {
    let look = |client: &Client, driver: &D| -> Result<_, String> {
        let cpu = Cpu::of(&settings.pid).map_err(|error| format!("the server is gone: {error}"))?;
        let own = Cpu::of("self").map_err(|error| error.to_string())?;
        Ok((Instant::now(), driver.done(), client.reads, cpu, own))
    };
    driver.start(client.conns());
    let mut alive = client.run(&mut driver, Some(Instant::now() + settings.warm_up))?;
    times(&mut driver).clear();
    let (began, done, reads, cpu, own) = look(&client, &driver)?;
    alive = alive && client.run(&mut driver, Some(began + settings.measure))?;
    let after = look(&client, &driver)?;
    let resident_kib = process::resident_kib(&settings.pid).map_err(|error| error.to_string())?;
    let (p50, p99) = (times(&mut driver).percentile(50.0), times(&mut driver).percentile(99.0));
    driver.stop();
    if alive {
        client.run(&mut driver, None)?;
    }
    let elapsed = (after.0 - began).as_secs_f64();
    let count = (after.1 - done) as f64;
    let each = |time: Duration| time.as_secs_f64() * 1e6 / count;
    let cpu = after.3.since(cpu);
    let traffic = Traffic {
        per_second: count / elapsed,
        cpu_us: each(cpu.total()),
        user_us: each(cpu.user),
        system_us: each(cpu.system),
        p50_us: p50.unwrap_or_default(),
        p99_us: p99.unwrap_or_default(),
        per_read: count / (after.2 - reads) as f64,
        client_busy: after.4.since(own).total().as_secs_f64() / elapsed,
        resident_kib,
    };
    Ok(Report { lossy: driver.missing(), traffic: Some(traffic), memory: None })
}

/// Makes no calls.
struct Quiet;

impl Driver for Quiet {
    fn start(&mut self, _: &mut Conns) {}

    fn message(&mut self, conn: usize, _: Kind, message: Frame<'_>, _: Instant) -> Result<(), String> {
        Err(format!("connection {conn}, which is quiet, hears {}", String::from_utf8_lossy(message.payload)))
    }

    fn after(&mut self, _: usize, _: &mut Conns) {}
    fn stop(&mut self) {}

    fn done(&self) -> u64 {
        0
    }

    fn missing(&self) -> Option<String> {
        Some("nothing is expected".to_owned())
    }
}

fn memory(connections: usize, settings: &Settings) -> Result<Report, String> {
    let kib = || process::resident_kib(&settings.pid).map_err(|error| format!("the server is gone: {error}"));
    let quiet = |client: &mut Client, time| {
        let until = Instant::now() + time;
        // The longest wait is the settling; `run` would take ten quiet seconds for a dead server.
        while Instant::now() < until {
            client.turn(Duration::from_millis(100).min(time), &mut Quiet)?;
        }
        Ok::<(), String>(())
    };
    let short = Duration::from_secs(2).min(settings.settle);
    // What the server sets up once, with its first connections and calls, is none of theirs.
    drop(greeted(settings, 16)?);
    let before = kib()?;
    let kernel_before = process::kernel_kib().ok();
    let each = |now: f64| (now - before) / connections as f64;
    let mut client = connected(settings, connections)?;
    quiet(&mut client, short)?;
    let at_first = each(kib()?);
    let kernel_after = process::kernel_kib().ok();
    complete(&mut client, &mut rpc::Rpc::once(settings.target.dialect, connections, text(64)))?;
    quiet(&mut client, short)?;
    let after_a_call = each(kib()?);
    // Ids are counted from 0 again; the servers do not mind.
    complete(&mut client, &mut rpc::Rpc::once(settings.target.dialect, connections, text(60_000)))?;
    let after_60_kb = each(kib()?);
    // Who waits for several servers can start the next one now.
    eprintln!("{SETTLING}");
    quiet(&mut client, settings.settle)?;
    let memory = Memory {
        connections,
        quiet: at_first,
        after_a_call,
        after_60_kb,
        settled: each(kib()?),
        settle_seconds: settings.settle.as_secs_f64(),
        kernel: kernel_before.zip(kernel_after).map(|(before, after)| (after - before) / connections as f64),
    };
    Ok(Report { memory: Some(memory), ..Report::default() })
}
