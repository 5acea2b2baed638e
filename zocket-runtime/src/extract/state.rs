//! The application's state.

use std::ops::{Deref, DerefMut};

use axum::extract::FromRef;

use super::{FromCall, FromHandshake};
use crate::{
    call::{Call, Handshake},
    error::{Error, Reject},
};

/// The application's state, passed to the server with `.state(..)`, or a part of it, through axum's
/// [`FromRef`].
///
/// A router whose arguments all ask for the same `State<T>` has `T` as its state, whatever path they name it by; axum's
/// `State` means the same. One that asks for several types, or for one behind an alias that is declared outside of the router,
/// names the whole once, `#[zocket::router(state = AppState)]`, and `AppState` provides the parts:
///
/// ```
/// use axum::extract::FromRef;
/// use zocket::State;
///
/// #[derive(Clone)]
/// pub struct Db;
/// #[derive(Clone)]
/// pub struct Mailer;
/// #[derive(Clone)]
/// pub struct AppState {
///     db: Db,
///     mailer: Mailer,
/// }
/// impl FromRef<AppState> for Db {
///     fn from_ref(state: &AppState) -> Self {
///         state.db.clone()
///     }
/// }
/// impl FromRef<AppState> for Mailer {
///     fn from_ref(state: &AppState) -> Self {
///         state.mailer.clone()
///     }
/// }
///
/// #[zocket::router(state = crate::AppState)]
/// mod app {
///     use super::*;
///
///     #[incoming]
///     async fn invite(State(db): State<Db>, State(mailer): State<Mailer>) { /* … */ }
/// }
///
/// # fn main() {
/// let server = zocket::Server::builder(app::router()).state(AppState { db: Db, mailer: Mailer }).build();
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct State<T>(pub T);

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for State<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

/// The state itself, or a part of it: what has axum's [`FromRef`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no part of this router's state, `{St}`",
    label = "the state is `{St}`",
    note = "where arguments ask for several kinds, name the whole state once, `#[zocket::router(state = AppState)]`, and implement `axum::extract::FromRef<AppState>` for its parts",
    note = "the state itself is handed out where it is `Clone`; `NoState` is the state of a router in which no argument is written as `State<T>` and none is named"
)]
pub trait PartOf<St>: Sized {
    #[doc(hidden)]
    fn part_of(state: &St) -> Self;
}

#[diagnostic::do_not_recommend]
impl<St, T: FromRef<St>> PartOf<St> for T {
    fn part_of(state: &St) -> Self {
        T::from_ref(state)
    }
}

/// The types that are `State<T>`, under whatever name: generated code asks an alias for its `T`.
pub trait IsState {
    #[doc(hidden)]
    type Of;
}

impl<T> IsState for State<T> {
    type Of = T;
}

impl<T> IsState for axum::extract::State<T> {
    type Of = T;
}

impl<C, St, T> FromCall<C, St> for State<T>
where
    C: 'static,
    St: Send + Sync + 'static,
    T: PartOf<St> + Send,
{
    async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
        Ok(Self(T::part_of(call.state())))
    }
}

impl<St, T> FromHandshake<St> for State<T>
where
    St: Send + Sync + 'static,
    T: PartOf<St> + Send,
{
    async fn from_handshake(handshake: &Handshake<St>) -> Result<Self, Reject> {
        Ok(Self(T::part_of(handshake.state())))
    }
}

/// axum's own means the same.
impl<C, St, T> FromCall<C, St> for axum::extract::State<T>
where
    C: 'static,
    St: Send + Sync + 'static,
    T: PartOf<St> + Send,
{
    async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
        Ok(Self(T::part_of(call.state())))
    }
}

impl<St, T> FromHandshake<St> for axum::extract::State<T>
where
    St: Send + Sync + 'static,
    T: PartOf<St> + Send,
{
    async fn from_handshake(handshake: &Handshake<St>) -> Result<Self, Reject> {
        Ok(Self(T::part_of(handshake.state())))
    }
}
