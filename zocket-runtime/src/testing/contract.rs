//! Checking a router against the committed contract.

use std::{
    env, fmt, fs, io,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use crate::contract::Contract;
use zocket_contract::ParseContractError;

/// The environment variable that asks for the file to be rewritten.
const UPDATE: &str = "ZOCKET_UPDATE_CONTRACT";

/// Checks a router's contract against a committed file, so that no change goes unnoticed.
///
/// ```no_run
/// # #[zocket::router] mod app { #[incoming] async fn ping() {} }
/// #[test]
/// fn the_contract_is_the_committed_one() {
///     zocket::testing::assert_contract("contract.json", &app::contract());
/// }
/// ```
///
/// A relative path starts at the folder of the package's `Cargo.toml`. With `ZOCKET_UPDATE_CONTRACT=1` in the
/// environment, the file is written instead (atomically), unless it is up to date.
///
/// The formatting of the file does not matter, but its content does, including descriptions, since clients are generated
/// from it.
///
/// # Panics
/// If the contract differs from the file's, with what has changed and which changes break clients, as
/// [`Contract::compare`] finds them. If there is no such file, it is not a contract, or it cannot be written.
#[track_caller]
pub fn assert_contract(path: impl AsRef<Path>, contract: &Contract) {
    let root = env::var_os("CARGO_MANIFEST_DIR").map_or_else(PathBuf::new, PathBuf::from);
    let path = root.join(path);
    let asked = env::var_os(UPDATE).is_some_and(|value| !value.is_empty() && value != "0");
    let outcome = if asked { update(&path, contract) } else { hold(&path, contract) };
    if let Err(fault) = outcome {
        panic!("{fault}");
    }
}

fn hold(path: &Path, contract: &Contract) -> Result<(), Fault> {
    let fault = |what| Fault { path: path.to_owned(), what };
    let text = fs::read_to_string(path).map_err(|error| {
        fault(match error.kind() {
            io::ErrorKind::NotFound => What::Missing,
            _ => What::Unreadable(error),
        })
    })?;
    let committed = Contract::parse(&text).map_err(|error| fault(What::NoContract(error)))?;
    if committed == *contract {
        return Ok(());
    }
    let diff = Contract::compare(&committed, contract);
    Err(fault(What::Changed { breaking: diff.is_breaking(), report: diff.to_string() }))
}

fn update(path: &Path, contract: &Contract) -> Result<(), Fault> {
    if hold(path, contract).is_ok() {
        return Ok(());
    }
    write(path, &contract.to_json())
        .map_err(|error| Fault { path: path.to_owned(), what: What::Unwritable(error) })
}

/// Writes a file atomically: a concurrent reader sees the old one or the new one.
fn write(path: &Path, text: &str) -> io::Result<()> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    // The file that a link leads to is written, not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().ok_or_else(|| io::Error::other("the path names no file"))?;
    let mut beside = name.to_owned();
    beside.push(format!(".{}-{}.tmp", process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
    let beside = path.with_file_name(beside);
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // It may not exist, and the first error is the one to report.
        let _ = fs::remove_file(&beside);
    }
    written
}

struct Fault {
    path: PathBuf,
    what: What,
}

enum What {
    Missing,
    Unreadable(io::Error),
    Unwritable(io::Error),
    NoContract(ParseContractError),
    Changed { breaking: bool, report: String },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        let how = Update;
        match &self.what {
            What::Missing => write!(
                f,
                "there is no contract to hold the router to: {path} does not exist\nhelp: write it with `{how}` and commit it"
            ),
            What::Unreadable(error) => write!(f, "{path} cannot be read: {error}"),
            What::Unwritable(error) => {
                write!(f, "{path} cannot be written: {error}\nhelp: does its folder exist?")
            }
            What::NoContract(error) => write!(
                f,
                "{path}:{}:{}: {}\nhelp: take the file back from version control, or write it anew with `{how}`",
                error.line(),
                error.column(),
                error.message(),
            ),
            What::Changed { breaking, report } => {
                let report = if report == "no changes" {
                    "nothing that a client could tell, but the contract's hash or its layout of schemas is another"
                } else {
                    report
                };
                write!(f, "the router is no longer what {path} says\n\n{report}\n\n")?;
                if *breaking {
                    f.write_str("help: clients made from the committed contract may fail against this router; if you can live with that, ")?;
                } else {
                    f.write_str("help: no client breaks by this; if it is meant, ")?;
                }
                write!(f, "write the file with `{how}` and commit it")
            }
        }
    }
}

/// The command that writes the file.
struct Update;

impl fmt::Display for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{UPDATE}=1 cargo test")?;
        // The test harness runs each test on a thread with the test's name.
        match thread::current().name() {
            Some("main") | None => Ok(()),
            Some(test) => write!(f, " {test}"),
        }
    }
}
