//! Types that are known to serialize as their schemas say.
//!
//! A type's `Serialize` cannot be inspected without a value. But if the router's macro derived both `Serialize` and
//! `JsonSchema`, from attributes that both are known to treat alike, and the same is true of every field, then no value is
//! written that the schema rejects. Everything else is checked against its schema whenever it is sent: types of other
//! crates, hand-written implementations, `#[schemars(…)]`, and `#[serde(…)]` that does more than rename.
//!
//! NaN and the infinities need no check: writing them is an error.

use std::any::TypeId;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

/// A type that knows whether it serializes as its schema says. Implemented by generated code, and here for types of the
/// standard library.
pub trait Faithful {
    /// Whether all values of the type serialize as its schema says.
    fn is_faithful(seen: &mut Seen) -> bool;
}

/// The types that have been asked, since types can be recursive.
#[derive(Debug, Default)]
pub struct Seen(Vec<TypeId>);

impl Seen {
    /// Whether `T` has not been asked yet.
    pub fn is_new<T: 'static>(&mut self) -> bool {
        let id = TypeId::of::<T>();
        let is_new = !self.0.contains(&id);
        if is_new {
            self.0.push(id);
        }
        is_new
    }
}

/// Asks any type: its own method if the type is [`Faithful`], otherwise that of [`Unknown`].
pub struct Probe<T: ?Sized>(PhantomData<T>);

impl<T: ?Sized> Probe<T> {
    /// The only value.
    pub const NEW: Self = Self(PhantomData);
}

impl<T: Faithful + ?Sized> Probe<T> {
    /// As the type says.
    #[must_use]
    pub fn faithful(self, seen: &mut Seen) -> bool {
        T::is_faithful(seen)
    }
}

impl<T: ?Sized> std::fmt::Debug for Probe<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Probe")
    }
}

/// For a type of which nothing is known.
pub trait Unknown: Sized {
    /// It may serialize in any way.
    #[must_use]
    fn faithful(self, _: &mut Seen) -> bool {
        false
    }
}

impl<T: ?Sized> Unknown for Probe<T> {}

macro_rules! always {
    ($($type:ty)*) => {$(
        impl Faithful for $type {
            fn is_faithful(_: &mut Seen) -> bool {
                true
            }
        }
    )*};
}

always!(() bool char str String i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64);

macro_rules! as_what_is_in_it {
    ($($type:ty)*) => {$(
        impl<T: Faithful> Faithful for $type {
            fn is_faithful(seen: &mut Seen) -> bool {
                T::is_faithful(seen)
            }
        }
    )*};
}

as_what_is_in_it!(Option<T> Vec<T> VecDeque<T> [T]);

macro_rules! as_what_it_points_to {
    ($($type:ty)*) => {$(
        impl<T: Faithful + ?Sized> Faithful for $type {
            fn is_faithful(seen: &mut Seen) -> bool {
                T::is_faithful(seen)
            }
        }
    )*};
}

as_what_it_points_to!(&T Box<T> Rc<T> Arc<T>);

impl<T: Faithful + ToOwned + ?Sized> Faithful for Cow<'_, T> {
    fn is_faithful(seen: &mut Seen) -> bool {
        T::is_faithful(seen)
    }
}

impl<T: Faithful, const N: usize> Faithful for [T; N] {
    fn is_faithful(seen: &mut Seen) -> bool {
        T::is_faithful(seen)
    }
}

/// Map keys whose schema allows all their values.
pub trait FaithfulKey {}

impl FaithfulKey for String {}

impl<K: FaithfulKey, V: Faithful, S> Faithful for HashMap<K, V, S> {
    fn is_faithful(seen: &mut Seen) -> bool {
        V::is_faithful(seen)
    }
}

impl<K: FaithfulKey, V: Faithful> Faithful for BTreeMap<K, V> {
    fn is_faithful(seen: &mut Seen) -> bool {
        V::is_faithful(seen)
    }
}

macro_rules! tuples {
    ($(($($type:ident)*))*) => {$(
        impl<$($type: Faithful),*> Faithful for ($($type,)*) {
            fn is_faithful(seen: &mut Seen) -> bool {
                $($type::is_faithful(seen))&&*
            }
        }
    )*};
}

tuples!((A)(A B)(A B C)(A B C D)(A B C D E)(A B C D E F)(A B C D E F G)(A B C D E F G H));

#[cfg(test)]
mod tests {
    use super::*;

    struct Foreign;

    fn asked<T: Faithful>() -> bool {
        T::is_faithful(&mut Seen::default())
    }

    #[test]
    fn what_is_known_is_asked_and_the_rest_is_not_faithful() {
        assert!(asked::<(u8, Option<Vec<[String; 2]>>)>());
        assert!(asked::<BTreeMap<String, Box<[Cow<'static, str>]>>>());
        assert!(Probe::<Vec<f32>>::NEW.faithful(&mut Seen::default()));
        assert!(!Probe::<Foreign>::NEW.faithful(&mut Seen::default()));
        assert!(!Probe::<Vec<Foreign>>::NEW.faithful(&mut Seen::default()));
        assert!(!Probe::<std::collections::BTreeSet<u8>>::NEW.faithful(&mut Seen::default()));
        assert!(!Probe::<BTreeMap<u8, u8>>::NEW.faithful(&mut Seen::default()));
        assert!(!Probe::<std::net::IpAddr>::NEW.faithful(&mut Seen::default()));
    }
}
