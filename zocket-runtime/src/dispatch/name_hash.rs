//! A hash for the names of routes.

use std::hash::Hasher;

/// Takes eight bytes at a time. The default hasher, which withstands chosen keys, took one in fifty of a call's instructions.
/// The keys here are the program's routes; what a client sends is only looked up.
#[derive(Default)]
pub(super) struct NameHasher(u64);

const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

impl NameHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(ODD);
    }
}

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.add(u64::from_le_bytes(last) ^ (bytes.len() as u64) << 56);
    }

    /// The terminator that `str` adds; the length is already in the hash.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        // The table takes the index from the low bits, but a product's best bits are the high ones.
        self.0.rotate_left(26)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::HashSet,
        hash::{BuildHasher, BuildHasherDefault},
    };

    use super::NameHasher;

    #[test]
    fn names_that_are_alike_spread() {
        let hash = |name: &str| BuildHasherDefault::<NameHasher>::default().hash_one(name);
        let names = (0..1_000).flat_map(|n| [format!("chat.room_{n}"), format!("r{n}.post"), "x".repeat(n)]);
        let names: HashSet<String> = names.collect();
        let hashes: HashSet<u64> = names.iter().map(|name| hash(name)).collect();
        assert_eq!(hashes.len(), names.len());
        // By the low bits, and by the seven highest.
        for part in [|hash: u64| hash % 4096, |hash: u64| hash >> 57] {
            let mut counts = [0_u32; 4096];
            hashes.iter().for_each(|hash| counts[part(*hash) as usize] += 1);
            let (taken, most) = (counts.iter().filter(|count| **count > 0).count(), counts.iter().max());
            let even = hashes.len() / taken;
            assert!(most.is_some_and(|most| *most as usize <= even * 8), "{most:?} of {even}");
        }
    }
}
