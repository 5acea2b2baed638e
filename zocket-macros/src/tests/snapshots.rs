//! Expansions as files: `snapshots/name.rs` becomes `snapshots/name.expanded.rs`.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test -p zocket-macros` writes them anew; look at the difference before keeping it.

use std::path::{Path, PathBuf};

use super::expand;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/snapshots")
}

fn check(name: &str) -> String {
    let folder = folder();
    let source = std::fs::read_to_string(folder.join(name).with_extension("rs")).expect("the source");
    let expanded = expand(&source);
    let file = syn::parse2(expanded).expect("an expansion that parses");
    let pretty = prettyplease::unparse(&file);

    let path = folder.join(name).with_extension("expanded.rs");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &pretty).expect("a writable snapshot");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        pretty == expected,
        "the expansion of {name} changed; UPDATE_SNAPSHOTS=1 writes it anew. It is now:\n{pretty}"
    );
    pretty
}

#[test]
fn empty() {
    check("empty");
}

#[test]
fn announce() {
    check("announce");
}

#[test]
fn chat() {
    let expanded = check("chat");
    assert!(!expanded.contains("compile_error"), "an example without faults");
}

/// Under `crate = "…"` no path of the expansion leads through the default name.
#[test]
fn a_renamed_crate_is_the_only_one() {
    let source = std::fs::read_to_string(folder().join("chat.rs")).expect("the source");
    let expanded = expand(&source).to_string().replace(' ', "");
    // Also in the texts that name the crate to serde and schemars. (`use zocket::…` is the user's.)
    let generated = expanded.replace("renamed::zocket", "");
    assert!(!generated.contains("::zocket"), "{generated}");
}
