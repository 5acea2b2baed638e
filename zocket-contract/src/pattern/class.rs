//! Sets of characters, as ranges of code points.

use std::fmt::Write as _;

type Range = (u32, u32);

/// `\d`.
pub(super) const DIGIT: &[Range] = &[(0x30, 0x39)];
/// `\w`.
pub(super) const WORD: &[Range] = &[(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)];
/// `\s`: WhiteSpace and LineTerminator.
pub(super) const SPACE: &[Range] = &[
    (0x09, 0x0d),
    (0x20, 0x20),
    (0xa0, 0xa0),
    (0x1680, 0x1680),
    (0x2000, 0x200a),
    (0x2028, 0x2029),
    (0x202f, 0x202f),
    (0x205f, 0x205f),
    (0x3000, 0x3000),
    (0xfeff, 0xfeff),
];
/// What `.` does not match.
pub(super) const LINE_END: &[Range] = &[(0x0a, 0x0a), (0x0d, 0x0d), (0x2028, 0x2029)];

const LAST: u32 = 0x10_ffff;
/// No text contains these.
const SURROGATES: Range = (0xd800, 0xdfff);

/// The set of `\d`, `\D` and the like.
pub(super) fn named(letter: char) -> Option<Vec<Range>> {
    let set = match letter.to_ascii_lowercase() {
        'd' => DIGIT,
        'w' => WORD,
        's' => SPACE,
        _ => return None,
    };
    Some(if letter.is_ascii_uppercase() { all_but(set) } else { set.to_vec() })
}

/// All characters that are not in `set`, which is in order.
pub(super) fn all_but(set: &[Range]) -> Vec<Range> {
    let mut rest = Vec::new();
    let mut next = 0;
    for &(first, last) in set {
        if next < first {
            rest.push((next, first - 1));
        }
        next = last + 1;
    }
    if next <= LAST {
        rest.push((next, LAST));
    }
    rest
}

/// Appends a range, as written between brackets.
pub(super) fn push_range(out: &mut String, (first, last): Range) {
    let pieces = [(first, last.min(SURROGATES.0 - 1)), (first.max(SURROGATES.1 + 1), last)];
    for (first, last) in pieces {
        // A `String` takes everything.
        let _ = match first.cmp(&last) {
            std::cmp::Ordering::Less => write!(out, "\\x{{{first:x}}}-\\x{{{last:x}}}"),
            std::cmp::Ordering::Equal => write!(out, "\\x{{{first:x}}}"),
            std::cmp::Ordering::Greater => Ok(()),
        };
    }
}

/// Appends a whole class.
pub(super) fn push_class(out: &mut String, ranges: &[Range]) {
    out.push('[');
    ranges.iter().for_each(|range| push_range(out, *range));
    out.push(']');
}
