//! Whether an item that cannot be read is one that nobody could: half of it has not been typed yet.
//!
//! The compiler parses a module before a macro sees it, and has then said so in its own words. What it has taken and syn does
//! not know is for the macro to report.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Whether a type, a name or a value is missing somewhere.
pub(super) fn is_half_typed(item: &TokenStream) -> bool {
    let is_struct =
        item.clone().into_iter().any(|token| matches!(&token, TokenTree::Ident(word) if word == "struct"));
    let is_fn =
        item.clone().into_iter().any(|token| matches!(&token, TokenTree::Ident(word) if word == "fn"));
    let mut groups = item.clone().into_iter().filter_map(|token| match token {
        TokenTree::Group(group) => Some((group.delimiter(), group.stream())),
        _ => None,
    });
    // The body of a fn is not read.
    let in_group = groups.any(|(delimiter, stream)| match delimiter {
        Delimiter::Brace if is_fn => false,
        Delimiter::Brace if is_struct => lacks_something(&stream) || has_field_without_type(&stream),
        Delimiter::Parenthesis if is_fn => lacks_something(&stream) || has_field_without_type(&stream),
        _ => lacks_something(&stream) || is_half_typed(&stream),
    });
    in_group || lacks_something(item)
}

/// `a: ,`, `-> {`, `,,`, `= ;`: punctuation that something has to follow, and nothing does.
fn lacks_something(tokens: &TokenStream) -> bool {
    let mut before: Option<char> = None;
    for token in tokens.clone() {
        let mark = match &token {
            TokenTree::Punct(punct) => Some(punct.as_char()),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some('{'),
            _ => None,
        };
        before = match (before, mark) {
            (Some(':' | '=' | '&' | '|' | '→'), Some(',' | ';' | '{')) | (Some(','), Some(',')) => {
                return true;
            }
            // `::`, `==`, `=>`
            (Some(':'), Some(':')) | (Some('='), Some('=' | '>')) => None,
            (Some('-'), Some('>')) => Some('→'),
            (_, mark) => mark,
        };
    }
    matches!(before, Some(':' | '=' | '&' | '|' | '→'))
}

/// `{ a }` and `(a)` for `{ a: u8 }` and `(a: u8)`.
fn has_field_without_type(fields: &TokenStream) -> bool {
    let (mut has_colon, mut has_name, mut angles) = (false, false, 0_usize);
    for token in fields.clone() {
        match &token {
            TokenTree::Punct(punct) => match punct.as_char() {
                ':' => has_colon = true,
                '<' => angles += 1,
                '>' => angles = angles.saturating_sub(1),
                ',' if angles == 0 => {
                    if has_name && !has_colon {
                        return true;
                    }
                    (has_colon, has_name) = (false, false);
                }
                _ => {}
            },
            TokenTree::Ident(word) => has_name |= word != "self" && word != "pub" && word != "mut",
            _ => {}
        }
    }
    has_name && !has_colon
}

#[cfg(test)]
mod tests {
    use super::*;

    fn half_typed(source: &str) -> bool {
        is_half_typed(&source.parse().expect("tokens"))
    }

    #[test]
    fn what_lacks_something() {
        for source in [
            "struct Post { text: String, room: }",
            "struct Post { text }",
            "struct Post { text: String, room, }",
            "struct Post { text: &, room: u8 }",
            "struct Post(String, ,);",
            "enum Post { Text { a: } }",
            "async fn post(input: ) {}",
            "async fn post(input) {}",
            "async fn post(input: Post, client) {}",
            "async fn post() -> {}",
            "async fn post(input: Post) -> ;",
        ] {
            assert!(half_typed(source), "{source}");
        }
    }

    #[test]
    fn what_is_whole() {
        for source in [
            "struct Post { text: String, map: HashMap<u8, Vec<u8>>, }",
            "struct Post(pub String, u8);",
            "struct Post { a: u8 = 1, unsafe b: &'static str }",
            "enum Post { A { a: u8 }, B(u8), C = 3 }",
            "async fn post(a::B { x, .. }: a::B, &self, mut c: u8) -> Result<(), E> { if a == b {} let c: ; }",
            "async fn post<T: >(a: T) where T: Copy, { }",
        ] {
            assert!(!half_typed(source), "{source}");
        }
    }
}
