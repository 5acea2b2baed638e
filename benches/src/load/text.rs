//! The texts of the messages.

/// Words of chat and of dashboards.
const WORDS: [&str; 96] = [
    "the",
    "and",
    "that",
    "have",
    "for",
    "not",
    "with",
    "you",
    "this",
    "but",
    "his",
    "from",
    "they",
    "say",
    "will",
    "one",
    "all",
    "would",
    "there",
    "their",
    "what",
    "out",
    "about",
    "who",
    "get",
    "which",
    "when",
    "make",
    "can",
    "like",
    "time",
    "just",
    "know",
    "take",
    "people",
    "into",
    "year",
    "your",
    "good",
    "some",
    "could",
    "them",
    "see",
    "other",
    "than",
    "then",
    "now",
    "look",
    "only",
    "come",
    "its",
    "over",
    "think",
    "also",
    "back",
    "after",
    "use",
    "two",
    "how",
    "our",
    "work",
    "first",
    "well",
    "way",
    "even",
    "new",
    "want",
    "because",
    "any",
    "these",
    "give",
    "day",
    "most",
    "status",
    "order",
    "price",
    "user",
    "message",
    "room",
    "server",
    "update",
    "value",
    "total",
    "delivered",
    "queue",
    "active",
    "offline",
    "changed",
    "account",
    "latency",
    "seconds",
    "tomorrow",
    "deploy",
    "green",
    "failed",
    "retry",
];

/// A text of this many bytes that need no escape in JSON, always the same: words in an order that does not repeat,
/// some numbers, some full stops. It compresses about like real text of that length, which a repeated letter or
/// alphabet would not.
#[must_use]
pub fn text(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 16);
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    while text.len() < bytes {
        // xorshift64
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let random = (state >> 32) as usize;
        if !text.is_empty() {
            text.push_str(if random.is_multiple_of(11) { ". " } else { " " });
        }
        if random.is_multiple_of(9) {
            text.push_str(&(random / 9 % 100_000).to_string());
        } else {
            text.push_str(WORDS[random / 99 % WORDS.len()]);
        }
    }
    text.truncate(bytes);
    text
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::DeflateEncoder};

    use super::*;

    #[test]
    fn a_text_is_as_long_as_it_should_be_and_needs_no_escape() {
        for bytes in [0, 1, 64, 1024, 60_000] {
            let text = text(bytes);
            assert_eq!(text.len(), bytes);
            assert_eq!(serde_json::json!(text).to_string().len(), bytes + 2);
        }
    }

    /// Chat and JSON of a kibibyte come to half, or somewhat less.
    #[test]
    fn it_compresses_as_text_does() {
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::new(6));
        deflate.write_all(text(1024).as_bytes()).unwrap();
        let share = deflate.finish().unwrap().len() as f64 / 1024.0;
        assert!((0.4..0.6).contains(&share), "{share}");
    }
}
