//! Expansions as files: `snapshots/name.rs` becomes `snapshots/name.expanded.rs`.
//!
//! `UPDATE_EXPECT=1 cargo test -p zocket-macros` writes them anew; look at the difference before keeping it.

use expect_test::{ExpectFile, expect_file};

use super::expand;

fn pretty(source: &str) -> String {
    prettyplease::unparse(&syn::parse2(expand(source)).expect("an expansion that parses"))
}

fn check(source: &str, expected: &ExpectFile) {
    expected.assert_eq(&pretty(source));
}

const CHAT: &str = include_str!("../snapshots/chat.rs");

#[test]
fn empty() {
    check(include_str!("../snapshots/empty.rs"), &expect_file!["../snapshots/empty.expanded.rs"]);
}

#[test]
fn announce() {
    check(include_str!("../snapshots/announce.rs"), &expect_file!["../snapshots/announce.expanded.rs"]);
}

#[test]
fn chat() {
    assert!(!pretty(CHAT).contains("compile_error"), "an example without faults");
    check(CHAT, &expect_file!["../snapshots/chat.expanded.rs"]);
}

/// Under `crate = "…"` no path of the expansion leads through the default name.
#[test]
fn a_renamed_crate_is_the_only_one() {
    let expanded = expand(CHAT).to_string().replace(' ', "");
    // Also in the texts that name the crate to serde and schemars. (`use zocket::…` is the user's.)
    let generated = expanded.replace("renamed::zocket", "");
    assert!(!generated.contains("::zocket"), "{generated}");
}
