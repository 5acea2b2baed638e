//! The position of a value in a JSON text.

use std::fmt;

use crate::pointer::unescape;

/// A position in a text, with line and column counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// `line:column`.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl Position {
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    /// The position of the value that a JSON Pointer (RFC 6901) names in a JSON text, or, if it does not exist, of the
    /// innermost existing value on the way to it. In a text that is not JSON, it is some position in it.
    ///
    /// ```
    /// let text = "{\n  \"count\": 0\n}";
    /// let position = zocket_contract::Position::of_value(text, "/count");
    /// assert_eq!(position.to_string(), "2:12");
    /// ```
    #[must_use]
    pub fn of_value(text: &str, pointer: &str) -> Self {
        Self::of_byte(text, find(text, pointer).at)
    }

    /// The position of a property's name in the object that a JSON Pointer names, or of the object if there is no such
    /// property.
    pub(crate) fn of_name(text: &str, pointer: &str, property: &str) -> Self {
        let mut object = find(text, pointer);
        let at = object.at;
        let found = if object.peek() == b'{' { object.member(text, property) } else { None };
        Self::of_byte(text, found.map_or(at, |(name, _)| name))
    }

    fn of_byte(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let (line_start, newlines) =
            before.match_indices('\n').fold((0, 0), |(_, lines), (at, _)| (at + 1, lines + 1));
        Self { line: newlines + 1, column: before[line_start..].chars().count() + 1 }
    }

    /// From a line and column as `serde_json` counts them, with columns in bytes.
    pub(crate) fn of_line(text: &str, line: usize, column: usize) -> Self {
        let line = line.max(1);
        let line_start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let rest = text.get(line_start..).unwrap_or_default();
        let before = rest.bytes().take(column.saturating_sub(1));
        // A character counts by its first byte.
        Self { line, column: before.filter(|byte| byte & 0xC0 != 0x80).count() + 1 }
    }
}

fn find<'t>(text: &'t str, pointer: &str) -> Scan<'t> {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
    scan.space();
    for step in pointer.split('/').skip(1) {
        let step = unescape(step);
        let here = scan.at;
        let found = match scan.peek() {
            b'{' => scan.member(text, &step).map(|(_, value)| value),
            b'[' => step.parse().ok().and_then(|index| scan.item(index)),
            _ => None,
        };
        scan.at = found.unwrap_or(here);
        if found.is_none() {
            break;
        }
    }
    scan
}

/// A walk over JSON. It does not recurse, and it ends early if the text is not JSON.
struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or_default()
    }

    fn space(&mut self) {
        while self.peek().is_ascii_whitespace() {
            self.at += 1;
        }
    }

    /// Where the name and the value of a property begin, in the object that begins here. If several have the same name
    /// the last counts, as in `serde_json`.
    fn member(&mut self, text: &str, wanted: &str) -> Option<(usize, usize)> {
        let mut found = None;
        self.at += 1;
        loop {
            self.space();
            if self.peek() != b'"' {
                return found;
            }
            let name = self.at;
            self.string();
            let is_wanted = text.get(name..self.at).is_some_and(|raw| {
                serde_json::from_str::<String>(raw).is_ok_and(|unescaped| unescaped == wanted)
            });
            self.space();
            self.at += 1;
            self.space();
            if is_wanted {
                found = Some((name, self.at));
            }
            self.value();
            self.space();
            if self.peek() != b',' {
                return found;
            }
            self.at += 1;
        }
    }

    /// Where an item begins, in the array that begins here.
    fn item(&mut self, index: usize) -> Option<usize> {
        self.at += 1;
        for _ in 0..index {
            self.space();
            self.value();
            self.space();
            if self.peek() != b',' {
                return None;
            }
            self.at += 1;
        }
        self.space();
        (self.peek() != b']').then_some(self.at)
    }

    /// Skips a value.
    fn value(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.bytes.len() {
            match self.peek() {
                b'"' => self.string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' if depth == 0 => return,
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' if depth == 0 => return,
                byte if depth == 0 && byte.is_ascii_whitespace() => return,
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        self.at += 1;
        while self.at < self.bytes.len() {
            match self.peek() {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
        self.at = self.bytes.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\n  \"a\\u002fb\": [1, {\"x\": \"é}]\\\"\"},\n    true],\n  \"é\": {}, \"tw\": 1,\n  \"tw\": -2e3\n}";

    fn at(pointer: &str) -> (usize, usize) {
        let place = Position::of_value(TEXT, pointer);
        (place.line, place.column)
    }

    #[test]
    fn values_by_pointer() {
        assert_eq!(at(""), (1, 1));
        assert_eq!(at("/a~1b"), (2, 15));
        assert_eq!(at("/a~1b/0"), (2, 16));
        assert_eq!(at("/a~1b/1/x"), (2, 25));
        assert_eq!(at("/a~1b/2"), (3, 5));
        assert_eq!(at("/é"), (4, 8));
        assert_eq!(at("/tw"), (5, 9));
    }

    #[test]
    fn what_is_not_there_is_shown_where_it_would_be() {
        assert_eq!(at("/a~1b/3"), (2, 15));
        assert_eq!(at("/a~1b/1/y/z"), (2, 19));
        assert_eq!(at("/none"), (1, 1));
    }

    #[test]
    fn names() {
        assert_eq!(Position::of_name(TEXT, "", "é"), Position { line: 4, column: 3 });
        assert_eq!(Position::of_name(TEXT, "/a~1b/1", "x"), Position { line: 2, column: 20 });
        assert_eq!(Position::of_name(TEXT, "", "none"), Position::START);
    }

    #[test]
    fn columns_of_serde_json_are_counted_in_characters() {
        let text = "[1,\n\"é\", x]";
        let error = serde_json::from_str::<serde_json::Value>(text).unwrap_err();
        let place = Position::of_line(text, error.line(), error.column());
        assert_eq!(place, Position { line: 2, column: 6 });
    }

    proptest::proptest! {
        #[test]
        fn any_text_and_any_pointer(text in r#"[\[\]{}",:\\ é0-9n\n]{0,60}"#, pointer in "(/[0-9né~\"]{0,3}){0,5}") {
            let place = Position::of_value(&text, &pointer);
            proptest::prop_assert!(place.line >= 1 && place.column >= 1);
            Position::of_name(&text, &pointer, "n");
        }
    }
}
