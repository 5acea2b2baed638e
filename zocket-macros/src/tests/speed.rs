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

fn time(work: impl FnOnce() -> usize) -> Duration {
    let begin = Instant::now();
    assert_ne!(work(), 0);
    begin.elapsed()
}

/// In an unoptimised build, as a user's `cargo build` makes it. (In there the compiler's own tokens take the place
/// of proc-macro2's, so this is an estimate; `benches/compile_time.sh` measures whole builds.)
#[test]
fn two_hundred_messages_in_time() {
    let source = router(200);
    // Each round measures beside it how long syn takes to parse the same source: a slow or busy machine takes longer for both.
    let (mut parsed, mut expanded) = (Duration::MAX, Duration::MAX);
    for _ in 0..9 {
        parsed = parsed.min(time(|| syn::parse_file(&source).expect("Rust").items.len()));
        expanded = expanded.min(time(|| expand(&source).into_iter().count()));
    }
    eprintln!("200 messages expand in {expanded:?}, and parse in {parsed:?}");
    // Twice as long, as it was measured; the target is 200 ms.
    assert!(expanded < parsed * 8, "200 messages expand in {expanded:?}, and parse in {parsed:?}");
}
