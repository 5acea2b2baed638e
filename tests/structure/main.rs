//! Checks the repository against ARCHITECTURE.md: imports between the rooms of a crate run down, every room is
//! described, and no source file is too long to read.
//!
//! A *room* is a top-level module of a crate. ARCHITECTURE.md lists them from the ground up, one row per
//! room:
//!
//! ```text
//! ### Floors of `zocket-runtime`
//!
//! | floor | room | what it is |
//! |---|---|---|
//! | 1 | `sync` | The locks, which the race tests look into. |
//! ```
//!
//! A room may import from lower floors only: neither from above, nor from its neighbours, nor what the root of the crate
//! re-exports, unless that is another crate under a new name. `lib.rs` and `main.rs` are the roof and may import anything.
//! So may tests.

mod floors;
mod imports;
mod logic;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use floors::{Floors, up};

/// Of a source file, in lines.
const LONGEST: usize = 400;

/// Longer ones, and why.
const MAY_BE_LONGER: [(&str, &str); 5] = [
    ("zocket-macros/src/snapshots/", "whole expansions, generated"),
    ("zocket-cli/tests/everything/snapshot.ts", "generated"),
    ("zocket-cli/tests/everything/router.rs", "a router with one of everything: data"),
    ("zocket-contract/tests/diff/table.rs", "a table of rules, one row a case"),
    ("zocket-cli/src/typescript/runtime.ts", "handed out to users as one file"),
];

/// Not ours, or made by the build.
const FOREIGN: [&str; 5] = ["target", "node_modules", "corpus", "generated", ".git"];

/// Folders and files of tests, below `src`.
const TESTS: [&str; 4] = ["tests", "tests.rs", "races", "snapshots"];

#[test]
fn imports_between_rooms_run_down_and_each_room_has_a_sentence() {
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let mut faults = Vec::new();
    let mut imports = 0;
    for name in crates() {
        let floors = match Floors::read(&architecture, &name) {
            Ok(floors) => floors,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        let src = root().join(&name).join("src");
        let files = sources(&src, &["rs"]);
        let files = files.iter().map(|file| relative(file, &src)).filter(|file| !is_test(file));
        let files: Vec<_> =
            files.map(|file| (fs::read_to_string(src.join(&file)).expect("a source"), file)).collect();

        let rooms =
            files.iter().filter_map(|(_, file)| imports::module_of(file).into_iter().next()).collect();
        faults.extend(floors.differ_from(&rooms).into_iter().map(|fault| format!("{name}: {fault}")));
        let outside: BTreeSet<_> = files
            .iter()
            .filter(|(_, file)| imports::module_of(file).is_empty())
            .flat_map(|(root, _)| imports::renamed_crates(root, &rooms))
            .collect();
        for (text, file) in &files {
            let found = imports::between_rooms(text, file, &rooms)
                .unwrap_or_else(|error| panic!("{name}/src/{file}: {error}"));
            imports += found.len();
            let found = found.iter().filter(|import| !outside.contains(import.first()));
            faults.extend(
                found.filter_map(|import| {
                    up(&floors, import).map(|fault| format!("{name}/src/{file}: {fault}"))
                }),
            );
        }
    }
    assert_none(&faults, "move what is imported to a lower room, or the importing code to a higher one");
    assert!(
        imports > 100,
        "no more than {imports} imports between rooms were found: the test reads too little"
    );
}

#[test]
fn no_source_file_is_too_long_to_read() {
    let files = sources(root(), &["rs", "ts", "tsx", "mjs"]);
    assert!(files.len() > 300, "no more than {} files were found: the test reads too little", files.len());
    let faults = files.iter().filter_map(|path| {
        let file = relative(path, root());
        let lines = fs::read_to_string(path).expect("a source").lines().count();
        let may = MAY_BE_LONGER.iter().any(|(longer, _)| file.starts_with(longer));
        (lines > LONGEST && !may).then(|| format!("{file}: {lines} lines, at most {LONGEST} are allowed"))
    });
    assert_none(&faults.collect::<Vec<_>>(), "split it where its subject changes");
}

/// An obsolete exception would let the next long file through.
#[test]
fn every_exception_is_still_needed() {
    let files = sources(root(), &["rs", "ts"]);
    let long: BTreeSet<_> = files
        .iter()
        .filter(|path| fs::read_to_string(path).expect("a source").lines().count() > LONGEST)
        .map(|path| relative(path, root()))
        .collect();
    let idle: Vec<_> =
        MAY_BE_LONGER.iter().filter(|(name, _)| !long.iter().any(|file| file.starts_with(name))).collect();
    assert!(idle.is_empty(), "nothing is longer than {LONGEST} lines there: {idle:?}");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The packages with rooms: all but the facade.
fn crates() -> Vec<String> {
    let entries = fs::read_dir(root()).expect("the workspace").map(|entry| entry.expect("an entry").path());
    let mut names: Vec<_> = entries
        .filter(|path| path.join("Cargo.toml").is_file() && path.join("src").is_dir())
        .map(|path| relative(&path, root()))
        .filter(|name| name.starts_with("zocket-"))
        .collect();
    names.sort();
    assert!(names.len() >= 4, "too few crates: {names:?}");
    names
}

/// All files below a folder that end in one of these, in order.
fn sources(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_symlink() || FOREIGN.contains(&name.as_str()) {
        } else if path.is_dir() {
            found.extend(sources(&path, endings));
        } else if endings.iter().any(|ending| name.ends_with(&format!(".{ending}"))) {
            found.push(path);
        }
    }
    found
}

fn relative(path: &Path, base: &Path) -> String {
    let path = path.strip_prefix(base).expect("a path below it");
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn is_test(file: &str) -> bool {
    file.split('/').any(|part| TESTS.contains(&part))
}

fn assert_none(faults: &[String], help: &str) {
    assert!(faults.is_empty(), "{} faults:\n  {}\nhelp: {help}", faults.len(), faults.join("\n  "));
}
