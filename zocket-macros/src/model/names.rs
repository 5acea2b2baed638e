//! From Rust names to names on the wire.

use proc_macro2::{Ident, Span};
use syn::LitStr;
use syn::ext::IdentExt as _;

use crate::vocabulary::RenameAll;

/// The segment of a route for a fn or a module.
pub(crate) fn of_value(ident: &Ident, rule: RenameAll) -> String {
    let name = ident.unraw().to_string();
    if rule == RenameAll::AsWritten { name } else { join(&words(&name), rule) }
}

/// The segment of a route for a type.
pub(crate) fn of_type(ident: &Ident, rule: RenameAll) -> String {
    join(&words(&ident.unraw().to_string()), rule)
}

fn join(words: &[String], rule: RenameAll) -> String {
    match rule {
        RenameAll::AsWritten => words.join("_"),
        RenameAll::Camel => match words {
            [first, rest @ ..] => first.clone() + &capitalized(rest),
            [] => String::new(),
        },
        RenameAll::Pascal => capitalized(words),
        RenameAll::Kebab => words.join("-"),
        RenameAll::ScreamingSnake => words.join("_").to_uppercase(),
        RenameAll::Lower => words.concat(),
    }
}

/// `RoomFull` → `ROOM_FULL`, an error's code.
pub(crate) fn code(ident: &Ident) -> String {
    of_type(ident, RenameAll::ScreamingSnake)
}

/// `RoomFull` → "room full", an error's message where nothing better was written.
pub(crate) fn in_words(ident: &Ident) -> String {
    words(&ident.unraw().to_string()).join(" ")
}

/// The name of a message's fn in `send`: `UserJoined` → `user_joined`, `Match` → `r#match`.
pub(crate) fn sender(ident: &Ident) -> Ident {
    value(&of_type(ident, RenameAll::AsWritten), ident.span())
}

/// The same for a message with a `rename`: "user-left" → `user_left`. `None` where nothing in it could be part of a name.
pub(crate) fn renamed_sender(rename: &LitStr) -> Option<Ident> {
    let name = rename.value();
    let parts = name.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    let name = parts.flat_map(words).collect::<Vec<_>>().join("_");
    let begins = name.chars().next()?;
    Some(match begins.is_numeric() {
        true => value(&format!("_{name}"), rename.span()),
        false => value(&name, rename.span()),
    })
}

fn value(name: &str, span: Span) -> Ident {
    match name {
        // The keywords that cannot be raw, and names without a letter.
        "self" | "super" | "crate" | "" => Ident::new(&format!("{name}_"), span),
        _ => syn::parse_str::<Ident>(name).map_or_else(
            |_| Ident::new_raw(name, span),
            |mut sender| {
                sender.set_span(span);
                sender
            },
        ),
    }
}

/// The lower-cased words of an identifier in any case: "HTTPErrorCode2" → http, error, code2.
///
/// Not by the crate `heck`, which does not see that a word ends where a capital follows a digit ("A1B", "V2API"), and so
/// would rename routes and error codes that are in use: see the test below.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let chars: Vec<char> = name.chars().collect();
    for (at, &letter) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let starts_word = letter.is_uppercase()
            && match before {
                Some(before) if before.is_uppercase() => {
                    chars.get(at + 1).is_some_and(|next| next.is_lowercase())
                }
                Some(_) => true,
                None => false,
            };
        if letter == '_' || starts_word {
            words.push(String::new());
        }
        if letter != '_' {
            let last = words.len() - 1;
            words[last].extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn capitalized(words: &[String]) -> String {
    let mut joined = String::new();
    for word in words {
        let mut letters = word.chars();
        joined.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        joined.push_str(letters.as_str());
    }
    joined
}

/// Why a segment of a route is not allowed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SegmentError {
    Empty,
    Dot,
    /// `__` at its head.
    Reserved,
    /// White space or a control character.
    Unprintable,
}

