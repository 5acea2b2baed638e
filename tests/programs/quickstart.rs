//! Follows `docs/quickstart.md` word for word in a fresh folder, up to a browser that shows the reply.
//!
//! Each fenced block of the page is a step, in order: a file to write, commands to run, a server to start, lines to change,
//! or expected output. Four parts are replaced here, so that it works with the code of this repository, without a network
//! and alongside other tests; each must be on the page:
//!
//! | on the page | here |
//! |---|---|
//! | `{ git = "…" }` | the path of this repository |
//! | `cargo install --git … zocket-cli` | the command line that this repository builds, on the `PATH` |
//! | `npm install --no-save …` | the packages of `tests/clients` |
//! | port `3000` | a free port |

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::program::{command_path, run};

const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");
const PAGE: &str = include_str!("../../docs/quickstart.md");

#[test]
fn the_page_from_cargo_new_to_a_browser_works_word_for_word() {
    let mut reader = Reader::new();
    for part in parts(PAGE) {
        match part {
            // At this point, everything that the browser needs has been written.
            Part::Heading("A change") => reader.look_at_the_page(),
            Part::Heading(_) => {}
            Part::Block { kind: "sh", title: "", body } => body.lines().for_each(|line| reader.type_in(line)),
            Part::Block { kind: "sh", title: "server", body } => reader.start(body),
            Part::Block { kind: "text", title: "", body } => assert_eq!(reader.printed, body),
            Part::Block { kind: "text", title: "tsc", body } => {
                reader.sees_fail("npx tsc --project web", body);
            }
            Part::Block { kind: "text", title: "diff", body } => {
                reader.sees_fail("zocket diff contract.json http://127.0.0.1:3000", body);
            }
            Part::Block { kind: "diff", title, body } => reader.change(title, body),
            Part::Block { title, body, .. } => reader.write(title, body),
        }
    }
    assert_eq!(reader.replaced, ["cargo install", "git", "npm install"].map(str::to_owned).into());
}

