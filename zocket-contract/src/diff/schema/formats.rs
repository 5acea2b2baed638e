//! What is known of texts of a format: patterns that all of them match, and some of them.

/// A pattern that all texts of a format match, as the server's validators read it, and texts of that format.
const FORMATS: &[(&str, &str, &[&str])] = &[
    ("date", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", &["2026-01-31", "1999-12-01"]),
    (
        "date-time",
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}.[0-9]{2}:[0-9]{2}.{4}",
        &["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.25+02:00"],
    ),
    ("time", "^[0-9]{2}:[0-9]{2}.{4}", &["12:00:00Z", "23:59:59.5-01:00"]),
    ("duration", "^P.", &["P1D", "PT1H30M"]),
    ("email", "^[^@].*@.", &["a@example.com"]),
    ("idn-email", "", &["a@example.com", "ä@example.com"]),
    ("hostname", "^[0-9A-Za-z]", &["example.com", "a"]),
    ("idn-hostname", "", &["example.com", "bücher.example"]),
    ("ipv4", "^[0-9.]{7,15}$", &["127.0.0.1", "10.0.0.255"]),
    ("ipv6", "^[0-9A-Fa-f:.]{2,45}$", &["::1", "2001:db8::1"]),
    ("uri", "^[A-Za-z][^:]*:", &["https://example.com/", "mailto:a@example.com"]),
    ("uri-reference", "", &["/a", "https://example.com/"]),
    ("iri", "^[A-Za-z][^:]*:", &["https://example.com/ä", "https://example.com/"]),
    ("iri-reference", "", &["/ä", "/a"]),
    ("uri-template", "", &["/a/{b}", ""]),
    (
        "uuid",
        "^[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$",
        &["67e55044-10b1-426f-9247-bb680e5fe0c8"],
    ),
    ("json-pointer", "^(/|$)", &["", "/a/0"]),
    ("relative-json-pointer", "^[0-9]", &["0", "1/a"]),
    ("regex", "", &["^a+$", ""]),
];

/// A pattern that all texts of a format match.
pub(super) fn pattern_of(format: &str) -> Option<&'static str> {
    FORMATS.iter().find(|(name, ..)| *name == format).map(|(_, pattern, _)| *pattern)
}

/// Texts of a format; of all formats where it is not known.
pub(super) fn texts_of(format: &str) -> impl Iterator<Item = &'static str> {
    let known = FORMATS.iter().any(|(name, ..)| *name == format);
    let chosen = FORMATS.iter().filter(move |(name, ..)| !known || *name == format);
    chosen.flat_map(|(_, _, texts)| texts.iter().copied())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::validation::Validator;

    #[test]
    fn texts_are_of_their_format_and_match_its_pattern() {
        for (format, pattern, texts) in FORMATS {
            let format = Validator::new(&json!({"format": format})).unwrap();
            let pattern = Validator::new(&json!({"pattern": pattern})).unwrap();
            // Nothing is of a format that does not match.
            for text in
                FORMATS.iter().flat_map(|(_, _, texts)| texts.iter()).chain(&[" ", "a b", "-1", "\n", "ä"])
            {
                let text = Value::from(*text);
                assert!(!format.is_valid(&text) || pattern.is_valid(&text), "{text} {pattern:?}");
            }
            for text in *texts {
                assert!(format.is_valid(&Value::from(*text)), "{text} {format:?}");
            }
        }
    }
}
