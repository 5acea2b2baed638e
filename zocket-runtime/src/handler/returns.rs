//! Turns a handler's return value into its reply.
//!
//! A `Result` must be distinguished from a plain value, although serde can serialize both. The inherent methods
//! of `Returns<Result<T, E>>` take precedence over those of the trait [`ReturnsValue`], so generated code calls
//! `.reply(..)` and the compiler picks, even behind a type alias.

use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    call::Call,
    contract::{Describe, Faithful, Seen},
    error::{Error, TypedError},
};

/// A value that can be a reply: anything that serde can serialize and schemars can describe.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the reply of a handler",
    label = "not a reply",
    note = "a reply is `()`, a type that is `Serialize + JsonSchema`, or a `Result` of one",
    note = "inside the router, `#[payload]` on the type derives both"
)]
pub trait Reply: 'static {
    #[doc(hidden)]
    fn describe(d: &mut Describe);
    #[doc(hidden)]
    fn send<C, St>(self, call: &Call<C, St>) -> Result<(), Error>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema + 'static> Reply for T {
    fn describe(d: &mut Describe) {
        d.reply::<T>();
    }

    fn send<C, St>(self, call: &Call<C, St>) -> Result<(), Error> {
        call.reply(&self)
    }
}

/// The return type `T` of a handler.
pub struct Returns<T>(PhantomData<T>);

impl<T> Returns<T> {
    /// The only value.
    pub const NEW: Self = Self(PhantomData);
}

// The bounds are on the methods: the choice depends on the type alone, and a missing bound is then reported for
// `Reply` or `TypedError`, not as a method that was not found.
impl<T, E> Returns<Result<T, E>> {
    /// Adds the reply and the errors to the contract.
    pub fn describe(self, d: &mut Describe)
    where
        T: Reply,
        E: TypedError,
    {
        T::describe(d);
        E::describe(d.errors());
    }

    /// Sends the reply, or returns the refusal.
    pub fn reply<C, St>(self, returned: Result<T, E>, call: &Call<C, St>) -> Result<(), Error>
    where
        T: Reply,
        E: TypedError,
    {
        match returned {
            Ok(value) => value.send(call),
            Err(error) => Err(error.into_error()),
        }
    }
}

impl<T: Faithful, E> Returns<Result<T, E>> {
    /// Whether the reply is known to fit its schema.
    #[must_use]
    pub fn faithful(self) -> bool {
        T::is_faithful(&mut Seen::default())
    }
}

/// The same for return types that are not a `Result`.
pub trait ReturnsFaithful: Sized {
    /// Whether the reply is known to fit its schema.
    #[must_use]
    fn faithful(self) -> bool;
}

impl<T: Faithful> ReturnsFaithful for Returns<T> {
    fn faithful(self) -> bool {
        T::is_faithful(&mut Seen::default())
    }
}

/// The same for return types of which nothing is known: found last, behind a reference.
pub trait ReturnsUnknown: Sized {
    /// It is not.
    #[must_use]
    fn faithful(self) -> bool {
        false
    }
}

impl<T> ReturnsUnknown for &Returns<T> {}

/// The methods of every return type that is not a `Result`.
pub trait ReturnsValue<T> {
    /// Adds the reply to the contract.
    fn describe(self, d: &mut Describe)
    where
        T: Reply;
    /// Sends the reply.
    fn reply<C, St>(self, returned: T, call: &Call<C, St>) -> Result<(), Error>
    where
        T: Reply;
}

impl<T> ReturnsValue<T> for Returns<T> {
    fn describe(self, d: &mut Describe)
    where
        T: Reply,
    {
        T::describe(d);
    }

    fn reply<C, St>(self, returned: T, call: &Call<C, St>) -> Result<(), Error>
    where
        T: Reply,
    {
        returned.send(call)
    }
}