/// Checks that `segment` can be a segment of a route.
pub(crate) fn check_segment(segment: &str) -> Result<(), SegmentError> {
    if segment.is_empty() {
        Err(SegmentError::Empty)
    } else if segment.starts_with("__") {
        Err(SegmentError::Reserved)
    } else if segment.contains('.') {
        Err(SegmentError::Dot)
    } else if segment.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        Err(SegmentError::Unprintable)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ident(name: &str) -> Ident {
        syn::parse_str(name).unwrap_or_else(|_| Ident::new_raw(name, Span::call_site()))
    }

    #[test]
    fn words_of_every_case() {
        assert_eq!(words("HTTPErrorCode2"), ["http", "error", "code2"]);
        assert_eq!(words("send_message"), ["send", "message"]);
        assert_eq!(words("__SCREAMING__CASE_"), ["screaming", "case"]);
        assert_eq!(words("V2Joined"), ["v2", "joined"]);
        assert_eq!(words("A"), ["a"]);
        assert_eq!(words("ÉtéÜber"), ["été", "über"]);
        assert!(words("___").is_empty());
    }

    /// Why the words are not found by `heck`: the names on the right are on the wire.
    #[test]
    fn a_capital_behind_a_digit_begins_a_word() {
        use heck::ToSnakeCase as _;
        let ours = |name: &str| words(name).join("_");
        for same in ["UserJoined", "HTTPErrorCode2", "V2Joined", "getURL_now", "OAuth2Token"] {
            assert_eq!(same.to_snake_case(), ours(same));
        }
        for (name, by_heck, by_us) in [
            ("V2API", "v2api", "v2_api"),
            ("A1B", "a1b", "a1_b"),
            ("HTTP2GOAWAY", "http2goaway", "http2_goaway"),
        ] {
            assert_eq!((name.to_snake_case().as_str(), ours(name).as_str()), (by_heck, by_us));
        }
    }

    #[test]
    fn every_rule() {
        let by =
            |name: &str| of_type(&ident("UserJoined"), RenameAll::from_name(name).expect("a known rule"));
        let made: Vec<_> = RenameAll::NAMES.iter().map(|(name, _)| by(name)).collect();
        assert_eq!(
            made,
            ["user_joined", "userJoined", "UserJoined", "user-joined", "USER_JOINED", "userjoined"]
        );
        assert_eq!(RenameAll::from_name("Camel"), None);
    }

    #[test]
    fn fn_names_stay_as_written() {
        assert_eq!(of_value(&ident("getURL_now"), RenameAll::AsWritten), "getURL_now");
        assert_eq!(of_value(&ident("r#match"), RenameAll::AsWritten), "match");
        assert_eq!(of_value(&ident("get_url"), RenameAll::Camel), "getUrl");
    }

    #[test]
    fn senders_of_keywords() {
        assert_eq!(sender(&ident("Match")).to_string(), "r#match");
        assert_eq!(sender(&ident("Super")).to_string(), "super_");
        assert_eq!(sender(&ident("UserJoined")).to_string(), "user_joined");
    }

    #[test]
    fn senders_of_renamed_messages() {
        let renamed = |name: &str| {
            renamed_sender(&LitStr::new(name, Span::call_site())).map(|sender| sender.to_string())
        };
        assert_eq!(renamed("left").as_deref(), Some("left"));
        assert_eq!(renamed("userLeft").as_deref(), Some("user_left"));
        assert_eq!(renamed("user-left/now").as_deref(), Some("user_left_now"));
        assert_eq!(renamed("match").as_deref(), Some("r#match"));
        assert_eq!(renamed("2nd").as_deref(), Some("_2nd"));
        assert_eq!(renamed("→"), None);
    }

    #[test]
    fn segments() {
        assert_eq!(check_segment("user-joined"), Ok(()));
        assert_eq!(check_segment("_x"), Ok(()));
        assert_eq!(check_segment(""), Err(SegmentError::Empty));
        assert_eq!(check_segment("__x"), Err(SegmentError::Reserved));
        assert_eq!(check_segment("a.b"), Err(SegmentError::Dot));
        assert_eq!(check_segment("a\u{7f}"), Err(SegmentError::Unprintable));
        assert_eq!(check_segment("a b"), Err(SegmentError::Unprintable));
    }
}
