//! Names that need no escaping anywhere, as AsyncAPI has them for keys: letters, digits, `.`, `-` and `_`.

use std::collections::BTreeSet;

fn is_fine(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "._-".contains(letter)
}

/// Whether a name needs no escaping.
pub(crate) fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_fine)
}

/// Makes unique keys.
#[derive(Default)]
pub(crate) struct Keys {
    taken: BTreeSet<String>,
}

impl Keys {
    /// A key as close to `wanted` as possible.
    pub(crate) fn make(&mut self, wanted: &str) -> String {
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
