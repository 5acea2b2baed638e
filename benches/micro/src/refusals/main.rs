//! The cost of rejecting a payload of 60 KB compared with accepting one of the same size, for every shape of schema that
//! the runtime's property tests make: `cargo run --release --package zocket-micro --bin refusals`.
//!
//! Prints a line per shape, with the worst of the ways in which it is made invalid, and fails if that costs more than three
//! times as much. An argument is how long each measurement takes, in milliseconds.

mod shapes;
#[path = "../../../../zocket-runtime/src/contract/schema/tests/types.rs"]
#[allow(dead_code, missing_docs, unreachable_pub, reason = "shared with tests that use all of it")]
mod types;

use std::{hint::black_box, io::Write, process::ExitCode, time::Duration};

use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use shapes::{SHAPES, Shape};

/// As much as a server takes by default, less an envelope.
const SIZE: usize = 60_000;
/// What refusing may cost, in times of what taking costs.
const MOST: f64 = 3.0;

/// One way to be invalid.
struct Refused {
    what: String,
    text: String,
}

fn main() -> ExitCode {
    let milliseconds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(20);
    let only = std::env::args().nth(2);
    let time = Duration::from_millis(milliseconds);
    let mut out = std::io::stdout().lock();
    let mut too_costly = 0;
    let _ = writeln!(out, "| shape | taken, µs | refused, µs | ratio | how |\n|---|---|---|---|---|");
    for shape in SHAPES.iter().filter(|shape| only.as_deref().is_none_or(|only| shape.name == only)) {
        let subject = (shape.make)();
        let taken = valid(shape)
            .map(|text| {
                assert!(subject(&text), "{} is not taken: {text:.300}", shape.name);
                per_byte(&subject, &text, time)
            })
            .fold(0.0, f64::max);
        let worst = refused(shape)
            .into_iter()
            .filter(|refused| !subject(&refused.text))
            .map(|refused| (per_byte(&subject, &refused.text, time) / taken, refused))
            .max_by(|(a, _), (b, _)| a.total_cmp(b));
        let Some((ratio, Refused { what, .. })) = worst else { continue };
        too_costly += u32::from(ratio > MOST);
        let taken = taken * SIZE as f64 * 1e6;
        let _ = writeln!(out, "| {} | {taken:.0} | {:.0} | {ratio:.2} | {what} |", shape.name, ratio * taken);
    }
    if too_costly == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The least that a byte cost, in seconds of this thread: what others do on the machine does not count.
fn per_byte(subject: &dyn Fn(&str) -> bool, text: &str, time: Duration) -> f64 {
    let mut least = Duration::MAX;
    let start = thread_time();
    while thread_time() - start < time {
        let before = thread_time();
        black_box(subject(black_box(text)));
        least = least.min(thread_time() - before);
    }
    least.as_secs_f64() / text.len() as f64
}

fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

/// A list of a shape's items that is as long as `SIZE`; `change` makes each of them, told which it is and whether it is the last.
fn many(items: &[&str], change: impl Fn(&Value, bool) -> Value) -> String {
    let items: Vec<Value> = items.iter().map(|item| serde_json::from_str(item).expect("JSON")).collect();
    let length = |item: &Value| item.to_string().len() + 1;
    let round: usize = items.iter().map(|item| length(&change(item, false))).sum();
    let count = (SIZE / round).max(1) * items.len();
    let all = (0..count).map(|index| change(&items[index % items.len()], index + 1 == count));
    Value::Array(all.collect()).to_string()
}

/// Lists of all of the shape's items, and of each of them alone: what is valid may cost so much as the costliest of these.
fn valid(shape: &Shape) -> impl Iterator<Item = String> {
    let alone = shape.items.iter().map(std::slice::from_ref);
    [shape.items].into_iter().chain(alone).map(|items| many(items, |item, _| item.clone()))
}

/// Ways to be invalid: one thing changed in every item, or in the last alone, or something else altogether.
fn refused(shape: &Shape) -> Vec<Refused> {
    let mut all = Vec::new();
    for wrong in ["null", "true", "-7", "0.5", "\"\"", "\"something else that is long\"", "[]", "{}"] {
        let value: Value = serde_json::from_str(wrong).expect("JSON");
        let first = std::iter::once(value.clone()).chain(
            serde_json::from_str::<Vec<Value>>(&many(shape.items, |item, _| item.clone())).expect("a list"),
        );
        all.push(Refused {
            what: format!("the first item: {wrong}"),
            text: Value::Array(first.collect()).to_string(),
        });
        for depth in 0..3 {
            let every = many(shape.items, |item, _| changed(item, depth, &value));
            all.push(Refused { what: format!("every item, {depth} deep: {wrong}"), text: every });
            let last = many(
                shape.items,
                |item, is_last| {
                    if is_last { changed(item, depth, &value) } else { item.clone() }
                },
            );
            all.push(Refused { what: format!("the last item, {depth} deep: {wrong}"), text: last });
        }
        let count = SIZE / (wrong.len() + 1);
        all.push(Refused {
            what: format!("nothing but {wrong}"),
            text: json!(vec![value; count]).to_string(),
        });
    }
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    all.push(Refused {
        what: "deep lists".into(),
        text: format!("[{deep}{}]", format!(",{deep}").repeat(290)),
    });
    let members = (0..4_000).map(|n| format!("\"key{n}\":{n}")).collect::<Vec<_>>().join(",");
    all.push(Refused { what: "a large object".into(), text: format!("{{{members}}}") });
    all.push(Refused { what: "unknown properties".into(), text: format!("[{{{members}}}]") });
    all.push(Refused { what: "a long text".into(), text: format!("[\"{}\"]", "x".repeat(SIZE)) });
    all
}

/// The last value at a depth replaced.
fn changed(item: &Value, depth: usize, by: &Value) -> Value {
    match item {
        Value::Object(members) if depth > 0 => {
            let mut members = members.clone();
            if let Some(last) = members.values_mut().next_back() {
                *last = changed(last, depth - 1, by);
            }
            members.into()
        }
        Value::Array(items) if depth > 0 && !items.is_empty() => {
            let mut items = items.clone();
            if let Some(last) = items.last_mut() {
                *last = changed(last, depth - 1, by);
            }
            items.into()
        }
        _ => by.clone(),
    }
}
