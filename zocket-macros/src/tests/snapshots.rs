//! Expansions as files: `snapshots/name.rs` becomes `snapshots/name.expanded.rs`.
//!
//! `UPDATE_EXPECT=1 cargo test -p zocket-macros` writes them anew; look at the difference before keeping it.

use expect_test::{ExpectFile, expect_file};

use super::{expand, expand_with};

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

/// As it is expanded where the feature `testing` is on.
#[test]
fn lending() {
    let expanded = expand_with(include_str!("../snapshots/lending.rs"), true);
    let pretty = prettyplease::unparse(&syn::parse2(expanded).expect("an expansion that parses"));
    expect_file!["../snapshots/lending.expanded.rs"].assert_eq(&pretty);
}

/// What tests need is not there for servers.
#[test]
fn without_the_feature_there_are_no_calls() {
    let expanded = pretty(include_str!("../snapshots/lending.rs"));
    assert!(!expanded.contains("__zocket_call_") && !expanded.contains("from_error"), "{expanded}");
}

/// Under `crate = "…"` no path of the expansion leads through the default name.
#[test]
fn a_renamed_crate_is_the_only_one() {
    let expanded = expand(CHAT).to_string().replace(' ', "");
    // Also in the texts that name the crate to serde and schemars. (`use zocket::…` is the user's.)
    let generated = expanded.replace("renamed::zocket", "");
    assert!(!generated.contains("::zocket"), "{generated}");
}
