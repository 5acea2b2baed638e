//! Arguments with a syntax of their own.

use std::{str::FromStr, time::Duration};

/// One schema of a route, or the handshake's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A part of a route, such as `payload` or `errors/SOLD_OUT`.
    OfRoute(String),
    Headers,
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "headers" {
            return Ok(Self::Headers);
        }
        let text = text.replacen("error:", "errors/", 1);
        match zocket_contract::Part::parse(&text) {
            Some(zocket_contract::Part::Error("")) | None => {
                Err("it is one of payload, reply, error:CODE, event, headers".into())
            }
            Some(_) => Ok(Self::OfRoute(text)),
        }
    }
}

/// `name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair(pub(crate) String, pub(crate) String);

impl FromStr for Pair {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => {
                Ok(Self(name.trim().to_owned(), value.to_owned()))
            }
            // Not repeated in the error: it may be a token.
            _ => Err("it is written name=value".into()),
        }
    }
}

const AS_WRITTEN: &str = "it is written as 500ms, 10s or 2m";

/// A time with its unit; in seconds without one.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let seconds = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(AS_WRITTEN.into()),
    };
    let number: f64 = number.parse().map_err(|_| AS_WRITTEN.to_owned())?;
    let duration = Duration::try_from_secs_f64(number * seconds).map_err(|_| "it is too long".to_owned())?;
    // Longer than any wait, but short enough to be added to a clock.
    if duration.is_zero() {
        Err("it is no time at all".into())
    } else {
        Ok(duration.min(Duration::from_secs(1 << 32)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        for (text, milliseconds) in
            [("10s", 10_000), ("500ms", 500), ("2m", 120_000), ("1.5", 1_500), ("1h", 3_600_000)]
        {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "s", "10 s", "-1s", "1d", "0", "1e9", "1.2.3"] {
            assert!(duration(text).is_err(), "{text}");
        }
        assert!(duration("999999999999999999999999h").is_err());
    }

    #[test]
    fn parts_and_pairs() {
        assert_eq!("error:SOLD_OUT".parse(), Ok(Part::OfRoute("errors/SOLD_OUT".into())));
        assert!("error:".parse::<Part>().is_err() && "answer".parse::<Part>().is_err());
        assert_eq!("a=b=c".parse(), Ok(Pair("a".into(), "b=c".into())));
        assert!("=b".parse::<Pair>().is_err() && "b".parse::<Pair>().is_err());
    }
}
