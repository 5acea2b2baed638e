//! Invalid settings.

use std::fmt;

/// An entry of a list in a setting, or its value, and what is wrong with it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Invalid {
    /// The builder's method.
    pub(crate) setting: &'static str,
    pub(crate) given: Given,
    pub(crate) mistake: Mistake,
}

/// What the builder was given.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Given {
    Entry(String),
    Value(String),
}

impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(entry) => write!(f, "the entry {entry:?}"),
            Self::Value(value) => write!(f, "the value {value}"),
        }
    }
}

/// What is wrong, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) what: &'static str,
    pub(crate) help: String,
}

impl Mistake {
    pub(crate) fn new(what: &'static str, help: impl Into<String>) -> Self {
        Self { what, help: help.into() }
    }
}

/// Reads each entry of a setting; what is wrong with any of them is added to `invalid`.
pub(crate) fn read_each<T>(
    setting: &'static str,
    entries: Vec<String>,
    invalid: &mut Vec<Invalid>,
    read: impl Fn(&str) -> Result<T, Mistake>,
) -> Vec<T> {
    let mut good = Vec::with_capacity(entries.len());
    for entry in entries {
        match read(&entry) {
            Ok(value) => good.push(value),
            Err(mistake) => invalid.push(Invalid { setting, given: Given::Entry(entry), mistake }),
        }
    }
    good
}

/// Checks a value against the minimum of its setting; a smaller value is added to `invalid`.
pub(crate) fn at_least<T: PartialOrd + fmt::Debug>(
    setting: &'static str,
    value: T,
    least: T,
    invalid: &mut Vec<Invalid>,
) {
    if value < least {
        let (given, help) = (Given::Value(format!("{value:?}")), format!("at least {least:?}"));
        invalid.push(Invalid { setting, given, mistake: Mistake::new("is too small", help) });
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { setting, given, mistake: Mistake { what, help } } = self;
        write!(f, "{given} of `Builder::{setting}` {what}; help: {help}")
    }
}
