//! Errors of the operating system.

use std::io;

/// An error without the system's error number.
pub(crate) fn in_words(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}
