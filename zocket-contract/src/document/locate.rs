//! Where in a JSON text a value is.

/// A place in a text. Lines and columns count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Place {
    pub(super) const START: Self = Self { line: 1, column: 1 };

    pub(super) fn of_byte(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let (line_start, newlines) =
            before.match_indices('\n').fold((0, 0), |(_, lines), (at, _)| (at + 1, lines + 1));
        Self { line: newlines + 1, column: before[line_start..].chars().count() + 1 }
    }

    /// From a line and a column as `serde_json` counts them: columns in bytes.
    pub(super) fn of_line(text: &str, line: usize, column: usize) -> Self {
        let line = line.max(1);
        let line_start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let rest = text.get(line_start..).unwrap_or_default();
        let before = rest.bytes().take(column.saturating_sub(1));
        // A character counts by its first byte.
        Self { line, column: before.filter(|byte| byte & 0xC0 != 0x80).count() + 1 }
    }
}

/// The place of the value that a JSON pointer names, or, where there is no such value, of the innermost one on the way
/// to it. `text` must be JSON.
pub(super) fn value(text: &str, pointer: &str) -> Place {
    Place::of_byte(text, find(text, pointer).at)
}

/// The place of the name of a property in the object that a JSON pointer names; of the object where there is no such
/// property.
pub(super) fn name(text: &str, pointer: &str, property: &str) -> Place {
    let mut object = find(text, pointer);
    let at = object.at;
    let found = if object.peek() == b'{' { object.member(text, property) } else { None };
    Place::of_byte(text, found.map_or(at, |(name, _)| name))
}

fn find<'t>(text: &'t str, pointer: &str) -> Scan<'t> {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
    scan.space();
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
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

/// A walk over JSON. It does not recurse, and on text that is no JSON it only ends early.
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

    /// Where the name and the value of a property begin, in the object that begins here. Of several with the same name
    /// the last counts, as for `serde_json`.
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

    /// Steps over a value.
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
        let place = value(TEXT, pointer);
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
        assert_eq!(name(TEXT, "", "é"), Place { line: 4, column: 3 });
        assert_eq!(name(TEXT, "/a~1b/1", "x"), Place { line: 2, column: 20 });
        assert_eq!(name(TEXT, "", "none"), Place::START);
    }

    #[test]
    fn columns_of_serde_json_are_counted_in_characters() {
        let text = "[1,\n\"é\", x]";
        let error = serde_json::from_str::<serde_json::Value>(text).unwrap_err();
        let place = Place::of_line(text, error.line(), error.column());
        assert_eq!(place, Place { line: 2, column: 6 });
    }

    proptest::proptest! {
        #[test]
        fn any_text_and_any_pointer(text in r#"[\[\]{}",:\\ é0-9n\n]{0,60}"#, pointer in "(/[0-9né~\"]{0,3}){0,5}") {
            let place = value(&text, &pointer);
            proptest::prop_assert!(place.line >= 1 && place.column >= 1);
            name(&text, &pointer, "n");
        }
    }
}