enum Part {
    Heading(&'static str),
    Block { kind: &'static str, title: &'static str, body: &'static str },
}

/// The headings and fenced blocks of a page.
fn parts(page: &'static str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = page;
    while let Some((line, after)) = rest.split_once('\n') {
        rest = after;
        if let Some(heading) = line.strip_prefix("## ") {
            parts.push(Part::Heading(heading));
        } else if let Some(info) = line.strip_prefix("```") {
            let (kind, title) = info.split_once(' ').unwrap_or((info, ""));
            let end = rest.find("```\n").expect("an end of the block");
            parts.push(Part::Block { kind, title, body: &rest[..end] });
            rest = &rest[end + 4..];
        }
    }
    parts
}

/// A reader who does what the page says.
struct Reader {
    home: PathBuf,
    folder: PathBuf,
    port: u16,
    server: Option<Server>,
    /// What the last command wrote to stdout.
    printed: String,
    replaced: std::collections::BTreeSet<String>,
}

impl Reader {
    fn new() -> Self {
        // Outside of the repository: `cargo new` would make the project a member of its workspace.
        let home = env::temp_dir().join(format!("zocket-quickstart-{}", std::process::id()));
        fs::create_dir_all(&home).expect("a folder");
        let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|socket| socket.local_addr());
        Self {
            folder: home.clone(),
            home,
            port: port.expect("a free port").port(),
            server: None,
            printed: String::new(),
            replaced: Default::default(),
        }
    }

    fn here(&self, text: &str) -> String {
        text.replace("3000", &self.port.to_string())
    }

    /// A shell in the reader's folder.
    fn shell(&self, line: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-ec", &self.here(line)]).current_dir(&self.folder);
        // The dependencies are built once, with those of the tests.
        let this_test = env::current_exe().expect("a path of this test");
        let target = this_test.ancestors().nth(3).expect("a target folder");
        shell.env("CARGO_TARGET_DIR", target).env("NO_COLOR", "1");
        let zocket = command_path();
        let mut path = vec![zocket.parent().expect("a folder").to_owned()];
        path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        shell.env("PATH", env::join_paths(path).expect("a PATH"));
        // Nothing that the page uses may be downloaded silently.
        shell.env("npm_config_offline", "true").env("npm_config_update_notifier", "false");
        shell
    }

    fn type_in(&mut self, line: &str) {
        if let Some(folder) = line.strip_prefix("cd ") {
            self.folder.push(folder);
        } else if line == "cargo install --git … zocket-cli" {
            self.replaced.insert("cargo install".into());
        } else if line.starts_with("npm install --no-save ") {
            let packages = Path::new(REPOSITORY).join("tests/clients/node_modules");
            std::os::unix::fs::symlink(packages, self.folder.join("node_modules")).expect("a link");
            self.replaced.insert("npm install".into());
        } else {
            let (succeeded, printed) = run(&mut self.shell(line));
            assert!(succeeded, "`{line}` fails: see above");
            self.printed = printed;
        }
    }

    fn sees_fail(&self, line: &str, expected: &str) {
        assert!(PAGE.contains(&format!("`{line}`")), "the page does not say `{line}`");
        let (succeeded, printed) = run(&mut self.shell(line));
        assert!(!succeeded, "`{line}` succeeds");
        assert_eq!(printed.trim_end(), expected.trim_end(), "after `{line}`");
    }

    fn write(&mut self, name: &str, body: &str) {
        let mut text = self.here(body);
        if name == "Cargo.toml" {
            let here = text.replace("{ git = \"…\" }", &format!("{{ path = {REPOSITORY:?} }}"));
            assert_ne!(here, text, "the page does not name the repository");
            self.replaced.insert("git".into());
            text = here;
            let lock = Path::new(REPOSITORY).join("Cargo.lock");
            fs::copy(lock, self.folder.join("Cargo.lock")).expect("the repository's lock file");
        }
        fs::write(self.folder.join(name), text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    fn change(&self, name: &str, body: &str) {
        let path = self.folder.join(name);
        let mut text = fs::read_to_string(&path).expect("a file to change");
        let mut lines = body.lines();
        while let (Some(old), Some(new)) = (lines.next(), lines.next()) {
            let old = old.strip_prefix('-').expect("a line that goes");
            let new = new.strip_prefix('+').expect("a line that comes");
            assert_eq!(text.matches(&format!("{old}\n")).count(), 1, "{old:?} in {name}");
            text = text.replace(old, new);
        }
        fs::write(path, text).expect("a file to write");
    }

    fn start(&mut self, body: &str) {
        // Its port is free only when it is gone.
        self.server = None;
        let mut fetch = self.shell("cargo fetch --offline");
        let offline = fetch.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        let mut shell = self.shell(body);
        if offline {
            shell.env("CARGO_NET_OFFLINE", "true");
        }
        self.server = Some(Server::start(&mut shell, &format!("open http://127.0.0.1:{}", self.port)));
    }

    fn look_at_the_page(&self) {
        let mut node = Command::new("node");
        node.current_dir(Path::new(REPOSITORY).join("tests/browser"));
        node.arg("quickstart.mjs").arg(format!("http://127.0.0.1:{}/", self.port));
        let (succeeded, printed) = run(&mut node);
        let whole = printed.ends_with("2 steps passed, 0 failed\n");
        assert!(succeeded && whole, "see above; help: what the script needs is installed by tests/run");
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.server = None;
        if !std::thread::panicking() {
            fs::remove_dir_all(&self.home).ok();
        }
    }
}

/// `cargo run` and what it runs.
struct Server(Child);

impl Server {
    fn start(command: &mut Command, ready: &str) -> Self {
        // Its own process group, so that the server ends with the shell and cargo that started it.
        let child = command.stdout(Stdio::piped()).process_group(0).spawn().expect("a shell");
        let mut server = Self(child);
        let mut stdout = BufReader::new(server.0.stdout.take().expect("piped"));
        let mut line = String::new();
        while line.trim_end() != ready {
            line.clear();
            let read = stdout.read_line(&mut line).expect("a line");
            assert!(read > 0, "the server ended before it said {ready:?}: see above");
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        Command::new("kill").args(["-KILL", "--", &group]).status().ok();
        self.0.wait().ok();
    }
}
