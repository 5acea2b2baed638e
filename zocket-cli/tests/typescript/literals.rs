//! What Rust writes is what the types say: no narrower, for values as Rust serializes them are written as TypeScript, and no
//! wider, for without a required member, or with one that nobody knows, they do not compile.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;
use serde_json::value::RawValue;
use zocket::{Contract, Direction, Message, Outgoing};

use crate::everything::messages::{Visit, each_message};
use crate::everything::random::{Dice, Random};
use crate::everything::router::everything;
use crate::tools::Project;

/// Values of each type.
const SAMPLE: usize = 40;

const HEAD: &str = "import type { Call, Listener, RouteCalls, RouteEvents } from \"./zocket.ts\";

type Received<L> = L extends Listener<infer Payload> ? Payload : never;
type Sent<C> = C extends Call<infer Payload, infer _Reply, infer _Own> ? Payload : never;
";

struct Writer {
    contract: Contract,
    dice: Dice,
    text: String,
    errors: usize,
    lines: usize,
}

impl Visit for Writer {
    fn message<T: Random + Clone + Outgoing + Send + 'static>(&mut self, _: fn(T) -> Message<T>) {
        let types = [
            (Direction::Outgoing, format!("Received<RouteEvents[\"{}\"]>", T::ROUTE)),
            (Direction::Incoming, format!("Sent<RouteCalls[\"{}\"]>", T::ROUTE)),
        ];
        for sample in 0..SAMPLE {
            let json = serde_json::to_string(&T::random(&mut self.dice)).expect("JSON");
            for (direction, ty) in &types {
                self.right(ty, &json);
                // Every value leaves out the same things.
                if sample == 0 {
                    self.wrong(T::ROUTE, *direction, ty, &json);
                }
            }
        }
    }
}

impl Writer {
    fn line(&mut self, comment: &str, ty: &str, json: &str) {
        self.lines += 1;
        let number = self.lines;
        writeln!(self.text, "{comment}export const value{number}: {ty} = {};", typescript(json))
            .expect("a String");
    }

    fn right(&mut self, ty: &str, json: &str) {
        self.line("", ty, json);
    }

    fn wrong(&mut self, route: &str, direction: Direction, ty: &str, json: &str) {
        let route = self.contract.route(route, direction).expect("it is in the contract");
        let name =
            route.payload().expect("it has a payload")["$ref"].as_str().expect("all have names").to_owned();
        let definition = &self.contract.definitions()[name.trim_start_matches("#/$defs/")].clone();
        let Ok(members) = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(json) else { return };
        if !definition["properties"].is_object() {
            return;
        }
        for required in definition["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let mut fewer = members.clone();
            assert!(fewer.remove(required).is_some(), "{required} of {name} is required and was not written");
            let fewer = serde_json::to_string(&fewer).expect("JSON");
            self.expect_error(&format!("without {required:?}"), ty, &fewer);
        }
        if definition.get("additionalProperties").is_none_or(|more| *more == false) {
            let mut more = members;
            more.insert("nobody knows it".into(), RawValue::from_string("1".into()).expect("JSON"));
            let more = serde_json::to_string(&more).expect("JSON");
            self.expect_error("with one too many", ty, &more);
        }
    }

    fn expect_error(&mut self, why: &str, ty: &str, json: &str) {
        self.errors += 1;
        self.line(&format!("// @ts-expect-error {}\n", why.replace('\n', " ")), ty, json);
    }
}

/// JSON as a TypeScript literal: the same, but that integers beyond 2^53 are a `bigint`.
fn typescript(json: &str) -> String {
    let mut text = String::new();
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let length = if first == '"' {
            let mut escaped = true;
            let end = rest.char_indices().skip(1).find(|(_, letter)| {
                let ends = *letter == '"' && escaped;
                escaped = *letter != '\\' || !escaped;
                ends
            });
            end.expect("strings end").0 + 1
        } else if first == '-' || first.is_ascii_digit() {
            rest.find(|letter: char| !letter.is_ascii_digit() && !"+-.eE".contains(letter))
                .unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        // A line break to TypeScript: errors would be expected on another line.
        text.push_str(&token.replace('\u{2028}', "\\u2028"));
        let is_wide = |integer: i128| integer.unsigned_abs() >= 1 << 53;
        if first != '"'
            && (token.parse().is_ok_and(is_wide) || token.parse::<u128>().is_ok_and(|n| n >= 1 << 53))
        {
            text.push('n');
        }
        rest = after;
    }
    text
}

#[test]
fn integers_beyond_2_to_the_53_become_bigints() {
    let json =
        r#"{"a\\":[9007199254740991,-9007199254740992,18446744073709551615,1e300,"\"9007199254740993"]}"#;
    let expected =
        r#"{"a\\":[9007199254740991,-9007199254740992n,18446744073709551615n,1e300,"\"9007199254740993"]}"#;
    assert_eq!(typescript(json), expected);
}

#[test]
fn types_are_neither_narrower_nor_wider_than_what_rust_writes() {
    let contract = everything::contract();
    let project = Project::of(&contract, "literals");
    let mut writer = Writer { contract, dice: Dice::new(7), text: HEAD.to_owned(), errors: 0, lines: 0 };
    each_message(&mut writer);
    assert!(writer.errors > 100 && writer.lines > 1500, "{} errors of {} lines", writer.errors, writer.lines);
    project.write("literals.ts", &writer.text);
    project.check(&["literals.ts"]);
}
