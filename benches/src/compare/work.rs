//! A round: every peer at every workload, one after another.

use std::{
    io::{self, BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
};

use super::{
    Run,
    peers::{self, Peer, Server},
    plan::{Case, Plan, Wire},
    table,
};
use crate::load::{Report, SETTLING};

/// Runs a round, and adds its results.
pub fn round(plan: &Plan, round: usize, binaries: &Path, runs: &mut Vec<Run>) {
    let cases = plan.cases.iter().filter(|case| round == 0 || !case.once);
    for case in cases {
        // What a connection keeps does not depend on who else waits: all servers settle at the same time.
        let mut settling = Vec::new();
        for peer in plan.peers_of(case) {
            match Load::start(plan, case, peer, binaries) {
                Ok(load) if case.is_memory() => settling.push((peer, load)),
                started => tell(runs, case, peer, round, started.and_then(Load::finish)),
            }
        }
        for (peer, load) in settling {
            tell(runs, case, peer, round, load.finish());
        }
    }
}

fn tell(runs: &mut Vec<Run>, case: &Case, peer: &Peer, round: usize, report: io::Result<Report>) {
    let report =
        report.unwrap_or_else(|error| Report { lossy: Some(error.to_string()), ..Report::default() });
    eprintln!("round {} · {} · {}: {}", round + 1, case.title(), peer.id, table::line(&report));
    runs.push(Run { case: case.clone(), peer: peer.id, round, report });
}

/// A load generator at work on a server.
struct Load {
    child: Child,
    errors: BufReader<std::process::ChildStderr>,
    said: String,
    /// Ends with this.
    _server: Server,
}

impl Load {
    /// Starts both. For a memory workload, returns as soon as only waiting is left.
    fn start(plan: &Plan, case: &Case, peer: &Peer, binaries: &Path) -> io::Result<Self> {
        let server = Server::start(peer, case, binaries)?;
        let dialect = match case.wire {
            Wire::MsgPack => "msgpack",
            _ if peer.socket_io => "socket.io",
            _ => "zocket",
        };
        let flag = match case.wire {
            Wire::Tls => Some("--tls"),
            Wire::Compressed => Some("--deflate"),
            Wire::Plain | Wire::MsgPack => None,
        };
        let mut command: Command = peers::command(binaries.join("load"), case.mode.client_core());
        let mut child = command
            .args(["--addr", &server.address, "--pid", &server.pid().to_string()])
            .args(["--dialect", dialect])
            .args(flag)
            .args(["--warm-up", &plan.warm_up.to_string(), "--seconds", &plan.seconds.to_string()])
            .args(["--settle", &plan.settle.to_string()])
            .args(case.workload.split(' '))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let errors = BufReader::new(child.stderr.take().ok_or(io::ErrorKind::BrokenPipe)?);
        let mut load = Self { child, errors, said: String::new(), _server: server };
        while case.is_memory() && load.said.lines().all(|line| line != SETTLING) {
            if load.errors.read_line(&mut load.said)? == 0 {
                break;
            }
        }
        Ok(load)
    }

    /// Waits for the result.
    fn finish(mut self) -> io::Result<Report> {
        // One line goes to its output, which fits into the pipe while this is read.
        self.errors.read_to_string(&mut self.said)?;
        let mut printed = String::new();
        if let Some(mut output) = self.child.stdout.take() {
            output.read_to_string(&mut printed)?;
        }
        self.child.wait()?;
        serde_json::from_str(&printed).map_err(|_| io::Error::other(self.said.trim().to_owned()))
    }
}
