//! A call with the types of its handler, and what comes back.

use std::{fmt, marker::PhantomData};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    error::{Error, TypedError, code},
    send::Outgoing,
};

/// A call of one handler, for [`Client::ask`](super::Client::ask) and [`Client::tell`](super::Client::tell): the fns in a
/// router's `calls` make it. `R` is what the handler replies, `E` its error.
#[must_use = "a call is made by `client.ask(…)`"]
pub struct Ask<R, E> {
    route: &'static str,
    payload: Value,
    types: PhantomData<fn() -> (R, E)>,
}

impl<R, E> Ask<R, E> {
    #[doc(hidden)]
    #[track_caller]
    pub fn new(route: &'static str, payload: &impl Serialize) -> Self {
        Self { route, payload: written(route, payload), types: PhantomData }
    }

    /// The handler's route.
    #[must_use]
    pub fn route(&self) -> &'static str {
        self.route
    }

    pub(super) fn into_parts(self) -> (&'static str, Value) {
        (self.route, self.payload)
    }
}

impl<R, E> fmt::Debug for Ask<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ask").field("route", &self.route).field("payload", &self.payload).finish()
    }
}

/// A payload as JSON.
#[track_caller]
pub(super) fn written(route: &str, payload: &(impl Serialize + ?Sized)) -> Value {
    match serde_json::to_value(payload) {
        Ok(value) => value,
        // Not in a closure, which would not be shown at the caller's line.
        Err(error) => panic!("the payload for `{route}` cannot be written as JSON: {error}"),
    }
}

/// Why a call by [`Client::ask`](super::Client::ask) was refused.
#[derive(Clone, Debug, PartialEq)]
pub enum AskError<E> {
    /// By the handler, with its own error.
    Handler(E),
    /// By zocket (`INVALID_PAYLOAD`, …), by a guard or a middleware, or with an error that cannot be read as an `E`.
    Other(CallError),
}

impl<E: ReadError> AskError<E> {
    pub(super) fn of(error: CallError) -> Self {
        match error.read_as() {
            Ok(own) => Self::Handler(own),
            Err(error) => Self::Other(error),
        }
    }
}

impl<E: fmt::Display> fmt::Display for AskError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handler(error) => error.fmt(f),
            Self::Other(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for AskError<E> {}

/// An error reply.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct CallError {
    /// The code, such as `INVALID_PAYLOAD`.
    pub code: String,
    /// The message for people.
    pub message: String,
    /// The violations of the payload's schema, each with `path`, `message` and `keyword`.
    #[serde(default)]
    pub issues: Vec<Value>,
    /// The data of the handler's error.
    #[serde(default)]
    pub data: Option<Value>,
    /// Why it is not read as the typed error that has its code.
    #[serde(skip)]
    unread: Option<Box<str>>,
}

impl CallError {
    /// The error as the typed error that it was made of, such as that of a guard; nothing if it is another one.
    ///
    /// # Panics
    /// If its code is one of that type's, and its data cannot be read, with what to derive.
    ///
    /// ```
    /// #[zocket::router]
    /// mod app {
    ///     #[error]
    ///     #[derive(Debug, PartialEq)]
    ///     pub enum Closed {
    ///         /// We open again.
    ///         Until { hour: u8 },
    ///     }
    ///
    ///     #[middleware]
    ///     async fn open() -> Result<(), Closed> {
    ///         Err(Closed::Until { hour: 9 })
    ///     }
    ///
    ///     #[incoming]
    ///     #[guard(open)]
    ///     async fn enter() {}
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let server = zocket::Server::builder(app::router()).build();
    /// let mut client = zocket::testing::connect(&server).await.unwrap();
    /// let refused = client.call::<()>("enter", &()).await.unwrap_err();
    /// assert_eq!(refused.read::<app::Closed>(), Some(app::Closed::Until { hour: 9 }));
    /// # }
    /// ```
    #[must_use]
    #[track_caller]
    pub fn read<E: TypedError + 'static>(&self) -> Option<E> {
        match self.clone().read_as() {
            Ok(own) => Some(own),
            Err(Self { unread: Some(why), code, .. }) => panic!("{code}: {why}"),
            Err(_) => None,
        }
    }

    fn read_as<E: ReadError>(self) -> Result<E, Self> {
        // These no handler's error has.
        const OF_ZOCKET: [&str; 4] =
            [code::BAD_MESSAGE, code::UNKNOWN_ROUTE, code::INVALID_PAYLOAD, code::RESTARTING];
        if OF_ZOCKET.contains(&self.code.as_str()) {
            return Err(self);
        }
        let mut error = Error::new(self.code.clone(), self.message.clone());
        if let Some(data) = &self.data {
            error = error.with_data(data);
        }
        E::read(error)
            .map_err(|error| Self { unread: error.cause().map(|why| why.to_string().into()), ..self })
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        match &self.unread {
            Some(why) => write!(f, " ({why})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CallError {}

/// A reply that a test can read: any type that is `Deserialize`.
#[diagnostic::on_unimplemented(
    message = "a test cannot read the reply `{Self}`",
    label = "`{Self}` is not `Deserialize`",
    note = "derive `serde::Deserialize` for `{Self}`, or for the types in it; inside the router, `#[payload]` on a type derives it",
    note = "or read it untyped: `client.call::<serde_json::Value>(route, &payload)`"
)]
pub trait ReadReply: DeserializeOwned + 'static {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + 'static> ReadReply for T {}

/// An event that a test can read: an `#[outgoing]` type that is `Deserialize`.
#[diagnostic::on_unimplemented(
    message = "a test cannot read `{Self}` as an event",
    label = "not an `#[outgoing]` type that is `Deserialize`",
    note = "on an `#[outgoing]` type, derive `serde::Deserialize`, or write `#[payload]` beside `#[outgoing]`, and so on the types in it",
    note = "or read it untyped: `client.expect_event(route)`"
)]
pub trait ReadEvent: Outgoing + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Outgoing + DeserializeOwned> ReadEvent for T {}

/// An error that a test can read: any [`TypedError`](crate::TypedError), and none.
pub trait ReadError: Sized + 'static {
    #[doc(hidden)]
    fn read(error: Error) -> Result<Self, Error>;
}

impl<E: TypedError + 'static> ReadError for E {
    fn read(error: Error) -> Result<Self, Error> {
        E::from_error(error)
    }
}

/// The error of a handler that has none of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoError {}

impl ReadError for NoError {
    fn read(error: Error) -> Result<Self, Error> {
        Err(error)
    }
}

impl fmt::Display for NoError {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}
