//! Names: from Rust's to the wire's.

use proc_macro2::Ident;
use syn::ext::IdentExt as _;

/// How Rust names become segments of a route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RenameAll {
    /// fn and module names as they are, type names in `snake_case`.
    #[default]
    AsWritten,
    Camel,
    Pascal,
    Kebab,
    ScreamingSnake,
    Lower,
}

impl RenameAll {
    /// The rules by the names serde gives them.
    pub(crate) const NAMES: [(&'static str, Self); 6] = [
        ("snake_case", Self::AsWritten),
        ("camelCase", Self::Camel),
        ("PascalCase", Self::Pascal),
        ("kebab-case", Self::Kebab),
        ("SCREAMING_SNAKE_CASE", Self::ScreamingSnake),
        ("lowercase", Self::Lower),
    ];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, rule)| *rule)
    }

    /// The segment for a fn or a module.
    pub(crate) fn value(self, ident: &Ident) -> String {
        let name = ident.unraw().to_string();
        if self == Self::AsWritten { name } else { self.join(&words(&name)) }
    }

    /// The segment for a type.
    pub(crate) fn ty(self, ident: &Ident) -> String {
        self.join(&words(&ident.unraw().to_string()))
    }

    fn join(self, words: &[String]) -> String {
        match self {
            Self::AsWritten => words.join("_"),
            Self::Camel => {
                let (first, rest) = words.split_first().map_or(("", words), |(first, rest)| (first, rest));
                first.to_owned() + &capitalized(rest)
            }
            Self::Pascal => capitalized(words),
            Self::Kebab => words.join("-"),
            Self::ScreamingSnake => words.join("_").to_uppercase(),
            Self::Lower => words.concat(),
        }
    }
}

/// `RoomFull` → `ROOM_FULL`, an error's code.
pub(crate) fn code(ident: &Ident) -> String {
    RenameAll::ScreamingSnake.ty(ident)
}

/// `RoomFull` → "room full", an error's message where nothing better was written.
pub(crate) fn in_words(ident: &Ident) -> String {
    words(&ident.unraw().to_string()).join(" ")
}

/// The name of a message's fn in `send`: `UserJoined` → `user_joined`, `Match` → `r#match`.
pub(crate) fn sender(ident: &Ident) -> Ident {
    let name = RenameAll::AsWritten.ty(ident);
    match name.as_str() {
        // The keywords that cannot be raw, and names without a letter.
        "self" | "super" | "crate" | "" => Ident::new(&format!("{name}_"), ident.span()),
        _ => syn::parse_str::<Ident>(&name).map_or_else(
            |_| Ident::new_raw(&name, ident.span()),
            |mut sender| {
                sender.set_span(ident.span());
                sender
            },
        ),
    }
}

/// The lower-cased words of an identifier in any case: "HTTPErrorCode2" → http, error, code2.
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

/// Why a segment of a route cannot be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BadSegment {
    Empty,
    Dot,
    /// `__` at its head.
    Reserved,
    /// White space or a control character.
    Unprintable,
}

/// Whether `segment` can be a segment of a route.
pub(crate) fn check_segment(segment: &str) -> Result<(), BadSegment> {
    if segment.is_empty() {
        Err(BadSegment::Empty)
    } else if segment.starts_with("__") {
        Err(BadSegment::Reserved)
    } else if segment.contains('.') {
        Err(BadSegment::Dot)
    } else if segment.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        Err(BadSegment::Unprintable)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

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

    #[test]
    fn every_rule() {
        let by = |name: &str| RenameAll::from_name(name).expect("a known rule").ty(&ident("UserJoined"));
        let made: Vec<_> = RenameAll::NAMES.iter().map(|(name, _)| by(name)).collect();
        assert_eq!(
            made,
            ["user_joined", "userJoined", "UserJoined", "user-joined", "USER_JOINED", "userjoined"]
        );
        assert_eq!(RenameAll::from_name("Camel"), None);
    }

    #[test]
    fn fn_names_stay_as_written() {
        assert_eq!(RenameAll::AsWritten.value(&ident("getURL_now")), "getURL_now");
        assert_eq!(RenameAll::AsWritten.value(&ident("r#match")), "match");
        assert_eq!(RenameAll::Camel.value(&ident("get_url")), "getUrl");
    }

    #[test]
    fn senders_of_keywords() {
        assert_eq!(sender(&ident("Match")).to_string(), "r#match");
        assert_eq!(sender(&ident("Super")).to_string(), "super_");
        assert_eq!(sender(&ident("UserJoined")).to_string(), "user_joined");
    }

    #[test]
    fn segments() {
        assert_eq!(check_segment("user-joined"), Ok(()));
        assert_eq!(check_segment("_x"), Ok(()));
        assert_eq!(check_segment(""), Err(BadSegment::Empty));
        assert_eq!(check_segment("__x"), Err(BadSegment::Reserved));
        assert_eq!(check_segment("a.b"), Err(BadSegment::Dot));
        assert_eq!(check_segment("a\u{7f}"), Err(BadSegment::Unprintable));
        assert_eq!(check_segment("a b"), Err(BadSegment::Unprintable));
    }
}
