//! Constructs of other dialects that ECMA 262 does not have, and how to write them there.

use super::UnsupportedPattern;

/// An escape that ECMA 262 does not have in Unicode mode.
pub(super) fn escape(letter: char, in_class: bool) -> UnsupportedPattern {
    let help = match letter {
        'A' => "`^` is the beginning of the text".to_owned(),
        'z' | 'Z' => "`$` is the end of the text".to_owned(),
        'Q' | 'E' => "escape the characters one by one: `\\.` for a dot".to_owned(),
        'h' => "write `[\\t ]`".to_owned(),
        'H' => "write `[^\\t ]`".to_owned(),
        'R' => "write `(?:\\r\\n|[\\n\\v\\f\\r\\u2028\\u2029])`".to_owned(),
        'X' => "write `[^]` for any character".to_owned(),
        'N' => "write `.` for any character but the end of a line".to_owned(),
        'a' => "write `\\x07`".to_owned(),
        'e' => "write `\\x1b`".to_owned(),
        'G' | 'K' => "leave it out: a pattern is searched for from the beginning".to_owned(),
        'U' => "write `\\u{1F600}`".to_owned(),
        'B' if in_class => "a class holds characters: leave it out".to_owned(),
        c if !c.is_ascii_alphanumeric() => format!("write `{c}` without the backslash"),
        _ => "leave the backslash out, or write what is meant as `\\u{…}`".to_owned(),
    };
    UnsupportedPattern::new(format!("`\\{letter}` is no escape of ECMA 262 in Unicode mode"), help)
}

/// `\x` or `\u` without the digits that must follow, or with those of another dialect.
pub(super) fn code_point(letter: char, rest: &str) -> UnsupportedPattern {
    let braced = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
    let help = match braced {
        Some((digits, _)) if letter == 'x' => format!("write `\\u{{{digits}}}`"),
        _ => "write two hexadecimal digits after `\\x`, four after `\\u`, or `\\u{…}`".to_owned(),
    };
    UnsupportedPattern::new(format!("`\\{letter}` lacks the digits that ECMA 262 asks for"), help)
}

/// `\p` without a property in braces.
pub(super) fn property(letter: char, rest: &str) -> UnsupportedPattern {
    let help = match rest.chars().next().filter(char::is_ascii_alphabetic) {
        Some(name) => format!("write `\\{letter}{{{name}}}`"),
        None => "write `\\p{L}`, `\\p{Script=Greek}`".to_owned(),
    };
    UnsupportedPattern::new(format!("`\\{letter}` needs a property in braces"), help)
}

/// A property that ECMA 262 spells differently.
pub(super) fn property_name(name: &str) -> Option<UnsupportedPattern> {
    let works = |pattern: String| regress::Regex::with_flags(&pattern, "u").is_ok();
    if works(format!("\\p{{{name}}}")) {
        return None;
    }
    let capital: String = name
        .split(['_', ' '])
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase())
                .into_iter()
                .chain(letters)
                .collect::<String>()
        })
        .collect::<Vec<_>>()
        .join("_");
    let spellings = [format!("Script={name}"), capital.clone(), format!("Script={capital}")];
    let help = match spellings.into_iter().find(|spelling| works(format!("\\p{{{spelling}}}"))) {
        Some(spelling) => format!("write `\\p{{{spelling}}}`"),
        None => "use a general category (`L`, `Lu`, `Nd`), a binary property or `Script=…`, spelled as Unicode does it".to_owned(),
    };
    Some(UnsupportedPattern::new(format!("`\\p{{{name}}}` is no property of ECMA 262 in Unicode mode"), help))
}

/// A group that begins with `(?`, followed by `rest`.
pub(super) fn group(rest: &str) -> UnsupportedPattern {
    if let Some(named) = rest.strip_prefix("P<") {
        let name = named.split('>').next().unwrap_or_default();
        return UnsupportedPattern::new("`(?P<…>` is no group of ECMA 262", format!("write `(?<{name}>…)`"));
    }
    let (why, help) = match rest.as_bytes().first() {
        Some(b'>') => (
            "`(?>` is no group of ECMA 262",
            "write `(?:…)`: texts are refused for what they are, not for how long it takes",
        ),
        Some(b'#') => ("`(?#` is no group of ECMA 262", "say it in the description of the field"),
        Some(b'R' | b'&' | b'0'..=b'9' | b'P') => {
            ("ECMA 262 cannot refer to a group as a pattern", "write the group out")
        }
        _ => return flags(rest),
    };
    UnsupportedPattern::new(why, help)
}

fn flags(rest: &str) -> UnsupportedPattern {
    let flags: String = rest.chars().take_while(|c| c.is_ascii_alphabetic() || *c == '-').collect();
    let help = if flags.contains('x') {
        "leave out the flag, and white space and comments from the pattern"
    } else if flags.contains('i') {
        "write both cases, `[Aa]`"
    } else if flags.contains('s') {
        "write `[^]` for any character, ends of lines included"
    } else if flags.contains('m') {
        "write `(?:^|\\n)` and `(?:$|(?=\\n))` for the ends of lines"
    } else if flags.contains('U') {
        "write the lazy `*?`, which makes no difference to whether a text matches"
    } else {
        "leave it out: patterns are read in Unicode mode"
    };
    UnsupportedPattern::new(
        format!("the flags `(?{flags}` are not understood by all that read patterns of ECMA 262"),
        help,
    )
}

/// Class names of POSIX.
pub(super) fn posix(name: &str) -> UnsupportedPattern {
    let help = match name.trim_start_matches('^') {
        "alpha" => "write `A-Za-z`, or `\\p{L}` for the letters of all scripts",
        "digit" => "write `\\d`",
        "alnum" => "write `0-9A-Za-z`",
        "upper" => "write `A-Z`",
        "lower" => "write `a-z`",
        "space" => "write `\\s`",
        "blank" => "write `\\t `",
        "word" => "write `\\w`",
        "xdigit" => "write `0-9A-Fa-f`",
        "punct" => "write `!-\\/:-@\\[-`\\{-~`",
        "cntrl" => "write `\\x00-\\x1f\\x7f`",
        "print" => "write ` -~`",
        "graph" => "write `!-~`",
        _ => "list the characters",
    };
    UnsupportedPattern::new(format!("`[:{name}:]` is no class of ECMA 262"), help)
}

/// `&&`, `--` and `~~` within a class.
pub(super) fn set_operator(c: char) -> UnsupportedPattern {
    UnsupportedPattern::new(
        format!("`{c}{c}` within a class is an operator to some readers and two characters to others"),
        match c {
            '-' => "write `\\-` for a hyphen; for what is in one class and not in another, `(?![…])[…]`"
                .to_owned(),
            _ => format!("write `{c}` once for the character; for what two classes share, `(?=[…])[…]`"),
        },
    )
}
