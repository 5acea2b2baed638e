//! The README's first code block is the example's code.

#[test]
fn the_readme_shows_the_announce_example_as_it_is() {
    let readme = include_str!("../../README.md");
    let example = include_str!("../../examples/announce.rs");
    let code = &example[example.find("use app::").expect("the example's first line of code")..];
    assert!(
        readme.contains(&format!("```rust,no_run\n{}\n```", code.trim_end())),
        "README.md and examples/announce.rs differ"
    );
}
