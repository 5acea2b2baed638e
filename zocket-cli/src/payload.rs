//! A payload, as given on the command line.

use std::path::Path;

use serde::de::IgnoredAny;
use serde_json::error::Category;

use crate::{
    report::{Failure, Result},
    source::{file, stdin},
};

/// A JSON text and its source.
#[derive(Debug)]
pub(crate) struct Payload {
    /// The file's name, `stdin`, or `payload` for the command line.
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Payload {
    /// Reads JSON, `@file`, `-` for stdin, or the path of a file. JSON takes precedence.
    pub(crate) fn read(argument: &str) -> Result<Self> {
        let is_json = || serde_json::from_str::<IgnoredAny>(argument).is_ok();
        match argument.strip_prefix('@') {
            _ if argument == "-" => Self::parse("stdin", stdin()?),
            Some(path) => Self::parse(path, file(path)?),
            None if !is_json() && Path::new(argument).exists() => Self::parse(argument, file(argument)?),
            None => Self::parse("payload", argument.to_owned()).map_err(|failure| {
                failure.help(
                    r#"it is JSON, quoted for the shell, as '{"text":"hi"}'; a file is written @file.json"#,
                )
            }),
        }
    }

    pub(crate) fn parse(name: &str, text: String) -> Result<Self> {
        match serde_json::from_str::<IgnoredAny>(&text) {
            Ok(_) => Ok(Self { name: name.to_owned(), text }),
            Err(error) => Err(not_json(name, &error)),
        }
    }
}

fn not_json(name: &str, error: &serde_json::Error) -> Failure {
    let message = error.to_string();
    let message = message.rfind(" at line ").map_or(&*message, |end| &message[..end]);
    let what = match error.classify() {
        Category::Eof if error.line() <= 1 && error.column() == 0 => "empty, where JSON was expected",
        _ if message == "recursion limit exceeded" => "arrays and objects are nested too deep",
        // What `serde_json` calls an "ident".
        _ if message == "expected ident" => "expected `true`, `false` or `null`",
        _ => message,
    };
    let (line, column) = (error.line().max(1), error.column().max(1));
    Failure::unusable(format_args!("{name}:{line}:{column}: not JSON: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_says_where() {
        for (text, message) in [
            ("{\n  \"a\": nope\n}", "payload:2:9: not JSON: expected `true`, `false` or `null`"),
            ("", "payload:1:1: not JSON: empty, where JSON was expected"),
            ("hello", "payload:1:1: not JSON: expected value"),
            ("{\"a\":1", "payload:1:6: not JSON: EOF while parsing an object"),
        ] {
            assert_eq!(Payload::read(text).expect_err("no JSON").message(), message);
        }
    }
}
