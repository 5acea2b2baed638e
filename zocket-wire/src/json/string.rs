//! String literals: scanned in words and blocks, checked once, and unescaped only if they contain an escape.

use std::borrow::Cow;

use super::error::{Error, Result};

/// The contents of a string literal, without quotes, with escapes checked.
#[derive(Debug, Clone)]
pub struct RawStr<'de> {
    raw: &'de str,
    /// Where the first escape begins; the length if there is none. (A flag would add padding, and copying that piecemeal
    /// took a tenth of the whole parse.)
    plain: usize,
}

impl<'de> RawStr<'de> {
    /// The text, if it contains no escape.
    #[inline]
    pub fn plain(&self) -> Option<&'de str> {
        (self.plain == self.raw.len()).then_some(self.raw)
    }

    /// The text, borrowed if possible.
    pub fn text(&self) -> Cow<'de, str> {
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

/// Reads the string literal whose opening quote is at `at`, and moves `at` past the closing quote.
#[inline]
pub(super) fn scan<'de>(text: &'de str, at: &mut usize) -> Result<RawStr<'de>> {
    let bytes = text.as_bytes();
    let start = *at + 1;
    let mut end = find_special(bytes, start);
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
                end = find_special(bytes, check_escape(text, end)?);
            }
            Some(_) => return Err(Error::syntax(end, "control characters must be escaped in a string")),
            None => return Err(Error::syntax(end, "the text ends inside a string")),
        }
    }
}

/// The offset of the first byte from `at` on that ends a run of plain characters: a quote, a backslash or a control
/// character; the length if there is none.
#[inline]
pub(crate) fn find_special(bytes: &[u8], mut at: usize) -> usize {
    let blocks_from = at + BYTES_BEFORE_BLOCKS;
    while let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let found = specials(*word);
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
        if at == blocks_from {
            at = skip_blocks(bytes, at);
        }
    }
    while let Some(&byte) = bytes.get(at) {
        if byte == b'"' || byte == b'\\' || byte < 0x20 {
            break;
        }
        at += 1;
    }
    at
}

/// Most names and values are shorter, and a block that contains their end would cost fifty extra instructions, as much as
/// a text of a hundred bytes gains.
const BYTES_BEFORE_BLOCKS: usize = 32;

/// Sets a bit in each byte that ends a run of plain characters; bits after the first may be wrong.
#[inline]
fn specials(word: [u8; 8]) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES * 0x80;
    let word = u64::from_le_bytes(word);
    let quote = (word ^ (ONES * b'"' as u64)).wrapping_sub(ONES);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    let control = word.wrapping_sub(ONES * 0x20);
    // Each term sets the high bit of a byte that is zero (below 0x20 in the last); bytes that already have it are masked out
    // at the end. A borrow may also set it in later bytes, never in earlier ones, and only the earliest counts.
    (quote | backslash | control) & !word & HIGH
}

/// Skips blocks of plain characters. A kilobyte takes a third of the instructions that it takes in words, because the
/// compiler vectorizes this.
#[inline(never)]
fn skip_blocks(bytes: &[u8], at: usize) -> usize {
    const BLOCK: usize = 32;
    // Zero where a byte is special.
    let min = |min: u8, byte: &u8| min.min(byte ^ b'"').min(byte ^ b'\\').min(byte.saturating_sub(0x1f));
    let (blocks, _) = bytes.get(at..).unwrap_or_default().as_chunks::<BLOCK>();
    let plain = blocks.iter().take_while(|block| block.iter().fold(u8::MAX, min) != 0);
    at + plain.count() * BLOCK
}

/// Checks the escape at `at` and returns the offset after it.
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
    // `from_str_radix` alone would accept a sign.
    let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| u32::from_str_radix(digits, 16).ok())?.map(|unit| (unit, rest))
}

#[cfg(test)]
mod tests {
    use super::find_special;

    #[test]
    fn a_run_ends_at_its_first_special_byte_wherever_that_lies() {
        let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
        // Neighbours of the special bytes, and of the bits that the word-wise search sets.
        let plain = [b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xa2, 0xdc, 0xff];
        for length in 0..150 {
            let text: Vec<u8> = plain.iter().copied().cycle().take(length).collect();
            assert_eq!(find_special(&text, 0), length);
            for place in 0..length {
                for byte in [b'"', b'\\', 0, 1, 0x1f] {
                    let mut text = text.clone();
                    text[place] = byte;
                    // A second one after it must not count.
                    if let Some(later) = text.get_mut(place + 3) {
                        *later = b'"';
                    }
                    for start in [0, 1, 7, 25, 60] {
                        let rest = text.get(start..).unwrap_or_default();
                        let expected = rest.iter().position(is_special).unwrap_or(rest.len());
                        assert_eq!(
                            find_special(&text, start),
                            start + expected,
                            "{byte:#x} at {place} of {length}"
                        );
                    }
                }
            }
        }
    }
}
