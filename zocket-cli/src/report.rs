//! How the command line ends: exit codes, and error messages.

use std::{fmt, io::Write};

use anstyle::{AnsiColor, Style};

/// How a command ends. The numbers are part of the interface: scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Exit {
    /// The command succeeded.
    Fine = 0,
    /// The answer is no: breaking, invalid, out of date, refused.
    No = 1,
    /// The input, the output or the arguments cannot be used.
    Unusable = 2,
    /// The server cannot be reached, or does not answer.
    Unreachable = 3,
}

/// Why a command failed, for a person to read.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
    help: Option<String>,
}

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// The answer is no.
    pub(crate) fn no(message: impl fmt::Display) -> Self {
        Self::new(Exit::No, message)
    }

    /// The input cannot be used.
    pub(crate) fn unusable(message: impl fmt::Display) -> Self {
        Self::new(Exit::Unusable, message)
    }

    /// The server does not answer.
    pub(crate) fn unreachable(message: impl fmt::Display) -> Self {
        Self::new(Exit::Unreachable, message)
    }

    fn new(exit: Exit, message: impl fmt::Display) -> Self {
        Self { exit, message: message.to_string(), help: None }
    }

    /// How to fix it.
    pub(crate) fn help(mut self, help: impl fmt::Display) -> Self {
        self.help = Some(help.to_string());
        self
    }

    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// What went wrong, without the help.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Writes it as `error: …`, and `help: …` below.
    pub(crate) fn print(&self) {
        let mut stderr = anstream::stderr().lock();
        let bad = bold(AnsiColor::Red);
        let good = bold(AnsiColor::Green);
        // If not even an error can be written, the exit code still tells that there was one.
        let _ = writeln!(stderr, "{bad}error:{bad:#} {}", Printable(&self.message));
        if let Some(help) = &self.help {
            let _ = writeln!(stderr, "{good}help:{good:#} {}", Printable(help));
        }
    }
}

/// Writes a line to stderr in addition to the command's output.
pub(crate) fn note(label: &str, text: impl fmt::Display) {
    let label_style = bold(if label == "warning" { AnsiColor::Yellow } else { AnsiColor::Cyan });
    let text = text.to_string();
    let _ = writeln!(anstream::stderr().lock(), "{label_style}{label}:{label_style:#} {}", Printable(&text));
}

fn bold(color: AnsiColor) -> Style {
    Style::new().bold().fg_color(Some(color.into()))
}

/// Untrusted text for a terminal: characters that would move the cursor, change colours or change the text direction are
/// shown as escapes.
pub(crate) struct Printable<'t>(pub(crate) &'t str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in self.0.split_inclusive(is_unprintable) {
            match part.char_indices().next_back() {
                Some((end, last)) if is_unprintable(last) => {
                    write!(f, "{}{}", &part[..end], last.escape_unicode())?;
                }
                _ => f.write_str(part)?,
            }
        }
        Ok(())
    }
}

/// Whether a terminal would do something other than show it.
pub(crate) fn is_unprintable(c: char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || c.is_control() && c != '\n' && c != '\t'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_cannot_control_the_terminal() {
        let shown = Printable("a\u{1b}[31mred\u{9b}2J\r\u{202e}b\n\tГ 🦀").to_string();
        assert_eq!(shown, "a\\u{1b}[31mred\\u{9b}2J\\u{d}\\u{202e}b\n\tГ 🦀");
    }
}
