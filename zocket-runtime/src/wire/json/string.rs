//! String literals: found eight bytes at a time, checked once, unescaped only when they hold an escape.

use std::borrow::Cow;

use super::error::{Error, Result};

/// The inside of a string literal, without its quotes, escapes checked.
#[derive(Debug, Clone)]
pub(crate) struct RawStr<'de> {
    raw: &'de str,
    /// Where the first escape begins; the length where there is none. (A flag would leave padding, whose piecemeal copying
    /// was measured at a tenth of the whole parse.)
    plain: usize,
}

impl<'de> RawStr<'de> {
    /// The text, where it holds no escape.
    #[inline]
    pub(crate) fn plain(&self) -> Option<&'de str> {
        (self.plain == self.raw.len()).then_some(self.raw)
    }

    /// The text, borrowed where it can be.
    pub(crate) fn text(&self) -> Cow<'de, str> {
        match self.plain() {
            Some(text) => Cow::Borrowed(text),
            None => {
                let mut text = String::with_capacity(self.raw.len());
                self.unescape_into(&mut text);
                Cow::Owned(text)
            }
        }
    }

    /// Appends the text to `out`.
    pub(crate) fn unescape_into(&self, out: &mut String) {
        let (plain, mut rest) = self.raw.split_at(self.plain);
        out.push_str(plain);
        while let Some((before, escape)) = rest.split_once('\\') {
            out.push_str(before);
            // `Cursor::string` has checked the escape: the fallbacks below are never taken.
            let (c, after) = decode_escape(escape).unwrap_or((char::REPLACEMENT_CHARACTER, ""));
            out.push(c);
            rest = after;
        }
        out.push_str(rest);
    }
}

/// Reads the string literal whose opening quote is at `at`, which then moves behind the closing one.
#[inline]
pub(super) fn scan<'de>(text: &'de str, at: &mut usize) -> Result<RawStr<'de>> {
    let bytes = text.as_bytes();
    let start = *at + 1;
    let mut end = special(bytes, start);
    let mut plain = usize::MAX;
    loop {
        match bytes.get(end) {
            Some(b'"') => {
                let raw = &text[start..end];
                *at = end + 1;
                return Ok(RawStr { raw, plain: plain.min(raw.len()) });
            }
            Some(b'\\') => {
                plain = plain.min(end - start);
                end = special(bytes, check_escape(text, end)?);
            }
            Some(_) => return Err(Error::syntax(end, "control characters must be escaped in a string")),
            None => return Err(Error::syntax(end, "the text ends inside a string")),
        }
    }
}

/// The offset of the first byte from `at` on that ends a run of plain characters: a quote, a backslash or a control
/// character; the length where there is none.
#[inline]
fn special(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES * 0x80;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let chunk = u64::from_le_bytes(*chunk);
        let quote = chunk ^ (ONES * b'"' as u64);
        let backslash = chunk ^ (ONES * b'\\' as u64);
        // Each term sets the high bit of a byte that is zero (below 0x20 in the last). A borrow may set it in later bytes
        // as well, never in earlier ones, and only the earliest counts.
        let found = (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash)
            | (chunk.wrapping_sub(ONES * 0x20) & !chunk);
        if found & HIGH != 0 {
            return at + ((found & HIGH).trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(&byte) = bytes.get(at) {
        if byte == b'"' || byte == b'\\' || byte < 0x20 {
            break;
        }
        at += 1;
    }
    at
}

/// Checks the escape at `at` and answers the offset after it.
#[cold]
fn check_escape(text: &str, at: usize) -> Result<usize> {
    match text.get(at + 1..).and_then(decode_escape) {
        Some((_, after)) => Ok(text.len() - after.len()),
        None => Err(Error::syntax(at, "this escape is unknown, incomplete or half of a surrogate pair")),
    }
}

/// Takes one escape, the backslash already gone, from the front of `rest`.
fn decode_escape(rest: &str) -> Option<(char, &str)> {
    let (&kind, _) = rest.as_bytes().split_first()?;
    let c = match kind {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let (first, rest) = hex4(&rest[1..])?;
            if !(0xd800..0xdc00).contains(&first) {
                return Some((char::from_u32(first)?, rest));
            }
            let (second, rest) = hex4(rest.strip_prefix("\\u")?)?;
            let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
            return Some((char::from_u32(0x10000 + ((first - 0xd800) << 10 | low))?, rest));
        }
        _ => return None,
    };
    Some((c, &rest[1..]))
}

fn hex4(rest: &str) -> Option<(u32, &str)> {
    let (digits, rest) = rest.split_at_checked(4)?;
    // `from_str_radix` alone would take a sign.
    let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| u32::from_str_radix(digits, 16).ok())?.map(|unit| (unit, rest))
}
