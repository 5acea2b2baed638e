//! Checks on small sources that the test finds what it should.

use std::collections::BTreeSet;

use crate::{
    floors::{Floors, up},
    imports::{between_rooms, module_of, renamed_crates},
    is_test,
};

const MARKDOWN: &str = "\
# A house

| floor | room | what it is |
|---|---|---|
| 9 | `elsewhere` | A table under another heading. |

### Floors of `house`

From the ground:

| floor | room | what it is |
|---|---|---|
| 1 | `ground` | What all others stand on. |
| 2 | `left` | A room of its own. |
| 2 | `right` | Another, which knows nothing of it. |
| 3 | `top` | What stands on the others. |

### Floors of `empty`
";

/// The faults of a source, as a file of the repository.
fn faults(file: &str, text: &str) -> Vec<String> {
    let floors = Floors::read(MARKDOWN, "house").unwrap();
    let rooms = ["ground", "left", "right", "top"].map(str::to_owned).into();
    let imports = between_rooms(text, file, &rooms).unwrap();
    imports.iter().filter_map(|import| up(&floors, import)).collect()
}

/// How many of the imports of a source lead into other rooms, whether up or down.
fn leading_out(file: &str, text: &str) -> Vec<String> {
    let rooms = ["ground", "left", "right", "top"].map(str::to_owned).into();
    between_rooms(text, file, &rooms).unwrap().into_iter().map(|import| import.path).collect()
}

#[test]
fn down_is_right_and_up_and_aside_are_wrong() {
    assert_eq!(faults("left.rs", "use crate::ground::Stone;"), [""; 0]);
    assert_eq!(
        faults("left.rs", "use crate::top::Roof;"),
        ["`crate::top::Roof` leads from `left`, floor 2, to floor 3"]
    );
    assert_eq!(
        faults("left.rs", "use crate::right::Wall;"),
        ["`crate::right::Wall` leads from `left`, floor 2, to floor 2"]
    );
    assert_eq!(
        faults("ground.rs", "use crate::left::A; fn f() { crate::right::g(); crate::top::h() }").len(),
        3
    );
}

#[test]
fn the_root_is_above_its_rooms_and_may_use_all_of_them() {
    let root = "`crate::Public` takes from the root of the crate, which is above: name the room";
    assert_eq!(faults("top.rs", "use crate::Public;"), [root]);
    assert_eq!(faults("top.rs", "use super::Public;"), [root]);
    assert_eq!(faults("top/deep/mod.rs", "use super::super::Public;"), [root]);
    assert_eq!(faults("top.rs", "use crate::*;").len(), 1);
    assert_eq!(faults("lib.rs", "pub use crate::{top::Roof, ground::Stone};"), [""; 0]);
    assert_eq!(faults("main.rs", "use crate::top::Roof;"), [""; 0]);
}

#[test]
fn every_way_to_write_a_path_is_read() {
    assert_eq!(
        leading_out("left/door.rs", "use crate::{ground::{Stone, Sand as S}, right, top::*, left::Own};"),
        ["crate::ground", "crate::right", "crate::top"]
    );
    assert_eq!(leading_out("left.rs", "use super::right::Wall;"), ["crate::right::Wall"]);
    assert_eq!(
        leading_out("left.rs", "use super::{right::Wall, top};"),
        ["crate::right::Wall", "crate::top"]
    );
    assert_eq!(leading_out("left/mod.rs", "type A = self::super::right::Wall;"), ["crate::right::Wall"]);
    assert_eq!(leading_out("left/door.rs", "use super::super::right::Wall;"), ["crate::right::Wall"]);
    assert_eq!(
        leading_out("left.rs", "mod inner { use super::super::right::Wall; }"),
        ["crate::right::Wall"]
    );
    assert_eq!(leading_out("left.rs", "pub(in crate::top) fn f() {}"), ["crate::top"]);
    assert_eq!(
        leading_out(
            "left.rs",
            "macro_rules! m { () => { $crate::right::Wall } } fn f() { g!(crate::top::X) }"
        ),
        ["crate::right::Wall", "crate::top::X"]
    );
}

