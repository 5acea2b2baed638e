//! Separate packages, like a user's: with only zocket as a dependency, with zocket under another name, with their own serde,
//! and with every lint denied.
//!
//! Cases that need only one file and this package's own dependencies are in `tests/ui/pass/hygiene`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Name, dependencies, source.
const PACKAGES: [(&str, &str, &str); 3] = [
    ("only_zocket", "zocket = { path = \"{zocket}\" }", include_str!("only_zocket.rs")),
    ("renamed", "other_name = { package = \"zocket\", path = \"{zocket}\" }", include_str!("renamed.rs")),
    (
        "own_serde",
        "zocket = { path = \"{zocket}\" }\n\
         serde = { version = \"1\", features = [\"derive\"] }\n\
         schemars = { version = \"1\", default-features = false, features = [\"derive\", \"std\"] }",
        include_str!("own_serde.rs"),
    ),
];

#[test]
fn packages_of_their_own_compile_without_a_warning() {
    let zocket = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hygiene");
    let mut packages =
        PACKAGES.map(|(name, dependencies, source)| (name, dependencies, source.to_owned())).to_vec();
    let every_lint = with_every_lint(include_str!("every_lint.rs"));
    packages.push(("every_lint", "zocket = { path = \"{zocket}\" }", every_lint));
    write_packages(zocket, &workspace, &packages);

    let checked = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--workspace", "--target-dir", "target"])
        .current_dir(&workspace)
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .expect("cargo runs");
    let output = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{output}");

    let groups = ["all", "pedantic", "nursery"].map(|group| format!("-Dclippy::{group}"));
    let linted = Command::new(env!("CARGO"))
        .args(["clippy", "--offline", "-p", "every_lint", "--target-dir", "target", "--"])
        .args(groups)
        .current_dir(&workspace)
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .expect("cargo runs");
    let output = String::from_utf8_lossy(&linted.stderr);
    assert!(linted.status.success(), "{output}");
}

/// What the attribute writes for a crate of another name would not be found anywhere: it says so, and nothing else does.
#[test]
fn a_renamed_crate_that_is_not_named_is_one_error() {
    let zocket = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hygiene_renamed");
    let source = "#[other_name::router]\npub mod app {\n    #[outgoing]\n    pub struct Hello {}\n\n    \
                  #[incoming]\n    async fn hello() {\n        send::hello(Hello {}).broadcast();\n    }\n}\n";
    let package =
        ("unnamed", "other_name = { package = \"zocket\", path = \"{zocket}\" }", source.to_owned());
    write_packages(zocket, &workspace, &[package]);
    let checked = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--target-dir", "../hygiene/target"])
        .current_dir(&workspace)
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .expect("cargo runs");
    let output = String::from_utf8_lossy(&checked.stderr);
    let errors: Vec<&str> = output.lines().filter(|line| line.starts_with("error")).collect();
    assert_eq!(errors.len(), 2, "one, and cargo's own that the package did not compile: {output}");
    assert!(errors[0].contains("this crate calls zocket `other_name`"), "{output}");
    assert!(output.contains("#[other_name::router(crate = other_name)]"), "{output}");
}

/// The source with every lint denied that the compiler knows, one by one and in groups.
fn with_every_lint(source: &str) -> String {
    /// About the crate as a whole, or for the nightly compiler.
    const LEFT_OUT: [&str; 5] = [
        "linker-messages",
        "unknown-lints",
        "unqualified-local-imports",
        "unstable-features",
        "unused-crate-dependencies",
    ];
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let help = Command::new(rustc).args(["-W", "help"]).output().expect("rustc runs");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let names = help.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let (name, level) = (words.next()?, words.next()?);
        (["allow", "warn"].contains(&level) && !LEFT_OUT.contains(&name)).then(|| name.replace('-', "_"))
    });
    let lints: Vec<String> = names.collect();
    assert!(lints.len() > 150, "{lints:?}");
    let (docs, rest) = source.split_once("\n\n").expect("a head");
    format!("{docs}\n#![allow(unknown_lints)]\n#![deny({})]\n\n{rest}", lints.join(", "))
}

fn write_packages(zocket: &Path, workspace: &Path, packages: &[(&str, &str, String)]) {
    let names: Vec<_> = packages.iter().map(|(name, ..)| format!("\"{name}\"")).collect();
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", names.join(", "));
    write(workspace.join("Cargo.toml"), &manifest);
    // The same versions as here, which are already downloaded.
    let lock = fs::read_to_string(zocket.join("Cargo.lock")).expect("a lock file");
    write(workspace.join("Cargo.lock"), &lock);

    // In TOML's basic strings a backslash begins an escape.
    let path = zocket.display().to_string().replace('\\', "/");
    for (name, dependencies, source) in packages {
        let dependencies = dependencies.replace("{zocket}", &path);
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n"
        );
        write(workspace.join(name).join("Cargo.toml"), &manifest);
        write(workspace.join(name).join("src/lib.rs"), source);
    }
}

/// Does not rewrite an unchanged file, since cargo looks at its date.
fn write(path: PathBuf, text: &str) {
    if fs::read_to_string(&path).is_ok_and(|there| there == text) {
        return;
    }
    let folder = path.parent().expect("a path below the workspace");
    fs::create_dir_all(folder).expect("a writable target directory");
    fs::write(&path, text).expect("a writable target directory");
}
