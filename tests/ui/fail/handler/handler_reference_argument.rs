//! Mistakes: 2.

#![allow(unused)]

#[zocket::router]
mod app {
    use std::borrow::Cow;

    #[incoming]
    async fn join(room: &str) {}

    #[incoming]
    async fn leave(room: Option<Cow<'_, str>>) {}
}

fn main() {}
