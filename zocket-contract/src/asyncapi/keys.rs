//! Keys of AsyncAPI's maps: letters, digits, `.`, `-` and `_`.

use std::collections::BTreeSet;

/// Makes each key once.
#[derive(Default)]
pub(super) struct Keys {
    taken: BTreeSet<String>,
}

impl Keys {
    /// A key as near to `wanted` as can be.
    pub(super) fn make(&mut self, wanted: &str) -> String {
        let is_fine = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
        let base: String = wanted.chars().map(|letter| if is_fine(letter) { letter } else { '_' }).collect();
        let mut key = base.clone();
        let mut number = 1;
        while key.is_empty() || !self.taken.insert(key.clone()) {
            number += 1;
            key = format!("{base}_{number}");
        }
        key
    }
}

#[cfg(test)]
mod tests {
    use super::Keys;

    #[test]
    fn each_key_is_made_once() {
        let mut keys = Keys::default();
        assert_eq!(keys.make("stock.order-now_1"), "stock.order-now_1");
        assert_eq!(keys.make("größe"), "gr__e");
        assert_eq!(keys.make("gr/#e"), "gr__e_2");
        assert_eq!(keys.make("gr__e"), "gr__e_3");
        assert_eq!(keys.make(""), "_2");
    }
}
