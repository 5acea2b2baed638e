//! Where in a JSON text a value is.

use std::fmt;

use super::tokens::{Kind, Token, Tokens};

/// A place in a text. Lines and columns count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Position {
    fn of(text: &str, byte: usize) -> Self {
        let before = &text[..byte];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Where the value that a JSON pointer names is. Where there is none, the place of the innermost value on the way to it.
pub(crate) fn find(json: &str, pointer: &str) -> Option<Position> {
    let mut tokens = Tokens::of(json);
    let mut value = tokens.next()?;
    for name in pointer.split('/').skip(1) {
        let name = name.replace("~1", "/").replace("~0", "~");
        let member = match value.text {
            "{" => property(tokens, &name),
            "[" => name.parse().ok().and_then(|index| item(tokens, index)),
            _ => None,
        };
        let Some((token, rest)) = member else { break };
        (value, tokens) = (token, rest);
    }
    Some(Position::of(json, value.start))
}

/// The first token of a property's value, and what follows. Of the same name the last counts, as for `serde_json`.
fn property<'t>(mut tokens: Tokens<'t>, wanted: &str) -> Option<(Token<'t>, Tokens<'t>)> {
    let mut found = None;
    while let Some(name) = tokens.next().filter(|token| token.kind == Kind::String) {
        let (Some(_colon), Some(value)) = (tokens.next(), tokens.next()) else { break };
        if serde_json::from_str::<String>(name.text).is_ok_and(|name| name == wanted) {
            found = Some((value, tokens.clone()));
        }
        skip(value, &mut tokens);
        if tokens.next().is_none_or(|token| token.kind != Kind::Comma) {
            break;
        }
    }
    found
}

/// The first token of an array's item, and what follows.
fn item<'t>(mut tokens: Tokens<'t>, index: usize) -> Option<(Token<'t>, Tokens<'t>)> {
    for _ in 0..index {
        let value = tokens.next().filter(|token| token.kind != Kind::Close)?;
        skip(value, &mut tokens);
        tokens.next().filter(|token| token.kind == Kind::Comma)?;
    }
    let value = tokens.next().filter(|token| token.kind != Kind::Close)?;
    Some((value, tokens))
}

/// Goes on to behind the value that starts with this token.
fn skip(value: Token<'_>, tokens: &mut Tokens<'_>) {
    let mut depth = usize::from(value.kind == Kind::Open);
    while depth > 0
        && let Some(token) = tokens.next()
    {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_to_a_line_and_a_column() {
        let json = "{\n  \"a\": [1, {\"b/~\": null}],\n  \"ä\": \"x\", \"é\": 2,\n  \"a\\u0062\": {\"c\": 1}, \"d\": 1, \"d\": 2\n}";
        for (pointer, line, column) in [
            ("", 1, 1),
            ("/a", 2, 8),
            ("/a/0", 2, 9),
            ("/a/1/b~1~0", 2, 20),
            ("/é", 3, 18),
            ("/ab/c", 4, 20),
            ("/d", 4, 37),
            // What is missing is where it would be.
            ("/a/2", 2, 8),
            ("/ab/missing/deeper", 4, 14),
            ("/a/x", 2, 8),
        ] {
            assert_eq!(find(json, pointer), Some(Position { line, column }), "{pointer}");
        }
        assert_eq!(find("  7", "/a"), Some(Position { line: 1, column: 3 }));
        assert_eq!(find("", ""), None);
    }

    #[test]
    fn what_is_no_json_is_no_trouble() {
        for broken in ["{", "{\"a\"", "{\"a\":", "[1", "[", "{]", "[}", "{\"a\":1,,}"] {
            for pointer in ["", "/a", "/0", "/1/2"] {
                assert!(find(broken, pointer).is_some(), "{broken}");
            }
        }
    }
}
