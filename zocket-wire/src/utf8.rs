//! UTF-8 that arrives in pieces, split anywhere.

use super::error::ProtocolError;

/// Validates text piece by piece and fails at the first byte that no continuation can make valid.
#[derive(Debug, Default)]
pub(super) struct Utf8Stream {
    /// The first bytes of a character that was split at the end of the last piece; `len` of them, at most
    /// three between pieces.
    cut: [u8; 4],
    len: usize,
}

impl Utf8Stream {
    /// Appends `piece` to `text`, except for a split character at its end, which waits for the next piece.
    ///
    /// Each byte is validated once, so a text of n bytes costs O(n) in however many pieces.
    ///
    /// # Errors
    /// The text up to and including this piece cannot be the beginning of a valid text.
    pub(super) fn append(&mut self, mut piece: &[u8], text: &mut String) -> Result<(), ProtocolError> {
        while self.len > 0 {
            let Some((&byte, rest)) = piece.split_first() else { return Ok(()) };
            piece = rest;
            self.cut[self.len] = byte;
            self.len += 1;
            match std::str::from_utf8(&self.cut[..self.len]) {
                Ok(character) => {
                    text.push_str(character);
                    self.len = 0;
                }
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return Err(ProtocolError::InvalidText),
            }
        }
        let (whole, cut) = piece.split_at(piece.len() - cut_len(piece));
        text.push_str(simdutf8::basic::from_utf8(whole).map_err(|_| ProtocolError::InvalidText)?);
        // A lead byte may already be followed by an invalid one, as in F4 90.
        if std::str::from_utf8(cut).is_err_and(|error| error.error_len().is_some()) {
            return Err(ProtocolError::InvalidText);
        }
        self.cut[..cut.len()].copy_from_slice(cut);
        self.len = cut.len();
        Ok(())
    }

    /// Ends the text.
    ///
    /// # Errors
    /// The last character is incomplete.
    pub(super) fn finish(&self) -> Result<(), ProtocolError> {
        if self.len == 0 { Ok(()) } else { Err(ProtocolError::InvalidText) }
    }

    /// How many bytes wait for the rest of their character.
    pub(super) fn waiting(&self) -> usize {
        self.len
    }
}

/// How many of the last bytes (at most three) begin an incomplete character.
fn cut_len(piece: &[u8]) -> usize {
    for (back, byte) in piece.iter().rev().take(3).enumerate() {
        let present = back + 1;
        let width = match byte {
            0x80..=0xbf => continue,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 1,
        };
        return if width > present { present } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `pieces`; the text, or the index of the piece (or the end) that failed.
    fn feed<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<String, usize> {
        let (mut stream, mut text, mut fed) = (Utf8Stream::default(), String::new(), 0usize);
        for piece in pieces {
            stream.append(piece, &mut text).map_err(|_| fed)?;
            assert!(stream.waiting() <= 3);
            fed += 1;
        }
        stream.finish().map_err(|_| fed)?;
        Ok(text)
    }

    #[test]
    fn text_cut_at_any_two_places_is_put_together_again() {
        let text = "aß€😀\u{0}\u{7ff}\u{800}\u{ffff}\u{10ffff}z";
        let bytes = text.as_bytes();
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                assert_eq!(feed(pieces).as_deref(), Ok(text), "cut at {first} and {second}");
            }
        }
    }

    #[test]
    fn it_fails_at_the_very_byte_that_makes_the_text_invalid() {
        // Surrogate, above U+10FFFF, overlong forms, a stray continuation, impossible leads, a truncated
        // character.
        let cases: [(&[u8], usize); 10] = [
            (b"\xed\xa0\x80", 1),
            (b"\xf4\x90\x80\x80", 1),
            (b"\xc0\xaf", 0),
            (b"\xe0\x9f\xbf", 1),
            (b"\xf0\x8f\xbf\xbf", 1),
            (b"\x80", 0),
            (b"\xf5\x80\x80\x80", 0),
            (b"\xff", 0),
            (b"\xe2\x82a", 2),
            (b"\xf0\x9f\x98a", 3),
        ];
        for (bytes, failing) in cases {
            assert_eq!(feed(bytes.chunks(1)), Err(failing), "{bytes:x?}");
            let upto = [b"ok \xe2\x82\xac ".as_slice(), &bytes[..=failing], &bytes[failing + 1..]];
            assert_eq!(feed(upto), Err(1), "{bytes:x?} in one piece up to the failing byte");
        }
    }

    #[test]
    fn a_character_cut_at_the_end_of_the_text_is_invalid() {
        for cut in [b"\xc3".as_slice(), b"\xe2\x82", b"\xf0\x9f\x98"] {
            assert_eq!(feed([cut]), Err(1), "{cut:x?}");
        }
    }
}
