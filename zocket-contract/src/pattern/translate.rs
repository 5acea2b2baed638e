//! Rewrites an ECMA 262 pattern for the engine: what the dialects interpret differently is made explicit, and what only
//! other dialects have is rejected with a hint. The parser checks whether the rest is well formed.

use super::class::{self, LINE_END, all_but, push_class, push_range};
use super::{UnsupportedPattern, hints};

type Result<T> = std::result::Result<T, UnsupportedPattern>;

/// Groups nest less deeply than this.
const DEEPEST: usize = 40;

/// `\b`: exactly one of the neighbouring characters matches `\w`. The engine's own `\b` uses the words of all scripts.
const BOUNDARY: &str = "(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))";
/// `\B`.
const NO_BOUNDARY: &str = "(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))";

/// The pattern for the engine.
pub(super) fn translate(pattern: &str) -> Result<String> {
    let mut translator = Translator {
        rest: pattern,
        out: String::new(),
        names: Vec::new(),
        may_repeat: false,
        groups: Vec::new(),
    };
    while let Some(c) = translator.next() {
        translator.term(c)?;
    }
    Ok(translator.out)
}

struct Translator<'p> {
    rest: &'p str,
    out: String,
    /// Of groups.
    names: Vec<&'p str>,
    /// The last item can be followed by a quantifier.
    may_repeat: bool,
    /// For each open group, whether it may be repeated: lookaround may not.
    groups: Vec<bool>,
}

/// What an escape stands for.
enum Escaped {
    Character(u32),
    /// One of `\d` and the like.
    Set(Vec<(u32, u32)>),
    /// `\p{…}`, as it is written.
    Property(String),
}

