//! The servers that are compared.

use std::{
    io::{self, BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use super::plan::{Case, Wire};

pub struct Peer {
    /// In options and results.
    pub id: &'static str,
    /// In tables.
    pub name: &'static str,
    program: Program,
    pub socket_io: bool,
}

enum Program {
    /// The example; for what it leaves at its default, another server with the same contract.
    Zocket,
    /// A binary of this package.
    Rust(&'static str),
    Bun(&'static str),
    Node(&'static str),
}

const fn peer(id: &'static str, name: &'static str, program: Program) -> Peer {
    Peer { id, name, program, socket_io: false }
}

/// Ratios are to these.
pub const REFERENCES: [(&str, &str); 3] =
    [("floor", "floor"), ("bun", "Bun"), ("axum_broadcast", "axum chat")];

pub const PEERS: [Peer; 9] = [
    peer("floor", "floor: bare epoll, no JSON", Program::Rust("floor")),
    peer("zocket", "zocket", Program::Zocket),
    peer("bun", "Bun, native pub/sub", Program::Bun("peers/bun.js")),
    peer("axum_mpsc", "axum ws, bounded mpsc, feed and flush", Program::Rust("axum_mpsc")),
    peer("axum_one_task", "axum ws, one task, 4 KiB buffer", Program::Rust("axum_one_task")),
    peer("axum_broadcast", "axum ws, tokio broadcast (chat example)", Program::Rust("axum_broadcast")),
    Peer { socket_io: true, ..peer("socketioxide", "socketioxide", Program::Rust("socketioxide")) },
    peer("ws", "Node, ws", Program::Node("peers/ws.mjs")),
    Peer { socket_io: true, ..peer("socket_io", "Node, Socket.IO", Program::Node("peers/socket_io.mjs")) },
];

/// A command that runs on one core, where cores are to be kept apart.
pub fn command(program: impl AsRef<Path>, core: Option<u32>) -> Command {
    let program = program.as_ref();
    let Some(core) = core else { return Command::new(program) };
    let mut command = Command::new("taskset");
    command.args(["-c", &core.to_string()]).arg(program);
    command
}

/// A server at work; it ends with this.
pub struct Server {
    child: Child,
    /// `HOST:PORT`
    pub address: String,
}

impl Server {
    /// Starts a peer, and waits until it says where it listens. `binaries` is where this package's are.
    ///
    /// # Errors
    /// It cannot be started, or ends before it listens.
    pub fn start(peer: &Peer, case: &Case, binaries: &Path) -> io::Result<Self> {
        let (program, script) = match peer.program {
            Program::Zocket if case.wire == Wire::Plain => (binaries.join("bench_server"), None),
            Program::Zocket => (binaries.join("zocket_variants"), None),
            Program::Rust(name) => (binaries.join(name), None),
            Program::Bun(script) => ("node_modules/.bin/bun".into(), Some(script)),
            Program::Node(script) => ("node".into(), Some(script)),
        };
        let mut child = command(program, case.mode.server_core())
            .args(script)
            .envs([
                ("PORT", "0".to_owned()),
                ("WORKERS", case.mode.workers().to_string()),
                ("NO_COLOR", "1".to_owned()),
            ])
            .envs(case.wire.variable().map(|variable| (variable, "1")))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut output = BufReader::new(child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?);
        let mut server = Self { child, address: String::new() };
        let mut line = String::new();
        while server.address.is_empty() {
            line.clear();
            if output.read_line(&mut line)? == 0 {
                return Err(io::Error::other("it ended before it listened"));
            }
            if let Some((_, address)) = line.split_once("http://") {
                server.address = address.trim().to_owned();
            }
        }
        // What else it prints must go somewhere, or it blocks.
        std::thread::spawn(move || io::copy(&mut output, &mut io::sink()));
        Ok(server)
    }

    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Neither can fail in a way that matters: the process is ours, and gone or about to be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
