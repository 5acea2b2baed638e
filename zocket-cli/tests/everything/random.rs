//! Random values of the types that payloads are made of, with a liking for the edges.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::{NonZeroI16, NonZeroU8};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// A source of randomness (splitmix64), and how much room there is left for what is nested.
pub(crate) struct Dice {
    state: u64,
    depth: u32,
}

impl Dice {
    pub(crate) fn new(seed: u32) -> Self {
        Self { state: u64::from(seed), depth: 0 }
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// Below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.bits() % end as u64).expect("below a usize")
    }

    pub(crate) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// What is nested ends somewhere.
    pub(crate) fn nested<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        let made = make(self);
        self.depth -= 1;
        made
    }

    /// A length: small, and nothing where it is deep.
    pub(crate) fn length(&mut self) -> usize {
        if self.is_deep() { 0 } else { self.below(4) }
    }

    pub(crate) fn is_deep(&self) -> bool {
        self.depth > 5
    }
}

/// A type with random values.
pub(crate) trait Random: Sized {
    fn random(dice: &mut Dice) -> Self;
}

macro_rules! integers {
    ($($ty:ty)*) => {$(
        impl Random for $ty {
            fn random(dice: &mut Dice) -> Self {
                // Where a double begins to skip integers, on both sides of it.
                let wide = [53, 54, 60, 63, 64].map(|bits| 1_u128 << bits);
                let edge = dice.pick(&wide).wrapping_add(dice.below(5) as u128).wrapping_sub(2);
                #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]
                let (edge, random) = {
                    let random = u128::from(dice.bits()) << 64 | u128::from(dice.bits());
                    (edge as $ty, random as $ty)
                };
                let negative = (0 as $ty).wrapping_sub(edge);
                dice.pick(&[<$ty>::MIN, <$ty>::MAX, 0, 1, edge, negative, random, random, random])
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

impl Random for i128 {
    fn random(dice: &mut Dice) -> Self {
        let digits = Self::from(i64::random(dice)) * Self::from(i64::random(dice));
        let others = [i64::random(dice).into(), u64::random(dice).into()];
        dice.pick(&[digits, others[0], others[1], Self::MAX, Self::MIN])
    }
}

impl Random for u128 {
    fn random(dice: &mut Dice) -> Self {
        let half = i128::random(dice).unsigned_abs();
        dice.pick(&[half, Self::MAX - half])
    }
}

impl Random for f64 {
    fn random(dice: &mut Dice) -> Self {
        let any = f64::from_bits(dice.bits());
        let any = if any.is_finite() { any } else { 0.1 };
        // Among them integers that are written with a fraction, and some with an exponent.
        let edges =
            [0.0, -0.0, 1.0, -2.5, 1e15, 9_007_199_254_740_993.0, 1.234_567_890_123_456_7e17, 1e21, 1e300];
        if dice.below(2) == 0 {
            any
        } else {
            dice.pick(&[edges.as_slice(), &[f64::MIN, f64::MAX, 5e-324]].concat())
        }
    }
}

impl Random for f32 {
    fn random(dice: &mut Dice) -> Self {
        #[allow(clippy::cast_possible_truncation)]
        let any = f32::from_bits(dice.bits() as u32);
        let edges = [0.0, 0.1, 16_777_217.0, f32::MIN, f32::MAX, f32::MIN_POSITIVE];
        if any.is_finite() && dice.below(2) == 0 { any } else { dice.pick(&edges) }
    }
}

impl Random for bool {
    fn random(dice: &mut Dice) -> Self {
        dice.bits() & 1 == 0
    }
}

impl Random for char {
    fn random(dice: &mut Dice) -> Self {
        let any = u32::try_from(dice.below(0x11_0000)).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
        dice.pick(&['a', '"', '\\', '\n', '\0', '\u{7f}', '\u{2028}', 'ß', '\u{fffe}', '😀', '0', any, any])
    }
}

impl Random for String {
    fn random(dice: &mut Dice) -> Self {
        // What a careless reader of JSON would take for something else.
        let traps = [
            "12345678901234567890",
            ":18446744073709551615,",
            "\",\"a\":9007199254740993}",
            "\\\":[-9223372036854775808]",
            "@bigint:1",
            "1n",
            "__proto__",
            "{\"type\":\"__pong\"}",
        ];
        match dice.below(4) {
            0 => dice.pick(&traps).to_owned(),
            1 => String::new(),
            _ => (0..dice.below(12)).map(|_| char::random(dice)).collect(),
        }
    }
}

impl Random for () {
    fn random(_: &mut Dice) -> Self {}
}

impl<T: Random> Random for Option<T> {
    fn random(dice: &mut Dice) -> Self {
        if dice.is_deep() || dice.below(3) == 0 { None } else { Some(dice.nested(T::random)) }
    }
}

impl<T: Random> Random for Vec<T> {
    fn random(dice: &mut Dice) -> Self {
        (0..dice.length()).map(|_| dice.nested(T::random)).collect()
    }
}

macro_rules! sets_and_maps {
    ($($set:ident: $($bound:ident)+;)* / $($map:ident: $($map_bound:ident)+;)*) => {
        $(impl<T: Random + $($bound +)+> Random for $set<T> {
            fn random(dice: &mut Dice) -> Self {
                Vec::random(dice).into_iter().collect()
            }
        })*
        $(impl<K: Random + $($map_bound +)+, V: Random> Random for $map<K, V> {
            fn random(dice: &mut Dice) -> Self {
                (0..dice.length()).map(|_| dice.nested(|dice| (K::random(dice), V::random(dice)))).collect()
            }
        })*
    };
}

sets_and_maps! { HashSet: Hash Eq; BTreeSet: Ord; / HashMap: Hash Eq; BTreeMap: Ord; }

impl<T: Random> Random for Box<T> {
    fn random(dice: &mut Dice) -> Self {
        Self::new(dice.nested(T::random))
    }
}

impl<T: Random> Random for Arc<T> {
    fn random(dice: &mut Dice) -> Self {
        Self::new(dice.nested(T::random))
    }
}

impl<T: Random, const N: usize> Random for [T; N] {
    fn random(dice: &mut Dice) -> Self {
        std::array::from_fn(|_| T::random(dice))
    }
}

impl<T: Random> Random for (T,) {
    fn random(dice: &mut Dice) -> Self {
        (T::random(dice),)
    }
}

impl<T: Random, U: Random> Random for (T, U) {
    fn random(dice: &mut Dice) -> Self {
        (T::random(dice), U::random(dice))
    }
}

impl<T: Random, E: Random> Random for Result<T, E> {
    fn random(dice: &mut Dice) -> Self {
        if bool::random(dice) { Ok(T::random(dice)) } else { Err(E::random(dice)) }
    }
}

impl<T: Random> Random for std::ops::Range<T> {
    fn random(dice: &mut Dice) -> Self {
        T::random(dice)..T::random(dice)
    }
}

impl Random for NonZeroI16 {
    fn random(dice: &mut Dice) -> Self {
        Self::new(i16::random(dice)).unwrap_or(Self::MIN)
    }
}

impl Random for NonZeroU8 {
    fn random(dice: &mut Dice) -> Self {
        Self::new(u8::random(dice)).unwrap_or(Self::MAX)
    }
}

impl Random for IpAddr {
    fn random(dice: &mut Dice) -> Self {
        if bool::random(dice) {
            Self::V4(Ipv4Addr::from(u32::random(dice)))
        } else {
            Self::V6(Ipv6Addr::from(u128::random(dice)))
        }
    }
}

impl Random for Duration {
    fn random(dice: &mut Dice) -> Self {
        Self::new(u64::random(dice), u32::try_from(dice.below(1_000_000_000)).expect("below a billion"))
    }
}

impl Random for SystemTime {
    fn random(dice: &mut Dice) -> Self {
        Self::UNIX_EPOCH + Duration::from_nanos(u64::random(dice))
    }
}

impl Random for uuid::Uuid {
    fn random(dice: &mut Dice) -> Self {
        Self::from_u128(u128::random(dice))
    }
}

impl Random for chrono::DateTime<chrono::Utc> {
    fn random(dice: &mut Dice) -> Self {
        let nanos = u32::try_from(dice.below(1_000_000_000)).expect("below a billion");
        let seconds = i64::try_from(dice.below(200_000_000_000)).expect("below the year 8000");
        Self::from_timestamp(seconds, nanos).expect("a date in reach")
    }
}

impl Random for chrono::NaiveDate {
    fn random(dice: &mut Dice) -> Self {
        chrono::DateTime::<chrono::Utc>::random(dice).date_naive()
    }
}

impl Random for chrono::NaiveTime {
    fn random(dice: &mut Dice) -> Self {
        chrono::DateTime::<chrono::Utc>::random(dice).time()
    }
}

impl Random for serde_json::Value {
    fn random(dice: &mut Dice) -> Self {
        match dice.below(if dice.is_deep() { 6 } else { 8 }) {
            0 => Self::Null,
            1 => bool::random(dice).into(),
            2 => u64::random(dice).into(),
            3 => i64::random(dice).into(),
            4 => fraction(dice).into(),
            5 => String::random(dice).into(),
            6 => Self::Array(dice.nested(Vec::random)),
            _ => Self::Object(dice.nested(Random::random)),
        }
    }
}

/// A number that stays a float: JSON knows one kind of numbers, `serde_json::Value` tells `1` and `1.0` apart.
fn fraction(dice: &mut Dice) -> f64 {
    dice.pick(&[0.5, -1.25, 1e-9, 123_456.75])
}

impl Random for serde_json::Map<String, serde_json::Value> {
    fn random(dice: &mut Dice) -> Self {
        (0..dice.length()).map(|_| dice.nested(|dice| (String::random(dice), Random::random(dice)))).collect()
    }
}
