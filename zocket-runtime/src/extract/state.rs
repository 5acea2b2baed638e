//! The application's state.

use std::ops::{Deref, DerefMut};

use axum::extract::FromRef;

use crate::{
    dispatch::Call,
    extract::{FromCall, FromHandshake},
    handler::{Error, Reject},
    upgrade::Handshake,
};

/// The application's state, given to the server with `.state(..)`, or a part of it by axum's [`FromRef`].
///
/// A router whose arguments all ask for the same `State<T>` has `T` as its state. One that asks for several kinds
/// names the whole once, `#[zocket::router(state = AppState)]`, and `AppState` gives the parts:
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

/// The state of a router whose handlers ask for none.
///
/// It is no `Clone`, so `State<NoState>` is not an argument.
#[derive(Debug)]
#[non_exhaustive]
pub struct NoState;

impl<C, St, T> FromCall<C, St> for State<T>
where
    C: Send + Sync + 'static,
    St: Send + Sync + 'static,
    T: FromRef<St> + Send,
{
    async fn from_call(call: &Call<C, St>) -> Result<Self, Error> {
        Ok(Self(T::from_ref(call.state())))
    }
}

impl<St, T> FromHandshake<St> for State<T>
where
    St: Send + Sync + 'static,
    T: FromRef<St> + Send,
{
    async fn from_handshake(handshake: &Handshake<St>) -> Result<Self, Reject> {
        Ok(Self(T::from_ref(handshake.state())))
    }
}
