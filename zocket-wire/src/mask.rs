//! Masking: every payload byte from a client is XORed with a four-byte key.

/// Masks or unmasks `bytes` in place; the first byte is XORed with `key[0]`.
///
/// For a payload in pieces, rotate the key to the left by the length of each piece.
#[inline]
pub fn apply(key: [u8; 4], bytes: &mut [u8]) {
    let [a, b, c, d] = key;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    // Words in native order keep the byte order, and the compiler vectorizes the loop.
    let (words, rest) = bytes.as_chunks_mut();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(wide.to_ne_bytes()) {
        *byte ^= key;
    }
}

/// The key, rotated for the byte after the next `len` bytes.
#[inline]
pub(super) fn advance(mut key: [u8; 4], len: usize) -> [u8; 4] {
    key.rotate_left(len % 4);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

    fn reference(bytes: &[u8]) -> Vec<u8> {
        bytes.iter().enumerate().map(|(at, byte)| byte ^ KEY[at % 4]).collect()
    }

    #[test]
    fn the_rfc_example_unmasks_to_hello() {
        let mut bytes = [0x7f, 0x9f, 0x4d, 0x51, 0x58];
        apply(KEY, &mut bytes);
        assert_eq!(&bytes, b"Hello");
    }

    #[test]
    fn every_length_and_alignment_agrees_with_the_definition() {
        let plain: Vec<u8> = (0..=255).cycle().take(600).collect();
        for start in 0..16 {
            for len in (0..80).chain([127, 128, 129, 255, 500]) {
                let mut bytes = plain.clone();
                apply(KEY, &mut bytes[start..start + len]);
                assert_eq!(bytes[start..start + len], reference(&plain[start..start + len]), "{start}+{len}");
                assert_eq!(bytes[..start], plain[..start]);
                assert_eq!(bytes[start + len..], plain[start + len..]);
            }
        }
    }

    #[test]
    fn pieces_with_an_advanced_key_equal_the_whole() {
        let plain: Vec<u8> = (0..100).collect();
        for cut in 0..=plain.len() {
            let mut bytes = plain.clone();
            let (head, tail) = bytes.split_at_mut(cut);
            apply(KEY, head);
            apply(advance(KEY, head.len()), tail);
            assert_eq!(bytes, reference(&plain), "cut at {cut}");
        }
    }
}
