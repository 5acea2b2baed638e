//! Mistakes: 2.

#![allow(unused)]

#[zocket::router]
mod app {
    #[incoming]
    async fn join(room: impl Into<String>) -> Option<impl Clone> {
        Some(1)
    }
}

fn main() {}
