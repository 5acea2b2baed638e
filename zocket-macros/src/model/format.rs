//! The message of an error variant: a format string over the variant's fields.

use proc_macro2::Ident;
use syn::LitStr;
use syn::ext::IdentExt as _;

/// A parsed message.
pub(crate) enum Message {
    /// Without placeholders.
    Plain(String),
    /// The first paragraph of the doc comment, which only the compiler knows, or else other words.
    Docs { otherwise: String },
    /// With its placeholders renamed to `field0`, `field1`, …, and the indices of the fields it uses.
    Format { literal: LitStr, fields: Vec<usize> },
}

/// The fields a message can name.
pub(crate) struct Names<'a>(pub(crate) &'a [Option<Ident>]);

/// What is wrong with a format string.
#[derive(Debug)]
pub(crate) enum FormatError {
    /// `{}`: which field?
    NoName,
    /// No such field.
    Unknown(String),
    /// A `{` or `}` without its partner.
    Unbalanced,
}

impl Names<'_> {
    fn find(&self, name: &str) -> Option<usize> {
        if let Ok(index) = name.parse::<usize>() {
            return self.0.get(index).filter(|field| field.is_none()).map(|_| index);
        }
        self.0.iter().position(|field| field.as_ref().is_some_and(|field| field.unraw() == name))
    }
}

impl Message {
    pub(crate) fn parse(literal: &LitStr, names: &Names<'_>) -> Result<Self, FormatError> {
        let text = literal.value();
        let mut reader = Reader { names, plain: String::new(), format: String::new(), fields: Vec::new() };
        reader.read(&text)?;
        if reader.fields.is_empty() {
            return Ok(Self::Plain(reader.plain));
        }
        Ok(Self::Format { literal: LitStr::new(&reader.format, literal.span()), fields: reader.fields })
    }
}

struct Reader<'a> {
    names: &'a Names<'a>,
    plain: String,
    format: String,
    fields: Vec<usize>,
}

impl Reader<'_> {
    fn read(&mut self, text: &str) -> Result<(), FormatError> {
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            self.literally(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                self.plain.push_str(brace);
                self.format.push_str(brace);
                self.format.push_str(brace);
                rest = after;
                continue;
            }
            let end = rest.find('}').filter(|_| brace == "{").ok_or(FormatError::Unbalanced)?;
            self.placeholder(&rest[..end])?;
            rest = &rest[end + 1..];
        }
        self.literally(rest);
        Ok(())
    }

    fn literally(&mut self, text: &str) {
        self.plain.push_str(text);
        self.format.push_str(text);
    }

    /// `name`, `name:spec`; a spec may name further fields (`{text:width$}`).
    fn placeholder(&mut self, inside: &str) -> Result<(), FormatError> {
        let (name, spec) = inside.split_once(':').map_or((inside, None), |(name, spec)| (name, Some(spec)));
        self.format.push('{');
        self.field(name.trim())?;
        if let Some(spec) = spec {
            self.format.push(':');
            let mut parts = spec.split('$').peekable();
            while let Some(part) = parts.next() {
                if parts.peek().is_none() {
                    self.format.push_str(part);
                    break;
                }
                let word = part.rfind(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
                let (before, name) = part.split_at(word.map_or(0, |at| at + 1));
                self.format.push_str(before);
                self.field(name)?;
                self.format.push('$');
            }
        }
        self.format.push('}');
        Ok(())
    }

    fn field(&mut self, name: &str) -> Result<(), FormatError> {
        if name.is_empty() {
            return Err(FormatError::NoName);
        }
        let index = self.names.find(name).ok_or_else(|| FormatError::Unknown(name.to_owned()))?;
        if !self.fields.contains(&index) {
            self.fields.push(index);
        }
        self.format.push_str(&format!("field{index}"));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    fn read(text: &str, names: &[&str]) -> Result<(String, Vec<usize>), FormatError> {
        let names: Vec<_> = names.iter().map(|name| syn::parse_str::<Ident>(name).ok()).collect();
        match Message::parse(&LitStr::new(text, Span::call_site()), &Names(&names))? {
            Message::Plain(text) => Ok((text, Vec::new())),
            Message::Docs { .. } => unreachable!("not parsed"),
            Message::Format { literal, fields } => Ok((literal.value(), fields)),
        }
    }

    #[test]
    fn plain_text_loses_its_doubled_braces() {
        assert_eq!(read("a {{b}} c", &[]).expect("plain"), ("a {b} c".to_owned(), vec![]));
    }

    #[test]
    fn fields_by_name_with_specs() {
        let made = read("{{{room:?}}} holds {limit:>width$.2}, {room}", &["limit", "room", "width"]);
        let expected = "{{{field1:?}}} holds {field0:>field2$.2}, {field1}".to_owned();
        assert_eq!(made.expect("a format"), (expected, vec![1, 0, 2]));
    }

    #[test]
    fn raw_and_positional_fields() {
        assert_eq!(read("{type}", &["r#type"]).expect("raw").0, "{field0}");
        assert_eq!(read("{1}", &["0", "1"]).expect("positional"), ("{field1}".to_owned(), vec![1]));
    }

    #[test]
    fn faults() {
        assert!(matches!(read("{}", &["0"]), Err(FormatError::NoName)));
        assert!(matches!(read("{max}", &["limit"]), Err(FormatError::Unknown(name)) if name == "max"));
        assert!(matches!(read("{0}", &["limit"]), Err(FormatError::Unknown(_))));
        assert!(matches!(read("{limit", &["limit"]), Err(FormatError::Unbalanced)));
        assert!(matches!(read("limit}", &["limit"]), Err(FormatError::Unbalanced)));
    }
}
