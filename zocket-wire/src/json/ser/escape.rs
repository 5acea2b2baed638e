//! String literals.

use std::fmt;

use crate::json::string::find_special;

/// Appends a string literal.
#[inline]
pub(crate) fn append_str(out: &mut Vec<u8>, text: &str) {
    // Most texts need no escapes, so one reservation is enough.
    out.reserve(text.len() + 2);
    out.push(b'"');
    append_escaped(out, text.as_bytes());
    out.push(b'"');
}

#[inline]
fn append_escaped(out: &mut Vec<u8>, bytes: &[u8]) {
    let end = find_special(bytes, 0);
    out.extend_from_slice(&bytes[..end]);
    if end < bytes.len() {
        append_with_escapes(out, &bytes[end..]);
    }
}

/// The rest of a string, starting at the first byte that must be escaped.
#[cold]
fn append_with_escapes(out: &mut Vec<u8>, mut bytes: &[u8]) {
    while let Some((&byte, rest)) = bytes.split_first() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(br"\n"),
            b'\r' => out.extend_from_slice(br"\r"),
            b'\t' => out.extend_from_slice(br"\t"),
            0x08 => out.extend_from_slice(br"\b"),
            0x0c => out.extend_from_slice(br"\f"),
            control => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                let [high, low] = [control >> 4, control & 0xf].map(|digit| HEX[usize::from(digit)]);
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
            }
        }
        let end = find_special(rest, 0);
        out.extend_from_slice(&rest[..end]);
        bytes = &rest[end..];
    }
}

/// Text that arrives in pieces.
pub(super) struct Escaping<'a>(pub(super) &'a mut Vec<u8>);

impl fmt::Write for Escaping<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        append_escaped(self.0, piece.as_bytes());
        Ok(())
    }
}
