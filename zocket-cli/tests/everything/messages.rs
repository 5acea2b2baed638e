//! Random values of the router's own types.
#![allow(deprecated)]

use zocket::{Message, Outgoing};

use super::foreign::{Aliased, Either, Event, Leaf as OtherLeaf, Page, Promise};
use super::random::{Dice, Random};
use super::router::everything::echo::*;
use super::router::everything::send::echo as send;

/// Something to do for each type of message.
pub(crate) trait Visit {
    fn message<T: Random + Clone + Outgoing + Send + 'static>(&mut self, message: fn(T) -> Message<T>);
}

/// Visits the messages of `echo`, one after the other.
pub(crate) fn each_message(visit: &mut impl Visit) {
    macro_rules! each {
        ($($message:ident)*) => { $(visit.message(send::$message);)* };
    }
    each!(numbers texts lists options external internal adjacent untagged flat flat_external flat_map flat_optional
        flat_maybe folder closed settings structs tree std wrapped big);
}

/// Structs of random fields.
macro_rules! structs {
    ($($name:ident { $($field:ident),* $(; $($set:ident: $value:expr),*)? } $(($dice:ident))?)*) => {$(
        impl Random for $name {
            fn random(dice: &mut Dice) -> Self {
                $(let $dice = &mut *dice;)?
                $($(let $set = $value;)*)?
                Self { $($field: Random::random(dice),)* $($($set,)*)? }
            }
        }
    )*};
}

/// Enums, and structs without names, of random variants: each given as what makes it.
macro_rules! variants {
    ($($name:ident($dice:ident): $($make:expr),+;)*) => {$(
        impl Random for $name {
            fn random($dice: &mut Dice) -> Self {
                let make: &[fn(&mut Dice) -> Self] = &[$(|$dice| { let _ = &$dice; $make }),+];
                $dice.pick(make)($dice)
            }
        }
    )*};
}

structs! {
    Numbers { i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64, non_zero, positive, many, maybe,
        by_name; millis: u64::random(dice) >> 11, ratio: dice.pick(&[-1.5, 0.1, 1.5]) } (dice)
    Texts { plain_text, letter, address, id, at, day, clock, encoded, odd, nameless, second, size, r#type, r#class;
        bounded: (0..2 + dice.below(4)).map(|_| char::random(dice)).collect(),
        code: format!("QX{}", dice.bits()),
        mail: "somebody@example.org".to_owned(),
        fixed: "fixed".to_owned() } (dice)
    Lists { list, bytes, pair, one, array, long_array, nested, set, sorted, by_name, by_number, by_id, by_day,
        lists_by_name; few: vec![String::random(dice); dice.below(4)], some: vec![u8::random(dice); 1 + dice.below(3)] } (dice)
    Options { usual, defaulted, left_out, list, leaf, boxed, unit, old;
        colour: dice.pick(&["red".to_owned(), "blue".to_owned()]),
        three_states: dice.pick(&[None, Some(None), Some(Some(7))]),
        // One `null` is all that JSON has for both.
        twice: dice.pick(&[None, Some(Some(true)), Some(Some(false))]),
        skipped: 0 } (dice)
    Leaf { n }
    More { m, o }
    Flat { own, more, choice }
    FlatExternal { own, light, shape }
    FlatMaybe { own, choice }
    FlatMap { own; rest: {
        let mut rest: std::collections::BTreeMap<String, i16> = Random::random(dice);
        rest.remove("own");
        rest
    } } (dice)
    FlatOptional { own, more; anything: {
        let mut anything: serde_json::Map<String, serde_json::Value> = Random::random(dice);
        anything.retain(|name, _| name != "own" && name != "n");
        anything
    } } (dice)
    Closed { n, note }
    Settings { volume, name, light }
    Name { ; text: dice.pick(&["x".to_owned(), "ŷ".to_owned()]) } (dice)
    Structs { meters, nothing, point, name, page, pages, either, aliased, leaf, promise, event, lights;
        client: dice.pick(&["AAAAAAAAAAAAAAAAAAAAAA", "zocket-client_2345678Q"]).parse().expect("a client id") } (dice)
    Tree { name, children, next, expression }
    Std { duration, since, result, range, anything }
    Aliased { room }
    OtherLeaf { green }
    Promise { kept }
    Event { at }
}

variants! {
    Weekday(dice): Self::Monday, Self::TuesdayMorning, Self::Wednesday;
    Light(dice): Self::Red, Self::Green;
    Shape(dice): Self::Circle { radius: Random::random(dice) }, Self::Square(Random::random(dice));
    External(dice): Self::Nothing, Self::Described, Self::One(Random::random(dice)),
        Self::Two(Random::random(dice), Random::random(dice)),
        Self::Fields { a: Random::random(dice), b: Random::random(dice) }, Self::None(());
    Internal(dice): Self::Ping, Self::OfLeaf(Random::random(dice)),
        Self::UserJoined { user_name: Random::random(dice), at_time: Random::random(dice) },
        Self::UserLeft { user_name: Random::random(dice) }, Self::Empty {};
    Adjacent(dice): Self::Unit, Self::New(Random::random(dice)),
        Self::Pair(Random::random(dice), Random::random(dice)),
        Self::Fields { a: u8::random(dice) % 10 };
    Untagged(dice): Self::Number(Random::random(dice)), Self::Leaf(Random::random(dice)),
        Self::Words(Random::random(dice)), Self::Pair(Random::random(dice), Random::random(dice)), Self::Nothing;
    Meters(dice): Self(Random::random(dice));
    Nothing(dice): Self;
    Point(dice): Self(Random::random(dice), Random::random(dice));
    Wrapped(dice): Self(Random::random(dice));
    Big(dice): Self(Random::random(dice));
    Folder(dice): Self(Random::random(dice));
}

impl Random for Expression {
    fn random(dice: &mut Dice) -> Self {
        match if dice.is_deep() { 0 } else { dice.below(3) } {
            0 => Self::Number(Random::random(dice)),
            1 => Self::Sum(Random::random(dice), Random::random(dice)),
            _ => Self::Not(Random::random(dice)),
        }
    }
}

impl<T: Random> Random for Page<T> {
    fn random(dice: &mut Dice) -> Self {
        Self { items: Random::random(dice), next: Random::random(dice) }
    }
}

impl<L: Random, R: Random> Random for Either<L, R> {
    fn random(dice: &mut Dice) -> Self {
        if bool::random(dice) { Self::Left(Random::random(dice)) } else { Self::Right(Random::random(dice)) }
    }
}
