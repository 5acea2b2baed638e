//! Packages of their own, as a user's: with nothing but zocket among their dependencies, with zocket under another
//! name, and with a serde of their own.
//!
//! What can be shown in one file with this package's own dependencies is in `tests/ui/pass/hygiene`.

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
    write_packages(zocket, &workspace);

    let checked = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--workspace", "--target-dir", "target"])
        .current_dir(&workspace)
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .expect("cargo runs");
    let output = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{output}");
}

fn write_packages(zocket: &Path, workspace: &Path) {
    let names: Vec<_> = PACKAGES.iter().map(|(name, ..)| format!("\"{name}\"")).collect();
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", names.join(", "));
    write(workspace.join("Cargo.toml"), &manifest);
    // The same versions as here: all of them are downloaded already.
    let lock = fs::read_to_string(zocket.join("Cargo.lock")).expect("a lock file");
    write(workspace.join("Cargo.lock"), &lock);

    // In TOML's basic strings a backslash begins an escape.
    let path = zocket.display().to_string().replace('\\', "/");
    for (name, dependencies, source) in PACKAGES {
        let dependencies = dependencies.replace("{zocket}", &path);
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n"
        );
        write(workspace.join(name).join("Cargo.toml"), &manifest);
        write(workspace.join(name).join("src/lib.rs"), source);
    }
}

/// Leaves a file alone that is as it should be: cargo looks at its date.
fn write(path: PathBuf, text: &str) {
    if fs::read_to_string(&path).is_ok_and(|there| there == text) {
        return;
    }
    let folder = path.parent().expect("a path below the workspace");
    fs::create_dir_all(folder).expect("a writable target directory");
    fs::write(&path, text).expect("a writable target directory");
}
