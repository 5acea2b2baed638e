//! Why a JSON text was rejected, and where. Built only when an error is returned, so that accepting a text
//! costs nothing extra.

use std::fmt::{self, Write as _};

use serde::de;

use super::{MAX_DEPTH, asked::Asked};

/// A key in a path is truncated to this many bytes: paths are read by people and must not carry a payload.
const MAX_SEGMENT: usize = 128;
/// And a path to this many.
const MAX_PATH: usize = 1024;

/// The kind of rule that the text broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text is not JSON from this byte on.
    Syntax {
        /// Offset into the text, in bytes.
        offset: usize,
    },
    /// Arrays and objects nest too deeply at this byte to read any further.
    TooDeep {
        /// Offset into the text, in bytes.
        offset: usize,
    },
    /// The JSON is well formed, but does not match the type.
    Data {
        /// The rule, named as JSON Schema names it ("type", "required", …), or "duplicate" and "value", for which JSON
        /// Schema has no name.
        keyword: &'static str,
    },
}

/// Why a JSON text was rejected. No field repeats a value of the text, but the path contains property names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// JSON Pointer (RFC 6901) to the invalid value; "" is the whole text.
    pub path: String,
    /// What is wrong, as a sentence.
    pub message: String,
    /// Which rule was broken.
    pub kind: ErrorKind,
    /// What the type asked for when it found a value of another kind.
    pub asked: Option<Box<Asked>>,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.path.as_str(), self.kind) {
            (_, ErrorKind::Syntax { offset } | ErrorKind::TooDeep { offset }) => {
                write!(f, "{} at byte {offset}", self.message)
            }
            ("", _) => f.write_str(&self.message),
            (path, _) => write!(f, "{path}: {}", self.message),
        }
    }
}

impl std::error::Error for ParseError {}

/// The error as it propagates: one pointer wide, so that `Result`s stay in registers.
#[derive(Debug)]
pub struct Error(Box<ParseError>);

pub(super) type Result<T> = std::result::Result<T, Error>;

impl Error {
    #[cold]
    pub(crate) fn syntax(offset: usize, message: &str) -> Self {
        Self::new(ErrorKind::Syntax { offset }, message.to_owned())
    }

    #[cold]
    pub(crate) fn too_deep(offset: usize) -> Self {
        Self::new(ErrorKind::TooDeep { offset }, format!("arrays and objects are {}", TooDeep))
    }

    #[cold]
    pub(crate) fn data(keyword: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Data { keyword }, message.into())
    }

    /// A value of the wrong JSON type: both are named with their article ("an object").
    #[cold]
    pub(crate) fn wrong_type(expected: &str, found: &str) -> Self {
        Self::data("type", format!("must be {expected}, not {found}"))
    }

    fn new(kind: ErrorKind, message: String) -> Self {
        Self(Box::new(ParseError { path: String::new(), message, kind, asked: None }))
    }

    /// The error with what the type had asked for.
    #[cold]
    pub(super) fn asked(mut self, asked: Asked) -> Self {
        self.0.asked = Some(Box::new(asked));
        self
    }

    /// The error as seen from the enclosing object: `key` as the client wrote it, unescaped.
    #[cold]
    #[must_use]
    pub fn inside_key(mut self, key: &str) -> Self {
        let shown = prefix(key, MAX_SEGMENT);
        let mut path = String::with_capacity(self.0.path.len() + shown.len() + 1);
        path.push('/');
        for c in shown.chars() {
            match c {
                '~' => path.push_str("~0"),
                '/' => path.push_str("~1"),
                c => path.push(c),
            }
        }
        if shown.len() < key.len() {
            path.push('…');
        }
        path.push_str(&self.0.path);
        self.0.path = path;
        self.shorten()
    }

    /// The error as seen from the enclosing array.
    #[cold]
    #[must_use]
    pub fn inside_index(mut self, index: usize) -> Self {
        self.0.path = format!("/{index}{}", self.0.path);
        self.shorten()
    }

    /// Truncates a path that is too long to be useful, since each enclosing level copies it.
    fn shorten(mut self) -> Self {
        let path = &mut self.0.path;
        if path.len() > MAX_PATH {
            path.truncate(prefix(path, MAX_PATH).len());
            path.push('…');
        }
        self
    }

    pub(crate) fn into_public(self) -> ParseError {
        *self.0
    }
}

impl From<Error> for ParseError {
    fn from(error: Error) -> Self {
        error.into_public()
    }
}

/// `nested too deep (128 levels at most)`.
pub(crate) struct TooDeep;

impl fmt::Display for TooDeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nested too deep ({MAX_DEPTH} levels at most)")
    }
}

/// The longest prefix of `text` of at most `max` bytes.
fn prefix(text: &str, max: usize) -> &str {
    let end = (0..=max.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    &text[..end]
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {}

/// What serde and the types themselves report. serde's own wording quotes the invalid value; this one never does.
impl de::Error for Error {
    #[cold]
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::data("value", message.to_string())
    }

    #[cold]
    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::wrong_type(&expected.to_string(), describe(found))
    }

    #[cold]
    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let keyword = match found {
            de::Unexpected::Signed(n) if n < 0 => "minimum",
            de::Unexpected::Signed(0) | de::Unexpected::Unsigned(0) => "not",
            de::Unexpected::Signed(_) | de::Unexpected::Unsigned(_) | de::Unexpected::Float(_) => "maximum",
            _ => "value",
        };
        Self::data(keyword, format!("must be {expected}"))
    }

    #[cold]
    fn invalid_length(length: usize, expected: &dyn de::Expected) -> Self {
        Self::data("minItems", format!("must be {expected}, but has length {length}"))
    }

    #[cold]
    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::data("enum", format!("must be {}", OneOf(expected)))
    }

    #[cold]
    fn unknown_field(_: &str, expected: &'static [&'static str]) -> Self {
        let message = match expected {
            [] => "is not a known property: there are none here".to_owned(),
            _ => format!("is not a known property: use {}", OneOf(expected)),
        };
        Self::data("additionalProperties", message)
    }

    #[cold]
    fn missing_field(field: &'static str) -> Self {
        Self::data("required", format!("the property `{field}` is required"))
    }

    #[cold]
    fn duplicate_field(field: &'static str) -> Self {
        Self::data("duplicate", format!("the property `{field}` is given twice"))
    }
}

fn describe(found: de::Unexpected<'_>) -> &'static str {
    use de::Unexpected::*;
    match found {
        Bool(_) => "a boolean",
        Unsigned(_) | Signed(_) => "an integer",
        Float(_) => "a number",
        Char(_) | Str(_) | Bytes(_) => "a string",
        Unit | Option => "null",
        Seq => "an array",
        Map => "an object",
        NewtypeStruct | Enum | UnitVariant | NewtypeVariant | TupleVariant | StructVariant | Other(_) => {
            "another kind of value"
        }
    }
}

/// `a`, or one of `a`, `b`, `c`.
struct OneOf(&'static [&'static str]);

impl fmt::Display for OneOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.len() > 1 {
            f.write_str("one of ")?;
        }
        for (i, name) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            f.write_char('`')?;
            f.write_str(name)?;
            f.write_char('`')?;
        }
        Ok(())
    }
}
