//! The contract in a file, and what a developer sees when the router no longer matches it.
//!
//! Each test runs one of this binary's tests, `subject`, as a developer would: in its own folder and environment.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use zocket::Contract;

/// The contract that was committed.
#[zocket::router]
mod committed {
    #[payload]
    pub struct Order {
        #[schemars(range(max = 100))]
        pub price: u32,
    }

    #[incoming]
    async fn order(_input: Order) {}
}

/// The router, some days later.
#[zocket::router]
mod app {
    #[payload]
    pub struct Order {
        #[schemars(range(max = 50))]
        pub price: u32,
        pub note: Option<String>,
    }

    #[incoming]
    async fn order(_input: Order) {}
}

/// The router, better described.
#[zocket::router]
mod described {
    /// What is ordered.
    #[payload]
    pub struct Order {
        #[schemars(range(max = 100))]
        pub price: u32,
    }

    #[incoming]
    async fn order(_input: Order) {}
}

/// A developer's test.
#[test]
#[ignore = "run by the others, in a folder of their own"]
fn subject() {
    let contract = match std::env::var("ROUTER").as_deref() {
        Ok("committed") => committed::contract(),
        Ok("described") => described::contract(),
        _ => app::contract(),
    };
    zocket::testing::assert_contract("contract.json", &contract);
}

/// A package's folder, removed at the end.
struct Package(PathBuf);

impl Package {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("zocket-gate-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn with(name: &str, text: &str) -> Self {
        let package = Self::new(name);
        fs::write(package.file(), text).unwrap();
        package
    }

    fn file(&self) -> PathBuf {
        self.0.join("contract.json")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }

    /// Runs the developer's test: whether it passes, and what it prints.
    fn test(&self, router: &str, update: Option<&str>) -> (bool, String) {
        run(&self.0, router, update)
    }

    #[track_caller]
    fn fails(&self, router: &str, parts: &[&str]) {
        let (passed, printed) = self.test(router, None);
        assert!(!passed, "{printed}");
        for part in parts {
            assert!(printed.contains(part), "no {part:?} in:\n{printed}");
        }
    }
}

fn run(folder: &Path, router: &str, update: Option<&str>) -> (bool, String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["contract_gate::subject", "--exact", "--ignored"]);
    command.env("CARGO_MANIFEST_DIR", folder).env("ROUTER", router).env("RUST_BACKTRACE", "0");
    match update {
        Some(value) => command.env("ZOCKET_UPDATE_CONTRACT", value),
        None => command.env_remove("ZOCKET_UPDATE_CONTRACT"),
    };
    let output = command.output().unwrap();
    let printed =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(printed.contains("running 1 test"), "{printed}");
    (output.status.success(), printed)
}

impl Drop for Package {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_router_that_is_what_the_file_says_passes() {
    let package = Package::with("same", &committed::contract().to_json());
    let (passed, printed) = package.test("committed", None);
    assert!(passed, "{printed}");
    // However it is formatted.
    fs::write(package.file(), committed::contract().to_string().replace(',', ",\r\n\t")).unwrap();
    let (passed, printed) = package.test("committed", None);
    assert!(passed, "{printed}");
}

#[test]
fn a_change_is_told_and_judged() {
    let package = Package::with("changed", &committed::contract().to_json());
    package.fails(
        "app",
        &[
            "the router is no longer what ",
            "1 breaking change\n  order (incoming)\n",
            "payload /price: the maximum went from 100 to 50: clients that send 51 are refused",
            "1 compatible change\n  order (incoming)\n    payload /note: new, and may be left out",
            "clients made from the committed contract may fail",
            "`ZOCKET_UPDATE_CONTRACT=1 cargo test contract_gate::subject`",
            "tests/integration/contract_gate.rs:",
        ],
    );
    package.fails(
        "described",
        &["3 changes of documentation only", "payload: described now", "no client breaks by this"],
    );
    assert_eq!(package.text(), committed::contract().to_json(), "nobody asked for the file to be written");
}

#[test]
fn the_file_is_written_when_that_is_asked_for() {
    let package = Package::new("update");
    for router in ["committed", "described", "app"] {
        let (passed, printed) = package.test(router, Some("1"));
        assert!(passed, "{printed}");
        let (passed, printed) = package.test(router, None);
        assert!(passed, "{printed}");
    }
    assert_eq!(package.text(), app::contract().to_json());
    assert_eq!(Contract::parse(&package.text()).unwrap(), app::contract());
    let left: Vec<_> = fs::read_dir(&package.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["contract.json"], "nothing else is left");
    // `0` means no, and an up-to-date file is left alone.
    assert!(!package.test("committed", Some("0")).0);
    let laid_out = app::contract().to_string();
    fs::write(package.file(), &laid_out).unwrap();
    assert!(package.test("app", Some("1")).0);
    assert_eq!(package.text(), laid_out);
}

#[test]
fn a_file_that_is_missing_or_no_contract_says_how_to_make_it() {
    let package = Package::new("missing");
    package.fails(
        "app",
        &["contract.json does not exist", "help: write it with `ZOCKET_UPDATE_CONTRACT=1 cargo test"],
    );
    assert!(!package.file().exists());
    fs::write(package.file(), "{\"format\": 1,\n oops}").unwrap();
    package.fails("app", &["contract.json:2:", "write it anew with"]);
    let by_hand = committed::contract().to_json().replace("100", "1000");
    fs::write(package.file(), by_hand).unwrap();
    package.fails("app", &["contract.json:", "changed by hand"]);
    let (passed, printed) = package.test("app", Some("1"));
    assert!(passed, "{printed}");
    assert_eq!(package.text(), app::contract().to_json());
}

#[test]
fn a_file_that_cannot_be_written_is_an_error() {
    let package = Package::new("unwritable");
    let (passed, printed) = run(&package.0.join("nowhere"), "app", Some("1"));
    assert!(!passed && printed.contains("cannot be written"), "{printed}");
    fs::create_dir(package.file()).unwrap();
    let (passed, printed) = package.test("app", Some("1"));
    assert!(!passed && printed.contains("cannot be written"), "{printed}");
    let left: Vec<_> = fs::read_dir(&package.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["contract.json"], "nothing half-written is left");
}
