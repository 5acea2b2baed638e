//! The generated files where their users are: under each TypeScript that is around, and through the compilers and bundlers that make
//! pages and apps. The scripts are in `tests/clients/platforms`, with packages of their own.

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

use crate::{
    program::example_path,
    typescript_client::{generate, node_22, script_in},
};

/// The folder of the scripts, once the files that they read are in its `generated/`.
fn platforms() -> &'static Path {
    static PLATFORMS: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/platforms");
        let generated = folder.join("generated");
        std::fs::create_dir_all(&generated).expect("a folder for what is generated");
        generate("chat", &generated);
        folder
    });
    &PLATFORMS
}

#[test]
fn typescript_5_9_6_and_7_with_nodenext_and_bundler() {
    script_in(platforms(), Path::new("node"), ["types.mjs".as_ref()]);
}

#[test]
fn babel_7_and_react_native() {
    script_in(platforms(), &node_22(), ["babel.mjs".as_ref()]);
}

#[test]
fn pages_of_vite_and_next_js() {
    let chat = example_path("chat");
    script_in(platforms(), Path::new("node"), ["pages.mjs".as_ref(), chat.as_os_str()]);
}
