//! Example programs as child processes.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// How long things may take that should happen at once: generous, for a machine that is busy building.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A running example. Dropping it kills it.
pub(crate) struct Program {
    child: Child,
    addr: SocketAddr,
    log: Arc<Log>,
}

#[derive(Default)]
struct Log {
    lines: Mutex<(Vec<String>, bool)>,
    changed: Condvar,
}

impl Program {
    /// Builds and starts an example on a free port, and waits until it says where it listens.
    pub(crate) fn start(example: &str) -> Self {
        let mut child = Command::new(example_path(example))
            .env("PORT", "0")
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("the example {example} does not start: {error}"));
        let log = Arc::new(Log::default());
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        thread::spawn({
            let log = Arc::clone(&log);
            move || {
                for line in stdout.lines().map_while(Result::ok) {
                    log.lines.lock().expect("log").0.push(line);
                    log.changed.notify_all();
                }
                log.lines.lock().expect("log").1 = true;
                log.changed.notify_all();
            }
        });
        let mut program = Self { child, addr: SocketAddr::from(([127, 0, 0, 1], 0)), log };
        program.addr = program.log.wait_for("an address", listening_on);
        program
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Waits for a log line that contains all of these words.
    pub(crate) fn logged(&self, words: &[&str]) -> String {
        let has_all = |line: &str| words.iter().all(|word| line.contains(word));
        self.log.wait_for(&format!("a line with {words:?}"), |line| has_all(line).then(|| line.to_owned()))
    }

    /// Everything logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lines.lock().expect("log").0.join("\n")
    }

    /// Asks the program to end, as a service manager does.
    pub(crate) fn terminate(&self) {
        let status = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(status.is_ok_and(|status| status.success()), "SIGTERM was not sent");
    }

    /// Waits for the end of the program.
    pub(crate) fn wait(mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        let mut log = self.log.lines.lock().expect("log");
        while !log.1 {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the program did not end within {PATIENCE:?}");
            log = self.log.changed.wait_timeout(log, left).expect("log").0;
        }
        drop(log);
        self.child.wait().expect("a child to wait for")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail for a program that has ended, which is fine.
        self.child.kill().ok();
        self.child.wait().ok();
        if thread::panicking() {
            eprintln!("---- what the program logged ----\n{}", self.log());
        }
    }
}

impl Log {
    fn wait_for<T>(&self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut log = self.lines.lock().expect("log");
        loop {
            if let Some(found) = log.0.iter().find_map(|line| find(line)) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!log.1 && !left.is_zero(), "the program did not log {what}:\n{}", log.0.join("\n"));
            log = self.changed.wait_timeout(log, left).expect("log").0;
        }
    }
}

fn listening_on(line: &str) -> Option<SocketAddr> {
    let (_, addr) = line.split_once("listening on ")?;
    let addr = addr.strip_prefix("http://").unwrap_or(addr);
    addr.split_whitespace().next()?.parse().ok()
}

/// The path of an example, built as the test itself was. Under `cargo test`, which also builds examples, this finds
/// it ready; under `cargo test --test programs`, which does not, it prevents the tests from running an outdated
/// example.
pub(crate) fn example_path(name: &str) -> PathBuf {
    built("--example", name)
}

/// The path of the command line `zocket`, built likewise.
pub(crate) fn command_path() -> PathBuf {
    built("--bin", "zocket")
}

fn built(kind: &'static str, name: &str) -> PathBuf {
    static BUILT: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());
    // If a build failed before, this test gets the same error.
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    built.entry(name.to_owned()).or_insert_with(|| build(kind, name)).clone()
}

fn build(kind: &str, name: &str) -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    // The whole workspace, as in `tests/run`: the features of the dependencies are then the same, and nothing is built twice.
    cargo.args(["build", "--workspace", "--message-format=json-render-diagnostics", kind, name]);
    // The echo is only for tests, so it needs their feature.
    if cfg!(feature = "testing") || name == "autobahn_echo" {
        cargo.arg("--all-features");
    }
    let this_test = std::env::current_exe().expect("a path of this test");
    match this_test.ancestors().nth(2).and_then(Path::file_name).and_then(OsStr::to_str) {
        Some("debug") | None => {}
        Some(profile) => drop(cargo.args(["--profile", profile])),
    }
    let output = cargo.stderr(Stdio::inherit()).output().expect("cargo to start");
    assert!(output.status.success(), "{name} does not build: see above");
    let messages = output.stdout.split(|byte| *byte == b'\n');
    messages
        .filter_map(|message| serde_json::from_slice::<serde_json::Value>(message).ok())
        .filter(|message| message["target"]["name"] == name && message["target"]["kind"][0] == kind[2..])
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .unwrap_or_else(|| panic!("cargo built no {name}"))
}

/// The whole answer to a GET, headers and all.
pub(crate) fn get(addr: SocketAddr, path: &str) -> String {
    let mut socket = TcpStream::connect(addr).expect("a server to connect to");
    socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    write!(socket, "GET {path} HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\n\r\n")
        .expect("a request to send");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    answer
}

/// A folder inside the target directory for what a test leaves behind for inspection.
pub(crate) fn report_folder(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a target directory");
    let folder = target.join(name);
    std::fs::create_dir_all(&folder).expect("a folder for the report");
    folder
}

/// Runs a test program to its end, with its output shown by the test runner; says what to do if it is missing.
pub(crate) fn run(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap_or_else(|error| {
        panic!(
            "{} does not start: {error}; help: run tests/run, which installs it",
            command.get_program().display()
        )
    });
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    eprintln!("{printed}{}", String::from_utf8_lossy(&output.stderr));
    (output.status.success(), printed)
}