impl<'p> Translator<'p> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn eat(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn term(&mut self, c: char) -> Result<()> {
        let mut may_repeat = true;
        match c {
            '.' => push_class(&mut self.out, &all_but(LINE_END)),
            '^' | '$' | '|' => {
                self.out.push(c);
                may_repeat = false;
            }
            '(' => {
                self.group()?;
                may_repeat = false;
            }
            ')' => {
                may_repeat = self.groups.pop().unwrap_or_default();
                self.out.push(')');
            }
            '[' => self.class()?,
            '\\' => may_repeat = self.escape()?,
            '*' | '+' | '?' => {
                self.out.push(c);
                self.after_quantifier()?;
                may_repeat = false;
            }
            '{' => {
                self.counted()?;
                may_repeat = false;
            }
            '}' | ']' => return Err(bare(c)),
            c => self.literal(c as u32),
        }
        self.may_repeat = may_repeat;
        Ok(())
    }

    fn literal(&mut self, code: u32) {
        match char::from_u32(code) {
            Some(c) if "\\^$.|?*+()[]{}/".contains(c) => self.out.extend(['\\', c]),
            Some(c) if c.is_control() => push_class(&mut self.out, &[(code, code)]),
            Some(c) => self.out.push(c),
            // No text contains a lone surrogate.
            None => self.out.push_str("(?!)"),
        }
    }

    fn group(&mut self) -> Result<()> {
        if self.groups.len() == DEEPEST {
            return Err(UnsupportedPattern::new("its groups nest too deep", "write it flat"));
        }
        // Nothing needs to know what a group matched.
        let mut begin = "(?:";
        if self.eat("?") {
            let plain = [":", "=", "!", "<=", "<!"].into_iter().find(|kind| self.eat(kind));
            begin = match plain {
                Some(":") => begin,
                Some("=") => "(?=",
                Some("!") => "(?!",
                Some("<=") => "(?<=",
                Some(_) => "(?<!",
                None => {
                    let name = self.rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
                    let (name, rest) = name.ok_or_else(|| hints::group(self.rest))?;
                    if self.names.contains(&name) {
                        return Err(UnsupportedPattern::new(
                            format!(
                                "two groups have the name `{name}`, which not all readers of ECMA 262 allow"
                            ),
                            "name one of them otherwise, or none",
                        ));
                    }
                    self.names.push(name);
                    self.rest = rest;
                    begin
                }
            };
        }
        self.out.push_str(begin);
        self.groups.push(begin == "(?:");
        Ok(())
    }

    /// `{2}`, `{2,}`, `{2,3}`.
    fn counted(&mut self) -> Result<()> {
        let Some((inside, rest)) = self.rest.split_once('}') else { return Err(bare('{')) };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_count = match inside.split_once(',') {
            Some(("", most)) if digits(most) => {
                return Err(UnsupportedPattern::new(
                    format!("`{{{inside}}}` is no quantifier of ECMA 262"),
                    format!("write `{{0,{most}}}`"),
                ));
            }
            Some((least, most)) => digits(least) && (most.is_empty() || digits(most)),
            None => digits(inside),
        };
        if !is_count {
            return Err(bare('{'));
        }
        self.out.extend(["{", inside, "}"]);
        self.rest = rest;
        self.after_quantifier()
    }

    /// Lazy or not, the same texts match.
    fn after_quantifier(&mut self) -> Result<()> {
        if !self.may_repeat {
            return Err(UnsupportedPattern::new(
                "a quantifier has nothing before it that ECMA 262 lets be repeated",
                "put what is repeated in a group, `(?:…)`, or write a backslash before the sign for the sign itself",
            ));
        }
        self.eat("?");
        if self.rest.starts_with('+') {
            return Err(UnsupportedPattern::new(
                "ECMA 262 has no possessive quantifiers",
                "leave out the `+` after the quantifier",
            ));
        }
        Ok(())
    }

    /// Whether what is escaped may be repeated.
    fn escape(&mut self) -> Result<bool> {
        for (assertion, spelling) in [("b", BOUNDARY), ("B", NO_BOUNDARY)] {
            if self.eat(assertion) {
                self.out.push_str(spelling);
                return Ok(false);
            }
        }
        match self.escaped(false)? {
            Escaped::Character(code) => self.literal(code),
            Escaped::Set(ranges) => push_class(&mut self.out, &ranges),
            Escaped::Property(property) => self.out.push_str(&property),
        }
        Ok(true)
    }

    /// What follows a backslash.
    fn escaped(&mut self, in_class: bool) -> Result<Escaped> {
        let Some(c) = self.next() else {
            return Err(UnsupportedPattern::new("it ends with a backslash", "write `\\\\` for a backslash"));
        };
        if let Some(set) = class::named(c) {
            return Ok(Escaped::Set(set));
        }
        let code = match c {
            'f' => 0x0c,
            'n' => 0x0a,
            'r' => 0x0d,
            't' => 0x09,
            'v' => 0x0b,
            'b' if in_class => 0x08,
            '-' if in_class => '-' as u32,
            'c' if self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                self.next().map_or(0, |letter| letter as u32 % 32)
            }
            '0' if !self.rest.starts_with(|c: char| c.is_ascii_digit()) => 0,
            '1'..='9' | 'k' => {
                return Err(UnsupportedPattern::new(
                    "it refers back to what a group has matched, which cannot be enforced at a bounded cost",
                    "write out the texts that may come twice, or say the rule in code",
                ));
            }
            'x' => self.hex(2).ok_or_else(|| hints::code_point(c, self.rest))?,
            'u' => self.code_point()?,
            'p' | 'P' => return self.property(c).map(Escaped::Property),
            c if "^$\\.*+?()[]{}|/".contains(c) => c as u32,
            c => return Err(hints::escape(c, in_class)),
        };
        Ok(Escaped::Character(code))
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        let text =
            self.rest.get(..digits).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        self.rest = &self.rest[digits..];
        u32::from_str_radix(text, 16).ok()
    }

    fn code_point(&mut self) -> Result<u32> {
        let wrong = |rest: &str| hints::code_point('u', rest);
        if self.eat("{") {
            let (digits, rest) = self.rest.split_once('}').ok_or_else(|| wrong(self.rest))?;
            let code = u32::from_str_radix(digits, 16).ok().filter(|code| *code <= 0x10_ffff);
            let code = code.filter(|_| !digits.starts_with('+')).ok_or_else(|| wrong(self.rest))?;
            self.rest = rest;
            return Ok(code);
        }
        let first = self.hex(4).ok_or_else(|| wrong(self.rest))?;
        let before = self.rest;
        if (0xd800..0xdc00).contains(&first) && self.eat("\\u") {
            match self.hex(4) {
                Some(second @ 0xdc00..0xe000) => {
                    return Ok(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00));
                }
                _ => self.rest = before,
            }
        }
        Ok(first)
    }

    fn property(&mut self, letter: char) -> Result<String> {
        let braced = self.rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let (name, rest) = braced.ok_or_else(|| hints::property(letter, self.rest))?;
        if let Some(error) = hints::property_name(name) {
            return Err(error);
        }
        self.rest = rest;
        Ok(format!("\\{letter}{{{name}}}"))
    }

    /// What is between brackets, flattened: the engine would read nested brackets, and some doubled characters, as operators.
    fn class(&mut self) -> Result<()> {
        let is_negated = self.eat("^");
        let mut items = String::new();
        loop {
            if let Some((name, _)) = self.rest.strip_prefix("[:").and_then(|rest| rest.split_once(":]")) {
                return Err(hints::posix(name));
            }
            for operator in ['&', '~', '-'] {
                let mut ahead = self.rest.chars();
                if ahead.next() == Some(operator) && ahead.next() == Some(operator) {
                    return Err(hints::set_operator(operator));
                }
            }
            let Some(first) = self.class_atom()? else { break };
            let Escaped::Character(first) = first else {
                push_set(&mut items, first);
                continue;
            };
            // A hyphen before the end is a literal hyphen.
            if !self.rest.starts_with('-') || self.rest.starts_with("-]") {
                push_range(&mut items, (first, first));
                continue;
            }
            self.eat("-");
            if self.rest.starts_with('-') {
                return Err(hints::set_operator('-'));
            }
            match self.class_atom()? {
                Some(Escaped::Character(last)) if first <= last => push_range(&mut items, (first, last)),
                // The parser reports this as well.
                _ => {
                    return Err(UnsupportedPattern::new(
                        "a range in a class goes from one character up to another",
                        "swap its ends, or write `\\-` for a hyphen",
                    ));
                }
            }
        }
        match (items.is_empty(), is_negated) {
            (true, true) => push_class(&mut self.out, &all_but(&[])),
            (true, false) => self.out.push_str("(?!)"),
            (false, _) => self.out.extend([if is_negated { "[^" } else { "[" }, &items, "]"]),
        }
        Ok(())
    }

    /// `None` at the end of the class.
    fn class_atom(&mut self) -> Result<Option<Escaped>> {
        match self.next() {
            Some(']') => Ok(None),
            Some('\\') => self.escaped(true).map(Some),
            Some(c) => Ok(Some(Escaped::Character(c as u32))),
            None => Err(UnsupportedPattern::new(
                "a class is not closed",
                "write `\\[` for a bracket, or close it",
            )),
        }
    }
}

fn push_set(items: &mut String, set: Escaped) {
    match set {
        Escaped::Set(ranges) => ranges.into_iter().for_each(|range| push_range(items, range)),
        Escaped::Property(property) => items.push_str(&property),
        Escaped::Character(code) => push_range(items, (code, code)),
    }
}

/// A character that is special elsewhere and must be escaped here.
fn bare(c: char) -> UnsupportedPattern {
    UnsupportedPattern::new(
        format!("`{c}` alone is no character in ECMA 262 in Unicode mode"),
        format!("write `\\{c}`"),
    )
}
