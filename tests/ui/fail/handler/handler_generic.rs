//! Mistakes: 2.

#![allow(unused)]

#[zocket::router]
mod app {
    #[incoming]
    async fn join<T>(room: T) {}

    #[incoming]
    async fn leave(room: String)
    where
        String: Clone,
    {
    }
}

fn main() {}
