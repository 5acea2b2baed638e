//! The tokens of a text that is known to be JSON.
//!
//! `serde_json::Value` loses digits of large numbers and the order of properties; tokens show what came from a server
//! unchanged.

/// One token, with the byte where it starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Token<'t> {
    pub(super) start: usize,
    pub(super) text: &'t str,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    Comma,
    Colon,
    String,
    /// A number, `true`, `false` or `null`.
    Literal,
}

/// Reads tokens, one after the other. A text that is not JSON yields some tokens and then ends.
#[derive(Clone)]
pub(super) struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Tokens<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, at: 0 }
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        let bytes = self.text.as_bytes();
        let blank = bytes[self.at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let start = self.at + blank;
        let (kind, length) = match bytes.get(start)? {
            b'{' | b'[' => (Kind::Open, 1),
            b'}' | b']' => (Kind::Close, 1),
            b',' => (Kind::Comma, 1),
            b':' => (Kind::Colon, 1),
            b'"' => (Kind::String, string(&bytes[start..])),
            _ => {
                let ends = |byte: &u8| byte.is_ascii_whitespace() || b"{}[],:\"".contains(byte);
                let rest = &bytes[start..];
                (Kind::Literal, rest.iter().position(ends).unwrap_or(rest.len()))
            }
        };
        self.at = start + length;
        // Tokens begin and end at ASCII bytes, or where the text does.
        Some(Token { start, text: &self.text[start..self.at], kind })
    }
}

/// The length of the string at the start of `bytes`, including its quotes.
fn string(bytes: &[u8]) -> usize {
    let mut at = 1;
    loop {
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return bytes.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_is_found_whatever_the_text() {
        let texts = |text| Tokens::of(text).map(|token| token.text).collect::<Vec<_>>();
        assert_eq!(
            texts(r#" {"a\"\\": [1, -2.5e3,true] , "ä":null}"#),
            [
                "{",
                r#""a\"\\""#,
                ":",
                "[",
                "1",
                ",",
                "-2.5e3",
                ",",
                "true",
                "]",
                ",",
                "\"ä\"",
                ":",
                "null",
                "}"
            ]
        );
        for broken in ["\"", "\"\\", "\"ä\\", "nul ä", "ä{", "\u{a0}1"] {
            assert!(texts(broken).concat().len() <= broken.len(), "{broken}");
        }
    }
}
