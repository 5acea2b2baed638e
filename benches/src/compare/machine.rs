//! What the figures were measured on, and with.

use std::{collections::BTreeMap, fs, process::Command};

use serde::Serialize;

#[derive(Serialize)]
pub struct Machine {
    pub date: String,
    pub cpu: String,
    pub cores: usize,
    pub kernel: String,
    pub versions: BTreeMap<&'static str, String>,
}

/// How many files one process may hold open.
#[must_use]
pub fn open_files() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    line.and_then(|line| line.split_whitespace().next()).and_then(|soft| soft.parse().ok()).unwrap_or(1024)
}

#[must_use]
pub fn look() -> Machine {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name"));
    let mut versions = BTreeMap::new();
    for name in ["axum", "hyper", "rustls", "socketioxide", "tokio"] {
        versions.insert(name, locked(name));
    }
    let commit = says("git", &["describe", "--always", "--dirty", "--abbrev=12"]);
    versions.insert("zocket", format!("{} ({commit})", locked("zocket")));
    versions.insert("rustc", says("rustc", &["--version"]).trim_start_matches("rustc ").to_owned());
    versions.insert("Bun", says("node_modules/.bin/bun", &["--version"]));
    versions.insert("Node", says("node", &["--version"]));
    for name in ["ws", "socket.io"] {
        versions.insert(name, required(name));
    }
    Machine {
        date: says("date", &["-u", "+%Y-%m-%d %H:%M UTC"]),
        cpu: model.map_or("unknown", |model| model.trim_start_matches([' ', '\t', ':'])).to_owned(),
        cores: std::thread::available_parallelism().map_or(0, Into::into),
        kernel: says("uname", &["-sr"]),
        versions,
    }
}

/// The first line that a command prints.
fn says(program: &str, arguments: &[&str]) -> String {
    let output =
        Command::new(program).args(arguments).output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).lines().next().unwrap_or("unknown").to_owned()
}

/// The version of a crate that the peers were built with.
fn locked(name: &str) -> String {
    let mut lines = include_str!("../../Cargo.lock").lines();
    let wanted = format!("name = \"{name}\"");
    let found = lines.find(|line| *line == wanted).and_then(|_| lines.next());
    let version = found.and_then(|line| line.split('"').nth(1));
    version.unwrap_or("unknown").to_owned()
}

/// The version of an npm package.
fn required(name: &str) -> String {
    let package: serde_json::Value =
        serde_json::from_str(include_str!("../../package.json")).unwrap_or_default();
    package["dependencies"][name].as_str().unwrap_or("unknown").to_owned()
}
