//! Number literals: integers exact to the last digit, fractions by the nearest `f64`.

use super::error::{Error, Result};

/// A number literal.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Number<'de> {
    /// An integer without a sign.
    Unsigned(u64),
    /// An integer below zero.
    Negative(i64),
    /// All else: a fraction, an exponent, more digits than 64 bits hold, and `-0`.
    Decimal(Decimal<'de>),
}

/// A number as the decimal fraction that was written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decimal<'de> {
    raw: &'de str,
    /// The digits as one integer and the power of ten it is to be scaled by, where both are small.
    small: Option<(u64, i32)>,
}

/// What a number is when it is asked for as an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Integer {
    /// Sign and magnitude: `true` is negative (and the magnitude not zero).
    Exact(bool, u128),
    /// It has a fraction.
    Fraction,
    /// An integer beyond 128 bits; `true` is negative.
    Huge(bool),
}

/// Reads the number literal at `start`, of which the first byte is a digit or `-`; answers it and the offset after it.
#[inline]
pub(super) fn scan(text: &str, start: usize) -> Result<(Number<'_>, usize)> {
    let bytes = text.as_bytes();
    let negative = bytes.get(start) == Some(&b'-');
    let digits = start + usize::from(negative);
    let (integer, at) = scan_digits(bytes, digits, 0);
    match at - digits {
        0 => return Err(Error::syntax(at, "a number needs a digit here")),
        2.. if bytes[digits] == b'0' => {
            return Err(Error::syntax(digits, "a number must not begin with a zero"));
        }
        _ => {}
    }
    if !matches!(bytes.get(at), Some(b'.' | b'e' | b'E')) && at - digits <= 19 {
        // 19 digits cannot overflow.
        if !negative {
            return Ok((Number::Unsigned(integer), at));
        }
        if integer != 0 && integer <= i64::MIN.unsigned_abs() {
            return Ok((Number::Negative((integer as i64).wrapping_neg()), at));
        }
    }
    scan_decimal(text, start, digits, integer, at)
}

/// Reads on from the end of the integer part. `digits` is where the digits begin.
fn scan_decimal(
    text: &str,
    start: usize,
    digits: usize,
    integer: u64,
    end: usize,
) -> Result<(Number<'_>, usize)> {
    let bytes = text.as_bytes();
    let (mut mantissa, mut at) = (integer, end);
    let mut scale = 0_i64;
    let mut count = end - digits;
    if bytes.get(at) == Some(&b'.') {
        let (value, after) = scan_digits(bytes, at + 1, mantissa);
        let fraction = after - (at + 1);
        if fraction == 0 {
            return Err(Error::syntax(after, "a digit must follow the decimal point"));
        }
        count += fraction;
        scale = -(fraction as i64);
        (mantissa, at) = (value, after);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        let down = match bytes.get(at) {
            Some(b'-') => true,
            Some(b'+') => false,
            _ => {
                at -= 1;
                false
            }
        };
        at += 1;
        let first = at;
        let mut exponent = 0_i64;
        while let Some(digit) = bytes.get(at).and_then(|b| digit(*b)) {
            exponent = exponent.saturating_mul(10).saturating_add(digit as i64);
            at += 1;
        }
        if at == first {
            return Err(Error::syntax(at, "an exponent needs a digit"));
        }
        scale = scale.saturating_add(if down { -exponent } else { exponent });
    }
    let raw = &text[start..at];
    let small = (count <= 19).then(|| i32::try_from(scale).ok()).flatten().map(|scale| (mantissa, scale));
    if scale == 0 && count == 20 && digits == start && end == at {
        // The only integers of 20 digits that matter are those up to u64::MAX.
        if let Ok(integer) = raw.parse() {
            return Ok((Number::Unsigned(integer), at));
        }
    }
    Ok((Number::Decimal(Decimal { raw, small }), at))
}

/// Reads digits on from `value`; the result means nothing once more than 19 digits went in.
#[inline]
fn scan_digits(bytes: &[u8], mut at: usize, mut value: u64) -> (u64, usize) {
    while let Some(digit) = bytes.get(at).and_then(|b| digit(*b)) {
        value = value.wrapping_mul(10).wrapping_add(digit);
        at += 1;
    }
    (value, at)
}

#[inline]
fn digit(byte: u8) -> Option<u64> {
    let digit = byte.wrapping_sub(b'0');
    (digit < 10).then_some(digit as u64)
}

impl Number<'_> {
    /// The nearest `f64`; an error where that is infinite.
    #[inline]
    pub(crate) fn to_f64(self) -> Result<f64> {
        match self {
            Number::Unsigned(n) => Ok(n as f64),
            Number::Negative(n) => Ok(n as f64),
            Number::Decimal(decimal) => decimal.to_f64(),
        }
    }

    /// The number as an exact integer.
    #[inline]
    pub(crate) fn to_integer(self) -> Integer {
        match self {
            Number::Unsigned(n) => Integer::Exact(false, n as u128),
            Number::Negative(n) => Integer::Exact(true, n.unsigned_abs() as u128),
            Number::Decimal(decimal) => decimal.to_integer(),
        }
    }
}

impl Decimal<'_> {
    fn to_f64(self) -> Result<f64> {
        const POWERS: [f64; 23] = [
            1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
            1e18, 1e19, 1e20, 1e21, 1e22,
        ];
        if let Some((mantissa, scale)) = self.small
            && mantissa < 1 << 53
            && let Some(&power) = POWERS.get(scale.unsigned_abs() as usize)
        {
            // Both operands are exact, so the one rounding gives the nearest f64.
            let magnitude = if scale < 0 { mantissa as f64 / power } else { mantissa as f64 * power };
            return Ok(if self.is_negative() { -magnitude } else { magnitude });
        }
        match self.raw.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(Error::data(
                if self.is_negative() { "minimum" } else { "maximum" },
                "the number is too large",
            )),
        }
    }

    fn is_negative(self) -> bool {
        self.raw.starts_with('-')
    }

    #[cold]
    fn to_integer(self) -> Integer {
        let negative = self.is_negative();
        let unsigned = self.raw.trim_start_matches('-');
        let (decimal, exponent) = match unsigned.split_once(['e', 'E']) {
            // An exponent beyond 64 bits only ever meets its sign and whether the digits are zero.
            Some((decimal, exponent)) => (
                decimal,
                exponent.parse::<i64>().unwrap_or(if exponent.starts_with('-') {
                    i64::MIN
                } else {
                    i64::MAX
                }),
            ),
            None => (unsigned, 0),
        };
        let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
        let fraction = fraction.trim_end_matches('0');
        // The digits up to the last that is not zero, and the power of ten that is left.
        let digits = if fraction.is_empty() { whole.trim_end_matches('0') } else { whole };
        if digits.bytes().chain(fraction.bytes()).all(|b| b == b'0') {
            return Integer::Exact(false, 0);
        }
        let stripped = (whole.len() - digits.len()) as i64;
        let scale = exponent.saturating_add(stripped).saturating_sub(fraction.len() as i64);
        if scale < 0 {
            return Integer::Fraction;
        }
        let magnitude = u32::try_from(scale).ok().and_then(|scale| {
            let mut magnitude = 0_u128;
            for b in digits.bytes().chain(fraction.bytes()) {
                magnitude = magnitude.checked_mul(10)?.checked_add((b - b'0') as u128)?;
            }
            magnitude.checked_mul(10_u128.checked_pow(scale)?)
        });
        magnitude.map_or(Integer::Huge(negative), |magnitude| Integer::Exact(negative, magnitude))
    }
}