#[test]
fn what_stays_in_the_room_is_nobodys_business() {
    assert_eq!(
        leading_out("left/door.rs", "use super::Own; use crate::left::Own; use std::top::X;"),
        [""; 0]
    );
    assert_eq!(leading_out("left/a/b.rs", "use super::super::{c::D, e}; pub(super) fn f() {}"), [""; 0]);
    assert_eq!(
        leading_out("left.rs", "mod inner { use super::Own; use super::right::NotTheRoom; }"),
        [""; 0]
    );
    assert_eq!(
        leading_out(
            "left.rs",
            "// crate::top::X\n/// [`X`](crate::top::X)\nconst A: &str = \"crate::top::X\";"
        ),
        [""; 0]
    );
}

#[test]
fn tests_may_look_anywhere_and_nothing_else_with_them() {
    assert_eq!(leading_out("left.rs", "#[cfg(test)] mod tests { use crate::top::X; }"), [""; 0]);
    assert_eq!(leading_out("left.rs", "#[cfg(all(test, unix))] use crate::top::X;"), [""; 0]);
    let beside =
        "#[cfg(test)] mod tests; use crate::top::X; #[cfg(test)] fn f() {} fn g() { crate::top::h() }";
    assert_eq!(leading_out("left.rs", beside), ["crate::top::X", "crate::top::h"]);
    assert_eq!(
        leading_out("left.rs", "struct A { #[cfg(test)] a: u8, b: crate::top::X }"),
        ["crate::top::X"]
    );
    assert_eq!(leading_out("left.rs", "#[cfg(not(test))] use crate::top::X;"), ["crate::top::X"]);
    assert!(is_test("left/tests/rules.rs") && is_test("left/tests.rs") && !is_test("left/testing.rs"));
}

#[test]
fn another_crate_under_a_name_of_ours_is_below_all_rooms() {
    let root = "use other_crate as other; pub use top::Roof as Attic; use top as above; mod top;";
    let rooms = ["left", "top"].map(str::to_owned).into();
    assert_eq!(renamed_crates(root, &rooms), ["other".to_owned()].into());
    let imports = between_rooms("use crate::other::a::B;", "left.rs", &rooms).unwrap();
    assert_eq!(imports[0].first(), "other");
}

#[test]
fn a_file_that_is_no_rust_is_an_error() {
    assert!(between_rooms("fn f() { (", "left.rs", &BTreeSet::new()).is_err());
}

#[test]
fn files_are_modules() {
    assert_eq!(module_of("lib.rs"), [""; 0]);
    assert_eq!(module_of("left.rs"), ["left"]);
    assert_eq!(module_of("left/mod.rs"), ["left"]);
    assert_eq!(module_of("left/door/lock.rs"), ["left", "door", "lock"]);
}

#[test]
fn rooms_without_a_row_and_rows_without_a_room_are_found() {
    let floors = Floors::read(MARKDOWN, "house").unwrap();
    let rooms = ["ground", "left", "right", "cellar"].map(str::to_owned).into();
    assert_eq!(
        floors.differ_from(&rooms),
        ["`cellar` has no row in ARCHITECTURE.md", "ARCHITECTURE.md has a row for `top`, which is not there"]
    );
}

#[test]
fn a_list_that_says_nothing_is_refused() {
    let fault = |markdown: &str, name| Floors::read(markdown, name).err().unwrap();
    assert!(fault(MARKDOWN, "empty").contains("no heading"));
    assert!(fault(MARKDOWN, "unknown").contains("no heading"));
    assert!(fault(&MARKDOWN.replace("What all others stand on.", ""), "house").contains("lacks a sentence"));
    assert!(fault(&MARKDOWN.replace("| 3 |", "| top |"), "house").contains("no number"));
    assert!(fault(&MARKDOWN.replace("`right`", "`left`"), "house").contains("on two floors"));
}
