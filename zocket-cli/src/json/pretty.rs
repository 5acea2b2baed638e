//! JSON for people: indented, and coloured if the terminal supports it.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::tokens::{Kind, Token, Tokens};
use crate::report::is_unprintable;

const NAME: Style = AnsiColor::Blue.on_default();
const STRING: Style = AnsiColor::Green.on_default();
const LITERAL: Style = AnsiColor::Yellow.on_default();

/// Indents and colours a JSON text, leaving numbers and order unchanged. A stream that is not a terminal strips the
/// colours.
pub(crate) fn pretty(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut tokens = Tokens::of(json).peekable();
    let mut before = Kind::Comma;
    while let Some(token) = tokens.next() {
        let next = tokens.peek().map(|token| token.kind);
        match token.kind {
            Kind::Open => {
                out.push_str(token.text);
                if next != Some(Kind::Close) {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            Kind::Close => {
                if before != Kind::Open {
                    depth = depth.saturating_sub(1);
                    line(&mut out, depth);
                }
                out.push_str(token.text);
            }
            Kind::Comma => {
                out.push(',');
                line(&mut out, depth);
            }
            Kind::Colon => out.push_str(": "),
            Kind::String if next == Some(Kind::Colon) => painted(&mut out, NAME, &token),
            Kind::String => painted(&mut out, STRING, &token),
            Kind::Literal => painted(&mut out, LITERAL, &token),
        }
        before = token.kind;
    }
    out
}

/// The same JSON on one line, with numbers and order unchanged.
pub(crate) fn compact(json: &str) -> String {
    Tokens::of(json).map(|token| token.text).collect()
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    // Deeper than this, a line would be nothing but indentation.
    out.extend(std::iter::repeat_n("  ", depth.min(64)));
}

fn painted(out: &mut String, style: Style, token: &Token<'_>) {
    let _ = write!(out, "{style}");
    for c in token.text.chars() {
        // JSON itself escapes C0 control characters, but not the others that affect a terminal.
        if is_unprintable(c) {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    let _ = write!(out, "{style:#}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(json: &str) -> String {
        anstream::adapter::strip_str(&pretty(json)).to_string()
    }

    #[test]
    fn is_indented_with_every_digit_and_the_order_kept() {
        assert_eq!(
            plain(r#"{"b":[1,{"big":12345678901234567890123.10}],"a":{},"c":[ ],"s":"\"x\" {"}"#),
            r#"{
  "b": [
    1,
    {
      "big": 12345678901234567890123.10
    }
  ],
  "a": {},
  "c": [],
  "s": "\"x\" {"
}"#
        );
        assert_eq!(compact("{ \"a\" : [ 1 , \"x y\" ] }"), "{\"a\":[1,\"x y\"]}");
    }

    #[test]
    fn what_a_server_sends_cannot_control_the_terminal() {
        assert_eq!(plain("\"\u{9b}2J\u{202e}\""), "\"\\u009b2J\\u202e\"");
    }
}
