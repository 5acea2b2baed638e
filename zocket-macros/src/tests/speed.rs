//! How long an expansion takes.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::expand;

/// A router with `messages` messages, half of them incoming, in namespaces of ten.
fn router(messages: usize) -> String {
    let mut source = "#[zocket::router] pub mod app {\n".to_owned();
    for namespace in 0..messages.div_ceil(10) {
        writeln!(source, "pub mod part{namespace} {{ use super::*;").expect("a String");
        for number in 0..5 {
            write!(
                source,
                "/// What the server says.\n #[outgoing] pub struct Event{number} {{ pub text: String, pub at: u64 }}
                 #[payload] pub struct Input{number} {{ #[schemars(length(max = 80))] pub text: String }}
                 /// What the client asks.\n #[incoming] async fn ask{number}(ctx: Ctx<()>, input: Input{number}) -> u64 {{
                     let mut sum = 0;
                     for word in input.text.split(' ') {{ sum += word.len() as u64; }}
                     if sum > 80 {{ send::part{namespace}::event{number}(Event{number} {{ text: input.text, at: sum }}).broadcast(); }}
                     sum
                 }}\n"
            )
            .expect("a String");
        }
        source.push_str("}\n");
    }
    source.push('}');
    source
}

/// In an unoptimised build, as a user's `cargo build` makes it. (In there the compiler's own tokens take the place
/// of proc-macro2's, so this is an estimate; `benches/compile_time.sh` measures whole builds.)
#[test]
fn two_hundred_messages_in_time() {
    let source = router(200);
    let took: Vec<_> = (0..5)
        .map(|_| {
            let begin = Instant::now();
            let expanded = expand(&source);
            let took = begin.elapsed();
            assert!(!expanded.is_empty());
            took
        })
        .collect();
    let best = took.into_iter().min().unwrap_or_default();
    eprintln!("200 messages expand in {best:?}");
    // The target is 200 ms; the rest is room for a busy machine.
    assert!(best < Duration::from_millis(600), "200 messages take {best:?}");
}
