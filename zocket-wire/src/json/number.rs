//! Number literals: integers exactly, fractions as the nearest `f64`.

use super::error::{Error, Result};

/// A number literal.
#[derive(Debug)]
pub enum Number<'de> {
    /// An integer without a sign.
    Unsigned(u64),
    /// An integer below zero.
    Negative(i64),
    /// Anything else: a fraction, an exponent, more digits than fit 64 bits, and `-0`.
    Decimal(Decimal<'de>),
}

/// A number as the decimal fraction that was written.
#[derive(Debug)]
pub struct Decimal<'de> {
    raw: &'de str,
    /// The digits as one integer, and the power of ten to scale it by, if both are small.
    small: Option<(u64, i32)>,
}

/// A number, read as an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integer {
    /// Sign and magnitude: `true` is negative (and the magnitude not zero).
    Exact(bool, u128),
    /// It has a fraction.
    Fraction,
    /// An integer beyond 128 bits; `true` is negative.
    Huge(bool),
}

/// Reads the number literal at `at`, whose first byte is a digit or `-`, and moves `at` past it.
#[inline]
pub(super) fn scan<'de>(text: &'de str, at: &mut usize) -> Result<Number<'de>> {
    let bytes = text.as_bytes();
    let negative = bytes.get(*at) == Some(&b'-');
    let digits = *at + usize::from(negative);
    let (integer, end) = scan_digits(bytes, digits, 0);
    match end - digits {
        0 => return Err(Error::syntax(end, "a number needs a digit here")),
        2.. if bytes[digits] == b'0' => {
            return Err(Error::syntax(digits, "a number must not begin with a zero"));
        }
        _ => {}
    }
    if !matches!(bytes.get(end), Some(b'.' | b'e' | b'E')) && end - digits <= MAX_DIGITS {
        if !negative {
            *at = end;
            return Ok(Number::Unsigned(integer));
        }
        if integer != 0 && integer <= i64::MIN.unsigned_abs() {
            *at = end;
            return Ok(Number::Negative((integer as i64).wrapping_neg()));
        }
    }
    scan_decimal(text, at, digits, integer, end)
}

/// This many digits cannot overflow 64 bits.
const MAX_DIGITS: usize = 19;

/// Continues reading the literal at `at` after its integer part, the digits from `digits` to `end`.
fn scan_decimal<'de>(
    text: &'de str,
    at: &mut usize,
    digits: usize,
    integer: u64,
    mut end: usize,
) -> Result<Number<'de>> {
    let bytes = text.as_bytes();
    let mut mantissa = integer;
    let mut scale = 0_i64;
    let mut count = end - digits;
    let is_integer = !matches!(bytes.get(end), Some(b'.' | b'e' | b'E'));
    if bytes.get(end) == Some(&b'.') {
        let first = end + 1;
        (mantissa, end) = scan_digits(bytes, first, mantissa);
        let fraction = end - first;
        if fraction == 0 {
            return Err(Error::syntax(end, "a digit must follow the decimal point"));
        }
        count += fraction;
        scale = -(fraction as i64);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        end += 1;
        let sign = bytes.get(end).copied();
        end += usize::from(matches!(sign, Some(b'+' | b'-')));
        let first = end;
        let mut exponent = 0_i64;
        while let Some(digit) = bytes.get(end).and_then(|b| digit(*b)) {
            exponent = exponent.saturating_mul(10).saturating_add(digit as i64);
            end += 1;
        }
        if end == first {
            return Err(Error::syntax(end, "an exponent needs a digit"));
        }
        scale = scale.saturating_add(if sign == Some(b'-') { -exponent } else { exponent });
    }
    let raw = &text[*at..end];
    *at = end;
    // The only longer integers that fit 64 bits have one digit more.
    if is_integer
        && count == MAX_DIGITS + 1
        && let Ok(integer) = raw.parse()
    {
        return Ok(Number::Unsigned(integer));
    }
    let small =
        (count <= MAX_DIGITS).then(|| i32::try_from(scale).ok()).flatten().map(|scale| (mantissa, scale));
    Ok(Number::Decimal(Decimal { raw, small }))
}

/// Appends digits to `value`; the result is meaningless after more than 19 digits.
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
    /// The nearest `f64`; an error if that is infinite.
    #[inline]
    pub fn to_f64(&self) -> Result<f64> {
        match self {
            Number::Unsigned(n) => Ok(*n as f64),
            Number::Negative(n) => Ok(*n as f64),
            Number::Decimal(decimal) => decimal.to_f64(),
        }
    }

    /// The nearest `f32`. Rounding through `f64` could give its neighbour.
    pub fn to_f32(&self) -> f32 {
        match self {
            Number::Unsigned(n) => *n as f32,
            Number::Negative(n) => *n as f32,
            Number::Decimal(decimal) => decimal.to_f32(),
        }
    }

    /// Whether it is written with a minus.
    pub fn is_negative(&self) -> bool {
        match self {
            Number::Unsigned(_) => false,
            Number::Negative(_) => true,
            Number::Decimal(decimal) => decimal.is_negative(),
        }
    }

    /// The number as an exact integer.
    #[inline]
    pub fn to_integer(&self) -> Integer {
        match self {
            Number::Unsigned(n) => Integer::Exact(false, *n as u128),
            Number::Negative(n) => Integer::Exact(true, n.unsigned_abs() as u128),
            Number::Decimal(decimal) => decimal.to_integer(),
        }
    }
}

impl Decimal<'_> {
    fn to_f64(&self) -> Result<f64> {
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

    fn to_f32(&self) -> f32 {
        const POWERS: [f32; 11] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];
        if let Some((mantissa, scale)) = self.small
            && mantissa < 1 << 24
            && let Some(&power) = POWERS.get(scale.unsigned_abs() as usize)
        {
            // As above.
            let magnitude = if scale < 0 { mantissa as f32 / power } else { mantissa as f32 * power };
            return if self.is_negative() { -magnitude } else { magnitude };
        }
        // A JSON literal is also valid in Rust.
        self.raw.parse().unwrap_or(f32::NAN)
    }

    fn is_negative(&self) -> bool {
        self.raw.starts_with('-')
    }

    fn to_integer(&self) -> Integer {
        match self.small {
            Some((mantissa, scale)) if scale < 0 && mantissa % 10 != 0 => Integer::Fraction,
            _ => self.to_integer_by_digits(),
        }
    }

    #[cold]
    fn to_integer_by_digits(&self) -> Integer {
        let negative = self.is_negative();
        let unsigned = self.raw.trim_start_matches('-');
        let (decimal, exponent) = match unsigned.split_once(['e', 'E']) {
            // For an exponent beyond 64 bits only its sign matters, and whether the digits are zero.
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
        // The digits up to the last that is not zero, and the remaining power of ten.
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
